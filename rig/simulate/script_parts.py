# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts of all motions are made of: people who jitter, slip and keep their momentum.

Whatever is added to a total force is taken off again nearby, so that the mean over whole cycles stays
the body weight. Figures are design choices within the ranges that the drills' descriptions give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import acos, asin, inf, pi, sqrt

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.behaviour import Intentions
from rig.simulate.phrases import (
    BOTH_FEET,
    LIFTED_Y,
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
    lifting,
    move,
    on_one_leg,
    raised_cosine,
    set_down,
    with_heel_dip,
)
from rig.simulate.sole import Sole

QUIET_START_S = 1.5
HEEL_TOUCH_CHANCE = 0.15
LOAD_PART = 0.4
KISS_Y = 0.61
"""A posture with a heel share of about 0.17: above the touch's 0.10, below the load's 0.25."""
LOAD_Y = 0.47
"""A posture with a heel share of about 0.40."""
PERIOD_JITTER = 0.04
CAREFUL_SWAY = 0.05
"""Who shows a fault on purpose is steady otherwise, or sway would blur the fault's size."""
FLYING = Posture((0.0, 0.0), (LIFTED_Y, LIFTED_Y), 0.25)

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Performer:
    """Who performs: their chances, what they do wrong on purpose, their soles and their weight.

    `chance_touches`: now and then a heel comes down without being asked to.
    """

    rng: Rng
    intentions: Intentions
    sole: Sole
    body_weight_n: float
    chance_touches: bool = True

    @property
    def on_bw(self) -> float:
        """Where a foot counts as ON: 0.06 body weights, 20 N at least."""
        return max(0.06, 20.0 / self.body_weight_n)

    @property
    def tap_on_bw(self) -> float:
        """Where a tapping foot counts as ON: 0.03 body weights, 10 N at least."""
        return max(0.03, 10.0 / self.body_weight_n)

    def jitter(self) -> float:
        """A factor near 1; people keep time to 3-5 %."""
        return 1.0 + PERIOD_JITTER * float(np.clip(self.rng.standard_normal(), -2.5, 2.5))

    def near(self, spread: float) -> float:
        """A deviation that is normal with this standard deviation."""
        return spread * float(self.rng.standard_normal())

    def maybe_dip(self, phrase: Phrase, role: int, start_s: float, length_s: float) -> Phrase:
        """Now and then a heel comes down, brushing the ground or bearing load."""
        touches, loads = self.rng.random(2)
        if touches >= HEEL_TOUCH_CHANCE or not self.chance_touches:
            return phrase
        lowest_y = LOAD_Y if loads < LOAD_PART else KISS_Y
        return with_heel_dip(phrase, role, start_s, length_s, lowest_y)


def perform(
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
    if limit_s == inf:
        return
    for phrase in closing:
        yield phrase
        end = phrase.end
    yield (set_down if 0.0 in end.load_bw else move)(end, BOTH_FEET, down_s)
    yield hold(BOTH_FEET, limit_s - done_s - reserved_s)


def plateau(t_s: Float64, start_s: float, flank_s: float, flat_s: float) -> Float64:
    """From 0 up to 1 within `flank_s`, 1 for `flat_s`, and back."""
    up = raised_cosine((t_s - start_s) / flank_s)
    down = raised_cosine((t_s - start_s - flank_s - flat_s) / flank_s)
    return up - down


def flank_part_above(part: float) -> float:
    """Part of a raised-cosine flank that lies above `part` of its height."""
    return 1.0 - acos(1.0 - 2.0 * part) / pi


def visiting(
    phrase: Phrase, role: int, posture_y: float, start_s: float, flank_s: float, flat_s: float
) -> Phrase:
    """One foot goes to another posture, stays for `flat_s` and comes back."""

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        y = motion.posture_y.copy()
        y[:, role] += (posture_y - y[:, role]) * plateau(t_s, start_s, flank_s, flat_s)
        return replace(motion, posture_y=y)

    return Phrase(phrase.duration_s, phrase.end, sample)


def steadied(phrase: Phrase) -> Phrase:
    """Sway fades within 0.1 s and comes back at the end."""
    flat_s = phrase.duration_s - 0.2

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        steady = plateau(t_s, 0.0, 0.1, flat_s)
        return replace(motion, sway=motion.sway * (1.0 - steady) + CAREFUL_SWAY * steady)

    return Phrase(phrase.duration_s, phrase.end, sample)


def scaled(phrase: Phrase, factor: Callable[[Float64], Float64]) -> Phrase:
    """All loads times a factor of the phrase's own time, 1 at both ends."""

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        return replace(motion, load_bw=motion.load_bw * factor(t_s)[:, None])

    return Phrase(phrase.duration_s, phrase.end, sample)


def with_extra(phrase: Phrase, role: int, extra_bw: Callable[[Float64], Float64]) -> Phrase:
    """More load on one foot, by a function of the phrase's own time."""

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        load = motion.load_bw.copy()
        load[:, role] += extra_bw(t_s)
        return replace(motion, load_bw=load)

    return Phrase(phrase.duration_s, phrase.end, sample)


def balanced_bump(
    t_s: Float64, start_s: float, length_s: float, height: float, pay_s: float
) -> Float64:
    """A bump, and a shallow dip of `pay_s` behind it that takes the same impulse away."""
    dip = bump((t_s - start_s - length_s) / pay_s) * height * length_s / pay_s
    return height * bump((t_s - start_s) / length_s) - dip


def push_s(peak_bw: float, velocity_s: float) -> float:
    """How long a sine from 1 BW over its peak to 0 lasts that gives a speed of `velocity_s` times g.

    Impulse over the body weight: integral of (peak sin - 1) from the phase where the sine is 1.
    """
    first = asin(1.0 / peak_bw)
    mean_bw = peak_bw * (1.0 + sqrt(1.0 - 1.0 / peak_bw**2)) / (pi - first)
    return velocity_s / (mean_bw - 1.0)


def small_jump(
    start_s: float, flight_s: float, peak_bw: float = 1.8
) -> tuple[Callable[[Float64], Float64], float]:
    """A factor on standing that pushes off, flies and lands; and how long it all takes."""
    first = asin(1.0 / peak_bw)
    length_s = push_s(peak_bw, 0.5 * flight_s)
    landed_s = start_s + length_s + flight_s

    def factor(t_s: Float64) -> Float64:
        rising = peak_bw * np.sin(first + (pi - first) * (t_s - start_s) / length_s)
        braking = peak_bw * np.sin((pi - first) * (t_s - landed_s) / length_s)
        value = np.where(t_s < start_s + length_s, rising, np.where(t_s < landed_s, 0.0, braking))
        moving = (t_s > start_s) & (t_s < landed_s + length_s)
        return np.where(moving, np.maximum(value, 0.0), 1.0)

    return factor, 2.0 * length_s + flight_s


def skewed_sine(phase: Float64, peak_at: float) -> Float64:
    """Half a sine wave whose top lies at `peak_at` of its length; the area is that of a half-sine."""
    if peak_at == 0.5:
        return half_sine(phase)
    warped = np.where(
        phase < peak_at, 0.5 * phase / peak_at, 1.0 - 0.5 * (1.0 - phase) / (1.0 - peak_at)
    )
    return half_sine(np.where((phase > 0.0) & (phase < 1.0), warped, 0.0))


def sine_length_s(time_s: float, impulse_bw_s: float, on_bw: float, peak_at: float = 0.5) -> float:
    """Length of a sine of this impulse that is ON, from `on_bw` up to half of it down, for `time_s`."""
    length_s = time_s
    for _ in range(4):
        peak_bw = 0.5 * pi * impulse_bw_s / length_s
        early = 2.0 * peak_at * asin(min(1.0, on_bw / peak_bw)) / pi
        late = 2.0 * (1.0 - peak_at) * asin(min(1.0, 0.5 * on_bw / peak_bw)) / pi
        length_s = time_s / (1.0 - early - late)
    return length_s


def take_off(peak_bw: float, flight_s: float) -> Phrase:
    """The weight goes onto the working foot, the body dips, pushes and flies."""
    shift_s, dip_s, dip_bw = 0.5, 0.25, 0.3
    pushed_s = push_s(peak_bw, 0.5 * flight_s + 0.5 * dip_bw * dip_s)
    first = asin(1.0 / peak_bw)
    total_s = shift_s + pushed_s + flight_s

    def sample(t_s: Float64) -> Motion:
        shift = raised_cosine(t_s / shift_s)
        dipped = 1.0 - dip_bw * bump((t_s - shift_s + dip_s) / dip_s)
        push = np.clip((t_s - shift_s) / pushed_s, 0.0, 1.0)
        pushed = peak_bw * half_sine((first + (pi - first) * push) / pi)
        total = np.where(t_s < shift_s, dipped, pushed)
        lifted = lifting(np.clip(t_s / shift_s, 0.0, 1.0), PLUCK_S / shift_s)
        load = np.column_stack((0.5 + 0.5 * lifted, 0.5 - 0.5 * lifted)) * total[:, None]
        rise = raised_cosine((t_s - shift_s) / pushed_s)
        working_y = STAND_Y + (POSE_Y - STAND_Y) * shift + 0.09 * rise
        other_y = STAND_Y + (LIFTED_Y - STAND_Y) * shift
        return Motion(
            load, np.column_stack((working_y, other_y)), 1.0 - (1.0 - FLYING.sway) * shift
        )

    return Phrase(total_s, FLYING, sample)


def landing(peak_bw: float, flight_s: float) -> Phrase:
    """The last landing, braked into standing on the working foot."""
    brake_s = push_s(peak_bw, 0.5 * flight_s)
    last = pi - asin(1.0 / peak_bw)
    still_s = 0.4

    def sample(t_s: Float64) -> Motion:
        phase = np.clip(t_s / brake_s, 0.0, 1.0)
        y = 0.72 + (POSE_Y - 0.72) * raised_cosine(phase)
        return on_working_foot(peak_bw * np.sin(last * phase), y)

    return Phrase(brake_s + still_s, on_one_leg(WORKING, POSE_Y, FLYING.sway), sample)


def on_working_foot(load_bw: Float64, posture_y: Float64, sway: float = FLYING.sway) -> Motion:
    """Loads (n,) and postures (n,) of the working foot, the other in the air."""
    load = np.column_stack((load_bw, np.zeros_like(load_bw)))
    y = np.column_stack((posture_y, np.full_like(posture_y, LIFTED_Y)))
    return Motion(load, y, np.full_like(load_bw, sway))
