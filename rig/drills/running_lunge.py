# SPDX-License-Identifier: GPL-3.0-or-later
"""Running lunge: Pose running with the stress on how fast the working leg is pulled up.

One repetition a contact of the working leg of 80 to 450 ms; others are steps or standing. Decision
delay: 30 ms after its OFF. How hard the foot comes down is judged against the person's own first
twelve. When it is told: the heel while it touches; the pull, clean or not, 30 ms after its OFF.
Pressure does not see how high or how straight the heel is pulled.
"""

from __future__ import annotations

import math
import statistics
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
from rig.drills.contact_rules import (
    LEARNT_FROM,
    contact_heel,
    heel_first,
    long_contact,
    toe_shift,
)
from rig.drills.faults import Fault, beyond
from rig.drills.repetitions import Repetition
from rig.drills.table import (
    Drill,
    Judged,
    Judging,
    Move,
    Signal,
    contact_ended_by,
    heel_cue,
    heel_shown,
    working_foot,
)
from rig.layout import Foot
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SHORTEST_S, LONGEST_S = 0.080, 0.450
"""Design choices."""

MOVES = (
    Move("foot up", "foot on", "on the ground"),
    Move("on the ground", "pulled up", "foot up", counts=True),
    Move("on the ground", "stepped", "foot up"),
)


class RunMemory(NamedTuple):
    """`runs`: a contact has been counted; `on_s` is when the newest began, `now_s` the newest frame."""

    foot: Foot
    limits: Thresholds = DEFAULT_THRESHOLDS
    runs: bool = False
    on_s: float = math.inf
    now_s: float = -math.inf


def begin(settings: DrillSettings, _participant: Participant) -> RunMemory:
    return RunMemory(working_foot(settings), settings.thresholds)


def watch(
    memory: RunMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[RunMemory, list[Signal]]:
    """Signals of the working leg, in the order of decision."""
    if loads is not None and len(loads):
        memory = memory._replace(now_s=float(loads.force.t_s[-1]))
    signals: list[Signal] = []
    for event in contact.events:
        if event.foot != memory.foot:
            continue
        if event.kind is EventKind.FOOT_ON:
            signals.append(Signal("foot on", event.t_s))
            memory = memory._replace(on_s=event.t_s)
        elif event.kind is EventKind.FOOT_OFF:
            signals.append(_went(memory, event, contact))
            memory = memory._replace(runs=signals[-1].repetition is not None)
        elif event.kind is EventKind.HEEL_TOUCH and _watched(memory, event.t_s):
            cue = heel_cue(event, memory.limits.heel_kiss, memory.limits.heel_load)
            signals.append(Signal("heel touched", event.t_s, cue=cue))
    return memory, signals


def _watched(memory: RunMemory, at_s: float) -> bool:
    """Whether the working leg runs and has not come to stand."""
    return memory.runs and at_s - memory.on_s <= LONGEST_S


def _went(memory: RunMemory, event: ContactEvent, contact: ContactResult) -> Signal:
    ended = contact_ended_by(event, contact)
    time_s = None if ended is None else ended.contact_time_s
    if ended is None or time_s is None or not SHORTEST_S <= time_s <= LONGEST_S:
        return Signal("stepped", event.t_s)
    on_s = event.t_s - time_s
    measures = {"contact_time_s": time_s, "peak_force_n": ended.peak_force_n}
    done = Repetition("running-lunge", memory.foot, on_s, event.t_s, ended.heel_touch, measures)
    return Signal("pulled up", event.t_s, done, event.decided_at_s, ended)


def judge(judging: Judging, done: Repetition, ended: Contact) -> Judged:
    """How the working leg landed, bore and left."""
    limits, foot = judging.limits, done.side
    details = contact_details(judging.view, ended)
    rate = details.loading_rate_bw_s
    time_s = done.measures["contact_time_s"]
    measures = {
        **done.measures,
        "pull_time_s": (1.0 - details.peak_at) * time_s,
        "loading_rate_bw_s": rate,
    }
    found: list[Fault | str | None] = [
        _driven(limits, judging.learnt, rate, done),
        long_contact(ended, limits.long_running_s),
        contact_heel(ended, limits.heel_kiss, limits.heel_load),
        heel_first(limits, details, ended.on_s, foot),
        toe_shift(limits, details, ended.off_s, foot),
    ]
    judged = judging.judged(done, *found, measures=measures)
    if math.isnan(rate):
        return judged
    return judged._replace(learnt=(*judging.learnt, rate)[:LEARNT_FROM])


def _driven(
    limits: Thresholds, own: tuple[float, ...], rate: float, done: Repetition
) -> Fault | str | None:
    """DRIVE: a loading rate well above the person's own."""
    if len(own) < LEARNT_FROM:
        return "DRIVE"
    ratio = rate / statistics.median(own)
    numbers = {"loading_rate_bw_s": rate, "times_own": ratio}
    return beyond("DRIVE", done.start_s, ratio / limits.drive_times_own, done.side, numbers)


def alarm(memory: RunMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The working leg's heel while it runs; not that of whoever has come to stand."""
    if state != "on the ground" or not _watched(memory, memory.now_s):
        return None
    touch = contact.heel_touch_now[memory.foot]
    return heel_shown(touch, memory.limits.heel_kiss, memory.limits.heel_load)


RUNNING_LUNGE = Drill(
    "running-lunge",
    "foot up",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    heel_states=frozenset({"on the ground"}),
    looks_back_s=2.5,
)
