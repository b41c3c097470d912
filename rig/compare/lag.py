# SPDX-License-Identifier: GPL-3.0-or-later
"""By how much one trace lies behind another, by normalised cross-correlation with missing samples.

Masked normalised cross-correlation as Padfield 2012 (IEEE Trans Image Process 21:2706-2718), in one
dimension: each lag's correlation is that of the samples which both traces have there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import signal

from rig.calibrate.force_block import Float64

OTHER_PEAK_S = 0.1
"""A second peak nearer than this belongs to the first (design choice)."""


class Peak(NamedTuple):
    """The best lag, and the best of the others.

    `lag_s` is how much later `template` is found in `trace`; NaN where nothing correlates.
    """

    lag_s: float
    correlation: float
    second_lag_s: float
    second_correlation: float
    inside: bool
    """The best lag is not the first or the last one that was tried."""


def on_grid(t_s: Float64, value: Float64, grid_s: Float64, longest_step_s: float) -> Float64:
    """`value` at the times of `grid_s`, NaN outside, and in holes longer than `longest_step_s`."""
    known = np.isfinite(value)
    if np.count_nonzero(known) < 2:
        return np.full(len(grid_s), np.nan)
    t_s, value = t_s[known], value[known]
    after = np.searchsorted(t_s, grid_s, side="left").clip(1, len(t_s) - 1)
    out = np.interp(grid_s, t_s, value, left=np.nan, right=np.nan)
    hole = (t_s[after] - t_s[after - 1] > longest_step_s) & (grid_s != t_s[after])
    out[hole & (grid_s != t_s[after - 1])] = np.nan
    return out


def best_lag(
    trace: Float64, template: Float64, step_s: float, least_overlap: int, lags: slice | None = None
) -> Peak:
    """Where `template` fits `trace` best; both on a grid of `step_s`, NaN where unknown.

    Parameters
    ----------
    least_overlap : int
        Samples that both must have.
    lags : slice, optional
        Lags in samples (start, stop) to look among; all without it.
    """
    r = _correlations(trace, template, least_overlap)
    first = -(len(template) - 1)
    if lags is not None:
        r = r[lags.start - first : lags.stop - first]
        first = lags.start
    if not np.isfinite(r).any():
        return Peak(np.nan, np.nan, np.nan, np.nan, inside=False)
    best = int(np.nanargmax(r))
    inside = 0 < best < len(r) - 1 and bool(np.isfinite(r[[best - 1, best + 1]]).all())
    shift = _vertex(r[best - 1 : best + 2]) if inside else 0.0
    others = r.copy()
    low, high = _lobe(r, best, round(OTHER_PEAK_S / step_s))
    others[low:high] = np.nan
    second = int(np.nanargmax(others)) if np.isfinite(others).any() else None
    return Peak(
        (first + best + shift) * step_s,
        float(r[best]),
        np.nan if second is None else (first + second) * step_s,
        np.nan if second is None else float(others[second]),
        inside,
    )


def _correlations(trace: Float64, template: Float64, least_overlap: int) -> Float64:
    """Pearson's correlation at each lag from -(len(template) - 1) on; NaN with too few samples."""
    known_f, known_g = np.isfinite(trace), np.isfinite(template)
    f: Float64 = np.where(known_f, trace - _mean(trace), 0.0)
    g: Float64 = np.where(known_g, template - _mean(template), 0.0)
    with_f: Float64 = np.where(known_f, 1.0, 0.0)
    with_g: Float64 = np.where(known_g, 1.0, 0.0)

    def along(a: Float64, b: Float64) -> Float64:
        return signal.correlate(a, b, mode="full", method="fft")

    count = np.maximum(along(with_f, with_g), 1.0)
    sum_f, sum_g = along(f, with_g), along(with_f, g)
    var_f = along(f * f, with_g) - sum_f**2 / count
    var_g = along(with_f, g * g) - sum_g**2 / count
    enough = np.round(count) >= max(least_overlap, 3)
    enough &= (var_f > 1e-6 * float((f * f).sum())) & (var_g > 1e-6 * float((g * g).sum()))
    out = np.full(len(count), np.nan)
    below = np.sqrt(np.maximum(var_f, 0.0) * np.maximum(var_g, 0.0))
    np.divide(along(f, g) - sum_f * sum_g / count, below, out=out, where=enough)
    return out


def _mean(values: Float64) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _vertex(r: Float64) -> float:
    """Of the parabola through three neighbours, from the middle one."""
    bend = r[0] - 2.0 * r[1] + r[2]
    return 0.0 if bend == 0.0 else float(0.5 * (r[0] - r[2]) / bend)


def _lobe(r: Float64, best: int, least: int) -> tuple[int, int]:
    """The best peak's own samples: down to the valleys beside it."""
    low, high = max(best - least, 0), min(best + least, len(r) - 1)
    while low > 0 and r[low - 1] < r[low]:
        low -= 1
    while high < len(r) - 1 and r[high + 1] < r[high]:
        high += 1
    return low, high + 1
