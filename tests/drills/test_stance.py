# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds by hand: both feet for 1.5 s, then the left foot up."""

import numpy as np
import pytest

from rig.layout import Foot


def _hold(steps, hold_s, after_s=1.5):
    left = steps((1.5, 0.5), (hold_s, 0.0), (after_s, 0.5))
    return left, 1.0 - left


def test_a_hold_lasts_from_lift_to_touch(perform, steps):
    left, right = _hold(steps, 8.0)
    (hold,), results = perform("stance", left, right)
    assert hold.side is Foot.RIGHT
    assert hold.start_s == pytest.approx(1.5, abs=0.003)
    assert hold.end_s == pytest.approx(9.5, abs=0.003)
    assert hold.measures["hold_time_s"] == pytest.approx(8.0, abs=0.005)
    assert hold.heel_touch == "none"
    assert results[-1].count == 1


def test_states_follow_the_hold(perform, steps):
    left, right = _hold(steps, 8.0)
    cuts = [800, 1300, 1800, 5000, 9900]
    _, results = perform("stance", left, right, cuts=cuts)
    states = [r.state for r in results[:5]]
    assert states == ["step on", "ready", "enter", "hold right", "step on"]


@pytest.mark.parametrize(("hold_s", "count"), [(4.9, 0), (5.1, 1)])
def test_shorter_than_five_seconds_is_not_scored(perform, steps, hold_s, count):
    assert len(perform("stance", *_hold(steps, hold_s))[0]) == count


def test_thirty_seconds_are_enough(perform, steps):
    (hold,), _ = perform("stance", *_hold(steps, 34.0))
    assert hold.measures["hold_time_s"] == pytest.approx(30.0)


@pytest.mark.parametrize(("touch_s", "held_s"), [(0.044, 10.0), (0.056, 6.0)])
def test_a_touch_of_fifty_ms_ends_it(perform, steps, touch_s, held_s):
    left, right = _hold(steps, 10.0)
    left[7500 : 7500 + round(1000 * touch_s)] = 0.1
    (hold,), _ = perform("stance", left, right)
    assert hold.measures["hold_time_s"] == pytest.approx(held_s, abs=0.01)


def test_a_hop_ends_it(perform, steps):
    left, right = _hold(steps, 10.0)
    right[7500:7600] = 0.0
    (hold,), _ = perform("stance", left, right)
    assert hold.end_s == pytest.approx(7.5, abs=0.005)


def test_leaning_on_one_leg_with_the_other_down_is_no_hold(perform, steps):
    left = steps((1.5, 0.5), (10.0, 0.10), (1.0, 0.5))
    assert perform("stance", left, 1.0 - left)[0] == []


def test_without_both_feet_first_nothing_is_scored(perform, steps):
    left = steps((0.5, 0.5), (8.0, 0.0), (1.0, 0.5))
    assert perform("stance", left, 1.0 - left)[0] == []


def test_a_residual_under_the_free_foot_does_not_end_it(perform, steps):
    left, right = _hold(steps, 8.0)
    since_s = np.maximum(np.arange(len(left)) / 1000.0 - 1.5, 0.0)
    kept = 0.03 * (0.5 * np.exp(-since_s / 0.3) + 0.5 * np.exp(-since_s / 10.0))
    left = np.where(left == 0.0, kept, left)
    (hold,), _ = perform("stance", left, right)
    assert hold.measures["hold_time_s"] == pytest.approx(8.0, abs=0.02)


def test_data_that_end_in_a_hold_score_what_was_held(perform, steps):
    left, right = _hold(steps, 7.0, after_s=0.0)
    (hold,), _ = perform("stance", left, right)
    assert hold.measures["hold_time_s"] == pytest.approx(7.0, abs=0.005)


@pytest.mark.parametrize(("share", "grade"), [(0.05, "none"), (0.15, "kiss"), (0.4, "load")])
def test_only_the_hold_s_heel_counts(perform, steps, share, grade):
    """Heels bear most in quiet stance on both feet; that is nobody's fault."""
    left, right = _hold(steps, 8.0)
    heel = 0.6 * right
    heel[1500:9500] = 0.0
    heel[4000:4200] = share
    (hold,), results = perform(
        "stance", left, right, heel_left=0.6 * left, heel_right=heel, cuts=[1300, 4150, 5000]
    )
    assert hold.heel_touch == grade
    assert [r.heel_alarm for r in results[:3]] == [None, grade, "none"]


def test_both_legs_score(perform, steps):
    left = steps((1.5, 0.5), (6.0, 0.0), (2.0, 0.5), (6.0, 1.0), (1.0, 0.5))
    repetitions, _ = perform("stance", left, 1.0 - left)
    assert [r.side for r in repetitions] == [Foot.RIGHT, Foot.LEFT]


def test_a_heel_that_was_down_before_the_hold_loads_in_it(perform, steps):
    left, right = _hold(steps, 8.0)
    (hold,), _ = perform("stance", left, right, heel_right=0.4 * right)
    assert hold.heel_touch == "load"


def _touch(left, right):
    left[9000:9060] = 0.1


def _hop(left, right):
    right[9000:9200] = 0.0


@pytest.mark.parametrize("end", [_touch, _hop])
@pytest.mark.parametrize("every", [1, 7, 97, 1000, 20_000])
def test_a_heel_just_before_the_end_counts_however_the_stream_is_cut(perform, steps, end, every):
    """The heel bears a quarter for 50 ms that end 20 ms before the hold does, and all after it."""
    left, right = _hold(steps, 10.0)
    end(left, right)
    heel = np.zeros_like(right)
    heel[8930:8980] = 0.25 * right[8930:8980]
    heel[9000:] = right[9000:]
    cuts = range(8500, 9500, every)
    (hold,), _ = perform("stance", left, right, heel_right=heel, cuts=cuts)
    assert hold.end_s == pytest.approx(9.0, abs=0.005)
    assert hold.heel_touch == "load"
    assert hold.measures["heel_share_max"] == pytest.approx(0.25)
