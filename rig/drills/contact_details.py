# SPDX-License-Identifier: GPL-3.0-or-later
"""How a foot landed, bore and left: what the drills' rules look at within one contact.

Everything is NaN where it cannot be known: a contact that began before what is remembered, a foot
that bore too little, a region without sensors. What FSRs still read from before a landing (up to 6 %
of the last peak) is taken off, region by region.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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
from rig.drills.frames import Frames, Stretch, largest, smallest, sum_of
from rig.drills.history import View
from rig.drills.share_run import last_where
from rig.layout import Foot, Region

LANDING_S = 0.020
LEAST_TAP_N = 15.0
"""A tap whose peak is less has no place of its own (design choice)."""
BEFORE_LANDING_S = 0.060
REST_FRAMES = 5
"""From so many, the lowest in that time the last, it is read what an unloaded foot reads."""
LATE_PART = 0.30
IMPACT_WITHIN_S = 0.060
IMPACT_DIP_BW = 0.03
"""A first peak within 60 ms is an impact's where the force falls again by this much after it."""
FRESH_HEEL = 0.967
"""A heel that comes down has borne nothing for a while, where gains are fitted after 20 s under load and
the ball has mostly just borne the body. Under load FSRs creep by up to 5 % for each tenfold time
(Interlink FSR 400 series), 6.6 % over those 20 s: the heel reads 0 to 6.6 % low, and half of that is
taken. Its ON moves by some 0.4 ms in a slow landing, and by less in others."""
LEAST_BW = 1e-6
"""What a frame in contact bears at least, so that shares of a landing are defined."""


class _Foot(NamedTuple):
    """Frames of one foot in a contact, in newtons; `force_n` is without what was read before it.

    `frames`: these, from `first` on, and others; what was read before is that from `rest` to `rested`,
    which are equal where nothing was seen. `rest_moment` is its force times its place, in mm.
    `t_s`, `force_n` are the contact's own.
    """

    t_s: Float64
    force_n: Float64
    peak_n: float
    frames: Frames
    foot: Foot
    first: int
    rest: int
    rested: int
    rest_moment: float

    def region_n(self, start: int, stop: int, region: Region) -> Float64:
        """A region's load over some of the frames, likewise; not below 0."""
        return np.maximum(self._above_rest_n(self.first + start, self.first + stop, region), 0.0)

    def rise_n(self, region: Region) -> tuple[Float64, Float64]:
        """Times, and a region's load likewise, from the foot's lowest before the contact on: the heel
        may bear its part before the foot is ON."""
        start = self.rested - 1 if self.rest < self.rested else self.first
        stop = self.first + len(self.t_s)
        return self.frames.t_s[start:stop], self._above_rest_n(start, stop, region)

    def _above_rest_n(self, start: int, stop: int, region: Region) -> Float64:
        load_n = self.frames.region_n[:, self.foot, region]
        if self.rest == self.rested:
            return load_n[start:stop]
        rest_n = sum_of(load_n[self.rest : self.rested]) / (self.rested - self.rest)
        return load_n[start:stop] - rest_n

    def moment(self, start: int, stop: int) -> float:
        """Sum of force times place over some of the frames, likewise; in mm."""
        moment = self.frames.moment(self.first + start, self.first + stop, self.foot)
        return moment - (stop - start) * self.rest_moment


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
        self._view, self._foot, self._tap, self._peak_n = view, foot, tap, peak_force_n
        self._on_s, self._off_s, self._until_s = on_s, off_s, until_s
        self._seen = self._frames_seen()
        self._own = self._own_frames()
        self._start: tuple[float, float] | None = None
        self._ending: tuple[float, float] | None = None
        self._peak_at: float | None = None
        self._late_toes: float | None = None
        self._lead_s: float | None = None

    @property
    def y_ic(self) -> float:
        """Force-weighted y over the first 20 ms from 0.10 body weights on (a tap: from its ON on)."""
        return self._landing()[0]

    @property
    def toes_at_landing(self) -> float:
        """Toes' share, likewise."""
        return self._landing()[1]

    @property
    def y_end(self) -> float:
        """Place, in foot lengths, when the force last fell through half of the peak."""
        return self._end()[0]

    @property
    def toes_at_end(self) -> float:
        """Toes' share, likewise."""
        return self._end()[1]

    @property
    def peak_at(self) -> float:
        """Part of the contact at which the force peaks."""
        if self._peak_at is None:
            self._peak_at = self._find_peak_at()
        return self._peak_at

    @property
    def late_toe_share(self) -> float:
        """Toes' part of the impulse of the contact's last 30 %."""
        if self._late_toes is None:
            self._late_toes = self._find_late_toes()
        return self._late_toes

    @property
    def heel_lead_s(self) -> float:
        """How long the heel's 0.05 body weights came before the ball's.

        Slow landings (0.4 body weights in 80 ms) of 150 simulated people had leads of 8 and 12 ms; these
        were read 0.6 and 0.9 ms short, with a standard deviation of 0.6 ms.
        """
        if self._lead_s is None:
            self._lead_s = self._find_lead_s()
        return self._lead_s

    def _find_lead_s(self) -> float:
        own = self._own
        if own is None or not self._has_landed(own):
            return np.nan
        least_n = REGION_ON_SHARE * self._view.body_weight_n
        heel_s = _region_on_s(own, Region.HEEL, FRESH_HEEL * least_n)
        if math.isnan(heel_s):
            return heel_s
        # what a foot reads too much or too little in a drill on the balls is its ball's
        ball_n = least_n / self._view.scales()[self._foot]
        return _region_on_s(own, Region.BALL, ball_n) - heel_s

    @property
    def loading_rate_bw_s(self) -> float:
        """From 20 to 80 % of the first peak."""
        own, weight_n = self._own, self._view.body_weight_n
        if own is None or self._off_s is None:
            return np.nan
        return _loading_rate(own, IMPACT_DIP_BW * weight_n) / weight_n

    def _frames_seen(self) -> tuple[Stretch, int, int]:
        """Frames from just before the contact to the first after it, and which of them are the
        contact's, half open."""
        on_s, since_s = self._on_s, self._view.since_s
        if on_s is None or on_s < since_s:
            from_s = since_s
        else:
            from_s = on_s - BEFORE_LANDING_S if on_s - BEFORE_LANDING_S >= since_s else on_s
        stretch = self._view.stretch(from_s, self._until_s, beyond=1)
        first = 0 if on_s is None else stretch.place(on_s)
        end = len(stretch)
        if end and stretch.t_s.item(end - 1) >= self._until_s:
            end -= 1
        return stretch, first, end

    def _own_frames(self) -> _Foot | None:
        """The contact's frames; None where there are none, or it is not known where they begin."""
        stretch, first, end = self._seen
        if self._on_s is None or self._on_s < self._view.since_s or first == end:
            return None
        foot, frames, start = self._foot, stretch.frames, stretch.start
        force_n = frames.force_n[start : start + end, foot]
        lifted_n, rest, rested, rest_moment = force_n[first:], 0, 0, 0.0
        if first:
            rested = int(force_n[:first].argmin()) + 1
            rest = max(0, rested - REST_FRAMES)
            lifted_n = lifted_n - sum_of(force_n[rest:rested]) / (rested - rest)
            rest, rested = rest + start, rested + start
            rest_moment = frames.moment(rest, rested, foot) / (rested - rest)
        lifted_n = np.maximum(lifted_n, LEAST_BW * self._view.body_weight_n)
        t_s = frames.t_s[start + first : start + end]
        peak_n = largest(lifted_n)
        return _Foot(t_s, lifted_n, peak_n, frames, foot, start + first, rest, rested, rest_moment)

    def _has_landed(self, own: _Foot) -> bool:
        """Whether the foot bore enough for its landing to mean something."""
        least_n = LEAST_TAP_N if self._tap else COP_SHARE * self._view.body_weight_n
        return not own.peak_n < least_n

    def _landing(self) -> tuple[float, float]:
        if self._start is None:
            self._start = self._find_landing()
        return self._start

    def _find_landing(self) -> tuple[float, float]:
        own = self._own
        if own is None or not self._has_landed(own):
            return np.nan, np.nan
        least_n = COP_SHARE * self._view.body_weight_n
        first = 0 if self._tap else int((own.force_n >= least_n).argmax())
        last = int(own.t_s.searchsorted(own.t_s.item(first) + LANDING_S - 1e-9))
        load_n = sum_of(own.force_n[first:last])
        y = own.moment(first, last) / (load_n * self._view.foot_length_mm)
        return y, sum_of(own.region_n(first, last, Region.TOES)) / load_n

    def _end(self) -> tuple[float, float]:
        if self._ending is None:
            self._ending = self._find_ending()
        return self._ending

    def _find_ending(self) -> tuple[float, float]:
        if self._off_s is None:
            return np.nan, np.nan
        stretch, first, end = self._seen
        force_n = stretch.force_n[:, self._foot]
        last = last_where(force_n[first:end] > 0.5 * self._peak_n)
        if last is None or first + last + 1 >= end:
            return np.nan, np.nan
        last += first
        load_n = sum_of(force_n[last : last + 3])
        y = stretch.moment(last, last + 3, self._foot) / (load_n * self._view.foot_length_mm)
        return y, sum_of(stretch.region_n[last : last + 3, self._foot, Region.TOES]) / load_n

    def _find_peak_at(self) -> float:
        own = self._own
        if own is None or self._on_s is None or self._off_s is None:
            return np.nan
        return (_peak_s(own) - self._on_s) / (self._off_s - self._on_s)

    def _find_late_toes(self) -> float:
        own = self._own
        if own is None or self._on_s is None or self._off_s is None:
            return np.nan
        from_s = self._off_s - LATE_PART * (self._off_s - self._on_s)
        late, end = int(own.t_s.searchsorted(from_s)), len(own.t_s)
        load_n = sum_of(own.force_n[late:])
        return sum_of(own.region_n(late, end, Region.TOES)) / load_n if load_n > 0.0 else np.nan


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


def _region_on_s(own: _Foot, region: Region, least_n: float) -> float:
    """When a region first bore so much for 20 ms; NaN where it never did."""
    t_s, load_n = own.rise_n(region)
    for start, end in runs(load_n >= least_n):
        last_s = t_s.item(end) if end < len(t_s) else t_s.item(-1)
        if last_s - t_s.item(start) >= REGION_DEBOUNCE_S - 1e-3:
            return t_s.item(0) if start == 0 else _reached_s(t_s, load_n, start, least_n)
    return np.nan


def _reached_s(t_s: Float64, load_n: Float64, at: int, level_n: float) -> float:
    """When a load reached a level between the frame before `at` and this."""
    before_s, before_n = t_s.item(at - 1), load_n.item(at - 1)
    part = (level_n - before_n) / (load_n.item(at) - before_n)
    return before_s + part * (t_s.item(at) - before_s)


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
    near = own.t_s[own.force_n >= 0.98 * own.peak_n]
    return sum_of(near) / len(near)


def _loading_rate(own: _Foot, dip_n: float) -> float:
    """From 20 to 80 % of the first peak, in newtons a second."""
    force_n, t_s = own.force_n, own.t_s
    if len(force_n) < 3:
        return np.nan
    top = _first_peak(own, dip_n)
    peak_n = float(force_n[top])
    rise_n = force_n[: top + 1]
    moments = []
    for level_n in (0.2 * peak_n, 0.8 * peak_n):
        below = last_where(rise_n < level_n)
        if below is None:
            return np.nan
        moments.append(_reached_s(t_s, rise_n, below + 1, level_n))
    return 0.6 * peak_n / (moments[1] - moments[0])


def _first_peak(own: _Foot, dip_n: float) -> int:
    top = int(own.force_n.argmax())
    early_n = own.force_n[: min(top, int(own.t_s.searchsorted(own.t_s[0] + IMPACT_WITHIN_S))) + 1]
    dipped = np.maximum.accumulate(early_n) - early_n > dip_n
    at = int(dipped.argmax())
    return int(early_n[: at + 1].argmax()) if dipped[at] else top


def heel_over(
    view: View, foot: Foot, from_s: float, to_s: float
) -> tuple[HeelTouch, float, float] | None:
    """Grade of a stretch of support, largest heel share and heel's part of the impulse; None where
    the stretch is not known."""
    stretch = view.stretch(from_s, to_s)
    u, heel = stretch.u(foot), stretch.region(foot, Region.HEEL)
    heel_sum = sum_of(heel)
    if len(u) == 0 or math.isnan(heel_sum):
        return None
    if smallest(u) >= COP_SHARE:
        share = heel / u
    else:
        defined = u >= COP_SHARE
        if not defined.any():
            return None
        share = np.divide(heel, u, out=np.zeros(len(u)), where=defined)
    share_max = largest(share)
    impulse_share = heel_sum / sum_of(u)
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
