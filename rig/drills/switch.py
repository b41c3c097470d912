# SPDX-License-Identifier: GPL-3.0-or-later
"""Switch: spring from the ball of one foot to that of the other; one repetition a change of support.

Between two supports lies a flight or at most 400 ms on both feet. Two contacts of one foot in a row are
a stumble and no repetition; a landing on both feet at once is one change, not two. A change is judged
by the contact that it ends. Decision delay: 40 ms after the landing, or when the OFF of the foot before
is known. When it is told: the heel while it touches; a clean pull 30 ms after its OFF, never the
landing; faults with the count. Pressure does not see the body's line.
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
from rig.drills.contact_details import contact_details
from rig.drills.contact_rules import asymmetry, contact_heel, long_contact, stood, toe_land
from rig.drills.faults import Fault, beyond
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
)
from rig.layout import Foot
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

LONGEST_BOTH_S = 0.400
LONGEST_FLIGHT_S = 1.0
LONGEST_WATCHED_S = 0.6
TOGETHER_S = 0.050
"""Feet that come out of the air within this have landed at once: no support is so short. All are design
choices."""
_NO_TOUCH: HeelTouch = "none"
SUPPORT_STATES = ("on the left", "on the right")

MOVES = (
    Move("waiting", "left came", "on the left"),
    Move("waiting", "right came", "on the right"),
    Move("on the left", "right came", "on the right"),
    Move("on the right", "left came", "on the left"),
    Move("on the left", "changed", "on the left", counts=True),
    Move("on the right", "changed", "on the right", counts=True),
    Move("on the left", "pulled", "on the left"),
    Move("on the right", "pulled", "on the right"),
    Move("on the left", "data broke off", "waiting"),
    Move("on the right", "data broke off", "waiting"),
)


class SwitchMemory(NamedTuple):
    """`newest` is the foot that came last, at `on_s`, or that still stands when the other is lifted
    before the first change; `waits` says that the change to it waits for the other's OFF. `down` by
    foot, `together` once both came at once. `last` is what ended last. `springs`: a change has been
    counted."""

    limits: Thresholds = DEFAULT_THRESHOLDS
    newest: Foot | None = None
    on_s: float = math.nan
    waits: bool = False
    down: tuple[bool, bool] = (False, False)
    together: bool = False
    last: Contact | None = None
    springs: bool = False
    now_s: float = -math.inf


def begin(settings: DrillSettings, _participant: Participant) -> SwitchMemory:
    return SwitchMemory(settings.thresholds)


def watch(
    memory: SwitchMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[SwitchMemory, list[Signal]]:
    """Signals of both feet, in the order of decision."""
    if loads is not None and len(loads):
        memory = memory._replace(now_s=float(loads.force.t_s[-1]))
    signals: list[Signal] = []
    for event in contact.events:
        if event.kind is EventKind.FOOT_ON:
            memory = _came(memory, event, signals)
        elif event.kind is EventKind.FOOT_OFF:
            memory = _went(memory, event, contact, signals)
        elif event.kind is EventKind.HEEL_TOUCH and _watched(memory, event.t_s):
            cue = heel_cue(event, memory.limits.heel_kiss, memory.limits.heel_load)
            signals.append(Signal("heel touched", event.t_s, cue=cue))
    return memory, signals


def _watched(memory: SwitchMemory, at_s: float) -> bool:
    """Whether somebody springs and does not stand yet."""
    return memory.springs and at_s - memory.on_s <= LONGEST_WATCHED_S


def _came(memory: SwitchMemory, event: ContactEvent, signals: list[Signal]) -> SwitchMemory:
    foot, before = event.foot, memory.newest
    signals.append(Signal(_came_name(foot), event.t_s))
    last = memory.last
    down = memory.down[0] or foot == 0, memory.down[1] or foot == 1
    if before is not None and _at_once(memory, before, event):
        return memory._replace(down=down, together=True)
    memory = memory._replace(newest=foot, on_s=event.t_s, waits=False, down=down)
    if before is None:
        return memory
    if before == foot:
        if last is not None and last.foot == foot:
            fault = Fault("STUMBLE", event.t_s, 1.0, "fault", foot)
            signals.append(Signal("stumbled", event.t_s, set_fault=fault))
        return memory
    if last is not None and last.foot == before:
        return _changed(memory, last, event, signals)
    return memory._replace(waits=True)


def _came_name(foot: Foot) -> str:
    return "left came" if foot is Foot.LEFT else "right came"


def _at_once(memory: SwitchMemory, before: Foot, event: ContactEvent) -> bool:
    """Whether the foot that came before is still down, and has come out of the air with this one."""
    lag_s = event.t_s - memory.on_s
    return before != event.foot and memory.down[before] and lag_s <= TOGETHER_S


def _went(
    memory: SwitchMemory, event: ContactEvent, contact: ContactResult, signals: list[Signal]
) -> SwitchMemory:
    ended = contact_ended_by(event, contact)
    if ended is None:
        signals.append(Signal("data broke off", event.t_s))
        return SwitchMemory(memory.limits, now_s=memory.now_s)
    down = memory.down[0] and event.foot != 0, memory.down[1] and event.foot != 1
    if _pulled(memory, ended, down):
        pull = Pulled(event.foot, event.t_s, event.decided_at_s, ended)
        signals.append(Signal("pulled", event.t_s, pull=pull))
    if memory.together and down[1 - event.foot]:
        memory = _left_standing(memory, event, signals)
    elif memory.waits and event.foot != memory.newest:
        memory = _changed(memory, ended, event, signals)
    elif down[1 - event.foot] and _stands(memory, event.t_s):
        memory = memory._replace(newest=Foot(1 - event.foot), springs=False)
    return memory._replace(last=ended, down=down, together=False)


def _left_standing(
    memory: SwitchMemory, event: ContactEvent, signals: list[Signal]
) -> SwitchMemory:
    """Of the feet that landed at once one is lifted again: the other has the support."""
    foot, both_s = Foot(1 - event.foot), event.t_s - memory.on_s
    springs = not _stands(memory, event.t_s)
    ratio, numbers = both_s / memory.limits.double_support_s, {"double_support_s": both_s}
    found = beyond("DOUBLE-SUPPORT", event.t_s, ratio, foot, numbers)
    fault = found if springs and isinstance(found, Fault) else None
    signals.append(Signal(_came_name(foot), event.t_s, set_fault=fault))
    return memory._replace(newest=foot, springs=springs)


def _pulled(memory: SwitchMemory, ended: Contact, down: tuple[bool, bool]) -> bool:
    """Whether the support foot has left: into the air, or from beside the other that came in time."""
    if ended.off_s is None or stood(ended):
        return False
    if ended.foot == memory.newest:
        return not down[1 - ended.foot]
    return memory.waits and ended.off_s - memory.on_s <= memory.limits.double_support_s


def _stands(memory: SwitchMemory, now_s: float) -> bool:
    """Whether both feet, of which the newest is lifted again, were down to stand."""
    return not memory.springs or now_s - memory.on_s > LONGEST_BOTH_S


def _changed(
    memory: SwitchMemory, ended: Contact, event: ContactEvent, signals: list[Signal]
) -> SwitchMemory:
    """Support has gone from the foot that ended to the newest, if it went quickly."""
    off_s, foot = ended.off_s, memory.newest
    memory = memory._replace(waits=False)
    if off_s is None or foot is None:
        return memory
    both_s = off_s - memory.on_s
    if not -LONGEST_FLIGHT_S <= both_s <= LONGEST_BOTH_S:
        return memory._replace(springs=False)
    measures = {"double_support_s": both_s} if both_s > 0.0 else {"flight_time_s": -both_s}
    start_s, touch = math.nan, _NO_TOUCH
    if ended.on_s is not None and ended.contact_time_s is not None and not stood(ended):
        measures["contact_time_s"] = ended.contact_time_s
        start_s, touch = ended.on_s, ended.heel_touch
    measures["peak_force_n"] = ended.peak_force_n
    change = Repetition("switch", foot, start_s, memory.on_s, touch, measures)
    signals.append(Signal("changed", memory.on_s, change, event.decided_at_s, ended))
    return memory._replace(springs=True)


def judge(judging: Judging, change: Repetition, ended: Contact) -> Judged:
    """How long both feet were down, and how the foot that left had landed."""
    limits = judging.limits
    both_s = change.measures.get("double_support_s", 0.0)
    numbers = {"double_support_s": both_s}
    ratio = both_s / limits.double_support_s
    double = beyond("DOUBLE-SUPPORT", change.end_s, ratio, change.side, numbers)
    of_pull = judging.of_pull(ended) or judge_pull(judging, ended)
    measures = {**change.measures, **of_pull.measures}
    return judging.judged(change, double, *of_pull.found, measures=measures)


def judge_pull(judging: Judging, ended: Contact) -> PullJudged:
    """How the foot that left had landed, and for how long it stayed."""
    if ended.on_s is None or stood(ended):
        return PullJudged((), {}, rewarded=False)
    limits = judging.limits
    details = contact_details(judging.view, ended)
    found = (
        contact_heel(ended, limits.heel_kiss, limits.heel_load),
        toe_land(limits, details, ended.on_s, ended.foot),
        long_contact(ended, limits.long_contact_s),
    )
    return PullJudged(found, {} if math.isnan(details.y_ic) else {"y_ic": details.y_ic})


def sum_up(limits: Thresholds, changes: tuple[Repetition, ...]) -> tuple[Fault, ...]:
    """ASYM of the contact times, peaks and first contacts."""
    return asymmetry(limits, changes, "contact_time_s", ("peak_force_n", "y_ic"))


def alarm(memory: SwitchMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The heel of the foot that came last, once there has been a change and until one stands."""
    if state not in SUPPORT_STATES or not _watched(memory, memory.now_s):
        return None
    touch = contact.heel_touch_now[SUPPORT_STATES.index(state)]
    return heel_shown(touch, memory.limits.heel_kiss, memory.limits.heel_load)


SWITCH = Drill(
    "switch",
    "waiting",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    sum_up,
    frozenset(SUPPORT_STATES),
    looks_back_s=2.5,
    judge_pull=judge_pull,
)
