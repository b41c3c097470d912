# SPDX-License-Identifier: GPL-3.0-or-later
"""Motions on one leg: tapping, hopping and the front lunge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import asin, inf, pi

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.contact_shapes import Shape, glide, shaped, slipped
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    WORKING,
    Motion,
    Phrase,
    Posture,
    half_sine,
    hold,
    lift,
    move,
    on_one_leg,
    then,
)
from rig.simulate.script_parts import (
    CAREFUL_SWAY,
    FLYING,
    QUIET_START_S,
    Performer,
    landing,
    on_working_foot,
    perform,
    plateau,
    sine_length_s,
    steadied,
    take_off,
    visiting,
)

_BRIEF_S = 0.06
"""How long the foot is up before and after a tap whose lift before it is long on purpose."""


def tapping(who: Performer, limit_s: float = inf) -> Iterator[Phrase]:
    """One leg stands, the working foot taps the ground with its ball."""
    period_s = 1.0 / who.rng.uniform(1.1, 2.7)
    contact_s = who.rng.uniform(0.07, min(0.17, 0.5 * period_s))
    peak_bw = who.rng.uniform(0.16, 0.36)
    leg = on_one_leg(OTHER, 0.70, 0.5)

    def taps() -> Iterator[Phrase]:
        up_s = 0.0
        while True:
            period = period_s * who.jitter()
            contact = float(np.clip(contact_s * who.jitter(), 0.06, 0.18))
            peak = float(np.clip(peak_bw * (1.0 + who.near(0.12)), 0.13, 0.39))
            start_y = 0.76 + who.near(0.006)
            slip = who.intentions.next()
            flank_s = contact * asin(who.tap_on_bw / peak) / pi
            if "OVER-PULLED" in slip:
                wait_s = max(0.0, 0.600 * slip["OVER-PULLED"] - up_s - flank_s - _BRIEF_S)
                tap = _tap(leg, contact + 2.0 * _BRIEF_S, contact, peak, (start_y, start_y - 0.03))
                yield steadied(then(hold(leg, wait_s), tap))
                up_s = _BRIEF_S + 0.5 * flank_s
                continue
            up_s = 0.5 * (period - contact) + 0.5 * flank_s
            if slip:
                yield steadied(_faulty_tap(who, leg, period, contact, peak, start_y, slip))
            else:
                yield _tap(leg, period, contact, peak, (start_y, start_y - 0.03))

    opening = [hold(leg, QUIET_START_S)]
    if limit_s < inf:
        opening = [lift(BOTH_FEET, leg, 0.8), *opening]
    return perform(opening, taps(), [], limit_s)


def _tap(
    leg: Posture, period_s: float, contact_s: float, peak_bw: float, y: tuple[float, float]
) -> Phrase:
    """The foot is up, meets the ground for `contact_s`, and is up again."""
    start_s = 0.5 * (period_s - contact_s)
    resting = hold(leg, period_s)

    def sample(t_s: Float64) -> Motion:
        motion = resting.sample(t_s)
        phase = np.clip((t_s - start_s) / contact_s, 0.0, 1.0)
        tap = peak_bw * half_sine(phase)
        load = motion.load_bw + np.column_stack((tap, -tap))
        posture_y = motion.posture_y.copy()
        posture_y[:, WORKING] = y[0] + (y[1] - y[0]) * phase
        return Motion(load, posture_y, motion.sway)

    return Phrase(period_s, leg, sample)


def _faulty_tap(
    who: Performer,
    leg: Posture,
    period_s: float,
    contact_s: float,
    peak_bw: float,
    start_y: float,
    slip: Mapping[str, float],
) -> Phrase:
    ((code, size),) = slip.items()
    y = (start_y, start_y - 0.03)
    if code == "DRIVE":
        return _tap(leg, period_s, contact_s, 0.50 * size, y)
    if code == "HEEL-FIRST":
        firm_bw, firm_s = 0.38, 0.11
        landing_y = who.sole.posture_heel_first(lambda t_s: firm_bw * half_sine(t_s / firm_s), size)
        return _tap(leg, max(period_s, 0.5), firm_s, firm_bw, (landing_y, landing_y))
    if code == "HEEL-LOAD":
        tap = _tap(leg, max(period_s, 0.8), contact_s, peak_bw, y)
        heel_y = who.sole.posture_with_heel(0.25 * size)
        return visiting(tap, OTHER, heel_y, 0.12, 0.04, 0.03)
    on_bw = who.tap_on_bw
    if code == "LONG":
        time_s = 0.250 * size
        contact_s = sine_length_s(time_s, peak_bw * time_s * 2.0 / pi, on_bw)
        return _tap(leg, max(period_s, contact_s + 0.2), contact_s, peak_bw, y)
    return _put_down(leg, 1.0 * size, y[0], on_bw)


def _put_down(leg: Posture, time_s: float, y: float, on_bw: float) -> Phrase:
    """The tapping foot stays on the ground with a fifth of the weight."""
    part, flank_s, before_s = 0.2, 0.06, 0.3
    up, down = (np.arccos(1.0 - 2.0 * bw / part) / pi * flank_s for bw in (on_bw, 0.5 * on_bw))
    flat_s = time_s - 2.0 * flank_s + up + down
    resting = hold(leg, 2.0 * before_s + time_s)

    def sample(t_s: Float64) -> Motion:
        motion = resting.sample(t_s)
        load = part * plateau(t_s, before_s, flank_s, flat_s)
        posture_y = motion.posture_y.copy()
        posture_y[:, WORKING] = y
        return Motion(motion.load_bw + np.column_stack((load, -load)), posture_y, motion.sway)

    return Phrase(resting.duration_s, leg, sample)


def hopping(who: Performer, limit_s: float = inf) -> Iterator[Phrase]:
    """Hops on the working foot, landing on its ball; the other foot stays up."""
    period_s = 1.0 / who.rng.uniform(2.0, 3.0)
    contact_s = who.rng.uniform(max(0.20, 0.52 * period_s), min(0.30, period_s - 0.11))
    flight_s = period_s - contact_s

    def hops() -> Iterator[Phrase]:
        uneven = 0.10 * who.intentions.always("RHYTHM")
        while True:
            period = period_s * who.jitter()
            contact = float(np.clip(contact_s * who.jitter(), 0.20, min(0.30, period - 0.09)))
            if uneven != 0.0:
                period, contact = period_s * (1.0 + uneven), contact_s * (1.0 + uneven)
                uneven = -uneven
            y_start = 0.72 + who.near(0.008)
            y_end = 0.76 + who.near(0.006)
            slip = who.intentions.next()
            if slip:
                yield _faulty_hop(who, period, contact, (y_start, y_end), flight_s, slip)
            else:
                hop = _hop(period, contact, y_start, y_end)
                yield who.maybe_dip(hop, WORKING, 0.25 * contact, 0.5 * contact)

    opening = [hold(BOTH_FEET, QUIET_START_S), take_off(2.3, flight_s)]
    return perform(opening, hops(), [landing(2.0, flight_s)], limit_s)


def _hop(period_s: float, contact_s: float, y_start: float, y_end: float) -> Phrase:
    """Contact, then flight; the half-sine's impulse carries the body weight over the whole period."""
    peak_bw = 0.5 * pi * period_s / contact_s

    def sample(t_s: Float64) -> Motion:
        phase = np.clip(t_s / contact_s, 0.0, 1.0)
        y = y_start + (y_end - y_start) * phase
        return on_working_foot(peak_bw * half_sine(phase), y)

    return Phrase(period_s, FLYING, sample)


def _faulty_hop(
    who: Performer,
    period_s: float,
    contact_s: float,
    y: tuple[float, float],
    usual_flight_s: float,
    slip: Mapping[str, float],
) -> Phrase:
    flight_s = period_s - contact_s
    if "HOP-UP" in slip:
        flight_s = slip["HOP-UP"] * min(0.320, usual_flight_s + 0.060)
    shape = Shape(contact_s, flight_s, glide(*y))
    contact = shaped(slipped(who, shape, slip), who.on_bw)

    def sample(t_s: Float64) -> Motion:
        return on_working_foot(contact.load(t_s), contact.posture(t_s), CAREFUL_SWAY)

    return Phrase(contact.length_s + flight_s, FLYING, sample)


def lunge(who: Performer) -> Iterator[Phrase]:
    """Hops on the front foot while the rear foot drags behind, always a little on the ground."""
    contact_s = who.rng.uniform(0.20, 0.27)
    off_s = who.rng.uniform(0.14, 0.22)
    drag_bw = who.rng.uniform(0.05, 0.12)
    ready = Posture((1.0 - drag_bw, drag_bw), (0.72, LIFTED_Y), 0.25)
    yield hold(BOTH_FEET, QUIET_START_S)
    yield move(BOTH_FEET, ready, 0.7)
    yield _lunge_take_off(ready, off_s)
    while True:
        slip = who.intentions.next()
        contact, off = contact_s * who.jitter(), off_s * who.jitter()
        y = (0.72 + who.near(0.006), 0.75 + who.near(0.005))
        yield _lunge(who, contact, off, y, drag_bw, slip)


def _lunge_take_off(ready: Posture, off_s: float) -> Phrase:
    """The front foot leaves the ground for the first time."""
    front_bw, drag_bw = ready.load_bw
    push_s = 0.20
    impulse = front_bw * (push_s + 0.5 * off_s)
    extra_bw = (impulse - front_bw * push_s * 2.0 / pi) / push_s

    def sample(t_s: Float64) -> Motion:
        phase = t_s / push_s
        front = np.where(
            phase < 1.0,
            front_bw * np.cos(0.5 * pi * np.clip(phase, 0.0, 1.0))
            + 0.5 * pi * extra_bw * half_sine(phase),
            0.0,
        )
        load = np.column_stack((front, np.full_like(front, drag_bw)))
        y = np.full_like(load, LIFTED_Y)
        y[:, WORKING] = 0.72 + 0.03 * np.clip(phase, 0.0, 1.0)
        return Motion(load, y, np.full_like(front, FLYING.sway))

    return Phrase(push_s + off_s, FLYING, sample)


def _lunge(
    who: Performer,
    contact_s: float,
    off_s: float,
    y: tuple[float, float],
    drag_bw: float,
    slip: Mapping[str, float],
) -> Phrase:
    """Front contact, then the rear foot alone; together they carry the body weight."""
    share = 1.0 - drag_bw
    if "REAR" in slip:
        cycle_s = contact_s + off_s
        while_both = 0.25 * slip["REAR"] * (cycle_s - drag_bw * off_s)
        share -= (while_both - drag_bw * contact_s) / cycle_s
    shape = Shape(contact_s, off_s, glide(*y), share=share)
    contact = shaped(slipped(who, shape, slip), who.on_bw)
    extra_impulse = (1.0 - drag_bw - share) * (contact.length_s + off_s)
    extra_bw = 0.5 * pi * extra_impulse / contact.length_s

    def sample(t_s: Float64) -> Motion:
        rear = drag_bw + extra_bw * half_sine(t_s / contact.length_s)
        load = np.column_stack((contact.load(t_s), rear))
        posture_y = np.column_stack((contact.posture(t_s), np.full_like(t_s, LIFTED_Y)))
        return Motion(load, posture_y, np.full_like(t_s, CAREFUL_SWAY if slip else FLYING.sway))

    phrase = Phrase(contact.length_s + off_s, FLYING, sample)
    return who.maybe_dip(phrase, WORKING, 0.25 * contact_s, 0.5 * contact_s) if not slip else phrase
