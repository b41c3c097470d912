# SPDX-License-Identifier: GPL-3.0-or-later
"""How wrong a mat's CoP and forces can be: standard errors by propagation, frame by frame.

Total uncertainties, as `cop_error` has them for insoles: most of each error stays the same while the
feet stand where they are. Cells cover the whole sole, so no layout misses any load. What is left, each
checked against simulated people, who are a model of feet and film and no force plate:

- each cell's gain and exponent, its noise and rounding, saturation, and what it keeps after unloading;
- light cells: film below its break force feels nothing;
- hysteresis and creep, which the cells of one region have in common;
- where the foot stands, for the CoP in the foot's own frame: heel, and direction of the long axis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, FrameFlag
from rig.contact.cop_error import CopError
from rig.contact.error_propagation import Groups, grouped, propagated
from rig.contact.load_stage import participant_foot_length_mm
from rig.contact.mat_loads import MatLoadBlock, MatLoadRules, mat_load_rules
from rig.contact.mat_place import FootPlace, MatField, mat_field, owner_of_cells, region_shares
from rig.layout import Foot, Region
from rig.settings import Participant

GAIN_SD = 0.15
"""Of a cell that nothing has equilibrated: films repeat poorly (design choice; FSRs: 0.06)."""
EQUILIBRATED_SD = 0.06
"""Of a cell with a curve of its own whose standard error nobody gave: how evenly a bladder presses, and
how film repeats (design choice)."""
EXPONENT_SD = 0.058
EXPONENT_AT_KPA = 30.0
"""Exponents lie between 0.9 and 1.1 (Interlink FSR integration guide); the body-weight gain pins the
curves where quiet stance loads the cells (design choice)."""
SATURATES_AT_KPA = 470.0
"""Where film flattens: 60 N on an FSR 402's area (design choice)."""
SATURATED_SD = 0.5
DEAD_ZONE_KPA = 1.6
"""Below it film feels nothing: 0.2 N on an FSR 402's area (Interlink FSR 400 series)."""
UNFELT_SHARE = 0.5
"""Of the break force, what a cell near it may miss (design choice)."""
KEPT_OF_PEAK = 0.014
"""An unloaded cell keeps 0 to 6 % of its last peak for seconds (design choice, as for insoles)."""
NOISE_LSB, ROUNDING_LSB = 1.0, 0.29
TOGETHER_SD = 0.025
"""Of the load of one region: its cells are loaded and unloaded together, and read up to 10 % more then
(Interlink FSR 400 series; the share of it that differs between regions is a design choice)."""
HEEL_SD_MM, TURN_SD_DEG = (2.5, 4.5), 2.0
"""Of a foot's place, across and along, and of its long axis, where heel and ball were both seen; tuned
on simulated people."""
ASSUMED_SD_MM, ASSUMED_TURN_SD_DEG = (10.0, 25.0), 7.0
"""Where only a part of the foot was seen (design choices)."""
PIVOT_Y = 0.4
"""The long axis turns about the middle between heel and ball, in foot lengths."""
SCALE_SD = {"default": 1.0, "measured": 0.04, "insole": 0.04, "visit": 0.04}
"""Of all forces together. No film's strength is known before a body-weight gain is measured."""
FOOT_RATIO_SD = 0.02
"""Of each foot's force: what creep and hysteresis do to one foot and not to the other (design
choice)."""


def mat_cop_error(
    loads: MatLoadBlock,
    calibration: Calibration,
    participant: Participant,
    facing_deg: float = 0.0,
) -> CopError:
    """Standard errors of the CoP and of the forces of a block; without memory.

    Where it is unknown which foot is which, those of single feet are NaN.

    Parameters
    ----------
    loads : MatLoadBlock
        Made with the same calibration and participant, and the same `facing_deg`.

    Returns
    -------
    CopError
        `covariance_mm2` is that of both feet's CoP in the mat's frame.
    """
    n = len(loads)
    error = CopError(
        np.full((n, 2, 2, 2), np.nan),
        np.full((n, 2, 2), np.nan),
        np.full((n, 2), np.nan),
        np.full(n, np.nan),
    )
    model = _CellModel(
        mat_field(loads.force.layout, facing_deg),
        mat_load_rules(participant, calibration),
        calibration,
        participant_foot_length_mm(participant),
    )
    for run in _runs(loads):
        cells_n = loads.force.cell_force_n[run].reshape(run.stop - run.start, -1).T.copy()
        feet = _feet(loads, run, model)
        for foot, cells in feet:
            _take_foot(error, loads, run, foot, cells, cells_n, model)
        _take_both(error, loads, run, feet, cells_n, model)
    return error


@dataclass(frozen=True, slots=True, eq=False)
class _CellModel:
    """Constants of one mat, person and calibration."""

    mat: MatField
    rules: MatLoadRules
    calibration: Calibration
    length_mm: float

    def common_sd(self) -> float:
        return SCALE_SD[self.calibration.body_weight_gain_source]


@dataclass(frozen=True, slots=True, eq=False)
class _FootCells:
    """One foot's cells, ordered by region: indices, factor to newtons of the foot, and groups."""

    place: FootPlace
    cells: npt.NDArray[np.int64]
    factor: Float64
    of_cell: npt.NDArray[np.int64]


def _runs(loads: MatLoadBlock) -> Iterator[slice]:
    """Stretches of frames whose feet stand in the same places."""
    n = len(loads)
    if n == 0:
        return
    flags = loads.force.flags & np.uint32(FrameFlag.FEET_UNKNOWN | FrameFlag.FOOT_PLACE_ASSUMED)
    state = np.column_stack((loads.heel_mm.reshape(n, -1), loads.toe_out_deg, flags))
    same = (state[1:] == state[:-1]) | (np.isnan(state[1:]) & np.isnan(state[:-1]))
    starts = [0, *(np.flatnonzero(~same.all(axis=1)) + 1).tolist(), n]
    for start, stop in pairwise(starts):
        yield slice(start, stop)


def _feet(loads: MatLoadBlock, run: slice, model: _CellModel) -> list[tuple[Foot, _FootCells]]:
    """Feet that are named in a run, and their cells."""
    at = run.start
    if loads.force.flags[at] & FrameFlag.FEET_UNKNOWN:
        return []
    assumed = bool(loads.force.flags[at] & FrameFlag.FOOT_PLACE_ASSUMED)
    places: list[FootPlace | None] = [None, None]
    for foot in Foot:
        x, y = loads.heel_mm[at, foot].tolist()
        if np.isnan(x):
            continue
        outward = float(np.deg2rad(loads.toe_out_deg[at, foot]))
        turn = outward if foot == Foot.RIGHT else -outward
        places[foot] = FootPlace((x, y), turn, model.length_mm, assumed)
    owner = owner_of_cells((places[0], places[1]), model.mat)
    found = []
    for foot in Foot:
        place = places[foot]
        cells = np.flatnonzero(owner == foot)
        if place is None or len(cells) == 0:
            continue
        shares = region_shares(place, model.mat)[:, cells]
        region = shares.argmax(axis=0)
        order = np.argsort(region, kind="stable")
        factor = (shares * model.rules.gain[foot][:, None]).sum(axis=0)
        found.append((foot, _FootCells(place, cells[order], factor[order], region[order])))
    return found


def _regions(of_cell: npt.NDArray[np.int64]) -> Groups:
    """Groups of those regions that have cells, each with an error of its own."""
    present, index = np.unique(of_cell, return_inverse=True)
    count = len(present)
    return grouped(index, np.eye(count) * TOGETHER_SD**2, np.zeros((count, count, 2, 2)))


def _variance(
    cells_n: Float64, load_n: Float64, factor: Float64, loads: MatLoadBlock, model: _CellModel
) -> Float64:
    """(cells, n) of what errs on each cell by itself, N^2 of foot force."""
    area = loads.force.layout.cell_area_mm2
    kpa = cells_n * (1e3 / area)
    flattened = np.minimum(0.25 * (kpa / SATURATES_AT_KPA) ** 4, SATURATED_SD)
    relative = flattened**2
    if model.calibration.sensel_k_us:
        given = model.calibration.sensel_gain_sd
        relative += max(float(np.mean(given)) if given else 0.0, EQUILIBRATED_SD) ** 2
    else:
        off = np.log(np.maximum(kpa, DEAD_ZONE_KPA) / EXPONENT_AT_KPA)
        relative += GAIN_SD**2 + (EXPONENT_SD * off) ** 2
    dead_n = DEAD_ZONE_KPA * 1e-3 * area
    unfelt_n = np.where(cells_n < 2.0 * dead_n, UNFELT_SHARE * dead_n, 0.0)
    a_count_n2 = loads.force.count_n**2 * (NOISE_LSB**2 + ROUNDING_LSB**2)
    own = (unfelt_n**2 + a_count_n2) * factor[:, None] ** 2
    return relative * load_n**2 + own


def _take_foot(
    error: CopError,
    loads: MatLoadBlock,
    run: slice,
    foot: Foot,
    mine: _FootCells,
    cells_n: Float64,
    model: _CellModel,
) -> None:
    own_n = cells_n[mine.cells]
    load_n = own_n * mine.factor[:, None]
    variance = _variance(own_n, load_n, mine.factor, loads, model)
    local = mine.place.into_foot(model.mat.place_mm[mine.cells])
    found = propagated(local, load_n, variance, _regions(mine.of_cell))
    defined = ~np.isnan(loads.foot_cop_mm[run, foot, 0])
    covariance = found.covariance_mm2 + _placed(loads.foot_cop_mm[run, foot], mine.place)
    error.foot_covariance_mm2[run, foot][defined] = covariance[defined]
    common = FOOT_RATIO_SD**2 + model.common_sd() ** 2
    foot_n = loads.foot_force_n[run, foot]
    error.force_sd_n[run, foot] = np.sqrt(found.force_variance_n2 + common * foot_n**2)


def _placed(cop_mm: Float64, place: FootPlace) -> Float64:
    """(n, 2, 2) what the foot's own place adds: moved, and turned about its middle."""
    across, along = ASSUMED_SD_MM if place.assumed else HEEL_SD_MM
    turn = np.deg2rad(ASSUMED_TURN_SD_DEG if place.assumed else TURN_SD_DEG)
    ml, ap = cop_mm[:, 0], cop_mm[:, 1] - PIVOT_Y * place.length_mm
    added = np.empty((len(cop_mm), 2, 2))
    added[:, 0, 0] = across**2 + (turn * ap) ** 2
    added[:, 1, 1] = along**2 + (turn * ml) ** 2
    added[:, 0, 1] = added[:, 1, 0] = -(turn**2) * ap * ml
    return added


def _take_both(
    error: CopError,
    loads: MatLoadBlock,
    run: slice,
    feet: list[tuple[Foot, _FootCells]],
    cells_n: Float64,
    model: _CellModel,
) -> None:
    """Of both feet's cells, or of all where nobody knows the feet."""
    regions = len(Region)
    if feet:
        cells = np.concatenate([f.cells for _, f in feet])
        factor = np.concatenate([f.factor for _, f in feet])
        of_cell = np.concatenate([f.of_cell + regions * foot for foot, f in feet])
    else:
        cells = np.arange(len(cells_n))
        factor = np.full(len(cells), model.rules.plain_gain)
        of_cell = np.zeros(len(cells), np.int64)
    own_n = cells_n[cells]
    load_n = own_n * factor[:, None]
    variance = _variance(own_n, load_n, factor, loads, model)
    found = propagated(model.mat.place_mm[cells], load_n, variance, _regions(of_cell))
    total_n = loads.total_force_n[run]
    error.total_force_sd_n[run] = np.sqrt(
        found.force_variance_n2 + (model.common_sd() * total_n) ** 2
    )
    defined = ~np.isnan(loads.cop_mm[run, 0])
    error.covariance_mm2[run][defined] = found.covariance_mm2[defined]
