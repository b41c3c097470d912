# SPDX-License-Identifier: GPL-3.0-or-later
"""Lags of signals that were shifted on purpose."""

import numpy as np
import pytest

from rig.compare.clocks import Edges, edges_of
from rig.compare.edges import match_edges
from rig.compare.lag import best_lag, on_grid

STEP_S = 0.01


def _bumps(t_s: np.ndarray) -> np.ndarray:
    """Something that never repeats itself."""
    return sum(np.exp(-(((t_s - at) / 0.12) ** 2)) for at in (1.0, 1.9, 3.3, 4.1, 6.2, 8.0, 8.5))


@pytest.mark.parametrize("lag_s", [-2.0, 0.0, 0.0137, 3.456])
def test_a_shift_is_found_between_samples(lag_s):
    t_s = np.arange(0.0, 12.0, STEP_S)
    peak = best_lag(_bumps(t_s - lag_s), _bumps(t_s), STEP_S, 400)
    assert peak.lag_s == pytest.approx(lag_s, abs=0.001)
    assert peak.correlation > 0.99
    assert peak.second_correlation < 0.8
    assert peak.inside


def test_scale_offset_and_holes_do_not_matter():
    t_s = np.arange(0.0, 12.0, STEP_S)
    trace = 40.0 - 7.0 * -_bumps(t_s - 1.5)
    trace[300:420] = np.nan
    template = _bumps(t_s)
    template[700:750] = np.nan
    peak = best_lag(trace, template, STEP_S, 300)
    assert peak.lag_s == pytest.approx(1.5, abs=0.002)
    assert peak.correlation == pytest.approx(1.0, abs=0.01)


def test_a_rhythm_fits_one_period_later_nearly_as_well():
    t_s = np.arange(0.0, 12.0, STEP_S)
    rhythm = np.maximum(np.sin(2 * np.pi * t_s / 0.5), 0.0)
    peak = best_lag(rhythm, rhythm[100:900], STEP_S, 400)
    assert peak.correlation - peak.second_correlation < 0.01
    periods = (peak.second_lag_s - peak.lag_s) / 0.5
    assert round(periods) != 0
    assert periods == pytest.approx(round(periods), abs=0.02)


def test_what_is_constant_has_no_lag():
    peak = best_lag(np.full(500, 3.0), np.full(300, 2.0), STEP_S, 100)
    assert np.isnan(peak.lag_s)
    assert not peak.inside


def test_interpolation_stops_at_holes_and_ends():
    t_s = np.array([0.0, 1.0, 2.0, 5.0, 6.0])
    found = on_grid(t_s, 10.0 * t_s, np.array([-0.1, 0.5, 2.0, 3.0, 5.0, 5.5, 6.1]), 1.5)
    assert np.array_equal(found, [np.nan, 5.0, 20.0, np.nan, 50.0, 55.0, np.nan], equal_nan=True)


def test_edges_lie_half_a_sample_before_what_shows_them():
    t_s = np.arange(10) * 0.1
    level = np.array([0, 0, 5, 5, 5, 0, 0, 0, 5, 5], float)
    for sign in (1.0, -1.0):
        found = edges_of(t_s, sign * level)
        assert np.allclose(found.t_s, [0.15, 0.45, 0.75])
        assert np.array_equal(found.rises, np.array([True, False, True]) ^ (sign < 0))


def test_an_edge_in_a_hole_is_left_out():
    t_s = np.array([0.0, 0.1, 0.2, 0.9, 1.0, 1.1])
    found = edges_of(t_s, np.array([0.0, 0.0, 0.0, 1.0, 1.0, 0.0]), 0.25)
    assert np.allclose(found.t_s, [1.05])


def test_noise_on_a_level_is_no_edge():
    rng = np.random.default_rng(2)
    level = np.where(np.arange(2000) // 500 % 2 == 0, 0.1, 4.9) + rng.normal(0.0, 0.3, 2000)
    assert np.allclose(edges_of(np.arange(2000.0), level).t_s, [499.5, 999.5, 1499.5])
    assert not edges_of(np.arange(100.0), np.full(100, 2.0))


def _line(t_s: list[float] | np.ndarray, stop_s: float = 40.0) -> Edges:
    """Changes up, down, up ... on a line that was watched from 0 to `stop_s`."""
    return Edges(np.asarray(t_s), np.arange(len(t_s)) % 2 == 0, (0.0, stop_s))


@pytest.mark.parametrize("upside_down", [False, True])
def test_edges_find_their_partners_under_drift(upside_down):
    ours = np.array([2.0, 2.05, 9.0, 9.05, 33.0, 33.05])
    rate = 1.0 - 4000e-6
    line = _line((ours[2:] - 5.0) / rate, 30.0)  # its file began after the first pulse
    (match,) = match_edges(_line(ours), line.inverted() if upside_down else line)
    assert len(match.ours_s) == 4
    assert match.drift_told
    assert match.clock.offset_s == pytest.approx(5.0, abs=1e-6)
    assert match.clock.rate == pytest.approx(rate, abs=1e-9)
    assert match.residual_s < 1e-6


def test_one_pulse_matches_edge_by_edge_and_tells_no_drift():
    (match,) = match_edges(_line([12.0, 12.05]), _line([0.5, 0.55], 20.0))
    assert len(match.ours_s) == 2
    assert not match.drift_told
    assert (match.clock.offset_s, match.clock.rate) == (pytest.approx(11.5), 1.0)


def test_a_lone_edge_leaves_the_choice_open():
    found = match_edges(_line([12.0, 12.05]), _line([0.5], 20.0))
    assert sorted(m.clock.offset_s for m in found) == pytest.approx([11.5, 11.55])


@pytest.mark.parametrize("first_s", [0.0, 5.0])
def test_a_noisy_line_matches_nothing(first_s):
    rng = np.random.default_rng(4)
    noise = _line(np.sort(rng.uniform(0.0, 30.0, 150)), 30.0)
    assert match_edges(_line([first_s, first_s + 0.05, 25.0, 25.05], 26.0), noise) == []
