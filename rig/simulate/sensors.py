# SPDX-License-Identifier: GPL-3.0-or-later
"""What FSRs and their divider make of true pad forces, fault after fault in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from rig.layout.foot import Float64
from rig.layout.insole import PAD_DIAMETER_MM, SENSOR_XY
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import LoadField
from rig.simulate.phrases import DENSE_RATE_HZ

CHANNELS = 32
_PEAK_MEMORY_S = 10.0


@dataclass(frozen=True, slots=True)
class SensorFaults:
    """How far the simulated hardware is from perfect.

    The figures of `BASIC_FAULTS` come from the FSR 400 data sheet (gain spread, hysteresis, dead
    zone), from the design (mux, pull-down), or are design choices (residual, noise, saturation).
    """

    gain_spread: float = 0.06
    hysteresis: float = 0.10
    residual_max: float = 0.04
    dead_zone_n: float = 0.2
    saturation_n: float = 60.0
    mux_ohm: float = 70.0
    fsr_k_us: float = 100.0
    noise_lsb: tuple[float, float] = (0.5, 1.0)
    scan_skew_us: float = 30.0
    clock_ppm: float = 50.0
    loss_fraction: float = 0.0
    loss_burst_s: tuple[float, float] = (0.020, 0.100)


BASIC_FAULTS = SensorFaults()
NO_FAULTS = SensorFaults(
    gain_spread=0.0,
    hysteresis=0.0,
    residual_max=0.0,
    dead_zone_n=0.0,
    saturation_n=1e6,
    noise_lsb=(0.0, 0.0),
    scan_skew_us=0.0,
    clock_ppm=0.0,
)
"""Perfect sensors behind the same divider and ADC."""


@dataclass(frozen=True, slots=True, eq=False)
class SensorTraits:
    """What each of the 32 sensels is like; fixed for a seed. All (32,) float64."""

    gain: Float64
    residual: Float64
    noise_lsb: Float64


def sensor_traits(seed: int, faults: SensorFaults) -> SensorTraits:
    """Draw the sensels of one pair of insoles."""
    rng = np.random.default_rng([seed, 4])
    gain = 1.0 + faults.gain_spread * np.clip(rng.standard_normal(CHANNELS), -2.5, 2.5)
    residual = faults.residual_max * rng.random(CHANNELS)
    low, high = faults.noise_lsb
    return SensorTraits(gain, residual, low + (high - low) * rng.random(CHANNELS))


def pad_integrals(field: LoadField, step_mm: float = 0.5) -> Float64:
    """(9, 16) integral of each kernel over each pad's disc: the part of its load that the pad feels.

    Midpoint rule; the grid points of a disc are weighted so that they stand for exactly its area.
    """
    radius = PAD_DIAMETER_MM / 2.0
    axis = np.arange(-radius, radius, step_mm) + 0.5 * step_mm
    dx, dy = (g.ravel() for g in np.meshgrid(axis, axis))
    in_disc = dx**2 + dy**2 <= radius**2
    offsets = np.column_stack((dx[in_disc], dy[in_disc]))
    offsets /= np.array([field.foot_width_mm, field.foot_length_mm])
    area_a_point = np.pi * radius**2 / len(offsets)
    columns = [field.densities(centre + offsets).sum(axis=1) * area_a_point for centre in SENSOR_XY]
    return np.stack(columns, axis=1)


def pad_force_n(loads: TrueLoads, integrals: Float64) -> Float64:
    """(n, 32) what perfect pads feel of the true loads; `integrals` as `pad_integrals` gives them."""
    return (loads.kernel_force_n @ integrals).reshape(len(loads), CHANNELS)


class SensorBank:
    """32 FSRs with memory on the dense grid: forces in, conductances out."""

    def __init__(self, traits: SensorTraits, faults: SensorFaults) -> None:
        self._traits = traits
        self._faults = faults
        self._peak = np.zeros(CHANNELS)
        self._unloaded_s = np.zeros(CHANNELS)
        self._trend_state = np.zeros((1, CHANNELS))
        self._unloading_state = np.zeros((1, CHANNELS))

    def conductance_us(self, pad_force_n: Float64) -> Float64:
        """Microsiemens of each FSR for the next n dense samples.

        Parameters
        ----------
        pad_force_n : (n, 32) float64
            True forces, dense.

        Returns
        -------
        (n, 32) float64
        """
        force = pad_force_n * self._traits.gain
        peak = self._recent_peak(force)
        part = np.divide(force, peak, out=np.zeros_like(force), where=peak > 1e-9)
        felt = force * (1.0 + self._faults.hysteresis * self._unloading(force) * (1.0 - part))
        felt += self._residual(peak, part)
        felt = after_dead_zone(felt, self._faults.dead_zone_n)
        return self._faults.fsr_k_us * softly_saturated(felt, self._faults.saturation_n)

    def _recent_peak(self, force: Float64) -> Float64:
        """Highest force so far, forgotten with 10 s: what hysteresis and residual refer to."""
        grow = np.exp(np.arange(1, len(force) + 1) / (DENSE_RATE_HZ * _PEAK_MEMORY_S))[:, None]
        lifted = np.concatenate((self._peak[None, :], force * grow))
        peak = np.maximum.accumulate(lifted, axis=0)[1:] / grow
        self._peak = peak[-1]
        return peak

    def _unloading(self, force: Float64) -> Float64:
        """0 while a pad is being loaded, 1 while it is being unloaded, with 10 ms between them."""
        slow = np.exp(-1.0 / (DENSE_RATE_HZ * 0.020))
        trend, self._trend_state = signal.lfilter(
            [1.0 - slow], [1.0, -slow], force, axis=0, zi=self._trend_state
        )
        fast = np.exp(-1.0 / (DENSE_RATE_HZ * 0.010))
        falling = (force < trend - 1e-9).astype(np.float64)
        unloading, self._unloading_state = signal.lfilter(
            [1.0 - fast], [1.0, -fast], falling, axis=0, zi=self._unloading_state
        )
        return unloading

    def _residual(self, peak: Float64, part: Float64) -> Float64:
        """What stays of the last peak: half decays with 0.3 s from unloading on, half with 10 s."""
        loaded = part > 0.10
        sample = np.arange(1, len(part) + 1)[:, None]
        last_loaded = np.maximum.accumulate(np.where(loaded, sample, 0), axis=0)
        since_s = np.where(
            last_loaded > 0,
            (sample - last_loaded) / DENSE_RATE_HZ,
            self._unloaded_s + sample / DENSE_RATE_HZ,
        )
        self._unloaded_s = since_s[-1]
        kept = self._traits.residual * peak * (0.5 * np.exp(-since_s / 0.3) + 0.5)
        return kept * (1.0 - part) ** 2


def after_dead_zone(force_n: Float64, dead_zone_n: float) -> Float64:
    """Nothing below the break force, all of it from twice that on, a ramp between."""
    if dead_zone_n == 0.0:
        return force_n
    return force_n * np.clip(force_n / dead_zone_n - 1.0, 0.0, 1.0)


def softly_saturated(force_n: Float64, saturation_n: float) -> Float64:
    """F / (1 + (F / F_sat)^4)^(1/4): true while small, `saturation_n` at most."""
    return force_n / (1.0 + (force_n / saturation_n) ** 4) ** 0.25


def divider_ratio(conductance_us: Float64, pull_down_ohm: float, mux_ohm: float) -> Float64:
    """Voltage at the pull-down over the supply: FSR, mux and pull-down in series."""
    per_ohm = conductance_us * 1e-6
    return pull_down_ohm * per_ohm / (1.0 + per_ohm * (pull_down_ohm + mux_ohm))


def converted(ratio: Float64, noise_lsb: Float64, full_scale: int) -> Float64:
    """ADC counts of a ratio with noise added before rounding; 0 to full_scale - 1."""
    return np.clip(np.rint(ratio * full_scale + noise_lsb), 0, full_scale - 1)
