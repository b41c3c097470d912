# SPDX-License-Identifier: GPL-3.0-or-later
"""One foot's contact with the ground in hops, steps and taps: its force and the glide along the sole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import pi

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.script_parts import Performer, plateau, sine_length_s, skewed_sine

LONG_S = 0.300
_LATE = np.linspace(0.7, 1.0, 31)
"""The last 30 % of a contact, where the toes show a push-off."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A contact to come.

    Attributes
    ----------
    time_s : float
        Contact time between ON and OFF.
    flight_s : float
        From its end to the next contact's first touch; negative where that comes first.
    path : tuple of (seconds since the first touch, posture_y)
        Straight lines between; a negative time counts back from the contact's end.
    peak_at : float
        Where the force is highest, as a part of the contact.
    visit : (posture_y, flat part of the contact) or None
        A posture that the foot goes to and comes back from around mid-contact.
    impact_bw : float
        Height of an impact peak 30 ms after the first touch.
    share : float
        Part of the body weight that these contacts carry over the whole cycle.
    """

    time_s: float
    flight_s: float
    path: tuple[tuple[float, float], ...]
    peak_at: float = 0.5
    visit: tuple[float, float] | None = None
    impact_bw: float = 0.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that can be played: `load` and `posture` by seconds since its first touch."""

    length_s: float
    load: Callable[[Float64], Float64]
    posture: Callable[[Float64], Float64]


_IMPACT_AT_S, _IMPACT_SD_S = 0.030, 0.008


def shaped(shape: Shape, on_bw: float) -> Contact:
    """The contact of a shape: a half-sine, skewed or with an impact, that carries its whole cycle."""
    impact_bw_s = shape.impact_bw * _IMPACT_SD_S * (2.0 * pi) ** 0.5
    impulse = length_s = shape.time_s
    for _ in range(4):
        impulse = shape.share * (length_s + shape.flight_s) - impact_bw_s
        length_s = sine_length_s(shape.time_s, impulse, on_bw, shape.peak_at)
    peak_bw = 0.5 * pi * impulse / length_s

    def load(t_s: Float64) -> Float64:
        force = peak_bw * skewed_sine(t_s / length_s, shape.peak_at)
        if shape.impact_bw == 0.0:
            return force
        impact = np.exp(-0.5 * ((t_s - _IMPACT_AT_S) / _IMPACT_SD_S) ** 2)
        return force + shape.impact_bw * impact * ((t_s > 0.0) & (t_s < length_s))

    times = [at if at >= 0.0 else length_s + at for at, _ in shape.path]
    heights = [y for _, y in shape.path]

    def posture(t_s: Float64) -> Float64:
        y = np.interp(t_s, times, heights)
        if shape.visit is None:
            return y
        target, flat = shape.visit
        flank = 0.12
        there = plateau(t_s / length_s, 0.5 - flank - 0.5 * flat, flank, flat)
        return y + (target - y) * there

    return Contact(length_s, load, posture)


def glide(start_y: float, end_y: float) -> tuple[tuple[float, float], ...]:
    """The CoP goes straight from one posture to another until the contact's end."""
    return ((0.0, start_y), (-1e-9, end_y))


def slipped(who: Performer, shape: Shape, slip: Mapping[str, float]) -> Shape:
    """The contact with what goes wrong in it; codes that are no contact's own change nothing."""
    if not slip:
        return shape
    ((code, size),) = slip.items()
    sole, (_, start_y), (_, end_y) = who.sole, shape.path[0], shape.path[-1]
    if code == "HEEL-KISS":
        return _dipped(shape, sole.posture_with_heel(0.10 * size), 0.25)
    if code == "HEEL-LOAD":
        return _dipped(shape, sole.posture_with_heel(0.25 * size), 0.08)
    if code == "HEEL-FIRST":
        landing_y = sole.posture_heel_first(shaped(shape, who.on_bw).load, size)
        return replace(shape, path=_landing_path(landing_y, start_y, end_y))
    if code == "TOE-LAND":
        return replace(
            shape, path=_landing_path(sole.posture_with_toes(0.50 * size), start_y, end_y)
        )
    if code == "TOE-SHIFT":
        half_unloaded = sole.posture_with_toes(0.35 * size)
        return replace(shape, path=glide(start_y, start_y + (half_unloaded - start_y) * 6.0 / 5.0))
    if code == "LONG":
        return replace(shape, time_s=LONG_S * size)
    if code == "PUSH":
        peak_at = 0.55 * size
        pushing_y = _pushing_end(who, start_y, peak_at, 0.30 * size)
        return replace(shape, peak_at=peak_at, path=glide(start_y, pushing_y))
    return shape


_CLEAR_OF_HEEL = 0.735
"""A posture in which the heel bears next to nothing."""


def _dipped(shape: Shape, posture_y: float, flat: float) -> Shape:
    """The heel comes down once, so short that its impulse alone makes no load of a kiss."""
    (_, start_y), (_, end_y) = shape.path[0], shape.path[-1]
    path = glide(max(start_y, _CLEAR_OF_HEEL), max(end_y, _CLEAR_OF_HEEL))
    return replace(shape, path=path, visit=(posture_y, flat))


def _landing_path(
    landing_y: float, start_y: float, end_y: float
) -> tuple[tuple[float, float], ...]:
    """Lands in one posture, keeps it while the landing is judged, and rolls over to where it goes."""
    return ((0.0, landing_y), (0.035, landing_y), (0.075, start_y), (-1e-9, end_y))


def _pushing_end(who: Performer, start_y: float, peak_at: float, share: float) -> float:
    """The last posture of a glide in which the toes have `share` of the last 30 %'s impulse."""
    force = skewed_sine(_LATE, peak_at)
    low, high = start_y, 0.95
    for _ in range(24):
        middle = 0.5 * (low + high)
        toes = who.sole.region_shares(start_y + (middle - start_y) * _LATE)[:, 3]
        if (toes * force).sum() < share * force.sum():
            low = middle
        else:
            high = middle
    return low
