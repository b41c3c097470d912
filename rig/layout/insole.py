# SPDX-License-Identifier: GPL-3.0-or-later
"""The 16-sensor insole: names, places and tributary areas, scaled to a foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rig.layout.foot import Float64, Foot, Region, foot_width_mm, inside_outline

PAD_DIAMETER_MM = 12.7
"""Active diameter of an FSR 402 (Interlink data sheet)."""
PAD_AREA_MM2 = np.pi * (PAD_DIAMETER_MM / 2.0) ** 2

_SENSORS: tuple[tuple[str, float, float, Region], ...] = (
    ("HB", 0.00, 0.06, Region.HEEL),
    ("HM", -0.16, 0.14, Region.HEEL),
    ("HL", 0.16, 0.14, Region.HEEL),
    ("HF", 0.00, 0.23, Region.HEEL),
    ("AM", -0.16, 0.42, Region.MIDFOOT),
    ("LP", 0.24, 0.36, Region.MIDFOOT),
    ("LD", 0.30, 0.49, Region.MIDFOOT),
    ("MT1", -0.32, 0.73, Region.BALL),
    ("MT2", -0.12, 0.74, Region.BALL),
    ("MT3", 0.06, 0.71, Region.BALL),
    ("MT4", 0.23, 0.67, Region.BALL),
    ("MT5", 0.38, 0.61, Region.BALL),
    ("HX", -0.30, 0.90, Region.TOES),
    ("T2", -0.08, 0.91, Region.TOES),
    ("T34", 0.10, 0.87, Region.TOES),
    ("T5", 0.28, 0.80, Region.TOES),
)
SENSOR_NAMES: tuple[str, ...] = tuple(s[0] for s in _SENSORS)
SENSOR_XY: Float64 = np.array([s[1:3] for s in _SENSORS], dtype=np.float64)
"""(16, 2) places in the foot frame; the metatarsal arc follows the first-MTP survey of 453 women
(researcher.life), the rest is a design choice."""
SENSOR_REGIONS = np.array([s[3] for s in _SENSORS], dtype=np.int64)

STANCE_TEMPLATE_HEEL_X_MM = 81.0
STANCE_TEMPLATE_TOE_OUT_DEG = 7.0
"""Insoles do not know where the feet stand: a drawn template is assumed (design choice), so results
for both feet say "template stance"."""


@dataclass(frozen=True, slots=True, eq=False)
class InsoleLayout:
    """A pair of insoles for one foot size; sensel index = foot * 16 + channel.

    Attributes
    ----------
    place_mm : (2, 16, 2) float64
        Pad centres per foot in that foot's millimetre frame: ml + to the person's right, ap + forward
        from the heel edge. The right foot is the left one mirrored.
    region : (16,) int64
        `Region` of each pad.
    tributary_mm2 : (16,) float64
        Voronoi cell of each pad within the outline; they add up to the sole's area.
    """

    foot_length_mm: float
    foot_width_mm: float
    names: tuple[str, ...]
    place_mm: Float64
    region: np.ndarray
    tributary_mm2: Float64


@lru_cache(maxsize=32)
def insole_layout(length_mm: float) -> InsoleLayout:
    """The layout scaled to a foot length in mm."""
    width_mm = foot_width_mm(length_mm)
    local = SENSOR_XY * np.array([width_mm, length_mm])
    mirrored = local * np.array([-1.0, 1.0])
    place_mm = np.empty((2, len(SENSOR_NAMES), 2))
    place_mm[Foot.RIGHT] = local
    place_mm[Foot.LEFT] = mirrored
    return InsoleLayout(
        foot_length_mm=length_mm,
        foot_width_mm=width_mm,
        names=SENSOR_NAMES,
        place_mm=place_mm,
        region=SENSOR_REGIONS,
        tributary_mm2=_tributary_mm2(length_mm, width_mm),
    )


@lru_cache(maxsize=64)
def present_tributary_mm2(length_mm: float, present: tuple[bool, ...]) -> Float64:
    """Areas as `InsoleLayout.tributary_mm2` when only some pads are there, shape (16,).

    Absent pads have no area: their neighbours take it over. All are 0 when no pad is there.
    """
    there = np.array(present)
    areas = np.zeros(len(SENSOR_NAMES))
    if there.all():
        areas[:] = insole_layout(length_mm).tributary_mm2
    elif there.any():
        areas[there] = _tributary_mm2(length_mm, foot_width_mm(length_mm), SENSOR_XY[there])
    return areas


@lru_cache(maxsize=64)
def taken_over_mm2(length_mm: float, present: tuple[bool, ...]) -> Float64:
    """Who stands for whom, shape (16, 16): of each absent pad's cell (rows) the area that falls to each
    pad that is there (columns)."""
    there = np.array(present)
    taken = np.zeros((len(SENSOR_NAMES), len(SENSOR_NAMES)))
    if there.all() or not there.any():
        return taken
    points, step_mm = _sole_points(length_mm, foot_width_mm(length_mm))
    owner = _nearest(points, SENSOR_XY, length_mm)
    taker = np.flatnonzero(there)[_nearest(points, SENSOR_XY[there], length_mm)]
    np.add.at(taken, (owner, taker), step_mm**2)
    taken[there] = 0.0
    return taken


def on_stance_template(foot: Foot, place_mm: Float64) -> Float64:
    """Places in a foot's own frame (ml to the person's right, ap forward; (..., 2) mm) in the body
    frame, feet standing on the drawn stance template."""
    angle = np.deg2rad(STANCE_TEMPLATE_TOE_OUT_DEG)
    outwards = 1.0 if foot == Foot.RIGHT else -1.0
    ml, ap = place_mm[..., 0], place_mm[..., 1]
    x = outwards * STANCE_TEMPLATE_HEEL_X_MM + ml * np.cos(angle) + outwards * ap * np.sin(angle)
    y = ap * np.cos(angle) - outwards * ml * np.sin(angle)
    return np.stack((x, y), axis=-1)


def _tributary_mm2(length_mm: float, width_mm: float, places: Float64 = SENSOR_XY) -> Float64:
    """Areas nearest to each of the pads at `places` (foot frame), by counting a fine grid."""
    points, step_mm = _sole_points(length_mm, width_mm)
    nearest = _nearest(points, places, length_mm)
    cells: Float64 = np.bincount(nearest, minlength=len(places)).astype(np.float64)
    return cells * np.float64(step_mm**2)


def _sole_points(length_mm: float, width_mm: float, step_mm: float = 0.5) -> tuple[Float64, float]:
    """Points of a fine grid on the sole in mm, (points, 2), and its step."""
    x_mm = np.arange(-0.5 * width_mm, 0.5 * width_mm, step_mm) + 0.5 * step_mm
    y_mm = np.arange(0.0, length_mm, step_mm) + 0.5 * step_mm
    grid_x, grid_y = (g.ravel() for g in np.meshgrid(x_mm, y_mm))
    on_sole = inside_outline(grid_x / width_mm, grid_y / length_mm)
    return np.column_stack((grid_x[on_sole], grid_y[on_sole])), step_mm


def _nearest(points_mm: Float64, places: Float64, length_mm: float) -> np.ndarray:
    """Index of the pad at `places` (foot frame) that is nearest to each point."""
    pads = places * np.array([foot_width_mm(length_mm), length_mm])
    squared = ((points_mm[:, None, :] - pads[None, :, :]) ** 2).sum(axis=-1)
    return np.argmin(squared, axis=1)
