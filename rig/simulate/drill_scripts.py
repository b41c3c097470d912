# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does in each drill: endless rows of phrases, jittered as people are.

All figures are design choices within the ranges that the drills' descriptions give. Working foot:
the first support of stance, the first to take the weight in pony, the tapping and the hopping foot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, cycle
from math import asin, inf, pi, sqrt

import numpy as np

from rig.layout.foot import Float64
from rig.settings import DrillName
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
    OTHER,
    PLUCK_S,
    POSE_Y,
    STAND_Y,
    WORKING,
    Motion,
    Phrase,
    Posture,
    bump,
    half_sine,
    hold,
    lift,
    lifting,
    move,
    on_one_leg,
    raised_cosine,
    set_down,
    then,
    with_heel_dip,
)

QUIET_START_S = 1.5
HEEL_TOUCH_CHANCE = 0.15
LOAD_PART = 0.4
KISS_Y = 0.61
"""A posture with a heel share of about 0.17: above the touch's 0.10, below the load's 0.25."""
LOAD_Y = 0.47
"""A posture with a heel share of about 0.40."""
PERIOD_JITTER = 0.04
PROGRAMME: tuple[tuple[DrillName, float], ...] = (
    ("stance", 10.0),
    ("pony", 8.0),
    ("tapping", 8.0),
    ("hopping", 8.0),
)
PROGRAMME_S = sum(seconds for _, seconds in PROGRAMME)

Rng = np.random.Generator


def drill_phrases(drill: DrillName | None, rng: Rng) -> Iterator[Phrase]:
    """Endless phrases of one drill; None goes through the programme again and again."""
    if drill is None:
        return _programme(rng)
    scripts: dict[DrillName, Callable[[Rng, float], Iterator[Phrase]]] = {
        "stance": stance,
        "pony": pony,
        "tapping": tapping,
        "hopping": hopping,
    }
    return scripts[drill](rng, inf)


def programme_drill_at(t_s: float) -> DrillName:
    """Which drill of the programme is being done at a time since its start."""
    rest = t_s % PROGRAMME_S
    for drill, seconds in PROGRAMME:
        if rest < seconds:
            return drill
        rest -= seconds
    return PROGRAMME[-1][0]


def stance(
    rng: Rng, limit_s: float = inf, stand_s: float = 6.0, hold_s: float = 10.0, first: int = WORKING
) -> Iterator[Phrase]:
    """Quiet on both feet, then Pose holds on each leg in turn."""

    def holds() -> Iterator[Phrase]:
        for role in cycle((first, 1 - first)):
            leg = on_one_leg(role, POSE_Y + 0.004 * rng.standard_normal())
            seconds = hold_s * _jitter(rng)
            held = _maybe_dip(hold(leg, seconds), role, 0.4 * seconds, 1.0, rng)
            down = set_down(leg, BOTH_FEET, _jitter(rng))
            up = lift(BOTH_FEET, leg, _jitter(rng))
            yield then(then(up, held), then(down, hold(BOTH_FEET, stand_s * _jitter(rng))))

    return _perform([hold(BOTH_FEET, stand_s)], holds(), [], limit_s)


def pony(rng: Rng, limit_s: float = inf) -> Iterator[Phrase]:
    """Weight changes from ball to ball, both feet staying down."""
    support_s = rng.uniform(0.36, 0.60)
    shift_s = rng.uniform(0.12, min(0.25, 0.5 * support_s))
    standing = Posture((0.42, 0.58), (STAND_Y, STAND_Y), 0.5)
    leaning = Posture((0.42, 0.58), (0.73, 0.75), 0.5)

    def changes() -> Iterator[Phrase]:
        before = leaning
        for role in cycle((WORKING, OTHER)):
            trailing = rng.uniform(0.05, 0.10)
            load = (1.0 - trailing, trailing) if role == WORKING else (trailing, 1.0 - trailing)
            high, low = 0.77, 0.69 + 0.005 * rng.standard_normal()
            after = Posture(load, (low, high) if role == WORKING else (high, low), 0.5)
            seconds = float(np.clip(support_s * _jitter(rng), 0.32, 0.67))
            shift = shift_s * _jitter(rng)
            change = then(move(before, after, shift), hold(after, seconds - shift))
            middle = 0.5 * (shift + seconds)
            yield _maybe_dip(change, role, middle - 0.3 * seconds, 0.6 * seconds, rng)
            before = after

    opening = [hold(standing, QUIET_START_S - 0.5), move(standing, leaning, 0.5)]
    if limit_s < inf:
        opening = [move(BOTH_FEET, standing, 0.4), *opening]
    return _perform(opening, changes(), [], limit_s)


def tapping(rng: Rng, limit_s: float = inf) -> Iterator[Phrase]:
    """One leg stands, the working foot taps the ground with its ball."""
    period_s = 1.0 / rng.uniform(1.1, 2.7)
    contact_s = rng.uniform(0.07, min(0.17, 0.5 * period_s))
    peak_bw = rng.uniform(0.16, 0.36)
    leg = on_one_leg(OTHER, 0.70, 0.5)

    def taps() -> Iterator[Phrase]:
        while True:
            period = period_s * _jitter(rng)
            contact = float(np.clip(contact_s * _jitter(rng), 0.06, 0.18))
            peak = float(np.clip(peak_bw * (1.0 + 0.12 * rng.standard_normal()), 0.13, 0.39))
            yield _tap(leg, period, contact, peak, 0.76 + 0.006 * rng.standard_normal())

    opening = [hold(leg, QUIET_START_S)]
    if limit_s < inf:
        opening = [lift(BOTH_FEET, leg, 0.8), *opening]
    return _perform(opening, taps(), [], limit_s)


def hopping(rng: Rng, limit_s: float = inf) -> Iterator[Phrase]:
    """Hops on the working foot, landing on its ball; the other foot stays up."""
    period_s = 1.0 / rng.uniform(2.0, 3.0)
    contact_s = rng.uniform(max(0.20, 0.52 * period_s), min(0.30, period_s - 0.11))

    def hops() -> Iterator[Phrase]:
        while True:
            period = period_s * _jitter(rng)
            contact = float(np.clip(contact_s * _jitter(rng), 0.20, min(0.30, period - 0.09)))
            y_start = 0.72 + 0.008 * rng.standard_normal()
            y_end = 0.76 + 0.006 * rng.standard_normal()
            hop = _hop(period, contact, y_start, y_end)
            yield _maybe_dip(hop, WORKING, 0.25 * contact, 0.5 * contact, rng)

    flight_s = period_s - contact_s
    opening = [hold(BOTH_FEET, QUIET_START_S), _take_off(2.3, flight_s)]
    return _perform(opening, hops(), [_landing(2.0, flight_s)], limit_s)


def _programme(rng: Rng) -> Iterator[Phrase]:
    for first in cycle((WORKING, OTHER)):
        seconds = dict(PROGRAMME)
        yield from chain(
            stance(rng, seconds["stance"], stand_s=1.6, hold_s=5.8, first=first),
            pony(rng, seconds["pony"]),
            tapping(rng, seconds["tapping"]),
            hopping(rng, seconds["hopping"]),
        )


def _perform(
    opening: list[Phrase], repeated: Iterator[Phrase], closing: list[Phrase], limit_s: float
) -> Iterator[Phrase]:
    """The opening, then phrases for as long as they fit; back on both feet exactly at the limit."""
    down_s = 0.6
    done_s = 0.0
    reserved_s = sum(phrase.duration_s for phrase in closing) + down_s
    end = BOTH_FEET
    for phrase in chain(opening, repeated):
        if done_s + phrase.duration_s + reserved_s > limit_s:
            break
        yield phrase
        done_s += phrase.duration_s
        end = phrase.end
    for phrase in closing:
        yield phrase
        end = phrase.end
    yield (set_down if 0.0 in end.load_bw else move)(end, BOTH_FEET, down_s)
    yield hold(BOTH_FEET, limit_s - done_s - reserved_s)


def _jitter(rng: Rng) -> float:
    """A factor near 1; people keep time to 3-5 %."""
    return 1.0 + PERIOD_JITTER * float(np.clip(rng.standard_normal(), -2.5, 2.5))


def _maybe_dip(phrase: Phrase, role: int, start_s: float, length_s: float, rng: Rng) -> Phrase:
    touches, loads = rng.random(2)
    if touches >= HEEL_TOUCH_CHANCE:
        return phrase
    return with_heel_dip(phrase, role, start_s, length_s, LOAD_Y if loads < LOAD_PART else KISS_Y)


def _tap(leg: Posture, period_s: float, contact_s: float, peak_bw: float, y_start: float) -> Phrase:
    """The foot is up, meets the ground over its ball for `contact_s`, and is up again."""
    start_s = 0.5 * (period_s - contact_s)
    resting = hold(leg, period_s)

    def sample(t_s: Float64) -> Motion:
        motion = resting.sample(t_s)
        phase = np.clip((t_s - start_s) / contact_s, 0.0, 1.0)
        tap = peak_bw * half_sine(phase)
        load = motion.load_bw + np.column_stack((tap, -tap))
        posture_y = motion.posture_y.copy()
        posture_y[:, WORKING] = y_start - 0.03 * phase
        return Motion(load, posture_y, motion.sway)

    return Phrase(period_s, leg, sample)


def _hop(period_s: float, contact_s: float, y_start: float, y_end: float) -> Phrase:
    """Contact, then flight; the half-sine's impulse carries the body weight over the whole period."""
    peak_bw = 0.5 * pi * period_s / contact_s

    def sample(t_s: Float64) -> Motion:
        phase = np.clip(t_s / contact_s, 0.0, 1.0)
        y = y_start + (y_end - y_start) * phase
        return _on_working_foot(peak_bw * half_sine(phase), y)

    return Phrase(period_s, _FLYING, sample)


_FLYING = Posture((0.0, 0.0), (LIFTED_Y, LIFTED_Y), 0.25)


def _on_working_foot(load_bw: Float64, posture_y: Float64) -> Motion:
    load = np.column_stack((load_bw, np.zeros_like(load_bw)))
    y = np.column_stack((posture_y, np.full_like(posture_y, LIFTED_Y)))
    return Motion(load, y, np.full_like(load_bw, _FLYING.sway))


def _push_s(peak_bw: float, velocity_s: float) -> float:
    """How long a sine from 1 BW over its peak to 0 lasts that gives a speed of `velocity_s` times g.

    Impulse over the body weight: integral of (peak sin - 1) from the phase where the sine is 1.
    """
    first = asin(1.0 / peak_bw)
    mean_bw = peak_bw * (1.0 + sqrt(1.0 - 1.0 / peak_bw**2)) / (pi - first)
    return velocity_s / (mean_bw - 1.0)


def _take_off(peak_bw: float, flight_s: float) -> Phrase:
    """The weight goes onto the working foot, the body dips, pushes and flies."""
    shift_s, dip_s, dip_bw = 0.5, 0.25, 0.3
    push_s = _push_s(peak_bw, 0.5 * flight_s + 0.5 * dip_bw * dip_s)
    first = asin(1.0 / peak_bw)
    total_s = shift_s + push_s + flight_s

    def sample(t_s: Float64) -> Motion:
        shift = raised_cosine(t_s / shift_s)
        dipped = 1.0 - dip_bw * bump((t_s - shift_s + dip_s) / dip_s)
        push = np.clip((t_s - shift_s) / push_s, 0.0, 1.0)
        pushed = peak_bw * half_sine((first + (pi - first) * push) / pi)
        total = np.where(t_s < shift_s, dipped, pushed)
        lifted = lifting(np.clip(t_s / shift_s, 0.0, 1.0), PLUCK_S / shift_s)
        load = np.column_stack((0.5 + 0.5 * lifted, 0.5 - 0.5 * lifted)) * total[:, None]
        rise = raised_cosine((t_s - shift_s) / push_s)
        working_y = STAND_Y + (POSE_Y - STAND_Y) * shift + 0.09 * rise
        other_y = STAND_Y + (LIFTED_Y - STAND_Y) * shift
        return Motion(
            load, np.column_stack((working_y, other_y)), 1.0 - (1.0 - _FLYING.sway) * shift
        )

    return Phrase(total_s, _FLYING, sample)


def _landing(peak_bw: float, flight_s: float) -> Phrase:
    """The last landing, braked into standing on the working foot."""
    brake_s = _push_s(peak_bw, 0.5 * flight_s)
    last = pi - asin(1.0 / peak_bw)
    still_s = 0.4

    def sample(t_s: Float64) -> Motion:
        phase = np.clip(t_s / brake_s, 0.0, 1.0)
        y = 0.72 + (POSE_Y - 0.72) * raised_cosine(phase)
        return _on_working_foot(peak_bw * np.sin(last * phase), y)

    return Phrase(brake_s + still_s, on_one_leg(WORKING, POSE_Y, _FLYING.sway), sample)
