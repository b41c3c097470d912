# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong in a repetition, and the cues that tell the person so.

A rule gives a `Fault`, None where it was kept, or its code where it could not be judged: a baseline or
a neighbour is missing, or the sensors did not show what the rule looks at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from rig.layout import Foot
from rig.thresholds import Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes
    ----------
    code : str
        As `solerig drills show` lists them.
    size : float
        The quantity that the rule looks at, as a multiple of its threshold; 1 or more.
    numbers : dict
        What triggered it, by name with its unit.
    """

    code: str
    at_s: float
    size: float
    severity: Severity = "fault"
    foot: Foot | None = None
    numbers: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to tell the person now: `what` is a fault's code, or "good" for a clean repetition.

    A clean pull is rewarded when the foot leaves the ground, never when it lands: `at_s` is its OFF, and
    a fault of the flight or landing that follows may still be told. Drills whose pulls cannot be told
    from what comes later reward the repetition, at its `end_s`.
    """

    what: str
    at_s: float
    decided_at_s: float
    severity: Severity | Literal["reward"]
    side: Foot | None


def beyond(
    code: str,
    at_s: float,
    ratio: float,
    foot: Foot | None,
    numbers: dict[str, float],
    severity: Severity = "fault",
) -> Fault | str | None:
    """A fault where the ratio of quantity to threshold is above 1; its code where it is undefined."""
    if math.isnan(ratio):
        return code
    return Fault(code, at_s, ratio, severity, foot, numbers) if ratio > 1.0 else None


def no_fault(found: tuple[Fault | str | None, ...]) -> bool:
    """Whether no rule was broken, as far as rules could be judged."""
    for one in found:  # noqa: SIM110 - a third of the time of a generator, at every pull
        if isinstance(one, Fault):
            return False
    return True


def sorted_out(
    found: tuple[Fault | str | None, ...],
) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Faults in the order of time, and the codes that were not judged."""
    faults = [f for f in found if isinstance(f, Fault)]
    if len(faults) > 1:
        faults.sort(key=lambda fault: (fault.at_s, fault.code))
    return tuple(faults), tuple([f for f in found if isinstance(f, str)])
