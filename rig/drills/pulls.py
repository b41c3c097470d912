# SPDX-License-Identifier: GPL-3.0-or-later
"""Pulling one foot up and letting it drop while the other stands: what drills 2 and 4 share.

A pull begins with the foot's OFF and ends, as a repetition, with its next ON 100 ms or more later, the
other foot on the ground at both. A foot that bore little for 200 ms without leaving the ground was
pulled too, but low. Decision delay: a pull is counted 40 ms after the foot has dropped, a low one 150 ms
after, and judged 0.25 s after; the pull itself as soon as the OFF is known.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple, TypeVar

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
from rig.drills.contact_details import contact_details, heel_over, landing_details
from rig.drills.contact_rules import (
    graded_heel,
    heel_first,
    landing_drive,
    toe_land,
    toe_shift,
    unwanted_flight,
)
from rig.drills.faults import Fault, beyond
from rig.drills.frames import smallest
from rig.drills.history import View
from rig.drills.repetitions import Repetition
from rig.drills.share_run import first_where, last_where
from rig.drills.table import (
    Judged,
    Judging,
    Move,
    Pulled,
    PullJudged,
    Signal,
    contact_ended_by,
    heel_cue,
    heel_shown,
    touch_now,
)
from rig.layout import Foot
from rig.settings import DrillName, DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SHORTEST_LIFT_S, LONGEST_LIFT_S = 0.100, 5.0
"""Whoever keeps the foot up for longer stands on one leg or sits: nothing was dropped (both are design
choices, the second the pause that ends a set)."""
LOW_SURE_S = 0.150
LOW_DOUBT_BW = 0.03
"""A foot that bears little does so until it bears so much more than the limit, so that noise about the
limit, or what FSRs keep of the body's weight, does not cut it short (design choice)."""
LOW_SIZE_BW = 0.10
JUDGED_AFTER_S = 0.250
AT_PULL_S = 0.020
LONGEST_HOP_S = 0.300
"""Whoever is in the air for longer beside the pulled foot has stepped or jumped away."""
ONSET_WITHIN_S = 1.0
SHIFT_WITHIN_S = 2.0
ONSET_SHARE = 0.03
"""The shift begins where the receiving share was last within this of its lowest in the second before
both bore alike; it is looked for in the last SHIFT_WITHIN_S first, and then in all that is seen.
After LOW_SURE_S an OFF that came meanwhile would be decided. All are design choices."""
UP_STATES = ("left up", "right up")
T = TypeVar("T")

MOVES = (
    Move("step on", "both feet", "both feet"),
    Move("both feet", "left pulled", "left up"),
    Move("both feet", "right pulled", "right up"),
    Move("left up", "left dropped", "both feet", counts=True),
    Move("right up", "right dropped", "both feet", counts=True),
    Move("left up", "both feet", "both feet"),
    Move("right up", "both feet", "both feet"),
    Move("left up", "off the ground", "step on"),
    Move("right up", "off the ground", "step on"),
    Move("both feet", "data broke off", "step on"),
    Move("left up", "data broke off", "step on"),
    Move("right up", "data broke off", "step on"),
)


class Pull(NamedTuple):
    """What a pull is judged by: the contact that it ended, None for a low one, and when the foot was
    down again."""

    foot: Foot
    left: Contact | None
    landed_s: float


class Low(NamedTuple):
    """A foot that bore little from one time to another, and when it is sure that it never left."""

    due_s: float
    foot: Foot
    from_s: float
    to_s: float


class PullMemory(NamedTuple):
    """By foot: whether it is down, when it last came and went, and the contact that it left; whether
    it bears little, since when and when it last did (NaN: nobody saw), and the `lows` that may still
    prove to be pulls."""

    drill: DrillName
    body_weight_n: float
    limits: Thresholds = DEFAULT_THRESHOLDS
    down: tuple[bool, bool] = (False, False)
    off_s: tuple[float, float] = (-math.inf, -math.inf)
    left: tuple[Contact | None, Contact | None] = (None, None)
    light: tuple[bool, bool] = (True, True)
    light_s: tuple[float, float] = (math.nan, math.nan)
    light_last_s: tuple[float, float] = (math.nan, math.nan)
    lows: tuple[Low, ...] = ()


def begin(settings: DrillSettings, participant: Participant) -> PullMemory:
    body_weight_n = reference_body_weight_n(participant)
    return PullMemory(settings.name, body_weight_n, settings.thresholds)


def watch(
    memory: PullMemory, loads: LoadBlock | None, contact: ContactResult
) -> tuple[PullMemory, list[Signal]]:
    """Signals of both feet, in the order of decision."""
    signals: list[Signal] = []
    now_s = -math.inf
    if loads is not None and len(loads):
        memory = _follow_light(memory, loads, contact)
        now_s = float(loads.force.t_s[-1])
    for event in contact.events:
        memory = _take_lows(memory, event.decided_at_s, signals)
        if event.kind is EventKind.FOOT_ON:
            memory = _came(memory, event, signals)
        elif event.kind is EventKind.FOOT_OFF:
            memory = _went(memory, event, contact, signals)
        elif event.kind is EventKind.HEEL_TOUCH and not memory.down[1 - event.foot]:
            cue = heel_cue(event, memory.limits.heel_kiss, memory.limits.heel_load)
            signals.append(Signal("heel touched", event.t_s, cue=cue))
    return _take_lows(memory, now_s, signals), signals


def _follow_light(memory: PullMemory, loads: LoadBlock, contact: ContactResult) -> PullMemory:
    """When each foot begins to bear little, and when it did last before it bears clearly more."""
    light_n = memory.limits.low_pull_bw * memory.body_weight_n
    more_n = light_n + LOW_DOUBT_BW * memory.body_weight_n
    lows: list[Low] = []
    for foot in Foot:
        force_n = loads.foot_force_n[:, foot]
        if contact.baseline_n is not None:
            force_n = force_n - contact.baseline_n[:, foot]
        light = force_n < light_n
        if not memory.light[foot] and first_where(light) is None:
            continue
        memory = _follow_foot(memory, foot, loads.force.t_s, light, force_n >= more_n, lows)
    return memory._replace(lows=tuple(sorted((*memory.lows, *lows)))) if lows else memory


def _follow_foot(
    memory: PullMemory,
    foot: Foot,
    t_s: Float64,
    light: np.ndarray,
    bears: np.ndarray,
    lows: list[Low],
) -> PullMemory:
    """The same for one foot; `light` and `bears` say of each frame that it bears little, or more."""
    is_light, since_s, last_s = memory.light[foot], memory.light_s[foot], memory.light_last_s[foot]
    at = 0
    while at < len(t_s):
        if not is_light:
            begins = first_where(light[at:])
            if begins is None:
                break
            at, is_light, since_s = at + begins, True, t_s.item(at + begins)
        ends = first_where(bears[at:])
        stop = len(t_s) if ends is None else at + ends
        last = last_where(light[at:stop])
        last_s = last_s if last is None else t_s.item(at + last)
        at = stop
        if ends is not None:
            is_light = False
            if memory.limits.low_pull_s <= last_s - since_s <= LONGEST_LIFT_S:
                lows.append(Low(t_s.item(stop) + LOW_SURE_S, foot, since_s, last_s))
    return memory._replace(
        light=_with(memory.light, foot, value=is_light),
        light_s=_with(memory.light_s, foot, since_s),
        light_last_s=_with(memory.light_last_s, foot, last_s),
    )


def _take_lows(memory: PullMemory, now_s: float, signals: list[Signal]) -> PullMemory:
    """The lows that are sure by now: pulls where both feet stayed ON throughout, and just before (an OFF
    is dated back to where the flank leads)."""
    while memory.lows and memory.lows[0].due_s <= now_s:
        low, rest = memory.lows[0], memory.lows[1:]
        memory = memory._replace(lows=rest)
        if all(memory.down) and max(memory.off_s) < low.from_s - SHORTEST_LIFT_S:
            signals.append(Signal(f"{_name(low.foot)} pulled", low.from_s))
            signals.append(_dropped(memory, low.foot, None, low.from_s, low.to_s, low.due_s))
    return memory


def _came(memory: PullMemory, event: ContactEvent, signals: list[Signal]) -> PullMemory:
    foot, other = event.foot, 1 - event.foot
    left, lifted_s = memory.left[foot], event.t_s - memory.off_s[foot]
    kept = memory.left
    if memory.down[other] or memory.off_s[other] >= event.t_s:
        if left is not None and SHORTEST_LIFT_S <= lifted_s <= LONGEST_LIFT_S:
            off_s, at_s = memory.off_s[foot], event.decided_at_s
            signals.append(_dropped(memory, foot, left, off_s, event.t_s, at_s))
        signals.append(Signal("both feet", event.t_s))
    elif left is not None or lifted_s > LONGEST_HOP_S:
        signals.append(Signal("off the ground", event.t_s))
        kept = None, None
    return memory._replace(
        down=_with(memory.down, foot, value=True),
        left=_with(kept, foot, value=None),
    )


def _dropped(
    memory: PullMemory, foot: Foot, left: Contact | None, off_s: float, on_s: float, at_s: float
) -> Signal:
    """The end of a pull, decided at `at_s`; `left` is None for a low one."""
    measures = {"lifted_time_s": on_s - off_s}
    pulled = Repetition(memory.drill, Foot(1 - foot), off_s, on_s, "none", measures)
    due_s = max(at_s, on_s + JUDGED_AFTER_S)
    return Signal(f"{_name(foot)} dropped", on_s, pulled, due_s, Pull(foot, left, on_s))


def _went(
    memory: PullMemory, event: ContactEvent, contact: ContactResult, signals: list[Signal]
) -> PullMemory:
    """A foot is pulled, or the standing one hops beside the pulled one, which the rules judge."""
    foot, other = event.foot, 1 - event.foot
    ended = contact_ended_by(event, contact)
    if ended is None:
        signals.append(Signal("data broke off", event.t_s))
    elif memory.down[other] or memory.off_s[other] >= event.t_s:
        pull = Pulled(foot, event.t_s, event.decided_at_s, ended)
        signals.append(Signal(f"{_name(foot)} pulled", event.t_s, pull=pull))
    else:
        ended = None
    return memory._replace(
        down=_with(memory.down, foot, value=False),
        off_s=_with(memory.off_s, foot, event.t_s),
        left=_with(memory.left, foot, ended),
    )


def _name(foot: Foot) -> str:
    return "left" if foot is Foot.LEFT else "right"


def _with(pair: tuple[T, T], foot: Foot, value: T) -> tuple[T, T]:
    return (value, pair[1]) if foot == Foot.LEFT else (pair[0], value)


class Shift(NamedTuple):
    """How the weight went over to the support foot before the pull.

    `taken_s`: when it bore more than half; `onset_s`: when its share began to rise; `share_before`:
    what it bore `early_pull_before_s` before the pull.
    """

    taken_s: float
    onset_s: float
    share_before: float


def shift_before(limits: Thresholds, view: View, support: Foot, off_s: float) -> Shift | None:
    """The shift before a pull; None where nobody saw it, or it lies before what is remembered."""
    near = view.stretch(max(off_s - SHIFT_WITHIN_S, view.since_s), off_s)
    taken = _taken(near.share(support))
    if taken is None or near.t_s.item(taken) - ONSET_WITHIN_S < near.t_s.item(0):
        near = view.stretch(view.since_s, off_s)
        taken = _taken(near.share(support))
    if taken is None:
        return None
    share, t_s = near.share(support), near.t_s
    taken_s = t_s.item(taken)
    first = int(t_s.searchsorted(taken_s - ONSET_WITHIN_S))
    rising = share[first:taken]
    low = last_where(rising <= np.fmin.reduce(rising, initial=np.inf) + ONSET_SHARE)
    if low is None:
        return None
    at = min(int(t_s.searchsorted(off_s - limits.early_pull_before_s)), len(share) - 1)
    return Shift(taken_s, t_s.item(first + low), share.item(at))


def _taken(share: Float64) -> int | None:
    """First frame after the last in which the foot bore no more than half."""
    before = last_where(share <= 0.5)
    return None if before is None or before + 1 >= len(share) else before + 1


def judge_pull(judging: Judging, left: Contact) -> PullJudged:
    """Drill 2, as soon as the foot is off: the weight first, and over the ball.

    No pull is rewarded while the standing heel is down, though its rule looks until the foot is back.
    """
    limits, view, foot = judging.limits, judging.view, left.foot
    assert left.off_s is not None  # noqa: S101 - a pull has ended it
    off_s, support = left.off_s, Foot(1 - foot)
    over_toes = toe_shift(limits, contact_details(view, left), off_s, foot)
    shift = shift_before(limits, view, support, off_s)
    if shift is None:
        return PullJudged((over_toes, "EARLY-PULL"), {})
    measures = {
        "shift_time_s": off_s - shift.onset_s,
        "share_before_pull": shift.share_before,
        "support_y_at_pull": _support_y(view, support, off_s),
    }
    found = over_toes, _early(limits, off_s, measures, foot)
    heel = _heel(judging, support, shift, off_s)[1]
    return PullJudged(found, measures, shift, not isinstance(heel, Fault))


def judge_in_place(judging: Judging, pulled: Repetition, about: Pull) -> Judged:
    """Drill 2: the weight first, then the pull, then a soft drop."""
    if about.left is None:
        return _judge_low(judging, pulled, about)
    of_pull = judging.of_pull(about.left) or judge_pull(judging, about.left)
    found: list[Fault | str | None] = [*_of_the_drop(judging, pulled, about), *of_pull.found]
    if of_pull.about is None:
        return judging.judged(pulled, *found, "HEEL")
    touch, heel = _heel(judging, pulled.side, of_pull.about, about.landed_s)
    measures = {**pulled.measures, **of_pull.measures}
    return judging.judged(pulled, *found, heel, heel_touch=touch, measures=measures)


def _heel(
    judging: Judging, support: Foot, shift: Shift, until_s: float
) -> tuple[HeelTouch, Fault | str | None]:
    """The standing heel since the weight went over, and what the rule says of it."""
    limits = judging.limits
    graded = heel_over(judging.view, support, shift.taken_s, until_s)
    if graded is None:
        return "none", "HEEL"
    return graded[0], graded_heel(
        graded, shift.taken_s, support, limits.heel_kiss, limits.heel_load
    )


def _judge_low(judging: Judging, pulled: Repetition, about: Pull) -> Judged:
    """Of a low pull in place: the foot's leaving was not seen, the standing heel was."""
    found = [*_of_the_drop(judging, pulled, about), "TOE-SHIFT", "EARLY-PULL"]
    shift = shift_before(judging.limits, judging.view, pulled.side, pulled.start_s)
    if shift is None:
        return judging.judged(pulled, *found, "HEEL")
    touch, heel = _heel(judging, pulled.side, shift, about.landed_s)
    return judging.judged(pulled, *found, heel, heel_touch=touch)


def judge_forward(judging: Judging, pulled: Repetition, about: Pull) -> Judged:
    """Drill 4: both at once, falling; the foot lands on its ball without being driven down."""
    limits, view, foot = judging.limits, judging.view, about.foot
    shift = shift_before(limits, view, pulled.side, pulled.start_s)
    if shift is not None:
        graded = heel_over(view, pulled.side, shift.taken_s, about.landed_s)
        touch: HeelTouch = "none" if graded is None else graded[0]
        measures = {
            **pulled.measures,
            "shift_time_s": pulled.start_s - shift.onset_s,
            "share_before_pull": shift.share_before,
            "support_y_at_pull": _support_y(view, pulled.side, pulled.start_s),
        }
        pulled = replace(pulled, heel_touch=touch, measures=measures)
    found = _of_the_drop(judging, pulled, about)
    if about.left is None:
        return judging.judged(pulled, *found, "HEEL-FIRST", "TOE-LAND")
    details = landing_details(view, foot, about.landed_s)
    found.append(heel_first(limits, details, about.landed_s, foot))
    found.append(toe_land(limits, details, about.landed_s, foot))
    return judging.judged(pulled, *found)


def _of_the_drop(judging: Judging, pulled: Repetition, about: Pull) -> list[Fault | str | None]:
    limits, view = judging.limits, judging.view
    return [
        landing_drive(limits, view, about.landed_s, about.foot),
        unwanted_flight(limits, view, pulled.start_s, about.landed_s),
        _low(view, pulled, about),
    ]


def _low(view: View, pulled: Repetition, about: Pull) -> Fault | None:
    """LOW-PULL: the foot bore little, and never left the ground; it counts, and is told."""
    if about.left is not None:
        return None
    u = view.stretch(pulled.start_s, about.landed_s).u(about.foot)
    least_bw = smallest(u) if len(u) else math.nan
    size = 1.0 if math.isnan(least_bw) else max(1.0, least_bw / LOW_SIZE_BW)
    return Fault("LOW-PULL", pulled.start_s, size, "warning", about.foot, {"least_bw": least_bw})


def _support_y(view: View, support: Foot, off_s: float) -> float:
    """Where the standing foot bears as the other leaves, in foot lengths; further forward in a lean."""
    near = view.stretch(off_s - AT_PULL_S, off_s)
    load_n_mm = float(near.force_n[:, support].sum()) * near.foot_length_mm
    return near.moment(0, len(near), support) / load_n_mm if load_n_mm > 0.0 else math.nan


def _early(
    limits: Thresholds, off_s: float, measures: dict[str, float], foot: Foot
) -> Fault | str | None:
    """EARLY-PULL: a shift that took its time, and yet the weight had not gone over before the pull."""
    if measures["shift_time_s"] < limits.early_pull_shift_s:
        return None
    numbers = {name: measures[name] for name in ("shift_time_s", "share_before_pull")}
    ratio = limits.early_pull_share / measures["share_before_pull"]
    return beyond("EARLY-PULL", off_s, ratio, foot, numbers)


def support_alarm(memory: PullMemory, state: str, contact: ContactResult) -> HeelTouch | None:
    """The heel that stands while the other foot is up."""
    if state not in UP_STATES:
        return None
    touch = touch_now(contact, Foot(1 - UP_STATES.index(state)))
    return heel_shown(touch, memory.limits.heel_kiss, memory.limits.heel_load)
