# SPDX-License-Identifier: GPL-3.0-or-later
"""What FSRs and their divider make of true pad forces, fault after fault in a fixed order.

Spatial bridging, gain spread, power law, hysteresis, residual after unloading, creep, dead zone, soft
saturation, divider with the multiplexer's resistance, noise, ADC; then, where packets are made, scan
skew, jitter, packet loss and the board's own clock. Each has its own size, and 0 switches it off.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from rig.layout.foot import Float64
from rig.simulate.hard_faults import HardFault
from rig.simulate.pads import INSOLE_PADS, SensorLayout
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensor_memory import SensorMemory

CHANNELS = 32


@dataclass(frozen=True, slots=True)
class SensorFaults:
    """What the simulated insoles are and how far from perfect; fields in the order of composition.

    The figures of `BASIC_FAULTS` come from the FSR 400 data sheet (gain spread, hysteresis, creep, dead
    zone), from published calibrations (exponent), from the design (mux, pull-down), or are design
    choices (bridging, residual, noise, saturation).

    Attributes
    ----------
    bridging_max : float
        Part of its load that shoe and foot carry past a pad: 0 to this, drawn for each. Not there when
        a weight stands on the pad itself, as on the bench.
    gain_spread : float
        Standard deviation from part to part.
    exponent : (low, high)
        Of conductance = k * force^p, drawn for each pad.
    pivot_n : float
        Sensels of different exponents agree here: the data sheet states resistance and part-to-part
        spread near 1 kg.
    hysteresis : float
        Unloading reads so much more, times (1 - F / F_max).
    residual_min, residual_max : float
        Part of the last peak that stays after unloading, drawn for each pad.
    creep_per_decade : float
        Growth of the reading with each tenfold time under load.
    noise_lsb : (low, high)
        Root mean square, drawn for each pad.
    jitter_us : float
        How late a scan's samples are taken behind its time stamp: standard deviation of a normal
        distribution, folded at 0.
    clock_ppm : float
        How much the board's clock runs fast; `CERAMIC_CLOCK_PPM` is a bad resonator's.
    hard : of HardFault
        What is broken or misplaced besides.
    pads : SensorLayout
        Which pads there are.
    """

    bridging_max: float = 0.20
    gain_spread: float = 0.06
    exponent: tuple[float, float] = (0.9, 1.1)
    pivot_n: float = 10.0
    hysteresis: float = 0.10
    residual_min: float = 0.0
    residual_max: float = 0.04
    creep_per_decade: float = 0.05
    dead_zone_n: float = 0.2
    saturation_n: float = 60.0
    mux_ohm: float = 70.0
    fsr_k_us: float = 100.0
    noise_lsb: tuple[float, float] = (0.5, 1.0)
    scan_skew_us: float = 30.0
    jitter_us: float = 4.0
    clock_ppm: float = 50.0
    loss_fraction: float = 0.0
    loss_burst_s: tuple[float, float] = (0.020, 0.100)
    hard: tuple[HardFault, ...] = ()
    pads: SensorLayout = INSOLE_PADS


CERAMIC_CLOCK_PPM = 5000.0
BASIC_FAULTS = SensorFaults()
"""The default set: every fault, with a residual of up to 4 %."""
HARD_SET = replace(BASIC_FAULTS, residual_min=0.04, residual_max=0.06)
"""As the default, with a residual of 4 to 6 % in every pad; results on it are reported apart."""
NO_FAULTS = SensorFaults(
    bridging_max=0.0,
    gain_spread=0.0,
    exponent=(1.0, 1.0),
    hysteresis=0.0,
    residual_max=0.0,
    creep_per_decade=0.0,
    dead_zone_n=0.0,
    saturation_n=1e6,
    noise_lsb=(0.0, 0.0),
    scan_skew_us=0.0,
    jitter_us=0.0,
    clock_ppm=0.0,
)
"""Perfect sensors behind the same divider and ADC."""


_FIELDS_OF: dict[str, tuple[str, ...]] = {
    "bridging": ("bridging_max",),
    "gain spread": ("gain_spread",),
    "power law": ("exponent",),
    "hysteresis": ("hysteresis",),
    "residual": ("residual_min", "residual_max"),
    "creep": ("creep_per_decade",),
    "dead zone": ("dead_zone_n",),
    "saturation": ("saturation_n",),
    "noise": ("noise_lsb",),
    "scan skew": ("scan_skew_us",),
    "jitter": ("jitter_us",),
    "clock": ("clock_ppm",),
    "loss": ("loss_fraction",),
}
FAULT_NAMES: tuple[str, ...] = tuple(_FIELDS_OF)
"""Of the faults that an error budget takes one by one, in the order of composition."""


def only_fault(name: str, faults: SensorFaults = BASIC_FAULTS) -> SensorFaults:
    """Perfect sensors but for one of `FAULT_NAMES`, as large as in `faults`."""
    return replace(NO_FAULTS, **{field: getattr(faults, field) for field in _FIELDS_OF[name]})


def without_fault(name: str, faults: SensorFaults = BASIC_FAULTS) -> SensorFaults:
    """All faults but for one of `FAULT_NAMES`."""
    return replace(faults, **{field: getattr(NO_FAULTS, field) for field in _FIELDS_OF[name]})


@dataclass(frozen=True, slots=True, eq=False)
class SensorTraits:
    """What each sensel is like; fixed for a seed. All (sensels,) float64.

    Attributes
    ----------
    passed : part of its load that a pad feels, 1 less what bridges it.
    gain, exponent : of its curve.
    residual : part of the last peak that stays.
    noise_lsb : root mean square.
    """

    passed: Float64
    gain: Float64
    exponent: Float64
    residual: Float64
    noise_lsb: Float64

    def on_bench(self) -> SensorTraits:
        """The same sensels with a weight standing on each: nothing bridges it."""
        return replace(self, passed=np.ones_like(self.passed))

    def only(self, sensels: npt.NDArray[np.int64]) -> SensorTraits:
        """Some of them."""
        return SensorTraits(*(getattr(self, f.name)[sensels] for f in fields(self)))


def sensor_traits(seed: int, faults: SensorFaults, count: int | None = None) -> SensorTraits:
    """Draw the sensels of one rig: two insoles' unless `count` says otherwise.

    What is drawn for one fault does not depend on the size of any other.
    """
    count = count or 2 * faults.pads.samples_a_foot
    rng = np.random.default_rng([seed, 4])
    gain = 1.0 + faults.gain_spread * np.clip(rng.standard_normal(count), -2.5, 2.5)
    residual = _between(faults.residual_min, faults.residual_max, rng.random(count))
    noise_lsb = _between(*faults.noise_lsb, rng.random(count))
    exponent = _between(*faults.exponent, np.random.default_rng([seed, 40]).random(count))
    bridged = faults.bridging_max * np.random.default_rng([seed, 41]).random(count)
    return SensorTraits(1.0 - bridged, gain, exponent, residual, noise_lsb)


def _between(low: float, high: float, part: Float64) -> Float64:
    return low + (high - low) * part


class SensorBank:
    """FSRs with memory, sampled at one rate: forces in, conductances out."""

    def __init__(
        self, traits: SensorTraits, faults: SensorFaults, rate_hz: float = DENSE_RATE_HZ
    ) -> None:
        self._traits = traits
        self._faults = faults
        self._memory = SensorMemory(len(traits.gain), rate_hz)

    @property
    def faults(self) -> SensorFaults:
        """What these sensels were drawn with."""
        return self._faults

    def conductance_us(self, pad_force_n: Float64) -> Float64:
        """Microsiemens of each FSR for the next n samples.

        Parameters
        ----------
        pad_force_n : (n, sensels) float64
            True forces, at this bank's rate; n > 0.

        Returns
        -------
        (n, sensels) float64
        """
        faults, memory = self._faults, self._memory
        force = pad_force_n * (self._traits.passed * self._traits.gain)
        if faults.exponent != (1.0, 1.0):
            force = after_power_law(force, self._traits.exponent, faults.pivot_n)
        peak = memory.recent_peak(force)
        part = np.divide(force, peak, out=np.zeros_like(force), where=peak > 1e-9)
        felt = force * (1.0 + faults.hysteresis * memory.unloading(force) * (1.0 - part))
        felt += memory.residual(peak, part, self._traits.residual)
        if faults.creep_per_decade > 0.0:
            felt *= 1.0 + faults.creep_per_decade * memory.creep_decades(part)
        felt = after_dead_zone(felt, faults.dead_zone_n)
        return faults.fsr_k_us * softly_saturated(felt, faults.saturation_n)


def after_power_law(force_n: Float64, exponent: Float64, pivot_n: float) -> Float64:
    """F0 * (F / F0)^p with the pivot F0: newtons that a sensel of p = 1 would need."""
    return pivot_n * (force_n / pivot_n) ** exponent


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
