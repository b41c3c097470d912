# SPDX-License-Identifier: GPL-3.0-or-later
"""Pony: the weight goes from one foot to the other with the least range; toes may stay down.

Support is the foot that bears more than half. A repetition is a change of support, s crossing one
half with a swing of at least 0.3; it is counted as soon as the swing is complete. Pressure does not
see the knees or the height of the heel above the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rig.contact.results import Contact, ContactResult, HeelTouch, LoadBlock
from rig.drills.repetitions import Repetition
from rig.drills.table import Drill, Move, Signal
from rig.layout import Foot
from rig.settings import Participant, Side

LONGEST_WATCHED_S = 2.0
"""A support is some half a second; whoever stays longer on a foot has stopped (design choice)."""
SUPPORT_STATES = ("support left", "support right")

MOVES = (
    Move("waiting", "left bears", "support left"),
    Move("waiting", "right bears", "support right"),
    Move("support left", "to the right", "support right", counts=True),
    Move("support right", "to the left", "support left", counts=True),
    Move("support left", "data broke off", "waiting"),
    Move("support right", "data broke off", "waiting"),
)


@dataclass(frozen=True, slots=True)
class PonyMemory:
    """`seen` says that the first support is known.

    `since_s`: when the support began by a change; None before the first. `now_s`: the newest frame.
    """

    seen: bool = False
    since_s: float | None = None
    now_s: float = -math.inf


def begin(_side: Side, _participant: Participant) -> PonyMemory:
    return PonyMemory()


def watch(
    memory: PonyMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[PonyMemory, list[Signal]]:
    """Changes of support, each from the support phase that it ends."""
    if loads is not None and len(loads):
        memory = replace(memory, now_s=float(loads.force.t_s[-1]))
    signals: list[Signal] = []
    for ended in contact.contacts:
        if ended.off_s is None:
            signals.append(Signal("data broke off", math.nan))
            memory = replace(memory, seen=False, since_s=None)
            continue
        taker = Foot(1 - ended.foot)
        if not memory.seen:
            signals.append(_bears(ended.foot, ended.off_s))
            memory = replace(memory, seen=True)
        name = "to the left" if taker is Foot.LEFT else "to the right"
        signals.append(Signal(name, ended.off_s, _repetition(ended, taker)))
        memory = replace(memory, since_s=ended.off_s)
    if not memory.seen and contact.support is not None and loads is not None:
        signals.append(_bears(contact.support, float(loads.force.t_s[-1])))
        memory = replace(memory, seen=True)
    return memory, signals


def _bears(foot: Foot, t_s: float) -> Signal:
    return Signal("left bears" if foot is Foot.LEFT else "right bears", t_s)


def _repetition(ended: Contact, taker: Foot) -> Repetition:
    """The support that ended gives the measures and, where it began by a shift of weight, the grade.

    The first has no known start: in it the person stood flat, which is no touch of the heel.
    """
    assert ended.off_s is not None  # noqa: S101 - only ended supports come here
    start_s = math.nan if ended.on_s is None else ended.on_s
    touch: HeelTouch = "none" if ended.on_s is None else ended.heel_touch
    measures = {"peak_force_n": ended.peak_force_n}
    if ended.contact_time_s is not None:
        measures["support_time_s"] = ended.contact_time_s
    return Repetition("pony", taker, start_s, ended.off_s, touch, measures)


def alarm(memory: PonyMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """Load on the support foot; a kiss is clean in pony (design choice).

    Nobody's heel is watched before the first change, nor when the changes have stopped: standing flat
    is allowed.
    """
    if state not in SUPPORT_STATES or memory.since_s is None:
        return None
    if memory.now_s - memory.since_s > LONGEST_WATCHED_S:
        return None
    graded = contact.heel_touch_now[SUPPORT_STATES.index(state)]
    return "load" if graded == "load" else "none"


PONY = Drill("pony", "waiting", MOVES, begin, watch, alarm)
