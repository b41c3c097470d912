# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of stability: one lean from the middle towards a target.

Theoretical limits of 8 degrees to the front and the sides and 4.5 to the back, about the ankles, with
the centre of gravity at 0.55 of the height, are those of commercial limits-of-stability tests; between
side and back the target lies on an ellipse (design choice).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite, nan

import numpy as np
from scipy import signal

from rig.balance.definitions import AP, ML, Float64

FRONT_DEG, BACK_DEG = 8.0, 4.5
CENTRE_OF_GRAVITY = 0.55
"""Height of the centre of gravity, of the body's height."""
ONSET_SDS, ONSET_OF_TARGET = 3.0, 0.05
"""Movement has begun where the CoP is this far from rest, the larger of both (design choice)."""
SLOW_HZ = 2.0
"""The first stop is found on a CoP low-passed so far that sway does not stop a lean (design choice)."""
STOP_MM_S = 0.0
EARLIEST_REACTION_S = 0.1
"""Whoever moves sooner did not wait for the cue: the limit of false starts in athletics (World
Athletics, technical rules)."""


@dataclass(frozen=True, slots=True)
class Lean:
    """One lean; NaN where it never began.

    Attributes
    ----------
    target_mm : float
        Distance of the target, 100 %.
    reaction_time_s : float
        From the cue to the beginning of the movement; NaN where that came sooner than 0.1 s after it.
    movement_velocity_mm_s, movement_velocity_deg_s : float
        Mean between 5 and 95 % of the endpoint excursion.
    endpoint_excursion_percent : float
        Where the first movement towards the target stopped.
    maximum_excursion_percent : float
        The farthest reached.
    directional_control_percent : float
        100 (on - off) / on: way along and across the target's direction until the first stop.
    """

    target_mm: float
    reaction_time_s: float
    movement_velocity_mm_s: float
    movement_velocity_deg_s: float
    endpoint_excursion_percent: float
    maximum_excursion_percent: float
    directional_control_percent: float

    @property
    def began(self) -> bool:
        """There was a lean in the target's direction."""
        return isfinite(self.endpoint_excursion_percent)

    @property
    def too_early(self) -> bool:
        """The lean did not wait for the cue."""
        return self.began and not isfinite(self.reaction_time_s)

    def measures(self) -> dict[str, float]:
        return asdict(self)


def target_offset_mm(direction_deg: float, height_mm: float) -> tuple[float, float]:
    """ML and AP of the target from the middle; 0 degrees to the front, 90 to the right."""
    angle = np.deg2rad(direction_deg)
    across, along = float(np.sin(angle)), float(np.cos(angle))
    arm_mm = CENTRE_OF_GRAVITY * height_mm
    side_mm = arm_mm * np.tan(np.deg2rad(FRONT_DEG))
    ahead_mm = arm_mm * np.tan(np.deg2rad(FRONT_DEG if along >= 0.0 else BACK_DEG))
    distance_mm = 1.0 / np.hypot(across / side_mm, along / ahead_mm)
    return float(across * distance_mm), float(along * distance_mm)


def measure_lean(
    rest_mm: Float64, cop_mm: Float64, rate_hz: float, direction_deg: float, height_mm: float
) -> Lean:
    """Measure a lean.

    Parameters
    ----------
    rest_mm : (m, 2) float64
        CoP at rest just before the cue; its mean is the middle.
    cop_mm : (n, 2) float64
        CoP from the cue on, ML and AP, filtered.
    """
    offset = np.array(target_offset_mm(direction_deg, height_mm))
    target_mm = float(np.hypot(offset[ML], offset[AP]))
    unit = offset / target_mm
    middle = rest_mm.mean(axis=0)
    along = (cop_mm - middle) @ unit
    across = (cop_mm - middle) @ np.array([unit[AP], -unit[ML]])
    farthest = 100.0 * float(along.max()) / target_mm
    resting_sd = float(((rest_mm - middle) @ unit).std())
    began = _onset(along, max(ONSET_SDS * resting_sd, ONSET_OF_TARGET * target_mm))
    if began is None:
        nothing = float("nan")
        return Lean(target_mm, nothing, nothing, nothing, nothing, farthest, nothing)
    end = _first_stop(along, began, rate_hz)
    velocity_mm_s = _velocity(along, began, end, rate_hz)
    reach_mm = CENTRE_OF_GRAVITY * height_mm
    return Lean(
        target_mm=target_mm,
        reaction_time_s=began / rate_hz if began >= EARLIEST_REACTION_S * rate_hz else nan,
        movement_velocity_mm_s=velocity_mm_s,
        movement_velocity_deg_s=float(np.rad2deg(np.arctan(velocity_mm_s / reach_mm))),
        endpoint_excursion_percent=100.0 * float(along[end]) / target_mm,
        maximum_excursion_percent=farthest,
        directional_control_percent=_control(along[began : end + 1], across[began : end + 1]),
    )


def _onset(along: Float64, threshold_mm: float) -> int | None:
    """Where the movement that crosses the threshold set out: last within a fifth of the threshold."""
    beyond = np.flatnonzero(along > threshold_mm)
    if len(beyond) == 0:
        return None
    before = np.flatnonzero(along[: beyond[0]] <= 0.2 * threshold_mm)
    return int(before[-1]) if len(before) else 0


def _first_stop(along: Float64, began: int, rate_hz: float) -> int:
    """First sample after half of the way to the farthest at which the slow movement turns back."""
    sections = signal.butter(2, SLOW_HZ, fs=rate_hz, output="sos")
    slow = signal.sosfiltfilt(sections, along)
    speed = np.diff(slow) * rate_hz
    halfway = began + int(np.argmax(along[began:] >= 0.5 * along[began:].max()))
    stopped = np.flatnonzero(speed[halfway:] <= STOP_MM_S)
    return halfway + int(stopped[0]) if len(stopped) else len(along) - 1


def _velocity(along: Float64, began: int, end: int, rate_hz: float) -> float:
    endpoint = along[end]
    moving = along[began : end + 1]
    first = int(np.argmax(moving >= 0.05 * endpoint))
    last = int(np.argmax(moving >= 0.95 * endpoint))
    if last <= first:
        return float("nan")
    return float((moving[last] - moving[first]) * rate_hz / (last - first))


def _control(along: Float64, across: Float64) -> float:
    on, off = np.abs(np.diff(along)).sum(), np.abs(np.diff(across)).sum()
    return float(100.0 * (on - off) / on) if on > 0.0 else float("nan")
