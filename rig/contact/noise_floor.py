# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dead weight measures: the least that any sway can be told from.

A weight that cannot move stands on the insoles for 30 s and goes through the same stages as a person.
All that its CoP travels is the instrument's own.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import LoadBlock
from rig.errors import SettingsError

FLOOR_S = 30.0
SHORTEST_S = 20.0
FLAGGED_BELOW = 3.0
"""Times the floor: a sway velocity below that is flagged (design choice)."""
LARGEST_CHANGE = 0.05
"""Standard deviation over mean of the total from which the weight was no dead one (design choice)."""
SCHEMA = "solerig.noise_floor/1"


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """Standard deviations and CoP measures of a dead weight; NaN where it did not stand.

    Attributes
    ----------
    pad_sd_n : (32,)
        Of each pad's force.
    foot_force_sd_n : (2,)
    total_force_sd_n, load_n : float
        Of both feet; what the weight read.
    rms_ml_mm, rms_ap_mm, velocity_mm_s : float
        Of both feet's CoP, about its mean and as path over time, without any filter.
    """

    rate_hz: float
    duration_s: float
    load_n: float
    pad_sd_n: tuple[float, ...]
    foot_force_sd_n: tuple[float, float]
    total_force_sd_n: float
    rms_ml_mm: float
    rms_ap_mm: float
    velocity_mm_s: float

    def to_json(self) -> dict[str, Any]:
        """Plain values; null where undefined."""
        values = {key: _strict(value) for key, value in asdict(self).items()}
        return {"schema": SCHEMA} | values

    @staticmethod
    def from_json(stored: dict[str, Any]) -> NoiseFloor:
        """The other way.

        Raises
        ------
        SettingsError
            Another schema, or entries that are missing.
        """
        if stored.get("schema") != SCHEMA:
            raise SettingsError(
                f"This is no noise floor that this Solerig reads ({SCHEMA}). Measure it again with a "
                "dead weight."
            )
        try:
            return NoiseFloor(
                **{name: _number(stored[name]) for name in NoiseFloor.__dataclass_fields__}
            )
        except KeyError as error:
            raise SettingsError(
                f"The stored noise floor lacks {error}. Measure it again with a dead weight."
            ) from error

    def is_too_near(self, velocity_mm_s: float) -> bool:
        """Whether a sway velocity lies below three times the floor's own."""
        return velocity_mm_s < FLAGGED_BELOW * self.velocity_mm_s


def noise_floor(loads: list[LoadBlock], cop_mm: Float64 | None = None) -> NoiseFloor:
    """The floor from 30 s of a dead weight.

    Parameters
    ----------
    loads : list of LoadBlock
        In order, of one clock run.
    cop_mm : (n, 2) float64, optional
        The CoP at the loads' rate after the filter that sway is measured with; the CoP as it is without
        it. A floor is comparable with sway measured in the same way only.

    Raises
    ------
    SettingsError
        Too short, nothing on the insoles, or a load that moved.
    """
    t_s = np.concatenate([b.force.t_s for b in loads]) if loads else np.zeros(0)
    duration_s = float(t_s[-1] - t_s[0]) if len(t_s) > 1 else 0.0
    if duration_s < SHORTEST_S:
        raise SettingsError(
            f"The dead weight stood for {duration_s:.0f} s; {SHORTEST_S:.0f} s are needed, "
            f"{FLOOR_S:.0f} s are better. Put it on the insoles and record again."
        )
    feet_n = np.concatenate([b.foot_force_n for b in loads])
    total_n = np.nan_to_num(feet_n).sum(axis=1)
    cop = np.concatenate([b.cop_mm for b in loads]) if cop_mm is None else np.asarray(cop_mm)
    load_n = float(total_n.mean())
    if not np.isfinite(cop).all():
        raise SettingsError(
            f"The insoles read {load_n:.0f} N, too little for a centre of pressure all the time. Use a "
            "heavier weight on both insoles, or enter its weight as the body weight."
        )
    if float(total_n.std()) > LARGEST_CHANGE * load_n:
        raise SettingsError(
            "The load changed while the noise was measured, so it was no dead weight. Put the weight on "
            "the insoles, let go of it, wait 20 s, and record again."
        )
    pads_n = np.concatenate([b.insole_force.pad_force_n for b in loads]).reshape(len(t_s), -1)
    steps = np.diff(cop, axis=0)
    rms = cop.std(axis=0)
    left_sd, right_sd = (float(sd) for sd in feet_n.std(axis=0))
    return NoiseFloor(
        rate_hz=(len(t_s) - 1) / duration_s,
        duration_s=duration_s,
        load_n=load_n,
        pad_sd_n=tuple(pads_n.std(axis=0).tolist()),
        foot_force_sd_n=(left_sd, right_sd),
        total_force_sd_n=float(total_n.std()),
        rms_ml_mm=float(rms[0]),
        rms_ap_mm=float(rms[1]),
        velocity_mm_s=float(np.hypot(steps[:, 0], steps[:, 1]).sum()) / duration_s,
    )


def _strict(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_strict(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_number(item) for item in value)
    return math.nan if value is None else value
