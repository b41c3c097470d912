# SPDX-License-Identifier: GPL-3.0-or-later
"""One trial of a balance test: how it ended, and what was measured in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rig.balance.definitions import Float64
from rig.balance.limits import measure_lean
from rig.balance.measures import Measures
from rig.balance.preprocessing import Preprocessing, prepared
from rig.balance.protocol import Condition, Protocol
from rig.balance.signals import StanceSignals, Standing
from rig.balance.stance_assessment import (
    Circumstances,
    StanceAssessment,
    assess_stance,
    measures_json,
    observed_in,
)
from rig.balance.stances import body_cop_mm
from rig.balance.validity import Flag, moving_flags, validity_json
from rig.balance.weight_shift import weight_shift_measures
from rig.errors import AnalysisError, SettingsError
from rig.layout import Foot

Outcome = Literal["time", "touch", "step", "hop", "eyes_opened", "arms_moved", "stopped"]
OUTCOME_SAYS: dict[Outcome, str] = {
    "time": "full time",
    "touch": "the free foot touched the ground",
    "step": "a foot left its place",
    "hop": "the standing foot left the ground",
    "eyes_opened": "eyes opened",
    "arms_moved": "arms moved",
    "stopped": "stopped",
}
LIMITS_RATE_HZ = 100.0
LEAST_SHIFTS = 2.0
"""There and back (design choice)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that somebody noted by a key."""

    t_s: float
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class TrialData:
    """What was seen of a trial: `rest` just before the clock ran, `during` while it ran."""

    rest: StanceSignals
    during: StanceSignals
    standing: Standing
    region_lifts: tuple[str, ...]
    rate_hz: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as it is kept.

    Attributes
    ----------
    number : int
        From 1, practice trials counted apart.
    time_s : float
        From the clock's start to the end, whatever ended it.
    measures : dict
        Of the protocol's kind; empty where nothing can be measured, and `refusal` says why.
    validity : dict
        As in an assessment; `valid` is False also where a trial did not last its time.
    """

    condition: str
    number: int
    practice: bool
    outcome: Outcome
    start_s: float
    time_s: float
    marks: tuple[Mark, ...] = ()
    measures: Measures = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    validity: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""
    discarded: bool = False

    @property
    def full_time(self) -> bool:
        return self.outcome == "time"

    @property
    def scored(self) -> bool:
        return not self.practice and not self.discarded

    def to_json(self) -> dict[str, Any]:
        return {
            "condition": self.condition,
            "number": self.number,
            "practice": self.practice,
            "discarded": self.discarded,
            "outcome": self.outcome,
            "start_s": self.start_s,
            "time_s": self.time_s,
            "marks": [{"t_s": mark.t_s, "label": mark.label} for mark in self.marks],
            "measures": measures_json(self.measures),
            **self.details,
            "validity": self.validity,
            "refusal": self.refusal or None,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """What a test must know of who stands there; no name."""

    foot_length_mm: float
    height_mm: float | None = None
    age_years: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a trial's data amount to."""

    measures: Measures
    details: dict[str, Any]
    validity: dict[str, Any]
    refusal: str = ""


def measure_trial(
    protocol: Protocol,
    condition: Condition,
    data: TrialData,
    person: Person,
    floor_velocity_mm_s: float | None,
) -> Found:
    """What the protocol measures of a trial; a refusal instead of an error, as the trial took place."""
    around = Circumstances(
        data.rate_hz, person.foot_length_mm, condition.template, floor_velocity_mm_s
    )
    try:
        if protocol.measure == "limits":
            return _limits(condition, data, around, person)
        if protocol.measure == "shift":
            return _shift(data, around)
        assessed = assess_stance(data.during, _ideal(condition, data), around)
    except (AnalysisError, SettingsError) as error:
        return Found({}, {}, {"valid": False, "flags": []}, str(error))
    return Found(assessed.sway.measures, _stance_details(assessed), assessed.to_json()["validity"])


def _ideal(condition: Condition, data: TrialData) -> Standing:
    """Single-leg stance is measured on the leg that stood, whatever else touched at the end."""
    if condition.free_foot is None:
        return data.standing
    return Standing((condition.feet == "left", condition.feet == "right"), ())


def _stance_details(assessed: StanceAssessment) -> dict[str, Any]:
    content = assessed.to_json()
    kept = ("definitions", "preprocessing", "stance", "per_foot", "load", "noise_floor")
    return {key: content[key] for key in kept}


def _even(signals: StanceSignals, around: Circumstances) -> tuple[Float64, Preprocessing]:
    """CoP and the left foot's share as (n, 3), filtered, at 100 Hz at most."""
    rate_hz = min(LIMITS_RATE_HZ, around.rate_hz)
    cop = body_cop_mm(signals, around.template, around.foot_length_mm)
    share = signals.foot_force_n[:, Foot.LEFT] / signals.foot_force_n.sum(axis=1)
    first = prepared(signals.t_s, cop, around.rate_hz, out_rate_hz=rate_hz)
    second = prepared(
        signals.t_s, np.column_stack((share, share)), around.rate_hz, out_rate_hz=rate_hz
    )
    both = np.column_stack((first.cop_mm, second.cop_mm[:, 0]))
    return both, first.done


def _limits(condition: Condition, data: TrialData, around: Circumstances, person: Person) -> Found:
    if person.height_mm is None or condition.direction_deg is None:
        raise SettingsError("Limits of stability need the person's height; give it in centimetres.")
    rest, _ = _even(data.rest, around)
    moving, done = _even(data.during, around)
    lean = measure_lean(
        rest[:, :2], moving[:, :2], done.rate_hz, condition.direction_deg, person.height_mm
    )
    flags = [*_moving_flags(data, done, around)]
    flags += [
        Flag(f"{part}_lifted", f"The {part} came off the ground or bore nothing.")
        for part in data.region_lifts
    ]
    if not lean.began:
        flags.append(Flag("no_lean", "There was no lean towards the target."))
    if lean.too_early:
        flags.append(Flag("too_early", "The lean began before the cue or with it."))
    details = {"preprocessing": done.to_json(), "direction_deg": condition.direction_deg}
    return Found(lean.measures(), details, validity_json(tuple(flags)))


def _shift(data: TrialData, around: Circumstances) -> Found:
    moving, done = _even(data.during, around)
    measures = weight_shift_measures(moving[:, 2], moving[:, :2], done.rate_hz)
    flags = [*_moving_flags(data, done, around)]
    if measures["shifts"] < LEAST_SHIFTS:
        flags.append(
            Flag("no_shifts", "The weight did not go from one foot to the other and back.")
        )
    return Found(measures, {"preprocessing": done.to_json()}, validity_json(tuple(flags)))


def _moving_flags(data: TrialData, done: Preprocessing, around: Circumstances) -> tuple[Flag, ...]:
    cop_mm = body_cop_mm(data.during, around.template, around.foot_length_mm)
    return moving_flags(done, observed_in(data.during, data.standing, cop_mm, around))
