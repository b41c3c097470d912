# SPDX-License-Identifier: GPL-3.0-or-later
"""The sets of a recording, and what each shows of the fifteen principles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from rig.analysis.stretches import DrillStretch
from rig.analysis.whole import Analysis
from rig.drills.principles import PrincipleScore, score_sheet
from rig.drills.registry import is_one_sided
from rig.drills.repetitions import Repetition
from rig.drills.set_plan import SetPlan, SetResult, usual_plan
from rig.drills.sets import KEYS, KeyPressed, SetEvent, SetState, finish_sets, set_stage
from rig.settings import DrillSettings, Side

_TOLD_BY_FIGURES = ("counted", "closed", "rest over")


@dataclass(frozen=True, slots=True)
class PractisedSet:
    """One set of a recording.

    Attributes
    ----------
    result : SetResult
        Numbered by drill and side.
    plan : SetPlan
        What was to be done.
    side : Side, optional
        Working side; None for drills of both feet.
    profile : str
        By which its repetitions were judged.
    repetitions : tuple of Repetition
        All of them, `result.extra` included, in the order in which they were judged.
    places : tuple of int
        Theirs among the analysis's repetitions.
    said : tuple of SetEvent
        What happened beside counting, the first of each kind.
    sheet : tuple of PrincipleScore
        All fifteen.
    """

    result: SetResult
    plan: SetPlan
    side: Side | None
    profile: str
    repetitions: tuple[Repetition, ...]
    places: tuple[int, ...]
    said: tuple[SetEvent, ...]
    sheet: tuple[PrincipleScore, ...]

    @property
    def started_s(self) -> float:
        """When its first repetition began; its end where the beginning was not seen."""
        began = [r.start_s for r in self.repetitions if math.isfinite(r.start_s)]
        return min([*began, self.result.started_s])

    @property
    def held_s(self) -> float:
        """All holds together; 0 in other drills."""
        return float(sum(r.measures.get("hold_time_s", 0.0) for r in self.repetitions))

    @property
    def with_lost_frames(self) -> int:
        """Repetitions that count although frames were lost in their course."""
        return sum(r.lost_frames > 0 for r in self.repetitions)


@dataclass(frozen=True, slots=True)
class Practice:
    """A recording's sets in the order of time.

    `pain_s`: when pain was reported, and `uncounted` how many repetitions came after it without
    belonging to any set; None and 0 otherwise.
    """

    sets: tuple[PractisedSet, ...] = ()
    pain_s: float | None = None
    uncounted: int = 0


class _Kind(NamedTuple):
    """What makes sets belong together, so that they are numbered and rested between."""

    plan: SetPlan
    side: Side | None
    profile: str


class _Course(NamedTuple):
    """One kind's sets from stretch to stretch."""

    state: SetState
    events: tuple[SetEvent, ...] = ()


def practice(analysis: Analysis) -> Practice:
    """Sort an analysis's repetitions into sets, as they were while they were done.

    A kind of sets goes on where its drill, side and profile come again: what lies between is rest.
    Markers named as `KEYS` are those keys.
    """
    pressed = [KeyPressed(m.label, m.at_s) for m in analysis.markers if m.label in KEYS]
    pain_s = next((key.at_s for key in pressed if key.key == "pain"), None)
    ends = [*(stretch.from_s for stretch in analysis.drills[1:]), math.inf]
    courses: dict[_Kind, _Course] = {}
    taken = 0
    for stretch, until_s in zip(analysis.drills, ends, strict=False):
        repetitions = analysis.repetitions[taken : taken + stretch.repetition_count]
        taken += stretch.repetition_count
        kind = _kind(stretch.drill)
        course = courses.get(kind, _Course(SetState(kind.plan)))
        if pain_s is not None and pain_s < stretch.from_s:
            course = _Course(replace(course.state, pained=True, rest_told=True), course.events)
        keys = tuple(key for key in pressed if stretch.from_s <= key.at_s < until_s)
        last = until_s == math.inf
        courses[kind] = _gone_through(course, stretch, repetitions, keys, last=last)
    places = {id(r): place for place, r in enumerate(analysis.repetitions)}
    sets = [
        _practised(kind, done, course.events, analysis.repetitions, places)
        for kind, course in courses.items()
        for done in course.state.done
    ]
    counted = sum(len(done.places) for done in sets)
    ordered = sorted(sets, key=lambda done: done.started_s)
    return Practice(tuple(ordered), pain_s, len(analysis.repetitions) - counted)


def _kind(drill: DrillSettings) -> _Kind:
    side = drill.side if is_one_sided(drill.name) else None
    return _Kind(usual_plan(drill.name, drill.thresholds), side, drill.thresholds.name)


def _gone_through(
    course: _Course,
    stretch: DrillStretch,
    repetitions: tuple[Repetition, ...],
    keys: tuple[KeyPressed, ...],
    *,
    last: bool,
) -> _Course:
    """With one stretch more, at whose end an open set is closed."""
    state, told = set_stage(course.state, repetitions, keys, stretch.to_s)
    state, ended = finish_sets(state, "data ended" if last else "another drill")
    return _Course(state, (*course.events, *told, *ended))


def _practised(
    kind: _Kind,
    result: SetResult,
    events: tuple[SetEvent, ...],
    repetitions: tuple[Repetition, ...],
    places: dict[int, int],
) -> PractisedSet:
    own = tuple(places[id(r)] for r in result.repetitions)
    done = tuple(repetitions[place] for place in own)
    said: dict[str, SetEvent] = {}
    for event in events:
        if event.number == result.number and event.what not in _TOLD_BY_FIGURES:
            said.setdefault(event.what, event)
    sheet = score_sheet(result.drill, done)
    return PractisedSet(result, *kind, done, own, tuple(said.values()), sheet)
