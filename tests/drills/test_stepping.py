# SPDX-License-Identifier: GPL-3.0-or-later
"""Lunge, switch and running lunge by hand."""

import numpy as np
import pytest

from rig.layout import Foot

STAND = (1.0, 0.5)


def _half_sines(times, contact_s, peak, n, stand_until_s=0.0):
    load = np.zeros(n)
    load[: round(1000 * stand_until_s)] = 0.5
    t = np.arange(round(1000 * contact_s)) / (1000 * contact_s)
    for start_s in times:
        at = round(1000 * start_s)
        load[at : at + len(t)] = (peak * np.sin(np.pi * t))[: n - at]
    return load


def _lunge(count=4, contact_s=0.25, period_s=0.5, rear=0.1):
    n = round(1000 * (2.0 + count * period_s))
    front = _half_sines([1.5 + k * period_s for k in range(count)], contact_s, 2.0, n, 1.0)
    back = np.full(n, rear)
    back[:1000] = 0.5
    return back, front


def test_each_landing_in_front_is_a_lunge(perform):
    rear, front = _lunge(4)
    repetitions, results = perform("lunge", rear, front)
    assert [r.side for r in repetitions] == [Foot.RIGHT] * 4
    assert repetitions[1].end_s - repetitions[0].end_s == pytest.approx(0.5, abs=0.002)
    assert all(r.clean for r in repetitions)
    # 0.1 over all of the contact against a half-sine of 2.0: 0.1 / (0.1 + 2 * 2 / pi)
    assert repetitions[1].measures["rear_share"] == pytest.approx(0.0728, abs=0.003)
    assert results[-1].count == 4
    assert perform("lunge", front, rear, side="left")[0][0].side is Foot.LEFT


@pytest.mark.parametrize(
    ("contact_s", "rear", "codes"),
    [(0.25, 0.1, []), (0.36, 0.1, ["LONG"]), (0.25, 0.6, ["REAR"]), (0.26, 0.3, [])],
)
def test_what_is_wrong_with_a_lunge(perform, contact_s, rear, codes):
    back, front = _lunge(4, contact_s=contact_s, rear=rear)
    repetitions, _ = perform("lunge", back, front)
    assert [f.code for f in repetitions[2].faults] == codes
    assert repetitions[0].faults == ()


def test_a_light_or_short_step_in_front_is_no_lunge(perform):
    rear = np.full(6000, 1.0)
    front = _half_sines([1.0, 2.0, 3.0], 0.3, 0.3, 6000)
    assert perform("lunge", rear, front)[0] == []
    front = np.full(6000, 1.0)
    front[2000:2040] = 0.0
    assert perform("lunge", np.zeros(6000), front)[0] == []


def _switch(count=8, contact_s=0.24, gap_s=0.03, n=None):
    """Standing on both, the right lifts, and the feet take turns from the left on."""
    starts = [1.5 + k * (contact_s + gap_s) for k in range(count)]
    n = n or round(1000 * (starts[-1] + contact_s + 1.0))
    left = _half_sines(starts[0::2], contact_s, 1.7, n, 1.0)
    right = _half_sines(starts[1::2], contact_s, 1.7, n, 1.0)
    right[1000:1450] = 1.0
    return left, right


def test_each_change_of_feet_counts(perform):
    left, right = _switch(8)
    repetitions, results = perform("switch", left, right)
    assert [r.side for r in repetitions] == [Foot.LEFT, Foot.RIGHT] * 4
    assert all(r.clean for r in repetitions[1:])
    assert repetitions[3].measures["flight_time_s"] == pytest.approx(0.03, abs=0.012)
    assert results[-1].set_faults == ()


@pytest.mark.parametrize(
    ("contact_s", "gap_s", "codes"),
    [(0.24, -0.06, []), (0.28, -0.10, ["DOUBLE-SUPPORT"]), (0.37, 0.03, ["LONG"])],
)
def test_what_is_wrong_with_a_switch(perform, contact_s, gap_s, codes):
    left, right = _switch(8, contact_s, gap_s)
    repetitions, _ = perform("switch", left, right)
    assert [f.code for f in repetitions[4].faults] == codes


def test_the_same_foot_twice_is_a_stumble_and_no_repetition(perform):
    left, right = _switch(8)
    lone = _half_sines([1.5 + 5 * 0.27], 0.24, 1.7, len(right))
    right = np.where(lone > 0.0, 0.0, right)
    repetitions, results = perform("switch", left, right)
    assert len(repetitions) == 6
    assert [f.code for r in results for f in r.set_faults] == ["STUMBLE"]


@pytest.mark.parametrize("lag_ms", [0, 1, 40])
@pytest.mark.parametrize("stays", ["left", "right"])
def test_landing_on_both_feet_at_once_is_one_change(perform, lag_ms, stays):
    """Support has gone once, to both; whichever foot stays has it when the other is lifted again."""
    n = 3600
    left, right = (_half_sines(times, 0.24, 1.7, n, 1.0) for times in ([1.5], [1.77]))
    right[1000:1450] = 1.0
    for foot, at in ((left, 2040), (right, 2040 + lag_ms)):
        foot[at : at + (660 if (foot is left) == (stays == "left") else 240)] = 0.8
    after = right if stays == "left" else left
    after[2740:2980] = _half_sines([0.0], 0.24, 1.7, 240)
    repetitions, results = perform("switch", left, right)
    then = Foot.RIGHT if stays == "left" else Foot.LEFT
    assert [r.side for r in repetitions] == [Foot.LEFT, Foot.RIGHT, Foot.LEFT, then]
    told = [f for r in results for f in r.set_faults]
    assert [f.code for f in told] == ["DOUBLE-SUPPORT"]
    assert told[0].numbers["double_support_s"] == pytest.approx(0.24, abs=0.06)


def test_standing_on_both_feet_or_walking_off_is_no_switch(perform):
    still = np.full(60_000, 0.5)
    assert perform("switch", still, still)[0] == []
    left, right = _switch(2)
    left, right = np.concatenate((left, np.zeros(3000))), np.concatenate((right, np.zeros(3000)))
    left[-500:] = 1.0
    assert len(perform("switch", left, right)[0]) == 2


def test_one_side_that_stays_longer_is_told_at_the_end_of_the_set(perform):
    n = 8000
    left = _half_sines([1.5 + 0.6 * k for k in range(6)], 0.28, 1.7, n, 1.0)
    right = _half_sines([1.82 + 0.6 * k for k in range(6)], 0.20, 1.7, n, 1.0)
    _, results = perform("switch", left, right)
    (fault,) = results[-1].set_faults
    # half-sines of 0.28 and 0.20 s are ON a little less long; the index is that of the lengths
    assert (fault.code, fault.severity) == ("ASYM", "fault")
    assert fault.numbers["symmetry_index"] == pytest.approx(0.08 / 0.24, abs=0.03)


def _run(times, contact_s=0.2, peak=2.0, n=None):
    n = n or round(1000 * (times[-1] + 1.0))
    return _half_sines(times, contact_s, peak, n)


def test_contacts_of_the_working_leg_count_if_they_are_a_runner_s(perform):
    right = _run([1.0 + 0.7 * k for k in range(5)])
    left = _run([1.35 + 0.7 * k for k in range(5)], n=len(right))
    repetitions, _ = perform("running-lunge", left, right)
    assert len(repetitions) == 5
    assert repetitions[2].measures["pull_time_s"] == pytest.approx(0.1, abs=0.01)
    for contact_s in (0.6, 0.07):
        right = _run([1.0, 2.0], contact_s)
        assert perform("running-lunge", 0 * right, right)[0] == []


def test_how_hard_the_foot_lands_is_judged_against_the_first_twelve(perform):
    times = [1.0 + 0.7 * k for k in range(15)]
    right = _run(times)
    hard = slice(round(1000 * times[13]), round(1000 * times[13]) + 200)
    right[hard] *= 1.5
    repetitions, _ = perform("running-lunge", 0 * right, right)
    assert all("DRIVE" in r.not_judged for r in repetitions[:12])
    assert all("DRIVE" not in r.not_judged for r in repetitions[12:])
    assert [[f.code for f in r.faults] for r in repetitions[12:]] == [[], ["DRIVE"], []]
    assert repetitions[13].faults[0].size == pytest.approx(1.5 / 1.3, abs=0.03)


def test_landing_on_the_heel_and_leaving_over_the_toes(perform):
    right = _run([1.0 + 0.7 * k for k in range(4)])
    into = np.zeros(len(right))
    for k in range(4):
        at = round(1000 * (1.0 + 0.7 * k))
        into[at : at + 200] = np.linspace(0.0, 1.0, 200)
    repetitions, _ = perform(
        "running-lunge", 0 * right, right, heel_right=np.where(into < 0.3, 0.9, 0.0) * right
    )
    assert [f.code for f in repetitions[2].faults] == ["HEEL", "HEEL-FIRST"]
    toes = np.where(into > 0.6, 0.5, 0.0) * right
    repetitions, _ = perform("running-lunge", 0 * right, right, toes_right=toes)
    assert [f.code for f in repetitions[2].faults] == ["TOE-SHIFT"]
    assert repetitions[2].faults[0].size == pytest.approx(0.5 / 0.35, abs=0.02)


@pytest.mark.parametrize("drill", ["hopping", "lunge", "running-lunge"])
def test_a_dropout_within_a_contact_keeps_the_repetition_and_marks_it(perform, drill):
    right = _half_sines([1.5 + 0.5 * k for k in range(6)], 0.26, 2.0, 6000, 1.0)
    left = np.zeros(6000)
    left[:1000] = 0.5
    gone = (np.arange(6000) >= 2580) & (np.arange(6000) < 2680)
    keep = np.flatnonzero(~gone)
    lost = np.zeros(len(keep), np.int64)
    lost[2580] = 100
    whole, _ = perform(drill, left, right)
    repetitions, _ = perform(drill, left, right, keep=keep, lost=lost)
    assert len(repetitions) == len(whole)
    assert [r.lost_frames for r in whole] == [0] * len(whole)
    assert sum(r.lost_frames > 0 for r in repetitions) == 1


def test_rewards_are_for_clean_repetitions(perform):
    right = _run([1.0 + 0.7 * k for k in range(3)])
    _, results = perform("running-lunge", 0 * right, right)
    told = [c for r in results for c in r.cues]
    assert [(c.what, c.severity) for c in told] == [("good", "reward")] * 3
    assert told[0].at_s == pytest.approx(1.2, abs=0.01)


@pytest.mark.parametrize("lifted", ["left", "right"])
def test_springing_on_after_a_rest_is_no_stumble(perform, lifted):
    """Whichever foot is lifted first, the change from the standing one to it counts, and is clean."""
    left, right = _switch(6)
    rest = np.full(8000, 0.5)
    again = _switch(6)
    again = again if lifted == "right" else again[::-1]
    left, right = (
        np.concatenate(parts) for parts in ((left, rest, again[0]), (right, rest, again[1]))
    )
    repetitions, results = perform("switch", left, right, heel_left=0.2, heel_right=0.2)
    heels = [r.heel_touch for r in repetitions]
    assert len(repetitions) == 12
    assert heels[0] == heels[6] == "none"
    assert [f.code for r in results for f in r.set_faults] == []


def test_a_lunge_after_a_rest_in_front_is_not_judged_by_the_rest(perform):
    rear, front = _lunge(3)
    rest = np.full(8000, 0.5)
    repetitions, _ = perform(
        "lunge", np.concatenate((rear, rest, rear)), np.concatenate((front, rest, front))
    )
    # the fourth comes to rest in front
    assert len(repetitions) == 7
    assert [r.faults for r in repetitions] == [()] * 7
    assert "contact_time_s" not in repetitions[4].measures
