# SPDX-License-Identifier: GPL-3.0-or-later
"""Footprints in a picture of peak forces: what belongs together under one foot.

Connected cells first (8 neighbours; 97 % recognition in walking: Zhang 2019, Traitement du Signal
36(5)), then the parts of one foot are put together: of all ways to share the parts among at most two
feet, the one whose principal-axis boxes look most like feet.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from rig.calibrate.force_block import Float64
from rig.contact.mat_place import (
    BALL_SHARE_OF_LENGTH,
    LONGEST_SEEN,
    SHORTEST_SEEN,
    TURNED_IN,
    TURNED_OUT,
    WIDEST_SEEN,
    MatField,
    footprint_box,
    is_whole,
)

Cells = npt.NDArray[np.int64]

SHARE_OF_PEAK, PEAK_MM2 = 0.07, 10_000.0
"""Of the mean of the most loaded square decimetre: one cell of a bare heel may bear fifty times what
a toe bears, and would hide it (design choices)."""
LEAST_PART_N = 5.0
"""A part that bears less is noise or a bridged neighbour (design choice)."""
MOST_PARTS = 6
CLOSED_MM = 25.0
"""Gaps along Y up to this are closed: between ball and toes, or a high arch (design choice)."""
SPLIT_TURNS_DEG = (0.0, -10.0, 10.0, -20.0, 20.0)
_EIGHT = np.ones((3, 3), np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Cells of one foot, indices into the scan; `whole` says that they reach from heel to ball."""

    cells: Cells
    whole: bool
    middle_mm: tuple[float, float]


def parts_of(peak_n: Float64, field: MatField, noise_n: float) -> list[Cells]:
    """Connected parts that bear more than noise and a share of the peak, heaviest first.

    A part that stands apart below that bound counts by its own peak: a foot that only taps is light.
    """
    grid = peak_n.reshape(field.shape)
    strong = grid > max(noise_n, least_of(peak_n, field))
    labels, found = _labelled(strong, field)
    faint_labels, faint = _labelled(grid > noise_n, field)
    for part in range(1, faint + 1):
        cells = faint_labels == part
        if not (labels[cells] > 0).any():
            found += 1
            labels[cells & (grid > least_of(grid[cells], field))] = found
    flat = labels.ravel()
    parts = [np.flatnonzero((flat == n) & (peak_n > noise_n)) for n in range(1, found + 1)]
    heavy = [p for p in parts if peak_n[p].sum() >= LEAST_PART_N]
    return sorted(heavy, key=lambda p: -float(peak_n[p].sum()))[:MOST_PARTS]


def least_of(peak_n: Float64, field: MatField) -> float:
    """What a cell must bear to belong to a footprint with these peaks."""
    cells = max(round(PEAK_MM2 / field.pitch_mm**2), 1)
    highest = np.sort(peak_n)[::-1][:cells]
    return SHARE_OF_PEAK * float(highest.sum()) / cells


def _labelled(mask: npt.NDArray[np.bool_], field: MatField) -> tuple[npt.NDArray[np.int32], int]:
    reach = max(round(CLOSED_MM / field.pitch_mm), 1)
    padded = np.pad(mask, reach)
    closed = ndimage.binary_closing(padded, np.ones((2 * reach + 1, 1), np.bool_))
    inside = np.logical_or(closed[reach:-reach, reach:-reach], mask)
    labels = np.zeros(inside.shape, np.int32)
    found = ndimage.label(inside, _EIGHT, output=labels)
    return labels, int(np.asarray(found))


def footprints_of(
    peak_n: Float64, field: MatField, length_mm: float, noise_n: float
) -> list[Footprint]:
    """At most two footprints, the one of smaller X first; none where the picture is empty.

    More than two come only where the parts cannot be shared among two feet.
    """
    parts = parts_of(peak_n, field, noise_n)
    if not parts:
        return []
    best: tuple[float, list[Cells]] | None = None
    for sides in product((0, 1), repeat=len(parts) - 1):
        groups = _groups(parts, (0, *sides))
        cost = _cost(groups, field, length_mm)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, groups)
    groups = _split(parts, peak_n, field, length_mm) if best is None else best[1]
    prints = [_footprint(g, peak_n, field, length_mm) for g in groups]
    return sorted(prints, key=lambda p: p.middle_mm[0])


def _groups(parts: list[Cells], sides: tuple[int, ...]) -> list[Cells]:
    chosen = ([p for p, s in zip(parts, sides, strict=True) if s == side] for side in (0, 1))
    return [np.concatenate(group) for group in chosen if group]


def _cost(groups: list[Cells], field: MatField, length_mm: float) -> float | None:
    """How little the groups look like feet; None where one cannot be a foot."""
    cost = 0.0
    middles = [float(field.place_mm[g, 0].mean()) for g in groups]
    for group, middle in zip(groups, middles, strict=True):
        box = footprint_box(group, field)
        if box.length_mm > LONGEST_SEEN * length_mm:
            return None
        if box.length_mm < SHORTEST_SEEN * length_mm:
            if box.length_mm > BALL_SHARE_OF_LENGTH * length_mm:
                cost += 0.5
            cost += 1.5
            continue
        if box.width_mm > WIDEST_SEEN * length_mm:
            return None
        outward = box.turn_rad
        if len(groups) == 2:
            outward *= 1.0 if middle == max(middles) else -1.0
            low, high = TURNED_IN, TURNED_OUT
        else:
            low, high = -TURNED_OUT, TURNED_OUT
        if not low <= outward <= high:
            cost += 2.0
        cost += abs(box.turn_rad) + max(box.length_mm / length_mm - 1.0, 0.0)
    return cost


def _split(parts: list[Cells], peak_n: Float64, field: MatField, length_mm: float) -> list[Cells]:
    """Two means across, for feet that touch; the parts as they are where that gives no two feet.

    Feet that touch seldom stand square: of several directions, the one that gives the best feet counts.
    """
    cells = np.concatenate(parts)
    weight = peak_n[cells]
    best: tuple[float, list[Cells]] | None = None
    for turn in np.deg2rad(SPLIT_TURNS_DEG):
        across = field.place_mm[cells, 0] * np.cos(turn) - field.place_mm[cells, 1] * np.sin(turn)
        to_left = _two_means(across, weight)
        if to_left.all() or not to_left.any():
            continue
        groups = [cells[to_left], cells[~to_left]]
        cost = _cost(groups, field, length_mm)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, groups)
    return parts if best is None else best[1]


def _two_means(x: Float64, weight: Float64) -> npt.NDArray[np.bool_]:
    """Which of the points belong to the mean of smaller x."""
    low, high = float(x.min()), float(x.max())
    below = x < 0.5 * (low + high)
    for _ in range(20):
        if below.all() or not below.any():
            return below
        low = float((weight * x)[below].sum() / weight[below].sum())
        high = float((weight * x)[~below].sum() / weight[~below].sum())
        below = x < 0.5 * (low + high)
    return below


def _footprint(cells: Cells, peak_n: Float64, field: MatField, length_mm: float) -> Footprint:
    box, weight = footprint_box(cells, field), peak_n[cells]
    middle = (weight[:, None] * field.place_mm[cells]).sum(axis=0) / weight.sum()
    whole = is_whole(box, length_mm)
    return Footprint(np.sort(cells), whole, (float(middle[0]), float(middle[1])))
