# SPDX-License-Identifier: GPL-3.0-or-later
"""Known weights as the bench's counts see them, undone by hand."""

from dataclasses import replace

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.simulate.bench import (
    BENCH_LOADS_N,
    dead_weight,
    insole_bench,
    mat_bench,
    puck_weights,
    seated,
    stood_on,
    uniform_pressure,
)
from rig.simulate.hard_faults import HardFault
from rig.simulate.pads import SensorLayout
from rig.simulate.person import simulate_session
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, sensor_traits


def _newtons(counts):
    """R = 1000 (1024 - c) / c - 70; 100 microsiemens a newton."""
    c = np.maximum(counts, 1e-9)
    return 1e6 / (1000.0 * (1024.0 - c) / c - 70.0) / 100.0


def test_perfect_sensors_read_the_weights():
    force_n, holds = puck_weights([3, 20], 1, repeatability=0.0)
    run = insole_bench(force_n, 1, faults=NO_FAULTS, holds=holds)
    for hold in run.holds:
        read = _newtons(run.counts[run.rows(hold), hold.sensel].mean())
        assert read == pytest.approx(hold.load, rel=0.02)
    others = np.delete(run.counts, [3, 20], axis=1)
    assert not others.any()


def test_weights_go_up_and_down_and_one_is_laid_on_again():
    _, holds = puck_weights([5], 1)
    assert [h.load for h in holds] == [*BENCH_LOADS_N, 40.0, 20.0, 10.0, 5.0, 2.0, 10.0]
    assert [h.way for h in holds] == ["up"] * 6 + ["down"] * 5 + ["again"]
    assert all(h.to_s - h.from_s == pytest.approx(5.0) for h in holds)


def test_repeatability_of_one_part_is_two_percent():
    force_n, holds = puck_weights(list(range(8)), 1)
    laid_on = np.array([force_n[round(1000 * (h.from_s + 1.0)), h.sensel] for h in holds])
    relative = laid_on / np.array([h.load for h in holds]) - 1.0
    assert relative.std() == pytest.approx(0.02, rel=0.2)


def test_the_bench_sees_each_pad_s_own_curve_but_no_bridging():
    force_n, holds = puck_weights([7], 4, repeatability=0.0)
    faults = replace(
        NO_FAULTS, gain_spread=0.06, exponent=(0.9, 1.1), bridging_max=0.2, fsr_k_us=100.0
    )
    traits = sensor_traits(4, faults)
    run = insole_bench(force_n, 4, faults=faults, holds=holds)
    for hold in run.holds[1:4]:
        read = _newtons(run.counts[run.rows(hold), 7].mean())
        expected = 10.0 * (hold.load * traits.gain[7] / 10.0) ** traits.exponent[7]
        assert read == pytest.approx(expected, rel=0.02)


def test_unloading_reads_more_than_loading():
    force_n, holds = puck_weights([7], 4, repeatability=0.0)
    run = insole_bench(force_n, 4, faults=replace(NO_FAULTS, hysteresis=0.10), holds=holds)
    by_way = {
        h.way: _newtons(run.counts[run.rows(h, 0.0), 7].max()) for h in run.holds if h.load == 20.0
    }
    assert by_way["down"] > 1.02 * by_way["up"]


def test_a_dead_weight_shows_noise_and_creep_alone():
    run = insole_bench(dead_weight(10.0), 2, faults=replace(BASIC_FAULTS, creep_per_decade=0.0))
    late = run.counts[1000:]
    assert late.mean() > 20
    assert 0.4 <= late.std(axis=0).mean() <= 1.2


def test_uniform_pressure_presses_all_cells_alike():
    """20 kPa on 625 mm^2 are 12.5 N; at 3 uS a newton 37.5 uS on every cell."""
    force_n, holds = uniform_pressure()
    run = mat_bench(force_n, 1, faults=NO_FAULTS, holds=holds)
    twenty = next(h for h in run.holds if h.load == 20.0)
    np.testing.assert_allclose(run.conductance_us[run.rows(twenty)], 37.5, rtol=1e-6)
    read = run.counts[run.rows(twenty)]
    assert read.max() - read.min() <= 1


def test_more_pads_than_a_board_scans_make_longer_packets(loads_of, subject):
    places = tuple((0.0, 0.05 + 0.9 * k / 23) for k in range(24))
    faults = replace(NO_FAULTS, pads=SensorLayout(places))
    run = stood_on(loads_of("stance", seconds=2), subject, 1, faults=faults)
    assert run.counts.shape == (400, 48)
    assert run.counts[0].min() >= 1


def test_no_session_has_more_pads_than_the_board_scans():
    places = tuple((0.0, 0.05 + 0.9 * k / 23) for k in range(24))
    with pytest.raises(SettingsError, match="16 pads"):
        simulate_session("stance", 1.0, 1, faults=replace(NO_FAULTS, pads=SensorLayout(places)))


def test_seated_feet_read_nothing_but_the_laces(loads_of, subject):
    loads = seated(loads_of("stance", seconds=4))
    lifted = stood_on(loads, subject, 1, faults=NO_FAULTS)
    assert not lifted.counts.any()
    laced = replace(NO_FAULTS, hard=(HardFault("preload"),))
    assert stood_on(loads, subject, 1, faults=laced).counts.min() >= 1


def test_somebody_else_stands_on_the_same_insoles(loads_of, subject):
    """Counts of a person on insoles of another seed: their field, those sensels."""
    loads = loads_of("stance", seconds=4)
    faults = replace(NO_FAULTS, gain_spread=0.06)
    gain = sensor_traits(9, faults).gain
    theirs = stood_on(loads, subject, 9, faults=faults).conductance_us
    plain = stood_on(loads, subject, 9, faults=NO_FAULTS).conductance_us
    np.testing.assert_allclose(theirs, plain * gain, rtol=1e-9, atol=1e-9)
