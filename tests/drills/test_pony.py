# SPDX-License-Identifier: GPL-3.0-or-later
"""Pony by hand: the weight goes over in 0.2 s, toes stay down."""

import numpy as np
import pytest

from rig.layout import Foot


def _shares(changes, support_s=0.5, low=0.07):
    """Right foot's share: left bears at first, then it goes over `changes` times."""
    times, shares = [0.0, 1.0], [low, low]
    for number in range(changes):
        at = 1.0 + number * support_s
        after = 1.0 - low if number % 2 == 0 else low
        times += [at, at + 0.2]
        shares += [shares[-1], after]
    end = times[-1] + 0.5
    return np.interp(np.arange(round(1000 * end)) / 1000.0, times, shares)


def test_each_change_of_support_counts(perform):
    right = _shares(4)
    repetitions, results = perform("pony", 1.0 - right, right)
    assert [r.side for r in repetitions] == [Foot.RIGHT, Foot.LEFT, Foot.RIGHT, Foot.LEFT]
    assert [r.end_s for r in repetitions] == pytest.approx([1.1, 1.6, 2.1, 2.6], abs=1e-6)
    supports = [r.measures["support_time_s"] for r in repetitions[1:]]
    assert supports == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)
    assert "support_time_s" not in repetitions[0].measures
    assert np.isnan(repetitions[0].start_s)
    assert results[0].count == 4


def test_supports_are_as_long_as_they_are_whatever_either_insole_reads(perform):
    """The insoles read 12 % apart; where both feet bear alike one bears 0.528 of what is read, and at
    4.3 a second that is 6.5 ms away from where both read alike."""
    right = _shares(12)
    repetitions, _ = perform("pony", 1.06 * (1.0 - right), 0.95 * right)
    supports = [r.measures["support_time_s"] for r in repetitions[1:]]
    assert supports == pytest.approx([0.5] * 11, abs=0.0015)
    assert np.diff([r.end_s for r in repetitions]) == pytest.approx(
        [0.487, 0.513] * 5 + [0.487], abs=0.0015
    )


def test_states_name_the_support(perform):
    right = _shares(2)
    _, results = perform("pony", 1.0 - right, right, cuts=[900, 1400, 2000])
    assert [r.state for r in results[:3]] == ["support left", "support right", "support left"]


def test_sway_counts_nothing(perform):
    right = 0.5 + 0.1 * np.sin(np.arange(8000) / 400.0)
    assert perform("pony", 1.0 - right, right)[0] == []


def test_a_kiss_is_clean_and_a_load_alarms(perform):
    right = _shares(2)
    for heel_share, alarm in ((0.18, "none"), (0.5, "load")):
        heel = np.where((np.arange(len(right)) > 1250) & (np.arange(len(right)) < 1350), 1.0, 0.0)
        _, results = perform(
            "pony", 1.0 - right, right, heel_right=heel * heel_share * right, cuts=[1340]
        )
        assert results[0].heel_alarm == alarm


def test_the_ended_support_s_heel_goes_with_the_change(perform):
    right = _shares(3)
    at = np.arange(len(right))
    heel = np.where((at > 1250) & (at < 1350), 0.5 * right, 0.0)
    repetitions, _ = perform("pony", 1.0 - right, right, heel_right=heel)
    assert [r.heel_touch for r in repetitions] == ["none", "load", "none"]


def test_standing_flat_before_the_first_change_is_no_touch(perform):
    right = _shares(2)
    heel = np.where(np.arange(len(right)) > 1250, 0.5 * right, 0.0)
    repetitions, _ = perform(
        "pony", 1.0 - right, right, heel_left=0.5 * (1.0 - right), heel_right=heel
    )
    assert [r.heel_touch for r in repetitions] == ["none", "load"]


def test_a_heel_that_was_down_before_its_support_loads_in_it(perform):
    """Flat feet throughout: each heel bears half of its foot's load, also before the foot bears."""
    right = _shares(3)
    repetitions, _ = perform(
        "pony", 1.0 - right, right, heel_left=0.5 * (1.0 - right), heel_right=0.5 * right
    )
    assert [r.heel_touch for r in repetitions] == ["none", "load", "load"]


@pytest.mark.parametrize(("kept_s", "grade"), [(0.02, "none"), (0.04, "load")])
def test_a_heel_that_lifts_within_thirty_ms_has_not_touched_in_its_support(perform, kept_s, grade):
    right = _shares(2)
    at_s = np.arange(len(right)) / 1000.0
    heel = np.where(at_s < 1.1 + kept_s, 0.5 * right, 0.0)
    repetitions, _ = perform("pony", 1.0 - right, right, heel_right=heel)
    assert [r.heel_touch for r in repetitions] == ["none", grade]


def test_standing_flat_and_swaying_before_the_drill_alarms_nobody(perform):
    """58 : 42 in quiet stance, half of each foot's load on the heel, is no support to be watched."""
    right = np.full(6000, 0.42) + 0.04 * np.sin(np.arange(6000) / 300.0)
    heels = {"heel_left": 0.5 * (1.0 - right), "heel_right": 0.5 * right}
    _, results = perform("pony", 1.0 - right, right, cuts=range(500, 6000, 500), **heels)
    assert {r.heel_alarm for r in results} == {None}
    assert results[-1].count == 0


def test_the_heel_is_watched_from_the_first_change_until_the_changes_stop(perform):
    right = _shares(3)
    stands = np.full(4000, right[-1])
    right = np.concatenate((right, stands))
    heel = 0.5 * right * (np.arange(len(right)) > 2250)
    # changes at 1.1, 1.6 and 2.1 s
    cuts = [1000, 1500, 2400, 4000, 4200]
    _, results = perform("pony", 1.0 - right, right, heel_right=heel, cuts=cuts)
    assert [r.heel_alarm for r in results[:5]] == [None, "none", "load", "load", None]


def _rest(last, seconds, sway=0.05):
    """On both feet, the share passing one half now and then."""
    t_s = np.arange(round(1000 * seconds)) / 1000.0
    into = np.minimum(t_s / 0.2, 1.0)
    return (1.0 - into) * last + into * (0.49 + sway * np.sin(t_s))


def test_coming_to_stand_on_both_feet_is_no_change(perform):
    right = _shares(4)
    still = np.concatenate((right, _rest(right[-1], 60.0)))
    repetitions, results = perform("pony", 1.0 - still, still)
    assert len(repetitions) == 4
    assert results[-1].count == 4


def test_the_first_change_after_a_rest_on_flat_feet_is_clean(perform):
    done = _shares(3)
    right = np.concatenate((done, _rest(done[-1], 20.0), 1.0 - done, [0.07] * 300))
    # the heels bear in the rest alone
    heel = np.zeros(len(right))
    heel[len(done) : len(done) + 20_000] = 0.3
    repetitions, _ = perform("pony", 1.0 - right, right, heel_left=heel, heel_right=heel)
    after = [r for r in repetitions if r.end_s > 20.0 + len(done) / 1000.0]
    assert len(after) >= 3
    assert all(r.heel_touch == "none" for r in after)
    assert np.isnan(after[0].start_s)
    assert "support_time_s" not in after[0].measures


def test_stepping_off_and_onto_the_other_foot_is_no_change(perform):
    right = np.concatenate((_shares(2), np.zeros(3000), np.ones(1000)))
    left = np.concatenate((1.0 - _shares(2), np.zeros(4000)))
    cuts = [len(_shares(2)) + 3500]
    repetitions, results = perform("pony", left, right, cuts=cuts)
    assert len(repetitions) == 2
    assert results[0].state == "support right"
    # a jump of 0.4 s from one foot to the other is one, and a fault
    right = np.concatenate((_shares(2), np.zeros(400), np.ones(1500)))
    left = np.concatenate((1.0 - _shares(2), np.zeros(1900)))
    repetitions, _ = perform("pony", left, right)
    assert len(repetitions) == 3
    assert "HOP-UP" in [f.code for f in repetitions[2].faults]


@pytest.mark.parametrize(("rest", "codes"), [(0.05, ["HOP-UP"]), (0.08, [])])
def test_a_flight_in_which_a_foot_reads_what_its_sensels_keep(perform, rest, codes):
    """The left foot has borne 0.93, comes ON in the push before the jump, and reads on in the air."""
    right = _shares(2, support_s=0.8)
    left = 1.0 - right
    left[1300:1900] = np.minimum(left[1300:1900], rest)
    left[1450:1500] += 0.12
    left[1500:1540], right[1500:1540] = rest, 0.0
    repetitions, _ = perform("pony", left, right)
    assert [[f.code for f in r.faults if f.code == "HOP-UP"] for r in repetitions] == [[], codes]
    for fault in repetitions[1].faults:
        assert fault.numbers["flight_time_s"] == pytest.approx(0.040, abs=0.003)
