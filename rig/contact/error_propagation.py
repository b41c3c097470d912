# SPDX-License-Identifier: GPL-3.0-or-later
"""From errors of pads and of groups of pads to the error of their force-weighted mean place.

Knows no insole: pads stand at any places, and a mat's cells or both feet on the floor are pads as well.
First-order propagation of c = sum(L_i p_i) / sum(L_i), L_i the load that pad i stands for:
dc = sum(dL_i (p_i - c)) / sum(L_i). Everything is worked out frame by frame, pad after pad, so that no
result depends on how frames are cut into blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64

_ML, _AP = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Pads whose loads err together.

    Attributes
    ----------
    of_pad : (p,) int64
        Group of each pad.
    load : (g, g) float64
        Second moments of the relative errors of the groups' loads.
    centroid_mm2 : (g, g, 2, 2) float64
        Second moments of the errors of the groups' own places.
    """

    of_pad: npt.NDArray[np.int64]
    load: Float64
    centroid_mm2: Float64


@dataclass(frozen=True, slots=True, eq=False)
class Propagated:
    """`covariance_mm2` (n, 2, 2) of ML and AP, NaN where nothing is loaded; `force_variance_n2` (n,)."""

    covariance_mm2: Float64
    force_variance_n2: Float64


def propagated(
    place_mm: Float64, load_n: Float64, load_variance_n2: Float64, groups: Groups
) -> Propagated:
    """Error of the force-weighted mean place and of the sum.

    Parameters
    ----------
    place_mm : (p, 2) float64
        ML and AP.
    load_n : (p, n) float64
        What each pad's area is taken to bear; 0 for pads that are not there.
    load_variance_n2 : (p, n) float64
        Of what errs on each pad by itself.
    """
    total = _summed(load_n)
    loaded = total > 0.0
    safe = np.where(loaded, total, 1.0)
    arms = [place_mm[:, a, None] - _summed(load_n, place_mm[:, a]) / safe for a in (_ML, _AP)]
    moments = [_by_group(load_n * arm, groups) for arm in arms]
    loads = _by_group(load_n, groups)
    covariance = np.empty((load_n.shape[1], 2, 2))
    for a, b in ((_ML, _ML), (_ML, _AP), (_AP, _AP)):
        moment = _summed(load_variance_n2 * arms[a] * arms[b])
        moment += _quadratic(groups.load, moments[a], moments[b])
        moment += _quadratic(groups.centroid_mm2[:, :, a, b], loads, loads)
        covariance[:, a, b] = covariance[:, b, a] = np.where(loaded, moment / safe**2, np.nan)
    variance = _summed(load_variance_n2) + _quadratic(groups.load, loads, loads)
    return Propagated(covariance, variance)


def _summed(terms: Float64, factors: Float64 | None = None) -> Float64:
    """Sum of (p, n) over its rows, one after the other, times factors (p,)."""
    total = np.zeros(terms.shape[1])
    for row in range(len(terms)):
        total += terms[row] if factors is None else terms[row] * factors[row]
    return total


def _by_group(terms: Float64, groups: Groups) -> Float64:
    """(g, n) sums of the pads' terms (p, n)."""
    total = np.zeros((len(groups.load), terms.shape[1]))
    for pad, group in enumerate(groups.of_pad.tolist()):
        total[group] += terms[pad]
    return total


def _quadratic(matrix: Float64, left: Float64, right: Float64) -> Float64:
    """Sum over g, h of matrix[g, h] left[g] right[h], frame by frame."""
    total = np.zeros(left.shape[1])
    for g, h in zip(*(where.tolist() for where in np.nonzero(matrix)), strict=True):
        total += matrix[g, h] * (left[g] * right[h])
    return total


@dataclass(frozen=True, slots=True, eq=False)
class ErrorEllipse:
    """`major_mm`, `minor_mm` (n,) half axes; `angle_deg` (n,) from the AP axis towards + ML, -90..90."""

    major_mm: Float64
    minor_mm: Float64
    angle_deg: Float64

    @property
    def area_mm2(self) -> Float64:
        return np.pi * self.major_mm * self.minor_mm


def error_ellipse(covariance_mm2: Float64, contained: float = 0.95) -> ErrorEllipse:
    """Ellipse that holds a share of a bivariate normal error; NaN where the covariance is.

    The squared radius is the chi-square quantile with two degrees of freedom, -2 ln(1 - contained):
    5.99 for 0.95.

    Parameters
    ----------
    covariance_mm2 : (..., 2, 2) float64
    """
    squared = -2.0 * np.log1p(-contained)
    ml, ap = covariance_mm2[..., 0, 0], covariance_mm2[..., 1, 1]
    both = covariance_mm2[..., 0, 1]
    middle, half = 0.5 * (ap + ml), 0.5 * (ap - ml)
    spread = np.hypot(half, both)
    return ErrorEllipse(
        major_mm=np.sqrt(squared * (middle + spread)),
        minor_mm=np.sqrt(squared * np.maximum(middle - spread, 0.0)),
        angle_deg=np.rad2deg(0.5 * np.arctan2(both, half)),
    )
