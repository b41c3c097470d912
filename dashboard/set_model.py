# SPDX-License-Identifier: GPL-3.0-or-later
"""The sets of the drill in force, as the drill panel shows them: how many of how many, and the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from dashboard.cue_words import set_sentence
from rig.drills.registry import drill_names, find_drill
from rig.drills.repetitions import DrillResult, Repetition
from rig.drills.set_plan import HOLDS_A_LEG, Ending, SetPlan, SetResult, usual_plan
from rig.drills.sets import REST_S, KeyPressed, SetEvent, SetState, finish_sets, set_stage
from rig.errors import SolerigError
from rig.layout import Foot
from rig.settings import DrillSettings
from rig.thresholds import FEWEST, MOST

EXTRA_SHOWN = 3
"""Marks for more would only grow too small to be seen; the words say how many."""
Pip = Literal["clean", "dirty", "extra", "pending", "open"]


def targets_of(drill: str) -> tuple[int, ...]:
    """Repetitions a set from which a person chooses; in the stance, holds a leg."""
    return tuple(range(1, HOLDS_A_LEG + 1)) if drill == "stance" else tuple(range(FEWEST, MOST + 1))


def plan_of(drill: DrillSettings, holds: int) -> SetPlan | None:
    """What the settings ask for, `holds` a leg in the stance; None in free movement, as which a drill
    that is not installed here runs."""
    if drill.name not in drill_names():
        return None
    plan = usual_plan(drill.name, drill.thresholds)
    return replace(plan, target=holds) if drill.name == "stance" else plan


@dataclass(slots=True)
class SetReadout:
    """Follows one drill's results; `choose` begins with the first set of another.

    `now_s` is the stream's newest time, `says` what the set stage said last, `holds` those a leg that
    the stance asks for.
    """

    drill: DrillSettings
    holds: int = HOLDS_A_LEG
    state: SetState | None = field(init=False)
    says: str = field(init=False, default="")
    now_s: float = field(init=False, default=-math.inf)
    _found: Sequence[str] = field(init=False, default=())
    _judged: int = field(init=False, default=0)
    _counted: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._begin()

    def choose(self, drill: DrillSettings) -> Sequence[SetEvent]:
        """End what runs; the same settings again change nothing."""
        if drill == self.drill:
            return ()
        events = self._finish("another drill")
        self.drill = drill
        self._begin()
        return events

    def choose_holds(self, holds: int) -> Sequence[SetEvent]:
        """In the stance this begins with the first hold."""
        self.holds = holds
        return self.begin_anew() if self.drill.name == "stance" else ()

    def stop(self) -> Sequence[SetEvent]:
        """The stream has ended; the next set is the next one all the same."""
        return self._finish("data ended")

    def restart(self) -> Sequence[SetEvent]:
        """The stream's time begins anew."""
        events = self._finish("data ended")
        self._begin()
        return events

    def begin_anew(self) -> Sequence[SetEvent]:
        """The first set again, while the drill's own count runs on."""
        counts = self.now_s, self._counted, self._judged
        events = self._finish("stop")
        self._begin()
        self.now_s, self._counted, self._judged = counts
        return events

    def push(
        self, result: DrillResult, newest_s: float, *, coached: bool = True
    ) -> Sequence[SetEvent]:
        """One block's result; what is not coached passes by."""
        if result.drill != self.drill.name:
            return ()
        self.now_s = max(self.now_s, newest_s)
        self._counted = result.count
        self._judged += len(result.repetitions)
        if self.state is None or not coached:
            return ()
        self.state, events = set_stage(self.state, result.repetitions, (), self.now_s)
        return self._told(events)

    def press_stop(self) -> None:
        """End the set; repetitions that are still being judged belong to it."""
        if self.state is not None and self.running is not None:
            self.state, _ = set_stage(self.state, (), (KeyPressed("stop", self.now_s),), self.now_s)

    def press_pain(self) -> Sequence[SetEvent]:
        """End the set without waiting for anything."""
        if self.state is None:
            return ()
        key = KeyPressed("pain", self.now_s)
        state, before = set_stage(self.state, (), (key,), self.now_s)
        self.state, after = finish_sets(state)
        return self._told((*before, *after))

    @property
    def running(self) -> SetResult | None:
        return None if self.state is None else self.state.open_set

    @property
    def rest_left_s(self) -> float | None:
        """While resting before another set; None else."""
        state = self.state
        if state is None or state.rest_told or not state.done:
            return None
        over_s = max(state.done[-1].ended_s, state.last_s) + REST_S
        return max(0.0, over_s - self.now_s)

    @property
    def all_done(self) -> bool:
        state = self.state
        return state is not None and state.open_set is None and len(state.done) >= state.plan.sets

    @property
    def shown(self) -> SetResult | None:
        """The set that runs; while resting, the one before; None before a new one begins."""
        state = self.state
        if state is None or state.open_set is not None or not state.done:
            return self.running
        return state.done[-1] if self.all_done or self.rest_left_s is not None else None

    @property
    def count(self) -> int:
        """Of the set that is shown; those that are still being judged are counted at once."""
        done = 0 if self.shown is None else len(self.shown.repetitions)
        return done + self.pending

    @property
    def pending(self) -> int:
        """Counted and not yet judged; after a set nobody knows yet whether they belong to it."""
        resting = self.rest_left_s is not None or self.all_done
        return 0 if resting else max(0, self._counted - self._judged)

    @property
    def number(self) -> int:
        """Of the set that is shown or comes next."""
        if self.shown is not None:
            return self.shown.number
        return 1 if self.state is None else len(self.state.done) + 1

    @property
    def goal(self) -> int:
        """Pulls of a set; holds of both legs together."""
        if self.state is None:
            return 0
        plan = self.state.plan
        return len(Foot) * plan.target if plan.pairs or plan.drill == "stance" else plan.target

    @property
    def pips(self) -> Sequence[Pip]:
        """One for each repetition to do, and some for those that were too many."""
        done = () if self.shown is None else self.shown.repetitions
        planned = len(done) - (0 if self.shown is None else self.shown.extra)
        pips: list[Pip] = []
        for place, repetition in enumerate(done[: planned + EXTRA_SHOWN]):
            as_done: Pip = "clean" if repetition.clean else "dirty"
            pips.append(as_done if place < planned else "extra")
        pips += ("pending",) * self.pending
        pips += ("open",) * (self.goal - len(pips))
        return pips

    @property
    def clean_text(self) -> str:
        """How many were clean, of how many; by side where both feet worked."""
        if self.shown is None or not self.shown.repetitions:
            return ""
        sides = {f: c for f, c in self.shown.by_side().items() if c.clean + c.dirty}
        each = [f"{f.name[0]} {c.clean} of {c.clean + c.dirty}" for f, c in sides.items()]
        return f"Clean: {', '.join(each) if len(each) > 1 else each[0][2:]}"

    def _finish(self, ended: Ending) -> Sequence[SetEvent]:
        if self.state is None:
            return ()
        self.state, events = finish_sets(self.state, ended)
        return self._told(events)

    def _begin(self) -> None:
        self.now_s, self._judged, self._counted = -math.inf, 0, 0
        self.says, self._found = "", ()
        plan = plan_of(self.drill, self.holds)
        self.state = None if plan is None else SetState(plan)

    def _told(self, events: Sequence[SetEvent]) -> Sequence[SetEvent]:
        for event in events:
            if event.what == "closed" and event.result is not None:
                self._found = self._of_the_set(event.result)
            elif event.what in ("counted", "rest over"):
                self._found = ()
            if event.what != "counted":
                self.says = " ".join((event.says, *self._found))
        return events

    def _of_the_set(self, done: SetResult) -> Sequence[str]:
        """What shows in a whole set only: it is said while the person rests."""
        judged = tuple(r for r in done.repetitions if isinstance(r, Repetition))
        try:
            found = find_drill(self.drill.name).sum_up(self.drill.thresholds, judged)
        except SolerigError as error:
            # a drill of somebody's own that fails must not keep pain from stopping everything
            return [str(error)]
        return [set_sentence(fault) for fault in found]
