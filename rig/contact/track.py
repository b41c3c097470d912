# SPDX-License-Identifier: GPL-3.0-or-later
"""One force over time, and the straight lines that crossings and flanks are read from."""

from __future__ import annotations

from dataclasses import dataclass

from rig.calibrate.force_block import Float64

FLANK_S = 0.010
"""Slopes are straight lines over this long (design choice)."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """n frames of one force, preceded by `past` frames of history.

    `above_n` is the force above its baseline, `force_n` the force as read; the two are one where no
    baseline is read (`baseline_n` None).
    """

    t_s: Float64
    force_n: Float64
    baseline_n: Float64 | None
    above_n: Float64
    past: int
    frame_s: float

    def baseline(self, at: int) -> float:
        """The baseline that a frame reads."""
        return 0.0 if self.baseline_n is None else self.baseline_n.item(at)


def crossing(track: Track, values: Float64, at: int, level_n: float) -> float:
    """Time at which the straight line from the frame before to frame `at` passes the level."""
    if at == 0:
        return track.t_s.item(0)
    before, after = values.item(at - 1), values.item(at)
    t_before, t_after = track.t_s.item(at - 1), track.t_s.item(at)
    if before == after:
        return t_after
    share = (level_n - before) / (after - before)
    return t_before + min(max(share, 0.0), 1.0) * (t_after - t_before)


def flank(track: Track, at: int, crossing_s: float, level_n: float) -> float:
    """Steepness of the fall before the crossing, N/s, from the highest of the last frames."""
    start = int(track.t_s[:at].searchsorted(crossing_s - FLANK_S, side="left"))
    start = max(0, min(start, at - 1))
    if at == 0:
        return 0.0
    window = track.above_n[start:at]
    top = start + len(window) - 1 - int(window[::-1].argmax())
    elapsed_s = crossing_s - track.t_s.item(top)
    return (track.above_n.item(top) - level_n) / elapsed_s if elapsed_s > 0.0 else 0.0


def extended(t_s: float, value_n: float, target_n: float, slope_n_per_s: float) -> float:
    """When a fall that goes on at its slope meets the target; at once where it does not fall."""
    return t_s + (value_n - target_n) / slope_n_per_s if slope_n_per_s > 0.0 else t_s
