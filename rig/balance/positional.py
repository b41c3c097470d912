# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the CoP is and how far it strays (definitions after Prieto et al. 1996).

All take the mean-removed CoP, (n, 2) float64, ML and AP in mm; a single axis is (n,).
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from rig.balance.definitions import Float64


def rms(axis_mm: Float64) -> float:
    """Root of the mean square, 1/N, in mm."""
    return float(np.sqrt(np.mean(axis_mm**2)))


def rms_distance(centred_mm: Float64) -> float:
    """RDIST: root mean square of the distance from the mean position, in mm."""
    return float(np.sqrt(np.mean((centred_mm**2).sum(axis=1))))


def mean_distance(centred_mm: Float64) -> float:
    """MDIST: mean distance from the mean position, in mm."""
    return float(np.mean(np.hypot(centred_mm[:, 0], centred_mm[:, 1])))


def mean_distance_axis(axis_mm: Float64) -> float:
    """MDIST of one axis: mean of the absolute value, in mm."""
    return float(np.mean(np.abs(axis_mm)))


def range_axis(axis_mm: Float64) -> float:
    """Largest minus smallest value, in mm."""
    return float(np.ptp(axis_mm))


def range_2d(centred_mm: Float64) -> float:
    """Largest distance between any two samples, in mm.

    The two lie on the convex hull; samples on one line, which have none, are compared directly at the
    ends of that line.
    """
    corners = _corners(centred_mm)
    return float(pdist(corners).max()) if len(corners) > 1 else 0.0


def _corners(points: Float64) -> Float64:
    try:
        return points[ConvexHull(points).vertices]
    except QhullError:
        # all on one line: its ends are where the coordinates are smallest and largest
        ends = [np.lexsort((points[:, 1], points[:, 0]))[[0, -1]]]
        ends.append(np.lexsort((points[:, 0], points[:, 1]))[[0, -1]])
        return points[np.unique(np.concatenate(ends))]
