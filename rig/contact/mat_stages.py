# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's stages from counts to loads, joined, and what the contact floor may see of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, FrameFlag
from rig.calibrate.mat_force import MatForceState, change_mat_calibration, mat_force_stage
from rig.contact.load_stage import participant_foot_length_mm
from rig.contact.mat_loads import MatLoadBlock
from rig.contact.mat_stage import (
    MatLoadState,
    change_mat_loads,
    finish_mat_loads,
    mat_load_stage,
    mat_load_state,
)
from rig.contact.results import LoadBlock
from rig.settings import Participant
from rig.wire.frames import FrameBlock


@dataclass(frozen=True, slots=True, eq=False)
class MatStages:
    """Where a mat's stages stand; `unknown` frames came since the last whose feet were known."""

    force: MatForceState
    loads: MatLoadState
    unknown: int = 0


def mat_stages(participant: Participant, calibration: Calibration) -> MatStages:
    """Before the first frame."""
    known = participant.body_weight_n is not None
    length_mm = participant_foot_length_mm(participant)
    return MatStages(
        MatForceState(calibration, known), mat_load_state(participant, calibration, length_mm)
    )


def change_mat_settings(
    state: MatStages, participant: Participant, calibration: Calibration
) -> MatStages:
    """The same place in the stream under other settings; no frame may be held back (`finish_mat`)."""
    new = mat_stages(participant, calibration)
    known = participant.body_weight_n is not None
    return replace(
        state,
        force=change_mat_calibration(state.force, calibration, known),
        loads=change_mat_loads(state.loads, new.loads),
    )


def mat_through(
    state: MatStages, block: FrameBlock, t_s: Float64
) -> tuple[MatStages, list[MatLoadBlock]]:
    """Loads that became decided by a block of frames, oldest first.

    Raises
    ------
    SettingsError
        No mat that this version can read, or the calibration is another rig's.
    """
    force_state, force = mat_force_stage(state.force, block, t_s)
    load_state, loads = mat_load_stage(state.loads, force)
    return replace(state, force=force_state, loads=load_state), loads


def finish_mat(state: MatStages) -> tuple[MatStages, list[MatLoadBlock]]:
    """Decide the frames that are held back."""
    load_state, loads = finish_mat_loads(state.loads)
    return replace(state, loads=load_state), loads


def known_feet(state: MatStages, loads: MatLoadBlock) -> tuple[MatStages, LoadBlock]:
    """The frames in which both feet have their names; the others count as lost before the next.

    Contacts and drills must not see a foot that nobody can name: to them these frames are missing.
    """
    unknown = (loads.force.flags & FrameFlag.FEET_UNKNOWN) != 0
    if not unknown.any() and not state.unknown:
        return state, loads
    kept = np.flatnonzero(~unknown)
    since = np.cumsum(unknown) + state.unknown
    if len(kept) == 0:
        return replace(state, unknown=int(since[-1])), _no_loads(loads)
    force = loads.force.at(kept)
    missed = np.diff(since[kept], prepend=0)
    force = replace(force, lost_before=force.lost_before + missed)
    rest = int(since[-1] - since[kept[-1]])
    return replace(state, unknown=rest), LoadBlock(
        force=force, **{name: getattr(loads, name)[kept] for name in _PLAIN}
    )


_PLAIN = [f.name for f in fields(LoadBlock) if f.name != "force"]


def _no_loads(loads: MatLoadBlock) -> LoadBlock:
    return LoadBlock(
        force=loads.force.cut(slice(0, 0)),
        **{name: getattr(loads, name)[:0] for name in _PLAIN},
    )
