# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way each sensor's tail leaves the sole."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rig.layout.foot import Float64, foot_width_mm, inside_outline
from rig.layout.insole import SENSOR_XY

CLEARANCE_MM = 10.0
"""Between a tail's middle and another pad's centre: half a disc of 12.7 mm and half a tail of about
7 mm (design choice)."""
DIRECTIONS = 72
STEP_MM = 1.0


@lru_cache(maxsize=32)
def tail_directions(length_mm: float) -> Float64:
    """Unit vectors (16, 2) of the right foot's tails, in its millimetre frame.

    Of all ways that cross no other pad the one that leaves the sole soonest; where every way comes too
    near to another pad, the one that keeps the most distance.
    """
    width_mm = foot_width_mm(length_mm)
    pads_mm = SENSOR_XY * np.array([width_mm, length_mm])
    return np.stack([_direction(pads_mm, pad, width_mm, length_mm) for pad in range(len(pads_mm))])


def _direction(pads_mm: Float64, pad: int, width_mm: float, length_mm: float) -> Float64:
    angles = np.arange(DIRECTIONS) * (2.0 * np.pi / DIRECTIONS)
    ways = np.column_stack((np.cos(angles), np.sin(angles)))
    out_mm = np.arange(STEP_MM, 1.2 * width_mm, STEP_MM)
    points = pads_mm[pad] + ways[:, None, :] * out_mm[None, :, None]
    on_sole = inside_outline(points[..., 0] / width_mm, points[..., 1] / length_mm)
    on_sole = np.logical_and.accumulate(on_sole, axis=1)
    leaves_mm = on_sole.sum(axis=1) * STEP_MM
    others = np.delete(pads_mm, pad, axis=0)
    far = np.linalg.norm(points[:, :, None, :] - others, axis=-1).min(axis=-1)
    clear_mm = np.where(on_sole, far, np.inf).min(axis=1)
    free = clear_mm >= CLEARANCE_MM
    best = np.argmin(np.where(free, leaves_mm, np.inf)) if free.any() else np.argmax(clear_mm)
    return ways[best]
