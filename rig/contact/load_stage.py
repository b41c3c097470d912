# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage without memory: pads to loads of feet and regions, and to CoP. Decision delay: none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.foot_force import pad_weights
from rig.calibrate.force_block import Float64, ForceBlock
from rig.contact.results import LoadBlock
from rig.contact.rules import COP_SHARE, SHARE_LEFT_LEAST, foot_on_n, reference_body_weight_n
from rig.layout import Foot, insole_layout
from rig.layout import foot_length_mm as length_of_size
from rig.layout.insole import STANCE_TEMPLATE_HEEL_X_MM, STANCE_TEMPLATE_TOE_OUT_DEG
from rig.settings import Participant

_ML, _AP = 0, 1
_TOE_OUT = np.deg2rad(STANCE_TEMPLATE_TOE_OUT_DEG)
_OUTWARD = np.array([-1.0, 1.0])
"""Sign of outward on the body's ML axis, by foot."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadState:
    """Constants for one person and calibration; nothing is carried from block to block."""

    weights: Float64
    place_mm: Float64
    region_starts: np.ndarray
    cop_least_n: float
    share_least_n: float
    loaded_least_n: Float64


def participant_foot_length_mm(participant: Participant) -> float:
    """The measured foot, or that of the shoe size."""
    measured = participant.foot_length_mm
    return length_of_size(participant.shoe_size_eu) if measured is None else measured


def load_state(participant: Participant, calibration: Calibration) -> LoadState:
    """Weights, places and least loads for `load_stage`."""
    length_mm = participant_foot_length_mm(participant)
    layout = insole_layout(length_mm)
    weight_n = reference_body_weight_n(participant)
    noise_n = calibration.unloaded_noise_n
    return LoadState(
        weights=pad_weights(length_mm, calibration.body_weight_gain),
        place_mm=layout.place_mm,
        region_starts=np.flatnonzero(np.diff(layout.region, prepend=-1)),
        cop_least_n=COP_SHARE * weight_n,
        share_least_n=SHARE_LEFT_LEAST * weight_n,
        loaded_least_n=np.array([foot_on_n(weight_n, noise_n[foot]) for foot in Foot]),
    )


def load_stage(state: LoadState, force: ForceBlock) -> tuple[LoadState, LoadBlock]:
    """Loads of each frame by itself.

    A foot's CoP is the mean of its pads' places, weighted by what each pad's tributary area bears.
    """
    weighted = force.pad_force_n * state.weights
    region_n = np.add.reduceat(weighted, state.region_starts, axis=-1)
    foot_n = region_n[..., 0] + region_n[..., 1] + region_n[..., 2] + region_n[..., 3]
    foot_cop = _foot_cop_mm(weighted, foot_n, state)
    share_left = _share_left(foot_n, state.share_least_n)
    return state, LoadBlock(
        force=force,
        foot_force_n=foot_n,
        region_force_n=region_n,
        foot_cop_mm=foot_cop,
        cop_mm=_body_cop_mm(foot_n, foot_cop, share_left, state.loaded_least_n),
        share_left=share_left,
    )


def _foot_cop_mm(weighted: Float64, foot_n: Float64, state: LoadState) -> Float64:
    cop = np.full((*foot_n.shape, 2), np.nan)
    bears = foot_n >= state.cop_least_n
    for axis in (_ML, _AP):
        moment = (weighted * state.place_mm[:, :, axis]).sum(axis=-1)
        np.divide(moment, foot_n, out=cop[..., axis], where=bears)
    return cop


def _share_left(foot_n: Float64, least_n: float) -> Float64:
    total = foot_n[:, Foot.LEFT] + foot_n[:, Foot.RIGHT]
    share = np.full(len(total), np.nan)
    return np.divide(foot_n[:, Foot.LEFT], total, out=share, where=total > least_n)


def _body_cop_mm(
    foot_n: Float64, foot_cop: Float64, share_left: Float64, loaded_least_n: Float64
) -> Float64:
    """Force-weighted mean of the loaded feet's CoP on the drawn stance template.

    A foot below its ON threshold hangs in the air: what it still reads has no place on the floor.
    """
    loaded = foot_n >= loaded_least_n
    load_n = np.where(loaded, foot_n, 0.0)
    cos, sin = np.cos(_TOE_OUT), np.sin(_TOE_OUT)
    ml, ap = foot_cop[..., _ML], foot_cop[..., _AP]
    x = _OUTWARD * STANCE_TEMPLATE_HEEL_X_MM + ml * cos + _OUTWARD * (ap * sin)
    y = ap * cos - _OUTWARD * (ml * sin)
    total = load_n[:, 0] + load_n[:, 1]
    body = np.full((len(foot_n), 2), np.nan)
    defined = (total > 0.0) & ~np.isnan(share_left)
    for axis, place in ((_ML, x), (_AP, y)):
        moments = np.where(loaded, place, 0.0) * load_n
        np.divide(moments[:, 0] + moments[:, 1], total, out=body[:, axis], where=defined)
    return body
