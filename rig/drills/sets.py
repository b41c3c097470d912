# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of a drill: counted, closed, rested after, and never exceeded without a word.

What a set is stands in `set_plan`; the minute of rest after it is a design choice.

A causal stage: repetitions, keys and the time go in, events come out. Repetitions are judged up to
1.2 s after their end, so what time or a key decides is settled 1.5 s later; how the stream is cut
changes nothing. `stopping` says at once that a key was pressed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from rig.drills.set_plan import PAUSE_S, Completed, Ending, SetPlan, SetResult
from rig.layout import Foot

REST_S = 60.0
SETTLED_S = 1.5

Key = Literal["stop", "pain"]
KEYS: tuple[Key, ...] = get_args(Key)
"""In a recording they are markers of this name."""
PAIN_FREE = "no pain"
"""The marker of a confirmation that the pain is gone."""
Happening = Literal[
    "counted", "closed", "over target", "too little rest", "rest over", "all sets done", "pain"
]


@dataclass(frozen=True, slots=True)
class SetEvent:
    """What happened, when, in which set, and what to say; `result` with "closed"."""

    what: Happening
    at_s: float
    number: int
    says: str
    result: SetResult | None = None


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: Key
    at_s: float


@dataclass(frozen=True, slots=True)
class SetState:
    """Where the sets stand.

    `open_set` is the running one; `done` those that are closed. `last_s` is the end of the newest
    repetition. `waiting` came in but is not settled. `pained`: nothing counts any more.
    """

    plan: SetPlan
    open_set: SetResult | None = None
    done: tuple[SetResult, ...] = ()
    last_s: float = -math.inf
    rest_told: bool = True
    pained: bool = False
    waiting: tuple[Completed | KeyPressed, ...] = field(default=())

    @property
    def stopping(self) -> Key | None:
        """The key that was pressed and is being settled; pain is never forgotten."""
        keys = [item.key for item in self.waiting if isinstance(item, KeyPressed)]
        if self.pained or "pain" in keys:
            return "pain"
        return "stop" if keys else None


_Step = tuple[SetState, list[SetEvent]]


def set_stage(
    state: SetState,
    repetitions: tuple[Completed, ...],
    keys: tuple[KeyPressed, ...],
    now_s: float,
) -> tuple[SetState, tuple[SetEvent, ...]]:
    """What is settled by `now_s`, the newest frame's time, in the order of time."""
    return _through(state, repetitions, keys, now_s)


def finish_sets(
    state: SetState, ended: Ending = "data ended"
) -> tuple[SetState, tuple[SetEvent, ...]]:
    """The data, or the drill, have ended: an open set is closed where it stands."""
    state, events = _through(state, (), (), math.inf, closes=False)
    if state.open_set is None:
        return state, events
    state, closed = _closed(state, state.last_s, ended)
    return state, (*events, *closed)


def sets_in(plan: SetPlan, repetitions: Iterable[Completed]) -> tuple[SetResult, ...]:
    """The sets of a whole recording, without keys."""
    state, _ = _through(SetState(plan), tuple(repetitions), (), -math.inf)
    state, _ = finish_sets(state)
    return state.done


def _through(
    state: SetState,
    repetitions: tuple[Completed, ...],
    keys: tuple[KeyPressed, ...],
    now_s: float,
    *,
    closes: bool = True,
) -> tuple[SetState, tuple[SetEvent, ...]]:
    waiting = _in_order((*state.waiting, *repetitions, *keys))
    events: list[SetEvent] = []
    while waiting:
        item = waiting[0]
        if isinstance(item, KeyPressed):
            if now_s < item.at_s + SETTLED_S:
                break
            state, passed = _time_passed(state, item.at_s)
            state, happened = _key(state, item)
        else:
            state, passed = _time_passed(state, item.end_s)
            state, happened = _repetition(state, item)
        events += passed + happened
        waiting.pop(0)
    state = replace(state, waiting=tuple(waiting))
    if closes:
        state, passed = _time_passed(state, now_s - SETTLED_S)
        events += passed
    return state, tuple(events)


def _in_order(items: tuple[Completed | KeyPressed, ...]) -> list[Completed | KeyPressed]:
    """Keys among repetitions by time; a repetition that ended when the key was pressed came first.

    Repetitions stay in the order in which they came in. By their ends two feet's may be the other way
    round, but then it would depend on the cut whether both are there to be sorted.
    """
    keys = sorted((i for i in items if isinstance(i, KeyPressed)), key=lambda key: key.at_s)
    ordered: list[Completed | KeyPressed] = []
    left = [i for i in items if not isinstance(i, KeyPressed)]
    for key in keys:
        ordered += [*(r for r in left if r.end_s <= key.at_s), key]
        left = [r for r in left if r.end_s > key.at_s]
    return [*ordered, *left]


def _time_passed(state: SetState, until_s: float) -> _Step:
    """What happens by waiting alone before `until_s`: a set is closed, a rest is over."""
    events: list[SetEvent] = []
    if state.open_set is not None and state.last_s + state.plan.pause_s < until_s:
        state, events = _closed(state, state.last_s + state.plan.pause_s, "pause")
    if not state.rest_told and state.done:
        over_s = max(state.done[-1].ended_s, state.last_s) + REST_S
        if over_s < until_s:
            says = f"A minute of rest is over. Set {len(state.done) + 1} may begin."
            events = [*events, SetEvent("rest over", over_s, len(state.done), says)]
            state = replace(state, rest_told=True)
    return state, events


def _repetition(state: SetState, done: Completed) -> _Step:
    if state.pained or _goes_on(state, done):
        return _extra(state, done)
    events: list[SetEvent] = []
    if state.open_set is None:
        state, events = _begun(state, done)
    current = state.open_set
    assert current is not None  # noqa: S101 - begun just above
    current = replace(current, repetitions=(*current.repetitions, done))
    state = replace(state, open_set=current, last_s=max(state.last_s, done.end_s))
    count = _counted(current)
    if current.number > state.plan.sets:
        current = replace(current, extra=current.extra + 1)
        state = replace(state, open_set=current)
        says = f"{_all_done(state.plan)}. That was repetition {len(current.repetitions)} of a set more."
        events.append(SetEvent("over target", done.end_s, current.number, says))
    elif state.plan.over(count, done.side):  # a hold too many on one leg
        current = replace(current, extra=current.extra + 1)
        state = replace(state, open_set=current)
        says = f"That was hold {count[done.side]} on the {done.side.name.lower()} leg, of "
        says += f"{current.target}. Take the other leg."
        events.append(SetEvent("over target", done.end_s, current.number, says))
    else:
        says = _count_says(state.plan, count)
        says = says if done.clean else f"{says}, not clean"
        events.append(SetEvent("counted", done.end_s, current.number, says))
    if state.plan.reached(count):
        state, closed = _closed(state, done.end_s, "target")
        events += closed
    return state, events


def _count_says(plan: SetPlan, count: dict[Foot, int]) -> str:
    """How far the set is; of a pair, which half is missing."""
    amount = plan.amount(count)
    if not plan.pairs or count[Foot.LEFT] == count[Foot.RIGHT]:
        return f"{amount}"
    return f"{amount} and a half"


def _all_done(plan: SetPlan) -> str:
    return f"All {plan.sets} sets are done: stop" if plan.sets > 1 else "Done: stop"


def _goes_on(state: SetState, done: Completed) -> bool:
    """A set was closed and the person has not paused; the planned sets done, for as long as a pause
    within a set may be."""
    if state.open_set is not None or not state.done:
        return False
    more = len(state.done) < state.plan.sets
    return done.end_s - state.last_s <= (PAUSE_S if more else state.plan.pause_s)


def _extra(state: SetState, done: Completed) -> _Step:
    """Counted, and said: nothing beyond a target goes by in silence."""
    if not state.done:
        says = "Pain was reported: stop. This repetition is not counted."
        return state, [SetEvent("over target", done.end_s, 0, says)]
    last = state.done[-1]
    last = replace(last, repetitions=(*last.repetitions, done), extra=last.extra + 1)
    state = replace(state, done=(*state.done[:-1], last), last_s=max(state.last_s, done.end_s))
    why = "Pain was reported: stop" if state.pained else f"Set {last.number} is over: stop and rest"
    if not state.pained and len(state.done) >= state.plan.sets:
        why = _all_done(state.plan)
    what = "pull" if state.plan.pairs else "repetition"
    says = f"{why}. That was {what} {len(last.repetitions)}, of {last.goal}."
    return state, [SetEvent("over target", done.end_s, last.number, says)]


def _begun(state: SetState, done: Completed) -> _Step:
    number = len(state.done) + 1
    events: list[SetEvent] = []
    if state.done and not state.rest_told:
        rested_s = done.end_s - max(state.done[-1].ended_s, state.last_s)
        if rested_s < REST_S:
            says = f"Only {rested_s:.0f} s of rest before set {number}; a minute is better."
            events.append(SetEvent("too little rest", done.end_s, number, says))
    plan = state.plan
    opened = SetResult(number, plan.drill, plan.target, done.end_s, pairs=plan.pairs)
    return replace(state, open_set=opened, rest_told=True), events


def _closed(state: SetState, at_s: float, ended: Ending) -> _Step:
    current = state.open_set
    assert current is not None  # noqa: S101 - only a running set is closed
    result = replace(current, ended_s=at_s, ended=ended)
    last = result.number >= state.plan.sets
    state = replace(
        state, open_set=None, done=(*state.done, result), rest_told=last or ended == "pain"
    )
    clean = sum(r.clean for r in result.repetitions)
    unit = " holds" if result.drill == "stance" else " pulls" if result.pairs else ""
    done = f"{len(result.repetitions)} of {result.goal}{unit}"
    says = f"Set {result.number}: {done}, {clean} clean."
    if not state.rest_told:
        says += " Rest for a minute."
    events = [SetEvent("closed", at_s, result.number, says, result)]
    if result.number == state.plan.sets and ended in ("target", "pause", "stop"):
        events.append(
            SetEvent("all sets done", at_s, result.number, "All sets of this drill are done.")
        )
    return state, events


def _key(state: SetState, pressed: KeyPressed) -> _Step:
    events: list[SetEvent] = []
    if state.open_set is not None:
        state, events = _closed(state, pressed.at_s, pressed.key)
    if pressed.key == "pain" and not state.pained:
        says = "Stop. Pain ends the practice; nothing more is counted until it is gone."
        events.append(SetEvent("pain", pressed.at_s, len(state.done), says))
        state = replace(state, pained=True, rest_told=True)
    return state, events


def _counted(result: SetResult) -> dict[Foot, int]:
    return {foot: sum(r.side == foot for r in result.repetitions) for foot in Foot}
