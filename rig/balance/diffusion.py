# SPDX-License-Identifier: GPL-3.0-or-later
"""Stabilogram diffusion of one axis (Collins & De Luca 1993). Research: five 60 s trials are advised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from rig.balance.definitions import Float64

SHORT_BELOW_S = 1.0
LONG_S = (2.0, 10.0)
DIFFUSION_LEAST_S = 3.0 * LONG_S[1]
"""Design choice: the longest lag is then met by three intervals that do not overlap."""

ROUNDED_MSD = 1e-10
"""Of the largest displacement: below it lies the rounding of the transform, above it any sway."""


@dataclass(frozen=True, slots=True)
class Diffusion:
    """D in mm^2/s, H without a unit, and the critical point; all NaN where it cannot be had."""

    short_mm2_s: float
    long_mm2_s: float
    hurst_short: float
    hurst_long: float
    critical_time_s: float
    critical_msd_mm2: float


NO_DIFFUSION = Diffusion(*(float("nan"),) * 6)


def mean_squared_displacement(axis_mm: Float64, lags: int) -> Float64:
    """MSD at lags 1 .. `lags` samples, (lags,) float64 in mm^2.

    Through the autocorrelation, so that a long lag costs no more than a short one.
    """
    x = axis_mm - axis_mm.mean()
    count, lag = len(x), np.arange(1, lags + 1)
    products = signal.correlate(x, x, mode="full", method="fft")[count - 1 + lag]
    squares = np.concatenate(([0.0], np.cumsum(x**2)))
    both_ends = squares[count] - squares[lag] + squares[count - lag]
    return np.maximum(both_ends - 2.0 * products, 0.0) / (count - lag)


def diffusion(axis_mm: Float64, rate_hz: float) -> Diffusion:
    """Diffusion of one axis (n,), in mm.

    D is half the slope of the mean squared displacement over the lag, H half its slope on
    logarithmic axes, each in the short (below 1 s) and the long region (2 to 10 s); the critical
    point is where the two lines cross. NaN for less than 30 s, less than 10 Hz, no motion, or a
    motion that comes back exactly (its logarithm would be that of rounding).
    """
    if len(axis_mm) < round(DIFFUSION_LEAST_S * rate_hz) or rate_hz < 10.0:
        return NO_DIFFUSION
    msd = mean_squared_displacement(axis_mm, round(LONG_S[1] * rate_hz))
    if np.ptp(axis_mm) == 0.0 or msd.min() <= ROUNDED_MSD * msd.max():
        return NO_DIFFUSION
    lag_s = np.arange(1, len(msd) + 1) / rate_hz
    short, long = lag_s < SHORT_BELOW_S, lag_s >= LONG_S[0]
    (short_slope, short_at0), (long_slope, long_at0) = (
        np.polyfit(lag_s[part], msd[part], 1) for part in (short, long)
    )
    hurst = [np.polyfit(np.log(lag_s[p]), np.log(msd[p]), 1)[0] / 2.0 for p in (short, long)]
    crossing_s, crossing = _crossing(short_slope, short_at0, long_slope, long_at0)
    return Diffusion(
        float(short_slope / 2.0),
        float(long_slope / 2.0),
        float(hurst[0]),
        float(hurst[1]),
        crossing_s,
        crossing,
    )


def _crossing(slope_a: float, at0_a: float, slope_b: float, at0_b: float) -> tuple[float, float]:
    """Where two lines meet at a lag above zero; NaN where they do not."""
    if slope_a == slope_b:
        return float("nan"), float("nan")
    lag_s = (at0_b - at0_a) / (slope_a - slope_b)
    if lag_s <= 0.0:
        return float("nan"), float("nan")
    return float(lag_s), float(at0_a + slope_a * lag_s)
