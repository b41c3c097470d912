# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sync edge of the recording is which of the reference's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.clocks import ClockMap, Edges

MOST_PPM = 6000.0
"""Clocks may differ this much: a ceramic resonator, as on an Arduino Uno, is good to 0.5 %."""
EDGE_TOLERANCE_S = 0.010
MOST_EDGES = 200
LEAST_OVERLAP_S, LEAST_SHARED = 1.0, 0.25
"""Two records of one trial share this much, and this part of the shorter one."""
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


def match_edges(ours: Edges, reference: Edges) -> list[EdgeMatch]:
    """The ways in which most edges fall together; several where edges alone do not tell.

    Rising goes with rising and falling with falling, or all of them the other way round. A way that
    leaves without a partner more than half of the edges of either line which the other line was
    watched through is none.
    """
    ours, reference = _first(ours), _first(reference)
    found: list[EdgeMatch] = []
    most = 1
    for theirs in (reference, reference.inverted()):
        for match in _candidates(ours, theirs):
            count = len(match.ours_s)
            if count < most or not _plausible(match, ours, theirs):
                continue
            if count > most:
                found, most = [], count
            if all(abs(m.clock.offset_s - match.clock.offset_s) > EDGE_TOLERANCE_S for m in found):
                found.append(match)
    return found


def _first(edges: Edges) -> Edges:
    return edges._replace(t_s=edges.t_s[:MOST_EDGES], rises=edges.rises[:MOST_EDGES])


def _candidates(ours: Edges, reference: Edges) -> Iterator[EdgeMatch]:
    """Every way of taking one edge of the reference for one of ours."""
    for at, rises in zip(ours.t_s, ours.rises, strict=True):
        for since in reference.t_s[reference.rises == rises]:
            yield _matched(ours, reference, float(at), float(since))


def _matched(ours: Edges, reference: Edges, at: float, since: float) -> EdgeMatch:
    """Every edge's partner, if the edge `since` of the reference is the edge `at` of ours."""
    mine, theirs = [], []
    for rises in (True, False):
        own, other = ours.t_s[ours.rises == rises], reference.t_s[reference.rises == rises]
        if len(own) == 0 or len(other) == 0:
            continue
        expected = other + (at - since)
        nearest = np.abs(own[None, :] - expected[:, None]).argmin(axis=1)
        tolerance = EDGE_TOLERANCE_S + MOST_PPM * 1e-6 * np.abs(other - since)
        kept = np.abs(own[nearest] - expected) <= tolerance
        partner, first = np.unique(nearest[kept], return_index=True)
        mine.append(own[partner])
        theirs.append(other[kept][first])
    return _fitted(np.concatenate(mine), np.concatenate(theirs))


def _fitted(ours_s: Float64, reference_s: Float64) -> EdgeMatch:
    told = bool(np.ptp(reference_s) >= SPREAD_S)
    rate = 1.0
    if told:
        centred = reference_s - reference_s.mean()
        rate = float((centred * ours_s).sum() / (centred**2).sum())
    clock = ClockMap(float(ours_s.mean() - rate * reference_s.mean()), rate)
    residual = float(np.abs(clock.to_recording(reference_s) - ours_s).max())
    return EdgeMatch(ours_s, reference_s, clock, told, residual if len(ours_s) > 1 else np.nan)


def _plausible(match: EdgeMatch, ours: Edges, reference: Edges) -> bool:
    """The fit is good, and on neither line most edges are alone that the other should have seen."""
    if match.residual_s > EDGE_TOLERANCE_S:
        return False
    placed = match.clock.to_recording(reference.t_s)
    low, high = match.clock.to_recording(np.array(reference.span_s))
    shorter_s = min(high - low, ours.span_s[1] - ours.span_s[0])
    overlap_s = min(high, ours.span_s[1]) - max(low, ours.span_s[0])
    if overlap_s < max(LEAST_OVERLAP_S, LEAST_SHARED * shorter_s):
        return False
    theirs = np.count_nonzero((placed >= ours.span_s[0]) & (placed <= ours.span_s[1]))
    mine = np.count_nonzero((ours.t_s >= low) & (ours.t_s <= high))
    return bool(2 * len(match.ours_s) >= max(theirs, mine))
