# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole hold in bins of 10 ms: load and CoP of each foot, from which its second means are formed.

Frames are kept as they came until a hold ends. Bins step at places that do not depend on how the
stream is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import LoadBlock
from rig.layout import Foot

BIN_S = 0.010
KEPT_S = 36.0
"""Longer than a hold may last, and what decides its end may take."""
_CHUNK_FRAMES = 4096


class HeldFrames(NamedTuple):
    """n frames: `force_n` (n, 2) of each foot, `cop_mm` (n, 2, 2) as in loads."""

    t_s: Float64
    force_n: Float64
    cop_mm: Float64


Kept = tuple[HeldFrames, ...]
"""The newest frames, in the order of time."""


def keep_frames(kept: Kept, loads: LoadBlock) -> Kept:
    """Add a block of at least one frame; small ones are joined, old ones let go."""
    frames = HeldFrames(loads.force.t_s, loads.foot_force_n, loads.foot_cop_mm)
    while kept and len(kept[-1].t_s) <= len(frames.t_s) <= _CHUNK_FRAMES // 2:
        frames, kept = _joined((kept[-1], frames)), kept[:-1]
    oldest_s = frames.t_s[-1] - KEPT_S
    gone = 0
    while gone < len(kept) and kept[gone].t_s[-1] < oldest_s:
        gone += 1
    return (*kept[gone:], frames)


def _joined(parts: Kept) -> HeldFrames:
    if len(parts) == 1:
        return parts[0]
    return HeldFrames(
        np.concatenate([part.t_s for part in parts]),
        np.concatenate([part.force_n for part in parts]),
        np.concatenate([part.cop_mm for part in parts]),
    )


def _between(kept: Kept, from_s: float, to_s: float) -> Kept:
    """The frames between two times, and not the whole blocks that they came in."""
    parts: list[HeldFrames] = []
    for t_s, force_n, cop_mm in kept:
        if t_s[-1] >= from_s and t_s[0] < to_s:
            part = slice(int(t_s.searchsorted(from_s)), int(t_s.searchsorted(to_s)))
            parts.append(HeldFrames(t_s[part], force_n[part], cop_mm[part]))
    return tuple(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """n bins from `start_s` on; NaN where a bin has no frames.

    Attributes
    ----------
    total_bw : (n,)
        Mean load of both feet in body weights.
    cop_mm : (n, 2)
        Mean CoP of the support foot, ml and ap; NaN where it has none.
    on_toes : (n,) bool
    """

    start_s: float
    total_bw: Float64
    cop_mm: Float64
    on_toes: np.ndarray


def hold_of(
    kept: Kept,
    foot: Foot,
    from_s: float,
    to_s: float,
    body_weight_n: float,
    toes_from_mm: float,
) -> Hold:
    """The whole bins between two times of which the second has passed."""
    first, last = int(np.ceil(from_s / BIN_S)), int(np.floor(to_s / BIN_S))
    parts = _between(kept, from_s - BIN_S, to_s + BIN_S)
    count = max(last - first, 0)
    if not parts or count == 0:
        nothing = np.full(count, np.nan)
        return Hold(first * BIN_S, nothing, np.full((count, 2), np.nan), np.zeros(count, np.bool_))
    frames = _joined(parts)
    bins = np.floor(frames.t_s / BIN_S).astype(np.int64)
    inside = slice(int(bins.searchsorted(first)), int(bins.searchsorted(last)))
    row = bins[inside] - first

    def mean(values: Float64, of: np.ndarray) -> Float64:
        sums = np.bincount(row, values, count)
        return np.divide(sums, of, out=np.full(count, np.nan), where=of > 0.0)

    force_n, cop_mm = frames.force_n[inside], frames.cop_mm[inside, foot]
    total_bw = (force_n[:, 0] + force_n[:, 1]) / body_weight_n
    ml, ap = cop_mm[:, 0], cop_mm[:, 1]
    known = ~np.isnan(ap)
    seen = np.bincount(row, minlength=count)
    placed = np.bincount(row, known, count)
    over_toes = np.bincount(row, known & (ap > toes_from_mm), count)
    cop = [mean(np.where(known, axis, 0.0), placed) for axis in (ml, ap)]
    on_toes = (placed > 0.0) & (over_toes >= placed)
    return Hold(first * BIN_S, mean(total_bw, seen), np.stack(cop, axis=1), on_toes)
