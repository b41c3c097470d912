# SPDX-License-Identifier: GPL-3.0-or-later
"""What a force-sensing resistor remembers: hysteresis, residual and creep, block after block."""

from __future__ import annotations

import numpy as np
from scipy import signal

from rig.layout.foot import Float64

_PEAK_MEMORY_S = 10.0
_LOADED_PART = 0.10
"""A sensel is loaded from this part of its recent peak on (design choice)."""
_CREEP_S: tuple[float, ...] = (0.316, 3.16, 31.6, 316.0, 3160.0)
_CREEP_WEIGHTS: tuple[float, ...] = tuple(float(np.exp(-1.0 / tau_s)) for tau_s in _CREEP_S)
"""log10(1 + t) = integral of (1 - exp(-t / tau)) exp(-1 / tau) over log10(tau) (Frullani's integral);
one exponential a decade follows it to 0.04 up to a quarter of an hour."""


class SensorMemory:
    """The state of `count` sensels sampled at `rate_hz`; all arrays are (n, count) in newtons.

    Each of its results is asked for once a block, `recent_peak` first.
    """

    def __init__(self, count: int, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._peak = np.zeros(count)
        self._unloaded_s = np.zeros(count)
        self._trend_state = np.zeros((1, count))
        self._unloading_state = np.zeros((1, count))
        self._creep_states = [np.zeros((1, count)) for _ in _CREEP_S]

    def recent_peak(self, force: Float64) -> Float64:
        """Highest force so far, forgotten with 10 s: what hysteresis and residual refer to."""
        grow = np.exp(np.arange(1, len(force) + 1) / (self._rate_hz * _PEAK_MEMORY_S))[:, None]
        lifted = np.concatenate((self._peak[None, :], force * grow))
        peak = np.maximum.accumulate(lifted, axis=0)[1:] / grow
        self._peak = peak[-1]
        return peak

    def unloading(self, force: Float64) -> Float64:
        """0 while a pad is being loaded, 1 while it is being unloaded, with 10 ms between them."""
        trend, self._trend_state = self._low_pass(force, 0.020, self._trend_state)
        falling = (force < trend - 1e-9).astype(np.float64)
        unloading, self._unloading_state = self._low_pass(falling, 0.010, self._unloading_state)
        return unloading

    def residual(self, peak: Float64, part: Float64, kept: Float64) -> Float64:
        """What stays of the last peak: half decays with 0.3 s from unloading on, half with 10 s.

        Parameters
        ----------
        part : (n, count) float64
            Force as a part of its recent peak.
        kept : (count,) float64
            Part of the peak that stays right after unloading.
        """
        sample = np.arange(1, len(part) + 1)[:, None]
        last_loaded = np.maximum.accumulate(np.where(part > _LOADED_PART, sample, 0), axis=0)
        since_s = np.where(
            last_loaded > 0,
            (sample - last_loaded) / self._rate_hz,
            self._unloaded_s + sample / self._rate_hz,
        )
        self._unloaded_s = since_s[-1]
        left = kept * peak * (0.5 * np.exp(-since_s / 0.3) + 0.5)
        return left * (1.0 - part) ** 2

    def creep_decades(self, part: Float64) -> Float64:
        """log10(1 + t / 1 s) of the time t under load; forgotten as it came once the load is gone."""
        loaded = (part > _LOADED_PART).astype(np.float64)
        decades = np.zeros_like(part)
        for i, (tau_s, weight) in enumerate(zip(_CREEP_S, _CREEP_WEIGHTS, strict=True)):
            slow, self._creep_states[i] = self._low_pass(loaded, tau_s, self._creep_states[i])
            decades += weight * slow
        return decades

    def _low_pass(self, values: Float64, tau_s: float, state: Float64) -> tuple[Float64, Float64]:
        keep = np.exp(-1.0 / (self._rate_hz * tau_s))
        return signal.lfilter([1.0 - keep], [1.0, -keep], values, axis=0, zi=state)
