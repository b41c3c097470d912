# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample entropy of one axis (Richman & Moorman 2000). Research: it depends on m, r, N and the rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy import signal
from scipy.spatial import KDTree

from rig.balance.definitions import Float64

TEMPLATE = 2
TOLERANCE_SDS = 0.2
ENTROPY_RATE_HZ = 20.0
"""Design choice: above it neighbouring samples are nearly equal and entropy measures the rate."""
ENTROPY_LEAST_SAMPLES = 200
"""Twice the 10^m samples that a stable estimate needs at least (Richman & Moorman 2000)."""
ENTROPY_MOST_S = 1800.0
"""Design choice: the work grows with the square of the time, and no trial lasts half an hour."""


def sample_entropy(series: Float64, template: int = TEMPLATE) -> float:
    """-ln(A / B): B pairs of templates of length m within r = 0.2 sd, A of those still so at m + 1.

    Parameters
    ----------
    series : (n,) float64
        Distances are the largest of any element (Chebyshev); the standard deviation is with 1/N. NaN
        for a constant series or where no templates match.
    """
    tolerance = TOLERANCE_SDS * float(series.std())
    if tolerance == 0.0 or len(series) <= template + 1:
        return float("nan")
    shorter = np.lib.stride_tricks.sliding_window_view(series, template)[:-1]
    longer = np.lib.stride_tricks.sliding_window_view(series, template + 1)
    matches = [_pairs_within(templates, tolerance) for templates in (shorter, longer)]
    if matches[1] == 0:
        return float("nan")
    return float(np.log(matches[0] / matches[1]))


def sway_entropy(axis_mm: Float64, rate_hz: float) -> float:
    """Sample entropy of one axis (n,) resampled to 20 Hz; NaN below that rate, below 10 s or above
    30 min."""
    if rate_hz < ENTROPY_RATE_HZ or len(axis_mm) > ENTROPY_MOST_S * rate_hz:
        return float("nan")
    ratio = Fraction(ENTROPY_RATE_HZ / rate_hz).limit_denominator(10_000)
    slow = axis_mm
    if ratio != 1:
        slow = signal.resample_poly(axis_mm, ratio.numerator, ratio.denominator, padtype="line")
    return sample_entropy(slow) if len(slow) >= ENTROPY_LEAST_SAMPLES else float("nan")


def _pairs_within(templates: Float64, tolerance: float) -> int:
    """Ordered pairs of different templates at most `tolerance` apart."""
    tree = KDTree(templates)
    within = int(tree.count_neighbors(tree, tolerance, p=np.inf))
    return within - len(templates)
