# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: contacts to repetitions of the drill in force, and what was wrong with each.

Decision delay: that of the contact events a drill waits for; each drill's file says which. Rules that
look at what follows a repetition hold it back, not its count, by at most 1.2 s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from rig.contact.load_stage import participant_foot_length_mm
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import reference_body_weight_n
from rig.drills.faults import Cue, Fault
from rig.drills.free import FREE
from rig.drills.history import History
from rig.drills.registry import find_drill
from rig.drills.repetitions import DrillResult, Repetition
from rig.drills.table import Drill, Judging, Signal
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SET_PAUSE_S = 5.0
"""Whoever has done no repetition for so long has ended the set (design choice)."""
_MOST_OF_A_SET = 512


class _Pending(NamedTuple):
    """A counted repetition that waits to be judged."""

    repetition: Repetition
    due_s: float
    about: Any


@dataclass(frozen=True, slots=True, eq=False)
class DrillState:
    """Where the drill stands; `count` runs on until the drill or its side is changed.

    `pending` repetitions are counted and not yet judged, `done` are those of the set that runs, and
    `learnt` is what rules relative to the person's own compare with.
    """

    drill: Drill
    memory: Any
    state: str
    history: History
    limits: Thresholds = DEFAULT_THRESHOLDS
    count: int = 0
    pending: tuple[_Pending, ...] = ()
    done: tuple[Repetition, ...] = ()
    learnt: tuple[float, ...] = ()


class _Outcome(NamedTuple):
    """What one step leads to; lists that are filled on the way."""

    repetitions: list[Repetition]
    set_faults: list[Fault]
    cues: list[Cue]


def drill_state(settings: DrillSettings, participant: Participant) -> DrillState:
    """Before the first frame of a drill."""
    drill = find_drill(settings.name)
    history = History(reference_body_weight_n(participant), participant_foot_length_mm(participant))
    return DrillState(
        drill, drill.begin(settings, participant), drill.initial, history, settings.thresholds
    )


def drill_stage(
    state: DrillState, loads: LoadBlock, contact: ContactResult
) -> tuple[DrillState, DrillResult]:
    """Repetitions that one block completes."""
    state, out = _step(state, loads, contact)
    state = replace(state, history=state.history.trimmed())
    return state, _result(state, out, contact)


def finish_drill(state: DrillState, contact: ContactResult) -> tuple[DrillState, DrillResult]:
    """Repetitions that the end of the data completes; `contact` is what finishing contacts gave."""
    state, out = _step(state, None, contact)
    state = _judge_due(state, math.inf, out)
    out.set_faults.extend(state.drill.sum_up(state.limits, state.done))
    empty = History(state.history.body_weight_n, state.history.foot_length_mm)
    state = replace(state, done=(), history=empty)
    return state, _result(state, out, contact)


def _step(
    state: DrillState, loads: LoadBlock | None, contact: ContactResult
) -> tuple[DrillState, _Outcome]:
    out = _Outcome([], [], [])
    if state.drill is not FREE:
        state = replace(state, history=state.history.with_block(loads, contact))
    memory, signals = state.drill.watch(state.memory, loads, contact)
    state = replace(state, memory=memory)
    for signal in signals:
        state = _take(state, signal, out)
    return _judge_due(state, state.history.newest_s, out), out


def _take(state: DrillState, signal: Signal, out: _Outcome) -> DrillState:
    """Follow one signal through the table."""
    if signal.set_fault is not None:
        out.set_faults.append(signal.set_fault)
    if signal.cue is not None and state.state in state.drill.heel_states:
        out.cues.append(signal.cue)
    row = state.drill.move(state.state, signal.name)
    if row is None:
        return state
    state = replace(state, state=row.target)
    if not row.counts or signal.repetition is None:
        return state
    pending = _Pending(signal.repetition, signal.due_s, signal.about)
    return replace(state, count=state.count + 1, pending=(*state.pending, pending))


def _judge_due(state: DrillState, now_s: float, out: _Outcome) -> DrillState:
    """Judge, in their order, the counted repetitions that are due."""
    while state.pending and state.pending[0].due_s <= now_s:
        first, rest = state.pending[0], state.pending[1:]
        view = state.history.view(first.due_s, state.drill.looks_back_s)
        judging = Judging(state.limits, view, state.learnt)
        found, learnt = state.drill.judge(judging, first.repetition, first.about)
        lost = view.lost(found.start_s, found.end_s) if found.start_s <= found.end_s else 0
        found = replace(found, lost_frames=max(lost, found.lost_frames))
        done = _of_this_set(state, found, out)
        state = replace(state, pending=rest, learnt=learnt, done=(*done, found)[-_MOST_OF_A_SET:])
        out.repetitions.append(found)
        out.cues.extend(_cues(found, first.due_s))
    return state


def _of_this_set(state: DrillState, found: Repetition, out: _Outcome) -> tuple[Repetition, ...]:
    """The set's repetitions so far; after a pause the set before it is summed up."""
    if not state.done or found.end_s - state.done[-1].end_s < SET_PAUSE_S:
        return state.done
    out.set_faults.extend(state.drill.sum_up(state.limits, state.done))
    return ()


def _cues(found: Repetition, due_s: float) -> list[Cue]:
    """One for each fault; a reward for none. What was told within the contact is not told again."""
    told = [f for f in found.faults if f.code != "HEEL"]
    if found.faults:
        return [Cue(f.code, f.at_s, due_s, f.severity, f.foot) for f in told]
    return [Cue("good", found.end_s, due_s, "reward", found.side)]


def _result(state: DrillState, out: _Outcome, contact: ContactResult) -> DrillResult:
    return DrillResult(
        drill=state.drill.name,
        repetitions=tuple(out.repetitions),
        count=state.count,
        state=state.state,
        heel_alarm=state.drill.alarm(state.memory, state.state, contact),
        set_faults=tuple(out.set_faults),
        cues=tuple(out.cues),
    )
