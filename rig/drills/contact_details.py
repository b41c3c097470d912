# SPDX-License-Identifier: GPL-3.0-or-later
"""How a foot landed, bore and left: what the drills' rules look at within one contact.

Everything is NaN where it cannot be known: a contact that began before what is remembered, a foot
that bore too little, a region without sensors. What FSRs still read from before a landing (up to 6 %
of the last peak) is taken off, region by region.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
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
from rig.drills.history import Stretch, View
from rig.layout import Foot, Region

LANDING_S = 0.020
LEAST_TAP_N = 15.0
"""A tap whose peak is less has no place of its own (design choice)."""
BEFORE_LANDING_S = 0.060
LATE_PART = 0.30
IMPACT_WITHIN_S = 0.060
IMPACT_DIP_BW = 0.03
"""A first peak within 60 ms is an impact's where the force falls again by this much after it."""
LEAST_BW = 1e-6
"""What a frame in contact bears at least, so that shares of a landing are defined."""


class _Foot(NamedTuple):
    """Frames of one foot in a contact; `u` is without what was read in the frames `rest` before it."""

    t_s: Float64
    u: Float64
    raw: Stretch
    foot: Foot
    rest: Stretch | None

    def region(self, part: slice, region: Region) -> Float64:
        """A region's load in body weights, likewise; not below 0."""
        load = self.raw.region_n[part, self.foot, region] / self.raw.body_weight_n
        if self.rest is not None:
            load = load - _mean(self.rest.region(self.foot, region))
        return np.maximum(load, 0.0)

    def moment(self, part: slice) -> Float64:
        """Likewise, u times y."""
        moment = self.raw.part(part).moment(self.foot)
        return moment if self.rest is None else moment - _mean(self.rest.moment(self.foot))


class Details:
    """One contact, or one landing; each figure is worked out when it is first asked for.

    `off_s` None: nobody saw the end, and nothing is said of it. `until_s`: nothing that came after it
    is looked at.
    """

    def __init__(
        self,
        view: View,
        foot: Foot,
        on_s: float | None,
        off_s: float | None,
        until_s: float,
        *,
        tap: bool = False,
        peak_force_n: float = np.nan,
    ) -> None:
        self._view, self._foot, self._tap = view, foot, tap
        self._on_s, self._off_s, self._until_s = on_s, off_s, until_s
        self._peak_bw = peak_force_n / view.body_weight_n

    @property
    def y_ic(self) -> float:
        """Force-weighted y over the first 20 ms from 0.10 body weights on (a tap: from its ON on)."""
        return self._landing[0]

    @property
    def toes_at_landing(self) -> float:
        """Toes' share, likewise."""
        return self._landing[1]

    @property
    def y_end(self) -> float:
        """Place, in foot lengths, when the force last fell through half of the peak."""
        return self._ending[0]

    @property
    def toes_at_end(self) -> float:
        """Toes' share, likewise."""
        return self._ending[1]

    @property
    def peak_at(self) -> float:
        """Part of the contact at which the force peaks."""
        return self._late[0]

    @property
    def late_toe_share(self) -> float:
        """Toes' part of the impulse of the contact's last 30 %."""
        return self._late[1]

    @cached_property
    def heel_lead_s(self) -> float:
        """How long the heel's 0.05 body weights came before the ball's."""
        own = self._landed
        if own is None:
            return np.nan
        heel_s = _region_on_s(own, Region.HEEL)
        return heel_s if np.isnan(heel_s) else _region_on_s(own, Region.BALL) - heel_s

    @cached_property
    def loading_rate_bw_s(self) -> float:
        """From 20 to 80 % of the first peak."""
        own = self._own
        return np.nan if own is None or self._off_s is None else _loading_rate(own)

    @cached_property
    def _seen(self) -> tuple[Stretch, Float64, int, int]:
        """Frames from just before the contact to the first after it, the foot's u, and which of them are
        the contact's, half open."""
        on_s, since_s = self._on_s, self._view.since_s
        if on_s is None or on_s < since_s:
            from_s = since_s
        else:
            from_s = on_s - BEFORE_LANDING_S if on_s - BEFORE_LANDING_S >= since_s else on_s
        stretch = self._view.stretch(from_s, self._until_s, beyond=1)
        first = 0 if on_s is None else int(stretch.t_s.searchsorted(on_s))
        last = int(stretch.t_s.searchsorted(self._until_s))
        return stretch, stretch.u(self._foot), first, last

    @cached_property
    def _own(self) -> _Foot | None:
        """The contact's frames; None where there are none, or it is not known where they begin."""
        if self._on_s is None or self._on_s < self._view.since_s:
            return None
        stretch, u, first, last = self._seen
        if first == last:
            return None
        rest, lifted = None, u[first:last]
        if first:
            lowest = int(u[:first].argmin())
            before = slice(max(0, lowest - 4), lowest + 1)
            rest = stretch.part(before)
            lifted = lifted - _mean(u[before])
        own = stretch.part(slice(first, last))
        return _Foot(own.t_s, np.maximum(lifted, LEAST_BW), own, self._foot, rest)

    @cached_property
    def _landed(self) -> _Foot | None:
        """The same where the foot bore enough for its landing to mean something."""
        own = self._own
        least = LEAST_TAP_N / self._view.body_weight_n if self._tap else COP_SHARE
        return None if own is None or own.u.max() < least else own

    @cached_property
    def _landing(self) -> tuple[float, float]:
        own = self._landed
        if own is None:
            return np.nan, np.nan
        first = 0 if self._tap else int((own.u >= COP_SHARE).argmax())
        last = int(own.t_s.searchsorted(own.t_s[first] + LANDING_S - 1e-9))
        part = slice(first, last)
        load = _sum(own.u[part])
        return _sum(own.moment(part)) / load, _sum(own.region(part, Region.TOES)) / load

    @cached_property
    def _ending(self) -> tuple[float, float]:
        if self._off_s is None:
            return np.nan, np.nan
        stretch, u, first, end = self._seen
        above = u[first:end] > 0.5 * self._peak_bw
        last = end - 1 - int(above[::-1].argmax()) if end > first else 0
        if end == first or not above[last - first] or last + 1 >= end:
            return np.nan, np.nan
        near = slice(last, last + 3)
        load = _sum(u[near])
        few = stretch.part(near)
        toes = _sum(few.region(self._foot, Region.TOES))
        return _sum(few.moment(self._foot)) / load, toes / load

    @cached_property
    def _late(self) -> tuple[float, float]:
        own = self._own
        if own is None or self._on_s is None or self._off_s is None:
            return np.nan, np.nan
        time_s = self._off_s - self._on_s
        late = slice(int(own.t_s.searchsorted(self._off_s - LATE_PART * time_s)), None)
        load = _sum(own.u[late])
        toes = _sum(own.region(late, Region.TOES))
        return (_peak_s(own) - self._on_s) / time_s, toes / load if load > 0.0 else np.nan


def contact_details(view: View, contact: Contact) -> Details:
    """Everything about one contact whose end was seen."""
    return Details(
        view,
        contact.foot,
        contact.on_s,
        contact.off_s,
        np.inf if contact.off_s is None else contact.off_s,
        tap=contact.kind == "tap",
        peak_force_n=contact.peak_force_n,
    )


def landing_details(view: View, foot: Foot, on_s: float) -> Details:
    """How a foot came down at `on_s`, from all that is seen of it."""
    return Details(view, foot, on_s, None, np.inf)


def _sum(values: Float64) -> float:
    return float(np.add.reduce(values))


def _mean(values: Float64) -> float:
    return _sum(values) / len(values)


def _region_on_s(own: _Foot, region: Region) -> float:
    """When a region first bore 0.05 body weights for 20 ms; NaN where it never did."""
    load = own.region(slice(None), region)
    bears = load >= REGION_ON_SHARE
    for start, end in runs(bears):
        last_s = own.t_s[end] if end < len(bears) else own.t_s[-1]
        if last_s - own.t_s[start] >= REGION_DEBOUNCE_S - 1e-3:
            if start == 0:
                return float(own.t_s[0])
            part = (REGION_ON_SHARE - load[start - 1]) / (load[start] - load[start - 1])
            return float(own.t_s[start - 1] + part * (own.t_s[start] - own.t_s[start - 1]))
    return np.nan


def runs(condition: np.ndarray) -> Iterator[tuple[int, int]]:
    """Stretches in which a condition holds, half open; one after the other, as they are asked for."""
    start, n = 0, len(condition)
    while start < n:
        start += int(condition[start:].argmax())
        if not condition[start]:
            return
        length = int(condition[start:].argmin())
        end = n if condition[start + length] else start + length
        yield start, end
        start = end


def _peak_s(own: _Foot) -> float:
    """Middle of the frames within 2 % of the peak, which noise on a flat top does not move."""
    near = own.u >= 0.98 * own.u.max()
    return _mean(own.t_s[near])


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
    stretch = view.stretch(from_s, to_s)
    u, heel = stretch.u(foot), stretch.region(foot, Region.HEEL)
    heel_sum = _sum(heel)
    defined = u >= COP_SHARE
    if np.isnan(heel_sum) or not defined.any():
        return None
    share = np.divide(heel, u, out=np.zeros(len(u)), where=defined)
    share_max = float(share.max())
    impulse_share = heel_sum / _sum(u)
    if share_max < HEEL_TOUCH_OF_FOOT:
        return "none", share_max, impulse_share
    least = max(HEEL_TOUCH_SHARE, HEEL_TOUCH_N / view.body_weight_n)
    t_s = stretch.t_s
    for start, end in runs((heel >= least) & (share >= HEEL_TOUCH_OF_FOOT)):
        last_s = t_s[end] if end < len(t_s) else t_s[-1]
        if last_s - t_s[start] >= HEEL_TOUCH_S - 1e-3:
            kiss = share_max < KISS_SHARE_BELOW and impulse_share < KISS_IMPULSE_BELOW
            return "kiss" if kiss else "load", share_max, impulse_share
    return "none", share_max, impulse_share
