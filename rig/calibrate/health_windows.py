# SPDX-License-Identifier: GPL-3.0-or-later
"""What windows amount to by sensel, found for all windows of a block at once.

Most windows show nothing, and say so here, so that evidence need not be weighed window by window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate import health_rules as rules
from rig.calibrate.force_block import Float64
from rig.calibrate.health_rules import neighbours

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
SENSELS = 32
PADS_A_FOOT = 16
_LOOKS = 8
"""Places at which two sensels are compared before all their samples are."""
_ONCE = np.triu(np.ones((PADS_A_FOOT, PADS_A_FOOT), np.bool_), 1)
"""Each pair of a foot's pads once."""
_ONE_START = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """m samples of one window; what is masked is the business of whoever looks at it.

    Attributes
    ----------
    counts : (m, 32)
    pads_n : (m, 32)
        Newtons on pads.
    foot_n : (m, 2)
        Sum of each foot's pads.
    off : (2, m) int64
        `off_samples` of `foot_n`.
    least, most : (32,) int64
        Counts of each sensel.
    least_n, most_n : (32,)
        Newtons on each pad.
    restless : (32,) int64
        Quarter seconds in which it jumped to and fro, less those that were calm.
    silent : bool
        A pad bore nothing though its neighbours bore plenty at some time.
    still : bool
        A pad that bore something all the time kept still.
    bridged : list of (int, int)
        Pairs that moved and read the same at every sample.
    """

    counts: npt.NDArray[np.uint16]
    pads_n: Float64
    foot_n: Float64
    off: Int64
    least: Int64
    most: Int64
    least_n: Float64
    most_n: Float64
    restless: Int64
    silent: bool
    still: bool
    bridged: list[tuple[int, int]]


def summed_by_foot(pads_n: Float64) -> Float64:
    """(m, 32) to (m, 2)."""
    return np.add.reduce(pads_n.reshape(len(pads_n), 2, PADS_A_FOOT), axis=-1)


def off_samples(feet_n: Float64, starts: Int64 = _ONE_START) -> Int64:
    """How long each foot has been off at each sample, counted from the start of its window.

    Parameters
    ----------
    feet_n : (m, 2)
        Sum of each foot's pads.
    starts : (windows,) int
        First sample of each window, the first 0.

    Returns
    -------
    (2, m) int64
    """
    place = np.arange(1, len(feet_n) + 1)
    began = np.zeros(len(feet_n), np.int64)
    began[starts] = starts
    last_on = np.where(feet_n.T < rules.LIFT_BOUND_N, began, place)
    return place - np.maximum.accumulate(last_on, axis=1, out=last_on)


def stays(least: Int64, most: Int64) -> Bool:
    """Which sensels move too little for feet that come and go, by their extreme counts."""
    return most - least <= rules.STUCK_COUNTS + rules.STUCK_RANGE * most


def moving(least: Int64, most: Int64) -> Bool:
    """Which sensels move enough to be told from others that read the same."""
    return (most >= rules.BRIDGED_RANGE_COUNTS) & (least <= (1 - rules.BRIDGED_RANGE) * most)


def windows_of(counts: npt.NDArray[np.uint16], pads_n: Float64, bounds: list[int]) -> list[Window]:
    """Windows from one bound to the next.

    Parameters
    ----------
    counts, pads_n : (m, 32)
    bounds : list of int
        Rising without repeats, the first 0 and the last m: no window is empty.
    """
    starts = np.array(bounds[:-1])
    least = np.minimum.reduceat(counts, starts).astype(np.int64)
    most = np.maximum.reduceat(counts, starts).astype(np.int64)
    least_n, most_n = np.minimum.reduceat(pads_n, starts), np.maximum.reduceat(pads_n, starts)
    foot_n = summed_by_foot(pads_n)
    off = off_samples(foot_n, starts)
    restless = _restless(counts, np.array(bounds))
    silent = _silent(most_n)
    still: Bool = np.logical_or.reduce(stays(least, most) & (least_n >= rules.STUCK_N), axis=1)
    bridged = _bridged(counts, bounds, least, most)
    return [
        Window(
            counts[bounds[w] : bounds[w + 1]],
            pads_n[bounds[w] : bounds[w + 1]],
            foot_n[bounds[w] : bounds[w + 1]],
            off[:, bounds[w] : bounds[w + 1]],
            least[w],
            most[w],
            least_n[w],
            most_n[w],
            restless[w],
            bool(silent[w]),
            bool(still[w]),
            bridged[w],
        )
        for w in range(len(starts))
    ]


def _silent(most_n: Float64) -> Bool:
    around, judged = neighbours()
    asked = judged & (most_n[:, around].min(axis=2) >= rules.PLENTY_N)
    return (asked & (most_n < rules.SILENT_N)).any(axis=1)


def _restless(counts: npt.NDArray[np.uint16], bounds: Int64) -> Int64:
    """Jumps that no foot makes, since each takes back the one before; (windows, 32)."""
    size = rules.NOISE_SAMPLES
    parts = np.diff(bounds) // size
    part_bounds = np.concatenate(([0], np.cumsum(parts)))
    in_window = np.arange(part_bounds[-1]) - np.repeat(part_bounds[:-1], parts)
    starts = np.repeat(bounds[:-1], parts) + size * in_window
    # whole numbers, which float64 adds exactly and squares faster than int64
    whole = counts.take(starts[:, None] + np.arange(size), axis=0).astype(np.float64)
    first = whole[:, 1:] - whole[:, :-1]
    first_squares = np.einsum("psi,psi->pi", first, first)
    first_size = first_squares / (size - 1)
    second_size = _second_squares(first, first_squares) / (size - 2)
    strong = first_size >= rules.NOISY_COUNTS**2
    jumps = second_size >= rules.NOISY_RATIO * first_size
    told = np.where(strong, jumps, -1)
    so_far = np.concatenate((np.zeros((1, SENSELS), np.int64), np.cumsum(told, axis=0)))
    return so_far[part_bounds[1:]] - so_far[part_bounds[:-1]]


def _second_squares(first: Float64, first_squares: Float64) -> Float64:
    """Squares of the differences of `first` (parts, samples, 32), summed up over samples.

    (b - a)^2 is a^2 + b^2 - 2 a b: all whole numbers, so this is exact, without an array of differences.
    """
    products = np.einsum("psi,psi->pi", first[:, 1:], first[:, :-1])
    ends = first[:, 0] ** 2 + first[:, -1] ** 2
    return 2.0 * (first_squares - products) - ends


def _bridged(
    counts: npt.NDArray[np.uint16], bounds: list[int], least: Int64, most: Int64
) -> list[list[tuple[int, int]]]:
    """Of each window the pairs of one foot that moved, and read the same all the time."""
    pairs: list[list[tuple[int, int]]] = [[] for _ in least]
    near = _near(least) & _near(most)
    by_foot = moving(least, most).reshape(-1, 2, PADS_A_FOOT)
    near &= by_foot[..., None] & by_foot[..., None, :]
    window, foot, one, other = np.nonzero(near & _ONCE)
    if len(window) == 0:
        return pairs
    one, other = one + PADS_A_FOOT * foot, other + PADS_A_FOOT * foot
    start, stop = np.array(bounds)[window], np.array(bounds)[window + 1]
    places = start[:, None] + (stop - start)[:, None] * np.arange(_LOOKS) // _LOOKS
    alike = _apart(counts[places, one[:, None]], counts[places, other[:, None]])
    likely = np.flatnonzero((alike <= rules.BRIDGED_COUNTS).all(axis=1))
    for w, a, b in np.stack((window, one, other))[:, likely].T.tolist():
        part = counts[bounds[w] : bounds[w + 1]]
        if _apart(part[:, a], part[:, b]).max() <= rules.BRIDGED_COUNTS:
            pairs[w].append((a, b))
    return pairs


def _near(counts: Int64) -> Bool:
    """(windows, 32) to pairs of one foot, (windows, 2, 16, 16)."""
    by_foot = counts.reshape(-1, 2, PADS_A_FOOT)
    return np.abs(by_foot[..., None] - by_foot[..., None, :]) <= rules.BRIDGED_COUNTS


def _apart(one: npt.NDArray[np.uint16], other: npt.NDArray[np.uint16]) -> Int64:
    return np.abs(one.astype(np.int64) - other)
