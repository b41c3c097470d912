# SPDX-License-Identifier: GPL-3.0-or-later
"""How much later our trace comes than the reference's, window by window along the record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.clocks import ClockMap
from rig.compare.lag import best_lag

WINDOW_S, HOP_S = 4.0, 2.0
FINE_S = 0.001
REACH_S = 0.06
LEAST_CORRELATION = 0.8
"""Windows below it (quiet standing, nobody there) say nothing of time. All are design choices."""


class _Trace(Protocol):
    @property
    def t_s(self) -> Float64: ...
    @property
    def reference_s(self) -> Float64: ...
    def ours_at(self, t_s: Float64) -> Float64: ...
    def reference_at(self, t_s: Float64, clock: ClockMap) -> Float64: ...


@dataclass(frozen=True, slots=True, eq=False)
class Delays:
    """(k,) recording times of the windows that could tell, and each one's delay in s."""

    centre_s: Float64
    delay_s: Float64

    @property
    def median_s(self) -> float:
        """NaN without a window."""
        return float(np.median(self.delay_s)) if len(self.delay_s) else math.nan

    def median_about(self, at_s: float, slope: float) -> float:
        """Median delay at `at_s`, with `slope` taken out of the others."""
        if len(self.delay_s) == 0:
            return math.nan
        return float(np.median(self.delay_s - slope * (self.centre_s - at_s)))

    def se_s(self, slope: float) -> float:
        """Standard error of the median, from the median absolute deviation; NaN below 3 windows.

        Every second window only counts: neighbours share half their samples.
        """
        if len(self.delay_s) < 3:
            return math.nan
        level = self.delay_s - slope * self.centre_s
        mad = float(np.median(np.abs(level - np.median(level))))
        return 1.2533 * 1.4826 * mad / math.sqrt(0.5 * len(level))


def track_delays(trace: _Trace, clock: ClockMap, anchor_s: float) -> Delays:
    """Delays from the anchor outwards, each window looking near where the ones before it lay.

    Parameters
    ----------
    anchor_s : float
        Recording time at which `clock` is right to a few hundredths of a second.
    """
    ends = clock.to_recording(trace.reference_s[[0, -1]])
    start_s, stop_s = max(trace.t_s[0], ends[0]), min(trace.t_s[-1], ends[1])
    width_s = min(WINDOW_S, stop_s - start_s)
    if width_s < 0.5:
        return Delays(np.zeros(0), np.zeros(0))
    count = int((stop_s - start_s - width_s) / HOP_S) + 1
    centres = start_s + 0.5 * width_s + HOP_S * np.arange(count)
    near = int(np.abs(centres - anchor_s).argmin())
    found: dict[int, float] = {}
    for order in (range(near, count), range(near - 1, -1, -1)):
        for place in order:
            expected = _expected(found, centres, place)
            delay = _delay(trace, clock, centres[place], width_s, expected)
            if delay is not None:
                found[place] = delay
    places = sorted(found)
    return Delays(centres[places], np.array([found[place] for place in places]))


def _expected(found: dict[int, float], centres: Float64, place: int) -> float:
    """From the windows nearest to this one: along their line where they are enough, else the next."""
    if not found:
        return 0.0
    nearest = sorted(found, key=lambda other: abs(other - place))[:6]
    if len(nearest) < 3:
        return found[nearest[0]]
    slope, level = np.polyfit(centres[nearest] - centres[place], [found[p] for p in nearest], 1)
    return float(level) if abs(slope) < 0.01 else found[nearest[0]]


def _delay(
    trace: _Trace, clock: ClockMap, centre_s: float, width_s: float, expected_s: float
) -> float | None:
    half, reach = round(0.5 * width_s / FINE_S), round(REACH_S / FINE_S)
    steps = np.arange(-half, half + 1) * np.float64(FINE_S)
    wide = np.arange(-half - reach, half + reach + 1) * np.float64(FINE_S)
    template = trace.reference_at(centre_s + steps, clock)
    ours = trace.ours_at(centre_s + expected_s + wide)
    peak = best_lag(ours, template, FINE_S, len(template) // 2, slice(0, 2 * reach + 1))
    if not peak.inside or peak.correlation < LEAST_CORRELATION:
        return None
    return expected_s + peak.lag_s - REACH_S
