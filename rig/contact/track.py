# SPDX-License-Identifier: GPL-3.0-or-later
"""One force over time, and the straight lines that crossings and flanks are read from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rig.calibrate.force_block import Float64

FLANK_S = 0.010
"""Slopes are straight lines over this long (design choice)."""
Values = Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """n frames of one force, preceded by `past` frames of history.

    `above_n` is the force above its baseline, `force_n` the force as read; the two are one where no
    baseline is read (`baseline_n` None). `t`, `force` and `above` are the same as views, of which one
    frame after the other is read several times as fast.
    """

    t_s: Float64
    force_n: Float64
    baseline_n: Float64 | None
    above_n: Float64
    past: int
    frame_s: float
    t: Values
    force: Values
    above: Values

    def baseline(self, at: int) -> float:
        """The baseline that a frame reads."""
        return 0.0 if self.baseline_n is None else self.baseline_n.item(at)


def track_of(
    t_s: Float64, force_n: Float64, baseline_n: Float64 | None, past: int, frame_s: float
) -> Track:
    """The track of a force and the baseline that it is read above, (past + n,) each."""
    above_n = force_n if baseline_n is None else force_n - baseline_n
    return Track(
        t_s, force_n, baseline_n, above_n, past, frame_s, t_s.data, force_n.data, above_n.data
    )


def crossing(track: Track, values: Values, at: int, level_n: float) -> float:
    """Time at which the straight line from the frame before to frame `at` passes the level."""
    t_after = track.t[at]
    if at == 0:
        return t_after
    before, after = values[at - 1], values[at]
    if before == after:
        return t_after
    share = (level_n - before) / (after - before)
    t_before = track.t[at - 1]
    if share <= 0.0:
        return t_before
    return t_before + min(share, 1.0) * (t_after - t_before)


def flank(track: Track, at: int, crossing_s: float, level_n: float) -> float:
    """Steepness of the fall before the crossing, N/s, from the highest of the last frames."""
    if at == 0:
        return 0.0
    t, above = track.t, track.above
    start = min(bisect_left(t, crossing_s - FLANK_S, 0, at), at - 1)
    top, top_n = at - 1, above[at - 1]
    for place in range(at - 2, start - 1, -1):
        if above[place] > top_n:
            top, top_n = place, above[place]
    elapsed_s = crossing_s - t[top]
    return (top_n - level_n) / elapsed_s if elapsed_s > 0.0 else 0.0


def extended(t_s: float, value_n: float, target_n: float, slope_n_per_s: float) -> float:
    """When a fall that goes on at its slope meets the target; at once where it does not fall."""
    return t_s + (value_n - target_n) / slope_n_per_s if slope_n_per_s > 0.0 else t_s
