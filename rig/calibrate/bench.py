# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench: known weights on one sensor after the other give each its own curve.

Pure functions: frames to holds, holds to curves. Loads go up and down again through a soft puck that
covers the sensor, so that hysteresis shows; one load is laid on a second time, so that repeatability
shows. G = k F^p is fitted as a line through log G over log F.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from rig.calibrate.divider import divider, saturation_count
from rig.calibrate.force_block import Float64
from rig.errors import SettingsError
from rig.layout.foot_picture import SENSEL_NAMES
from rig.wire.packets import Hello

BENCH_LOADS_N = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
REPEATED_LOAD_N = 10.0
HOLD_S = 5.0
SETTLED_AFTER_S = 1.0
"""The start of a hold still feels the hand that laid the weight down (design choice)."""
FIT_TO_N = 20.0
"""The curve is fitted within the range that the data sheet gives (Interlink FSR 400 series: about 0.2
to 20 N); above it parts saturate, and what they lose there is stated instead."""
LEAST_FITTED_LOADS = 3
LEAST_SPAN = 5.0
"""Largest over smallest fitted load: less tells nothing of the exponent (design choice)."""
LEAST_GAIN_SD = 0.02
"""Repeatability of one part by the data sheet (Interlink FSR 400 series, +-2 %): no bench knows it
better."""
PART_TO_PART_SD = 0.06
"""Within one batch, by the same data sheet: for sensors that saw no bench."""
EXPONENT_RANGE = (0.5, 1.6)
"""Published exponents are 0.9 to 1.1 (Interlink integration guide); beyond these something else was
pressed (design choice)."""
RESTLESS_SHARE = 0.15
"""Standard deviation over mean within a hold, above which the weight did not rest (design choice)."""
LEAST_COUNTS = 3.0
Way = Literal["up", "down", "again"]


@dataclass(frozen=True, slots=True)
class Hold:
    """One weight resting on one sensel; `way` says whether it was reached by adding, taking off, or
    laying the same load on afresh."""

    sensel: int
    load_n: float
    way: Way
    conductance_us: float


@dataclass(frozen=True, slots=True)
class SenselCurve:
    """What the bench says of one sensel; all but `k_us` and `exponent` are relative.

    Attributes
    ----------
    residual_sd : float
        Of the forces read around the loads laid on, within the fitted range.
    hysteresis : float
        Largest gap between the way down and the way up at one load; 0 when there was no way down.
    top_share : float
        Of the highest load, what the curve makes of its reading: below 1 the part saturates.
    repeat_gap : float or None
        Second reading of one load over the first, less 1; None when it was not repeated.
    """

    sensel: int
    k_us: float
    exponent: float
    residual_sd: float
    hysteresis: float
    top_share: float
    repeat_gap: float | None
    loads_n: tuple[float, ...]


def bench_steps(loads_n: Sequence[float] = BENCH_LOADS_N) -> tuple[tuple[float, Way], ...]:
    """Loads in the order in which they are laid on: up, down, and one again after lifting all off."""
    up = sorted(set(loads_n))
    again = min(up, key=lambda load_n: abs(load_n - REPEATED_LOAD_N))
    adding: list[tuple[float, Way]] = [(load_n, "up") for load_n in up]
    taking_off: list[tuple[float, Way]] = [(load_n, "down") for load_n in reversed(up[:-1])]
    return (*adding, *taking_off, (again, "again"))


def hold_from_counts(
    counts: npt.ArrayLike, sensel: int, load_n: float, way: Way, hello: Hello, mux_ohm: float
) -> Hold:
    """One hold from the frames during which the weight rested.

    Parameters
    ----------
    counts : (n,)
        Samples of that sensel, from the moment the weight lay still.

    Raises
    ------
    SettingsError
        Too few frames, nothing read (a dead sensor), saturated, or a weight that did not rest.
    """
    name = SENSEL_NAMES[sensel]
    samples = np.asarray(counts, np.float64)
    if len(samples) < 0.5 * HOLD_S * hello.scan_rate_hz:
        raise SettingsError(
            f"Only {len(samples)} frames came while {load_n:g} N lay on {name}; {HOLD_S:g} s are "
            "needed. Check the link and lay the weight on again."
        )
    samples = samples[round(SETTLED_AFTER_S * hello.scan_rate_hz) :]
    level = float(np.median(samples))
    if level < LEAST_COUNTS:
        raise SettingsError(
            f"{name} reads nothing under {load_n:g} N: it is dead, or the puck is not on it. Lay the "
            "puck on the middle of the sensor, or run 'solerig doctor --board'."
        )
    if level >= saturation_count(hello, mux_ohm):
        raise SettingsError(
            f"{name} reads full scale under {load_n:g} N, so its force cannot be told. Look for a "
            "short, or leave out this load; a smaller pull-down resistor reads higher loads."
        )
    if float(samples.std()) > RESTLESS_SHARE * level + LEAST_COUNTS:
        raise SettingsError(
            f"{name}'s reading moved while {load_n:g} N lay on it. Let the weight rest on the puck "
            "alone, touching nothing else, and lay it on again."
        )
    return Hold(sensel, load_n, way, float(divider(level, hello, mux_ohm)))


def fit_curve(holds: Sequence[Hold]) -> SenselCurve:
    """The curve of one sensel from its holds.

    Raises
    ------
    SettingsError
        Too few loads, a curve that falls where it must rise, or one that no FSR has.
    """
    sensel = holds[0].sensel
    name = SENSEL_NAMES[sensel]
    _refuse_falling(holds, name)
    loads_n = np.array([h.load_n for h in holds])
    conductance_us = np.array([h.conductance_us for h in holds])
    fitted = (loads_n <= FIT_TO_N) & np.array([h.way != "again" for h in holds])
    inside = np.unique(loads_n[fitted])
    if len(inside) < LEAST_FITTED_LOADS or inside[-1] < LEAST_SPAN * inside[0]:
        raise SettingsError(
            f"{name} has readings for {len(inside)} loads up to {FIT_TO_N:g} N; at least "
            f"{LEAST_FITTED_LOADS} are needed, the largest {LEAST_SPAN:g} times the smallest. Lay on "
            "the loads that are missing."
        )
    exponent, log_k = np.polyfit(np.log(loads_n[fitted]), np.log(conductance_us[fitted]), 1)
    if not EXPONENT_RANGE[0] <= exponent <= EXPONENT_RANGE[1]:
        raise SettingsError(
            f"{name}'s conductance grows with the power {exponent:.2f} of the load, which no such "
            f"sensor does ({EXPONENT_RANGE[0]:g} to {EXPONENT_RANGE[1]:g}). Check that the weights are "
            "what they say (in newtons: 1 kg is 9.81 N) and that the puck covers the sensor alone."
        )
    read_n = (conductance_us / np.exp(log_k)) ** (1.0 / exponent)
    off = read_n / loads_n - 1.0
    return SenselCurve(
        sensel=sensel,
        k_us=float(np.exp(log_k)),
        exponent=float(exponent),
        residual_sd=float(np.sqrt((off[fitted] ** 2).sum() / max(1, fitted.sum() - 2))),
        hysteresis=_hysteresis(holds, read_n),
        top_share=float(read_n[np.argmax(loads_n)] / loads_n.max()),
        repeat_gap=_repeat_gap(holds, read_n),
        loads_n=tuple(np.unique(loads_n).tolist()),
    )


def repeatability(curves: Sequence[SenselCurve]) -> float | None:
    """Standard deviation of one reading, pooled over all sensels' repeated loads; None without any.

    The gap of two readings has sqrt(2) times the spread of one.
    """
    gaps = np.array([c.repeat_gap for c in curves if c.repeat_gap is not None])
    return float(np.sqrt((gaps**2).mean() / 2.0)) if len(gaps) else None


def sensel_gain_sd(curve: SenselCurve, pooled_repeatability: float | None) -> float:
    """Relative standard error of the forces that this curve gives.

    Residual and repeatability are independent, so their squares add; never less than what the data
    sheet allows one part.
    """
    repeat = pooled_repeatability or 0.0
    return max(LEAST_GAIN_SD, float(np.hypot(curve.residual_sd, repeat)))


def _refuse_falling(holds: Sequence[Hold], name: str) -> None:
    """More weight must read more, on the way up and on the way down, each by itself."""
    for way in ("up", "down"):
        run = sorted((h.load_n, h.conductance_us) for h in holds if h.way == way)
        for (less_n, less_us), (more_n, more_us) in pairwise(run):
            if more_us <= less_us:
                raise SettingsError(
                    f"{name} reads no more under {more_n:g} N than under {less_n:g} N on the way "
                    f"{way}, so it has no curve. The puck slipped, a weight was mistaken, or the "
                    "sensor is creased: lay the weights on again, then look at the sensor."
                )


def _hysteresis(holds: Sequence[Hold], read_n: Float64) -> float:
    up, down = (
        {h.load_n: n for h, n in zip(holds, read_n, strict=True) if h.way == way}
        for way in ("up", "down")
    )
    return max((abs(down[load] / up[load] - 1.0) for load in down if load in up), default=0.0)


def _repeat_gap(holds: Sequence[Hold], read_n: Float64) -> float | None:
    first = {h.load_n: n for h, n in zip(holds, read_n, strict=True) if h.way == "up"}
    gaps = [
        n / first[h.load_n] - 1.0
        for h, n in zip(holds, read_n, strict=True)
        if h.way == "again" and h.load_n in first
    ]
    return float(np.mean(gaps)) if gaps else None
