# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a print is that was not there before: the foot's that it can only be, or nobody can say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.mat_footprints import Cells, least_of, parts_of
from rig.contact.mat_place import LONGEST_SEEN, WIDEST_SEEN, FootPlace, MatField, footprint_box
from rig.layout import Foot

CLEARLY_NEARER = 0.6
"""A landing's distance to the foot's last place, of that to the other's."""
FARTHEST_LANDING = 1.0
"""From the last place, in foot lengths."""
NEAR_SHARE = 0.3
"""Of the foot length: a foot moves no farther from one window to the next."""
ON_THE_OTHER = 0.2
"""Of a lone foot's load, on the cells of the other's last place: from there on it may be either's (all
design choices)."""


@dataclass(frozen=True, slots=True)
class MatPerson:
    """What tracking must know: foot length and the load from which a foot counts as down."""

    length_mm: float
    loaded_n: float
    noise_n: float
    """Of one cell: five standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One window's picture, beside what was known before it: whose each cell was, and both places."""

    peak_n: Float64
    owner: Cells
    places: tuple[FootPlace | None, FootPlace | None]
    mat: MatField
    person: MatPerson


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a print is; None: neither foot's."""

    foot: Foot | None


NEITHER = Owner(None)


def lone_landing(seen: Seen, least_n: float) -> Owner | None:
    """Foot that came down alone after both were in the air; `NEITHER` where there is no lone print.

    None: nobody can say. Both places are free then, so a foot that comes down between them, or partly on
    the other's, may be either.
    """
    parts = parts_of(seen.peak_n, seen.mat, seen.person.noise_n)
    parts = [p for p in parts if float(seen.peak_n[p].sum()) >= least_n]
    if not parts:
        return NEITHER
    cells = np.concatenate(parts)
    if not _one_foot(cells, seen):
        return NEITHER
    load_n = seen.peak_n[cells]
    foot = _clearly_nearer(_middle(cells, seen), seen)
    if foot is None:
        return None
    on_other = float(load_n[seen.owner[cells] == 1 - foot].sum())
    return Owner(foot) if on_other <= ON_THE_OTHER * float(load_n.sum()) else None


def whose(part: Cells, down: tuple[bool, bool], seen: Seen, *, both_free: bool) -> Owner | None:
    """Foot that a part outside both places belongs to; None: nobody can say, so the names are lost.

    `both_free`: both were in the air just now, so that neither's place says anything of the other's.
    """
    middle, person = _middle(part, seen), seen.person
    if both_free or not any(down):
        foot = _clearly_nearer(middle, seen)
        return None if foot is None else Owner(foot)
    far = [_far(seen.places[f], middle) for f in Foot]
    nearest = Foot.LEFT if far[0] <= far[1] else Foot.RIGHT
    for foot in (nearest, Foot(1 - nearest)):
        own = np.flatnonzero((seen.owner == foot) & (seen.peak_n > person.noise_n))
        near = down[1 - foot] or far[foot] <= NEAR_SHARE * person.length_mm
        if down[foot] and near and _one_foot(np.concatenate((own, part)), seen):
            return Owner(foot)
    if all(down):
        return Owner(nearest if far[nearest] <= NEAR_SHARE * person.length_mm else None)
    return Owner(Foot.LEFT if down[Foot.RIGHT] else Foot.RIGHT)


def _middle(cells: Cells, seen: Seen) -> Float64:
    load_n = seen.peak_n[cells]
    return (load_n[:, None] * seen.mat.place_mm[cells]).sum(axis=0) / load_n.sum()


def _clearly_nearer(middle_mm: Float64, seen: Seen) -> Foot | None:
    """Foot whose place a landing is near, and clearly nearer than to the other's."""
    moved = [_moved(seen.places[f], middle_mm) for f in Foot]
    nearer = Foot.LEFT if moved[0] <= moved[1] else Foot.RIGHT
    clear = moved[nearer] <= CLEARLY_NEARER * moved[1 - nearer]
    near = moved[nearer] <= FARTHEST_LANDING * seen.person.length_mm
    return nearer if clear and near else None


def _far(place: FootPlace | None, point_mm: Float64) -> float:
    return float("inf") if place is None else float(place.far(point_mm))


def _moved(place: FootPlace | None, point_mm: Float64) -> float:
    """From the middle of the foot's long axis."""
    if place is None:
        return float("inf")
    ml, ap = place.into_foot(point_mm)
    along = max(abs(float(ap) - 0.5 * place.length_mm) - 0.25 * place.length_mm, 0.0)
    return float(np.hypot(ml, along))


def _one_foot(cells: Cells, seen: Seen) -> bool:
    peak_n, length_mm = seen.peak_n, seen.person.length_mm
    strong = cells[peak_n[cells] > least_of(peak_n[cells], seen.mat)]
    box = footprint_box(strong, seen.mat)
    return box.length_mm <= LONGEST_SEEN * length_mm and box.width_mm <= WIDEST_SEEN * length_mm
