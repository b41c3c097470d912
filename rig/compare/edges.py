# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sync edge of the recording is which of the reference's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.clocks import ClockMap

MOST_PPM = 6000.0
"""Clocks may differ this much: a ceramic resonator, as on an Arduino Uno, is good to 0.5 %."""
EDGE_TOLERANCE_S = 0.010
MOST_EDGES = 200
SPREAD_S = 10.0
"""Edges further apart than this tell the drift too. All are design choices."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeMatch:
    """Edges that belong together, (k,) times on either clock, and the clocks that follow."""

    ours_s: Float64
    reference_s: Float64
    clock: ClockMap
    drift_told: bool
    residual_s: float

    @property
    def anchor_s(self) -> float:
        """Recording time that the fit is surest at."""
        return float(self.ours_s.mean())


def match_edges(ours_s: Float64, reference_s: Float64) -> list[EdgeMatch]:
    """The ways in which most edges fall together; several where edges alone do not tell.

    A way that leaves more than half of the reference's edges within the recording without a partner
    is none.
    """
    ours_s, reference_s = ours_s[:MOST_EDGES], reference_s[:MOST_EDGES]
    found: list[EdgeMatch] = []
    most = 1
    for at in ours_s:
        for since in reference_s:
            match = _matched(ours_s, reference_s, at, since)
            count = len(match.ours_s)
            if count < most or not _plausible(match, ours_s, reference_s):
                continue
            if count > most:
                found, most = [], count
            if all(abs(m.clock.offset_s - match.clock.offset_s) > EDGE_TOLERANCE_S for m in found):
                found.append(match)
    return found


def _matched(ours_s: Float64, reference_s: Float64, at: float, since: float) -> EdgeMatch:
    """Every edge's partner, if the edge `since` of the reference is the edge `at` of ours."""
    expected = reference_s + (at - since)
    nearest = np.abs(ours_s[None, :] - expected[:, None]).argmin(axis=1)
    tolerance = EDGE_TOLERANCE_S + MOST_PPM * 1e-6 * np.abs(reference_s - since)
    kept = np.abs(ours_s[nearest] - expected) <= tolerance
    nearest, kept_reference = nearest[kept], reference_s[kept]
    _, first = np.unique(nearest, return_index=True)
    return _fitted(ours_s[nearest[first]], kept_reference[first])


def _fitted(ours_s: Float64, reference_s: Float64) -> EdgeMatch:
    told = bool(np.ptp(reference_s) >= SPREAD_S)
    rate = 1.0
    if told:
        centred = reference_s - reference_s.mean()
        rate = float((centred * ours_s).sum() / (centred**2).sum())
    clock = ClockMap(float(ours_s.mean() - rate * reference_s.mean()), rate)
    residual = float(np.abs(clock.to_recording(reference_s) - ours_s).max())
    return EdgeMatch(ours_s, reference_s, clock, told, residual if len(ours_s) > 1 else np.nan)


def _plausible(match: EdgeMatch, ours_s: Float64, reference_s: Float64) -> bool:
    """At most half of the reference's edges between the first and last of ours are unmatched."""
    placed = match.clock.to_recording(reference_s)
    low, high = ours_s[0] - EDGE_TOLERANCE_S, ours_s[-1] + EDGE_TOLERANCE_S
    between = int(np.count_nonzero((placed >= low) & (placed <= high)))
    return 2 * len(match.ours_s) >= between
