# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole stream as one plain movement: both feet's loads on an even grid, and their contacts.

No drill's own rules are in force: feet and contacts are read as in free movement, whatever the
recording says was done. An interval analysis: it looks back and ahead.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from rig.batch import PIECE_BYTES, SettingsAt, WholeStream, outputs
from rig.calibrate.force_block import Float64, Int64
from rig.contact.results import Contact, LoadBlock
from rig.contact.rules import FALLBACK_BODY_WEIGHT_N
from rig.contact.withheld import times_withheld
from rig.errors import AnalysisError
from rig.layout import Region, foot_length_mm
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings, Participant

GRID_HZ = 100.0
LONGEST_GAP_S = 0.3
"""Frames missing for longer leave open what the feet did (as for contacts)."""
RESIDUAL_SHARE = 0.06
"""Thin-film sensors keep up to this part of the last peak for seconds (their makers' hysteresis and
drift figures; design choice)."""
RESIDUAL_S = 10.0
"""For about this long; half of what remains decays with 10 s (design choice)."""
FLOOR_WITHIN_S = 2.0
SHORTEST_FLIGHT_S, LONGEST_FLIGHT_S = 0.030, 1.0
ROLL_EDGE = 0.15
"""Of a contact at either end, where the foot bears too little for its y to mean much."""
ROLL_LEAST_CELLS = 5
AIRBORNE_BW = 0.30
"""Both feet together read less than this in flight, what sensors keep included (design choices)."""


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """n moments at `GRID_HZ`, and the contacts that were seen whole.

    Attributes
    ----------
    t_s : (n,) float64
        Middle of each grid cell.
    u : (n, 2) float64
        Force of each foot in body weights, above what a sensor keeps after unloading; NaN where
        frames are missing for more than 0.3 s.
    heel_share : (n, 2) float64
        Heel's part of a foot's load; NaN where the foot bears less than 0.10 body weights.
    y : (n, 2) float64
        CoP in foot lengths from the heel edge; NaN likewise.
    foot : (k,) int64
        Of each contact that was seen whole, by ON; so are `on_s`, `off_s`, `peak_bw` (in body weights),
        `landing_heel`, its largest heel share, and `roll`.
    roll : (k,) float64
        How far `y` goes forward from ON to OFF, by the straight line through the inner part of the
        contact; NaN for contacts too short for it.
    flights : (m, 2) float64
        OFF and ON of each time of 30 ms to 1 s in which neither foot was ON.
    """

    t_s: Float64
    u: Float64
    heel_share: Float64
    y: Float64
    foot: Int64
    on_s: Float64
    off_s: Float64
    peak_bw: Float64
    landing_heel: Float64
    roll: Float64
    flights: Float64


def movement_of(
    stream: WholeStream,
    progress: Callable[[int], None] | None = None,
    piece_bytes: int = PIECE_BYTES,
    seen: Callable[[LoadBlock], None] | None = None,
) -> Movement:
    """Read a stream as free movement; `progress` is told how many bytes are done, `seen` gets every
    block of frames.

    Raises
    ------
    AnalysisError
        A mat of less than 100 Hz: the times of its contacts are too rough.
    SettingsError
        The board is not one that this version can read.
    """
    gathered: list[Float64] = []
    open_cell = np.zeros((0, 1 + _COLUMNS))
    contacts: list[Contact] = []
    participant = stream.settings.participant
    for output, done in outputs(_as_free(stream), piece_bytes):
        for block in output.blocks:
            contacts += block.contact.contacts
            if len(block.loads):
                if times_withheld(block.loads.force):
                    raise AnalysisError(
                        "The mat scans less than 100 times a second: drills cannot be told apart. "
                        "Use insoles or a faster mat."
                    )
                if seen is not None:
                    seen(block.loads)
                rows = np.concatenate((open_cell, _rows(block.loads, participant)))
                complete = int(np.flatnonzero(np.diff(rows[:, 0], prepend=-1.0))[-1])
                gathered.append(_cells(rows[:complete]))
                open_cell = rows[complete:]
        if progress is not None:
            progress(done)
    if not len(open_cell):
        return _nothing()
    gathered.append(_cells(open_cell))
    scaled = stream.settings.calibration.body_weight_gain_source != "default"
    return _movement(np.concatenate(gathered), contacts, participant, scaled=scaled)


def _as_free(stream: WholeStream) -> WholeStream:
    def free(settings: PipelineSettings) -> PipelineSettings:
        return replace(settings, drill=DrillSettings("free"))

    changes = tuple(SettingsAt(c.offset, free(c.settings)) for c in stream.changes)
    return replace(stream, settings=free(stream.settings), changes=changes)


_COLUMNS = 7
"""Frames, force of two feet, heel force of two, moment about the heel edge of two."""


def _rows(loads: LoadBlock, participant: Participant) -> Float64:
    """(n, 1 + `_COLUMNS`) number of each frame's grid cell, and what is summed over the cell."""
    length_mm = participant.foot_length_mm or foot_length_mm(participant.shoe_size_eu)
    t_s = loads.force.t_s
    y = np.nan_to_num(loads.foot_cop_ap_mm / length_mm)
    force_n = np.nan_to_num(loads.foot_force_n)
    heel_n = np.nan_to_num(loads.region_force_n[..., Region.HEEL])
    cell = np.floor(t_s * GRID_HZ)
    return np.column_stack((cell, np.ones(len(t_s)), force_n, heel_n, force_n * y))


def _cells(rows: Float64) -> Float64:
    """(cells, 1 + `_COLUMNS`) the same, summed; a cell's frames must come together."""
    if not len(rows):
        return rows
    starts = np.flatnonzero(np.diff(rows[:, 0], prepend=np.nan))
    sums = np.add.reduceat(rows[:, 1:], starts, axis=0)
    return np.column_stack((rows[starts, 0], sums))


def _movement(
    cells: Float64, contacts: list[Contact], participant: Participant, *, scaled: bool
) -> Movement:
    number = np.unique(cells[:, 0])
    sums = np.zeros((len(number), _COLUMNS))
    np.add.at(sums, np.searchsorted(number, cells[:, 0]), cells[:, 1:])
    count = sums[:, :1]
    force_n, heel_n, moment = (sums[:, a : a + 2] for a in (1, 3, 5))
    grid = np.arange(number[0], number[-1] + 1.0)
    weight_n = _body_weight_n(participant, scaled, force_n / count)
    least_n = 0.10 * weight_n * count
    with np.errstate(invalid="ignore", divide="ignore"):
        heel = np.where(force_n >= least_n, heel_n / force_n, np.nan)
        y = np.where((force_n >= least_n) & (moment > 0.0), moment / force_n, np.nan)
    u = _on_grid(grid, number, force_n / count / weight_n)
    y = _on_grid(grid, number, y)
    whole = _whole(contacts)
    return Movement(
        t_s=(grid + 0.5) / GRID_HZ,
        u=np.maximum(u - _kept(u), 0.0),
        heel_share=_on_grid(grid, number, heel),
        y=y,
        foot=whole[:, 0].astype(np.int64),
        on_s=whole[:, 1],
        off_s=whole[:, 2],
        peak_bw=whole[:, 3] / weight_n,
        landing_heel=whole[:, 4],
        roll=np.array([_roll((grid + 0.5) / GRID_HZ, y, row) for row in whole]),
        flights=_flights(contacts, grid, u),
    )


def _nothing() -> Movement:
    pair, none = np.zeros((0, 2)), np.zeros(0)
    feet = np.zeros(0, np.int64)
    return Movement(none, pair, pair, pair, feet, none, none, none, none, none, pair)


def _body_weight_n(participant: Participant, scaled: bool, force_n: Float64) -> float:
    """In newtons as the sensors read: what is known, where they were scaled to it; else the median
    total, for over whole cycles feet bear the body's weight."""
    if scaled and participant.body_weight_n is not None:
        return participant.body_weight_n
    seconds = max(1, len(force_n) // round(GRID_HZ))
    means = [float(part.sum(axis=1).mean()) for part in np.array_split(force_n, seconds)]
    found = float(np.median(means))
    return found if found > 0.0 else FALLBACK_BODY_WEIGHT_N


def _on_grid(grid: Float64, number: Float64, values: Float64) -> Float64:
    """Values of the cells that have frames, lines between them, NaN in long gaps."""
    left = np.searchsorted(number, grid, side="right") - 1
    right = np.minimum(left + (number[left] < grid), len(number) - 1)
    gap = number[right] - number[left]
    part = np.where(gap > 0.0, (grid - number[left]) / np.maximum(gap, 1.0), 0.0)[:, None]
    between = values[left] * (1.0 - part) + values[right] * part
    between = np.where(part == 0.0, values[left], between)
    between[gap > LONGEST_GAP_S * GRID_HZ] = np.nan
    return between


def _kept(u: Float64) -> Float64:
    """(n, 2) what an unloaded foot still reads: its least nearby, no more than a sensor can keep."""
    known = np.nan_to_num(u)
    least = minimum_filter1d(known, round(FLOOR_WITHIN_S * GRID_HZ), axis=0, mode="nearest")
    cells = round(RESIDUAL_S * GRID_HZ)
    before = maximum_filter1d(known, cells, axis=0, mode="constant", origin=(cells - 1) // 2)
    return np.minimum(least, RESIDUAL_SHARE * before)


def _whole(contacts: list[Contact]) -> Float64:
    """(k, 5) foot, ON, OFF, peak in N, largest heel share."""
    whole = [
        (c.on_s, c.foot, c.off_s, c.peak_force_n, c.heel_share_max)
        for c in contacts
        if c.on_s is not None and c.off_s is not None
    ]
    return np.array(sorted(whole)).reshape(-1, 5)[:, (1, 0, 2, 3, 4)]


def _roll(t_s: Float64, y: Float64, whole: Float64) -> float:
    """Slope of the foot's y over the inner part of a contact, times the contact's length."""
    foot, on_s, off_s = int(whole[0]), float(whole[1]), float(whole[2])
    edge_s = ROLL_EDGE * (off_s - on_s)
    first, stop = np.searchsorted(t_s, (on_s + edge_s, off_s - edge_s))
    part, at_s = y[first:stop, foot], t_s[first:stop]
    known = np.isfinite(part)
    if np.count_nonzero(known) < ROLL_LEAST_CELLS:
        return math.nan
    away_s = at_s[known] - at_s[known].mean()
    return float((away_s * part[known]).sum() / (away_s * away_s).sum()) * (off_s - on_s)


def _flights(contacts: list[Contact], grid: Float64, u: Float64) -> Float64:
    """(m, 2) between the last OFF and the next ON, where both feet indeed bear next to nothing."""
    total = np.nan_to_num(u, nan=np.inf).sum(axis=1)
    flights, down_until = [], -np.inf
    for on_s, off_s in sorted((c.first_s, c.last_s) for c in contacts):
        if SHORTEST_FLIGHT_S <= on_s - down_until <= LONGEST_FLIGHT_S:
            inside = slice(*np.searchsorted(grid / GRID_HZ, (down_until, on_s)))
            if np.median(total[inside]) < AIRBORNE_BW:
                flights.append((down_until, on_s))
        down_until = max(down_until, off_s)
    return np.array(flights).reshape(-1, 2)
