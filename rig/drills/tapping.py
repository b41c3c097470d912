# SPDX-License-Identifier: GPL-3.0-or-later
"""Foot tapping on one leg: the tapping foot meets the ground and is pulled up; one repetition a pull.

A tap is a contact of the tapping foot of at most one second; longer, the foot was put down and the
set ends. Decision delay: a tap is counted 30 ms after its OFF. Taps shorter than 150 ms can only be
cued after the contact. When it is told: the pull, clean or not, 30 ms after the OFF. Pressure does
not see how high the foot is pulled.
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
from rig.contact.rules import reference_body_weight_n
from rig.drills.contact_details import contact_details, heel_over
from rig.drills.contact_rules import graded_heel, heel_first, long_contact
from rig.drills.faults import Fault, beyond
from rig.drills.repetitions import Repetition
from rig.drills.share_run import corrected_shares, edges
from rig.drills.table import (
    Drill,
    Judged,
    Judging,
    Move,
    Signal,
    contact_ended_by,
    heel_cue,
    heel_shown,
    touch_now,
    working_foot,
)
from rig.layout import Foot
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SUPPORT_SHARE = 0.75
SUPPORT_MEAN_S = 1.0
PUT_DOWN_S = 1.0
LONGEST_LIFT_S = 2.0
"""All are design choices; whoever keeps the foot up for longer rests."""

MOVES = (
    Move("waiting", "support set", "foot up"),
    Move("foot up", "tap on", "tap"),
    Move("tap", "pulled up", "foot up", counts=True),
    Move("tap", "put down", "waiting"),
    Move("tap", "data broke off", "waiting"),
    Move("foot up", "data broke off", "waiting"),
    Move("foot up", "support lost", "waiting"),
    Move("tap", "support lost", "waiting"),
)


class Tap(NamedTuple):
    """What a tap is judged by; `before_s` is since when the other leg stands alone, `pulled_s` when
    the foot was pulled up from the tap before, NaN where there was none."""

    contact: Contact
    before_s: float
    pulled_s: float


class TapMemory(NamedTuple):
    """`sums` are running sums of the support foot's share over the last second of frames; `before_s`
    is when the tapping foot was last pulled up or the support was set, `pulled_s` when from a tap."""

    foot: Foot
    body_weight_n: float
    sums: Float64 = np.zeros(1)
    supported: bool = False
    on_s: float | None = None
    down: bool = False
    before_s: float = math.nan
    pulled_s: float = math.nan
    limits: Thresholds = DEFAULT_THRESHOLDS


def begin(settings: DrillSettings, participant: Participant) -> TapMemory:
    return TapMemory(
        working_foot(settings), reference_body_weight_n(participant), limits=settings.thresholds
    )


def watch(
    memory: TapMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[TapMemory, list[Signal]]:
    """Signals of the tapping foot and of the support, by the time at which they were decided."""
    items: list[tuple[float, int, ContactEvent | bool]] = [
        (e.decided_at_s, 1, e)
        for e in contact.events
        if e.foot == memory.foot or e.kind is EventKind.HEEL_TOUCH
    ]
    last_s = -math.inf
    if loads is not None and len(loads):
        memory, rises, falls = _support_edges(memory, loads, contact)
        items += [(t, 0, True) for t in rises] + [(t, 0, False) for t in falls]
        last_s = float(loads.force.t_s[-1])
    items.sort(key=lambda item: item[:2])
    supported = memory.supported
    if items or loads is not None:
        supported = _supported_before(items, supported)
    signals: list[Signal] = []
    for at_s, _, item in items:
        memory = _put_down(memory, at_s, signals)
        if isinstance(item, bool):
            supported = item
            if not item:
                signals.append(Signal("support lost", at_s))
            elif memory.on_s is None:
                signals.append(Signal("support set", at_s))
                memory = memory._replace(before_s=at_s)
        else:
            memory = _tap_foot(memory, item, contact, supported, signals)
    return _put_down(memory, last_s, signals), signals


def _supported_before(items: list[tuple[float, int, ContactEvent | bool]], after: bool) -> bool:
    """Whether the support held before the block: the opposite of its first edge, if it had one."""
    for _, _, item in items:
        if isinstance(item, bool):
            return not item
    return after


def _support_edges(
    memory: TapMemory, loads: LoadBlock, contact: ContactResult
) -> tuple[TapMemory, list[float], list[float]]:
    """When the support foot's mean share over one second passes its threshold."""
    standing = (Foot(1 - memory.foot),)
    (share,) = corrected_shares(loads, contact, memory.body_weight_n, standing)
    window = max(1, round(SUPPORT_MEAN_S * loads.force.segment.hello.scan_rate_hz))
    before = len(memory.sums)
    sums = np.concatenate((memory.sums, share))
    np.add.accumulate(sums[before - 1 :], out=sums[before - 1 :])
    supported = np.zeros(len(share), np.bool_)
    first = max(before, window)
    if first < len(sums):
        sum_now, sum_earlier = sums[first:], sums[first - window : -window]
        supported[first - before :] = sum_now - sum_earlier >= SUPPORT_SHARE * window
    rises, falls = edges(supported, memory.supported)
    t_s = loads.force.t_s
    kept = memory._replace(sums=sums[-(window + 1) :], supported=bool(supported[-1]))
    return kept, [float(t) for t in t_s[rises]], [float(t) for t in t_s[falls]]


def _tap_foot(
    memory: TapMemory,
    event: ContactEvent,
    contact: ContactResult,
    supported: bool,
    signals: list[Signal],
) -> TapMemory:
    if event.foot != memory.foot:
        cue = heel_cue(event, memory.limits.heel_kiss_tapping, memory.limits.heel_load_tapping)
        signals.append(Signal("heel touched", event.t_s, cue=cue))
        return memory
    if event.kind is EventKind.FOOT_ON:
        signals.append(Signal("tap on", event.t_s))
        return memory._replace(on_s=event.t_s, down=False)
    if event.kind is EventKind.FOOT_OFF:
        ended = contact_ended_by(event, contact)
        pulled_s = math.nan
        if ended is None:
            signals.append(Signal("data broke off", event.t_s))
        else:
            pulled_up = _pulled_up(memory, ended, event)
            signals.append(pulled_up)
            pulled_s = math.nan if pulled_up.repetition is None else event.t_s
            if supported:
                signals.append(Signal("support set", event.t_s))
        return memory._replace(on_s=None, down=False, before_s=event.t_s, pulled_s=pulled_s)
    return memory


def _pulled_up(memory: TapMemory, ended: Contact, event: ContactEvent) -> Signal:
    duration_s, t_s = ended.contact_time_s, event.t_s
    if duration_s is None or ended.on_s is None:
        return Signal("put down", t_s)
    if duration_s > PUT_DOWN_S:
        numbers = {"contact_time_s": duration_s}
        size = duration_s / PUT_DOWN_S
        fault = Fault("PUT-DOWN", ended.on_s, size, "fault", memory.foot, numbers)
        return Signal("put down", t_s, set_fault=fault)
    measures = {"contact_time_s": duration_s, "peak_force_n": ended.peak_force_n}
    tap = Repetition("tapping", memory.foot, ended.on_s, t_s, ended.heel_touch, measures)
    about = Tap(ended, memory.before_s, memory.pulled_s)
    return Signal("pulled up", t_s, tap, event.decided_at_s, about)


def judge(judging: Judging, repetition: Repetition, about: Tap) -> Judged:
    """How the tapping foot met the ground; the standing leg's heel is no more than a hint."""
    limits, tap = judging.limits, about.contact
    details = contact_details(judging.view, tap)
    peak_bw = tap.peak_force_n / judging.view.body_weight_n
    numbers = {"peak_bw": peak_bw}
    hard = beyond("DRIVE", repetition.start_s, peak_bw / limits.drive_tap_bw, tap.foot, numbers)
    support = Foot(1 - tap.foot)
    from_s = repetition.start_s if math.isnan(about.before_s) else about.before_s
    graded = heel_over(judging.view, support, from_s, repetition.end_s)
    heel = None
    if graded is not None:
        heel = graded_heel(
            graded, from_s, support, limits.heel_kiss_tapping, limits.heel_load_tapping
        )
    return judging.judged(
        repetition,
        heel_first(limits, details, tap.on_s, tap.foot),
        long_contact(tap, limits.long_tap_s),
        hard,
        heel,
        _over_pulled(limits, about),
    )


def _over_pulled(limits: Thresholds, about: Tap) -> Fault | str | None:
    """OVER-PULLED: up for long before the tap; only a hint, as pressure does not see how high."""
    up_s = math.nan if about.contact.on_s is None else about.contact.on_s - about.pulled_s
    if math.isnan(up_s) or up_s > LONGEST_LIFT_S:
        return None
    ratio, foot = up_s / limits.over_pulled_s, about.contact.foot
    return beyond("OVER-PULLED", about.pulled_s, ratio, foot, {"lifted_time_s": up_s}, "hint")


def _put_down(memory: TapMemory, now_s: float, signals: list[Signal]) -> TapMemory:
    """The tapping foot has been ON for more than a second (a waiting OFF may be 150 ms late)."""
    if memory.on_s is None or memory.down or now_s - memory.on_s <= PUT_DOWN_S + 0.15:
        return memory
    signals.append(Signal("put down", memory.on_s + PUT_DOWN_S))
    return memory._replace(down=True)


def alarm(memory: TapMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The standing leg's heel, as far as the profile minds it."""
    if state == "waiting":
        return None
    limits, touch = memory.limits, touch_now(contact, Foot(1 - memory.foot))
    return heel_shown(touch, limits.heel_kiss_tapping, limits.heel_load_tapping)


TAPPING = Drill(
    "tapping",
    "waiting",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    heel_states=frozenset({"foot up", "tap"}),
    looks_back_s=2.5,
)
