# SPDX-License-Identifier: GPL-3.0-or-later
"""One force over time, and the straight lines that crossings and flanks are read from."""

from __future__ import annotations

from typing import NamedTuple

from rig.calibrate.force_block import Float64

FLANK_S = 0.010
"""Slopes are straight lines over this long (design choice)."""


class Track(NamedTuple):
    """n frames of one force, preceded by `past` frames of history.

    `above_n` is the force above its baseline, `force_n` the force as read.
    """

    t_s: Float64
    force_n: Float64
    baseline_n: Float64
    above_n: Float64
    past: int
    frame_s: float


def crossing(track: Track, values: Float64, at: int, level_n: float) -> float:
    """Time at which the straight line from the frame before to frame `at` passes the level."""
    if at == 0:
        return float(track.t_s[0])
    before, after = float(values[at - 1]), float(values[at])
    t_before, t_after = float(track.t_s[at - 1]), float(track.t_s[at])
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
    elapsed_s = crossing_s - float(track.t_s[top])
    return (float(track.above_n[top]) - level_n) / elapsed_s if elapsed_s > 0.0 else 0.0


def extended(t_s: float, value_n: float, target_n: float, slope_n_per_s: float) -> float:
    """When a fall that goes on at its slope meets the target; at once where it does not fall."""
    return t_s + (value_n - target_n) / slope_n_per_s if slope_n_per_s > 0.0 else t_s
