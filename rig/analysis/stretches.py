# SPDX-License-Identifier: GPL-3.0-or-later
"""Stretches of a recording in which one drill was done, and what each amounts to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rig.contact.results import Contact
from rig.contact.timing import cadence_per_min
from rig.drills.registry import is_known
from rig.drills.repetitions import Repetition
from rig.settings import DrillSettings


@dataclass(frozen=True, slots=True)
class DrillStretch:
    """One drill on one side, by one profile, without a break, from its first frame to its last.

    Attributes
    ----------
    repetition_count : int
        An analysis holds the repetitions of all stretches, one stretch after the other.
    cadence_per_min : float
        Of the drill's repetitions, or of ONs of both feet in the stance drill; NaN if undefined.
    """

    drill: DrillSettings
    from_s: float
    to_s: float
    repetition_count: int
    cadence_per_min: float


@dataclass(slots=True)
class GatheredStretch:
    """A `DrillStretch` while it lasts."""

    drill: DrillSettings
    from_s: float
    to_s: float
    contacts: list[Contact] = field(default_factory=list)
    repetitions: list[Repetition] = field(default_factory=list)

    def summed_up(self) -> DrillStretch:
        """When nothing more comes."""
        moments = _step_moments(self.drill.name, in_order(self.contacts), self.repetitions)
        return DrillStretch(
            drill=self.drill,
            from_s=self.from_s,
            to_s=self.to_s,
            repetition_count=len(self.repetitions),
            cadence_per_min=cadence_per_min(moments),
        )


def in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """By their first frames, left before right."""
    return sorted(contacts, key=lambda c: (c.first_s, c.foot))


def _step_moments(
    drill: str, contacts: Iterable[Contact], repetitions: Iterable[Repetition]
) -> list[float]:
    """What cadence counts: repetitions, or every ON where a repetition is a hold or there is none."""
    if drill in ("stance", "free") or not is_known(drill):
        return [c.on_s for c in contacts if c.on_s is not None]
    return [r.end_s for r in repetitions]
