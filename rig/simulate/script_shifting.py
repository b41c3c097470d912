# SPDX-License-Identifier: GPL-3.0-or-later
"""Motions that take the weight from foot to foot: change of support, pony, forward change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from math import acos, inf, pi

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    STAND_Y,
    WORKING,
    Motion,
    Phrase,
    Posture,
    bump,
    hold,
    move,
    raised_cosine,
    then,
)
from rig.simulate.script_parts import (
    CAREFUL_SWAY,
    QUIET_START_S,
    Performer,
    balanced_bump,
    perform,
    scaled,
    small_jump,
    visiting,
    with_extra,
)
from rig.simulate.sole import rolled_flat

_CALM = 0.15
"""How much of quiet standing's sway shows while the weight goes to and fro on purpose."""
_LANDING_BUMP_BW = 0.05
_LANDING_BUMP_S = 0.060


def pony(who: Performer, limit_s: float = inf) -> Iterator[Phrase]:
    """Weight changes from ball to ball, both feet staying down."""
    support_s = who.rng.uniform(0.36, 0.60)
    shift_s = who.rng.uniform(0.12, min(0.25, 0.5 * support_s))
    standing = Posture((0.42, 0.58), (STAND_Y, STAND_Y), 0.5)
    leaning = Posture((0.42, 0.58), (0.73, 0.75), 0.5)
    longer = 0.10 * who.intentions.always("ASYM")

    def changes() -> Iterator[Phrase]:
        before = leaning
        for role in cycle((WORKING, OTHER)):
            slip = who.intentions.next()
            trailing = who.rng.uniform(0.05, 0.10)
            if "PARTIAL" in slip:
                trailing = 0.20 * slip["PARTIAL"]
            load = (1.0 - trailing, trailing) if role == WORKING else (trailing, 1.0 - trailing)
            high, low = 0.77, (0.71 if slip else 0.69) + who.near(0.005)
            sway = CAREFUL_SWAY if slip else 0.5
            after = Posture(load, (low, high) if role == WORKING else (high, low), sway)
            seconds = min(max(support_s * who.jitter(), 0.32), 0.67)
            seconds *= 1.0 + longer if role == WORKING else 1.0 - longer
            shift = shift_s * who.jitter()
            if "NOT-SIMULTANEOUS" in slip:
                shift = _slow_shift_s(before, after, role, 0.300 * slip["NOT-SIMULTANEOUS"])
                seconds = shift + 0.25
            change = _change(who, before, after, role, shift, seconds, slip)
            yield change
            before = after

    opening = [hold(standing, QUIET_START_S - 0.5), move(standing, leaning, 0.5)]
    if limit_s < inf:
        opening = [move(BOTH_FEET, standing, 0.4), *opening]
    return perform(opening, changes(), [], limit_s)


def _slow_shift_s(before: Posture, after: Posture, role: int, time_s: float) -> float:
    """How long a raised cosine lasts that brings the receiving share from 0.2 to 0.8 in `time_s`."""
    start, end = before.load_bw[role], after.load_bw[role]
    first, last = (
        acos(1.0 - 2.0 * min(max((share - start) / (end - start), 0.0), 1.0)) / pi
        for share in (0.2, 0.8)
    )
    return time_s / (last - first)


def _change(
    who: Performer,
    before: Posture,
    after: Posture,
    role: int,
    shift_s: float,
    seconds: float,
    slip: Mapping[str, float],
) -> Phrase:
    """One change of support in pony, with what goes wrong in it."""
    middle = 0.5 * (shift_s + seconds)
    change = then(move(before, after, shift_s), hold(after, seconds - shift_s))
    touched = who.maybe_dip(change, role, middle - 0.3 * seconds, 0.6 * seconds)
    if not slip:
        return touched
    if "HEEL-LOAD" in slip:
        posture = who.sole.posture_with_heel(0.25 * slip["HEEL-LOAD"])
        return visiting(change, role, posture, middle - 0.05, 0.04, 0.05)
    if "DRIVE" in slip:
        rise = 0.15 * slip["DRIVE"]
        start, end = before.load_bw[role], after.load_bw[role]
        crossed_s = shift_s * acos(1.0 - 2.0 * (0.5 - start) / (end - start)) / pi
        start_s = crossed_s + 0.02
        change = then(change, hold(after, 0.15))
        return scaled(
            change, lambda t_s: 1.0 + balanced_bump(t_s, start_s, _LANDING_BUMP_S, rise, 0.25)
        )
    if "HOP-UP" in slip:
        factor, length_s = small_jump(shift_s + 0.12, 0.030 * slip["HOP-UP"])
        wanted_s = shift_s + 0.12 + length_s + 0.36
        return scaled(then(change, hold(after, max(0.0, wanted_s - seconds))), factor)
    if "PUSH" in slip:
        rise = max(0.0, 1.15 * slip["PUSH"] / before.load_bw[1 - role] - 1.0)
        return then(scaled(hold(before, 0.34), _pushing(rise)), change)
    return change


def _pushing(rise: float) -> Callable[[Float64], Float64]:
    """The body dips, then the leaving foot pushes for 70 ms until the shift begins at 0.34 s."""

    def factor(t_s: Float64) -> Float64:
        dip = rise * 0.070 / 0.260 * bump((t_s - 0.005) / 0.260)
        return 1.0 - dip + rise * bump((t_s - 0.265) / 0.070)

    return factor


@dataclass(frozen=True, slots=True)
class _Pace:
    """How somebody changes support: ranges of times in s, and where on the sole they stand.

    `drop_s`: how long the pulled foot takes to bear 0.4 body weights. Design choices without a source:
    let down in place it takes its time; falling forward, of 80, 100 and 120 ms that were tried on
    tuning seeds, 80 ms is the landing whose heel lead is told best.
    """

    both_s: tuple[float, float]
    shift_s: tuple[float, float]
    lifted_s: tuple[float, float]
    drop_s: float
    y: float


_IN_PLACE = _Pace((0.40, 0.80), (0.40, 0.56), (0.30, 0.50), 0.30, 0.69)
_FORWARD = _Pace((0.15, 0.30), (0.40, 0.46), (0.28, 0.40), 0.08, 0.72)


def change_of_support(who: Performer) -> Iterator[Phrase]:
    """The weight goes over, the free foot is pulled up and dropped, and then the other side."""
    return _pulls(who, _IN_PLACE)


def forward_change(who: Performer) -> Iterator[Phrase]:
    """The same on the move, further forward on the sole."""
    return _pulls(who, _FORWARD)


def _pulls(who: Performer, pace: _Pace) -> Iterator[Phrase]:
    base_y = pace.y + who.near(0.004)
    shift_s = who.rng.uniform(*pace.shift_s)
    lifted_s, both_s = who.rng.uniform(*pace.lifted_s), who.rng.uniform(*pace.both_s)
    standing = Posture((0.42, 0.58), (STAND_Y, STAND_Y), 0.5)
    before = Posture((0.40, 0.60), (base_y, base_y), _CALM)
    yield hold(standing, QUIET_START_S)
    yield move(standing, before, 0.6)
    for support in cycle((WORKING, OTHER)):
        slip = who.intentions.next()
        pull = _Pull(who, pace, slip, support, base_y)
        yield pull.gather(before, both_s * who.jitter())
        yield pull.shift(shift_s * who.jitter())
        yield pull.lifted(lifted_s * who.jitter())
        dropped = pull.drop()
        yield dropped
        before = dropped.end


@dataclass(frozen=True, slots=True)
class _Pull:
    """One repetition: `support` receives the weight, the other foot is pulled up and dropped."""

    who: Performer
    pace: _Pace
    slip: Mapping[str, float]
    support: int
    base_y: float

    def _posture(self, support_share: float, pulled_y: float) -> Posture:
        pulled_share = 1.0 - support_share
        sway = CAREFUL_SWAY if self.slip else _CALM
        if self.support == WORKING:
            return Posture((support_share, pulled_share), (self.base_y, pulled_y), sway)
        return Posture((pulled_share, support_share), (pulled_y, self.base_y), sway)

    @property
    def _up(self) -> Posture:
        """On one leg; in a low pull the other foot goes on bearing a little."""
        kept_bw = 0.10 * self.slip.get("LOW-PULL", 0.0)
        return self._posture(1.0 - kept_bw if kept_bw > 0.10 else 1.0, LIFTED_Y)

    @property
    def _leaving_y(self) -> float:
        if "TOE-SHIFT" in self.slip:
            return self.who.sole.posture_with_toes(0.35 * self.slip["TOE-SHIFT"])
        return self.base_y

    def gather(self, before: Posture, seconds: float) -> Phrase:
        """Both feet down, more weight still on the one that bore it before."""
        ready = self._posture(0.40, self._leaving_y)
        return then(move(before, ready, 0.15), hold(ready, max(0.0, seconds - 0.15)))

    def shift(self, seconds: float) -> Phrase:
        """The weight goes over until the other foot bears nothing."""
        start, up = self._posture(0.40, self._leaving_y), self._up
        if "EARLY-PULL" not in self.slip:
            return _leaving(start, up, seconds)
        share = 0.65 / self.slip["EARLY-PULL"]
        halfway = self._posture(share, self._leaving_y)
        off_share = 1.0 - 0.5 * self.who.on_bw
        off_at = acos(1.0 - 2.0 * (off_share - share) / (1.0 - share)) / pi
        return then(move(start, halfway, 0.45), _leaving(halfway, up, 0.100 / off_at))

    def lifted(self, seconds: float) -> Phrase:
        """On one leg."""
        up = self._up
        if "HOP-UP" in self.slip:
            factor, length_s = small_jump(0.15, 0.030 * self.slip["HOP-UP"])
            return scaled(hold(up, max(seconds, 0.15 + length_s + 0.35)), factor)
        for code, share in (("HEEL-KISS", 0.10), ("HEEL-LOAD", 0.25)):
            if code in self.slip:
                y = self.who.sole.posture_with_heel(share * self.slip[code])
                held = hold(up, max(seconds, 0.40))
                return visiting(held, self.support, y, 0.10, 0.06, 0.08)
        middle = 0.5 * seconds
        return self.who.maybe_dip(
            hold(up, seconds), self.support, middle - 0.4 * seconds, 0.8 * seconds
        )

    def drop(self) -> Phrase:
        """The pulled foot falls; its landing makes a small bump, or a large one when driven."""
        drop_s, pulled = self.pace.drop_s, 1 - self.support
        up, down = self._up, self._posture(0.60, self.base_y)
        rise = 0.15 * self.slip["DRIVE"] if "DRIVE" in self.slip else _LANDING_BUMP_BW
        falling = then(move(up, down, drop_s), hold(down, 0.30))
        falling = with_extra(
            falling, pulled, lambda t_s: balanced_bump(t_s, 0.01, _LANDING_BUMP_S, rise, 0.30)
        )
        sole = self.who.sole
        if "TOE-LAND" in self.slip:
            landing_y = sole.posture_with_toes(0.50 * self.slip["TOE-LAND"])
            return _from_posture(falling, pulled, lambda t_s: np.full_like(t_s, landing_y))
        if "HEEL-FIRST" in self.slip:
            roll_s = sole.roll_heel_first(
                lambda t_s: falling.sample(t_s).load_bw[:, pulled], self.slip["HEEL-FIRST"]
            )
            return _from_posture(falling, pulled, lambda t_s: rolled_flat(t_s, roll_s))
        return falling


def _leaving(start: Posture, up: Posture, seconds: float) -> Phrase:
    """The load moves over; the leaving foot's posture stays until half of its load is gone."""

    def sample(t_s: Float64) -> Motion:
        load = raised_cosine(t_s / seconds)[:, None]
        late = raised_cosine(2.0 * t_s / seconds - 1.0)[:, None]
        motion = hold(start, seconds).sample(t_s)
        return Motion(
            motion.load_bw * (1.0 - load) + np.array(up.load_bw) * load,
            motion.posture_y * (1.0 - late) + np.array(up.posture_y) * late,
            motion.sway,
        )

    return Phrase(seconds, up, sample)


def _from_posture(phrase: Phrase, role: int, posture: Callable[[Float64], Float64]) -> Phrase:
    """One foot keeps to postures by the phrase's time for 0.11 s and comes back from there."""

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        y = motion.posture_y.copy()
        y[:, role] += (posture(t_s) - y[:, role]) * raised_cosine(1.0 - (t_s - 0.11) / 0.1)
        return Motion(motion.load_bw, y, motion.sway)

    return Phrase(phrase.duration_s, phrase.end, sample)
