# SPDX-License-Identifier: GPL-3.0-or-later
"""A foot's own frame, its regions, its size and its outline.

Foot frame, the same for both feet: y = 0 at the heel edge and 1 at the longest toe, in foot lengths;
x = 0 on the long bisector, + lateral, in foot widths. Body frame: X mm to the person's right, Y mm
forward.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError

Float64 = npt.NDArray[np.float64]


class Foot(IntEnum):
    """Index of a foot in every array with a foot axis."""

    LEFT = 0
    RIGHT = 1


class Region(IntEnum):
    """Index of a region in every array with a region axis."""

    HEEL = 0
    MIDFOOT = 1
    BALL = 2
    TOES = 3


REGION_BANDS_Y: tuple[float, ...] = (0.0, 0.31, 0.51, 0.81, 1.0)
"""Bounds of heel, midfoot, ball and toes in foot lengths; 0.51-0.81 is the conventional in-shoe
forefoot mask (Forghany 2018), 0.31 a design choice. Insole sensors take their region by name."""
BALL_ZONE_Y = (0.51, 0.81)
"""Where the support point should be in Pose; the guide's "midfoot" and "balls of the feet" become
this one target (design choice)."""

_OUTLINE_Y = (
    0,
    0.03,
    0.08,
    0.15,
    0.25,
    0.35,
    0.45,
    0.55,
    0.62,
    0.68,
    0.74,
    0.80,
    0.86,
    0.92,
    0.97,
    1,
)
_MEDIAL = (
    0.02,
    0.18,
    0.27,
    0.30,
    0.27,
    0.23,
    0.24,
    0.33,
    0.40,
    0.45,
    0.47,
    0.47,
    0.45,
    0.42,
    0.33,
    0.15,
)
_LATERAL = (
    0.02,
    0.18,
    0.27,
    0.30,
    0.32,
    0.36,
    0.41,
    0.46,
    0.49,
    0.48,
    0.45,
    0.41,
    0.34,
    0.22,
    0.05,
    -0.10,
)


def foot_length_mm(shoe_size_eu: float) -> float:
    """Foot length of an EU size: 6.667 mm a Paris point less a last allowance of 15 mm (euro2.net)."""
    if not 15.0 <= shoe_size_eu <= 55.0:
        raise SettingsError(f"Shoe size EU {shoe_size_eu:g} is outside 15 to 55; check the size.")
    return 20.0 / 3.0 * shoe_size_eu - 15.0


def foot_width_mm(length_mm: float) -> float:
    """Foot width as 0.38 of its length (design choice)."""
    return 0.38 * length_mm


def outline_half_widths(y: Float64) -> tuple[Float64, Float64]:
    """Medial and lateral half-width of the outline in foot widths at `y` (any shape), linear between
    the table's rows (design choice); NaN outside 0..1."""
    inside = (y >= 0.0) & (y <= 1.0)
    medial = np.where(inside, np.interp(y, _OUTLINE_Y, _MEDIAL), np.nan)
    lateral = np.where(inside, np.interp(y, _OUTLINE_Y, _LATERAL), np.nan)
    return medial, lateral


def inside_outline(x: Float64, y: Float64) -> npt.NDArray[np.bool_]:
    """Which points of the foot frame lie on the sole; x and y of one shape."""
    medial, lateral = outline_half_widths(y)
    return (x >= -medial) & (x <= lateral)


def foot_outline(points_a_side: int = 60) -> Float64:
    """Closed outline in the foot frame, shape (2 * points_a_side, 2), x then y."""
    y = np.linspace(0.0, 1.0, points_a_side)
    medial, lateral = outline_half_widths(y)
    lateral_side = np.column_stack((lateral, y))
    medial_side = np.column_stack((-medial, y))[::-1]
    return np.concatenate((lateral_side, medial_side))
