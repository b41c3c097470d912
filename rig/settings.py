# SPDX-License-Identifier: GPL-3.0-or-later
"""Who stands on the rig and what they do: the settings that a recording keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

from rig.errors import SettingsError
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds

STANDARD_GRAVITY_M_S2 = 9.80665
CoachedDrill = Literal[
    "stance",
    "change-of-support",
    "pony",
    "forward-change",
    "tapping",
    "hopping",
    "lunge",
    "switch",
    "running-lunge",
]
DrillName = str
"""What a recording says is being done: a coached drill, one that a package added (`rig.drills.registry`
knows them), or "free" for any movement that is none of them."""
DRILL_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(?<!.{40})")
"""How a drill may be called: `fullmatch`."""
DRILL_NAMES: tuple[CoachedDrill, ...] = get_args(CoachedDrill)
"""The coached drills, in the order in which they are learnt."""
SIDED_DRILLS: tuple[CoachedDrill, ...] = ("tapping", "hopping", "lunge", "running-lunge")
"""Drills of one working side; the others ask both feet in turn."""
Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")
BodyWeightSource = Literal["typed", "measured", "estimated", "unknown"]


@dataclass(frozen=True, slots=True)
class Participant:
    """What the analysis must know of a person; no name (pseudonyms live in the catalogue).

    `body_weight_n` None means unknown: thresholds then fall back to newtons and results are flagged.
    `foot_length_mm` overrides the shoe size.
    """

    body_weight_n: float | None = None
    body_weight_source: BodyWeightSource = "unknown"
    shoe_size_eu: float = 42.0
    foot_length_mm: float | None = None

    def __post_init__(self) -> None:
        if self.body_weight_n is not None and not 100.0 <= self.body_weight_n <= 3000.0:
            raise SettingsError(
                f"A body weight of {self.body_weight_n:g} N cannot be right; give the weight in "
                "kilograms between 10 and 300."
            )
        if not 15.0 <= self.shoe_size_eu <= 55.0:
            raise SettingsError(
                f"Shoe size EU {self.shoe_size_eu:g} is outside 15 to 55; check the size."
            )


@dataclass(frozen=True, slots=True)
class DrillSettings:
    """The drill, its working side (`SIDED_DRILLS`: tapping, hopping, front foot, working leg; else
    unused) and what counts as a fault in it."""

    name: DrillName = "stance"
    side: Side = "right"
    thresholds: Thresholds = DEFAULT_THRESHOLDS

    def with_side(self, side: Side) -> DrillSettings:
        return replace(self, side=side)


def body_weight_n(mass_kg: float) -> float:
    """Weight in newtons of a mass in kilograms (standard gravity, CGPM 1901)."""
    return mass_kg * STANDARD_GRAVITY_M_S2
