# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of two traces to a hundredth of a second, over all drifts that clocks can have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.clocks import ClockMap
from rig.compare.edges import MOST_PPM
from rig.compare.lag import Peak, best_lag, on_grid
from rig.errors import AnalysisError

COARSE_S = 0.02
SMEAR_S = 0.04
"""An unknown drift may shift the two ends of the template by this much against each other."""
LONGEST_TEMPLATE_S = 120.0
DRIFT_FROM_S = 10.0
"""Over less than this, a drift shows too little to be looked for."""
LEAST_CORRELATION = 0.3
"""Below it at every lag, two traces are not of one trial, or nothing moved in it."""
SURE_CORRELATION, SURE_MARGIN = 0.8, 0.05
"""A lag is called sure from this correlation on, with every other lag this much worse.

All are design choices."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One quantity as both measured it, each on its own clock.

    `longest_step_s` and `reference_step_s` are the holes that may still be interpolated over.
    """

    name: str
    t_s: Float64
    ours: Float64
    reference_s: Float64
    reference: Float64
    longest_step_s: float
    reference_step_s: float

    def ours_at(self, t_s: Float64) -> Float64:
        """(m,) ours at recording times."""
        return on_grid(self.t_s, self.ours, t_s, self.longest_step_s)

    def reference_at(self, t_s: Float64, clock: ClockMap) -> Float64:
        """(m,) the reference's at recording times."""
        mapped = clock.to_recording(self.reference_s)
        return on_grid(mapped, self.reference, t_s, self.reference_step_s)


class Coarse(NamedTuple):
    trace: Trace
    peak: Peak
    clock: ClockMap
    anchor_s: float

    @property
    def sure(self) -> bool:
        return is_sure(self.peak.correlation, self.peak.second_correlation)

    @property
    def second_offset_s(self) -> float:
        """Where the next best lag would put the reference's first sample."""
        return self.clock.offset_s + self.peak.second_lag_s - self.peak.lag_s


def is_sure(correlation: float, second: float) -> bool:
    margin = math.inf if math.isnan(second) else correlation - second
    return correlation >= SURE_CORRELATION and margin >= SURE_MARGIN


def correlation_at(trace: Trace, clock: ClockMap) -> float:
    """Of the two at a clock map; -1 where too little of them overlaps."""
    grid = _grid(trace.t_s[0], trace.t_s[-1], COARSE_S)
    ours, reference = trace.ours_at(grid), trace.reference_at(grid, clock)
    both = np.isfinite(ours) & np.isfinite(reference)
    if np.count_nonzero(both) < 10 or np.ptp(ours[both]) == 0.0 or np.ptp(reference[both]) == 0.0:
        return -1.0
    return float(np.corrcoef(ours[both], reference[both])[0, 1])


def _grid(start_s: float, stop_s: float, step_s: float) -> Float64:
    return start_s + np.float64(step_s) * np.arange(max(int((stop_s - start_s) / step_s) + 1, 1))


def coarse_lag(trace: Trace, ppm_known: float | None = None) -> Coarse:
    """The lag to a hundredth of a second, over all plausible drifts where that could matter."""
    span_s = min(np.ptp(trace.t_s), np.ptp(trace.reference_s), LONGEST_TEMPLATE_S)
    ppms = np.array([0.0 if ppm_known is None else ppm_known])
    if ppm_known is None and span_s >= DRIFT_FROM_S:
        each = math.ceil(MOST_PPM * 1e-6 * span_s / SMEAR_S)
        ppms = np.arange(-each, each + 1) * (SMEAR_S / span_s * 1e6)
        ppms = ppms[np.argsort(np.abs(ppms))]
    best: Coarse | None = None
    for ppm in ppms:
        found = _coarse_at(trace, 1.0 + ppm * 1e-6)
        if np.isfinite(found.peak.correlation) and (
            best is None or found.peak.correlation > best.peak.correlation
        ):
            best = found
    if best is None:
        raise AnalysisError(f"{trace.name} of the recording and of the reference have no lag.")
    return best


def _coarse_at(trace: Trace, rate: float) -> Coarse:
    """Times on the reference's side are its own stretched by `rate`."""
    ours_grid = _grid(trace.t_s[0], trace.t_s[-1], COARSE_S)
    reference_grid = _grid(0.0, rate * trace.reference_s[-1], COARSE_S)
    ours = trace.ours_at(ours_grid)
    reference = trace.reference_at(reference_grid, ClockMap(0.0, rate))
    if len(reference) <= len(ours):
        part = _busiest(reference)
        template = reference[part]
        peak = best_lag(ours, template, COARSE_S, len(template) // 2)
        offset_s = trace.t_s[0] + peak.lag_s - part.start * COARSE_S
        anchor_s = trace.t_s[0] + peak.lag_s + 0.5 * len(template) * COARSE_S
    else:
        part = _busiest(ours)
        template = ours[part]
        peak = best_lag(reference, template, COARSE_S, len(template) // 2)
        offset_s = trace.t_s[0] + part.start * COARSE_S - peak.lag_s
        anchor_s = trace.t_s[0] + (part.start + 0.5 * len(template)) * COARSE_S
        peak = peak._replace(lag_s=-peak.lag_s, second_lag_s=-peak.second_lag_s)
    return Coarse(trace, peak, ClockMap(float(offset_s), rate), float(anchor_s))


def _busiest(values: Float64) -> slice:
    """The stretch of at most 120 s in which most happens."""
    width = round(LONGEST_TEMPLATE_S / COARSE_S)
    if len(values) <= width:
        return slice(0, len(values))
    moved = np.nan_to_num(np.abs(np.diff(values, prepend=values[0])))
    summed = np.concatenate(([0.0], np.cumsum(moved)))
    start = int((summed[width:] - summed[:-width]).argmax())
    return slice(start, start + width)
