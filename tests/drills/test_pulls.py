# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of support by hand: the weight goes to the right in a time, then the left foot is lifted."""

import numpy as np
import pytest

from rig.drills.frames import REGION_Y
from rig.layout import Foot, Region

DRILLS = ("change-of-support", "forward-change")


def _curve(n, *points):
    times, values = zip(*points, strict=True)
    return np.interp(np.arange(n) / 1000.0, times, values)


def _pull(shift_s=0.5, after_s=0.1, lift_s=0.4, n=4000, bump=0.0):
    """(left, right) of one pull of the left foot: the shift begins at 1 s."""
    loaded = 1.0 + shift_s
    off = loaded + after_s
    down = off + lift_s
    left = _curve(
        n,
        (1.0, 0.5),
        (loaded, 0.15),
        (off - 0.02, 0.15),
        (off, 0.0),
        (down, 0.0),
        (down + 0.3, 0.5),
    )
    right = 1.0 - left
    at = round(1000 * down)
    left[at + 20 : at + 60] += bump
    return left, right, off, down


@pytest.mark.parametrize("drill", DRILLS)
def test_a_pull_counts_when_the_foot_is_down_again(perform, drill):
    left, right, off, down = _pull()
    repetitions, results = perform(drill, left, right, cuts=[round(1000 * down) + 90])
    (pull,) = repetitions
    assert pull.side is Foot.RIGHT
    # its ON is at 0.06, which a ramp of 0.5 in 0.3 s reaches 36 ms after touching down
    assert (pull.start_s, pull.end_s) == pytest.approx((off, down + 0.036), abs=0.006)
    assert pull.measures["lifted_time_s"] == pytest.approx(0.4, abs=0.05)
    assert pull.clean
    assert (results[0].count, results[0].repetitions) == (1, ())
    assert results[1].repetitions == (pull,)


@pytest.mark.parametrize("drill", DRILLS)
def test_standing_shifting_and_stepping_off_count_nothing(perform, drill):
    still = np.full(60_000, 0.5)
    assert perform(drill, still, still)[0] == []
    sway = 0.5 + 0.3 * np.sin(np.arange(8000) / 300.0)
    assert perform(drill, sway, 1.0 - sway)[0] == []
    left, right, _, down = _pull()
    gone = np.arange(len(left)) > 1000 * (down - 0.2)
    assert perform(drill, np.where(gone, 0.0, left), np.where(gone, 0.0, right))[0] == []


@pytest.mark.parametrize("drill", DRILLS)
def test_a_jump_from_one_foot_to_the_other_is_no_pull(perform, drill):
    left, right, off, _ = _pull()
    at = round(1000 * off)
    right[at + 100 :], left[at + 200 :] = 0.0, 1.0
    assert perform(drill, left, right)[0] == []


def test_a_pull_before_the_weight_has_shifted_is_early(perform):
    """0.45 s of shift end at a share of 0.6, and the foot is gone at once."""
    n = 4000
    left = _curve(n, (1.0, 0.5), (1.2, 0.75), (1.9, 0.40), (1.92, 0.0), (2.4, 0.0), (2.7, 0.5))
    (pull,), _ = perform("change-of-support", left, 1.0 - left)
    (fault,) = pull.faults
    assert (fault.code, fault.foot, pull.clean) == ("EARLY-PULL", Foot.LEFT, False)
    # 100 ms before the OFF at 1.919 s the left foot bears 0.75 - 0.35 * 0.619 / 0.7
    assert fault.size == pytest.approx(0.65 / 0.559, abs=0.01)
    assert perform("forward-change", left, 1.0 - left)[0][0].clean


@pytest.mark.parametrize(("bump", "codes"), [(0.12, []), (0.2, ["DRIVE"])])
@pytest.mark.parametrize("drill", DRILLS)
def test_a_foot_that_is_driven_down(perform, drill, bump, codes):
    left, right, _, down = _pull(bump=bump)
    (pull,), _ = perform(drill, left, right)
    assert [f.code for f in pull.faults] == codes
    if codes:
        assert pull.faults[0].numbers["rise_bw"] == pytest.approx(bump, abs=0.01)
        assert pull.faults[0].at_s == pytest.approx(down, abs=0.05)


def test_the_standing_heel_is_judged_in_place_alone(perform):
    left, right, off, _ = _pull()
    heel = np.where(np.abs(np.arange(len(left)) / 1000.0 - off - 0.2) < 0.1, 0.3, 0.0) * right
    (pull,), results = perform("change-of-support", left, right, heel_right=heel)
    assert (pull.heel_touch, [f.code for f in pull.faults]) == ("load", ["HEEL"])
    assert pull.faults[0].size == pytest.approx(0.3 / 0.25, abs=0.01)
    told = sorted((c for r in results for c in r.cues), key=lambda cue: cue.decided_at_s)
    # the heel came down a tenth of a second after the pull
    assert [(c.what, c.severity) for c in told] == [("good", "reward"), ("HEEL", "fault")]
    assert told[0].decided_at_s - told[0].at_s < 0.05
    (pull,), _ = perform("forward-change", left, right, heel_right=heel)
    assert pull.clean


def test_where_the_dropped_foot_lands(perform):
    left, right, _, _ = _pull()
    landing = np.arange(len(left)) > 2000
    (pull,), _ = perform(
        "forward-change", left, right, heel_left=np.where(landing, 0.9 * left, 0.0)
    )
    assert [f.code for f in pull.faults] == ["HEEL-FIRST"]
    (pull,), _ = perform(
        "forward-change", left, right, toes_left=np.where(landing, 0.6 * left, 0.0)
    )
    assert [f.code for f in pull.faults] == ["TOE-LAND"]
    assert pull.faults[0].size == pytest.approx(0.6 / 0.5, abs=0.02)


def test_leaving_over_the_toes(perform):
    left, right, _, _ = _pull(shift_s=0.4)
    leaving = np.arange(len(left)) < 2000
    (pull,), _ = perform(
        "change-of-support", left, right, toes_left=np.where(leaving, 0.5 * left, 0.0)
    )
    assert [f.code for f in pull.faults] == ["TOE-SHIFT"]
    assert pull.faults[0].size == pytest.approx(0.5 / 0.35, abs=0.02)


@pytest.mark.parametrize(("hop_s", "codes"), [(0.02, []), (0.05, ["HOP-UP"])])
def test_a_hop_of_the_standing_foot_within_the_pull(perform, hop_s, codes):
    left, right, off, _ = _pull()
    at = round(1000 * (off + 0.2))
    right[at : at + round(1000 * hop_s)] = 0.0
    (pull,), _ = perform("change-of-support", left, right)
    assert [f.code for f in pull.faults] == codes


def test_a_set_that_stops_in_the_middle_of_a_pull_counts_what_was_done(perform):
    left, right, _, down = _pull()
    half = round(1000 * (down - 0.1))
    left, right = np.concatenate((left, left[:half])), np.concatenate((right, right[:half]))
    assert len(perform("change-of-support", left, right)[0]) == 1


def test_data_that_end_within_the_landing_leave_the_drive_unjudged(perform):
    left, right, _, down = _pull()
    stop = round(1000 * down) + 75
    (pull,), _ = perform("change-of-support", left[:stop], right[:stop])
    assert "DRIVE" in pull.not_judged
    assert pull.clean


def _low(kept, low_s, n=4000):
    """The left foot goes from 0.5 to `kept` within 0.4 s from 1 s on, stays and comes back in 0.3 s."""
    return _curve(n, (1.0, 0.5), (1.4, kept), (1.4 + low_s, kept), (1.7 + low_s, 0.5))


@pytest.mark.parametrize("drill", DRILLS)
@pytest.mark.parametrize("cuts", [(), range(7, 4000, 7), (1720, 1990)])
def test_a_foot_that_stays_on_the_ground_was_pulled_low(perform, drill, cuts):
    """A ramp of 0.38 falls below 0.15 some 32 ms before its end, and rises above it after 24 ms."""
    left = _low(0.12, 0.3)
    repetitions, results = perform(drill, left, 1.0 - left, cuts=cuts)
    (pull,) = repetitions
    assert pull.side is Foot.RIGHT
    assert (pull.start_s, pull.end_s) == pytest.approx((1.368, 1.724), abs=0.002)
    ((code, severity, least),) = [(f.code, f.severity, f.numbers["least_bw"]) for f in pull.faults]
    assert (code, severity) == ("LOW-PULL", "warning")
    assert least == pytest.approx(0.12)
    assert pull.clean
    landing = {"HEEL-FIRST", "TOE-LAND"} if drill == "forward-change" else {"TOE-SHIFT"}
    assert landing <= set(pull.not_judged)
    assert results[-1].count == 1


@pytest.mark.parametrize("drill", DRILLS)
@pytest.mark.parametrize("cuts", [(), range(3, 4000, 3), (1450, 1500, 1505)])
@pytest.mark.parametrize(("again", "count"), [(0.165, 1), (0.19, 0)])
def test_a_low_pull_that_is_read_about_the_limit(perform, drill, cuts, again, count):
    """0.145 for 0.3 s, with a moment of more in the middle: as long as that is no more than noise and
    what the sensors keep, the foot bore little throughout."""
    left = _low(0.145, 0.3)
    left[1500:1530] = again
    repetitions, results = perform(drill, left, 1.0 - left, cuts=cuts)
    assert len(repetitions) == results[-1].count == count
    # ramps of 0.355 pass 0.15 some 6 ms before and 4 ms after
    assert [(r.start_s, r.end_s) for r in repetitions] == [
        pytest.approx((1.395, 1.704), abs=0.003)
    ] * count


@pytest.mark.parametrize("drill", DRILLS)
@pytest.mark.parametrize(("kept", "low_s"), [(0.12, 0.1), (0.16, 0.5), (0.0, 0.3)])
def test_what_is_short_or_heavy_is_none_and_what_leaves_the_ground_is_not_low(
    perform, drill, kept, low_s
):
    left = _low(kept, low_s)
    repetitions, _ = perform(drill, left, 1.0 - left)
    assert [f.code for r in repetitions for f in r.faults] == []
    assert len(repetitions) == (kept == 0.0)


@pytest.mark.parametrize("drill", ["change-of-support", "forward-change"])
def test_a_foot_that_is_kept_up_was_not_dropped(perform, steps, drill):
    right = steps((2.0, 0.5), (6.0, 1.0), (1.0, 0.5), (0.5, 1.0), (1.0, 0.5))
    repetitions, _ = perform(drill, 1.0 - right, right)
    assert [r.end_s for r in repetitions] == pytest.approx([9.5], abs=0.005)


@pytest.mark.parametrize("drill", ["change-of-support", "forward-change"])
def test_a_shift_that_nobody_saw_is_not_judged(perform, steps, drill):
    right = steps((2.0, 0.2), (2.5, 0.8), (0.5, 1.0), (1.0, 0.5))
    n = len(right)
    gone = (np.arange(n) >= 1900) & (np.arange(n) < 3400)
    keep = np.flatnonzero(~gone)
    repetitions, _ = perform(
        drill, 1.0 - right, right, keep=keep, lost=np.diff(keep, prepend=-1) - 1
    )
    assert [r.end_s for r in repetitions] == pytest.approx([5.0], abs=0.005)
    assert "shift_time_s" not in repetitions[0].measures


@pytest.mark.parametrize("drill", DRILLS)
def test_where_the_standing_foot_bears_at_the_pull(perform, drill):
    """A third on the toes moves the place forward by a third of what lies between ball and toes."""
    left, right, _, _ = _pull()
    (flat,), _ = perform(drill, left, right)
    (leant,), _ = perform(drill, left, right, toes_right=right / 3.0)
    forward = leant.measures["support_y_at_pull"] - flat.measures["support_y_at_pull"]
    between = REGION_Y[Region.TOES] - REGION_Y[Region.BALL]
    assert forward == pytest.approx(between / 3.0, abs=0.002)


def test_the_alarm_shows_the_standing_heel_s_touch_only_while_it_lasts(perform):
    """The heel of a foot that stands flat before the weight is on it alone is nobody's fault."""
    left, right, off, _ = _pull(lift_s=1.0)
    at = np.arange(len(left)) / 1000.0
    flat = np.where(at < 1.0, 0.25, 0.0)
    touched = flat + np.where((at > off + 0.4) & (at < off + 0.6), 0.5, 0.0)
    cuts = [round(1000 * (off + after_s)) for after_s in (0.3, 0.5, 0.8)]
    for heel, shown in ((flat, "none"), (touched, "load")):
        _, results = perform("change-of-support", left, right, heel_right=heel, cuts=cuts)
        assert [r.heel_alarm for r in results[:3]] == ["none", shown, "none"]
