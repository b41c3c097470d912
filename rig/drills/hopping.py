# SPDX-License-Identifier: GPL-3.0-or-later
"""Hopping on one leg: stance, flight, landing on the same foot; one repetition a landing.

Decision delay: a landing is counted 40 ms after it, when its contact is long enough to be one. When
it is told: the heel while it touches; a clean pull 30 ms after its OFF, never the landing; the faults
of a contact and the flight after it when that has landed. A take-off from standing is no pull to
reward. Pressure does not see how high the body rises other than by the time of flight.
"""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from typing import NamedTuple

import numpy as np

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
from rig.drills.contact_rules import LEARNT_FROM, contact_heel, push, stood, toe_land
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
    working_foot,
)
from rig.layout import Foot
from rig.settings import STANDARD_GRAVITY_M_S2, DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SHORTEST_FLIGHT_S, LONGEST_FLIGHT_S = 0.030, 1.0
"""Whoever is off the ground for longer has stepped off (design choice)."""
AIRBORNE_SHARE = 0.10
"""Of the body weight: a free foot that brushes the ground with less does not end a flight."""
FREE_FOOT_SHARE = 0.50
"""Of the body weight on the free foot: the person stands on both feet (both design choices)."""
LONGEST_WATCHED_S = 0.6
"""A hop's contact lasts some 0.2 to 0.3 s; whoever stays twice as long has landed to stand (design
choice)."""

LONGEST_PERIOD_S = 1.0
LEAST_PERIODS = 6
"""Of rhythm: a longer wait is a pause, and fewer periods vary by chance (design choices)."""

MOVES = (
    Move("waiting", "on one leg", "on the ground"),
    Move("on the ground", "took off", "in flight"),
    Move("on the ground", "free foot loaded", "waiting"),
    Move("on the ground", "data broke off", "waiting"),
    Move("in flight", "landed", "on the ground", counts=True),
    Move("in flight", "stepped", "waiting"),
    Move("in flight", "free foot loaded", "waiting"),
    Move("in flight", "data broke off", "waiting"),
)


_WATCHED = (EventKind.FOOT_ON, EventKind.FOOT_OFF, EventKind.HEEL_TOUCH)


class Hop(NamedTuple):
    """What a hop is judged by: the contact before it, which `landed` says a landing began."""

    before: Contact
    flight_s: float
    landed: bool


class HopMemory(NamedTuple):
    """`by_landing`: the hop foot's newest contact began by a landing, not by standing or a step.

    `free_until_s`: until when the free foot bore weight; infinite while it is ON. `on_s`: when the
    hop foot last came down. `now_s`: the newest frame.
    """

    foot: Foot
    body_weight_n: float
    limits: Thresholds = DEFAULT_THRESHOLDS
    hop_on: bool = False
    free_on: bool = False
    free_until_s: float = -math.inf
    free_loaded: bool = False
    took_off: Contact | None = None
    by_landing: bool = False
    on_s: float = math.inf
    now_s: float = -math.inf


def begin(settings: DrillSettings, participant: Participant) -> HopMemory:
    return HopMemory(
        working_foot(settings), reference_body_weight_n(participant), settings.thresholds
    )


def watch(
    memory: HopMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[HopMemory, list[Signal]]:
    """Signals of hop foot and free foot, by the time at which they were decided."""
    items: list[tuple[float, ContactEvent | None]] = [
        (e.decided_at_s, e) for e in contact.events if e.kind in _WATCHED
    ]
    if loads is not None and len(loads):
        free_n = loads.foot_force_n[:, 1 - memory.foot]
        loaded = free_n > FREE_FOOT_SHARE * memory.body_weight_n
        begins = loaded & ~np.concatenate(([memory.free_loaded], loaded[:-1]))
        items += [(float(t), None) for t in loads.force.t_s[begins]]
        now_s = float(loads.force.t_s[-1])
        memory = memory._replace(free_loaded=bool(loaded[-1]), now_s=now_s)
    items.sort(key=lambda item: (item[0], item[1] is not None))
    signals: list[Signal] = []
    for at_s, event in items:
        if event is None:
            signals.append(Signal("free foot loaded", at_s))
        elif event.foot == memory.foot:
            memory = _hop_foot(memory, event, contact, signals)
        else:
            memory = _free_foot(memory, event, contact, signals)
    return memory, signals


def _hop_foot(
    memory: HopMemory, event: ContactEvent, contact: ContactResult, signals: list[Signal]
) -> HopMemory:
    if event.kind is EventKind.FOOT_ON:
        landing = _landing(memory, event)
        signals.append(landing)
        if not memory.free_on:
            signals.append(Signal("on one leg", event.t_s))
        by_landing = landing.name == "landed"
        return memory._replace(hop_on=True, by_landing=by_landing, on_s=event.t_s)
    if event.kind is EventKind.FOOT_OFF:
        ended = contact_ended_by(event, contact)
        sprang = ended is not None and memory.by_landing and not stood(ended)
        pull = None
        if ended is not None and sprang and not memory.free_on:
            pull = Pulled(memory.foot, event.t_s, event.decided_at_s, ended)
        name = "took off" if ended else "data broke off"
        signals.append(Signal(name, event.t_s, pull=pull))
        return memory._replace(hop_on=False, took_off=ended, by_landing=sprang)
    watched = memory.by_landing and event.t_s - memory.on_s <= LONGEST_WATCHED_S
    if event.kind is EventKind.HEEL_TOUCH and watched:
        cue = heel_cue(event, memory.limits.heel_kiss, memory.limits.heel_load)
        signals.append(Signal("heel touched", event.t_s, cue=cue))
    return memory


def _free_foot(
    memory: HopMemory, event: ContactEvent, contact: ContactResult, signals: list[Signal]
) -> HopMemory:
    if event.kind is EventKind.FOOT_ON:
        return memory._replace(free_on=True)
    if event.kind is EventKind.FOOT_OFF:
        ended = contact_ended_by(event, contact)
        bore = ended is None or ended.peak_force_n >= AIRBORNE_SHARE * memory.body_weight_n
        if memory.hop_on:
            signals.append(Signal("on one leg", event.t_s))
        until_s = event.t_s if bore else memory.free_until_s
        return memory._replace(free_on=False, free_until_s=until_s)
    return memory


def _landing(memory: HopMemory, event: ContactEvent) -> Signal:
    """A landing after a flight, or a step where the free foot held the body meanwhile.

    A hop is graded by the contact that its predecessor landed in; who takes off from standing has
    stood on the heel without touching down on it, so that hop has no touch.
    """
    before, landed_s = memory.took_off, event.t_s
    if before is None or before.off_s is None:
        return Signal("stepped", landed_s)
    flight_s = landed_s - before.off_s
    borne = memory.free_on or memory.free_until_s > before.off_s
    if borne or not SHORTEST_FLIGHT_S <= flight_s <= LONGEST_FLIGHT_S:
        return Signal("stepped", landed_s)
    measures = {
        "flight_time_s": flight_s,
        "height_mm": 1000.0 * STANDARD_GRAVITY_M_S2 * flight_s**2 / 8.0,
        "peak_force_n": before.peak_force_n,
    }
    if before.contact_time_s is not None and not stood(before):
        measures["contact_time_s"] = before.contact_time_s
    touch: HeelTouch = before.heel_touch if memory.by_landing else "none"
    lost = before.lost_frames
    hop = Repetition(
        "hopping", memory.foot, before.off_s, landed_s, touch, measures, lost_frames=lost
    )
    about = Hop(before, flight_s, memory.by_landing)
    return Signal("landed", landed_s, hop, event.decided_at_s, about)


def judge_pull(judging: Judging, before: Contact) -> PullJudged:
    """How the foot bore the body in a contact that a landing began."""
    limits, foot = judging.limits, before.foot
    details = contact_details(judging.view, before)
    found = (
        contact_heel(before, limits.heel_kiss, limits.heel_load),
        toe_land(limits, details, before.on_s, foot),
        push(limits, details, before.off_s, foot),
    )
    return PullJudged(found, {})


def judge(judging: Judging, hop: Repetition, about: Hop) -> Judged:
    """Flights always; how the foot bore the body only where it had landed in that contact."""
    limits, flights, foot = judging.limits, judging.learnt, hop.side
    learnt = len(flights) >= LEARNT_FROM
    limit_s = limits.flight_s
    if learnt:
        limit_s = min(limit_s, statistics.median(flights) + limits.flight_over_own_s)
    numbers = {"flight_time_s": about.flight_s, "limit_s": limit_s}
    high = beyond("HOP-UP", hop.start_s, about.flight_s / limit_s, foot, numbers)
    if high is None and not learnt:
        high = "HOP-UP"
    found: list[Fault | str | None] = [high]
    if about.landed:
        before = about.before
        found += (judging.of_pull(before) or judge_pull(judging, before)).found
    judged = judging.judged(hop, *found)
    return judged._replace(learnt=(*flights, about.flight_s)[:LEARNT_FROM])


def sum_up(limits: Thresholds, hops: tuple[Repetition, ...]) -> tuple[Fault, ...]:
    """RHYTHM: how much the times from landing to landing vary, of hops that follow each other."""
    periods = [b.end_s - a.end_s for a, b in pairwise(hops) if b.end_s - a.end_s < LONGEST_PERIOD_S]
    if len(periods) < LEAST_PERIODS:
        return ()
    variation = statistics.pstdev(periods) / statistics.fmean(periods)
    numbers = {"variation": variation}
    found = beyond("RHYTHM", hops[-1].end_s, variation / limits.rhythm_variation, None, numbers)
    return (found,) if isinstance(found, Fault) else ()


def alarm(memory: HopMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The hop foot's grade from the first take-off on: standing flat before it is no landing.

    Nor is it one after the last hop, when the heel is let down to stand.
    """
    if state == "waiting" or memory.took_off is None:
        return None
    if memory.hop_on and memory.now_s - memory.on_s > LONGEST_WATCHED_S:
        return None
    touch = contact.heel_touch_now[memory.foot]
    return heel_shown(touch, memory.limits.heel_kiss, memory.limits.heel_load)


HOPPING = Drill(
    "hopping",
    "waiting",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    sum_up,
    frozenset({"on the ground", "in flight"}),
    looks_back_s=2.5,
    judge_pull=judge_pull,
)
