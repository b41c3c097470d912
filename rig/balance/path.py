# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the CoP travels and how fast (definitions after Prieto et al. 1996).

CoP (n, 2) float64, ML and AP in mm; `duration_s` is T by `Definitions.duration_s`.
"""

from __future__ import annotations

import numpy as np

from rig.balance.definitions import Float64

_AXIS_FREQUENCY = 4.0 * np.sqrt(2.0)


def path(cop_mm: Float64) -> float:
    """TOTEX: length of the way from sample to sample, in mm."""
    steps = np.diff(cop_mm, axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def path_axis(axis_mm: Float64) -> float:
    """TOTEX of one axis, in mm."""
    return float(np.abs(np.diff(axis_mm)).sum())


def sway_area_rate(centred_mm: Float64, duration_s: float) -> float:
    """AREA-SW: area swept between the mean position and the CoP, in mm^2/s.

    sum |AP[n+1] ML[n] - AP[n] ML[n+1]| / (2 T).
    """
    ml, ap = centred_mm[:, 0], centred_mm[:, 1]
    swept = np.abs(ap[1:] * ml[:-1] - ap[:-1] * ml[1:])
    return float(swept.sum() / (2.0 * duration_s))


def mean_frequency(path_mm: float, mean_distance_mm: float, duration_s: float) -> float:
    """MFREQ: turns a second of a circle of radius MDIST with the same path, in Hz; NaN at rest."""
    if mean_distance_mm == 0.0:
        return float("nan")
    return path_mm / (2.0 * np.pi * mean_distance_mm * duration_s)


def mean_frequency_axis(path_mm: float, mean_distance_mm: float, duration_s: float) -> float:
    """MFREQ of one axis, in Hz; NaN at rest.

    The published constant 4 sqrt(2) is kept, so a pure sine of frequency f gives pi f / (2 sqrt(2))
    = 1.11 f.
    """
    if mean_distance_mm == 0.0:
        return float("nan")
    return float(path_mm / (_AXIS_FREQUENCY * mean_distance_mm * duration_s))
