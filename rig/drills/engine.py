# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: contacts to repetitions of the drill in force, and what was wrong with each.

Decision delay: that of the contact events a drill waits for; each drill's file says which. Rules that
look at what follows a repetition hold it back, not its count, by at most 1.2 s.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
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


@dataclass(slots=True)
class _Step:
    """A state on its way through one block, and what that led to."""

    drill: Drill
    memory: Any
    state: str
    history: History
    limits: Thresholds
    count: int
    pending: deque[_Pending]
    done: list[Repetition]
    learnt: tuple[float, ...]
    repetitions: list[Repetition] = field(default_factory=list)
    set_faults: list[Fault] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)


def drill_state(settings: DrillSettings, participant: Participant) -> DrillState:
    """Before the first frame of a drill."""
    drill = find_drill(settings.name)
    history = History(
        reference_body_weight_n(participant), participant_foot_length_mm(participant), drill.weighs
    )
    return DrillState(
        drill, drill.begin(settings, participant), drill.initial, history, settings.thresholds
    )


def drill_stage(
    state: DrillState, loads: LoadBlock, contact: ContactResult
) -> tuple[DrillState, DrillResult]:
    """Repetitions that one block completes."""
    step = _through(state, loads, contact)
    step.history = step.history.trimmed()
    return _state(step), _result(step, contact)


def finish_drill(state: DrillState, contact: ContactResult) -> tuple[DrillState, DrillResult]:
    """Repetitions that the end of the data completes; `contact` is what finishing contacts gave."""
    step = _through(state, None, contact)
    _judge_due(step, math.inf)
    step.set_faults.extend(step.drill.sum_up(step.limits, tuple(step.done)))
    step.done.clear()
    known = state.history
    step.history = History(known.body_weight_n, known.foot_length_mm, known.weighs)
    return _state(step), _result(step, contact)


def _through(state: DrillState, loads: LoadBlock | None, contact: ContactResult) -> _Step:
    step = _Step(
        state.drill,
        state.memory,
        state.state,
        state.history,
        state.limits,
        state.count,
        deque(state.pending),
        list(state.done),
        state.learnt,
    )
    if step.drill is not FREE:
        step.history = step.history.with_block(loads, contact)
    step.memory, signals = step.drill.watch(step.memory, loads, contact)
    for signal in signals:
        _take(step, signal)
    _judge_due(step, step.history.newest_s)
    return step


def _take(step: _Step, signal: Signal) -> None:
    """Follow one signal through the table."""
    if signal.set_fault is not None:
        step.set_faults.append(signal.set_fault)
    if signal.cue is not None and step.state in step.drill.heel_states:
        step.cues.append(signal.cue)
    row = step.drill.move(step.state, signal.name)
    if row is None:
        return
    step.state = row.target
    if row.counts and signal.repetition is not None:
        step.count += 1
        step.pending.append(_Pending(signal.repetition, signal.due_s, signal.about))


def _judge_due(step: _Step, now_s: float) -> None:
    """Judge, in their order, the counted repetitions that are due."""
    while step.pending and step.pending[0].due_s <= now_s:
        first = step.pending.popleft()
        view = step.history.view(first.due_s, step.drill.looks_back_s)
        judging = Judging(step.limits, view, step.learnt)
        found, step.learnt = step.drill.judge(judging, first.repetition, first.about)
        lost = view.lost(found.start_s, found.end_s) if found.start_s <= found.end_s else 0
        if lost > found.lost_frames:
            found = replace(found, lost_frames=lost)
        if step.done and found.end_s - step.done[-1].end_s >= SET_PAUSE_S:
            step.set_faults.extend(step.drill.sum_up(step.limits, tuple(step.done)))
            step.done.clear()
        step.done.append(found)
        del step.done[:-_MOST_OF_A_SET]
        step.repetitions.append(found)
        step.cues.extend(_cues(found, first.due_s))


def _cues(found: Repetition, due_s: float) -> list[Cue]:
    """One for each fault; a reward for none. What was told within the contact is not told again."""
    if found.faults:
        told = [f for f in found.faults if f.code != "HEEL"]
        return [Cue(f.code, f.at_s, due_s, f.severity, f.foot) for f in told]
    return [Cue("good", found.end_s, due_s, "reward", found.side)]


def _state(step: _Step) -> DrillState:
    return DrillState(
        step.drill,
        step.memory,
        step.state,
        step.history,
        step.limits,
        step.count,
        tuple(step.pending),
        tuple(step.done),
        step.learnt,
    )


def _result(step: _Step, contact: ContactResult) -> DrillResult:
    return DrillResult(
        drill=step.drill.name,
        repetitions=tuple(step.repetitions),
        count=step.count,
        state=step.state,
        heel_alarm=step.drill.alarm(step.memory, step.state, contact),
        set_faults=tuple(step.set_faults),
        cues=tuple(step.cues),
    )
