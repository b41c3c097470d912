# SPDX-License-Identifier: GPL-3.0-or-later
"""Motions that mostly stand: the Pose stance, quiet trials, calibration stances, sitting down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle
from math import inf

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    POSE_Y,
    STAND_Y,
    WORKING,
    Phrase,
    Posture,
    half_sine,
    hold,
    lift,
    move,
    on_one_leg,
    set_down,
    then,
)
from rig.simulate.script_parts import (
    CAREFUL_SWAY,
    Performer,
    flank_part_above,
    perform,
    plateau,
    scaled,
    sine_length_s,
    visiting,
    with_extra,
)

TOE_LINE_Y = 0.81
LEG_HOLD_S, BETWEEN_LEGS_S = 140.0, 3.0
"""Three trials of 45 s with the moments between them."""
LEAN_EVERY_S, FIRST_LEAN_S = 13.15, 5.0
"""8 s of leaning, 3 s of pause, 2 s of rest and 0.15 s until the trial's end is sure. The first cue
comes 2 s after the start key, and that within two seconds."""
LEAN_SHARE, LEAN_FORWARD, LEAN_BACK = 0.25, 0.20, 0.09
"""Of the weight to a side and of the sole's length: about half of the way to the targets."""


def stance(
    who: Performer,
    limit_s: float = inf,
    stand_s: float = 6.0,
    hold_s: float = 10.0,
    first: int = WORKING,
) -> Iterator[Phrase]:
    """Quiet on both feet, then Pose holds on each leg in turn."""

    def holds() -> Iterator[Phrase]:
        for role in cycle((first, 1 - first)):
            slip = who.intentions.next()
            sway = CAREFUL_SWAY if slip else 1.0
            forward = 0.03 if "TOE-SHIFT" in slip else 0.0
            leg = on_one_leg(role, POSE_Y + forward + who.near(0.004), sway)
            seconds = hold_s * who.jitter()
            if slip:
                who.rng.random(2)
                held = _faulty_hold(who, leg, role, seconds, slip)
            else:
                held = who.maybe_dip(hold(leg, seconds), role, 0.4 * seconds, 1.0)
            down = set_down(held.end, BOTH_FEET, who.jitter())
            up = lift(BOTH_FEET, leg, who.jitter())
            yield then(then(up, held), then(down, hold(BOTH_FEET, stand_s * who.jitter())))

    return perform([hold(BOTH_FEET, stand_s)], holds(), [], limit_s)


def _faulty_hold(
    who: Performer, leg: Posture, role: int, seconds: float, slip: Mapping[str, float]
) -> Phrase:
    """A hold in which something goes wrong once it has lasted four seconds."""
    ((code, size),) = slip.items()
    held, start_s = hold(leg, seconds), 0.45 * seconds
    free, base_y = 1 - role, leg.posture_y[role]
    if code in ("HEEL-KISS", "HEEL-LOAD"):
        share = (0.10 if code == "HEEL-KISS" else 0.25) * size
        return visiting(held, role, who.sole.posture_with_heel(share), start_s, 0.1, 0.15)
    if code == "TOE-SHIFT":
        top_y = who.sole.posture_at(0.835)
        above = flank_part_above((who.sole.posture_at(TOE_LINE_Y) - base_y) / (top_y - base_y))
        flat_s = max(0.0, 0.5 * size - 2.0 * 0.1 * above)
        return visiting(held, role, top_y, start_s, 0.1, flat_s)
    if code == "DRIFT":
        far = _with_posture(leg, role, who.sole.posture_drifted(base_y, size))
        rest_s = seconds - start_s - 1.5
        return then(hold(leg, start_s), then(move(leg, far, 1.5), hold(far, rest_s)))
    if code == "TOUCH":
        return _touching(who, held, free, 0.65 * seconds, 0.050 * size)
    return scaled(held, lambda t_s: 1.0 - 0.07 * size * plateau(t_s, start_s, 0.5, 2.0))


def _with_posture(leg: Posture, role: int, posture_y: float) -> Posture:
    y = (posture_y, LIFTED_Y) if role == WORKING else (LIFTED_Y, posture_y)
    return Posture(leg.load_bw, y, leg.sway)


def _touching(who: Performer, held: Phrase, free: int, start_s: float, time_s: float) -> Phrase:
    """The free foot meets the ground, taking over part of the load."""
    peak_bw = max(0.15, 4.0 * who.tap_on_bw)
    length_s = sine_length_s(time_s, peak_bw * time_s * 2.0 / np.pi, who.tap_on_bw)

    def tap(t_s: Float64) -> Float64:
        return peak_bw * half_sine((t_s - start_s) / length_s)

    return with_extra(with_extra(held, free, tap), 1 - free, lambda t_s: -tap(t_s))


def standing(posture: Posture) -> Iterator[Phrase]:
    """One posture for ever; only sway moves."""
    while True:
        yield hold(posture, 60.0)


def quiet(_who: Performer) -> Iterator[Phrase]:
    """Both feet; sway is the motion's own."""
    return standing(BOTH_FEET)


def single_leg(_who: Performer) -> Iterator[Phrase]:
    """On the other foot's behalf: the working foot bears all, flat enough to stand on for long."""
    return standing(on_one_leg(WORKING, POSE_Y))


def leg_by_leg(_who: Performer) -> Iterator[Phrase]:
    """Long on the working foot, then as long on the other one, and so on."""
    yield hold(BOTH_FEET, BETWEEN_LEGS_S)
    for role in cycle((WORKING, OTHER)):
        leg = on_one_leg(role, POSE_Y)
        yield then(lift(BOTH_FEET, leg, 0.6), hold(leg, LEG_HOLD_S))
        yield then(set_down(leg, BOTH_FEET, 0.6), hold(BOTH_FEET, BETWEEN_LEGS_S))


def leaning(_who: Performer) -> Iterator[Phrase]:
    """To the front, then clockwise for whose right foot is the working one; both feet stay down."""
    yield hold(BOTH_FEET, FIRST_LEAN_S)
    there_s, held_s, back_s = 1.2, 3.6, 1.5
    for place in cycle(range(8)):
        angle = 0.25 * np.pi * place
        share = LEAN_SHARE * float(np.sin(angle))
        ahead = float(np.cos(angle))
        y = STAND_Y + (LEAN_FORWARD if ahead > 0.0 else LEAN_BACK) * ahead
        leant = Posture((0.5 + share, 0.5 - share), (y, y))
        yield then(move(BOTH_FEET, leant, there_s), hold(leant, held_s))
        rest_s = LEAN_EVERY_S - there_s - held_s - back_s
        yield then(move(leant, BOTH_FEET, back_s), hold(BOTH_FEET, rest_s))


def on_both(posture_y: float) -> Iterator[Phrase]:
    """Both feet in one posture."""
    return standing(Posture((0.5, 0.5), (posture_y, posture_y)))


def holding_on(who: Performer) -> Iterator[Phrase]:
    """Both feet, with the hands on a rail that takes up to a sixth of the weight."""
    before = BOTH_FEET
    yield hold(before, 5.0)
    while True:
        part = 0.5 * (1.0 - who.rng.uniform(0.02, 0.16))
        after = Posture((part, part), (STAND_Y, STAND_Y))
        yield then(move(before, after, 1.0), hold(after, who.rng.uniform(1.0, 3.0)))
        before = after


def shifting(who: Performer) -> Iterator[Phrase]:
    """Gently from side to side with the fingertips on something, as the visit check asks."""
    before = BOTH_FEET
    yield hold(before, 2.0)
    for role in cycle((WORKING, OTHER)):
        total = 1.0 - who.rng.uniform(0.0, 0.03)
        most = who.rng.uniform(0.64, 0.72)
        share = (most, 1.0 - most) if role == WORKING else (1.0 - most, most)
        y = (STAND_Y + who.near(0.01), STAND_Y + who.near(0.01))
        after = Posture((share[0] * total, share[1] * total), y)
        yield then(move(before, after, 1.3 * who.jitter()), hold(after, 0.2))
        before = after


def sitting(who: Performer) -> Iterator[Phrase]:
    """Stands, sits down so that the feet bear little, sits, and stands up again."""
    while True:
        left, right = (float(who.rng.uniform(0.05, 0.12)) for _ in range(2))
        seated = Posture((left, right), (0.42, 0.42), 0.1)
        leaning = Posture((0.55, 0.55), (0.50, 0.50), 0.3)
        yield hold(BOTH_FEET, 4.0 * who.jitter())
        yield move(BOTH_FEET, leaning, 0.6 * who.jitter())
        yield move(leaning, seated, 0.9 * who.jitter())
        yield hold(seated, 6.0 * who.jitter())
        yield move(seated, leaning, 0.7 * who.jitter())
        yield move(leaning, BOTH_FEET, 0.6 * who.jitter())
