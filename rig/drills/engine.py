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
from rig.contact.results import Contact, ContactResult, LoadBlock
from rig.contact.rules import reference_body_weight_n
from rig.drills.faults import Cue, Fault, no_fault
from rig.drills.free import FREE
from rig.drills.history import History
from rig.drills.registry import find_drill
from rig.drills.repetitions import DrillResult, Repetition
from rig.drills.table import Drill, Judging, Pulled, PullJudged, Signal
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

SET_PAUSE_S = 5.0
"""Whoever has done no repetition for so long has ended the set (design choice)."""
_MOST_OF_A_SET = 512
_MOST_PULLS = 4
"""So many pulls are remembered for the repetitions that they belong to (design choice)."""


class _Pending(NamedTuple):
    """A counted repetition that waits to be judged."""

    repetition: Repetition
    due_s: float
    about: Any


@dataclass(frozen=True, slots=True, eq=False)
class DrillState:
    """Where the drill stands; `count` runs on until the drill or its side is changed.

    `pending` repetitions are counted and not yet judged, `pulls` neither rewarded nor found wanting,
    `pulled` are the newest that were judged, `done` are those of the set that runs, and
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
    pulls: tuple[Pulled, ...] = ()
    pulled: tuple[tuple[Contact, PullJudged], ...] = ()


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
    pulls: list[Pulled]
    pulled: tuple[tuple[Contact, PullJudged], ...]
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
        list(state.pulls),
        state.pulled,
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
    if signal.pull is not None and step.drill.judge_pull is not None:
        step.pulls.append(signal.pull)
    if row.counts and signal.repetition is not None:
        step.count += 1
        step.pending.append(_Pending(signal.repetition, signal.due_s, signal.about))


def _judge_due(step: _Step, now_s: float) -> None:
    """Judge the pulls and, in their order, the counted repetitions that are due."""
    while step.pulls or step.pending:
        pull_s = step.pulls[0].due_s if step.pulls else math.inf
        repetition_s = step.pending[0].due_s if step.pending else math.inf
        if min(pull_s, repetition_s) > now_s:
            return
        if step.pulls and pull_s <= repetition_s:
            _judge_pull(step, step.pulls.pop(0))
        else:
            _judge_repetition(step, step.pending.popleft())


def _judging(step: _Step, due_s: float) -> Judging:
    view = step.history.view(due_s, step.drill.looks_back_s)
    return Judging(step.limits, view, step.learnt, step.pulled)


def _judge_pull(step: _Step, pull: Pulled) -> None:
    """Reward a clean pull."""
    assert step.drill.judge_pull is not None  # noqa: S101 - else no pulls are kept
    judged = step.drill.judge_pull(_judging(step, pull.due_s), pull.contact)
    if judged.again_s is not None and judged.again_s > pull.due_s:
        step.pulls.append(pull._replace(due_s=judged.again_s))
        step.pulls.sort(key=lambda waiting: waiting.due_s)
        return
    step.pulled = ((pull.contact, judged), *step.pulled)[:_MOST_PULLS]
    if judged.rewarded and no_fault(judged.found):
        step.cues.append(Cue("good", pull.off_s, pull.due_s, "reward", pull.foot))


def _judge_repetition(step: _Step, first: _Pending) -> None:
    judging = _judging(step, first.due_s)
    found, step.learnt = step.drill.judge(judging, first.repetition, first.about)
    lost = judging.view.lost(found.start_s, found.end_s) if found.start_s <= found.end_s else 0
    if lost > found.lost_frames:
        found = replace(found, lost_frames=lost)
    if step.done and found.end_s - step.done[-1].end_s >= SET_PAUSE_S:
        step.set_faults.extend(step.drill.sum_up(step.limits, tuple(step.done)))
        step.done.clear()
    step.done.append(found)
    del step.done[:-_MOST_OF_A_SET]
    step.repetitions.append(found)
    step.cues.extend(_cues(found, first.due_s, rewards=step.drill.judge_pull is None))


def _cues(found: Repetition, due_s: float, *, rewards: bool) -> list[Cue]:
    """One for each fault; a reward for none, where pulls have none of their own.

    What was told within the contact is not told again.
    """
    if found.faults:
        told = [f for f in found.faults if f.code != "HEEL"]
        return [Cue(f.code, f.at_s, due_s, f.severity, f.foot) for f in told]
    return [Cue("good", found.end_s, due_s, "reward", found.side)] if rewards else []


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
        tuple(step.pulls),
        step.pulled,
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
