# SPDX-License-Identifier: GPL-3.0-or-later
"""Feet anywhere on a mat: where they stand, and what each cell gets of their load fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rig.errors import SettingsError
from rig.layout.foot import Float64, Foot, foot_outline, foot_width_mm
from rig.layout.insole import STANCE_TEMPLATE_HEEL_X_MM, STANCE_TEMPLATE_TOE_OUT_DEG
from rig.layout.mat import MatLayout
from rig.simulate.load_field import LoadField

_GRID_MM = 1.25
_FINGER_MM = 15.0
_TRIES = 2000
_SIDE = {Foot.LEFT: -1.0, Foot.RIGHT: 1.0}


@dataclass(frozen=True, slots=True)
class FootPlacement:
    """Where a foot stands on the mat.

    Attributes
    ----------
    x_mm, y_mm : float
        Its heel edge (x = y = 0 of the foot frame) in the mat frame.
    toe_out_deg : float
        Outwards, so clockwise for the right foot and counter-clockwise for the left.
    """

    x_mm: float
    y_mm: float
    toe_out_deg: float

    def axis_deg(self, foot: Foot) -> float:
        """Direction of the foot's long axis, clockwise from straight ahead."""
        return _SIDE[foot] * self.toe_out_deg

    def to_mat_mm(self, foot: Foot, place_mm: Float64) -> Float64:
        """Points of the foot frame in millimetres, (..., 2) lateral and forward, in the mat frame."""
        angle = np.deg2rad(self.toe_out_deg)
        lateral, forward = place_mm[..., 0], place_mm[..., 1]
        outward = lateral * np.cos(angle) + forward * np.sin(angle)
        ahead = forward * np.cos(angle) - lateral * np.sin(angle)
        return np.stack((self.x_mm + _SIDE[foot] * outward, self.y_mm + ahead), axis=-1)

    def to_foot_mm(self, foot: Foot, place_mm: Float64) -> Float64:
        """The way back: points of the mat frame, (..., 2), as lateral and forward of the foot."""
        angle = np.deg2rad(self.toe_out_deg)
        outward = _SIDE[foot] * (place_mm[..., 0] - self.x_mm)
        ahead = place_mm[..., 1] - self.y_mm
        lateral = outward * np.cos(angle) - ahead * np.sin(angle)
        forward = outward * np.sin(angle) + ahead * np.cos(angle)
        return np.stack((lateral, forward), axis=-1)


@dataclass(frozen=True, slots=True)
class Stand:
    """Both feet's places from a moment on; `from_s` in true seconds since the person began."""

    left: FootPlacement
    right: FootPlacement
    from_s: float = 0.0

    def of(self, foot: Foot) -> FootPlacement:
        """One foot's place."""
        return self.left if foot == Foot.LEFT else self.right

    def with_foot(self, foot: Foot, placement: FootPlacement) -> Stand:
        """One foot elsewhere."""
        if foot == Foot.LEFT:
            return replace(self, left=placement)
        return replace(self, right=placement)


def template_stand(layout: MatLayout, foot_length_mm: float) -> Stand:
    """Feet as on the drawn template, in the middle of the mat."""
    width, length = layout.field_mm
    back = 0.5 * (length - foot_length_mm)
    left, right = (
        FootPlacement(
            0.5 * width + side * STANCE_TEMPLATE_HEEL_X_MM, back, STANCE_TEMPLATE_TOE_OUT_DEG
        )
        for side in (-1.0, 1.0)
    )
    return Stand(left, right)


def random_stand(
    layout: MatLayout,
    foot_length_mm: float,
    rng: np.random.Generator,
    toe_out_deg: tuple[float, float] = (-5.0, 30.0),
) -> Stand:
    """Feet anywhere on the mat, side by side, at least a finger apart and wholly on it.

    Parameters
    ----------
    toe_out_deg : (low, high)
        Drawn for each foot.

    Raises
    ------
    SettingsError
        The feet find no room.
    """
    width, length = layout.field_mm
    for _ in range(_TRIES):
        middle = rng.uniform(0.35, 0.65) * width
        ahead = rng.uniform(0.0, max(0.0, length - 0.9 * foot_length_mm))
        feet = []
        for foot in Foot:
            out, own, toe_out = rng.uniform(20.0, 115.0), rng.normal(0.0, 15.0), rng.random()
            low, high = toe_out_deg
            feet.append(
                FootPlacement(middle + _SIDE[foot] * out, ahead + own, low + (high - low) * toe_out)
            )
        stand = Stand(*feet)
        if has_room(stand, layout, foot_length_mm):
            return stand
    raise SettingsError(
        f"Feet of {foot_length_mm:.0f} mm find no room side by side on a mat of {width:.0f} mm; choose "
        "a smaller shoe size or a larger mat."
    )


def has_room(stand: Stand, layout: MatLayout, foot_length_mm: float) -> bool:
    """Whether both soles lie wholly on the mat, at least a finger apart."""
    sole_mm = foot_outline(30) * np.array([foot_width_mm(foot_length_mm), foot_length_mm])
    left, right = (stand.of(foot).to_mat_mm(foot, sole_mm) for foot in Foot)
    both = np.concatenate((left, right))
    on_mat = bool((both >= 0.0).all() and (both <= np.array(layout.field_mm)).all())
    gap_mm = np.sqrt(((left[:, None] - right[None]) ** 2).sum(axis=-1)).min()
    return on_mat and bool(gap_mm >= _FINGER_MM)


@lru_cache(maxsize=512)
def cell_integrals(
    field: LoadField, layout: MatLayout, foot: Foot, placement: FootPlacement
) -> Float64:
    """(9, rows * columns) integral of each kernel over each cell of the whole mat.

    Summed on a grid of about 1.25 mm that fits the cells, and divided by each kernel's sum over its
    whole sole, so the cells of a foot that stands wholly on the mat get exactly its load.
    """
    half = 0.5 * field.foot_width_mm
    corners = np.array([(x, y) for x in (-half, half) for y in (0.0, field.foot_length_mm)])
    corners_mm = placement.to_mat_mm(foot, corners)
    step_mm = layout.pitch_mm / round(layout.pitch_mm / _GRID_MM)
    low = np.floor(corners_mm.min(axis=0) / step_mm)
    high = np.ceil(corners_mm.max(axis=0) / step_mm)
    axes = [(np.arange(low[a], high[a]) + 0.5) * step_mm for a in (0, 1)]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    in_foot = placement.to_foot_mm(foot, points)
    in_foot /= np.array([field.foot_width_mm, field.foot_length_mm])
    density = field.densities(in_foot)
    density /= density.sum(axis=1, keepdims=True)
    column, row = np.floor(points / layout.pitch_mm).astype(np.int64).T
    on_mat = (row >= 0) & (row < layout.rows) & (column >= 0) & (column < layout.columns)
    cell = (row * layout.columns + column)[on_mat]
    cells = layout.rows * layout.columns
    sums = [np.bincount(cell, kernel[on_mat], minlength=cells) for kernel in density]
    return np.array(sums, dtype=np.float64)
