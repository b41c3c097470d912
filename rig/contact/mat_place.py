# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a foot stands on a mat: heel, axis, and which cells are its.

The body frame is the mat's, turned so that Y is where the person faces. A foot's frame is as everywhere:
ml + to the person's right, ap + forward from the heel edge along the foot's own long axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64
from rig.layout import Foot, foot_width_mm
from rig.layout.foot import REGION_BANDS_Y
from rig.layout.mat import MatLayout

SHORTEST_SEEN, LONGEST_SEEN = 0.7, 1.2
WIDEST_SEEN = 0.5
"""A footprint's principal-axis box in foot lengths (design choice)."""
WHOLE_FROM = 0.82
"""Of the foot length: a print that long reaches from heel to toes; ball and midfoot alone take up to
0.77 (design choice)."""
TURNED_IN, TURNED_OUT = np.deg2rad(-20.0), np.deg2rad(45.0)
"""Toe-out beyond which a print's long axis is not the foot's (design choice)."""
BALL_SHARE_OF_LENGTH = 0.5
"""A footprint shorter than this is a heel or a ball alone (design choice)."""
ASSUMED_TOE_OUT = np.deg2rad(7.0)
HEEL_BAND_TO, BALL_BAND = 0.30, (0.53, 0.82)
HEEL_MIDDLE_Y, BALL_MIDDLE_Y = 0.135, 0.70
"""Where heel and ball bear, in foot lengths: under the calcaneus and the metatarsal heads, the first of
which lies at 70-79 % of unshod length (453 women, researcher.life); the rest are design choices."""
LEAST_PART, AXIS_TURNS = 0.02, 4
FRONT_SEEN_Y = 0.97
"""Where the front edge of what is loaded lies when the toes bear, in foot lengths."""


@dataclass(frozen=True, slots=True)
class MatField:
    """The scanned cells in the body frame.

    Attributes
    ----------
    place_mm : (cells, 2) float64
        X to the person's right, Y forward, of each scanned cell's centre.
    shape : rows and columns of the scan
    """

    place_mm: Float64
    shape: tuple[int, int]
    pitch_mm: float


@dataclass(frozen=True, slots=True)
class FootPlace:
    """One foot on the mat.

    Attributes
    ----------
    heel_mm : X and Y of the heel edge on the long axis
    turn_rad : the axis from +Y towards +X (to the person's right)
    assumed : bool
        Not all of the foot has been seen where it stands now.
    """

    heel_mm: tuple[float, float]
    turn_rad: float
    length_mm: float
    assumed: bool

    def toe_out_deg(self, foot: Foot) -> float:
        return float(np.rad2deg(self.turn_rad)) * (1.0 if foot == Foot.RIGHT else -1.0)

    def into_foot(self, place_mm: Float64) -> Float64:
        """Places in the body frame (..., 2) in the foot's frame: ml, ap in mm."""
        dx, dy = place_mm[..., 0] - self.heel_mm[0], place_mm[..., 1] - self.heel_mm[1]
        sin, cos = np.sin(self.turn_rad), np.cos(self.turn_rad)
        return np.stack((dx * cos - dy * sin, dx * sin + dy * cos), axis=-1)

    def far(self, place_mm: Float64) -> Float64:
        """How far places lie outside the foot's box, in mm; 0 inside."""
        local = self.into_foot(place_mm)
        half = 0.5 * foot_width_mm(self.length_mm)
        aside = np.maximum(np.abs(local[..., 0]) - half, 0.0)
        along = np.maximum(np.maximum(-local[..., 1], local[..., 1] - self.length_mm), 0.0)
        return np.hypot(aside, along)


def mat_field(layout: MatLayout, facing_deg: float = 0.0) -> MatField:
    """The cells as somebody sees them who faces `facing_deg` clockwise of the mat's +Y.

    Turned about the middle of the whole mat, which keeps its place.
    """
    turn = np.deg2rad(facing_deg)
    middle = 0.5 * np.array(layout.field_mm)
    dx, dy = (layout.place_mm - middle).T
    turned = np.column_stack(
        (dx * np.cos(turn) - dy * np.sin(turn), dx * np.sin(turn) + dy * np.cos(turn))
    )
    return MatField(turned + middle, (layout.row_count, layout.column_count), layout.pitch_mm)


@dataclass(frozen=True, slots=True)
class Box:
    """Principal-axis box of a footprint: size along and across, and the axis from +Y towards +X."""

    length_mm: float
    width_mm: float
    turn_rad: float


def footprint_box(cells: npt.NDArray[np.int64], field: MatField) -> Box:
    """Box along the cells' principal axis, forward half; sizes include half a cell on either side."""
    turn = long_axis(field.place_mm[cells])
    along, across = _along_across(field.place_mm[cells], turn)
    edge = 0.8 * field.pitch_mm  # edge cells are loaded on part of their area only
    return Box(float(np.ptp(along)) + edge, float(np.ptp(across)) + edge, turn)


def long_axis(place_mm: Float64) -> float:
    """Direction of largest spread, from +Y towards +X, within a quarter turn of +Y."""
    dx, dy = (place_mm - place_mm.mean(axis=0)).T
    return 0.5 * float(np.arctan2(2.0 * (dx * dy).sum(), (dy * dy).sum() - (dx * dx).sum()))


def _along_across(place_mm: Float64, turn: float) -> tuple[Float64, Float64]:
    sin, cos = np.sin(turn), np.cos(turn)
    x, y = place_mm[:, 0], place_mm[:, 1]
    return x * sin + y * cos, x * cos - y * sin


def is_whole(box: Box, length_mm: float) -> bool:
    """A footprint from heel to toes, as long as one foot and not as wide as two."""
    long = WHOLE_FROM * length_mm <= box.length_mm <= LONGEST_SEEN * length_mm
    ahead = abs(box.turn_rad) <= TURNED_OUT
    return long and ahead and box.width_mm <= WIDEST_SEEN * length_mm


def fitted_place(
    cells: npt.NDArray[np.int64],
    peak_n: Float64,
    field: MatField,
    length_mm: float,
    foot: Foot | None,
    before: FootPlace | None,
) -> FootPlace:
    """Place of a foot whose footprint is `cells`, by where heel and ball bear.

    Where only a part of the foot is seen, the axis is the one `before`, else the usual toe-out, and the
    part is taken for heel or ball, whichever moves the foot less; with nothing before, for the ball.
    """
    place_mm = field.place_mm[cells]
    box = footprint_box(cells, field)
    if is_whole(box, length_mm):
        along, _ = _along_across(place_mm, box.turn_rad)
        start = 0.5 * float(along.min() + along.max()) - 0.5 * length_mm
        return _by_heel_and_ball(place_mm, peak_n[cells], box.turn_rad, start, length_mm)
    if before is not None:
        turn = before.turn_rad
    else:
        turn = {Foot.LEFT: -ASSUMED_TOE_OUT, Foot.RIGHT: ASSUMED_TOE_OUT, None: 0.0}[foot]
    along, across = _along_across(place_mm, turn)
    weight = peak_n[cells]
    side = float((weight * across).sum() / weight.sum())
    half = 0.5 * field.pitch_mm
    at_ball = float(along.max()) + half - FRONT_SEEN_Y * length_mm
    at_heel = float(along.min()) - half
    start = at_ball
    if before is not None:
        was = before.heel_mm[0] * np.sin(turn) + before.heel_mm[1] * np.cos(turn)
        start = min((at_ball, at_heel), key=lambda s: abs(s - was))
    return _placed(turn, start, side, length_mm, assumed=True)


def _by_heel_and_ball(
    place_mm: Float64, load: Float64, turn: float, start: float, length_mm: float
) -> FootPlace:
    """The axis runs from the middle of the heel's load to that of the ball's.

    Bands of heel and ball follow from the axis, so it is found in a few turns; a start without load in
    both keeps its axis, and is taken for a foot of which only a part was seen.
    """
    side = 0.0
    for _ in range(AXIS_TURNS):
        along, across = _along_across(place_mm, turn)
        y = (along - start) / length_mm
        heel, ball = y < HEEL_BAND_TO, (y > BALL_BAND[0]) & (y < BALL_BAND[1])
        parts = [load[part].sum() for part in (heel, ball)]
        if min(parts) < LEAST_PART * load.sum():
            side = float((load * across).sum() / load.sum())
            return _placed(turn, start, side, length_mm, assumed=True)
        rear, front = (
            (load[part, None] * place_mm[part]).sum(axis=0) / load[part].sum()
            for part in (heel, ball)
        )
        turn = float(np.arctan2(front[0] - rear[0], front[1] - rear[1]))
        ends = np.stack((rear, front))
        along, across = _along_across(ends, turn)
        side = float(across.mean())
        start = float((along - np.array([HEEL_MIDDLE_Y, BALL_MIDDLE_Y]) * length_mm).mean())
    return _placed(turn, start, side, length_mm, assumed=False)


def _placed(
    turn: float, start: float, side: float, length_mm: float, *, assumed: bool
) -> FootPlace:
    """From places along and across the axis back to the mat."""
    sin, cos = float(np.sin(turn)), float(np.cos(turn))
    heel = (side * cos + start * sin, start * cos - side * sin)
    return FootPlace(heel, float(turn), length_mm, assumed)


def owner_of_cells(
    places: tuple[FootPlace | None, FootPlace | None], field: MatField
) -> npt.NDArray[np.int64]:
    """Each cell to the foot whose box it lies in or beside; between two, to the nearer axis; else -1."""
    far = np.full((2, len(field.place_mm)), np.inf)
    for f, place in enumerate(places):
        if place is not None:
            far[f] = place.far(field.place_mm)
            far[f] += 1e-3 * np.abs(place.into_foot(field.place_mm)[:, 0])
    owner = far.argmin(axis=0)
    owner[far.min(axis=0) > 0.75 * field.pitch_mm + 5.0] = -1
    return owner


def region_shares(place: FootPlace, field: MatField) -> Float64:
    """(4, cells) share of each cell in heel, midfoot, ball and toes, by bands across the foot's axis.

    A cell that a border crosses is split in proportion; the foot's ends do not cut.
    """
    ap = place.into_foot(field.place_mm)[:, 1]
    half = 0.5 * field.pitch_mm
    inner = np.array(REGION_BANDS_Y[1:-1]) * place.length_mm
    passed = np.clip((ap[None, :] + half - inner[:, None]) / (2.0 * half), 0.0, 1.0)
    bounds = np.concatenate((np.ones((1, len(ap))), passed, np.zeros((1, len(ap)))))
    return bounds[:-1] - bounds[1:]
