# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a fault in a drill, as data that a coach may edit: `rig.drills.profile` reads it.

Coaches disagree, above all about the heel; these are the defaults, and design choices unless a source
stands beside them. Each recording stores all of them as they were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from rig.errors import SettingsError

Severity = Literal["fault", "warning", "hint"]
"""A fault makes a repetition dirty; a warning or a hint does not."""
Verdict = Literal["fault", "warning", "hint", "clean"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
RepUnit = Literal["pull", "pair"]
"""What a set counts where both feet take turns: every pull, or a left and a right one together."""
FEWEST, MOST = 10, 15
"""Repetitions of a set (S. McPhail's beginner's guide to Pose running)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One drill profile; y in foot lengths from the heel edge, forces in body weights (bw).

    The verdicts say what a heel touch means on the foot that bears the body: in all drills, in the
    stance (`_stance`), in pony (`_pony`) and on the standing leg of tapping (`_tapping`). `set_target`
    is repetitions a set and `rep_unit` what counts as one; the stance has holds and obeys neither.
    """

    name: str = "default"
    heel_kiss: Verdict = "fault"
    heel_load: Verdict = "fault"
    heel_kiss_stance: Verdict = "warning"
    heel_kiss_pony: Verdict = "clean"
    heel_kiss_tapping: Verdict = "clean"
    heel_load_tapping: Verdict = "hint"
    heel_first_y: float = 0.333
    """Rear third of the foot (Cavanagh and Lafortune 1980)."""
    heel_first_lead_s: float = 0.010
    toe_land_y: float = 0.81
    toe_land_share: float = 0.50
    toe_shift_y: float = 0.80
    toe_shift_share: float = 0.35
    toe_shift_stance_y: float = 0.81
    toe_shift_stance_s: float = 0.5
    early_pull_share: float = 0.65
    early_pull_before_s: float = 0.100
    early_pull_shift_s: float = 0.250
    low_pull_bw: float = 0.15
    low_pull_s: float = 0.200
    partial_share: float = 0.80
    together_s: float = 0.300
    drive_rise_bw: float = 0.15
    drive_tap_bw: float = 0.50
    drive_times_own: float = 1.3
    long_contact_s: float = 0.300
    long_running_s: float = 0.300
    long_tap_s: float = 0.250
    over_pulled_s: float = 0.600
    push_y: float = 0.80
    push_toes_share: float = 0.30
    push_peak_at: float = 0.55
    push_pony_bw: float = 1.15
    asymmetry_warning: float = 0.10
    asymmetry_fault: float = 0.20
    drift_ap: float = 0.10
    drift_ml: float = 0.20
    touch_s: float = 0.050
    hand_loss: float = 0.07
    rear_share: float = 0.25
    flight_s: float = 0.320
    flight_over_own_s: float = 0.060
    flight_unwanted_s: float = 0.030
    rhythm_variation: float = 0.10
    double_support_s: float = 0.080
    set_target: int = 12
    rep_unit: RepUnit = "pull"
    own: tuple[tuple[str, float], ...] = ()
    """Those of drills that packages added: "drill.threshold" and its value, in order."""

    def __post_init__(self) -> None:
        for key in fields(self):
            if key.name == "own":
                continue
            wrong = entry_fault(key.name, getattr(self, key.name))
            if wrong is not None:
                raise SettingsError(f"{key.name} {wrong}")
        for name, value in self.own:
            if not math.isfinite(value):
                raise SettingsError(f"{name} must be a number, not {value!r}.")

    def of(self, drill: str, defaults: Mapping[str, float]) -> dict[str, float]:
        """An added drill's own thresholds: the defaults, where the profile says nothing else."""
        said = dict(self.own)
        return {key: said.get(f"{drill}.{key}", value) for key, value in defaults.items()}

    def filled(self, drill: str, defaults: Mapping[str, float]) -> Thresholds:
        """With all of an added drill's own thresholds said."""
        own = {f"{drill}.{key}": value for key, value in self.of(drill, defaults).items()}
        return replace(self, own=tuple(sorted({**dict(self.own), **own}.items())))


_IS_VERDICT = frozenset(
    f.name for f in fields(Thresholds) if f.name.startswith(("heel_kiss", "heel_load"))
)


def entry_fault(key: str, value: object) -> str | None:
    """What is wrong with one entry, in words that go on from its name; None where nothing is."""
    if key == "name":
        return None if isinstance(value, str) and value.strip() else "must be a name in quotes."
    if key in _IS_VERDICT:
        return None if value in VERDICTS else f"must be one of {', '.join(VERDICTS)}, in quotes."
    if key == "rep_unit":
        return None if value in get_args(RepUnit) else 'must be "pull" or "pair".'
    if key == "set_target":
        if isinstance(value, int) and FEWEST <= value <= MOST:
            return None
        return f"must be a whole number from {FEWEST} to {MOST}, not {value!r}."
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(float(str(value))) or not 0.0 < float(str(value)) <= 10.0:
        return f"must be a number above 0 and up to 10, not {value!r}."
    return None


DEFAULT_THRESHOLDS = Thresholds()


def thresholds_from(stored: dict[str, Any]) -> Thresholds:
    """Thresholds as `dataclasses.asdict` gave them; what is missing has its default.

    Raises
    ------
    ValueError
        Entries that no version of these thresholds knows.
    SettingsError
        A value that cannot be.
    """
    unknown = sorted(set(stored) - {f.name for f in fields(Thresholds)})
    if unknown:
        raise ValueError(f"unknown thresholds {', '.join(unknown)}")
    own = tuple((str(key), float(value)) for key, value in stored.get("own", ()))
    return Thresholds(**{**stored, "own": own})
