# SPDX-License-Identifier: GPL-3.0-or-later
"""Heel raise: on one leg the heel comes up, stays up for a moment, and comes down again.

Decision delay: none; a raise is counted with the frame in which the heel is down. Pressure does not
see how high the heel comes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rig.drills.api import (
    ContactResult,
    Drill,
    DrillGuide,
    DrillSettings,
    Foot,
    Judged,
    Judging,
    LoadBlock,
    Move,
    OwnDrill,
    Participant,
    Region,
    Repetition,
    Signal,
    beyond,
    edges,
    no_alarm,
    reference_body_weight_n,
    working_foot,
)

NAME = "heel-raise"
UP_BELOW, DOWN_ABOVE = 0.10, 0.20
"""Heel's share of the foot's load; between the two nothing changes (design choices)."""
STANDS_BW, LIFTED_BW = 0.5, 0.1
LIMITS = {"hold_least_s": 1.0, "help_share": 0.15}
"""The drill's own thresholds: how long the heel stays up at least, and what the other foot may bear."""

MOVES = (
    Move("waiting", "heel lands", "standing"),
    Move("standing", "heel leaves", "raised"),
    Move("raised", "heel lands", "standing", counts=True),
    Move("standing", "foot lifted", "waiting"),
    Move("raised", "foot lifted", "waiting"),
)


@dataclass(frozen=True, slots=True)
class Memory:
    """`held` says which of the three conditions held in the last frame; `left_s` is when the heel left
    the ground, NaN while it is down."""

    foot: Foot
    body_weight_n: float
    held: tuple[bool, bool, bool] = (False, False, False)
    left_s: float = math.nan


def begin(settings: DrillSettings, participant: Participant) -> Memory:
    return Memory(working_foot(settings), reference_body_weight_n(participant))


def watch(
    memory: Memory, loads: LoadBlock | None, _contact: ContactResult
) -> tuple[Memory, list[Signal]]:
    """Signals at the frames in which a condition begins to hold."""
    if loads is None or len(loads) == 0:
        return memory, []
    t_s, foot_n = loads.force.t_s, loads.foot_force_n[:, memory.foot]
    heel_n = loads.region_force_n[:, memory.foot, Region.HEEL]
    stands = foot_n >= STANDS_BW * memory.body_weight_n
    conditions = {
        "heel leaves": stands & (heel_n < UP_BELOW * foot_n),
        "heel lands": stands & (heel_n > DOWN_ABOVE * foot_n),
        "foot lifted": foot_n < LIFTED_BW * memory.body_weight_n,
    }
    begun = [
        (float(t_s[frame]), name)
        for (name, holds), held in zip(conditions.items(), memory.held, strict=True)
        for frame in edges(holds, held)[0]
    ]
    signals: list[Signal] = []
    for at_s, name in sorted(begun):
        memory = _take(memory, name, at_s, signals)
    leaves, lands, lifted = (bool(holds[-1]) for holds in conditions.values())
    return replace(memory, held=(leaves, lands, lifted)), signals


def _take(memory: Memory, name: str, at_s: float, signals: list[Signal]) -> Memory:
    """A raise begins when the heel first leaves; a heel that trembles does not begin it anew."""
    if name == "heel leaves":
        signals.append(Signal(name, at_s))
        return replace(memory, left_s=at_s) if math.isnan(memory.left_s) else memory
    raised = Repetition(NAME, memory.foot, memory.left_s, at_s, heel_touch="none")
    signals.append(Signal(name, at_s, raised, due_s=at_s))
    return replace(memory, left_s=math.nan)


def judge(judging: Judging, raised: Repetition, _about: None) -> Judged:
    """How long the heel was up, what the other foot bore, and whether the toes took over."""
    limits, own, view = judging.limits, judging.limits.of(NAME, LIMITS), judging.view
    held_s = raised.end_s - raised.start_s
    seen = view.stretch(raised.start_s, raised.end_s)
    help_share, toes_s = math.nan, math.nan
    if len(seen):
        help_share = float(np.mean(seen.share(Foot(1 - raised.side))))
        y = seen.cop_ap_mm[:, raised.side] / seen.foot_length_mm
        toes_s = held_s * float(np.mean(y > limits.toe_shift_stance_y))
    numbers = {"held_s": held_s, "help_share": help_share, "toes_s": toes_s}
    at_s, side = raised.end_s, raised.side
    return judging.judged(
        replace(raised, measures=numbers),
        beyond("SHORT-HOLD", at_s, own["hold_least_s"] / held_s, side, numbers),
        beyond("HELP", at_s, help_share / own["help_share"], Foot(1 - side), numbers),
        beyond("TOE-SHIFT", at_s, toes_s / limits.toe_shift_stance_s, side, numbers),
    )


GUIDE = DrillGuide(
    title="Heel raise",
    aim="On one leg, raise the heel, stay up for a moment, and let it down again.",
    counts="One repetition each time the heel is down again.",
    rules=(
        ("SHORT-HOLD", "the heel comes down too soon", ("hold_least_s",), "strength, not speed"),
        ("HELP", "the other foot bears a part of the load", ("help_share",), "one leg"),
        (
            "TOE-SHIFT",
            "the support point stays before the ball",
            ("toe_shift_stance_y", "toe_shift_stance_s"),
            "5: avoid shifting weight over your toes",
        ),
    ),
    unseen="how high the heel comes, nor whether the knee stays straight.",
)

HEEL_RAISE = OwnDrill(
    Drill(NAME, "waiting", MOVES, begin, watch, no_alarm, judge),
    GUIDE,
    contacts_like="change-of-support",
    one_sided=True,
    thresholds=LIMITS,
    counted="raises",
    measure="held_s",
    measure_title="Heel up",
)
