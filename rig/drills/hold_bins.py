# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole hold in bins of 10 ms: load and CoP of each foot, from which its second means are formed.

Bins step at places that do not depend on how the stream is cut, and half a minute of them is small.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import LoadBlock
from rig.layout import Foot

BIN_S = 0.010
KEPT_BINS = 3600
_COUNT, _TOTAL = 0, 1
_OF_FOOT = ((2, 3, 4, 5), (6, 7, 8, 9))
"""Columns of each foot: frames with a CoP, its sums over ml and ap, frames over the toes."""
_COLUMNS = 10


@dataclass(frozen=True, slots=True, eq=False)
class HoldBins:
    """`rows` (n, 10) from bin `first` on, gaps filled with zeros; `pending` frames fill no bin yet."""

    first: int = 0
    rows: Float64 = field(default_factory=lambda: np.zeros((0, _COLUMNS)))
    pending_bin: int = -1
    pending: Float64 = field(default_factory=lambda: np.zeros((0, _COLUMNS)))


def follow_bins(
    state: HoldBins, loads: LoadBlock, body_weight_n: float, toes_from_mm: float
) -> HoldBins:
    """Add the frames of a block of at least one."""
    frames = np.zeros((len(loads), _COLUMNS))
    frames[:, _COUNT] = 1.0
    frames[:, _TOTAL] = (loads.foot_force_n[:, 0] + loads.foot_force_n[:, 1]) / body_weight_n
    for foot in Foot:
        cop = loads.foot_cop_mm[:, foot]
        known = ~np.isnan(cop[:, 1])
        count, ml, ap, toes = _OF_FOOT[foot]
        frames[:, count] = known
        frames[:, ml] = np.where(known, cop[:, 0], 0.0)
        frames[:, ap] = np.where(known, cop[:, 1], 0.0)
        frames[:, toes] = known & (cop[:, 1] > toes_from_mm)
    bins = np.floor(loads.force.t_s / BIN_S).astype(np.int64)
    bins = np.concatenate((np.full(len(state.pending), state.pending_bin), bins))
    frames = np.concatenate((state.pending, frames))
    full = int(np.searchsorted(bins, bins[-1], side="left"))
    state = _with_rows(state, bins[:full], frames[:full])
    return HoldBins(state.first, state.rows, int(bins[-1]), frames[full:])


def _with_rows(state: HoldBins, bins: np.ndarray, frames: Float64) -> HoldBins:
    if len(bins) == 0:
        return state
    starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
    after = state.first + len(state.rows)
    if len(state.rows) == 0 or bins[0] - after > KEPT_BINS or bins[0] < after:
        state, after = HoldBins(int(bins[0])), int(bins[0])
    new = np.zeros((int(bins[-1]) + 1 - after, _COLUMNS))
    new[bins[starts] - after] = np.add.reduceat(frames, starts, axis=0)
    rows = np.concatenate((state.rows, new))
    drop = max(0, len(rows) - KEPT_BINS)
    return HoldBins(state.first + drop, rows[drop:])


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """Bins that lie whole within a hold.

    Attributes
    ----------
    total_bw : (n,)
        Mean load of both feet; NaN in bins without frames.
    cop_mm : (n, 2)
        Mean CoP of the support foot, ml and ap; NaN where it has none.
    on_toes : (n,) bool
    """

    start_s: float
    total_bw: Float64
    cop_mm: Float64
    on_toes: np.ndarray


def hold_of(state: HoldBins, foot: Foot, from_s: float, to_s: float) -> Hold:
    """The bins between two times of which the second has passed."""
    first = max(int(np.ceil(from_s / BIN_S)), state.first)
    last = max(min(int(np.floor(to_s / BIN_S)), state.first + len(state.rows)), first)
    rows = state.rows[first - state.first : last - state.first]
    count, ml, _, toes = _OF_FOOT[foot]
    none = np.full(len(rows), np.nan)
    frames, known = rows[:, _COUNT], rows[:, count]
    total = np.divide(rows[:, _TOTAL], frames, out=none.copy(), where=frames > 0.0)
    cop = [
        np.divide(rows[:, ml + axis], known, out=none.copy(), where=known > 0.0) for axis in (0, 1)
    ]
    on_toes = (known > 0.0) & (rows[:, toes] >= known)
    return Hold(first * BIN_S, total, np.stack(cop, axis=1), on_toes)
