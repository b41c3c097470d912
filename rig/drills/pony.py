# SPDX-License-Identifier: GPL-3.0-or-later
"""Pony: the weight goes from one foot to the other with the least range; toes may stay down.

Support is the foot that bears more than half. A repetition is a change of support, s crossing one
half with a swing of at least 0.3; it is counted as soon as the swing is complete. When it is told:
load on the heel while it lasts; a clean change 0.1 s after both feet bore alike, or 0.3 s where the
weight had not yet gone over; faults 1 s after, when the weight has come back or stays. Pressure does
not see the knees or the height of the heel above the ground.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import (
    Contact,
    ContactEvent,
    ContactResult,
    EventKind,
    HeelTouch,
    LoadBlock,
)
from rig.contact.support import HALF
from rig.drills.contact_rules import (
    asymmetry,
    contact_heel,
    landing_drive,
    stood,
    unwanted_flight,
)
from rig.drills.faults import Fault, beyond
from rig.drills.frames import largest
from rig.drills.history import View
from rig.drills.repetitions import Repetition
from rig.drills.share_run import first_where, last_where
from rig.drills.table import (
    Drill,
    Judged,
    Judging,
    Move,
    Pulled,
    PullJudged,
    Signal,
    heel_cue,
    heel_shown,
)
from rig.layout import Foot
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

LONGEST_WATCHED_S = 2.0
"""A support is some half a second; whoever stays longer on a foot has stopped (design choice)."""
SURE_S = 1.0
"""So long after a change it is waited whether the weight goes over, unless it comes back before."""
SOON_S = 0.1
"""And so long after it is looked for the first time; most have gone over by then."""
TOGETHER_FROM = 0.2
PUSH_BEFORE_S = 0.3
AROUND_S = 0.02
LEAST_PACE = 1.0
"""The moment at which both feet bear alike is moved by what the share does within so long of it, if it
goes by at least so much in a second (design choices; a shift of 0.3 s goes by 3)."""
_NO_TOUCH: HeelTouch = "none"
SUPPORT_STATES = ("support left", "support right")

MOVES = (
    Move("waiting", "left bears", "support left"),
    Move("waiting", "right bears", "support right"),
    Move("support left", "to the right", "support right", counts=True),
    Move("support right", "to the left", "support left", counts=True),
    Move("support left", "data broke off", "waiting"),
    Move("support right", "data broke off", "waiting"),
)


class PonyMemory(NamedTuple):
    """`seen` says that the first support is known.

    `since_s`: when the support began by a change; None before the first. `now_s`: the newest frame.
    """

    limits: Thresholds = DEFAULT_THRESHOLDS
    seen: bool = False
    since_s: float | None = None
    now_s: float = -math.inf


def begin(settings: DrillSettings, _participant: Participant) -> PonyMemory:
    return PonyMemory(settings.thresholds)


def watch(
    memory: PonyMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[PonyMemory, list[Signal]]:
    """Changes of support, each from the support phase that it ends."""
    if loads is not None and len(loads):
        memory = memory._replace(now_s=float(loads.force.t_s[-1]))
    decided_s = {e.t_s: e.decided_at_s for e in contact.events if e.kind is EventKind.SUPPORT_END}
    items: list[tuple[float, Contact | ContactEvent]] = [
        (c.last_s if c.off_s is None else decided_s[c.off_s], c) for c in contact.contacts
    ]
    items += [(e.decided_at_s, e) for e in contact.events if e.kind is EventKind.HEEL_TOUCH]
    items.sort(key=lambda item: item[0])
    signals: list[Signal] = []
    for at_s, item in items:
        if isinstance(item, Contact):
            memory = _ended(memory, item, at_s, signals)
        elif _watched(memory, item.t_s):
            cue = heel_cue(item, memory.limits.heel_kiss_pony, memory.limits.heel_load)
            signals.append(Signal("heel touched", item.t_s, cue=cue))
    if not memory.seen and contact.support is not None and loads is not None:
        signals.append(_bears(contact.support, float(loads.force.t_s[-1])))
        memory = memory._replace(seen=True)
    return memory, signals


def _watched(memory: PonyMemory, at_s: float) -> bool:
    """Whether the weight came onto the foot by a change and has not come to rest there."""
    return memory.since_s is not None and at_s - memory.since_s <= LONGEST_WATCHED_S


def _ended(
    memory: PonyMemory, ended: Contact, decided_s: float, signals: list[Signal]
) -> PonyMemory:
    """One support is over: the other foot has taken the weight, or the data broke off."""
    if ended.off_s is None:
        signals.append(Signal("data broke off", math.nan))
        return memory._replace(seen=False, since_s=None)
    taker = Foot(1 - ended.foot)
    if not memory.seen:
        signals.append(_bears(ended.foot, ended.off_s))
    name = "to the left" if taker is Foot.LEFT else "to the right"
    due_s = max(decided_s, ended.off_s + SURE_S)
    pull = Pulled(ended.foot, ended.off_s, max(decided_s, ended.off_s + SOON_S), ended)
    change = _repetition(ended, taker)
    signals.append(Signal(name, ended.off_s, change, due_s, ended, pull=pull))
    return memory._replace(seen=True, since_s=ended.off_s)


def _bears(foot: Foot, t_s: float) -> Signal:
    return Signal("left bears" if foot is Foot.LEFT else "right bears", t_s)


def _repetition(ended: Contact, taker: Foot) -> Repetition:
    """The support that ended gives the measures and, where it began by a shift of weight, the grade.

    The first has no known start: in it the person stood flat, which is no touch of the heel. Nor has
    one that lasted as long as a rest.
    """
    assert ended.off_s is not None  # noqa: S101 - only ended supports come here
    start_s, touch = math.nan, _NO_TOUCH
    measures = {"peak_force_n": ended.peak_force_n}
    if ended.on_s is not None and ended.contact_time_s is not None and not stood(ended):
        start_s, touch = ended.on_s, ended.heel_touch
        measures["support_time_s"] = ended.contact_time_s
    return Repetition("pony", taker, start_s, ended.off_s, touch, measures)


def judge_pull(judging: Judging, ended: Contact) -> PullJudged:
    """The support that ended; rewarded once the weight has gone over whole, and quickly enough."""
    limits, view, foot = judging.limits, judging.view, ended.foot
    assert ended.off_s is not None  # noqa: S101 - only ended supports come here
    at_s = ended.off_s
    found = [_pushed(judging, foot, at_s)]
    if ended.on_s is not None and not stood(ended):
        found.append(contact_heel(ended, limits.heel_kiss_pony, limits.heel_load))
        found.append(unwanted_flight(limits, view, ended.on_s, at_s))
    over = _over(limits, view, foot, at_s)
    waits = not over and view.due_s < at_s + limits.together_s
    again_s = at_s + limits.together_s if waits else None
    return PullJudged(tuple(found), {}, None, over, again_s)


def _over(limits: Thresholds, view: View, foot: Foot, at_s: float) -> bool:
    """Whether the weight has gone from a share of 0.8 to one of 0.2 on the foot, in time."""
    around = view.stretch(at_s - limits.together_s, at_s + limits.together_s)
    share, crossed = around.share(foot), around.place(at_s)
    before, after = share[:crossed], share[crossed:]
    full, gone = last_where(before > 1.0 - TOGETHER_FROM), first_where(after <= TOGETHER_FROM)
    if full is None or gone is None:
        return False
    if first_where(after[gone:] <= 1.0 - limits.partial_share) is None:
        return False
    t_s = around.t_s
    return t_s.item(crossed + gone) - t_s.item(full) <= limits.together_s


def judge(judging: Judging, change: Repetition, ended: Contact) -> Judged:
    """The support that ended, and the shift that ended it."""
    limits, view, at_s = judging.limits, judging.view, change.end_s
    shift, measures = _shift(judging, change)
    of_pull = judging.of_pull(ended) or judge_pull(judging, ended)
    found = [landing_drive(limits, view, at_s, change.side), *shift, *of_pull.found]
    measures = {**change.measures, **measures}
    if "support_time_s" in measures:
        measures["support_time_s"] += _longer_s(view, change)
    return judging.judged(change, *found, measures=measures)


def _longer_s(view: View, change: Repetition) -> float:
    """By how much the support was longer than it seems with insoles that do not read alike.

    They differ by up to 8 %, and both feet then bear alike some 3 ms before or after it seems:
    one side's supports seem longer, and the other's shorter.
    """
    scales = view.scales()
    if scales[0] == scales[1]:
        return 0.0
    began_s = _late_s(view, scales, Foot(1 - change.side), change.start_s)
    ended_s = _late_s(view, scales, change.side, change.end_s)
    return 0.0 if began_s is None or ended_s is None else ended_s - began_s


def _late_s(view: View, scales: tuple[float, float], taker: Foot, at_s: float) -> float | None:
    """How long after it seems both feet bore alike; None where the weight did not go over swiftly."""
    around = view.stretch(at_s - AROUND_S, at_s + AROUND_S)
    if len(around) < 2:
        return None
    share, t_s = around.share(taker), around.t_s
    pace = (share.item(-1) - share.item(0)) / (t_s.item(-1) - t_s.item(0))
    alike = scales[1 - taker] / (scales[0] + scales[1])
    return (alike - HALF) / pace if pace >= LEAST_PACE else None


def _shift(
    judging: Judging, change: Repetition
) -> tuple[list[Fault | str | None], dict[str, float]]:
    """PARTIAL, and NOT-SIMULTANEOUS by the time from a share of 0.2 to one of 0.8."""
    limits, view, at_s = judging.limits, judging.view, change.end_s
    after = view.stretch(at_s, at_s + SURE_S)
    share = after.share(change.side)
    back = _back(share)
    share = share[:back]
    most = _most(share)
    if most < limits.partial_share and back is None and view.last_s() < at_s + SURE_S - 0.02:
        return ["PARTIAL", "NOT-SIMULTANEOUS"], {}
    measures = {"share_max": most}
    left = (1.0 - most) / (1.0 - limits.partial_share)
    partial = beyond("PARTIAL", at_s, left, change.side, dict(measures))
    since_s = max(at_s - SURE_S, -math.inf if math.isnan(change.start_s) else change.start_s)
    before = view.stretch(since_s, at_s)
    below = last_where(before.share(change.side) < TOGETHER_FROM)
    above = first_where(share >= 1.0 - TOGETHER_FROM)
    if below is None or above is None:
        return [partial, "NOT-SIMULTANEOUS"], measures
    measures["shift_time_s"] = after.t_s.item(above) - before.t_s.item(below)
    ratio = measures["shift_time_s"] / limits.together_s
    numbers = {"shift_time_s": measures["shift_time_s"]}
    return [partial, beyond("NOT-SIMULTANEOUS", at_s, ratio, change.side, numbers)], measures


def _most(share: Float64) -> float:
    """The largest share; 0 where nobody stands."""
    most = largest(share) if len(share) else 0.0
    return float(np.fmax.reduce(share, initial=0.0)) if math.isnan(most) else most


def _back(share: Float64) -> int | None:
    """The first frame in which the weight that had come is less than half again."""
    if len(share) == 0:
        return None
    came = int((share >= HALF).argmax()) + 1
    back = first_where(share[came:] < HALF)
    return None if back is None else came + back


def _pushed(judging: Judging, foot: Foot, at_s: float) -> Fault | str | None:
    """The leaving foot's largest force shortly before both bore alike."""
    u = judging.view.stretch(at_s - PUSH_BEFORE_S, at_s).u(foot)
    most = largest(u) if len(u) else math.nan
    return beyond("PUSH", at_s, most / judging.limits.push_pony_bw, foot, {"leaving_bw": most})


def sum_up(limits: Thresholds, changes: tuple[Repetition, ...]) -> tuple[Fault, ...]:
    """ASYM of the support times and peaks."""
    return asymmetry(limits, changes, "support_time_s", ("peak_force_n",))


def alarm(memory: PonyMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """Load on the support foot; a kiss is clean in pony (design choice).

    Nobody's heel is watched before the first change, nor when the changes have stopped: standing flat
    is allowed.
    """
    if state not in SUPPORT_STATES or not _watched(memory, memory.now_s):
        return None
    limits, touch = memory.limits, contact.heel_touch_now[SUPPORT_STATES.index(state)]
    return heel_shown(touch, limits.heel_kiss_pony, limits.heel_load)


PONY = Drill(
    "pony",
    "waiting",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    sum_up,
    frozenset(SUPPORT_STATES),
    weighs=True,
    judge_pull=judge_pull,
)
