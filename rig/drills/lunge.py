# SPDX-License-Identifier: GPL-3.0-or-later
"""Front lunge: the front foot hops, the rear one drags behind; one repetition a landing in front.

The front foot must have borne half the body and been OFF for 60 ms to 2 s. A repetition is judged by
the front contact before it; standing before the first take-off is none. Decision delay: 40 ms after
the landing. When it is told: the heel while it touches; a clean pull of the front foot 30 ms after
its OFF, never the landing; faults with the count. Standing on the rear foot alone between two
contacts is normal. Pressure does not see how far forward the lunge goes, nor what pulls the foot up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from rig.contact.results import (
    Contact,
    ContactEvent,
    ContactResult,
    EventKind,
    HeelTouch,
    LoadBlock,
)
from rig.contact.rules import reference_body_weight_n
from rig.drills.contact_details import contact_details
from rig.drills.contact_rules import contact_heel, heel_first, long_contact, push, stood
from rig.drills.faults import beyond
from rig.drills.frames import sum_of
from rig.drills.history import View
from rig.drills.repetitions import Repetition
from rig.drills.table import (
    Drill,
    Judged,
    Judging,
    Move,
    Pulled,
    PullJudged,
    Signal,
    contact_ended_by,
    heel_cue,
    heel_shown,
    working_foot,
)
from rig.layout import Foot
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SHORTEST_OFF_S, LONGEST_OFF_S = 0.060, 2.0
BORNE_SHARE = 0.5
LONGEST_WATCHED_S = 0.6
"""All are design choices; whoever stays longer on the foot has landed to stand."""

MOVES = (
    Move("waiting", "front on", "on the front foot"),
    Move("on the front foot", "front off", "front foot up"),
    Move("front foot up", "landed", "on the front foot", counts=True),
    Move("front foot up", "front on", "on the front foot"),
    Move("on the front foot", "data broke off", "waiting"),
    Move("front foot up", "data broke off", "waiting"),
)


class LungeMemory(NamedTuple):
    """`before` is the front contact that ended last; `by_landing`: the present one began by a landing
    at `on_s`. `now_s`: the newest frame."""

    foot: Foot
    body_weight_n: float
    limits: Thresholds = DEFAULT_THRESHOLDS
    before: Contact | None = None
    by_landing: bool = False
    on_s: float = math.inf
    now_s: float = -math.inf


def begin(settings: DrillSettings, participant: Participant) -> LungeMemory:
    return LungeMemory(
        working_foot(settings), reference_body_weight_n(participant), settings.thresholds
    )


def watch(
    memory: LungeMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[LungeMemory, list[Signal]]:
    """Signals of the front foot, in the order of decision."""
    if loads is not None and len(loads):
        memory = memory._replace(now_s=float(loads.force.t_s[-1]))
    signals: list[Signal] = []
    for event in contact.events:
        if event.foot != memory.foot:
            continue
        if event.kind is EventKind.FOOT_ON:
            memory = _came(memory, event, signals)
        elif event.kind is EventKind.FOOT_OFF:
            ended = contact_ended_by(event, contact)
            pull = None
            if ended is not None and not stood(ended) and _bore(memory, ended):
                pull = Pulled(memory.foot, event.t_s, event.decided_at_s, ended)
            name = "front off" if ended else "data broke off"
            signals.append(Signal(name, event.t_s, pull=pull))
            memory = memory._replace(before=ended, by_landing=False)
        elif event.kind is EventKind.HEEL_TOUCH and _watched(memory, event.t_s):
            cue = heel_cue(event, memory.limits.heel_kiss, memory.limits.heel_load)
            signals.append(Signal("heel touched", event.t_s, cue=cue))
    return memory, signals


def _watched(memory: LungeMemory, at_s: float) -> bool:
    """Whether the front foot has landed and does not stand yet."""
    return memory.by_landing and at_s - memory.on_s <= LONGEST_WATCHED_S


def _bore(memory: LungeMemory, ended: Contact) -> bool:
    return ended.peak_force_n >= BORNE_SHARE * memory.body_weight_n


def _came(memory: LungeMemory, event: ContactEvent, signals: list[Signal]) -> LungeMemory:
    before, landed_s = memory.before, event.t_s
    off_s = None if before is None else before.off_s
    landed = False
    if before is not None and off_s is not None:
        landed = _bore(memory, before) and SHORTEST_OFF_S <= landed_s - off_s <= LONGEST_OFF_S
    if landed and before is not None and off_s is not None:
        measures = {"off_time_s": landed_s - off_s, "peak_force_n": before.peak_force_n}
        touch: HeelTouch = "none"
        if before.contact_time_s is not None and not stood(before):
            measures["contact_time_s"] = before.contact_time_s
            touch = before.heel_touch
        done = Repetition(
            "lunge",
            memory.foot,
            off_s,
            landed_s,
            touch,
            measures,
            lost_frames=before.lost_frames,
        )
        signals.append(Signal("landed", landed_s, done, event.decided_at_s, before))
    else:
        signals.append(Signal("front on", landed_s))
    return memory._replace(before=None, by_landing=landed, on_s=landed_s)


def judge(judging: Judging, done: Repetition, before: Contact) -> Judged:
    """How the front foot bore the body; of a contact in which the person stood, nothing is said."""
    of_pull = judging.of_pull(before) or judge_pull(judging, before)
    measures = {**done.measures, **of_pull.measures}
    return judging.judged(done, *of_pull.found, measures=measures)


def judge_pull(judging: Judging, before: Contact) -> PullJudged:
    """All that a repetition is judged by: the contact that the pull ended."""
    if before.on_s is None or before.off_s is None or stood(before):
        return PullJudged((), {}, rewarded=False)
    limits, view, foot = judging.limits, judging.view, before.foot
    details = contact_details(view, before)
    rear = _rear_share(view, foot, before.on_s, before.off_s)
    numbers = {"rear_share": rear}
    other = Foot(1 - foot)
    found = (
        beyond("REAR", before.on_s, rear / limits.rear_share, other, numbers),
        long_contact(before, limits.long_contact_s),
        contact_heel(before, limits.heel_kiss, limits.heel_load),
        heel_first(limits, details, before.on_s, foot),
        push(limits, details, before.off_s, foot),
    )
    return PullJudged(found, numbers)


def _rear_share(view: View, front: Foot, on_s: float, off_s: float) -> float:
    """The rear foot's part of the impulse while the front one is down."""
    both = view.stretch(on_s, off_s)
    borne_behind, borne_in_front = sum_of(both.u(Foot(1 - front))), sum_of(both.u(front))
    total = borne_behind + borne_in_front
    return borne_behind / total if total > 0.0 else math.nan


def alarm(memory: LungeMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The front foot's heel after a landing, until whoever landed stands."""
    if state != "on the front foot" or not _watched(memory, memory.now_s):
        return None
    touch = contact.heel_touch_now[memory.foot]
    return heel_shown(touch, memory.limits.heel_kiss, memory.limits.heel_load)


LUNGE = Drill(
    "lunge",
    "waiting",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    heel_states=frozenset({"on the front foot"}),
    looks_back_s=2.5,
    judge_pull=judge_pull,
)
