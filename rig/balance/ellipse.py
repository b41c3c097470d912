# SPDX-License-Identifier: GPL-3.0-or-later
"""The 95 % ellipse in its named variants. They share axes and angle and differ in one factor.

area = factor * sqrt(det S), S the covariance of ML and AP with 1/N, so that its diagonal holds the
squared RMS. The confidence ellipse of the mean is no measure of sway (Schubert & Kirchner 2014) and
is not offered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from rig.balance.definitions import Ellipse, Float64

CONTAINED = 0.95


@dataclass(frozen=True, slots=True)
class SwayEllipse:
    """Half axes in mm; `angle_deg` turns from the AP axis towards + ML, -90 to 90."""

    area_mm2: float
    major_mm: float
    minor_mm: float
    angle_deg: float


def ellipse_factor(variant: Ellipse, samples: int) -> float:
    """Area over sqrt(det S).

    chi2: pi chi2(0.95, 2), the prediction ellipse of Schubert & Kirchner 2014. prieto: 2 pi F(0.95,
    2, N - 2), AREA-CE of Prieto et al. 1996. f-prediction: that times (N + 1)(N - 1) / (N (N - 2)),
    the finite-sample prediction ellipse as coded by Quijoux et al. 2021.
    """
    if variant == "chi2":
        return float(np.pi * stats.chi2.ppf(CONTAINED, 2))
    f_quantile = 2.0 * np.pi * float(stats.f.ppf(CONTAINED, 2, samples - 2))
    if variant == "prieto":
        return f_quantile
    return f_quantile * (samples + 1) * (samples - 1) / (samples * (samples - 2))


def sway_ellipse(centred_mm: Float64, variant: Ellipse) -> SwayEllipse:
    """The 95 % ellipse of the mean-removed CoP (n, 2), ML and AP in mm."""
    covariance = centred_mm.T @ centred_mm / len(centred_mm)
    variances, directions = np.linalg.eigh(covariance)
    variances = np.maximum(variances, 0.0)
    squared_radius = ellipse_factor(variant, len(centred_mm)) / np.pi
    minor, major = (float(np.sqrt(v * squared_radius)) for v in variances)
    ml, ap = directions[:, 1] * (1.0 if directions[1, 1] >= 0.0 else -1.0)
    return SwayEllipse(np.pi * minor * major, major, minor, float(np.degrees(np.arctan2(ml, ap))))
