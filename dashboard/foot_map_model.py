# SPDX-License-Identifier: GPL-3.0-or-later
"""Both soles as a picture: 16 pad pressures a foot become a smooth map in the body frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rig.layout import Foot, foot_outline, foot_width_mm, insole_layout
from rig.layout.foot import inside_outline
from rig.layout.insole import (
    PAD_AREA_MM2,
    STANCE_TEMPLATE_HEEL_X_MM,
    STANCE_TEMPLATE_TOE_OUT_DEG,
    on_stance_template,
)

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
UInt8 = npt.NDArray[np.uint8]

MAP_ROWS = 200
MAP_COLUMNS = 80
MARGIN_MM = 4.0
SPREAD = 0.075
"""Width of a pad's influence in foot lengths: about half the distance between neighbours, so that the
map is smooth and still shows each pad (design choice)."""
SHARE_TRUSTED = 0.05
"""Of a pixel's weight that pads must bring which are there, else it shows none (design choice)."""
OUTSIDE = 0
"""Index in the picture of what is not sole; 1 to 255 run from no pressure to the scale's top."""


@dataclass(frozen=True, slots=True, eq=False)
class FootGrid:
    """One foot's picture on the stance template, body frame, mm.

    Attributes
    ----------
    rect_mm : (x, y, width, height) of the picture.
    weights : (rows * columns, 16) float32
        Share of each pad in each pixel; every row adds up to 1.
    inside : (rows, columns) bool
    outline_mm : (k, 2) float64, closed
    pads_mm : (16, 2) float64
    """

    rect_mm: tuple[float, float, float, float]
    weights: Float32
    inside: npt.NDArray[np.bool_]
    outline_mm: Float64
    pads_mm: Float64


def _into_foot(foot: Foot, body_mm: Float64) -> Float64:
    """The way back of `on_stance_template`."""
    angle = np.deg2rad(STANCE_TEMPLATE_TOE_OUT_DEG)
    outwards = 1.0 if foot == Foot.RIGHT else -1.0
    x, y = body_mm[..., 0] - outwards * STANCE_TEMPLATE_HEEL_X_MM, body_mm[..., 1]
    ml = x * np.cos(angle) - outwards * y * np.sin(angle)
    ap = outwards * x * np.sin(angle) + y * np.cos(angle)
    return np.stack((ml, ap), axis=-1)


@lru_cache(maxsize=16)
def foot_grid(foot: Foot, length_mm: float) -> FootGrid:
    """The picture's grid for one foot; worked out once for each foot length."""
    width_mm = foot_width_mm(length_mm)
    side = 1.0 if foot == Foot.RIGHT else -1.0
    outline = on_stance_template(foot, foot_outline(100) * np.array([side * width_mm, length_mm]))
    low = outline.min(axis=0) - MARGIN_MM
    size = outline.max(axis=0) + MARGIN_MM - low
    x = low[0] + (np.arange(MAP_COLUMNS) + 0.5) * size[0] / MAP_COLUMNS
    y = low[1] + (np.arange(MAP_ROWS) + 0.5) * size[1] / MAP_ROWS
    places = _into_foot(foot, np.stack(np.meshgrid(x, y), axis=-1))
    pads_mm = insole_layout(length_mm).place_mm[foot]
    inside = inside_outline(side * places[..., 0] / width_mm, places[..., 1] / length_mm)
    return FootGrid(
        rect_mm=(float(low[0]), float(low[1]), float(size[0]), float(size[1])),
        weights=_pad_shares(places.reshape(-1, 2), pads_mm, SPREAD * length_mm),
        inside=inside,
        outline_mm=_rounded(outline),
        pads_mm=on_stance_template(foot, pads_mm),
    )


def _rounded(outline_mm: Float64, points: int = 9) -> Float64:
    """The table's corners rounded for the eye: a running mean along the closed outline."""
    wrapped = np.concatenate((outline_mm[-(points // 2) :], outline_mm, outline_mm[: points // 2]))
    windows = np.lib.stride_tricks.sliding_window_view(wrapped, points, axis=0)
    rounded = windows.mean(axis=-1)
    return np.concatenate((rounded, rounded[:1]))


def _pad_shares(points_mm: Float64, pads_mm: Float64, spread_mm: float) -> Float32:
    """Normalised Gaussian weights (Nadaraya-Watson), so a uniform load gives a uniform picture."""
    squared = ((points_mm[:, None, :] - pads_mm[None, :, :]) ** 2).sum(axis=-1)
    nearest = squared.min(axis=1, keepdims=True)
    weights = np.exp(-(squared - nearest) / (2.0 * spread_mm**2))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


@lru_cache(maxsize=8)
def _shares_of_present(grid: FootGrid, absent: tuple[bool, ...]) -> Float32:
    """The grid's weights when some pads are not there; pixels far from all others show none."""
    weights = np.where(np.array(absent), np.float32(0.0), grid.weights)
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > SHARE_TRUSTED)
    return shares.astype(np.float32)


def pad_pressure_kpa(pad_force_n: Float64) -> Float64:
    """Pressure on each pad's own area; any shape, N to kPa."""
    return pad_force_n * (1000.0 / PAD_AREA_MM2)


def paint_map(grid: FootGrid, pressure_kpa: Float64, top_kpa: float) -> UInt8:
    """The picture as colour indices, shape (MAP_ROWS, MAP_COLUMNS): `OUTSIDE`, else 1 to 255.

    `pressure_kpa` has shape (16,), NaN where there is no sensor: the others then share the sole, and
    without any nothing is drawn. Row 0 is nearest to the heel.
    """
    absent = np.isnan(pressure_kpa)
    weights = _shares_of_present(grid, tuple(map(bool, absent))) if absent.any() else grid.weights
    if absent.all():
        return np.full((MAP_ROWS, MAP_COLUMNS), OUTSIDE, np.uint8)
    pressure_kpa = np.nan_to_num(pressure_kpa, nan=0.0)
    scaled = np.minimum(pressure_kpa * (254.0 / top_kpa), 254.0).astype(np.float32)
    field = weights @ scaled
    field += np.float32(1.5)
    picture = field.astype(np.uint8).reshape(MAP_ROWS, MAP_COLUMNS)
    picture *= grid.inside
    return picture
