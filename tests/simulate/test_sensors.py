# SPDX-License-Identifier: GPL-3.0-or-later
"""Each sensor fault alone against its own law, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from rig.simulate.sensors import (
    BASIC_FAULTS,
    NO_FAULTS,
    SensorBank,
    after_dead_zone,
    converted,
    divider_ratio,
    sensor_traits,
    softly_saturated,
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
