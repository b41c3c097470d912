# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter's own response, gaps, times: what is done to the samples, and that it is said."""

import math

import numpy as np
import pytest

from rig.balance.assessment import assess
from rig.balance.preprocessing import low_passed, prepared
from rig.errors import AnalysisError


def _sway(rate_hz: float, seconds: float = 30.0):
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    tones = np.column_stack((np.sin(2 * np.pi * 0.4 * t_s), np.cos(2 * np.pi * 0.7 * t_s)))
    return t_s, 5.0 * tones


@pytest.mark.parametrize("rate_hz", [25.0, 30.0, 50.0, 100.0, 1000.0])
@pytest.mark.parametrize("share", [0.1, 1.0, 1.2])
def test_the_filter_has_the_response_it_states(rate_hz, share):
    """Two passes of |H|^2 = 1 / (1 + (0.802 w / w10)^4) with w = tan(pi f/fs): 3 dB down at 10 Hz
    whatever the rate, (sqrt 2 - 1)^(1/4) being 0.802."""
    frequency_hz = 10.0 * share
    t_s = np.arange(round(40 * rate_hz)) / rate_hz
    tone = np.sin(2 * np.pi * frequency_hz * t_s + 0.3)
    inside = slice(round(10 * rate_hz), round(30 * rate_hz))
    out = low_passed(np.column_stack((tone, tone)), rate_hz)[inside, 0]
    w, w10 = (math.tan(math.pi * f / rate_hz) for f in (frequency_hz, 10.0))
    gain = 1.0 / (1.0 + (0.802 * w / w10) ** 4)
    assert np.sqrt(2.0 * np.mean(out**2)) == pytest.approx(gain, rel=1e-3)
    if share == 1.0:
        assert 20.0 * math.log10(gain) == pytest.approx(-3.01, abs=0.01)
    # zero phase: the tone that is left runs in step with the one that came in
    assert np.mean(out * tone[inside]) == pytest.approx(gain / 2.0, rel=1e-3)


def test_without_the_filter_nothing_is_touched():
    t_s, cop = _sway(100.0)
    taken = prepared(t_s, cop, 100.0, filtered=False, out_rate_hz=50.0)
    assert np.array_equal(taken.cop_mm, cop)
    assert (taken.done.filtered, taken.done.low_pass_hz, taken.done.resampled) == (
        False,
        None,
        False,
    )


def test_a_fast_recording_comes_down_to_100_hz():
    t_s, cop = _sway(1000.0)
    taken = prepared(t_s, cop, 1000.0, out_rate_hz=100.0, settling_s=2.0)
    assert taken.done.rate_hz == 100.0
    assert taken.done.resampled
    assert len(taken.cop_mm) == 2800
    # a filter that passes 0.7 Hz untouched leaves the tones where they were; ends aside
    assert np.allclose(
        taken.cop_mm[200:-200], cop[2000::10][200:-200], atol=5.0 * (0.7 / 12.5) ** 4 * 2
    )


def test_short_gaps_are_bridged_and_counted():
    t_s, cop = _sway(100.0)
    holes = cop.copy()
    holes[500:505] = np.nan
    taken = prepared(np.delete(t_s, [1000, 1001]), np.delete(holes, [1000, 1001], axis=0), 100.0)
    assert taken.done.missing_samples == 7
    assert taken.done.longest_gap_s == pytest.approx(0.05)
    assert not taken.done.irregular_time
    assert taken.done.resampled
    assert len(taken.cop_mm) == 3000
    # a straight line over 60 ms strays from 5 mm at 0.7 Hz by at most a w^2 h^2 / 8
    assert (
        np.abs(taken.cop_mm - low_passed(cop, 100.0)).max()
        < 5.0 * (2 * np.pi * 0.7 * 0.06) ** 2 / 8
    )


@pytest.mark.parametrize("gap", [slice(500, 560), slice(100, None, 15)])
def test_a_long_gap_or_many_short_ones_are_refused(gap):
    t_s, cop = _sway(100.0)
    cop[gap] = np.nan
    with pytest.raises(AnalysisError, match="missing"):
        prepared(t_s, cop, 100.0)


def test_irregular_times_are_resampled_and_said_or_refused():
    t_s, cop = _sway(100.0)
    late = t_s + 0.003 * np.sin(np.arange(len(t_s)))
    found = assess(late, cop, 100.0)
    assert "irregular_time" in [flag.code for flag in found.flags]
    with pytest.raises(AnalysisError, match="evenly spaced"):
        assess(late, cop, 100.0, filtered=False)


def test_a_clock_that_changes_its_speed_is_irregular():
    """Nine percent from the middle on: no single step strays by a tenth."""
    _, cop = _sway(100.0)
    steps = np.where(np.arange(2999) < 1500, 0.01, 0.0091)
    t_s = np.concatenate(([0.0], np.cumsum(steps)))
    rate_hz = 2999 / t_s[-1]
    found = assess(t_s, cop, rate_hz)
    assert [flag.code for flag in found.flags] == ["irregular_time"]
    assert found.measures["duration_s"] == pytest.approx(t_s[-1] + 1.0 / rate_hz, abs=1e-9)
    assert found.preprocessing.resampled
    with pytest.raises(AnalysisError, match="evenly spaced"):
        assess(t_s, cop, rate_hz, filtered=False)


def test_too_slow_or_too_short_for_the_filter():
    t_s, cop = _sway(20.0)
    with pytest.raises(AnalysisError, match="too slow"):
        prepared(t_s, cop, 20.0)
    with pytest.raises(AnalysisError, match="less than a second"):
        prepared(t_s[:3], cop[:3], 20.0)


def _codes(seconds: float = 30.0, rate_hz: float = 100.0, scale: float = 1.0, gap: int = 0, **more):
    t_s, cop = _sway(rate_hz, seconds)
    if gap:
        cop[200 : 200 + gap] = np.nan
    return [flag.code for flag in assess(t_s, cop * scale, rate_hz, **more).flags]


def test_flags_say_what_speaks_against_a_result():
    assert _codes() == []
    assert _codes(seconds=24.9) == ["too_short"]
    assert _codes(rate_hz=40.0) == ["rate_too_low"]
    assert _codes(gap=5) == ["missing_samples"]
    assert _codes(gap=20) == ["missing_samples", "long_gap"]
    assert _codes(scale=0.0) == ["constant"]
    assert _codes(scale=1000.0) == ["implausible_size"]


def test_the_json_is_strict_and_names_what_was_done():
    t_s, cop = _sway(100.0, 12.0)
    content = assess(t_s, cop, 100.0).to_json()
    assert set(content) == {"schema", "measures", "definitions", "preprocessing", "validity"}
    assert content["measures"]["diffusion_short_ap_mm2_s"] is None
    assert content["preprocessing"]["low_pass_hz"] == 10.0
    assert content["validity"]["valid"] is False
