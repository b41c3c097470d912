# SPDX-License-Identifier: GPL-3.0-or-later
"""How well two ways of measuring the same thing agree.

Bias and limits of agreement after Bland & Altman 1986 (Lancet 327:307-310); ICC(2,1) and ICC(3,1) with
their confidence intervals after Shrout & Fleiss 1979 (Psychol Bull 86:420-428).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rig.calibrate.force_block import Float64

LIMITS_SDS = 1.96
LEAST_PAIRS = 3
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Icc:
    """An intraclass correlation with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """n pairs; differences are ours minus the reference's.

    Attributes
    ----------
    independent : float
        How many independent pairs carry as much; the intervals of the ICC are for that many.
    bias, rmse, sd : float
        Mean, root mean square and SD (n - 1) of the differences.
    limits_low, limits_high : float
        bias -+ 1.96 sd.
    correlation : float
        Pearson's; NaN where one side never changes.
    icc_2_1 : Icc
        Absolute agreement, any rater: a bias counts.
    icc_3_1 : Icc
        Consistency, these raters: a bias does not count.
    """

    n: int
    independent: float
    bias: float
    rmse: float
    sd: float
    limits_low: float
    limits_high: float
    correlation: float
    reference_mean: float
    icc_2_1: Icc
    icc_3_1: Icc


def agreement(ours: Float64, reference: Float64, *, series: bool) -> Agreement | None:
    """Agreement of pairs.

    Parameters
    ----------
    ours, reference : (n,) float64
        Pairs with a NaN on either side are left out.
    series : bool
        The pairs are samples of one time series, which say less than as many separate events.

    Returns
    -------
    Agreement or None
        None with fewer than three pairs.
    """
    both = np.isfinite(ours) & np.isfinite(reference)
    ours, reference = ours[both], reference[both]
    n = len(ours)
    if n < LEAST_PAIRS:
        return None
    difference = ours - reference
    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    independent = float(n)
    if series:
        mean = 0.5 * (ours + reference)
        independent = min(independent_samples(difference), independent_samples(mean))
    constant = float(np.ptp(ours)) == 0.0 or float(np.ptp(reference)) == 0.0
    icc_2_1, icc_3_1 = intraclass(np.column_stack((ours, reference)), independent)
    return Agreement(
        n=n,
        independent=independent,
        bias=bias,
        rmse=math.sqrt(float(np.mean(difference**2))),
        sd=sd,
        limits_low=bias - LIMITS_SDS * sd,
        limits_high=bias + LIMITS_SDS * sd,
        correlation=math.nan if constant else float(np.corrcoef(ours, reference)[0, 1]),
        reference_mean=float(reference.mean()),
        icc_2_1=icc_2_1,
        icc_3_1=icc_3_1,
    )


def intraclass(ratings: Float64, independent: float | None = None) -> tuple[Icc, Icc]:
    """ICC(2,1) and ICC(3,1) of a two-way table without replication.

    Parameters
    ----------
    ratings : (n, k) float64
        n targets, each rated by all k raters.
    independent : float, optional
        Effective number of targets, for the intervals; n without it.

    Returns
    -------
    (Icc, Icc)
        NaN where the ratings do not vary at all; intervals NaN below two independent targets.
    """
    n, k = ratings.shape
    by_target, by_rater = ratings.mean(axis=1), ratings.mean(axis=0)
    grand = float(ratings.mean())
    targets_ms = k * float(((by_target - grand) ** 2).sum()) / (n - 1)
    raters_ms = n * float(((by_rater - grand) ** 2).sum()) / (k - 1)
    rest = ratings - by_target[:, None] - by_rater + grand
    error_ms = float((rest**2).sum()) / ((n - 1) * (k - 1))
    agrees = _ratio(
        targets_ms - error_ms,
        targets_ms + (k - 1) * error_ms + k * (raters_ms - error_ms) / n,
    )
    consistent = _ratio(targets_ms - error_ms, targets_ms + (k - 1) * error_ms)
    effective = float(n) if independent is None else independent
    squares = (targets_ms, raters_ms * effective / n, error_ms)
    return (
        Icc(agrees, *_agreement_interval(agrees, squares, effective, k)),
        Icc(consistent, *_consistency_interval(squares, effective, k)),
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0.0 else math.nan


def _quantile(first: float, second: float) -> float:
    return float(stats.f.ppf(0.5 + 0.5 * CONFIDENCE, first, second))


def _consistency_interval(
    squares: tuple[float, float, float], n: float, k: int
) -> tuple[float, float]:
    """Shrout & Fleiss 1979, for ICC(3,1)."""
    targets_ms, _, error_ms = squares
    if n < 2.0 or error_ms <= 0.0:
        return math.nan, math.nan
    ratio, over, under = targets_ms / error_ms, n - 1.0, (n - 1.0) * (k - 1)
    low, high = ratio / _quantile(over, under), ratio * _quantile(under, over)
    return _possible((low - 1.0) / (low + k - 1.0), k), _possible(
        (high - 1.0) / (high + k - 1.0), k
    )


def _agreement_interval(
    icc: float, squares: tuple[float, float, float], n: float, k: int
) -> tuple[float, float]:
    """Shrout & Fleiss 1979, for ICC(2,1), with Satterthwaite's degrees of freedom."""
    targets_ms, raters_ms, error_ms = squares
    if n < 2.0 or error_ms <= 0.0 or math.isnan(icc):
        return math.nan, math.nan
    spread = n * (1.0 + (k - 1) * icc) - k * icc
    by_raters = k * icc * raters_ms / error_ms
    below = (n - 1.0) * by_raters**2 + spread**2
    if below <= 0.0:
        return math.nan, math.nan
    freedom = (k - 1) * (n - 1.0) * (by_raters + spread) ** 2 / below
    first, second = _quantile(n - 1.0, freedom), _quantile(freedom, n - 1.0)
    rest = k * raters_ms + (k * n - k - n) * error_ms
    low = n * (targets_ms - first * error_ms) / (first * rest + n * targets_ms)
    high = n * (second * targets_ms - error_ms) / (rest + n * second * targets_ms)
    return _possible(low, k), _possible(high, k)


def _possible(icc: float, k: int) -> float:
    """Bounds that the formulas put outside what an ICC of k raters can be, at its limit."""
    return min(max(icc, -1.0 / (k - 1)), 1.0)


def independent_samples(series: Float64) -> float:
    """Independent samples that tell as much of the mean as this series (Bayley & Hammersley 1946).

    n / (1 + 2 sum r_k), with the autocorrelation summed up to where it first falls to 0.
    """
    n = len(series)
    centred = series - series.mean()
    power = np.abs(np.fft.rfft(centred, 2 * n)) ** 2
    covariance = np.fft.irfft(power, 2 * n)[:n]
    if covariance[0] <= 0.0:
        return float(n)
    r = covariance / covariance[0]
    ended = r <= 0.0
    stop = int(ended.argmax()) if ended.any() else n
    return max(1.0, n / (1.0 + 2.0 * float(r[1:stop].sum())))
