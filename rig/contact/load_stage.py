# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage without memory: pads to loads of feet and regions, and to CoP. Decision delay: none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import Calibration
from rig.calibrate.foot_force import masked_calibration, pad_weights
from rig.calibrate.force_block import Float64, ForceBlock, SenselMask
from rig.calibrate.sensel_map import present_pads
from rig.contact.results import LoadBlock
from rig.contact.rules import COP_SHARE, SHARE_LEFT_LEAST, foot_on_n, reference_body_weight_n
from rig.layout import Foot, Region, insole_layout
from rig.layout import foot_length_mm as length_of_size
from rig.layout.insole import (
    SENSOR_REGIONS,
    STANCE_TEMPLATE_HEEL_X_MM,
    STANCE_TEMPLATE_TOE_OUT_DEG,
)
from rig.settings import Participant

_ML, _AP = 0, 1
_TOE_OUT = np.deg2rad(STANCE_TEMPLATE_TOE_OUT_DEG)
_OUTWARD = (-1.0, 1.0)
"""Sign of outward on the body's ML axis, by foot."""
_LONG_ROW = 16


@dataclass(frozen=True, slots=True, eq=False)
class LoadState:
    """Constants for one person and calibration; nothing is carried from block to block."""

    calibration: Calibration
    foot_length_mm: float
    place_mm: Float64
    regions: tuple[slice, ...]
    cop_least_n: float
    share_least_n: float
    loaded_least_n: Float64
    sways: bool


def participant_foot_length_mm(participant: Participant) -> float:
    """The measured foot, or that of the shoe size."""
    measured = participant.foot_length_mm
    return length_of_size(participant.shoe_size_eu) if measured is None else measured


def load_state(
    participant: Participant, calibration: Calibration, *, sways: bool = False
) -> LoadState:
    """Weights, places and least loads for `load_stage`.

    `sways` says that somebody will ask how far sideways each foot bears: it is cheapest found at once.
    """
    length_mm = participant_foot_length_mm(participant)
    layout = insole_layout(length_mm)
    weight_n = reference_body_weight_n(participant)
    noise_n = calibration.unloaded_noise_n
    return LoadState(
        calibration=calibration,
        foot_length_mm=length_mm,
        place_mm=layout.place_mm,
        regions=tuple(_pads_of(layout.region, region) for region in Region),
        cop_least_n=COP_SHARE * weight_n,
        share_least_n=SHARE_LEFT_LEAST * weight_n,
        loaded_least_n=np.array([foot_on_n(weight_n, noise_n[foot]) for foot in Foot]),
        sways=sways,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """`weights` and `present` (2, 16), `region_present` (2, 4) under one mask."""

    weights: Float64
    present: npt.NDArray[np.bool_]
    all_present: bool
    region_present: npt.NDArray[np.bool_]


class _InsoleLoads(LoadBlock):
    """Loads whose CoPs are found when somebody first asks for them: most drills only want to know how
    far forward each foot bears."""

    __slots__ = ("_by", "_cop_ap_mm", "_state")

    @classmethod
    def without_cop(
        cls, state: LoadState, by: _Weights, cop_ap_mm: Float64, **others: object
    ) -> _InsoleLoads:
        """All fields but `foot_cop_mm` and `cop_mm`, which follow from them; `cop_ap_mm` (2, n)."""
        loads = object.__new__(cls)
        known = {"_state": state, "_by": by, "_cop_ap_mm": cop_ap_mm}
        for name, value in (known | others).items():
            object.__setattr__(loads, name, value)
        return loads

    @property
    def foot_cop_ap_mm(self) -> Float64:
        # what `dataclasses.replace` made has all fields, and only them
        found = getattr(self, "_cop_ap_mm", None)
        return super().foot_cop_ap_mm if found is None else found.T

    def __getattr__(self, name: str) -> Float64:
        if name == "foot_cop_mm":
            found = self._both_axes()
        elif name == "cop_mm":
            least_n = self._state.loaded_least_n
            found = body_cop_mm(self.foot_force_n, self.foot_cop_mm, self.share_left, least_n)
        else:
            raise AttributeError(name)
        object.__setattr__(self, name, found)
        return found

    def _both_axes(self) -> Float64:
        loads_n = _borne(self._by, self.insole_force)
        return _with_sideways(self._state, loads_n, self.foot_force_n.T, self._cop_ap_mm)


@lru_cache(maxsize=32)
def _weights(length_mm: float, calibration: Calibration, mask: SenselMask) -> _Weights:
    """Sensors that are masked are taken for absent."""
    believed = masked_calibration(calibration, mask)
    present = present_pads(believed.sensel_map).reshape(2, -1)
    regions = [region == SENSOR_REGIONS for region in Region]
    return _Weights(
        weights=pad_weights(length_mm, believed),
        present=present,
        all_present=bool(present.all()),
        region_present=np.array([[p[r].any() for r in regions] for p in present]),
    )


def _pads_of(region_of_pad: np.ndarray, region: Region) -> slice:
    """The pads of one region; the layout lists them region by region."""
    pads = np.flatnonzero(region_of_pad == region)
    return slice(int(pads[0]), int(pads[-1]) + 1)


def load_stage(state: LoadState, force: ForceBlock) -> tuple[LoadState, LoadBlock]:
    """Loads of each frame by itself.

    Where sensors are masked, the weights of the others are those of the area that falls to them.

    A foot's CoP is the mean of its pads' places, weighted by what each pad's tributary area bears.
    Sums run pad by pad over all frames at once: faster than short sums within each frame, and always
    in the same order. Pads that are not there bear nothing; a region or a foot without any is NaN.
    """
    runs = list(force.mask_runs())
    if len(runs) == 1:
        return state, _loads(state, force, runs[0][1])
    return state, _joined(force, [_loads(state, force.cut(run), mask) for run, mask in runs])


def _loads(state: LoadState, force: ForceBlock, mask: SenselMask) -> LoadBlock:
    by = _weights(state.foot_length_mm, state.calibration, mask)
    n = len(force)
    loads_n = _borne(by, force)
    region_n = np.empty((2, len(state.regions), n))
    for region, pads in enumerate(state.regions):
        _summed(loads_n[:, pads], out=region_n[:, region])
    foot_n = _summed(region_n, out=np.empty((2, n)))
    if not by.all_present:
        region_n[~by.region_present] = np.nan
        foot_n[~by.region_present.any(axis=1)] = np.nan
    cop_ap_mm = np.full((2, n), np.nan)
    _take_cop(state, _AP, loads_n, foot_n, cop_ap_mm)
    known = (
        {"foot_cop_mm": _with_sideways(state, loads_n, foot_n, cop_ap_mm)} if state.sways else {}
    )
    return _InsoleLoads.without_cop(
        state,
        by,
        cop_ap_mm,
        force=force,
        foot_force_n=foot_n.T,
        region_force_n=np.moveaxis(region_n, -1, 0),
        share_left=load_share_left(foot_n.T, state.share_least_n),
        **known,
    )


def _borne(by: _Weights, force: ForceBlock) -> Float64:
    """(2, 16, n) what each pad's tributary area bears; nothing where there is no pad."""
    loads_n = force.borne_n(by.weights)
    if not by.all_present:
        loads_n[~by.present] = 0.0
    return loads_n


def _with_sideways(
    state: LoadState, loads_n: Float64, foot_n: Float64, cop_ap_mm: Float64
) -> Float64:
    """(n, 2, 2) both axes of the feet's CoP, of which one is known."""
    cop_mm = np.full((2, *cop_ap_mm.shape), np.nan)
    cop_mm[_AP] = cop_ap_mm
    _take_cop(state, _ML, loads_n, foot_n, cop_mm[_ML])
    return cop_mm.T


def _take_cop(
    state: LoadState, axis: int, loads_n: Float64, foot_n: Float64, cop_mm: Float64
) -> None:
    """Fill in (2, n) where the foot bears enough; often enough it hangs free in a whole block."""
    moments = np.empty(loads_n.shape[1:])
    for foot in Foot:
        bears = foot_n[foot] >= state.cop_least_n
        if not bears.any():
            continue
        np.multiply(loads_n[foot], state.place_mm[foot, :, axis, None], out=moments)
        moment = _summed(moments, out=np.empty(len(bears)))
        np.divide(moment, foot_n[foot], out=cop_mm[foot], where=bears)


def _joined(force: ForceBlock, parts: list[LoadBlock]) -> LoadBlock:
    """Parts under masks of their own as one block."""
    return LoadBlock(
        force=force,
        foot_force_n=np.concatenate([p.foot_force_n for p in parts]),
        region_force_n=np.concatenate([p.region_force_n for p in parts]),
        foot_cop_mm=np.concatenate([p.foot_cop_mm for p in parts]),
        cop_mm=np.concatenate([p.cop_mm for p in parts]),
        share_left=np.concatenate([p.share_left for p in parts]),
    )


def _summed(terms: Float64, out: Float64) -> Float64:
    """Sum of shape (..., terms, n) over its terms, one after the other.

    numpy adds row upon row where rows are long, but may sum a single frame's terms in pairs: a few
    frames are added term by term here, so that a frame gives the same in every block.
    """
    if terms.shape[-1] >= _LONG_ROW:
        return np.add.reduce(terms, axis=-2, out=out)
    out[...] = terms[..., 0, :]
    for place in range(1, terms.shape[-2]):
        out += terms[..., place, :]
    return out


def load_share_left(foot_n: Float64, least_n: float) -> Float64:
    """(n,) the left foot's share of the load; NaN where both feet bear at most `least_n`."""
    total = foot_n[:, Foot.LEFT] + foot_n[:, Foot.RIGHT]
    share = np.full(len(total), np.nan)
    return np.divide(foot_n[:, Foot.LEFT], total, out=share, where=total > least_n)


def body_cop_mm(
    foot_n: Float64, foot_cop: Float64, share_left: Float64, loaded_least_n: Float64
) -> Float64:
    """Force-weighted mean of the loaded feet's CoP on the drawn stance template.

    A foot below its ON threshold hangs in the air: what it still reads has no place on the floor.
    """
    cos, sin = np.cos(_TOE_OUT), np.sin(_TOE_OUT)
    load_n = np.zeros((2, len(foot_n)))
    moment = np.zeros((2, len(foot_n)))
    for foot in Foot:
        loaded = foot_n[:, foot] >= loaded_least_n[foot]
        if not loaded.any():
            continue
        load_n[foot] = np.where(loaded, foot_n[:, foot], 0.0)
        ml, ap = foot_cop[:, foot, _ML], foot_cop[:, foot, _AP]
        x = _OUTWARD[foot] * (STANCE_TEMPLATE_HEEL_X_MM + ap * sin) + ml * cos
        y = ap * cos - _OUTWARD[foot] * (ml * sin)
        moment[_ML] += np.where(loaded, x, 0.0) * load_n[foot]
        moment[_AP] += np.where(loaded, y, 0.0) * load_n[foot]
    total = load_n[Foot.LEFT] + load_n[Foot.RIGHT]
    body = np.full((len(foot_n), 2), np.nan)
    defined = (total > 0.0) & ~np.isnan(share_left)
    for axis in (_ML, _AP):
        np.divide(moment[axis], total, out=body[:, axis], where=defined)
    return body
