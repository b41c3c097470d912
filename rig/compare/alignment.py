# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the reference's clock and the recording's together: by sync edges, else by the best lag."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import stats

from rig.calibrate.force_block import Float64
from rig.compare.clocks import Alignment, ClockMap, Edges, edges_of
from rig.compare.coarse_lag import (
    LEAST_CORRELATION,
    Coarse,
    Trace,
    coarse_lag,
    correlation_at,
    is_sure,
)
from rig.compare.edges import EdgeMatch, match_edges
from rig.compare.tracking import Delays, track_delays
from rig.errors import AnalysisError

MOST_DRIFT_ERROR_S = 0.005
"""A drift is used where its 95 % interval moves the record's ends by less. All are design choices."""
LEAST_WINDOWS = 5
_OVERLAPPING = math.sqrt(2.0)
"""Neighbouring windows share half their samples, so there are half as many as it seems."""


_NO_EDGE = (
    "The two were aligned by their best lag, not by a sync edge: a delay of the insoles against the "
    "reference cannot be seen, and event errors are only those that differ from contact to contact."
)


def align(
    traces: list[Trace],
    our_edges: tuple[Edges, ...],
    reference_level: Float64 | None,
    *,
    use_sync: bool = True,
) -> Alignment:
    """Find the clock map.

    Parameters
    ----------
    traces : list of Trace
        What both measured, the most telling first: vertical force, then CoP.
    our_edges : tuple of Edges
        Edges on each of the recording's sync lines.
    reference_level : (n,) float64, optional
        The reference's sync line at `reference_s` of the traces.

    Raises
    ------
    AnalysisError
        Nothing of the two records fits together.
    """
    first = traces[0]
    warnings: list[str] = []
    if use_sync and reference_level is not None:
        edges = edges_of(first.reference_s, reference_level)
        match = _edge_match(first, our_edges, edges)
        if match is not None:
            return _by_edges(first, match)
        warnings.append(_why_no_edges(our_edges, edges))
    return _by_lag(traces, warnings)


def _why_no_edges(ours: tuple[Edges, ...], reference: Edges) -> str:
    count = max(len(edges.t_s) for edges in ours)
    if count and reference:
        return (
            f"The reference's sync column changes {len(reference.t_s)} times and the recording's sync "
            f"line {count} times, and these do not fit together."
        )
    missing = "recording's sync line" if count == 0 else "reference's sync column"
    return f"The {missing} never changes, so the sync edge could not be used."


def _edge_match(trace: Trace, ours: tuple[Edges, ...], reference: Edges) -> EdgeMatch | None:
    """Most edges matched; where several ways match as many, the one in which the forces agree."""
    found = [match for edges in ours if edges for match in match_edges(edges, reference)]
    if not found:
        return None
    most = max(len(match.ours_s) for match in found)
    found = [match for match in found if len(match.ours_s) == most]
    return max(found, key=lambda match: correlation_at(trace, match.clock))


def _by_edges(trace: Trace, match: EdgeMatch) -> Alignment:
    frame_s = float(np.median(np.diff(trace.t_s)))
    sample_s = float(np.median(np.diff(trace.reference_s)))
    edge_sd_s = math.sqrt((frame_s**2 + sample_s**2) / 12.0)
    count = len(match.ours_s)
    delays = track_delays(trace, match.clock, match.anchor_s)
    clock, half, by = match.clock, math.nan, ""
    offset_s = delays.median_s
    if match.drift_told:
        spread = math.sqrt(float(((match.reference_s - match.reference_s.mean()) ** 2).sum()))
        half, by = 1.96 * edge_sd_s / spread, "edges"
    drift = _drift(delays)
    if drift is not None and (math.isnan(half) or drift[1] < half):
        clock, half, by = _shifted(clock, 0.0, drift[0], match.anchor_s), drift[1], trace.name
        offset_s = delays.median_about(match.anchor_s, drift[0])
    correlation = correlation_at(trace, clock)
    return Alignment(
        method="sync edge",
        signal="",
        clock=clock,
        se_s=edge_sd_s / math.sqrt(count),
        edges=count,
        edge_residual_s=match.residual_s,
        correlation=correlation,
        second_correlation=math.nan,
        second_lag_s=math.nan,
        force_offset_s=offset_s,
        drift_ppm=(clock.rate - 1.0) * 1e6 if by else math.nan,
        drift_half_width_ppm=half * 1e6,
        drift_by=by,
        warnings=tuple(_doubts(trace, clock, correlation)),
    )


def _doubts(trace: Trace, clock: ClockMap, correlation: float) -> list[str]:
    """Whether the forces contradict the edges."""
    try:
        coarse = coarse_lag(trace, ppm_known=(clock.rate - 1.0) * 1e6)
    except AnalysisError:
        return []
    apart_s = coarse.clock.offset_s - clock.offset_s
    if coarse.sure and coarse.peak.correlation > correlation and abs(apart_s) > 0.1:
        said = (
            f"The traces fit best {apart_s:+.3f} s away from where the sync edges put them "
            f"(correlation {coarse.peak.correlation:.2f} there, {correlation:.2f} here): check that "
            "both edges belong to one pulse."
        )
        return [said]
    return []


def _by_lag(traces: list[Trace], warnings: list[str]) -> Alignment:
    tried = [coarse for trace in traces if (coarse := _or_none(trace)) is not None]
    if max((c.peak.correlation for c in tried), default=-1.0) < LEAST_CORRELATION:
        raise AnalysisError(
            "The recording and the reference have nothing in common that moves: they do not overlap, "
            "are not of the same trial, or nothing moved in it, so that only the sync edge could tell."
        )
    coarse = next((c for c in tried if c.sure), max(tried, key=lambda c: c.peak.correlation))
    delays = track_delays(coarse.trace, coarse.clock, coarse.anchor_s)
    drift = _drift(delays)
    if drift is None and coarse.clock.rate != 1.0:
        coarse = coarse_lag(coarse.trace, ppm_known=0.0)
        delays = track_delays(coarse.trace, coarse.clock, coarse.anchor_s)
        drift = _drift(delays)
    ppm = half = math.nan
    if drift is not None:
        slope, half = drift[0], drift[1] * 1e6
        centre_s = float(np.median(delays.centre_s))
        at_s = delays.median_about(centre_s, slope)
        clock = _shifted(coarse.clock, at_s, slope, centre_s)
        ppm = (clock.rate - 1.0) * 1e6
    else:
        known = 0.0 if math.isnan(delays.median_s) else delays.median_s
        clock = _shifted(coarse.clock, known, 0.0, coarse.anchor_s)
    correlation = correlation_at(coarse.trace, clock)
    return Alignment(
        method="best lag",
        signal=coarse.trace.name,
        clock=clock,
        se_s=delays.se_s(0.0 if drift is None else drift[0]),
        edges=0,
        edge_residual_s=math.nan,
        correlation=correlation,
        second_correlation=coarse.peak.second_correlation,
        second_lag_s=coarse.second_offset_s,
        force_offset_s=math.nan,
        drift_ppm=ppm,
        drift_half_width_ppm=half,
        drift_by=coarse.trace.name if drift is not None else "",
        warnings=(*warnings, *_lag_warnings(coarse, correlation)),
    )


def _lag_warnings(coarse: Coarse, correlation: float) -> list[str]:
    said = [_NO_EDGE]
    if not is_sure(correlation, coarse.peak.second_correlation):
        said.append(
            f"This lag is not sure (correlation {correlation:.2f}, the next best "
            f"{coarse.peak.second_correlation:.2f}, {coarse.second_offset_s:.2f} s instead of "
            f"{coarse.clock.offset_s:.2f} s): use the sync cable, or three stamps at uneven intervals "
            "at the start and the end."
        )
    return said


def _or_none(trace: Trace) -> Coarse | None:
    try:
        return coarse_lag(trace)
    except AnalysisError:
        return None


def _drift(delays: Delays) -> tuple[float, float] | None:
    """Slope of the delays (Theil-Sen) and half its 95 % interval; None where they do not tell it."""
    if len(delays.centre_s) < LEAST_WINDOWS:
        return None
    fitted = np.array(stats.theilslopes(delays.delay_s, delays.centre_s, alpha=0.95), np.float64)
    slope, _, low, high = fitted.tolist()
    half = _OVERLAPPING * 0.5 * (high - low)
    if half * np.ptp(delays.centre_s) > MOST_DRIFT_ERROR_S:
        return None
    return slope, half


def _shifted(clock: ClockMap, delay_s: float, slope: float, at_s: float) -> ClockMap:
    """The clock map, `delay_s` later at recording time `at_s` and by `slope` more after it."""
    return replace(
        clock,
        offset_s=clock.offset_s + delay_s + slope * (clock.offset_s - at_s),
        rate=clock.rate * (1.0 + slope),
    )
