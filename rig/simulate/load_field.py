# SPDX-License-Identifier: GPL-3.0-or-later
"""The load under one foot: Gaussian kernels on the sole, and what regions and CoP get of them.

p(x, y) = sum_k share_k * kernel_k(x, y); each kernel is cut to the outline and integrates to 1 over
it, so every quantity of interest is linear in the shares. Sensors are none of its business: they
integrate its densities over their own areas. Places are in the foot frame, the same for
both feet. Kernel places and the shares of the postures are design choices after the distribution of
barefoot standing (Cavanagh 1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rig.layout import foot_width_mm
from rig.layout.foot import REGION_BANDS_Y, Float64, inside_outline

KERNELS = ("heel", "mid", "MT1", "MT2", "MT3", "MT4", "MT5", "hallux", "toes")
HEEL_KERNELS: list[int] = [0]
BALL_KERNELS: list[int] = [2, 3, 4, 5, 6]
TOE_KERNELS: list[int] = [7, 8]
MEDIAL_KERNELS: list[int] = [2, 3, 7]
LATERAL_KERNELS: list[int] = [4, 5, 6, 8]

_METATARSALS = [(-0.32, 0.73), (-0.12, 0.74), (0.06, 0.71), (0.23, 0.67), (0.38, 0.61)]
_CENTRES: Float64 = np.array(
    [(0.00, 0.13), (0.20, 0.40), *_METATARSALS, (-0.30, 0.90), (0.05, 0.88)], dtype=np.float64
)
_WIDTHS: Float64 = np.array(
    [(0.15, 0.075), (0.13, 0.11), *[(0.13, 0.07)] * 5, (0.10, 0.04), (0.16, 0.04)]
)
CENTRE_JITTER = (0.03, 0.012)
"""Standard deviation between subjects, in foot widths and foot lengths."""
WIDTH_JITTER = 0.10

POSTURE_SHARES: dict[str, Float64] = {
    "strike": np.array([0.95, 0.05, 0, 0, 0, 0, 0, 0, 0]),
    "stand": np.array([0.60, 0.08, 0.07, 0.08, 0.07, 0.04, 0.02, 0.03, 0.01]),
    "flat": np.array([0.40, 0.10, 0.12, 0.12, 0.10, 0.07, 0.03, 0.04, 0.02]),
    "pose": np.array([0.05, 0.10, 0.20, 0.20, 0.17, 0.10, 0.06, 0.08, 0.04]),
    "ball": np.array([0, 0.02, 0.24, 0.24, 0.18, 0.10, 0.06, 0.11, 0.05]),
    "toe_off": np.array([0, 0, 0.25, 0.20, 0.10, 0.03, 0.01, 0.31, 0.10]),
    "tiptoe": np.array([0, 0, 0.06, 0.06, 0.03, 0.01, 0, 0.56, 0.28]),
}
"""Share of each kernel, from the heel-most posture to the toe-most."""
_LADDER_SHARES: Float64 = np.array(list(POSTURE_SHARES.values()))


@dataclass(frozen=True, slots=True, eq=False)
class LoadField:
    """One subject's sole.

    Attributes
    ----------
    regions : (9, 4) float64
        Integral over the bands of heel, midfoot, ball and toes.
    centroid_mm : (9, 2) float64
        Centroid of each kernel in the foot frame: lateral and forward, in mm.
    centres, widths : (9, 2) float64
        Places and standard deviations of the Gaussians in the foot frame (foot widths and lengths).
    volume_mm2 : (9,) float64
        Integral of each Gaussian of peak 1 over the sole.
    """

    foot_length_mm: float
    foot_width_mm: float
    regions: Float64
    centroid_mm: Float64
    centres: Float64
    widths: Float64
    volume_mm2: Float64

    def densities(self, points: Float64) -> Float64:
        """Load of each kernel per mm^2, for a kernel that bears 1; 0 beside the sole.

        Parameters
        ----------
        points : (m, 2) float64
            Foot frame: x in foot widths, + lateral, and y in foot lengths from the heel edge.

        Returns
        -------
        (9, m) float64
        """
        on_sole = inside_outline(points[:, 0], points[:, 1])
        gaussians = _gaussians(points, self.centres, self.widths) * on_sole
        return gaussians / self.volume_mm2[:, None]

    def kernel(self, k: int, points: Float64) -> Float64:
        """(m,) density of kernel `k` alone, as `densities` gives it."""
        return self.densities(points)[k]


@lru_cache(maxsize=64)
def load_field(length_mm: float, seed: int | None = None, narrowing: float = 1.0) -> LoadField:
    """The field of the subject `seed`; None is the subject without jitter.

    `narrowing` scales all kernel widths: 0.6 gives the sharper peaks of a bare foot.
    """
    width_mm = foot_width_mm(length_mm)
    centres, widths = _jittered(seed)
    widths = widths * narrowing
    sole = _sole_grid(length_mm, width_mm)
    on_sole = _gaussians(sole, centres, widths)
    total_mm2 = on_sole.sum(axis=1)
    weights = on_sole / total_mm2[:, None]
    band = np.clip(np.searchsorted(REGION_BANDS_Y, sole[:, 1], side="right") - 1, 0, 3)
    regions = np.stack([weights[:, band == r].sum(axis=1) for r in range(4)], axis=1)
    centroid: Float64 = np.stack([(weights * sole[:, a]).sum(axis=1) for a in (0, 1)], axis=1)
    return LoadField(
        foot_length_mm=length_mm,
        foot_width_mm=width_mm,
        regions=regions,
        centroid_mm=centroid * np.array([width_mm, length_mm]),
        centres=centres,
        widths=widths,
        volume_mm2=total_mm2,
    )


def posture_shares(posture_y: Float64) -> Float64:
    """Kernel shares of a posture named by the y of its CoP in an average foot.

    Postures between two named ones blend them linearly, so the CoP glides linearly with `posture_y`.

    Parameters
    ----------
    posture_y : (...,) float64
        In foot lengths; held at the ends of the ladder from heel strike to tiptoe.

    Returns
    -------
    (..., 9) float64
        Adds up to 1 along the last axis.
    """
    ladder_y = ladder_heights()
    return np.stack(
        [np.interp(posture_y, ladder_y, _LADDER_SHARES[:, k]) for k in range(len(KERNELS))], axis=-1
    )


@lru_cache(maxsize=1)
def ladder_heights() -> Float64:
    """CoP y of the named postures in an average foot, foot lengths."""
    average = load_field(260.0)
    return _LADDER_SHARES @ average.centroid_mm[:, 1] / average.foot_length_mm


def ladder_shares() -> Float64:
    """(postures, 9) shares of the named postures, from the heel-most to the toe-most."""
    return _LADDER_SHARES


def posture_height(name: str) -> float:
    """CoP y of one named posture in an average foot, foot lengths."""
    return float(ladder_heights()[list(POSTURE_SHARES).index(name)])


def _jittered(seed: int | None) -> tuple[Float64, Float64]:
    if seed is None:
        return _CENTRES, _WIDTHS
    rng = np.random.default_rng([seed, 0])
    centres = _CENTRES + rng.standard_normal(_CENTRES.shape) * np.array(CENTRE_JITTER)
    widths = _WIDTHS * np.clip(1.0 + WIDTH_JITTER * rng.standard_normal(_WIDTHS.shape), 0.7, 1.3)
    return centres, widths


def _gaussians(points: Float64, centres: Float64, widths: Float64) -> Float64:
    """(kernels, points), peak 1."""
    scaled = (points[None, :, :] - centres[:, None, :]) / widths[:, None, :]
    return np.exp(-0.5 * (scaled**2).sum(axis=-1))


def _sole_grid(length_mm: float, width_mm: float) -> Float64:
    """Midpoints of a 1 mm grid on the sole, foot frame, (points, 2)."""
    x_mm = np.arange(-np.ceil(0.5 * width_mm), np.ceil(0.5 * width_mm)) + 0.5
    y_mm = np.arange(0.0, np.ceil(length_mm)) + 0.5
    x, y = (g.ravel() for g in np.meshgrid(x_mm / width_mm, y_mm / length_mm))
    on_sole = inside_outline(x, y)
    return np.column_stack((x[on_sole], y[on_sole]))
