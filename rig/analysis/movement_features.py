# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stretch of movement looks like, in a handful of numbers with plain meanings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rig.analysis.movement import GRID_HZ, Movement
from rig.calibrate.force_block import Float64
from rig.layout import Foot

ALONE_SHARE = 0.9
"""Of both feet's load: the foot bears the body alone."""
CHANGED_SHARE = 0.75
"""A change of support is complete; gentle shifting from side to side stays below."""
SPRUNG_BW = 0.8
"""Contacts with a lower peak bear no body; whether contacts alternate is asked of the others."""
LOADED_BW = 0.3
LEAST_TOTAL_BW = 0.2
"""All are design choices."""


@dataclass(frozen=True, slots=True)
class FootFeatures:
    """One foot; NaN where there was nothing to measure.

    Attributes
    ----------
    alone : float
        Part of the time in which it bore nine tenths of the load.
    mean_bw, usual_bw : float
        Mean and median load.
    contacts_hz, contact_time_s, peak_bw : float
        Contacts a second that were seen whole; medians of their times and peaks.
    landing_heel, roll : float
        Medians of the contacts' largest heel shares, and of how far y goes forward in them.
    """

    alone: float
    mean_bw: float
    usual_bw: float
    contacts_hz: float
    contact_time_s: float
    peak_bw: float
    landing_heel: float
    roll: float


@dataclass(frozen=True, slots=True)
class Features:
    """Both feet together; NaN where there was nothing to measure.

    Attributes
    ----------
    known : float
        Part of the time of which there are frames.
    total_bw, total_sd_bw : float
        Mean and standard deviation of both feet's load.
    airborne, flight_time_s : float
        Part of the time in flight; median flight, 0 without any.
    alternating : float
        Part of the contacts that came after one of the other foot.
    changes_hz : float
        Changes of support a second: the load's share under one foot went from 0.25 to 0.75.
    exchange_s : float
        Median time of these changes.
    support_s : float
        Median time between them.
    heel_share, y : float
        Mean and median on the foot that bears more.
    """

    feet: tuple[FootFeatures, FootFeatures]
    known: float
    total_bw: float
    total_sd_bw: float
    airborne: float
    flight_time_s: float
    alternating: float
    changes_hz: float
    exchange_s: float
    support_s: float
    heel_share: float
    y: float


def off_both_feet(u: Float64) -> np.ndarray:
    """(n,) whether one foot bears three quarters or both bear next to nothing; not where data lack."""
    total = u.sum(axis=1)
    most = np.max(u, axis=1, initial=0.0)
    return (most >= CHANGED_SHARE * total) | (total <= LEAST_TOTAL_BW)


def features_of(movement: Movement, from_s: float, to_s: float) -> Features:
    """Of the moments and contacts whose middles lie between two times."""
    first, stop = (int(i) for i in np.searchsorted(movement.t_s, (from_s, to_s)))
    u = movement.u[first:stop]
    seen = np.isfinite(u[:, 0])
    total = u.sum(axis=1)
    share = np.full(len(u), np.nan)
    np.divide(u[:, 0], total, out=share, where=seen & (total > LEAST_TOTAL_BW))
    length_s = to_s - from_s
    middles = 0.5 * (movement.on_s + movement.off_s)
    inside = np.flatnonzero((middles >= from_s) & (middles < to_s))
    flights = _between(movement.flights, from_s, to_s)
    exchange_s, support_s = _changes(share)
    more = np.where(np.nan_to_num(share, nan=0.5) >= 0.5, Foot.LEFT, Foot.RIGHT)
    rows = np.flatnonzero(np.nan_to_num(np.max(u, axis=1)) > LOADED_BW) if len(u) else more[:0]
    known = _mean(seen.astype(np.float64))
    return Features(
        feet=(
            _foot(movement, Foot.LEFT, inside, u, share, length_s),
            _foot(movement, Foot.RIGHT, inside, u, 1.0 - share, length_s),
        ),
        known=0.0 if math.isnan(known) else known,
        total_bw=_mean(total),
        total_sd_bw=float(np.std(total[seen])) if seen.any() else math.nan,
        airborne=float(flights.sum()) / length_s,
        flight_time_s=float(np.median(flights)) if len(flights) else 0.0,
        alternating=_alternating(movement, inside),
        changes_hz=len(exchange_s) / length_s,
        exchange_s=_median(exchange_s),
        support_s=_median(support_s),
        heel_share=_mean(movement.heel_share[first + rows, more[rows]]),
        y=_median(movement.y[first + rows, more[rows]]),
    )


def _foot(
    movement: Movement, foot: Foot, inside: np.ndarray, u: Float64, share: Float64, length_s: float
) -> FootFeatures:
    own = inside[movement.foot[inside] == foot]
    return FootFeatures(
        alone=_mean((share > ALONE_SHARE).astype(np.float64)),
        mean_bw=_mean(u[:, foot]),
        usual_bw=_median(u[:, foot]),
        contacts_hz=len(own) / length_s,
        contact_time_s=_median(movement.off_s[own] - movement.on_s[own]),
        peak_bw=_median(movement.peak_bw[own]),
        landing_heel=_median(movement.landing_heel[own]),
        roll=_median(movement.roll[own]),
    )


def _between(flights: Float64, from_s: float, to_s: float) -> Float64:
    """Lengths of the flights whose middles lie between two times."""
    middles = flights.mean(axis=1)
    return np.diff(flights[(middles >= from_s) & (middles < to_s)], axis=1).ravel()


def _alternating(movement: Movement, inside: np.ndarray) -> float:
    sprung = movement.foot[inside[movement.peak_bw[inside] > SPRUNG_BW]]
    return _mean((np.diff(sprung) != 0).astype(np.float64))


def _changes(share: Float64) -> tuple[Float64, Float64]:
    """How long each change of support took, and the time from each to the next, in s."""
    side = np.where(share >= CHANGED_SHARE, 1, np.where(share <= 1.0 - CHANGED_SHARE, -1, 0))
    on_one = np.flatnonzero(side)
    turns = np.flatnonzero(np.diff(side[on_one]))
    begins, ends = on_one[turns], on_one[turns + 1]
    return (ends - begins) / GRID_HZ, (begins[1:] - ends[:-1]) / GRID_HZ


def _mean(values: Float64) -> float:
    known = values[np.isfinite(values)]
    return float(np.mean(known)) if len(known) else math.nan


def _median(values: Float64) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else math.nan
