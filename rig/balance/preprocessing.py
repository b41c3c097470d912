# SPDX-License-Identifier: GPL-3.0-or-later
"""From a CoP as it was taken to the uniform, filtered series that sway is measured on; what was done
is kept beside it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import signal

from rig.balance.definitions import Float64
from rig.errors import AnalysisError

CUT_OFF_HZ = 10.0
CORRECTION = 0.802
"""A filter of order 2 run forwards and backwards loses 3 dB at 0.802 of its own cut-off."""
LEAST_FILTERED_HZ = 2.1 * CUT_OFF_HZ
"""Nothing at 10 Hz can be lessened that is sampled less than twice in its period."""
BRIDGED_S = 0.1
LONGEST_GAP_S = 0.5
MOST_MISSING = 0.05
"""Design choices: short gaps are bridged by a straight line; past the other two comes a refusal."""
IRREGULAR = 0.10
"""Share of the sampling period by which a single time may stray and still count as uniform (design
choice)."""
DRIFT = 0.5
"""Share of the sampling period by which times may drift from one rate (design choice)."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What was done, in the order in which it was done; None where a step was left out.

    `resampled` is whether any sample was computed from its neighbours: another rate, uneven times, or
    samples that were missing.
    """

    source_rate_hz: float
    rate_hz: float
    samples: int
    settling_s: float
    missing_samples: int
    longest_gap_s: float
    resampled: bool
    irregular_time: bool
    low_pass_hz: float | None
    low_pass: str | None
    filtered: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class SwayInterval:
    """`cop_mm` (n, 2) float64, ML and AP in mm, uniform at `done.rate_hz`, without gaps."""

    cop_mm: Float64
    done: Preprocessing


def prepared(
    t_s: Float64,
    cop_mm: Float64,
    rate_hz: float,
    *,
    filtered: bool = True,
    out_rate_hz: float | None = None,
    settling_s: float = 0.0,
) -> SwayInterval:
    """Cut, bridge, make uniform, filter, resample.

    Parameters
    ----------
    t_s : (n,) float64
        Rising; times that are missing altogether count as missing samples.
    cop_mm : (n, 2) float64
        NaN where nothing is known.
    rate_hz : float
        Nominal sampling rate.
    filtered : bool
        Low-pass Butterworth of order 2, run forwards and backwards (net order 4, zero phase), 3 dB
        at 10 Hz. Without it the series is left as it is, and irregular times are refused.
    out_rate_hz : float, optional
        Rate of the result; the source's own where it is not given.
    settling_s : float
        Cut off the beginning.

    Raises
    ------
    AnalysisError
        Too much is missing, or the times do not allow what was asked for.
    """
    kept = t_s >= t_s[0] + settling_s - 0.5 / rate_hz if len(t_s) else np.zeros(0, np.bool_)
    t_s, cop_mm = t_s[kept], cop_mm[kept]
    _refuse_short(len(t_s), rate_hz)
    irregular = is_irregular(t_s, rate_hz)
    if irregular and not filtered:
        raise AnalysisError(
            "The times are not evenly spaced, so the samples cannot be measured as they are; leave "
            "--no-filter away to let Solerig resample them."
        )
    uniform_s, missing = _uniform(t_s, cop_mm, rate_hz)
    known = np.isfinite(cop_mm).all(axis=1)
    longest_s = _longest_gap_s(t_s[known], uniform_s, rate_hz)
    _refuse_gaps(missing, len(uniform_s), longest_s)
    cop = cop_mm
    if irregular or missing:
        cop = _on(uniform_s, t_s[known], cop_mm[known])
    if filtered:
        cop = low_passed(cop, rate_hz)
    resampled = out_rate_hz is not None and filtered and out_rate_hz < rate_hz
    if resampled and out_rate_hz is not None:
        wanted_s = np.arange(uniform_s[0], uniform_s[-1] + 1e-9, 1.0 / out_rate_hz)
        cop = _on(wanted_s, uniform_s, cop)
    return SwayInterval(
        cop,
        Preprocessing(
            source_rate_hz=rate_hz,
            rate_hz=out_rate_hz if resampled and out_rate_hz is not None else rate_hz,
            samples=len(cop),
            settling_s=settling_s,
            missing_samples=missing,
            longest_gap_s=longest_s,
            resampled=resampled or irregular or missing > 0,
            irregular_time=irregular,
            low_pass_hz=CUT_OFF_HZ if filtered else None,
            low_pass="Butterworth order 2 forwards and backwards, net order 4"
            if filtered
            else None,
            filtered=filtered,
        ),
    )


def low_passed(cop_mm: Float64, rate_hz: float) -> Float64:
    """Zero-phase Butterworth, net order 4, 3 dB down at 10 Hz.

    Raises
    ------
    AnalysisError
        The rate is too low for such a filter.
    """
    if rate_hz < LEAST_FILTERED_HZ:
        raise AnalysisError(
            f"{rate_hz:g} Hz is too slow for the {CUT_OFF_HZ:g} Hz low-pass; take at least 50 Hz, or "
            "give --no-filter to measure the samples as they are."
        )
    # the bilinear transform bends frequencies, so the correction belongs to their tangents
    bent = math.tan(math.pi * CUT_OFF_HZ / rate_hz) / CORRECTION
    cut_off_hz = rate_hz / math.pi * math.atan(bent)
    sections = signal.butter(2, cut_off_hz, fs=rate_hz, output="sos")
    smooth = signal.sosfiltfilt(sections, cop_mm, axis=0)
    # an axis at rest stays at rest: what rounding leaves of it would be measured as sway
    return np.where(np.ptp(cop_mm, axis=0) == 0.0, cop_mm, smooth)


def is_irregular(t_s: Float64, rate_hz: float) -> bool:
    """Whether times stray from a uniform grid, gaps of whole samples aside, or drift from one rate."""
    if len(t_s) < 2:
        return False
    steps = np.diff(t_s) * rate_hz
    rows = np.maximum(np.rint(steps), 1.0)
    if float(np.abs(steps - rows).max()) > IRREGULAR:
        return True
    index = np.concatenate(([0.0], np.cumsum(rows)))
    elapsed = (t_s - t_s[0]) * rate_hz
    slope = np.cov(index, elapsed)[0, 1] / np.var(index, ddof=1)
    return float(np.ptp(elapsed - slope * index)) > DRIFT


def _uniform(t_s: Float64, cop_mm: Float64, rate_hz: float) -> tuple[Float64, int]:
    """A grid from first to last time, and how many of its samples are not known."""
    count = round((t_s[-1] - t_s[0]) * rate_hz) + 1
    known = int(np.isfinite(cop_mm).all(axis=1).sum())
    return t_s[0] + np.arange(count) / rate_hz, max(0, count - known)


def _on(wanted_s: Float64, t_s: Float64, cop_mm: Float64) -> Float64:
    return np.column_stack([np.interp(wanted_s, t_s, cop_mm[:, axis]) for axis in (0, 1)])


def _longest_gap_s(known_s: Float64, uniform_s: Float64, rate_hz: float) -> float:
    """Time without a sample beyond the period between two, ends included."""
    if len(known_s) == 0:
        return float(uniform_s[-1] - uniform_s[0])
    edges = np.concatenate((uniform_s[:1] - 1.0 / rate_hz, known_s, uniform_s[-1:] + 1.0 / rate_hz))
    longest = float(np.diff(edges).max()) - 1.0 / rate_hz
    return longest if longest > 0.5 / rate_hz else 0.0


def _refuse_short(samples: int, rate_hz: float) -> None:
    if samples < max(16, round(rate_hz)):
        raise AnalysisError(
            f"{samples} samples at {rate_hz:g} Hz are less than a second; no sway can be measured in "
            "that. A trial lasts 25 s or more."
        )


def _refuse_gaps(missing: int, samples: int, longest_s: float) -> None:
    if longest_s > LONGEST_GAP_S:
        advice = "Choose an interval without the gap, or repeat the trial."
    elif missing > MOST_MISSING * samples:
        advice = "Choose an interval in which somebody stands all the time, or repeat the trial."
    else:
        return
    raise AnalysisError(
        f"{missing} of {samples} samples are missing, up to {longest_s:.2f} s in a row; more than "
        f"{LONGEST_GAP_S:g} s or {MOST_MISSING:.0%} leave open what the body did. {advice}"
    )
