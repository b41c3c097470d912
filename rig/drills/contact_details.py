# SPDX-License-Identifier: GPL-3.0-or-later
"""How a foot landed, bore and left: what the drills' rules look at within one contact.

Everything is NaN where it cannot be known: a contact that began before what is remembered, a foot
that bore too little, a region without sensors. What FSRs still read from before a landing (up to 6 %
of the last peak) is taken off, region by region.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import Contact, HeelTouch
from rig.contact.rules import (
    COP_SHARE,
    HEEL_TOUCH_N,
    HEEL_TOUCH_OF_FOOT,
    HEEL_TOUCH_S,
    HEEL_TOUCH_SHARE,
    KISS_IMPULSE_BELOW,
    KISS_SHARE_BELOW,
    REGION_DEBOUNCE_S,
    REGION_ON_SHARE,
)
from rig.drills.history import View
from rig.layout import Foot, Region

LANDING_S = 0.020
LEAST_TAP_N = 15.0
"""A tap whose peak is less has no place of its own (design choice)."""
BEFORE_LANDING_S = 0.060
LATE_PART = 0.30
IMPACT_WITHIN_S = 0.060
IMPACT_DIP_BW = 0.03
"""A first peak within 60 ms is an impact's where the force falls again by this much after it."""


class Details(NamedTuple):
    """One contact.

    Attributes
    ----------
    y_ic, toes_at_landing : float
        Force-weighted y, and toes' share, over the first 20 ms from 0.10 body weights on (a tap: from
        its ON on).
    y_end, toes_at_end : float
        When the force last fell through half of the peak.
    heel_lead_s : float
        How long the heel's 0.05 body weights came before the ball's.
    peak_at, late_toe_share : float
        Part of the contact at which the force peaks; toes' part of the impulse of its last 30 %.
    loading_rate_bw_s : float
        From 20 to 80 % of the first peak.
    """

    y_ic: float = np.nan
    toes_at_landing: float = np.nan
    y_end: float = np.nan
    toes_at_end: float = np.nan
    heel_lead_s: float = np.nan
    peak_at: float = np.nan
    late_toe_share: float = np.nan
    loading_rate_bw_s: float = np.nan


class _Foot(NamedTuple):
    """Frames of one foot in a contact, what was read before it taken off."""

    t_s: Float64
    u: Float64
    region: Float64
    moment: Float64


def contact_details(view: View, contact: Contact) -> Details:
    """Everything about one contact whose end was seen."""
    landing = landing_details(
        view, contact.foot, contact.on_s, contact.off_s, contact.kind == "tap"
    )
    y_end, toes_at_end = _ending(view, contact)
    if contact.on_s is None or contact.off_s is None:
        return landing._replace(y_end=y_end, toes_at_end=toes_at_end)
    own = _foot_frames(view, contact.foot, contact.on_s, contact.off_s)
    peak_at, late_toes = _late(own, contact.on_s, contact.off_s)
    return landing._replace(
        y_end=y_end,
        toes_at_end=toes_at_end,
        peak_at=peak_at,
        late_toe_share=late_toes,
        loading_rate_bw_s=_loading_rate(own),
    )


def landing_details(
    view: View, foot: Foot, on_s: float | None, until_s: float | None, tap: bool = False
) -> Details:
    """How a foot came down at `on_s`; of what came after `until_s` nothing is looked at."""
    if on_s is None:
        return Details()
    end_s = np.inf if until_s is None else until_s
    own = _foot_frames(view, foot, on_s, end_s)
    if len(own.u) == 0:
        return Details()
    least = LEAST_TAP_N / view.body_weight_n if tap else COP_SHARE
    if own.u.max() < least:
        return Details()
    first = 0 if tap else int((own.u >= COP_SHARE).argmax())
    last = int(own.t_s.searchsorted(own.t_s[first] + LANDING_S - 1e-9))
    load = own.u[first:last].sum()
    return Details(
        y_ic=float(own.moment[first:last].sum() / load),
        toes_at_landing=float(own.region[first:last, Region.TOES].sum() / load),
        heel_lead_s=_heel_lead_s(own),
    )


def _foot_frames(view: View, foot: Foot, on_s: float, end_s: float) -> _Foot:
    part = view.part(on_s, end_s)
    frames = view.frames
    t_s = frames.t_s[part]
    u, region = frames.u[part, foot], frames.region[part, foot]
    moment = frames.moment[part, foot]
    before = view.part(on_s - BEFORE_LANDING_S, on_s)
    if before.stop > before.start:
        lowest = before.start + int(frames.u[before, foot].argmin())
        rest = slice(max(before.start, lowest - 4), lowest + 1)
        u = u - frames.u[rest, foot].mean()
        region = region - frames.region[rest, foot].mean(axis=0)
        moment = moment - frames.moment[rest, foot].mean()
    return _Foot(t_s, np.maximum(u, 1e-6), np.maximum(region, 0.0), moment)


def _heel_lead_s(own: _Foot) -> float:
    """Ball ON less heel ON."""
    heel_s, ball_s = (_region_on_s(own, region) for region in (Region.HEEL, Region.BALL))
    return ball_s - heel_s


def _region_on_s(own: _Foot, region: Region) -> float:
    """When a region first bore 0.05 body weights for 20 ms; NaN where it never did."""
    load = own.region[:, region]
    bears = load >= REGION_ON_SHARE
    for start, end in _runs(bears):
        last_s = own.t_s[end] if end < len(bears) else own.t_s[-1]
        if last_s - own.t_s[start] >= REGION_DEBOUNCE_S - 1e-3:
            if start == 0:
                return float(own.t_s[0])
            part = (REGION_ON_SHARE - load[start - 1]) / (load[start] - load[start - 1])
            return float(own.t_s[start - 1] + part * (own.t_s[start] - own.t_s[start - 1]))
    return np.nan


def _runs(condition: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], condition.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ending(view: View, contact: Contact) -> tuple[float, float]:
    if contact.off_s is None:
        return np.nan, np.nan
    from_s = view.since_s if contact.on_s is None else max(contact.on_s, view.since_s)
    part = view.part(from_s, contact.off_s)
    u = view.frames.u[part, contact.foot]
    above = np.flatnonzero(u > 0.5 * contact.peak_force_n / view.body_weight_n)
    if len(above) == 0 or above[-1] + 1 >= len(u):
        return np.nan, np.nan
    at = part.start + int(above[-1]) + 1
    near = slice(max(at - 1, part.start), at + 2)
    load = view.frames.u[near, contact.foot].sum()
    toes = view.frames.region[near, contact.foot, Region.TOES].sum()
    return float(view.frames.moment[near, contact.foot].sum() / load), float(toes / load)


def _late(own: _Foot, on_s: float, off_s: float) -> tuple[float, float]:
    if len(own.u) == 0:
        return np.nan, np.nan
    time_s = off_s - on_s
    peak_s = _peak_s(own)
    late = slice(int(own.t_s.searchsorted(off_s - LATE_PART * time_s)), None)
    load = own.u[late].sum()
    toes = own.region[late, Region.TOES].sum()
    return (peak_s - on_s) / time_s, float(toes / load) if load > 0.0 else np.nan


def _peak_s(own: _Foot) -> float:
    """Middle of the frames within 2 % of the peak, which noise on a flat top does not move."""
    near = own.u >= 0.98 * own.u.max()
    return float(own.t_s[near].mean())


def _loading_rate(own: _Foot) -> float:
    if len(own.u) < 3:
        return np.nan
    top = _first_peak(own)
    peak = own.u[top]
    rise = own.u[: top + 1]
    moments = []
    for level in (0.2 * peak, 0.8 * peak):
        below = np.flatnonzero(rise < level)
        if len(below) == 0:
            return np.nan
        at = int(below[-1]) + 1
        part = (level - rise[at - 1]) / (rise[at] - rise[at - 1])
        moments.append(own.t_s[at - 1] + part * (own.t_s[at] - own.t_s[at - 1]))
    return float(0.6 * peak / (moments[1] - moments[0]))


def _first_peak(own: _Foot) -> int:
    top = int(own.u.argmax())
    early = min(top, int(own.t_s.searchsorted(own.t_s[0] + IMPACT_WITHIN_S)))
    highest = np.maximum.accumulate(own.u[: early + 1])
    dipped = np.flatnonzero(highest - own.u[: early + 1] > IMPACT_DIP_BW)
    return int(own.u[: int(dipped[0]) + 1].argmax()) if len(dipped) else top


def heel_over(
    view: View, foot: Foot, from_s: float, to_s: float
) -> tuple[HeelTouch, float, float] | None:
    """Grade of a stretch of support, largest heel share and heel's part of the impulse; None where
    the stretch is not known."""
    part = view.part(from_s, to_s)
    u, heel = view.frames.u[part, foot], view.frames.region[part, foot, Region.HEEL]
    defined = u >= COP_SHARE
    if not defined.any() or np.isnan(heel).any():
        return None
    share = np.where(defined, heel / np.maximum(u, 1e-9), 0.0)
    share_max = float(share.max())
    impulse_share = float(heel.sum() / u.sum())
    least = max(HEEL_TOUCH_SHARE, HEEL_TOUCH_N / view.body_weight_n)
    t_s = view.frames.t_s[part]
    touching = (heel >= least) & (share >= HEEL_TOUCH_OF_FOOT)
    for start, end in _runs(touching):
        last_s = t_s[end] if end < len(t_s) else t_s[-1]
        if last_s - t_s[start] >= HEEL_TOUCH_S - 1e-3:
            kiss = share_max < KISS_SHARE_BELOW and impulse_share < KISS_IMPULSE_BELOW
            return "kiss" if kiss else "load", share_max, impulse_share
    return "none", share_max, impulse_share
