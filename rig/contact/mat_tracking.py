# SPDX-License-Identifier: GPL-3.0-or-later
"""Which foot is which on a mat, window by window: found once, then followed, never guessed.

Identity begins with two footprints side by side: the left foot is the one of smaller X. From then on a
foot that stays on the ground keeps its name, and one that lands anywhere is the other; through flight of
both, a landing belongs to the place that it is clearly nearest to. What does not settle it (one foot
alone from the start, one behind the other, legs crossed) stays unknown until it is settled.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.mat_footprints import Cells, Footprint, footprints_of, least_of, parts_of
from rig.contact.mat_handedness import uncrossed
from rig.contact.mat_place import (
    FootPlace,
    MatField,
    fitted_place,
    footprint_box,
    is_whole,
    owner_of_cells,
)
from rig.contact.mat_whose import NEITHER, MatPerson, Owner, Seen, lone_landing, whose
from rig.layout import Foot

WINDOW_S = 0.05
MEMORY_WINDOWS = 20
"""Footprints are the highest load of each cell in the last second."""
FORGOTTEN_WINDOWS = 20
"""Both feet off the mat for a second: who lands next is unknown."""
APART_SHARE = 0.2
"""Of the foot length, between the feet's middles across; less is one foot behind the other."""
STEEPEST_LINE = 1.7
"""Of the line from foot to foot, ahead by across: 60 degrees."""
RESIDUAL_SHARE, FADING_S = 0.10, 5.0
"""Of a foot's highest load, faded by this time constant: below it, it may be what the film kept."""
FLIGHT_SHARE = 0.2
"""Of the highest load of late: whoever stands there weighs more, so what is left is the film's."""
SETTLING_WINDOWS = 8
"""After a landing, until the whole foot bears (all design choices)."""
_LONG_AGO = -(1 << 40)
KEPT_TURN_RAD = np.deg2rad(5.0)


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Whose each cell is.

    Attributes
    ----------
    known : bool
        False: somebody stands there, and which foot is which is not known.
    owner : (cells,) int64
        `Foot`, or -1.
    places : FootPlace of left and right, None before a foot was seen
    elsewhere : bool
        Something bears load that is neither foot's.
    """

    known: bool
    owner: Cells
    places: tuple[FootPlace | None, FootPlace | None] = (None, None)
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One foot: its place, the window since which it stands there, when it last came down, when it was
    last down, and its highest load, which is forgotten slowly."""

    place: FootPlace | None = None
    since: int = 0
    landed: int = 0
    last_down: int = _LONG_AGO
    held_n: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Tracking:
    """What is remembered between windows; `peaks` are (window, (cells,) peak), oldest first, and `aloft`
    is the last window before which neither foot was down."""

    assignment: Assignment
    tracks: tuple[Track, Track] = field(default_factory=lambda: (Track(), Track()))
    peaks: tuple[tuple[int, Float64], ...] = ()
    aloft: int = _LONG_AGO


def tracking(mat: MatField) -> Tracking:
    """Nobody seen yet."""
    return Tracking(_nobody(mat))


def _nobody(mat: MatField) -> Assignment:
    return Assignment(known=True, owner=np.full(len(mat.place_mm), -1, np.int64))


def follow_window(
    before: Tracking, window: int, peak_n: Float64, mat: MatField, person: MatPerson
) -> Tracking:
    """Take one window.

    Parameters
    ----------
    window : int
        Its number; those between were lost.
    peak_n : (cells,) float64
        Highest load of each cell in it.
    """
    kept = tuple((w, p) for w, p in before.peaks if w > window - MEMORY_WINDOWS)
    now = replace(before, peaks=(*kept, (window, peak_n)))
    seen = all(track.place is not None for track in now.tracks)
    if seen and window - max(t.last_down for t in now.tracks) > FORGOTTEN_WINDOWS:
        now, seen = Tracking(_nobody(mat), peaks=((window, peak_n),)), False
    now = _followed(now, window, peak_n, mat, person) if seen else now
    if all(track.place is not None for track in now.tracks):
        return now
    return _first_seen(now, window, peak_n, mat, person)


def _first_seen(
    now: Tracking, window: int, peak_n: Float64, mat: MatField, person: MatPerson
) -> Tracking:
    """Two feet side by side get their names; anything else stays unknown.

    They must stand there at once: two places where one foot came down, one hop after the other, would
    look like two feet.
    """
    total_n = float(peak_n.sum())
    if total_n < FLIGHT_SHARE * max(float(p.sum()) for _, p in now.peaks):
        now = replace(now, peaks=now.peaks[-1:])
    if total_n < person.loaded_n:
        return replace(now, assignment=_nobody(mat))
    long_n = _highest(now.peaks, 0)
    prints = footprints_of(long_n, mat, person.length_mm, person.noise_n)
    if len(prints) != 2 or any(long_n[p.cells].sum() < person.loaded_n for p in prints):
        return replace(now, assignment=_unknown(mat))
    left, right = (
        fitted_place(prints[f].cells, long_n, mat, person.length_mm, f, None) for f in Foot
    )
    beside = _side_by_side(prints, person.length_mm)
    if not beside or not uncrossed((left, right), prints, long_n, mat):
        return replace(now, assignment=_unknown(mat))
    tracks = (Track(left, window, window, window), Track(right, window, window, window))
    return _assigned(replace(now, tracks=tracks), mat, elsewhere=False)


def _unknown(mat: MatField) -> Assignment:
    return Assignment(known=False, owner=np.full(len(mat.place_mm), -1, np.int64))


def _side_by_side(prints: list[Footprint], length_mm: float) -> bool:
    """Far enough apart across, and not too far ahead of each other."""
    (x0, y0), (x1, y1) = (p.middle_mm for p in prints)
    across = x1 - x0
    return across >= APART_SHARE * length_mm and abs(y1 - y0) <= STEEPEST_LINE * across


def _followed(
    now: Tracking, window: int, peak_n: Float64, mat: MatField, person: MatPerson
) -> Tracking:
    """Both feet have their names: follow them through this window."""
    now, down, least_n = _loaded(now, window, peak_n, person)
    seen = Seen(
        peak_n, now.assignment.owner, (now.tracks[0].place, now.tracks[1].place), mat, person
    )
    held_n = max(t.held_n for t in now.tracks)
    flight = float(peak_n.sum()) < max(person.loaded_n, FLIGHT_SHARE * held_n)
    if flight:
        return replace(now, aloft=window)
    landing, both_free = NEITHER, window - now.aloft <= SETTLING_WINDOWS
    if both_free:
        landing = lone_landing(seen, least_n)
        if landing is None:
            return Tracking(_unknown(mat), peaks=now.peaks[-1:])
        if landing.foot is not None:
            down = (landing.foot == Foot.LEFT, landing.foot == Foot.RIGHT)
    strays = _strays(seen, down, least_n, landing, both_free=both_free)
    if strays is None:
        return Tracking(_unknown(mat), peaks=now.peaks[-1:])
    grown, elsewhere = strays
    tracks = list(now.tracks)
    for f in Foot:
        if down[f] or grown[f]:
            tracks[f] = _down_now(tracks[f], window, moved=bool(grown[f]))
    now = replace(now, tracks=(tracks[0], tracks[1]))
    return _refitted(now, window, grown, mat, person, elsewhere=elsewhere)


def _strays(
    seen: Seen, down: tuple[bool, bool], least_n: float, landing: Owner, *, both_free: bool
) -> tuple[list[list[Cells]], bool] | None:
    """New parts of each foot, and whether something else bears load; None: nobody can say whose."""
    person, mat, peak_n = seen.person, seen.mat, seen.peak_n
    strong = peak_n > max(person.noise_n, least_of(peak_n, mat))
    stray_n = np.where(strong & (seen.owner < 0), peak_n, 0.0)
    elsewhere = False
    grown: list[list[Cells]] = [[], []]
    if float(stray_n.sum()) < least_n:
        return grown, elsewhere
    for part in parts_of(stray_n, mat, person.noise_n):
        its = landing if landing.foot is not None else whose(part, down, seen, both_free=both_free)
        if its is None:
            return None
        if its.foot is None:
            elsewhere = True
        else:
            grown[its.foot].append(part)
    return grown, elsewhere


def _loaded(
    now: Tracking, window: int, peak_n: Float64, person: MatPerson
) -> tuple[Tracking, tuple[bool, bool], float]:
    """Which feet are down, and from what load on something new is down.

    Film keeps a few per cent of its last load for seconds, so that counts by the highest load of late.
    """
    before = now.peaks[-2][0] if len(now.peaks) > 1 else window - MEMORY_WINDOWS
    faded = float(np.exp(-(window - before) * WINDOW_S / FADING_S))
    tracks, down, least = [], [], person.loaded_n
    for f in Foot:
        load_n = float(peak_n[now.assignment.owner == f].sum())
        held_n = now.tracks[f].held_n * faded
        down.append(load_n >= max(person.loaded_n, RESIDUAL_SHARE * held_n))
        least = max(least, RESIDUAL_SHARE * held_n)
        tracks.append(replace(now.tracks[f], held_n=max(load_n, held_n)))
    return replace(now, tracks=(tracks[0], tracks[1])), (down[0], down[1]), least


def _down_now(track: Track, window: int, *, moved: bool) -> Track:
    """A foot that bears load outside its place has moved: only what it does since then counts."""
    landed = window if track.last_down < window - 1 else track.landed
    since = track.since
    if moved:
        since = max(since, landed if window - landed <= SETTLING_WINDOWS else window - 1)
    return replace(track, since=since, landed=landed, last_down=window)


def _refitted(
    now: Tracking,
    window: int,
    grown: list[list[Cells]],
    mat: MatField,
    person: MatPerson,
    *,
    elsewhere: bool,
) -> Tracking:
    """Places after this window; a place that was seen whole stays until the foot has moved."""
    tracks = list(now.tracks)
    changed = False
    for foot in Foot:
        track = tracks[foot]
        place = track.place
        assert place is not None  # noqa: S101 - asked by `follow_window`; tells the type checker so
        if track.last_down != window:
            continue
        long_n = _highest(now.peaks, track.since)
        mine = now.assignment.owner == foot
        for part in grown[foot]:
            mine[part] = True
        cells = np.flatnonzero(mine & (long_n > person.noise_n))
        cells = cells[long_n[cells] > least_of(long_n[cells], mat)]
        if len(cells) == 0:
            continue
        whole = is_whole(footprint_box(cells, mat), person.length_mm)
        if not whole and not place.assumed and not grown[foot]:
            continue
        fitted = fitted_place(cells, long_n, mat, person.length_mm, foot, place)
        if _differs(place, fitted, mat):
            tracks[foot] = replace(track, place=fitted)
            changed = True
    if not changed and elsewhere == now.assignment.elsewhere:
        return replace(now, tracks=(tracks[0], tracks[1]))
    return _assigned(replace(now, tracks=(tracks[0], tracks[1])), mat, elsewhere=elsewhere)


def _differs(one: FootPlace, other: FootPlace, mat: MatField) -> bool:
    moved = np.hypot(one.heel_mm[0] - other.heel_mm[0], one.heel_mm[1] - other.heel_mm[1])
    turned = abs(one.turn_rad - other.turn_rad)
    return one.assumed != other.assumed or moved > 0.4 * mat.pitch_mm or turned > KEPT_TURN_RAD


def _assigned(now: Tracking, mat: MatField, *, elsewhere: bool) -> Tracking:
    places = (now.tracks[0].place, now.tracks[1].place)
    owner = owner_of_cells(places, mat)
    return replace(
        now, assignment=Assignment(known=True, owner=owner, places=places, elsewhere=elsewhere)
    )


def _highest(peaks: tuple[tuple[int, Float64], ...], since: int) -> Float64:
    """Highest load of each cell in the windows from `since` on."""
    return np.maximum.reduce([p for w, p in peaks if w >= since])
