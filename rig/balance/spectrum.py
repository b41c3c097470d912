# SPDX-License-Identifier: GPL-3.0-or-later
"""How the sway of one axis is spread over frequencies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from rig.balance.definitions import Float64

SEGMENT_S = 20.0
BAND_HZ = (0.15, 5.0)
"""Prieto et al. 1996: below it a 20 s segment holds too few turns, above it is mostly noise."""
SPECTRUM_LEAST_S = SEGMENT_S


@dataclass(frozen=True, slots=True)
class SwaySpectrum:
    """In Hz but for `dispersion`, 0 (one frequency) to 1; all NaN where it cannot be had."""

    f50_hz: float
    f95_hz: float
    centroid_hz: float
    dispersion: float


NO_SPECTRUM = SwaySpectrum(*(float("nan"),) * 4)


def sway_spectrum(axis_mm: Float64, rate_hz: float) -> SwaySpectrum:
    """Spectral measures of one axis.

    Welch, Hann windows of 20 s overlapping by half, the mean of each removed. f50 and f95 are the
    first bins (0.05 Hz apart) at which that share of the band's power is reached; centroid sqrt(m2 /
    m0) and dispersion sqrt(1 - m1^2 / (m0 m2)) are of the band's moments (Prieto et al. 1996).

    Parameters
    ----------
    axis_mm : (n,) float64
        NaN comes back for less than 20 s, a rate that does not reach the band, or no motion.
    """
    per_segment = round(SEGMENT_S * rate_hz)
    if len(axis_mm) < per_segment or rate_hz < 2.0 * BAND_HZ[1]:
        return NO_SPECTRUM
    frequency_hz, power = signal.welch(
        axis_mm, fs=rate_hz, window="hann", nperseg=per_segment, detrend="constant"
    )
    in_band = (frequency_hz >= BAND_HZ[0]) & (frequency_hz <= BAND_HZ[1])
    return _of_band(frequency_hz[in_band], power[in_band])


def _of_band(frequency_hz: Float64, power: Float64) -> SwaySpectrum:
    m0, m1, m2 = (float((frequency_hz**k * power).sum()) for k in (0, 1, 2))
    if m0 <= 0.0:
        return NO_SPECTRUM
    reached = np.cumsum(power)
    f50, f95 = (float(frequency_hz[np.argmax(reached >= p * reached[-1])]) for p in (0.50, 0.95))
    # rounding can leave a pure frequency a hair below zero
    dispersion = np.sqrt(max(0.0, 1.0 - m1 * m1 / (m0 * m2)))
    return SwaySpectrum(f50, f95, float(np.sqrt(m2 / m0)), float(dispersion))
