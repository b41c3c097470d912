# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two footprints side by side are those of uncrossed legs, by the shape of the forefoot.

The balls of the toes lie on an arc: the outer ones further back. Across a left foot the load therefore
lies further forward to the right, across a right foot to the left, whatever the arch and also where the
heel is lifted.
"""

from __future__ import annotations

from rig.calibrate.force_block import Float64
from rig.contact.mat_footprints import Footprint
from rig.contact.mat_place import FootPlace, MatField
from rig.layout import Foot

FOREFOOT_FROM_Y = 0.5
CLEAR_SLOPE = 0.12
"""Forward by aside; the arc's own is about 0.45 (metatarsal heads of a last, layout of the insole)."""
TOE_IN_BOTH_DEG = -12.0
"""Sum of both toe-outs below which legs look crossed (both design choices)."""
LEAST_SPREAD_MM = 15.0
"""Standard deviation across, below which a print is too narrow to have a slope."""


def uncrossed(
    places: tuple[FootPlace, FootPlace], prints: list[Footprint], peak_n: Float64, mat: MatField
) -> bool:
    """Nothing speaks for crossed legs, and something for uncrossed ones.

    Shapes that both contradict, or both feet turned in without shapes that both agree, speak for crossed
    legs. Prints that were not seen from heel to ball must agree by their shape, each.
    """
    hands = [
        outer_side_back(places[f], prints[f], peak_n, mat) * (1.0 if f == Foot.RIGHT else -1.0)
        for f in Foot
    ]
    agree = [h > CLEAR_SLOPE for h in hands]
    if all(h < -CLEAR_SLOPE for h in hands):
        return False
    if not all(a or p.whole for a, p in zip(agree, prints, strict=True)):
        return False
    outward = sum(places[f].toe_out_deg(f) for f in Foot)
    return all(agree) or outward >= TOE_IN_BOTH_DEG


def outer_side_back(
    place: FootPlace, footprint: Footprint, peak_n: Float64, mat: MatField
) -> float:
    """How far back the forefoot's right side lies, backward by aside, load-weighted.

    Above 0 for a right foot, below 0 for a left one; NaN where there is no forefoot to see.
    """
    local, load = place.into_foot(mat.place_mm[footprint.cells]), peak_n[footprint.cells]
    if footprint.whole:
        fore = local[:, 1] >= FOREFOOT_FROM_Y * place.length_mm
        local, load = local[fore], load[fore]
    if load.sum() <= 0.0:
        return float("nan")
    x, y = (local - (load[:, None] * local).sum(axis=0) / load.sum()).T
    spread = float((load * x * x).sum() / load.sum())
    if spread < LEAST_SPREAD_MM**2:
        return float("nan")
    return -float((load * x * y).sum() / load.sum()) / spread
