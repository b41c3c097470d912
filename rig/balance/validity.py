# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an interval can carry a result, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rig.balance.measures import Measures
from rig.balance.preprocessing import BRIDGED_S, Preprocessing

LEAST_S = 25.0
LEAST_HZ = 50.0
"""ISPGR recommendation for the Romberg test (Scoppa et al. 2013)."""
FLOOR_TIMES = 3.0
"""Design choice: closer to what a dead weight shows, a velocity is mostly the sensors'."""
LEAST_SHAPE = 1e-3
"""Design choice: minor over major axis of the ellipse; people sway in every direction."""
LEAST_RMS_MM, MOST_RMS_MM = 0.1, 150.0
"""Design choices: nobody stands stiller, and no foot is longer; mostly a wrong unit."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason not to rely on a result: a code for programs, a sentence for people."""

    code: str
    says: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "says": self.says}


@dataclass(frozen=True, slots=True)
class Observed:
    """What a recording knows of the interval besides the CoP; a file of CoP knows nothing of it."""

    lost_frames: int = 0
    foot_lifted: bool = False
    stepped: bool = False
    saturated_share: float = 0.0
    no_body_weight: bool = False
    floor_velocity_mm_s: float | None = None
    jumped: bool = False
    preliminary: bool = False


def interval_flags(
    measures: Measures, done: Preprocessing, observed: Observed | None = None
) -> tuple[Flag, ...]:
    """Everything that speaks against the result, most serious first."""
    seen = observed or Observed()
    found = [
        *_of_time(done),
        *_of_gaps(done, seen),
        *_of_standing(seen),
        *_of_size(measures, seen),
    ]
    if seen.preliminary:
        found.append(Flag("preliminary", "The trial is not over; the values will still change."))
    return tuple(found)


def moving_flags(done: Preprocessing, observed: Observed) -> tuple[Flag, ...]:
    """What speaks against an interval of leaning or shifting: short and wide on purpose, and fast."""
    still = replace(observed, jumped=False)
    timed = [flag for flag in _of_time(done) if flag.code != "too_short"]
    return (*timed, *_of_gaps(done, observed), *_of_standing(still))


def validity_json(flags: tuple[Flag, ...]) -> dict[str, Any]:
    """`valid` is whether nothing speaks against the result."""
    return {"valid": not flags, "flags": [flag.to_json() for flag in flags]}


def _of_time(done: Preprocessing) -> list[Flag]:
    found = []
    seconds = done.samples / done.rate_hz
    if seconds < LEAST_S:
        found.append(
            Flag(
                "too_short",
                f"The interval lasts {seconds:.1f} s; below {LEAST_S:g} s sway is not repeatable.",
            )
        )
    if done.source_rate_hz < LEAST_HZ:
        found.append(
            Flag(
                "rate_too_low",
                f"{done.source_rate_hz:g} Hz is below the {LEAST_HZ:g} Hz that sway needs.",
            )
        )
    if done.irregular_time:
        found.append(Flag("irregular_time", "The times were not evenly spaced and were resampled."))
    return found


def _of_gaps(done: Preprocessing, seen: Observed) -> list[Flag]:
    found = []
    if done.missing_samples:
        found.append(
            Flag(
                "missing_samples",
                f"{done.missing_samples} samples were missing and bridged by straight lines.",
            )
        )
    if done.longest_gap_s > BRIDGED_S:
        found.append(
            Flag(
                "long_gap",
                f"{done.longest_gap_s:.2f} s in a row were missing; path and velocity "
                "come out too small.",
            )
        )
    if seen.lost_frames:
        found.append(Flag("lost_frames", f"{seen.lost_frames} frames were lost on the way."))
    return found


def _of_standing(seen: Observed) -> list[Flag]:
    found = []
    if seen.foot_lifted:
        found.append(Flag("foot_lifted", "A foot left the ground during the trial."))
    if seen.stepped:
        found.append(Flag("stepped", "A foot moved during the trial."))
    if seen.jumped:
        found.append(
            Flag("cop_jump", "The centre of pressure jumped; a foot may have moved unseen.")
        )
    if seen.saturated_share > 0.0:
        found.append(
            Flag(
                "saturated",
                f"In {seen.saturated_share:.1%} of the frames a sensor was at its limit.",
            )
        )
    if seen.no_body_weight:
        found.append(
            Flag(
                "no_body_weight",
                "The body weight is not known, so fixed forces decided which foot stood and when.",
            )
        )
    return found


def _of_size(measures: Measures, seen: Observed) -> list[Flag]:
    found = []
    if measures["rms_mm"] == 0.0:
        found.append(Flag("constant", "The centre of pressure never moves; this is no person."))
    elif not LEAST_RMS_MM <= measures["rms_mm"] <= MOST_RMS_MM:
        found.append(
            Flag(
                "implausible_size",
                f"Sway of {measures['rms_mm']:.3g} mm RMS is not a person's; check the unit.",
            )
        )
    if measures["rms_mm"] > 0.0 and (
        measures["ellipse_minor_mm"] < LEAST_SHAPE * measures["ellipse_major_mm"]
    ):
        found.append(
            Flag(
                "on_a_line",
                "The centre of pressure moves along a straight line only; check that both columns "
                "are CoP.",
            )
        )
    floor = seen.floor_velocity_mm_s
    if floor is not None and measures["velocity_mm_s"] < FLOOR_TIMES * floor:
        found.append(
            Flag(
                "near_noise_floor",
                f"The velocity is below {FLOOR_TIMES:g} times the {floor:.2g} "
                "mm/s that a dead weight shows.",
            )
        )
    return found
