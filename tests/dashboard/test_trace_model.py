# SPDX-License-Identifier: GPL-3.0-or-later
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.trace_model import CHANNELS, TraceBins


def seconds_of_force(seconds: float, rate_hz: float = 1000.0):
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    force_n = np.stack([np.sin(t_s * (k + 1.0)) * 100.0 for k in range(CHANNELS)], axis=1)
    return t_s, force_n


def test_a_peak_of_a_single_frame_is_kept():
    t_s, force_n = seconds_of_force(10.0)
    force_n[4321, 2] = 999.0
    trace = TraceBins()
    trace.push(t_s, force_n)
    age_s, drawn = trace.series(1000.0)
    assert drawn[:, 2].max() == 999.0
    at = age_s[np.argmax(drawn[:, 2])]
    assert at == pytest.approx(4.321 - 9.999, abs=trace.bin_s)
    assert trace.peak() == 999.0


def test_ten_thousand_frames_become_two_points_a_bin():
    trace = TraceBins()
    trace.push(*seconds_of_force(12.0))
    age_s, drawn = trace.series(1000.0)
    assert drawn.shape == (2 * trace.bins, CHANNELS)
    assert age_s.max() <= 0.0
    assert age_s.min() >= -10.0 - trace.bin_s
    assert (np.diff(age_s) >= 0.0).all()


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_however_the_frames_are_cut_the_picture_is_the_same(cuts: list[int]):
    t_s, force_n = seconds_of_force(3.0)
    whole, pieces = TraceBins(2.0, 100), TraceBins(2.0, 100)
    whole.push(t_s, force_n)
    bounds = [0, *sorted(cuts), len(t_s)]
    for start, end in itertools.pairwise(bounds):
        pieces.push(t_s[start:end], force_n[start:end])
    for ours, theirs in zip(whole.series(1000.0), pieces.series(1000.0), strict=True):
        assert np.array_equal(ours, theirs)


def test_missing_frames_break_the_line():
    t_s, force_n = seconds_of_force(4.0)
    there = (t_s < 1.0) | (t_s >= 1.5)
    trace = TraceBins()
    trace.push(t_s[there], force_n[there])
    age_s, drawn = trace.series(1000.0)
    broken = np.flatnonzero(np.isnan(age_s))
    assert len(broken) == 1
    assert np.isnan(drawn[broken]).all()
    assert age_s[broken[0] - 1] == pytest.approx(1.0 - t_s[-1], abs=trace.bin_s)
    assert age_s[broken[0] + 1] == pytest.approx(1.5 - t_s[-1], abs=trace.bin_s)


def test_a_slow_scan_is_one_unbroken_line():
    trace = TraceBins()
    trace.push(*seconds_of_force(8.0, rate_hz=25.0))
    age_s, drawn = trace.series(25.0)
    assert not np.isnan(age_s).any()
    assert len(drawn) == 2 * 8 * 25


def test_what_is_older_than_the_window_is_forgotten():
    trace = TraceBins(2.0, 100)
    trace.push(np.array([0.5]), np.full((1, CHANNELS), 900.0))
    trace.push(np.array([3.5]), np.full((1, CHANNELS), 7.0))
    assert trace.peak() == 7.0


def test_an_empty_trace_draws_nothing():
    age_s, drawn = TraceBins().series(1000.0)
    assert len(age_s) == 0
    assert drawn.shape == (0, CHANNELS)
    assert TraceBins().peak() == 0.0


def test_a_channel_without_sensors_does_not_hide_the_others():
    t_s, force_n = seconds_of_force(2.0)
    force_n[:, 0] = np.nan
    trace = TraceBins()
    trace.push(t_s, force_n)
    age_s, drawn = trace.series(1000.0)
    assert len(age_s) > 100
    assert np.isnan(drawn[:, 0]).all()
    assert np.isfinite(drawn[:, 1:]).all()
    # 2 s at 1,000 Hz: the second channel's sin(2 t) reaches its top at 0.785 s
    assert np.nanmax(drawn[:, 1]) == pytest.approx(100.0, abs=0.01)
