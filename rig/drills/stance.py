# SPDX-License-Identifier: GPL-3.0-or-later
"""Pose stance: stand still on one leg for up to 30 s; one repetition a hold of at least 5 s.

A hold begins when the free foot is OFF and the other bears 95 % or more, both for half a second, and
is dated back to their beginning. It ends after 30 s, when the free foot touches for 50 ms, or when
the support foot leaves the ground. Decision delay: half a second at its start, 0.2 s at its end. When
it is told: the standing heel while it touches; a clean hold at its end, or 1.2 s after the free foot
came down, since one that is gone again within a second has touched. Pressure does not see the body's
line, the knee, or a foot hooked on the calf.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.load_stage import participant_foot_length_mm
from rig.contact.open_contact import Mark
from rig.contact.results import ContactEvent, ContactResult, EventKind, HeelTouch, LoadBlock
from rig.contact.rules import (
    reference_body_weight_n,
)
from rig.contact.signals import FeetSignals
from rig.contact.tally import Tally, grade, joined
from rig.drills.contact_rules import graded_heel
from rig.drills.faults import Fault, beyond
from rig.drills.frame_queue import FrameQueue, mark_at
from rig.drills.hold_bins import BIN_S, Hold, Kept, hold_of, keep_frames
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
    touch_at_end,
)
from rig.layout import Foot, foot_width_mm
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

ONE_LEG_SHARE = 0.95
SETTLE_S = 0.5
BOTH_FEET_S = 1.0
LONGEST_HOLD_S = 30.0
SHORTEST_HOLD_S = 5.0
TOUCH_S = 0.050
TOUCH_SURE_S = 0.2
LONGEST_TOUCH_S = 1.0
MEAN_S = 1.0
USUAL_S = 3.0
LAG_S = 0.2
"""All design choices. After TOUCH_SURE_S a touch that was going to be shorter than 50 ms would be
decided: OFF takes at most 100 ms of flank and 30 ms of flight. LAG_S is longer than an ON or OFF is
known after its moment, so that frames wait until it is decided what they belong to."""

_HOLDS = ("hold left", "hold right")
MOVES = (
    Move("step on", "both feet", "ready"),
    Move("ready", "left lifted", "enter"),
    Move("ready", "right lifted", "enter"),
    Move("enter", "both feet", "ready"),
    Move("enter", "steady on left", "hold left"),
    Move("enter", "steady on right", "hold right"),
    Move("hold left", "hold ended", "step on", counts=True),
    Move("hold right", "hold ended", "step on", counts=True),
)


class Held(NamedTuple):
    """What a hold is judged by; `touch_s` is the free foot's touch that ended it."""

    hold: Hold
    heel: tuple[HeelTouch, float, float]
    touch_s: float | None
    foot_length_mm: float


class StanceMemory(NamedTuple):
    """`alone` bears ONE_LEG_SHARE since `alone_s`; `held` sums up that foot since `held_since_s`,
    where its integrals were `mark`: the `alone_s` of the hold, which a wobble in it does not move.

    `hold` is the foot of the hold since `hold_s`. `touch_s` is a touch of the free foot that may
    still prove too short; `touch_held` and `touch_mark` are the sums up to it.
    """

    body_weight_n: float
    foot_length_mm: float
    limits: Thresholds = DEFAULT_THRESHOLDS
    kept: Kept = ()
    newest: tuple[Mark, Mark] = (Mark(), Mark())
    on_s: tuple[float | None, float | None] = (None, None)
    off_s: tuple[float | None, float | None] = (None, None)
    both_told: bool = False
    alone: Foot | None = None
    alone_s: float = 0.0
    held: Tally = Tally()
    held_since_s: float = 0.0
    mark: Mark = Mark()
    hold: Foot | None = None
    hold_s: float = 0.0
    touch_s: float | None = None
    touch_held: Tally = Tally()
    touch_mark: Mark = Mark()
    touching: tuple[HeelTouch, HeelTouch] = ("none", "none")
    tail: tuple[FeetSignals, ...] = ()


def begin(settings: DrillSettings, participant: Participant) -> StanceMemory:
    return StanceMemory(
        reference_body_weight_n(participant),
        participant_foot_length_mm(participant),
        settings.thresholds,
    )


def watch(
    memory: StanceMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[StanceMemory, list[Signal]]:
    """Signals of both feet, by the time at which they were decided."""
    items: list[tuple[float, int, Foot, ContactEvent | bool]] = [
        (e.decided_at_s, 2, e.foot, e) for e in contact.events
    ]
    frames = FrameQueue(list(memory.tail))
    last_s = -math.inf
    if loads is not None and len(loads):
        memory, share_items = _take_frames(memory, loads, contact, frames)
        items += share_items
        last_s = float(loads.force.t_s[-1])
    items.sort(key=lambda item: item[:3])
    signals: list[Signal] = []
    for at_s, _, foot, item in items:
        memory = _take_due(memory, at_s, frames, signals)
        if isinstance(item, bool):
            memory = (
                _alone_begins(memory, foot, at_s, frames) if item else _alone_ends(memory, foot)
            )
        else:
            memory = _event(memory, item, contact, frames, signals)
    memory = _take_due(memory, last_s, frames, signals)
    memory = _sum_up(memory, frames, last_s - LAG_S)
    return memory._replace(tail=tuple(frames.rest())), signals


def _take_frames(
    memory: StanceMemory, loads: LoadBlock, contact: ContactResult, frames: FrameQueue
) -> tuple[StanceMemory, list[tuple[float, int, Foot, ContactEvent | bool]]]:
    """Queue the signals of both feet, and find where one foot begins and ceases to bear nearly all."""
    shares = corrected_shares(loads, contact, memory.body_weight_n)
    t_s = loads.force.t_s
    items: list[tuple[float, int, Foot, ContactEvent | bool]] = []
    for foot in Foot:
        begins, ends = edges(shares[foot] >= ONE_LEG_SHARE, memory.alone is foot)
        items += [(float(t), 1, foot, True) for t in t_s[begins]]
        items += [(float(t), 0, foot, False) for t in t_s[ends]]
    memory = memory._replace(kept=keep_frames(memory.kept, loads))
    signals = contact.signals
    if signals is None:
        return memory, items
    left, right = signals
    frames.append(signals)
    newest = mark_at(left, -1), mark_at(right, -1)
    return memory._replace(newest=newest, touching=(touch_at_end(left), touch_at_end(right))), items


def _sum_up(memory: StanceMemory, frames: FrameQueue, until_s: float) -> StanceMemory:
    """Add the frames before `until_s` to what the standing foot held."""
    start = frames.pass_until(until_s)
    foot = memory.alone if memory.hold is None else memory.hold
    if foot is None:
        return memory
    held = joined(memory.held, frames.passed(foot, start, memory.held_since_s))
    return memory._replace(held=held)


def _alone_begins(
    memory: StanceMemory, foot: Foot, at_s: float, frames: FrameQueue
) -> StanceMemory:
    memory = memory._replace(alone=foot, alone_s=at_s)
    if memory.hold is not None:
        return memory
    frames.pass_until(at_s)
    mark = frames.mark(foot, memory.newest[foot])
    return memory._replace(held=Tally(), held_since_s=at_s, mark=mark)


def _alone_ends(memory: StanceMemory, foot: Foot) -> StanceMemory:
    return memory._replace(alone=None) if memory.alone is foot else memory


def _event(
    memory: StanceMemory,
    event: ContactEvent,
    contact: ContactResult,
    frames: FrameQueue,
    signals: list[Signal],
) -> StanceMemory:
    foot = event.foot
    if event.kind is EventKind.FOOT_ON:
        memory = memory._replace(
            on_s=_with(memory.on_s, foot, event.t_s), off_s=_with(memory.off_s, foot, None)
        )
        held_foot = memory.hold
        if held_foot is not None and foot != held_foot and memory.touch_s is None:
            memory = _sum_up(memory, frames, event.t_s)
            mark = frames.mark(held_foot, memory.newest[held_foot])
            memory = memory._replace(touch_s=event.t_s, touch_held=memory.held, touch_mark=mark)
        return memory
    if event.kind is EventKind.HEEL_TOUCH and foot == memory.hold:
        cue = heel_cue(event, memory.limits.heel_kiss_stance, memory.limits.heel_load)
        signals.append(Signal("heel touched", event.t_s, cue=cue))
    if event.kind is not EventKind.FOOT_OFF:
        return memory
    ended = contact_ended_by(event, contact)
    off_s = None if ended is None else event.t_s
    memory = memory._replace(
        on_s=_with(memory.on_s, foot, None),
        off_s=_with(memory.off_s, foot, off_s),
        both_told=False,
    )
    if memory.hold is None:
        name = "left lifted" if foot is Foot.LEFT else "right lifted"
        signals.append(Signal(name, event.t_s))
        return memory
    if foot == memory.hold or ended is None:
        return _end_hold(memory, event.t_s, frames, signals)
    if ended.contact_time_s is not None and ended.contact_time_s >= TOUCH_S:
        return _end_hold(memory, event.t_s, frames, signals)
    return memory._replace(touch_s=None)


def _with(
    pair: tuple[float | None, float | None], foot: Foot, value: float | None
) -> tuple[float | None, float | None]:
    return (value, pair[1]) if foot is Foot.LEFT else (pair[0], value)


def _take_due(
    memory: StanceMemory, now_s: float, frames: FrameQueue, signals: list[Signal]
) -> StanceMemory:
    """What becomes true by the passing of time alone, up to `now_s`, earliest first."""
    while True:
        due_s, what = min(_dues(memory), default=(math.inf, ""))
        if due_s > now_s:
            return memory
        if what == "both feet":
            signals.append(Signal("both feet", due_s))
            memory = memory._replace(both_told=True)
        elif what == "steady":
            memory = memory._replace(hold=memory.alone, hold_s=due_s - SETTLE_S)
            name = "steady on left" if memory.hold is Foot.LEFT else "steady on right"
            signals.append(Signal(name, due_s))
        else:
            end_s = due_s if memory.touch_s is None else memory.touch_s
            memory = _end_hold(memory, end_s, frames, signals)


def _dues(memory: StanceMemory) -> list[tuple[float, str]]:
    """What time alone will bring, and when."""
    dues = []
    left_s, right_s = memory.on_s
    if left_s is not None and right_s is not None and not memory.both_told:
        dues.append((max(left_s, right_s) + BOTH_FEET_S, "both feet"))
    if memory.hold is not None:
        if memory.touch_s is None:
            dues.append((memory.hold_s + LONGEST_HOLD_S, "long enough"))
        else:
            dues.append((memory.touch_s + TOUCH_SURE_S, "touched"))
    elif memory.alone is not None:
        free_s = memory.off_s[1 - memory.alone]
        if free_s is not None:
            dues.append((max(free_s, memory.alone_s) + SETTLE_S, "steady"))
    return dues


def _end_hold(
    memory: StanceMemory, end_s: float, frames: FrameQueue, signals: list[Signal]
) -> StanceMemory:
    """The hold is over at `end_s`, or at the touch that came before."""
    foot = memory.hold
    assert foot is not None  # noqa: S101 - only a running hold ends
    touch_s = memory.touch_s
    if touch_s is None:
        memory = _sum_up(memory, frames, end_s)
        held, end = memory.held, frames.mark(foot, memory.newest[foot])
    else:
        held, end, end_s = memory.touch_held, memory.touch_mark, touch_s
    signals.append(_hold_ended(memory, foot, end_s, held, end))
    return memory._replace(hold=None, touch_s=None, off_s=(None, None), alone=memory.alone)


def _hold_ended(memory: StanceMemory, foot: Foot, end_s: float, held: Tally, end: Mark) -> Signal:
    hold_time_s = end_s - memory.hold_s
    if hold_time_s < SHORTEST_HOLD_S:
        return Signal("hold ended", end_s)
    impulse_n_s = end.impulse_n_s - memory.mark.impulse_n_s
    heel_n_s = end.heel_impulse_n_s - memory.mark.heel_impulse_n_s
    share = heel_n_s / impulse_n_s if impulse_n_s > 0.0 else math.nan
    graded = grade(held, share)
    measures = {"hold_time_s": hold_time_s}
    if held.heel_share_max > -math.inf:
        measures["heel_share_max"] = held.heel_share_max
    lost = end.lost - memory.mark.lost
    repetition = Repetition(
        "stance", foot, memory.hold_s, end_s, graded, measures, lost_frames=lost
    )
    about = Held(
        hold_of(
            memory.kept,
            foot,
            memory.hold_s,
            end_s,
            memory.body_weight_n,
            memory.limits.toe_shift_stance_y * memory.foot_length_mm,
        ),
        (graded, held.heel_share_max, share),
        memory.touch_s,
        memory.foot_length_mm,
    )
    due_s = end_s if memory.touch_s is None else memory.touch_s + LONGEST_TOUCH_S + LAG_S
    return Signal("hold ended", end_s, repetition, due_s, about)


def judge(judging: Judging, held: Repetition, about: Held) -> Judged:
    """What the support foot did for as long as it stood alone, and how the hold ended."""
    limits, foot, hold = judging.limits, held.side, about.hold
    heel = graded_heel(about.heel, held.start_s, foot, limits.heel_kiss_stance, limits.heel_load)
    return judging.judged(
        held,
        heel,
        _drift(limits, hold, foot, about.foot_length_mm),
        _hand(limits, hold, foot),
        _on_toes(limits, hold, foot),
        _touch(judging, foot, about.touch_s),
    )


def _second_means(values: Float64) -> Float64:
    """Mean of each second, by the bin at which it begins; bins without a value are passed over."""
    known = ~np.isnan(values)
    sums = np.cumsum(np.concatenate(([0.0], np.where(known, values, 0.0))))
    counts = np.cumsum(np.concatenate(([0.0], known)))
    n = round(MEAN_S / BIN_S)
    total, count = sums[n:] - sums[:-n], counts[n:] - counts[:-n]
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0.0)


def _usual(values: Float64) -> float:
    """Mean of the hold's first three seconds."""
    first = values[: round(USUAL_S / BIN_S)]
    known = first[~np.isnan(first)]
    return float(known.mean()) if len(known) else math.nan


def _drift(limits: Thresholds, hold: Hold, foot: Foot, length_mm: float) -> Fault | str | None:
    """DRIFT: the second mean leaves an ellipse around the mean of the first three seconds."""
    radii = limits.drift_ml * foot_width_mm(length_mm), limits.drift_ap * length_mm
    away = [
        (_second_means(hold.cop_mm[:, axis]) - _usual(hold.cop_mm[:, axis])) / radii[axis]
        for axis in (0, 1)
    ]
    distance = np.hypot(away[0], away[1])
    if len(distance) == 0 or np.isnan(distance).all():
        return "DRIFT"
    most = float(np.nanmax(distance))
    at = int(np.nanargmax(distance > 1.0))
    return beyond("DRIFT", hold.start_s + at * BIN_S, most, foot, {"ellipse_radii": most})


def _hand(limits: Thresholds, hold: Hold, foot: Foot) -> Fault | str | None:
    """HAND: for a second both feet bear less than in the hold's first three seconds; only a hint."""
    loss = 1.0 - _second_means(hold.total_bw) / _usual(hold.total_bw)
    if len(loss) == 0 or np.isnan(loss).all():
        return "HAND"
    most = float(np.nanmax(loss))
    at_s = hold.start_s + int(np.nanargmax(loss > limits.hand_loss)) * BIN_S
    return beyond("HAND", at_s, most / limits.hand_loss, foot, {"weight_lost": most}, "hint")


def _on_toes(limits: Thresholds, hold: Hold, foot: Foot) -> Fault | str | None:
    """TOE-SHIFT: the longest time in a row over the toes."""
    edges_at = np.flatnonzero(np.diff(np.concatenate(([0], hold.on_toes.astype(np.int8), [0]))))
    lengths = edges_at[1::2] - edges_at[::2]
    if len(lengths) == 0:
        return None
    longest = int(lengths.argmax())
    seconds = float(lengths[longest]) * BIN_S
    at_s = hold.start_s + float(edges_at[2 * longest]) * BIN_S
    ratio = seconds / limits.toe_shift_stance_s
    return beyond("TOE-SHIFT", at_s, ratio, foot, {"on_toes_s": seconds})


def _touch(judging: Judging, foot: Foot, touch_s: float | None) -> Fault | str | None:
    """TOUCH: the free foot ended the hold and was gone again within a second; else it was put down."""
    if touch_s is None:
        return None
    for event in judging.view.events:
        after = event.foot != foot and event.t_s > touch_s
        if after and event.kind is EventKind.FOOT_OFF:
            seconds = event.t_s - touch_s
            if not seconds < LONGEST_TOUCH_S:
                return None
            ratio = seconds / judging.limits.touch_s
            return beyond("TOUCH", touch_s, ratio, event.foot, {"touch_time_s": seconds})
    return None


def alarm(memory: StanceMemory, state: str, _contact: ContactResult) -> HeelTouch | None:
    """The support foot's heel while it touches in a hold, as far as the profile minds it."""
    if state not in _HOLDS:
        return None
    limits, touch = memory.limits, memory.touching[_HOLDS.index(state)]
    return heel_shown(touch, limits.heel_kiss_stance, limits.heel_load)


STANCE = Drill(
    "stance",
    "step on",
    MOVES,
    begin,
    watch,
    alarm,
    judge,
    heel_states=frozenset(_HOLDS),
)
