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
AT_ONCE = 256
"""Frames that are worked on together: what they need stays cached."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Pads whose loads err together; made by `grouped`.

    Attributes
    ----------
    first_pad : (g,) int64
        Where each group begins; its pads follow each other.
    load_factor : (g, r) float64
        Matrix root of the second moments of the groups' relative load errors.
    place_factor : (2, g, q) float64
        That of the errors of the groups' own places, ML and AP.
    """

    first_pad: npt.NDArray[np.int64]
    load_factor: Float64
    place_factor: Float64


def grouped(of_pad: npt.ArrayLike, load: Float64, centroid_mm2: Float64) -> Groups:
    """Groups from second moments.

    Parameters
    ----------
    of_pad : (p,)
        Group of each pad, 0, 1, 2 ... in order.
    load : (g, g) float64
        Second moments of the relative errors of the groups' loads.
    centroid_mm2 : (g, g, 2, 2) float64
        Second moments of the errors of the groups' own places.
    """
    count = len(load)
    flat = centroid_mm2.transpose(2, 0, 3, 1).reshape(2 * count, 2 * count)
    return Groups(
        first_pad=np.searchsorted(np.asarray(of_pad), np.arange(count)).astype(np.int64),
        load_factor=_root(load),
        place_factor=_root(flat).reshape(2, count, 2 * count),
    )


def _root(moments: Float64) -> Float64:
    values, vectors = np.linalg.eigh(moments)
    return np.ascontiguousarray(vectors * np.sqrt(np.maximum(values, 0.0)), np.float64)


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
    if load_n.shape[1] == 1:
        # sums of a single frame would be added up in another order than those of many
        found = propagated(place_mm, load_n.repeat(2, 1), load_variance_n2.repeat(2, 1), groups)
        return Propagated(found.covariance_mm2[:1], found.force_variance_n2[:1])
    if load_n.shape[1] > AT_ONCE:
        cuts = range(AT_ONCE, load_n.shape[1], AT_ONCE)
        pieces = zip(np.split(load_n, cuts, 1), np.split(load_variance_n2, cuts, 1), strict=True)
        parts = [
            propagated(place_mm, np.ascontiguousarray(n), np.ascontiguousarray(v), groups)
            for n, v in pieces
        ]
        return Propagated(
            np.concatenate([part.covariance_mm2 for part in parts]),
            np.concatenate([part.force_variance_n2 for part in parts]),
        )
    total = load_n.sum(axis=0)
    loaded = total > 0.0
    safe = np.where(loaded, total, 1.0)
    loads = np.add.reduceat(load_n, groups.first_pad, axis=0)
    arms, common, own = [], [], []
    for axis in (_ML, _AP):
        middle = (load_n * place_mm[:, axis, None]).sum(axis=0) / safe
        arm = place_mm[:, axis, None] - middle
        moment = np.add.reduceat(load_n * arm, groups.first_pad, axis=0)
        arms.append(arm)
        common.append(_through(groups.load_factor, moment))
        own.append(_through(groups.place_factor[axis], loads))
    covariance = np.empty((load_n.shape[1], 2, 2))
    for a, b in ((_ML, _ML), (_ML, _AP), (_AP, _AP)):
        found_mm2 = (load_variance_n2 * arms[a] * arms[b]).sum(axis=0)
        found_mm2 += (common[a] * common[b]).sum(axis=0)
        found_mm2 += (own[a] * own[b]).sum(axis=0)
        covariance[:, a, b] = covariance[:, b, a] = np.where(loaded, found_mm2 / safe**2, np.nan)
    force = np.square(_through(groups.load_factor, loads)).sum(axis=0)
    return Propagated(covariance, load_variance_n2.sum(axis=0) + force)


def _through(factor: Float64, terms: Float64) -> Float64:
    """(r, n) from a factor (g, r) and the groups' terms (g, n); no BLAS, whose sums depend on n."""
    return (factor[:, :, None] * terms[:, None, :]).sum(axis=0)


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
