# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells of a mat to loads of feet and regions, and to CoP, for frames whose cells have an owner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.foot_force import region_gains
from rig.calibrate.force_block import Float64
from rig.calibrate.mat_force_block import MatForceBlock
from rig.contact.mat_place import FootPlace, MatField, region_shares
from rig.contact.mat_tracking import Assignment
from rig.contact.results import LoadBlock
from rig.contact.rules import COP_SHARE, SHARE_LEFT_LEAST, reference_body_weight_n
from rig.layout import Foot
from rig.settings import Participant


@dataclass(frozen=True, slots=True, eq=False)
class MatLoadBlock(LoadBlock):
    """Loads of n frames of a mat.

    Where it is unknown which foot is which (`FrameFlag.FEET_UNKNOWN`), all of single feet is NaN, and
    `cop_mm` and `total_force_n` are those of the whole mat. `cop_mm` is in the mat's frame, turned to
    where the person faces; no stance template is in it.

    Attributes
    ----------
    force : MatForceBlock
    total_force_n : (n,) float64
        Of both feet, or of all cells where they are unknown.
    heel_mm : (n, 2, 2) float64
        Heel edge of each foot, X and Y in the mat's frame; NaN for a foot not seen yet.
    toe_out_deg : (n, 2) float64
        Of each foot's long axis, outwards from where the person faces.
    """

    force: MatForceBlock
    total_force_n: Float64
    heel_mm: Float64
    toe_out_deg: Float64


@dataclass(frozen=True, slots=True, eq=False)
class MatLoadRules:
    """Least loads and gains of one person and calibration; `gain` is (2, 4) by foot and region."""

    gain: Float64
    plain_gain: float
    cop_least_n: float
    share_least_n: float


def mat_load_rules(participant: Participant, calibration: Calibration) -> MatLoadRules:
    """Cells cover the whole sole, so gains alone lie between cells and feet, no areas."""
    weight_n = reference_body_weight_n(participant)
    feet = np.array(calibration.foot_gain)[:, None] * calibration.body_weight_gain
    return MatLoadRules(
        region_gains(calibration) * feet,
        calibration.body_weight_gain,
        COP_SHARE * weight_n,
        SHARE_LEFT_LEAST * weight_n,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One assignment as factors: of each foot its cells, and what they count for in each region."""

    cells: tuple[np.ndarray, np.ndarray]
    factor: tuple[Float64, Float64]
    """(4, cells of the foot)."""
    local_mm: tuple[Float64, Float64]
    """(2, cells of the foot): ml, ap."""


def weights_of(assignment: Assignment, mat: MatField, rules: MatLoadRules) -> Weights:
    """Factors of the frames that share an assignment."""
    cells, factor, local = [], [], []
    for foot in Foot:
        place = assignment.places[foot]
        own = np.flatnonzero(assignment.owner == foot) if place else np.zeros(0, np.int64)
        shares = region_shares(place, mat)[:, own] if place else np.zeros((4, 0))
        cells.append(own)
        factor.append(np.ascontiguousarray(shares * rules.gain[foot][:, None]))
        at = place.into_foot(mat.place_mm[own]).T if place else np.zeros((2, 0))
        local.append(np.ascontiguousarray(at))
    return Weights((cells[0], cells[1]), (factor[0], factor[1]), (local[0], local[1]))


def mat_loads(
    force: MatForceBlock,
    assignment: Assignment,
    weights: Weights,
    mat: MatField,
    rules: MatLoadRules,
) -> MatLoadBlock:
    """Loads of frames that share one assignment; each frame by itself."""
    n = len(force)
    cells_n = force.cell_force_n.reshape(n, -1)
    region_n = np.zeros((n, 2, 4))
    foot_cop = np.full((n, 2, 2), np.nan)
    moment, total = np.zeros((2, n)), np.zeros(n)
    if assignment.known:
        for foot in Foot:
            own_n = np.ascontiguousarray(cells_n[:, weights.cells[foot]])
            for region, factor in enumerate(weights.factor[foot]):
                region_n[:, foot, region] = (own_n * factor).sum(axis=-1)
            borne_n = own_n * weights.factor[foot].sum(axis=0)
            foot_n = borne_n.sum(axis=-1)
            for axis in (0, 1):
                about = (borne_n * weights.local_mm[foot][axis]).sum(axis=-1)
                enough = foot_n >= rules.cop_least_n
                np.divide(about, foot_n, out=foot_cop[:, foot, axis], where=enough)
                x = np.ascontiguousarray(mat.place_mm[weights.cells[foot], axis])
                moment[axis] += (borne_n * x).sum(axis=-1)
            total += foot_n
    else:
        region_n[:] = np.nan
        total = cells_n.sum(axis=-1) * rules.plain_gain
        for axis in (0, 1):
            x = np.ascontiguousarray(mat.place_mm[:, axis]) * rules.plain_gain
            moment[axis] = (cells_n * x).sum(axis=-1)
    foot_n = ((region_n[..., 0] + region_n[..., 1]) + region_n[..., 2]) + region_n[..., 3]
    body, share = np.full((n, 2), np.nan), np.full(n, np.nan)
    stands = total > rules.share_least_n
    for axis in (0, 1):
        np.divide(moment[axis], total, out=body[:, axis], where=stands)
    np.divide(foot_n[:, Foot.LEFT], total, out=share, where=stands)
    heel, toe_out = _standing(assignment.places)
    return MatLoadBlock(
        force=force,
        foot_force_n=foot_n,
        region_force_n=region_n,
        foot_cop_mm=foot_cop,
        cop_mm=body,
        share_left=share,
        total_force_n=total,
        heel_mm=np.tile(heel, (n, 1, 1)),
        toe_out_deg=np.tile(toe_out, (n, 1)),
    )


def _standing(places: tuple[FootPlace | None, FootPlace | None]) -> tuple[Float64, Float64]:
    heel, toe_out = np.full((2, 2), np.nan), np.full(2, np.nan)
    for foot in Foot:
        place = places[foot]
        if place is not None:
            heel[foot], toe_out[foot] = place.heel_mm, place.toe_out_deg(foot)
    return heel, toe_out
