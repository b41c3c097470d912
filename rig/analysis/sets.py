# SPDX-License-Identifier: GPL-3.0-or-later
"""The sets of a recording, and what each shows of the fifteen principles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import NamedTuple

from rig.analysis.whole import Analysis, Marker
from rig.drills.free import FREE
from rig.drills.principles import PrincipleScore, score_sheet
from rig.drills.registry import is_one_sided
from rig.drills.repetitions import Repetition
from rig.drills.set_plan import SetPlan, SetResult, usual_plan
from rig.drills.sets import KEYS, PAIN_FREE, KeyPressed, SetEvent, SetState, finish_sets, set_stage
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


class PainReport(NamedTuple):
    """`gone`: the pain was confirmed to be gone; else it was reported."""

    at_s: float
    gone: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """A recording's sets in the order of time.

    `pain`: when pain was reported, and when it was confirmed to be gone; `uncounted` is how many
    repetitions came after a report of pain without belonging to any set.
    """

    sets: tuple[PractisedSet, ...] = ()
    pain: tuple[PainReport, ...] = ()
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
    Markers named as `KEYS` are those keys; after pain nothing counts until it is gone.
    """
    pressed = [KeyPressed(m.label, m.at_s) for m in analysis.markers if m.label in KEYS]
    pain = _pain(analysis.markers)
    courses: dict[_Kind, _Course] = {}
    for part in _parts(analysis, [report.at_s for report in pain if report.gone]):
        course = courses.get(part.kind, _Course(SetState(part.kind.plan)))
        told = [report for report in pain if report.at_s <= part.from_s]
        pained = bool(told) and not told[-1].gone
        state = replace(course.state, pained=pained, rest_told=pained or course.state.rest_told)
        keys = tuple(key for key in pressed if part.from_s <= key.at_s < part.until_s)
        courses[part.kind] = _gone_through(_Course(state, course.events), part, keys)
    places = {id(r): place for place, r in enumerate(analysis.repetitions)}
    sets = [
        _practised(kind, done, course.events, analysis.repetitions, places)
        for kind, course in courses.items()
        for done in course.state.done
    ]
    counted = sum(len(done.places) for done in sets)
    ordered = sorted(sets, key=lambda done: done.started_s)
    return Practice(tuple(ordered), pain, len(analysis.repetitions) - counted)


def _kind(drill: DrillSettings) -> _Kind:
    side = drill.side if is_one_sided(drill.name) else None
    return _Kind(usual_plan(drill.name, drill.thresholds), side, drill.thresholds.name)


def _pain(markers: tuple[Marker, ...]) -> tuple[PainReport, ...]:
    """A confirmation without pain before it changes nothing, nor does pain that is told again."""
    reports: list[PainReport] = []
    for marker in markers:
        gone = marker.label == PAIN_FREE
        in_pain = bool(reports) and not reports[-1].gone
        if (gone and in_pain) or (marker.label == "pain" and not in_pain):
            reports.append(PainReport(marker.at_s, gone))
    return tuple(reports)


class _Part(NamedTuple):
    """A stretch, or a piece of one between two moments at which counting begins anew."""

    kind: _Kind
    from_s: float
    to_s: float
    until_s: float
    """The next part's beginning; infinity for the last."""
    repetitions: tuple[Repetition, ...]


def _parts(analysis: Analysis, cuts_s: list[float]) -> list[_Part]:
    parts: list[_Part] = []
    taken = 0
    nexts_s = [*(stretch.from_s for stretch in analysis.drills[1:]), math.inf]
    for stretch, next_s in zip(analysis.drills, nexts_s, strict=False):
        done = analysis.repetitions[taken : taken + stretch.repetition_count]
        taken += stretch.repetition_count
        kind = _kind(stretch.drill)
        parts.append(_Part(kind, stretch.from_s, stretch.to_s, next_s, done))
    if analysis.judged.recognised:
        parts = _joined(parts, analysis.duration_s)
    return [piece for part in parts for piece in _pieces(part, cuts_s)]


def _joined(parts: list[_Part], duration_s: float) -> list[_Part]:
    """Where drills are recognised: what is none of them is rest, and belongs to the drill before."""
    drills = [part for part in parts if part.kind.plan.drill != FREE.name]
    joined: list[_Part] = []
    for part, following in zip_longest(drills, drills[1:]):
        until_s = math.inf if following is None else following.from_s
        whole = part._replace(to_s=min(until_s, duration_s), until_s=until_s)
        if joined and joined[-1].kind == part.kind:
            before = joined.pop()
            done = before.repetitions + part.repetitions
            whole = whole._replace(from_s=before.from_s, repetitions=done)
        joined.append(whole)
    return joined


def _pieces(part: _Part, cuts_s: list[float]) -> list[_Part]:
    """A part cut where counting begins anew."""
    begins = [part.from_s, *(at for at in cuts_s if part.from_s < at < part.until_s), part.until_s]
    return [
        part._replace(
            from_s=from_s,
            to_s=min(part.to_s, until_s),
            until_s=until_s,
            repetitions=tuple(
                r
                for r in part.repetitions
                if (from_s <= r.end_s or from_s == part.from_s)
                and (r.end_s < until_s or until_s == part.until_s)
            ),
        )
        for from_s, until_s in pairwise(begins)
    ]


def _gone_through(course: _Course, part: _Part, keys: tuple[KeyPressed, ...]) -> _Course:
    """With one part more, at whose end an open set is closed."""
    state, told = set_stage(course.state, part.repetitions, keys, part.to_s)
    state, ended = finish_sets(state, "data ended" if part.until_s == math.inf else "another drill")
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
