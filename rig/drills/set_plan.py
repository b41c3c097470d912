# SPDX-License-Identifier: GPL-3.0-or-later
"""What a set is to be, and what became of it.

Three sets of ten to fifteen repetitions; the stance three holds a leg of up to thirty seconds
(S. McPhail's beginner's guide to Pose running). Twelve repetitions, one a pull (a profile may say a
pair of them, left and right), and the five seconds without one that close a set are design choices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

from rig.errors import SettingsError
from rig.layout import Foot
from rig.thresholds import DEFAULT_THRESHOLDS, FEWEST, MOST, RepUnit, Thresholds

SETS = 3
HOLDS_A_LEG = 3
PAUSE_S = 5.0
HOLD_PAUSE_S = 90.0
"""Holds come seldom: one may last 30 s, and a minute of rest before the next is no end."""
TAKES_TURNS: tuple[str, ...] = ("change-of-support", "pony", "forward-change", "switch")
"""Drills in which every pull of either foot is a repetition: a profile may count pairs of them."""

Ending = Literal["target", "pause", "stop", "pain", "another drill", "data ended"]


class Completed(Protocol):
    """What a set asks of a repetition."""

    @property
    def side(self) -> Foot: ...
    @property
    def end_s(self) -> float: ...
    @property
    def clean(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SetPlan:
    """What is to be done. In the stance `target` is holds a leg, and one set is all. `unit` matters
    in drills that take turns (`TAKES_TURNS`) alone.

    Raises
    ------
    SettingsError
        More or fewer repetitions or sets than the guide's.
    """

    drill: str
    target: int = DEFAULT_THRESHOLDS.set_target
    sets: int = SETS
    unit: RepUnit = "pull"

    def __post_init__(self) -> None:
        holds = self.drill == "stance"
        fewest, most = (1, HOLDS_A_LEG) if holds else (FEWEST, MOST)
        if not fewest <= self.target <= most:
            what = "holds a leg" if holds else "repetitions a set"
            raise SettingsError(
                f"{self.target} {what} cannot be the target of {self.drill}; choose {fewest} to {most}."
            )
        if not 1 <= self.sets <= SETS:
            raise SettingsError(f"{self.sets} sets are no plan; choose 1 to {SETS}.")

    @property
    def pause_s(self) -> float:
        """How long without a repetition closes a set."""
        return HOLD_PAUSE_S if self.drill == "stance" else PAUSE_S

    @property
    def pairs(self) -> bool:
        """Whether a left and a right pull together are one repetition."""
        return self.unit == "pair" and self.drill in TAKES_TURNS

    @property
    def counts(self) -> str:
        """What the target counts, in words."""
        if self.drill == "stance":
            return "hold a leg"
        return "pair" if self.pairs else "pull"

    def amount(self, count: dict[Foot, int]) -> int:
        """What is counted against the target."""
        return min(count.values()) if self.pairs else sum(count.values())

    def reached(self, count: dict[Foot, int]) -> bool:
        """Whether the target is; holds are asked of each leg."""
        if self.drill == "stance":
            return all(count[foot] >= self.target for foot in Foot)
        return self.amount(count) >= self.target

    def over(self, count: dict[Foot, int], side: Foot) -> bool:
        """Whether the newest repetition, already counted, was one too many."""
        done = count[side] if self.drill == "stance" else self.amount(count)
        return done > self.target


def usual_plan(drill: str, limits: Thresholds = DEFAULT_THRESHOLDS) -> SetPlan:
    """Three sets of as many as the profile says; the stance once, three holds a leg."""
    if drill == "stance":
        return SetPlan(drill, HOLDS_A_LEG, 1)
    return SetPlan(drill, limits.set_target, unit=limits.rep_unit)


@dataclass(frozen=True, slots=True)
class SideCount:
    clean: int = 0
    dirty: int = 0


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set.

    `extra` repetitions came after its target, or in a set more than was planned, and are in
    `repetitions` too. Where `pairs`, these are pulls, and two of them, left and right, are one of the
    `target`. `started_s` is the end of the first one.
    """

    number: int
    drill: str
    target: int
    started_s: float
    ended_s: float = math.nan
    ended: Ending | None = None
    repetitions: tuple[Completed, ...] = ()
    extra: int = 0
    pairs: bool = False

    @property
    def goal(self) -> int:
        """The target in pulls, or in holds of both legs."""
        return 2 * self.target if self.pairs or self.drill == "stance" else self.target

    def by_side(self) -> dict[Foot, SideCount]:
        """Clean and dirty repetitions of each foot."""
        counted = {foot: [r.clean for r in self.repetitions if r.side == foot] for foot in Foot}
        return {foot: SideCount(sum(c), len(c) - sum(c)) for foot, c in counted.items()}

    @property
    def whole_and_clean(self) -> bool:
        """The target was reached without one dirty repetition."""
        return self.ended == "target" and all(r.clean for r in self.repetitions)
