# SPDX-License-Identifier: GPL-3.0-or-later
"""The tones of the cues, told apart by pitch and by rhythm, so that no two need a trained ear.

High and rising is good, low is an error; what has two notes is told from what has one even through a
wall. Pitches and lengths are design choices; all are short enough to end before the next contact.
"""

from __future__ import annotations

import io
import wave
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Tone = Literal["reward", "warning", "set", "toes", "heel first", "fault"]
"""The later, the more it matters where two would sound at once."""
TONES: tuple[Tone, ...] = get_args(Tone)
SAMPLE_RATE_HZ = 44_100
_FADE_S = 0.006
"""A note that begins or ends at once clicks."""
_LOW_HZ, _MIDDLE_HZ = 185.0, 440.0
_NOTES: dict[Tone, tuple[tuple[float, float], ...]] = {
    "reward": ((880.0, 0.05), (1318.5, 0.09)),
    "fault": ((_LOW_HZ, 0.22),),
    "heel first": ((_LOW_HZ, 0.09), (0.0, 0.05), (_LOW_HZ, 0.11)),
    "toes": ((1760.0, 0.04), (2349.3, 0.04), (1760.0, 0.06)),
    "warning": ((_MIDDLE_HZ, 0.14),),
    "set": ((523.3, 0.09), (659.3, 0.09), (784.0, 0.20)),
}
"""Hertz and seconds; 0 Hz is a pause."""
_OVERTONES = (1.0, 0.5, 0.3, 0.2)
"""Of low notes, so that a laptop's loudspeaker, deaf below some 300 Hz, lets them be heard."""


def tone_samples(tone: Tone) -> npt.NDArray[np.int16]:
    """One channel at `SAMPLE_RATE_HZ`, its peak at nine tenths of full scale."""
    notes = np.concatenate([_note(hz, length_s) for hz, length_s in _NOTES[tone]])
    return np.round(0.9 * 32767.0 / np.abs(notes).max() * notes).astype(np.int16)


def tone_wave(tone: Tone) -> bytes:
    """The tone as a WAV file."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(tone_samples(tone).astype("<i2").tobytes())
    return held.getvalue()


def _note(hz: float, length_s: float) -> npt.NDArray[np.float64]:
    t_s = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    loud = _OVERTONES if 0.0 < hz < _MIDDLE_HZ else (1.0,)
    sound = sum(
        (a * np.sin(2.0 * np.pi * hz * k * t_s) for k, a in enumerate(loud, start=1)),
        np.zeros_like(t_s),
    )
    fade = np.minimum(1.0, np.minimum(t_s, t_s[-1] - t_s) / _FADE_S)
    return np.asarray(sound * fade, dtype=np.float64)
