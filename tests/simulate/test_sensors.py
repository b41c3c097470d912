# SPDX-License-Identifier: GPL-3.0-or-later
"""Each sensor fault alone against its own law, worked by hand."""

from dataclasses import fields, replace

import numpy as np
import pytest

from rig.simulate.sensors import (
    BASIC_FAULTS,
    FAULT_NAMES,
    HARD_SET,
    NO_FAULTS,
    SensorBank,
    after_dead_zone,
    converted,
    divider_ratio,
    only_fault,
    sensor_traits,
    softly_saturated,
    without_fault,
)


def _read(force_n, faults, seed=3):
    """Newtons that a perfect reading of the conductance would give; one force for all sensels."""
    bank = SensorBank(sensor_traits(seed, faults), faults)
    columns = np.repeat(np.asarray(force_n, float)[:, None], 32, axis=1)
    return bank.conductance_us(columns) / faults.fsr_k_us


def _triangle():
    up = np.linspace(0.0, 20.0, 500)
    return np.concatenate((up, up[::-1], np.zeros(1500)))


def test_perfect_sensors_read_what_they_feel():
    np.testing.assert_allclose(_read(_triangle(), NO_FAULTS)[:, 0], _triangle(), rtol=1e-9)


def test_divider_of_ten_newtons():
    """1000 uS is 1 kohm; with 70 ohm of mux and 1 kohm to ground 1000 / 2070 of the supply."""
    assert divider_ratio(np.array(1000.0), 1000.0, 70.0) == pytest.approx(1000 / 2070)


def test_an_open_sensor_reads_zero():
    assert divider_ratio(np.array(0.0), 1000.0, 70.0) == 0.0


def test_085_of_full_scale_is_reached_near_94_newtons():
    assert divider_ratio(np.array(9400.0), 1000.0, 70.0) == pytest.approx(0.85, abs=0.002)


def test_adc_rounds_and_keeps_to_its_ten_bits():
    ratio = np.array([0.0, 0.4 / 1024, 0.6 / 1024, 0.5, 1.0])
    assert converted(ratio, np.zeros(5), 1024).tolist() == [0, 0, 1, 512, 1023]
    assert converted(np.array([0.0]), np.array([-3.0]), 1024).tolist() == [0]


def test_soft_saturation():
    assert softly_saturated(np.array(60.0), 60.0) == pytest.approx(60.0 / 2**0.25)
    assert softly_saturated(np.array(10.0), 60.0) == pytest.approx(10.0, rel=0.001)


def test_dead_zone():
    force = np.array([0.0, 0.19, 0.2, 0.3, 0.4, 5.0])
    assert after_dead_zone(force, 0.2) == pytest.approx([0.0, 0.0, 0.0, 0.15, 0.4, 5.0])


def test_gains_spread_by_six_percent():
    gains = np.array([sensor_traits(seed, BASIC_FAULTS).gain for seed in range(60)])
    assert gains.std() == pytest.approx(0.06, rel=0.05)
    assert gains.mean() == pytest.approx(1.0, abs=0.005)


def test_noise_is_half_to_one_lsb():
    noise = sensor_traits(1, BASIC_FAULTS).noise_lsb
    assert noise.min() >= 0.5
    assert noise.max() <= 1.0


def test_hysteresis_reads_more_on_the_way_down():
    """10 % x (1 - F / Fmax): at a quarter of the peak 7.5 % more, on the way up nothing."""
    force = _triangle()
    read = _read(force, replace(NO_FAULTS, hysteresis=0.10))[:, 0]
    np.testing.assert_allclose(read[:490], force[:490], rtol=1e-9)
    quarter = 500 + 375
    assert read[quarter] / force[quarter] == pytest.approx(1.075, abs=0.006)


def test_residual_decays_in_two_halves_from_the_last_peak():
    faults = replace(NO_FAULTS, residual_max=0.04)
    part = sensor_traits(3, faults).residual
    assert part.min() >= 0.0
    assert part.max() <= 0.04
    read = _read(_triangle(), faults)
    unloaded = 500 + 450
    for later_s in (0.1, 0.5, 1.2):
        expected = part * 20.0 * 0.5 * (np.exp(-later_s / 0.3) + np.exp(-later_s / 10.0))
        at = unloaded + round(later_s * 1000)
        np.testing.assert_allclose(read[at], expected, rtol=0.06, atol=1e-3)


def test_nothing_remains_where_nothing_was():
    assert _read(np.zeros(3000), BASIC_FAULTS).max() == 0.0


def test_memory_carries_from_block_to_block():
    traits = sensor_traits(3, BASIC_FAULTS)
    columns = np.repeat(_triangle()[:, None], 32, axis=1)
    whole = SensorBank(traits, BASIC_FAULTS).conductance_us(columns)
    bank = SensorBank(traits, BASIC_FAULTS)
    pieces = [bank.conductance_us(p) for p in np.split(columns, [200, 700, 960, 1800])]
    np.testing.assert_allclose(np.concatenate(pieces), whole, rtol=1e-9, atol=1e-9)


def test_the_default_set_is_the_whole_list_with_a_residual_to_four_percent():
    assert BASIC_FAULTS.bridging_max == 0.20
    assert BASIC_FAULTS.exponent == (0.9, 1.1)
    assert BASIC_FAULTS.creep_per_decade == 0.05
    assert (BASIC_FAULTS.residual_min, BASIC_FAULTS.residual_max) == (0.0, 0.04)


def test_the_hard_set_keeps_four_to_six_percent_in_every_pad():
    kept = np.concatenate([sensor_traits(seed, HARD_SET).residual for seed in range(30)])
    assert kept.min() >= 0.04
    assert kept.max() <= 0.06
    assert kept.std() == pytest.approx(0.02 / 12**0.5, rel=0.05)


def test_bridging_takes_up_to_a_fifth_and_nothing_on_the_bench():
    faults = replace(NO_FAULTS, bridging_max=0.20)
    traits = sensor_traits(3, faults)
    read = _read(np.full(10, 7.0), faults)[-1]
    np.testing.assert_allclose(read, 7.0 * traits.passed)
    assert traits.passed.min() >= 0.80
    assert traits.passed.mean() == pytest.approx(0.90, abs=0.03)
    bench = SensorBank(traits.on_bench(), faults)
    np.testing.assert_allclose(bench.conductance_us(np.full((5, 32), 7.0)) / faults.fsr_k_us, 7.0)


def test_power_law_of_an_exponent_of_its_own_for_each_pad():
    """Ten newtons read ten in all; one newton reads 10^(1 - p): 0.79 N at p = 1.1, 1.26 N at 0.9."""
    faults = replace(NO_FAULTS, exponent=(0.9, 1.1))
    exponent = sensor_traits(3, faults).exponent
    assert exponent.min() >= 0.9
    assert exponent.max() <= 1.1
    np.testing.assert_allclose(_read(np.full(5, 10.0), faults), 10.0)
    np.testing.assert_allclose(_read(np.full(5, 1.0), faults)[0], 10.0 ** (1.0 - exponent))


@pytest.mark.parametrize(("loaded_s", "decades"), [(1.0, 0.301), (9.0, 1.0), (30.6, 1.5)])
def test_creep_is_five_percent_for_each_decade(loaded_s, decades):
    faults = replace(NO_FAULTS, creep_per_decade=0.05)
    read = _read(np.full(round(loaded_s * 1000), 12.0), faults)[-1, 0]
    assert read / 12.0 == pytest.approx(1.0 + 0.05 * decades, abs=0.002)


def test_creep_is_forgotten_without_load():
    faults = replace(NO_FAULTS, creep_per_decade=0.05)
    force = np.concatenate((np.full(9_000, 12.0), np.zeros(60_000), np.full(100, 12.0)))
    read = _read(force, faults)[:, 0]
    assert read[9_000:69_000].max() == 0.0
    assert read[8_999] / 12.0 == pytest.approx(1.05, abs=0.002)
    assert read[-1] / 12.0 < 1.01


@pytest.mark.parametrize(
    "change",
    [{"bridging_max": 0.0}, {"exponent": (1.0, 1.0)}, {"gain_spread": 0.0}, {"residual_max": 0.0}],
)
def test_one_fault_s_size_leaves_the_draws_of_the_others(change):
    """An error budget switches one off and must find the same sensels otherwise."""
    whole, without = (sensor_traits(5, f) for f in (BASIC_FAULTS, replace(BASIC_FAULTS, **change)))
    names = ("passed", "gain", "exponent", "residual", "noise_lsb")
    same = [np.array_equal(getattr(whole, n), getattr(without, n)) for n in names]
    assert same.count(False) == 1


def test_a_slower_bank_remembers_as_long():
    """The same ten seconds at 200 Hz: equal where the force stands still."""
    force = np.concatenate((np.linspace(0.0, 20.0, 2000), np.full(8000, 20.0)))
    traits = sensor_traits(3, BASIC_FAULTS)
    dense = np.repeat(force[:, None], 32, axis=1)
    fast = SensorBank(traits, BASIC_FAULTS).conductance_us(dense)[-1]
    slow = SensorBank(traits, BASIC_FAULTS, 200.0).conductance_us(dense[::5])[-1]
    np.testing.assert_allclose(slow, fast, rtol=1e-3)


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_a_budget_takes_one_fault_alone_or_away(name):
    faults = replace(BASIC_FAULTS, loss_fraction=0.01)
    alone, without = only_fault(name, faults), without_fault(name, faults)
    changed = [
        f.name for f in fields(faults) if getattr(alone, f.name) != getattr(NO_FAULTS, f.name)
    ]
    assert changed
    for field in changed:
        assert getattr(alone, field) == getattr(faults, field)
        assert getattr(without, field) == getattr(NO_FAULTS, field)


def test_the_budget_s_faults_are_all_there_are():
    """Every field in which the default set differs from perfect sensors belongs to a named fault."""
    faults = replace(BASIC_FAULTS, loss_fraction=0.01)
    for name in FAULT_NAMES:
        faults = without_fault(name, faults)
    assert faults == NO_FAULTS
