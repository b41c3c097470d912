# SPDX-License-Identifier: GPL-3.0-or-later
"""The pull is rewarded, never the landing: what is told when the foot has just left, drawn by hand."""

import numpy as np
import pytest

from rig.drills.registry import DRILLS
from rig.layout import Foot

N = 6000
CONTACT_S = 0.24
SOONEST_S = 0.015
OFF_KNOWN_S = 0.060
"""An OFF is decided 30 ms after it; with the flank's end found, a few more."""


def _contacts(starts, heel=0.0):
    """Half-sines of 2.0 body weights after a second of standing, and what the heel bears of them."""
    load = np.zeros(N)
    load[:1000] = 0.5
    t = np.arange(round(1000 * CONTACT_S)) / (1000 * CONTACT_S)
    for start_s in starts:
        at = round(1000 * start_s)
        load[at : at + len(t)] = 2.0 * np.sin(np.pi * t)
    down = np.arange(N) >= 1000
    return load, heel * load * down


def _told(results):
    cues = [cue for result in results for cue in result.cues]
    return sorted(cues, key=lambda cue: cue.decided_at_s)


def _rewards(results):
    return [cue for cue in _told(results) if cue.what == "good"]


def _assert_at_once(rewards, offs_s):
    assert [cue.severity for cue in rewards] == ["reward"] * len(rewards)
    assert [cue.at_s for cue in rewards] == pytest.approx(offs_s, abs=0.012)
    waits_s = [cue.decided_at_s - cue.at_s for cue in rewards]
    assert all(SOONEST_S <= wait_s <= OFF_KNOWN_S for wait_s in waits_s)


STARTS = [1.4 + 0.4 * k for k in range(8)]


@pytest.mark.parametrize(
    ("drill", "first"),
    [("hopping", 1), ("lunge", 0), ("running-lunge", 0)],
)
def test_every_clean_pull_of_the_working_foot_is_rewarded_as_it_leaves(perform, drill, first):
    """Hopping: the first contact began with a step onto the foot, of which nothing is said."""
    load, _ = _contacts(STARTS)
    repetitions, results = perform(drill, np.where(load == 0.5, 0.5, 0.0), load)
    assert all(r.clean for r in repetitions)
    offs_s = [start_s + CONTACT_S for start_s in STARTS[first:]]
    rewards = _rewards(results)
    _assert_at_once(rewards, offs_s)
    assert {cue.side for cue in rewards} == {Foot.RIGHT}


@pytest.mark.parametrize("drill", ["hopping", "lunge", "running-lunge"])
def test_a_pull_after_the_heel_was_down_is_not_rewarded(perform, drill):
    load, heel = _contacts(STARTS, heel=0.4)
    repetitions, results = perform(drill, np.where(load == 0.5, 0.5, 0.0), load, heel_right=heel)
    assert len(repetitions) > 5
    assert _rewards(results) == []
    assert {"HEEL"} <= {cue.what for cue in _told(results)}


def test_a_switch_is_rewarded_as_the_foot_springs_off(perform):
    """Whether the other is down by then, for a moment, or lands after a flight."""
    for gap_s in (0.06, -0.03):
        every_s = CONTACT_S + gap_s
        starts = [1.3 + every_s * k for k in range(10)]
        left, _ = _contacts(starts[::2])
        right, _ = _contacts(starts[1::2])
        changes, results = perform("switch", left, right)
        assert [f.code for change in changes for f in change.faults] == []
        rewards = _rewards(results)
        _assert_at_once(rewards, [start_s + CONTACT_S for start_s in starts])
        assert [cue.side for cue in rewards] == [Foot.LEFT, Foot.RIGHT] * 5


def test_who_stands_on_both_feet_for_long_has_not_sprung(perform):
    """The left foot stays for 140 ms beside the right one, which stays for 40 ms beside the left."""
    starts = [1.3 + 0.3 * k for k in range(4)]
    left, right = _contacts(starts)[0], _contacts([start_s + 0.1 for start_s in starts])[0]
    changes, results = perform("switch", left, right)
    to_right = [change for change in changes if change.side is Foot.RIGHT]
    assert [[f.code for f in change.faults] for change in to_right] == [["DOUBLE-SUPPORT"]] * 4
    assert [cue.side for cue in _rewards(results)] == [Foot.RIGHT] * 4


def _curve(*points):
    times, values = zip(*points, strict=True)
    return np.interp(np.arange(N) / 1000.0, times, values)


def _pulled(shift_s, drop_s=0.3):
    """(left, right, OFF) of one pull of the left foot, `shift_s` after the weight began to go over."""
    off = 1.1 + shift_s
    left = _curve(
        (1.0, 0.5), (1.0 + shift_s, 0.15), (off, 0.0), (off + 0.5, 0.0), (off + 0.5 + drop_s, 0.5)
    )
    return left, 1.0 - left, off


def test_a_change_of_support_is_rewarded_before_the_foot_drops(perform):
    left, right, off_s = _pulled(0.5)
    (change,), results = perform("change-of-support", left, right)
    assert change.clean
    (reward,) = _told(results)
    assert (reward.what, reward.side) == ("good", Foot.LEFT)
    assert reward.at_s == change.start_s == pytest.approx(off_s, abs=0.03)
    assert reward.decided_at_s < change.start_s + 0.1 < change.end_s


def test_the_weight_must_have_gone_over_and_the_standing_heel_be_up(perform):
    left, right, off_s = _pulled(0.5)
    heel = 0.3 * right * (np.arange(N) > 1000.0 * (off_s - 0.3))
    (change,), results = perform("change-of-support", left, right, heel_right=heel)
    assert "HEEL" in {f.code for f in change.faults}
    assert _rewards(results) == []
    # the share stays at half until just before the pull
    left = _curve((1.0, 0.5), (1.2, 0.4), (1.9, 0.4), (2.0, 0.0), (2.5, 0.0), (2.8, 0.5))
    (change,), results = perform("change-of-support", left, 1.0 - left)
    assert [f.code for f in change.faults] == ["EARLY-PULL"]
    assert _rewards(results) == []


def test_a_drop_that_is_driven_is_told_after_the_reward(perform):
    left, right, off_s = _pulled(0.5)
    down = round(1000 * (off_s + 0.5))
    left[down + 30 : down + 70] += 0.4
    (change,), results = perform("change-of-support", left, right)
    assert [f.code for f in change.faults] == ["DRIVE"]
    assert [cue.what for cue in _told(results)] == ["good", "DRIVE"]


def _pony(seconds_over, changes=6):
    """Right foot's share: every half second the weight goes over, from 0.07 to 0.93 and back."""
    times, shares = [0.0, 1.0], [0.07, 0.07]
    for number in range(changes):
        at = 1.0 + 0.6 * number
        times += [at, at + seconds_over]
        shares += [shares[-1], 0.93 if number % 2 == 0 else 0.07]
    return np.interp(np.arange(N) / 1000.0, times, shares)


def test_a_change_in_pony_is_rewarded_a_tenth_of_a_second_after_both_bore_alike(perform):
    right = _pony(0.15)
    changes, results = perform("pony", 1.0 - right, right)
    assert all(change.clean for change in changes)
    rewards = _rewards(results)
    assert [cue.at_s for cue in rewards] == [change.end_s for change in changes]
    assert [cue.side for cue in rewards] == [Foot.LEFT, Foot.RIGHT] * 3
    waits_s = [cue.decided_at_s - cue.at_s for cue in rewards]
    assert waits_s == pytest.approx([0.1] * 6, abs=0.002)


def test_a_change_in_pony_that_takes_longer_is_rewarded_when_it_has_gone_over(perform):
    """In 0.38 s the share goes from 0.2 to 0.8 in 0.265 s: in time, but not yet a tenth after half."""
    right = _pony(0.38)
    changes, results = perform("pony", 1.0 - right, right)
    assert all(change.clean for change in changes)
    waits_s = [cue.decided_at_s - cue.at_s for cue in _rewards(results)]
    assert waits_s == pytest.approx([0.3] * 6, abs=0.002)


def test_a_slow_or_partial_change_in_pony_is_not_rewarded(perform):
    right = _pony(0.5)
    changes, results = perform("pony", 1.0 - right, right)
    assert {f.code for change in changes for f in change.faults} == {"NOT-SIMULTANEOUS"}
    assert _rewards(results) == []
    right = 0.5 + 0.55 * (_pony(0.15) - 0.5)
    changes, results = perform("pony", 1.0 - right, right)
    assert "PARTIAL" in {f.code for change in changes for f in change.faults}
    assert _rewards(results) == []


def test_drills_without_a_pull_of_their_own_reward_the_repetition():
    without = {name for name, drill in DRILLS.items() if drill.judge_pull is None}
    assert without == {"stance", "forward-change", "tapping", "running-lunge"}
