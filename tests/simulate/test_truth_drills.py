# SPDX-License-Identifier: GPL-3.0-or-later
"""The drills' rules on forces drawn by hand, every expectation worked out on paper."""

import numpy as np
import pytest

from rig.layout import Foot
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import KERNELS, load_field
from rig.simulate.truth import find_truth

BW = 700.0
FIELD = load_field(265.0)
TOE_Y, BALL_Y, HEEL_Y = (
    float(FIELD.centroid_mm[KERNELS.index(name), 1] / 265.0) for name in ("hallux", "MT2", "heel")
)


def _line(*points):
    """(n,) at 1,000 Hz through (seconds, value) points."""
    times, values = zip(*points, strict=True)
    return np.interp(np.arange(round(1000 * times[-1])) / 1000.0, times, values)


def _truth(drill, left, right, heel=0.0, toes=0.0, working=Foot.RIGHT):
    """Heel and toe shares (n,) or a number, the same for both feet; the rest is on the ball."""
    force = np.column_stack((left, right)) * BW
    heel, toes = (np.broadcast_to(np.asarray(s, float), len(force))[:, None] for s in (heel, toes))
    kernels = np.zeros((len(force), 2, 9))
    for name, share in (("heel", heel), ("hallux", toes), ("MT2", 1.0 - heel - toes)):
        kernels[:, :, KERNELS.index(name)] = force * share
    region = np.stack((heel * force, 0 * force, (1 - heel - toes) * force, toes * force), axis=2)
    cop = np.full((len(force), 2, 2), np.nan)
    cop[:, :, 1] = 265.0 * (heel * HEEL_Y + toes * TOE_Y + (1 - heel - toes) * BALL_Y)
    cop[:, :, 0] = 0.0
    loads = TrueLoads(force, region, cop, cop[:, 0], kernels)
    return find_truth(np.arange(len(force)) / 1000.0, loads, drill, working, BW, FIELD)


def _codes(truth):
    return [[(f.code, round(f.size, 2)) for f in r.faults] for r in truth.repetitions]


def _pull(early_share, drop_bump=0.0):
    """Left gives its load to right: slowly to `early_share`, then all of it within 100 ms."""
    right = _line(
        (0, 0.4), (1, 0.4), (1.5, early_share), (1.6, 1.0), (2.2, 1.0), (2.4, 0.6), (3, 0.6)
    )
    left = 1.0 - right
    left[2220:2260] += drop_bump
    return left, right


def test_an_early_pull_is_a_share_below_065_a_tenth_of_a_second_before_lift_off():
    """Lift-off is where the left foot falls through 0.03; 100 ms earlier the share is on the slow
    ramp of 0.5 s, so it is a little under its end."""
    left, right = _pull(0.60)
    (pull,) = _truth("change-of-support", left, right).repetitions
    off_s = 1.5 + 0.1 * (0.97 - 0.60) / 0.40
    assert pull.side is Foot.RIGHT
    assert pull.start_s == pytest.approx(off_s, abs=1e-3)
    assert pull.end_s == pytest.approx(2.2 + 0.2 * 0.06 / 0.40, abs=1e-3)
    share = 0.60 - 0.20 * (1.6 - off_s) / 0.5
    ((fault),) = pull.faults
    assert (fault.code, fault.size) == ("EARLY-PULL", pytest.approx(0.65 / share, rel=0.01))
    assert _codes(_truth("change-of-support", *_pull(0.70))) == [[]]


def test_a_landing_that_rises_by_more_than_015_is_driven():
    assert _codes(_truth("forward-change", *_pull(0.9, 0.10))) == [[]]
    ((fault,),) = _codes(_truth("forward-change", *_pull(0.9, 0.24)))
    assert fault[0] == "DRIVE"
    assert fault[1] == pytest.approx(1.6, abs=0.06)


def test_a_pulled_foot_with_041_on_its_toes_left_over_them():
    left, right = _pull(0.9)
    ((fault,),) = _codes(_truth("change-of-support", left, right, toes=0.42))
    assert fault == ("TOE-SHIFT", 1.2)
    assert _codes(_truth("change-of-support", left, right, toes=0.33)) == [[]]


def _pony(share_right):
    return _truth("pony", 1.0 - share_right, share_right)


def test_pony_that_never_reaches_080_is_partial():
    right = _line((0, 0.1), (1, 0.1), (1.2, 0.76), (1.6, 0.76), (1.8, 0.1), (2.4, 0.1))
    assert _codes(_pony(right)) == [[("PARTIAL", 1.2)], []]


def test_pony_from_02_to_08_in_036_s_is_not_simultaneous():
    right = _line((0, 0.1), (1, 0.1), (1 + 0.36 * 0.8 / 0.6, 0.9), (2.2, 0.9), (2.3, 0.1), (3, 0.1))
    (slow, quick) = _codes(_pony(right))
    assert slow[0][0] == "NOT-SIMULTANEOUS"
    assert slow[0][1] == pytest.approx(1.2, abs=0.01)
    assert quick == []


def test_pony_pushes_off_above_115_body_weights():
    right = _line((0, 0.1), (1, 0.1), (1.2, 0.9), (2, 0.9))
    left = 1.0 - right
    left[800:900] = 1.38
    assert _codes(_truth("pony", left, right)) == [[("PUSH", 1.2)]]


def _bumps(times, length_s, peak, seconds):
    force = np.zeros(round(1000 * seconds))
    for start_s in times:
        phase = np.arange(round(1000 * length_s)) / 1000.0 / length_s
        at = round(1000 * start_s)
        force[at : at + len(phase)] += peak * np.sin(np.pi * phase)
    return force


def test_switch_counts_changes_and_tells_stumbles_apart():
    """Right, left, left: one change and a stumble; then right again, another change."""
    right = _bumps((1.0, 2.2), 0.25, 2.0, 3.0)
    left = _bumps((1.4, 1.8), 0.25, 2.0, 3.0)
    truth = _truth("switch", left, right)
    assert [r.side for r in truth.repetitions] == [Foot.LEFT, Foot.RIGHT]
    ((stumble),) = truth.set_faults
    assert (stumble.code, stumble.foot) == ("STUMBLE", Foot.LEFT)
    assert stumble.at_s == pytest.approx(1.8, abs=0.005)


def test_switch_with_both_feet_down_for_over_80_ms():
    """Each sine of 0.3 s at 1.5 BW is ON from 3.8 ms in to 1.9 ms before its end; LONG is 300 ms."""
    late = _truth("switch", _bumps((1.2,), 0.3, 1.5, 3.0), _bumps((1.0, 1.6), 0.3, 1.5, 3.0))
    assert _codes(late)[0] == [("DOUBLE-SUPPORT", pytest.approx((100 - 5.7) / 80, abs=0.02))]
    short = _truth("switch", _bumps((1.22,), 0.3, 1.5, 3.0), _bumps((1.0, 1.6), 0.3, 1.5, 3.0))
    assert _codes(short) == [[], []]


def test_a_contact_of_036_s_is_long():
    """ON at 0.06 and OFF at 0.03 of 2 BW take 1.4 % off a half-sine."""
    truth = _truth("running-lunge", np.zeros(3000), _bumps((1.0, 2.0), 0.365, 2.0, 3.0))
    assert _codes(truth) == [[("LONG", 1.2)], [("LONG", 1.2)]]
    assert _codes(_truth("running-lunge", np.zeros(3000), _bumps((1.0,), 0.3, 2.0, 3.0))) == [[]]


def test_the_rear_foot_s_part_of_a_front_contact():
    """0.3 BW throughout beside a half-sine of 1.2 BW: 0.3 / (0.3 + 1.2 * 2 / pi)."""
    rear = np.full(3000, 0.3)
    truth = _truth("lunge", rear, _bumps((1.0, 1.5), 0.25, 1.2, 3.0))
    share = 0.3 / (0.3 + 1.2 * 2.0 / np.pi)
    (turn,) = truth.repetitions
    assert turn.measures["rear_share"] == pytest.approx(share, abs=0.005)
    assert _codes(truth) == [[("REAR", pytest.approx(share / 0.25, abs=0.02))]]


def test_a_tap_over_half_a_body_weight_is_driven_and_one_over_a_second_is_standing():
    right = _bumps((1.0,), 0.12, 0.6, 6.0) + _bumps((2.0,), 0.12, 0.45, 6.0)
    right += _line((0, 0), (3, 0), (3.01, 0.2), (4.21, 0.2), (4.22, 0), (6, 0))
    truth = _truth("tapping", 1.0 - right, right)
    # 0.88 s lie between the two taps
    late = ("OVER-PULLED", pytest.approx(0.88 / 0.6, abs=0.02))
    assert _codes(truth) == [[("DRIVE", 1.2)], [late]]
    ((standing),) = truth.set_faults
    assert (standing.code, standing.size) == ("PUT-DOWN", pytest.approx(1.22, abs=0.01))


def test_landing_on_toes_and_on_the_heel():
    hops = _bumps((1.0, 1.5, 2.0), 0.25, 2.4, 3.0)
    toes = _codes(_truth("hopping", 0 * hops, hops, toes=0.6))
    y = 0.6 * TOE_Y + 0.4 * BALL_Y
    assert toes == [[], [("TOE-LAND", 1.2), ("PUSH", pytest.approx(y / 0.80, abs=0.01))]]
    first = _truth("lunge", 0 * hops, hops, heel=0.9)
    codes = [code for code, _ in _codes(first)[-1]]
    assert codes == ["HEEL", "HEEL-FIRST"]


def test_hops_are_high_beyond_320_ms_or_60_ms_over_the_first_twelve():
    starts = [1.0 + 0.45 * i for i in range(14)]
    starts += [starts[-1] + 0.45 + 0.08, starts[-1] + 0.45 + 0.08 + 0.25 + 0.39]
    hops = _bumps(starts, 0.25, 2.0, starts[-1] + 1.0)
    truth = _truth("hopping", 0 * hops, hops)
    *usual, higher, highest = truth.repetitions
    assert [r.faults for r in usual] == [()] * len(usual)
    own = 0.2 + 0.25 * (np.arcsin(0.03) + np.arcsin(0.015)) / np.pi
    assert truth.baselines["flight_time_s"] == pytest.approx(own, abs=0.001)
    limit = own + 0.060
    assert [f.code for f in higher.faults + highest.faults] == ["HOP-UP", "HOP-UP"]
    assert higher.faults[0].size == pytest.approx((own + 0.08) / limit, abs=0.01)


def test_single_leg_holds_know_touches_hands_and_drifts():
    left = _line(
        (0, 0.5), (2, 0.5), (2.01, 0), (9, 0), (9.005, 0.2), (9.065, 0.2), (9.07, 0), (12, 0)
    )
    (hold,) = _truth("stance", left, 1.0 - left).repetitions
    assert [f.code for f in hold.faults] == ["TOUCH"]
    assert hold.faults[0].numbers["touch_time_s"] == pytest.approx(0.068, abs=0.002)
    brush = _line(
        (0, 0.5), (2, 0.5), (2.01, 0), (9, 0), (9.005, 0.2), (9.04, 0.2), (9.045, 0), (12, 0)
    )
    (hold,) = _truth("stance", brush, 1.0 - brush).repetitions
    assert (hold.faults, hold.end_s) == ((), None)
    free = _line((0, 0.5), (2, 0.5), (2.01, 0), (12, 0))
    support = 1.0 - free
    support[6000:8000] -= 0.084
    (hold,) = _truth("stance", free, support).repetitions
    assert [(f.code, f.severity, round(f.size, 2)) for f in hold.faults] == [("HAND", "hint", 1.2)]
    toes = _line((0, 0.0), (6, 0.0), (8, 0.9), (12, 0.9))
    (hold,) = _truth("stance", free, 1.0 - free, toes=toes).repetitions
    drift = next(f for f in hold.faults if f.code == "DRIFT")
    assert drift.size == pytest.approx(0.9 * (TOE_Y - BALL_Y) / 0.10, abs=0.02)


def test_sides_that_differ_by_a_quarter_are_asymmetric():
    times = np.arange(1.0, 9.0, 0.8)
    left, right = _bumps(times, 0.28, 2.0, 10.0), _bumps(times + 0.4, 0.22, 2.0, 10.0)
    (uneven,) = _truth("switch", left, right).set_faults
    assert (uneven.code, uneven.severity) == ("ASYM", "fault")
    assert uneven.numbers["symmetry_index"] == pytest.approx(0.06 / 0.25, abs=0.01)


def test_standing_and_walking_on_heels_is_no_contact_s_fault():
    steps = _bumps((1.0, 2.0), 0.5, 1.1, 3.0)
    walked = _truth("walking", 0 * steps, steps, heel=0.9)
    assert {c.heel_touch for c in walked.contacts} == {"load"}
    assert [c.faults for c in walked.contacts] == [(), ()]
    assert walked.repetitions == ()
    hopped = _truth("hopping", 0 * steps, steps, heel=0.9)
    assert [f.code for f in hopped.contacts[0].faults] == ["HEEL", "HEEL-FIRST"]
