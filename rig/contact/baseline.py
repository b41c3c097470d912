# SPDX-License-Identifier: GPL-3.0-or-later
"""What an unloaded FSR insole still reads: its flat minimum of the last two seconds.

Kept in bins of 10 ms, so that it costs little and steps at places that do not depend on how the
stream is cut. A frame reads the baseline that the bins before its own gave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.force_block import Float64, Int64

BIN_S = 0.010
WINDOW_BINS = 15
LOOK_BACK_BINS = 200
FLAT_SD = 0.005
FLAT_BELOW = 0.10
HIGHEST = 0.05
"""All three in body weights (design choice)."""
LEAST_FILLED = 0.9
"""Of a window's expected frames, so that a gap is not taken for a flat stretch."""
FREEZE_BINS = 50
ONE_SIDED = 0.90
"""Larger foot's share above which the other hangs free. Raw forces are compared here, residual
included, so this lies below the 0.95 that a hold asks for of corrected ones."""

_POSITIONS = LOOK_BACK_BINS - WINDOW_BINS + 1


@dataclass(frozen=True, slots=True, eq=False)
class BaselineState:
    """Bins still needed, the frames of the bin not yet full, and the baseline in force.

    `sums` holds one row a bin: frames, sum and sum of squares of the left and of the right foot.
    """

    start_s: float
    rate_hz: float
    unit_n: float
    freeze_one_sided: bool
    next_bin: int
    sums: Float64
    flat_means: Float64
    one_sided_bins: int
    pending_t_s: Float64
    pending_n: Float64
    """(2, n)."""
    in_force_n: Float64


def baseline_state(
    start_s: float,
    rate_hz: float,
    body_weight_n: float,
    *,
    freeze_one_sided: bool,
    in_force_n: Float64 | None = None,
) -> BaselineState:
    """Nothing seen yet; `in_force_n` is kept from before a break, else 0.

    `freeze_one_sided` keeps the baseline while one foot alone has stood for half a second (the hold
    of the stance drill), so that a light, steady touch of the free foot is not learnt away.
    """
    return BaselineState(
        start_s=start_s,
        rate_hz=rate_hz,
        unit_n=body_weight_n,
        freeze_one_sided=freeze_one_sided,
        next_bin=0,
        sums=np.zeros((WINDOW_BINS - 1, 5)),
        flat_means=np.full((_POSITIONS - 1, 2), np.inf),
        one_sided_bins=0,
        pending_t_s=np.zeros(0),
        pending_n=np.zeros((2, 0)),
        in_force_n=np.zeros(2) if in_force_n is None else in_force_n,
    )


def follow_baseline(
    state: BaselineState, t_s: Float64, foot_force_n: Float64
) -> tuple[BaselineState, Float64]:
    """Baseline that each frame reads, shape (n, 2), in newtons."""
    if len(t_s) == 0:
        return state, np.zeros((0, 2))
    t_all = np.concatenate((state.pending_t_s, t_s))
    force_all = np.concatenate((state.pending_n, foot_force_n.T), axis=1)
    bins = np.floor((t_all - state.start_s) / BIN_S).astype(np.int64)
    last_bin = int(bins[-1])
    full = int(np.searchsorted(bins, last_bin, side="left"))
    rows = bins[:full] - state.next_bin
    new_sums, one_sided = _bin_sums(rows, force_all[:, :full], last_bin, state)
    state, after_bin = _advance(state, new_sums, one_sided)
    first_bin = last_bin - len(new_sums)
    row = bins[len(state.pending_t_s) :] - first_bin
    state = replace(
        state,
        next_bin=last_bin,
        pending_t_s=t_all[full:],
        pending_n=force_all[:, full:],
        in_force_n=after_bin[-1],
    )
    return state, after_bin.T.take(row, axis=1).T


def _bin_sums(
    rows: Int64, force_n: Float64, last_bin: int, state: BaselineState
) -> tuple[Float64, np.ndarray]:
    """Sums of every full bin since the last call, empty ones included, and which are one-sided."""
    count = last_bin - state.next_bin
    sums = np.zeros((count, 5))
    one_sided = np.zeros(count, np.bool_)
    if len(rows) == 0:
        return sums, one_sided
    starts = np.concatenate(([0], np.flatnonzero(rows[1:] != rows[:-1]) + 1))
    where = rows[starts]
    sums[where, 0] = np.diff(starts, append=len(rows))
    u = force_n / state.unit_n
    sums[where, 1:3] = np.add.reduceat(u, starts, axis=1).T
    sums[where, 3:5] = np.add.reduceat(u * u, starts, axis=1).T
    if state.freeze_one_sided:
        larger = np.maximum(u[0], u[1])
        alone = larger >= ONE_SIDED * (u[0] + u[1])
        one_sided[where] = np.logical_and.reduceat(alone & (larger > 0.5), starts)
    return sums, one_sided


def _advance(
    state: BaselineState, new_sums: Float64, one_sided: np.ndarray
) -> tuple[BaselineState, Float64]:
    """Baseline in force before the first new bin and after each: row k is read by frames of the bin
    that follows k new bins."""
    sums = np.concatenate((state.sums, new_sums))
    means = np.concatenate((state.flat_means, _flat_means(sums, state.rate_hz)))
    after = np.empty((len(new_sums) + 1, 2))
    after[0] = state.in_force_n
    alone_bins = state.one_sided_bins
    if len(new_sums):
        lowest = _sliding_minimum(means, _POSITIONS)
        run = _run_lengths(one_sided, alone_bins)
        alone_bins = int(run[-1])
        frozen = (run >= FREEZE_BINS) & state.freeze_one_sided
        usable = np.isfinite(lowest) & ~frozen[:, None]
        found = np.minimum(lowest, HIGHEST) * state.unit_n
        after[1:] = _hold_last(found, usable, state.in_force_n)
    kept = replace(
        state,
        sums=sums[len(sums) - (WINDOW_BINS - 1) :],
        flat_means=means[len(means) - (_POSITIONS - 1) :],
        one_sided_bins=alone_bins,
    )
    return kept, after


def _flat_means(sums: Float64, rate_hz: float) -> Float64:
    """Mean of each 150 ms window that is flat and low, else infinite; shape (windows, 2)."""
    windows = len(sums) - WINDOW_BINS + 1
    total = np.zeros((max(windows, 0), 5))
    for shift in range(WINDOW_BINS):
        total += sums[shift : shift + len(total)]
    frames = np.maximum(total[:, :1], 1.0)
    mean = total[:, 1:3] / frames
    variance = total[:, 3:5] / frames - mean * mean
    enough = total[:, :1] >= LEAST_FILLED * WINDOW_BINS * BIN_S * rate_hz
    flat = enough & (variance < FLAT_SD**2) & (mean < FLAT_BELOW)
    return np.where(flat, mean, np.inf)


def _sliding_minimum(values: Float64, width: int) -> Float64:
    """Minimum over each `width` rows in a row, by windows of doubling width."""
    reach = 1
    while 2 * reach <= width:
        values = np.minimum(values[:-reach], values[reach:])
        reach *= 2
    rest = width - reach
    return np.minimum(values[: len(values) - rest], values[rest:]) if rest else values


def _run_lengths(mask: np.ndarray, before: int) -> Int64:
    """How many true values in a row end at each place, `before` of them lying before the first."""
    place = np.arange(len(mask))
    last_false = np.maximum.accumulate(np.where(mask, -1, place))
    return np.where(last_false < 0, place + 1 + before, place - last_false)


def _hold_last(values: Float64, usable: np.ndarray, before: Float64) -> Float64:
    """Each column's newest usable value, `before` where none has come."""
    if usable.all():
        return values
    place = np.arange(len(values))[:, None]
    newest = np.maximum.accumulate(np.where(usable, place, -1), axis=0)
    held = np.take_along_axis(values, np.maximum(newest, 0), axis=0)
    return np.where(newest < 0, before, held)
