# SPDX-License-Identifier: GPL-3.0-or-later
"""One interval of standing on the rig: sway of the body and of each foot, loads, and what went wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from rig.balance.assessment import RECORDING_RATE_HZ, Assessment, assess
from rig.balance.definitions import Definitions, Float64
from rig.balance.load import load_json
from rig.balance.measures import Measures, sway_measures
from rig.balance.preprocessing import prepared
from rig.balance.signals import StanceSignals, Standing
from rig.balance.stances import (
    SHOULDER_WIDTH,
    StanceTemplate,
    assumed_width,
    body_cop_mm,
    width_is_assumed,
)
from rig.balance.validity import Observed
from rig.calibrate.force_block import FrameFlag
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.settings import SIDES

Feet = Literal["both", "left", "right", "none"]
JUMP_MM, JUMP_S = 50.0, 0.1
"""Design choice: 500 mm/s, ten times what standing people reach on average on one leg."""


@dataclass(frozen=True, slots=True)
class StanceAssessment:
    """The sway of the feet that stood (`sway`), of each foot by itself, and the loads.

    `template` names where the feet were taken to stand; "measured" on a mat, which sees them.
    """

    sway: Assessment
    feet: Feet
    per_foot: dict[str, Measures | None]
    load: dict[str, Any]
    template: str
    assumed_width: str | None
    from_s: float
    to_s: float
    floor_velocity_mm_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The keys of every assessment, and beside them what only a recording knows."""
        return {
            **self.sway.to_json(),
            "interval": {"from_s": self.from_s, "to_s": self.to_s},
            "stance": {
                "feet": self.feet,
                "template": self.template,
                "ml": self.assumed_width,
            },
            "per_foot": {
                side: None if found is None else measures_json(found)
                for side, found in self.per_foot.items()
            },
            "load": self.load,
            "noise_floor": {"velocity_mm_s": self.floor_velocity_mm_s},
        }


def measures_json(measures: Measures) -> dict[str, float | None]:
    """NaN becomes null."""
    return {key: value if math.isfinite(value) else None for key, value in measures.items()}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the interval's samples do not say of themselves."""

    rate_hz: float
    foot_length_mm: float
    template: StanceTemplate = SHOULDER_WIDTH
    floor_velocity_mm_s: float | None = None
    preliminary: bool = False


def assess_stance(
    signals: StanceSignals,
    standing: Standing,
    around: Circumstances,
    definitions: Definitions | None = None,
    *,
    filtered: bool = True,
    settled_s: float = 0.0,
) -> StanceAssessment:
    """Measure an interval of standing.

    Both feet are measured by their common CoP on the stance template, a foot that stands alone by its
    own CoP in its own frame. The CoP is filtered at the rig's rate and then brought to 100 Hz.
    `settled_s` was left out before the interval; it is reported.

    Raises
    ------
    AnalysisError
        No foot stood, or too little of the CoP is known; the sentence says so.
    """
    feet = _feet(standing)
    _refuse_nobody(feet, signals)
    cop_mm = _cop_of(feet, signals, around)
    sway = assess(
        signals.t_s,
        cop_mm,
        around.rate_hz,
        definitions,
        filtered=filtered,
        out_rate_hz=_out_rate(around.rate_hz, filtered=filtered),
        observed=observed_in(signals, standing, cop_mm, around),
    )
    sway = replace(sway, preprocessing=replace(sway.preprocessing, settling_s=settled_s))
    assumed = feet == "both" and width_is_assumed(signals)
    return StanceAssessment(
        sway=sway,
        feet=feet,
        per_foot={
            SIDES[foot]: _foot_measures(signals, foot, around, definitions, filtered=filtered)
            for foot in Foot
        },
        load=load_json(signals),
        template=around.template.key if width_is_assumed(signals) else "measured",
        assumed_width=assumed_width(around.template) if assumed else None,
        from_s=float(signals.t_s[0]),
        to_s=float(signals.t_s[-1]) + 1.0 / around.rate_hz,
        floor_velocity_mm_s=around.floor_velocity_mm_s,
    )


def _out_rate(rate_hz: float, *, filtered: bool) -> float | None:
    return RECORDING_RATE_HZ if filtered and rate_hz > RECORDING_RATE_HZ else None


def _feet(standing: Standing) -> Feet:
    left, right = standing.feet
    if left and right:
        return "both"
    return "left" if left else "right" if right else "none"


def _refuse_nobody(feet: Feet, signals: StanceSignals) -> None:
    if len(signals) < 2:
        raise AnalysisError(
            "There are no frames in the interval; choose one within the recording's time."
        )
    if feet == "none":
        raise AnalysisError(
            "Nobody stood on the rig in the interval; choose another one, or check the calibration."
        )


def _cop_of(feet: Feet, signals: StanceSignals, around: Circumstances) -> Float64:
    if feet in SIDES:
        return signals.foot_cop_mm[:, SIDES.index(feet)]
    return body_cop_mm(signals, around.template, around.foot_length_mm)


def _foot_measures(
    signals: StanceSignals,
    foot: Foot,
    around: Circumstances,
    definitions: Definitions | None,
    *,
    filtered: bool,
) -> Measures | None:
    """None for a foot that stood too little of the time."""
    try:
        interval = prepared(
            signals.t_s,
            signals.foot_cop_mm[:, foot],
            around.rate_hz,
            filtered=filtered,
            out_rate_hz=_out_rate(around.rate_hz, filtered=filtered),
        )
    except AnalysisError:
        return None
    return sway_measures(interval.cop_mm, interval.done.rate_hz, definitions)


def observed_in(
    signals: StanceSignals, standing: Standing, cop_mm: Float64, around: Circumstances
) -> Observed:
    """What frames and contacts say of an interval besides its CoP (n, 2)."""
    return Observed(
        lost_frames=int(signals.lost_before[1:].sum()),
        foot_lifted=standing.lifted,
        stepped=standing.stepped,
        saturated_share=float(np.mean((signals.flags & FrameFlag.SATURATED) != 0)),
        no_body_weight=bool(np.any((signals.flags & FrameFlag.NO_BODY_WEIGHT) != 0)),
        floor_velocity_mm_s=around.floor_velocity_mm_s,
        jumped=jumps(cop_mm, around.rate_hz),
        preliminary=around.preliminary,
    )


def jumps(cop_mm: Float64, rate_hz: float) -> bool:
    """The CoP (n, 2) moves more than 50 mm within 0.1 s, single samples' noise averaged out."""
    over = max(1, round(JUMP_S * rate_hz / 2.0))
    usable = len(cop_mm) // over * over
    means = cop_mm[:usable].reshape(-1, over, 2).mean(axis=1)
    if len(means) < 3:
        return False
    moved = np.hypot(*(means[2:] - means[:-2]).T)
    return bool((moved[np.isfinite(moved)] > JUMP_MM).any())
