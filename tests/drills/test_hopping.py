# SPDX-License-Identifier: GPL-3.0-or-later
"""Hops by hand: legal ones count at landing, everything else does not."""

import numpy as np
import pytest

from rig.layout import Foot

STAND = (1.0, 0.5)


def _hops(steps, count, flight_s=0.15, contact_s=0.25):
    return steps(STAND, (0.5, 1.0), *[(flight_s, 0.0), (contact_s, 1.6)] * count)


def _free(steps, hop):
    """The free foot bears half for a second, then hangs."""
    free = np.zeros_like(hop)
    free[:1000] = 0.5
    return free


def test_each_landing_after_a_flight_counts(perform, steps):
    hop = _hops(steps, 3)
    repetitions, results = perform("hopping", _free(steps, hop), hop)
    assert len(repetitions) == 3
    assert {r.side for r in repetitions} == {Foot.RIGHT}
    assert [r.end_s for r in repetitions] == pytest.approx([1.65, 2.05, 2.45], abs=0.002)
    assert repetitions[1].measures["flight_time_s"] == pytest.approx(0.15, abs=0.003)
    assert repetitions[1].measures["contact_time_s"] == pytest.approx(0.25, abs=0.003)
    # g t^2 / 8 at 0.15 s
    assert repetitions[1].measures["height_mm"] == pytest.approx(27.6, abs=1.2)
    assert "contact_time_s" not in repetitions[0].measures
    assert results[-1].count == 3


def test_the_left_side_hops_too(perform, steps):
    hop = _hops(steps, 2)
    repetitions, _ = perform("hopping", hop, _free(steps, hop), side="left")
    assert [r.side for r in repetitions] == [Foot.LEFT] * 2


def test_a_step_onto_the_other_foot_is_no_hop(perform, steps):
    hop = steps(STAND, (0.5, 1.0), (0.3, 0.0), (0.5, 1.0))
    free = steps(STAND, (0.5, 0.0), (0.3, 1.0), (0.5, 0.0))
    assert perform("hopping", free, hop)[0] == []


def test_a_gap_of_twenty_ms_is_no_flight(perform, steps):
    hop = _hops(steps, 2, flight_s=0.020)
    assert perform("hopping", _free(steps, hop), hop)[0] == []


def test_a_light_tap_of_the_free_foot_in_stance_is_allowed(perform, steps):
    hop = _hops(steps, 3)
    free = _free(steps, hop)
    free[1300:1400] = 0.2
    assert len(perform("hopping", free, hop)[0]) == 3


def test_standing_on_both_feet_ends_the_set(perform, steps):
    hop = np.concatenate((_hops(steps, 2), steps((1.0, 0.45), (0.2, 0.0), (0.5, 0.45))))
    free = _free(steps, hop)
    end = len(_hops(steps, 2))
    free[end:] = 0.55
    repetitions, results = perform("hopping", free, hop, cuts=[end + 500])
    assert len(repetitions) == 2
    assert results[1].state == "waiting"


def test_standing_still_counts_nothing(perform, steps):
    still = steps((10.0, 0.5))
    assert perform("hopping", still, still)[0] == []


def test_heel_belongs_to_the_hop_that_it_touched_in(perform, steps):
    hop = _hops(steps, 3)
    heel = np.zeros_like(hop)
    heel[1700:1800] = 0.5  # in the contact between first and second flight
    repetitions, _ = perform("hopping", _free(steps, hop), hop, heel_right=heel)
    assert [r.heel_touch for r in repetitions] == ["none", "load", "none"]


def test_standing_flat_before_a_take_off_is_no_touch_of_the_hop(perform, steps):
    """Also when the foot was set down before it, and again after a rest on the other foot."""
    rest = steps((0.3, 0.0), (0.5, 1.0))
    hop = np.concatenate((np.zeros(500), _hops(steps, 2), rest, steps((0.15, 0.0), (0.25, 1.6))))
    start = 500 + len(_hops(steps, 2))
    free = np.zeros_like(hop)
    free[:1500] = np.where(hop[:1500] > 0.0, 0.5, 1.0)
    free[start : start + 300] = 1.0
    heel = 0.5 * hop
    repetitions, _ = perform("hopping", free, hop, heel_right=heel)
    assert [r.heel_touch for r in repetitions] == ["none", "load", "none"]


def test_the_alarm_lasts_as_long_as_the_contact(perform, steps):
    hop = _hops(steps, 3)
    heel = np.zeros_like(hop)
    heel[1700:1750] = 0.3
    _, results = perform(
        "hopping", _free(steps, hop), hop, heel_right=heel, cuts=[1720, 1740, 1890, 1960]
    )
    assert [r.heel_alarm for r in results[:4]] == ["none", "kiss", "kiss", "none"]


def test_standing_flat_before_the_first_hop_alarms_nobody(perform, steps):
    hop = _hops(steps, 2)
    heel = np.zeros_like(hop)
    heel[:1200] = 0.5 * hop[:1200]
    _, results = perform("hopping", _free(steps, hop), hop, heel_right=heel, cuts=[1150])
    assert results[0].heel_alarm is None


def test_data_that_break_off_in_flight_count_nothing(perform, steps):
    hop = _hops(steps, 2)[:-250]
    assert len(perform("hopping", _free(steps, hop), hop)[0]) == 1


def test_letting_the_heel_down_after_the_last_hop_alarms_nobody(perform, steps):
    """The last landing is kept: 0.7 s on the ball, then the whole foot, then both feet."""
    hop = np.concatenate((_hops(steps, 3)[:-250], steps((2.0, 1.0), (1.0, 0.45))))
    free = _free(steps, hop)
    free[-1000:] = 0.55
    landed = len(_hops(steps, 3)) - 250
    heel = np.zeros_like(hop)
    heel[landed + 700 :] = 0.5 * hop[landed + 700 :]
    cuts = [landed + 300, *range(landed + 720, len(hop), 100)]
    _, results = perform("hopping", free, hop, heel_right=heel, cuts=cuts)
    assert results[0].count == 3
    assert results[0].heel_alarm == "none"
    assert {r.heel_alarm for r in results[2:]} == {None}


def test_who_hops_on_after_a_rest_on_the_foot_is_watched_again(perform, steps):
    hop = np.concatenate((_hops(steps, 2), steps((1.0, 1.0), (0.15, 0.0), (0.25, 1.6), (0.2, 0.0))))
    again = len(_hops(steps, 2)) + 1150
    heel = np.zeros_like(hop)
    heel[again + 50 : again + 150] = 0.8
    cuts = [again - 200, again + 140]
    _, results = perform("hopping", _free(steps, hop), hop, heel_right=heel, cuts=cuts)
    assert [r.heel_alarm for r in results[:2]] == [None, "load"]


def test_who_steps_off_and_on_again_with_the_same_foot_has_not_hopped(perform, steps):
    hop = steps(STAND, (0.5, 1.0), (1.2, 0.0), (0.25, 1.6), (0.2, 0.0), (0.5, 1.6))
    repetitions, _ = perform("hopping", _free(steps, hop), hop)
    assert [r.end_s for r in repetitions] == pytest.approx([3.15], abs=0.002)


def test_the_heel_on_which_a_hopper_rests_is_no_touch_of_the_next_hop(perform, steps):
    hop = np.concatenate((_hops(steps, 2), steps((3.0, 1.0), (0.15, 0.0), (0.5, 1.6))))
    heel = np.zeros_like(hop)
    at = len(_hops(steps, 2))
    heel[at + 1000 : at + 2500] = 0.6
    repetitions, results = perform("hopping", _free(steps, hop), hop, heel_right=heel)
    assert [r.heel_touch for r in repetitions] == ["none"] * 3
    assert "contact_time_s" not in repetitions[2].measures
    assert "HEEL" not in [cue.what for r in results for cue in r.cues]
