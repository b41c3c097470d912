# SPDX-License-Identifier: GPL-3.0-or-later
"""Postural sway of the CoP: a slow wander and a faster resonance per axis.

The rows are tuned to plausible size (design choice), not to a cohort; the velocity, area and spectrum
that they yield are asserted by tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import signal

from rig.layout.foot import Float64

SWAY_RATE_HZ = 100
_SETTLE_S = 60


@dataclass(frozen=True, slots=True)
class SwayCondition:
    """Standard deviations in mm; AP and ML share the frequencies (Hz) and the damping ratio."""

    ap_slow_mm: float
    ap_fast_mm: float
    ml_slow_mm: float
    ml_fast_mm: float
    slow_hz: float
    resonance_hz: float
    damping: float


EYES_OPEN = SwayCondition(4.6, 1.0, 2.9, 0.7, 0.05, 0.6, 0.50)
EYES_CLOSED = SwayCondition(5.2, 1.7, 3.1, 1.1, 0.06, 0.7, 0.45)
FOAM = SwayCondition(9.0, 5.0, 6.0, 4.0, 0.08, 0.7, 0.40)
"""Eyes closed on foam."""
SINGLE_LEG = SwayCondition(4.0, 4.2, 2.8, 4.6, 0.10, 1.0, 0.45)


class SwaySource:
    """Endless sway of one condition; the same seed gives the same sway however it is drawn."""

    def __init__(self, condition: SwayCondition, rng: np.random.Generator) -> None:
        self._rng = rng
        self._filters = _filters(condition)
        self._states = [np.zeros((sos.shape[0], 2, 2)) for sos in self._filters]
        self._scales = _scales(condition)
        self._advance(_SETTLE_S * SWAY_RATE_HZ)

    def next(self, count: int) -> Float64:
        """The next `count` samples at 100 Hz, shape (count, 2): AP and ML in mm."""
        return self._advance(count)

    def _advance(self, count: int) -> Float64:
        white = self._rng.standard_normal((count, 2, 2))
        sway = np.zeros((count, 2))
        for part, sos in enumerate(self._filters):
            filtered, self._states[part] = signal.sosfilt(
                sos, white[:, part, :], axis=0, zi=self._states[part]
            )
            sway += filtered * self._scales[part]
        return sway


class DenseSway:
    """Sway on the person's dense time grid, by straight lines between its own samples."""

    def __init__(self, source: SwaySource, dense_rate_hz: int) -> None:
        self._source = source
        self._ratio = dense_rate_hz // SWAY_RATE_HZ
        self._last = source.next(1)

    def next(self, count: int) -> Float64:
        """(count, 2) AP and ML in mm; `count` a multiple of the ratio of the two rates."""
        coarse = np.concatenate((self._last, self._source.next(count // self._ratio)))
        self._last = coarse[-1:]
        part = (np.arange(self._ratio) / self._ratio)[None, :, None]
        lines = coarse[:-1, None, :] * (1.0 - part) + coarse[1:, None, :] * part
        return lines.reshape(count, 2)


@lru_cache(maxsize=8)
def _filters(condition: SwayCondition) -> tuple[Float64, Float64]:
    """Slow: one pole, then a Butterworth of order 2 at twice the resonance. Fast: a resonance."""
    decay = np.exp(-2.0 * np.pi * condition.slow_hz / SWAY_RATE_HZ)
    one_pole = np.array([[1.0 - decay, 0.0, 0.0, 1.0, -decay, 0.0]])
    smooth = np.asarray(
        signal.butter(2, 2.0 * condition.resonance_hz, fs=SWAY_RATE_HZ, output="sos")
    )
    omega = 2.0 * np.pi * condition.resonance_hz
    numerator, denominator = signal.bilinear(
        [omega**2], [1.0, 2.0 * condition.damping * omega, omega**2], fs=SWAY_RATE_HZ
    )
    return np.concatenate((one_pole, smooth)), np.asarray(signal.tf2sos(numerator, denominator))


@lru_cache(maxsize=8)
def _scales(condition: SwayCondition) -> tuple[Float64, Float64]:
    """Gain per part and axis that turns white noise of sd 1 into the asked sd.

    The sd of filtered white noise is the root of the energy of the filter's impulse response.
    """
    impulse = np.zeros(_SETTLE_S * SWAY_RATE_HZ)
    impulse[0] = 1.0
    slow_sd, fast_sd = (
        np.sqrt((np.asarray(signal.sosfilt(sos, impulse)) ** 2).sum())
        for sos in _filters(condition)
    )
    slow = np.array([condition.ap_slow_mm, condition.ml_slow_mm]) / slow_sd
    fast = np.array([condition.ap_fast_mm, condition.ml_fast_mm]) / fast_sd
    return slow, fast
