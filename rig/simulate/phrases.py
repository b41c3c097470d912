# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's movement as a row of phrases (a hop, a tap, a weight shift), played onto a dense grid.

Feet are given by role, so that a session with the other working side is the exact mirror image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from rig.layout.foot import Float64
from rig.simulate.load_field import posture_height

DENSE_RATE_HZ = 1000
WORKING = 0
OTHER = 1
STAND_Y = posture_height("stand")
POSE_Y = posture_height("pose")
LIFTED_Y = posture_height("ball")
"""A foot leaves and meets the ground over its ball."""

PLUCK_S = 0.08
PLUCKED = 0.3
"""People do not creep off the ground: the last part of a foot's load goes within 80 ms (design
choice), which also gives lift-off and touch-down a moment of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """n samples of what the body does.

    Attributes
    ----------
    load_bw : (n, 2) float64
        Force under each role's foot in body weights.
    posture_y : (n, 2) float64
        Posture of each foot, as `rig.simulate.load_field.posture_shares` takes it.
    sway : (n,) float64
        How much of quiet standing's sway shows: 1 when quiet, less while moving.
    """

    load_bw: Float64
    posture_y: Float64
    sway: Float64

    def __len__(self) -> int:
        return len(self.sway)


@dataclass(frozen=True, slots=True)
class Posture:
    """One instant of a motion; working foot first."""

    load_bw: tuple[float, float]
    posture_y: tuple[float, float]
    sway: float = 1.0


BOTH_FEET = Posture((0.5, 0.5), (STAND_Y, STAND_Y))


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A piece of movement; `sample` takes times (n,) within 0..duration_s, `end` is how it ends."""

    duration_s: float
    end: Posture
    sample: Callable[[Float64], Motion]


def on_one_leg(role: int, posture_y: float = POSE_Y, sway: float = 1.0) -> Posture:
    """All weight on one role's foot, the other in the air."""
    if role == WORKING:
        return Posture((1.0, 0.0), (posture_y, LIFTED_Y), sway)
    return Posture((0.0, 1.0), (LIFTED_Y, posture_y), sway)


def raised_cosine(phase: Float64) -> Float64:
    """From 0 to 1 over phase 0..1, flat at both ends, held outside."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(phase, 0.0, 1.0))


def bump(phase: Float64) -> Float64:
    """From 0 up to 1 and back over phase 0..1, 0 outside."""
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.clip(phase, 0.0, 1.0))


def half_sine(phase: Float64) -> Float64:
    """Half a sine wave over phase 0..1, exactly 0 outside: a foot in the air bears nothing."""
    return np.where((phase > 0.0) & (phase < 1.0), np.sin(np.pi * phase), 0.0)


def move(
    start: Posture,
    end: Posture,
    duration_s: float,
    load_profile: Callable[[Float64], Float64] = raised_cosine,
) -> Phrase:
    """From one posture to another along a raised cosine; the load may go its own way from 0 to 1."""

    def sample(t_s: Float64) -> Motion:
        part = raised_cosine(t_s / duration_s)
        both, load = part[:, None], load_profile(t_s / duration_s)[:, None]
        return Motion(
            load_bw=np.array(start.load_bw) * (1.0 - load) + np.array(end.load_bw) * load,
            posture_y=np.array(start.posture_y) * (1.0 - both) + np.array(end.posture_y) * both,
            sway=start.sway * (1.0 - part) + end.sway * part,
        )

    return Phrase(duration_s, end, sample)


def lifting(phase: Float64, last_part: float) -> Float64:
    """From 0 to 1: a slow shift, then the foot is plucked off the ground in the last part."""
    slow = (1.0 - PLUCKED) * raised_cosine(phase / (1.0 - last_part))
    plucked = PLUCKED * (
        1.0 - np.cos(0.5 * np.pi * np.clip(1.0 - (1.0 - phase) / last_part, 0.0, 1.0))
    )
    return slow + plucked


def lift(start: Posture, end: Posture, duration_s: float) -> Phrase:
    """From two feet onto one."""
    last_part = PLUCK_S / duration_s
    return move(start, end, duration_s, lambda phase: lifting(phase, last_part))


def set_down(start: Posture, end: Posture, duration_s: float) -> Phrase:
    """From one foot onto two: the film of `lift` backwards."""
    last_part = PLUCK_S / duration_s
    return move(start, end, duration_s, lambda phase: 1.0 - lifting(1.0 - phase, last_part))


def hold(posture: Posture, duration_s: float) -> Phrase:
    """Stay in a posture."""
    return move(posture, posture, duration_s)


def then(first: Phrase, second: Phrase) -> Phrase:
    """Two phrases as one."""

    def sample(t_s: Float64) -> Motion:
        cut = int(np.searchsorted(t_s, first.duration_s))
        return join([first.sample(t_s[:cut]), second.sample(t_s[cut:] - first.duration_s)])

    return Phrase(first.duration_s + second.duration_s, second.end, sample)


def with_heel_dip(
    phrase: Phrase, role: int, start_s: float, length_s: float, lowest_y: float
) -> Phrase:
    """Let one foot's heel come down to the posture `lowest_y` and rise again."""

    def sample(t_s: Float64) -> Motion:
        motion = phrase.sample(t_s)
        posture_y = motion.posture_y.copy()
        posture_y[:, role] += (lowest_y - posture_y[:, role]) * bump((t_s - start_s) / length_s)
        return replace(motion, posture_y=posture_y)

    return Phrase(phrase.duration_s, phrase.end, sample)


def join(motions: list[Motion]) -> Motion:
    """One motion after the other."""
    return Motion(
        load_bw=np.concatenate([m.load_bw for m in motions]),
        posture_y=np.concatenate([m.posture_y for m in motions]),
        sway=np.concatenate([m.sway for m in motions]),
    )


class PhrasePlayer:
    """Plays phrases onto the dense grid; each begins where the last one ended, between samples too."""

    def __init__(self, phrases: Iterator[Phrase]) -> None:
        self._phrases = phrases
        self._phrase = next(phrases)
        self._phrase_start_s = 0.0
        self._played = 0

    def take(self, count: int) -> Motion:
        """The next `count` samples."""
        pieces: list[Motion] = []
        end = self._played + count
        while self._played < end:
            phrase_end_s = self._phrase_start_s + self._phrase.duration_s
            until = min(end, ceil(phrase_end_s * DENSE_RATE_HZ))
            t_s = np.arange(self._played, until) / DENSE_RATE_HZ - self._phrase_start_s
            pieces.append(self._phrase.sample(t_s))
            self._played = until
            if until < end:
                self._phrase_start_s = phrase_end_s
                self._phrase = next(self._phrases)
        return join(pieces)
