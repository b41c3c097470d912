# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: cells of a mat to loads of two feet. Decision delay: one window of 50 ms.

Windows lie on the frame numbers, so that they are the same however the stream is cut. The frames of a
window are held until it is full; its peak picture then says whose each cell is, for these frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, FrameFlag
from rig.calibrate.mat_force_block import FRAME_ARRAYS, MatForceBlock
from rig.contact.mat_loads import (
    MatLoadBlock,
    MatLoadRules,
    Weights,
    mat_load_rules,
    mat_loads,
    weights_of,
)
from rig.contact.mat_place import MatField, mat_field
from rig.contact.mat_tracking import (
    WINDOW_S,
    Assignment,
    Tracking,
    follow_window,
    tracking,
)
from rig.contact.mat_whose import MatPerson
from rig.contact.rules import reference_body_weight_n
from rig.layout.mat import MatLayout
from rig.settings import Participant

LOADED_SHARE, LOADED_N = 0.03, 10.0
"""A foot is down from so many body weights, and newtons, on: the ON of a tap."""
CELL_NOISE_N, CELL_NOISE_COUNTS = 0.3, 5.0
"""Five standard deviations of an empty cell: film is never quite still, and a converter's noise is up to
one count rms (design choices)."""


@dataclass(frozen=True, slots=True, eq=False)
class MatLoadState:
    """What the stage carries: person and gains, tracking, and the frames of the window not yet full."""

    rules: MatLoadRules
    person: MatPerson
    facing_deg: float
    mat: MatField | None = None
    layout: MatLayout | None = None
    followed: Tracking | None = None
    weights: Weights | None = None
    pending: MatForceBlock | None = None


def mat_load_state(
    participant: Participant,
    calibration: Calibration,
    foot_length_mm: float,
    facing_deg: float = 0.0,
) -> MatLoadState:
    """Before the first frame.

    Parameters
    ----------
    facing_deg : float
        Where the person faces, clockwise from the mat's +Y.
    """
    weight_n = reference_body_weight_n(participant)
    gain = calibration.body_weight_gain
    return MatLoadState(
        rules=mat_load_rules(participant, calibration),
        person=MatPerson(
            foot_length_mm, max(LOADED_SHARE * weight_n, LOADED_N) / gain, CELL_NOISE_N
        ),
        facing_deg=facing_deg,
    )


def change_mat_loads(before: MatLoadState, after: MatLoadState) -> MatLoadState:
    """The same place in the stream under other settings: feet keep their names."""
    return replace(before, rules=after.rules, person=after.person, weights=None)


def mat_load_stage(
    state: MatLoadState, force: MatForceBlock
) -> tuple[MatLoadState, list[MatLoadBlock]]:
    """Loads of the frames whose window is full: at most one block a segment."""
    done: list[MatLoadBlock] = []
    pending = state.pending
    if pending is not None and len(force) and pending.segment.index != force.segment.index:
        state, done = finish_mat_loads(state)
        if not force.segment.clock_continues or _window_frames(force) != _window_frames(pending):
            state = replace(state, mat=None)
        pending = None
    if pending is not None and len(force):
        force = joined_force([pending, force])
    if len(force) == 0:
        return state, done
    if state.mat is None or state.layout != force.layout:
        mat = mat_field(force.layout, state.facing_deg)
        state = replace(state, mat=mat, layout=force.layout, followed=tracking(mat), weights=None)
    noise_n = max(CELL_NOISE_N, CELL_NOISE_COUNTS * force.count_n)
    state = replace(state, person=replace(state.person, noise_n=noise_n))
    each = _window_frames(force)
    windows = force.frame_number // each
    full = len(force)
    if force.frame_number[-1] % each != each - 1:
        full = int(np.searchsorted(windows, windows[-1], side="left"))
    state = replace(state, pending=_frames(force, full, len(force)))
    if full == 0:
        return state, done
    state, loads = _through(state, _frames(force, 0, full), windows[:full])
    return state, [*done, loads]


def finish_mat_loads(state: MatLoadState) -> tuple[MatLoadState, list[MatLoadBlock]]:
    """The data have ended: the window that is not full is taken as it is."""
    force = state.pending
    if force is None or len(force) == 0:
        return state, []
    state, loads = _through(
        replace(state, pending=None), force, force.frame_number // _window_frames(force)
    )
    return state, [loads]


def _window_frames(force: MatForceBlock) -> int:
    return max(round(WINDOW_S * force.segment.hello.scan_rate_hz), 1)


def _through(
    state: MatLoadState, force: MatForceBlock, windows: np.ndarray
) -> tuple[MatLoadState, MatLoadBlock]:
    """Whole windows; frames that share an assignment go through the sums together."""
    mat, followed, weights = state.mat, state.followed, state.weights
    assert mat is not None  # noqa: S101 - made before any window is full
    assert followed is not None  # noqa: S101
    starts = np.flatnonzero(np.diff(windows, prepend=windows[0] - 1))
    peaks_n = np.maximum.reduceat(force.cell_force_n.reshape(len(force), -1), starts, axis=0)
    blocks: list[MatLoadBlock] = []
    begin = 0
    for place, start in enumerate(starts):
        before = followed.assignment
        after = follow_window(followed, int(windows[start]), peaks_n[place], mat, state.person)
        if after.assignment is not before or weights is None:
            if start > begin and weights is not None:
                part = _flagged(_frames(force, begin, int(start)), before)
                blocks.append(mat_loads(part, before, weights, mat, state.rules))
            begin = int(start)
            weights = weights_of(after.assignment, mat, state.rules)
        followed = after
    assert weights is not None  # noqa: S101 - there is at least one window
    part = _flagged(_frames(force, begin, len(force)), followed.assignment)
    blocks.append(mat_loads(part, followed.assignment, weights, mat, state.rules))
    return replace(state, followed=followed, weights=weights), joined_loads(blocks)


def _flagged(force: MatForceBlock, assignment: Assignment) -> MatForceBlock:
    flag = FrameFlag(0)
    if not assignment.known:
        flag |= FrameFlag.FEET_UNKNOWN
    if any(place is not None and place.assumed for place in assignment.places):
        flag |= FrameFlag.FOOT_PLACE_ASSUMED
    if assignment.elsewhere:
        flag |= FrameFlag.LOAD_ELSEWHERE
    return replace(force, flags=force.flags | np.uint32(flag))


def _frames(force: MatForceBlock, start: int, stop: int) -> MatForceBlock:
    if start == 0 and stop == len(force):
        return force
    return force.cut(slice(start, stop))


def joined_force(parts: Sequence[MatForceBlock]) -> MatForceBlock:
    """Blocks of one segment, one after the other."""
    if len(parts) == 1:
        return parts[0]
    joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in FRAME_ARRAYS}
    return replace(parts[0], **joined)


def joined_loads(parts: Sequence[MatLoadBlock]) -> MatLoadBlock:
    """Blocks of one segment, one after the other."""
    if len(parts) == 1:
        return parts[0]
    names = [f.name for f in fields(MatLoadBlock) if f.name != "force"]
    arrays: dict[str, Float64] = {
        name: np.concatenate([getattr(p, name) for p in parts]) for name in names
    }
    return MatLoadBlock(force=joined_force([p.force for p in parts]), **arrays)
