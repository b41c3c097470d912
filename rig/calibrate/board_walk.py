# SPDX-License-Identifier: GPL-3.0-or-later
"""The maker presses one sensor after the other; this finds which sample answered each press.

A machine without I/O: samples in, events out. All times are counted in frames, so the outcome does not
depend on how the stream was cut or on how fast it came.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64

STEP_S = 0.05
"""The walk looks at means over so long: 50 Hz and 60 Hz hum are nearly gone (design choice)."""
REST_STEPS = 20
"""Of nobody touching anything before the first press: 1 s (design choice)."""
LEAST_COUNTS = 15.0
"""Smallest change taken for a press: on 1.0 kohm about 0.15 N on an FSR 402, a light touch; raised by
NOISE_TIMES the noise (design choice)."""
NOISE_TIMES = 8.0
PRESS_STEPS = 3
"""The same sample must lead for 0.15 s, so that a knock is not taken for a press (design choice)."""
RELEASE_SHARE = 0.25
"""A sensor counts as let go when all changes are below this share of its press's peak: an FSR keeps some
per cent for seconds (design choice)."""
RELEASE_STEPS = 3
LINKED_SHARE = 0.5
"""Another sample that changes by this share of the leader answers too: a bridge between two wires
(design choice)."""
SHORTED_COUNTS = 300.0
"""At rest, of 1023: an FSR without load reads 0, a shorted one near full scale (design choice)."""
NOISY_COUNTS = 12.0
"""Standard deviation of 50 ms means at rest from which a wire is loose or open (design choice)."""
TIMEOUT_S = 20.0

Counts = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Press:
    """What one asked sensor led to; `sample` None: nothing answered in time."""

    asked: int
    sample: int | None
    change_counts: float = 0.0
    also: tuple[int, ...] = ()
    """Other samples that changed nearly as much."""
    let_go: bool = True
    """False: the sample stayed where it was after the press."""


@dataclass(frozen=True, slots=True)
class Rested:
    """The rest before the first press is over."""

    shorted: tuple[int, ...]
    noisy: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Sensor `asked` is to be pressed now."""

    asked: int


WalkEvent = Rested | Asked | Press


@dataclass(frozen=True, slots=True, eq=False)
class WalkState:
    """Where the walk is.

    `asked` lists the sensels to press, in order; `place` points at the present one. `level` is what each
    sample reads without a press, `least` the change that counts. `pressing` holds the press under way.
    """

    asked: tuple[int, ...]
    step_frames: int
    timeout_steps: int
    place: int = -1
    part: Counts | None = None
    rest: tuple[Float64, ...] = ()
    level: Float64 | None = None
    least: Float64 | None = None
    broken: tuple[int, ...] = ()
    leader: int | None = None
    led_steps: int = 0
    waited_steps: int = 0
    pressing: Press | None = None
    quiet: tuple[Float64, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.place >= len(self.asked)


def walk_state(
    asked: tuple[int, ...],
    rate_hz: int,
    timeout_s: float = TIMEOUT_S,
    ignored: tuple[int, ...] = (),
) -> WalkState:
    """Before the first frame.

    Parameters
    ----------
    asked
        Sensels in the order in which they are pressed.
    rate_hz
        Frames a second.
    timeout_s
        A sensor that does not answer for so long is passed over.
    ignored
        Samples that mean nothing: no multiplexer is there.
    """
    return WalkState(
        asked,
        max(1, round(STEP_S * rate_hz)),
        max(1, round(timeout_s / STEP_S)),
        broken=ignored,
    )


def walk(state: WalkState, counts: Counts) -> tuple[WalkState, list[WalkEvent]]:
    """Take the next frames, shape (n, samples), as they crossed the wire."""
    waiting = counts if state.part is None else np.concatenate((state.part, counts))
    events: list[WalkEvent] = []
    whole = len(waiting) // state.step_frames
    for step in range(whole):
        if state.is_over:
            break
        frames = waiting[step * state.step_frames : (step + 1) * state.step_frames]
        # integers add up exactly, so the mean does not depend on how the frames came
        mean = frames.astype(np.int64).sum(axis=0) / state.step_frames
        state, found = _step(state, mean)
        events += found
    return replace(state, part=waiting[whole * state.step_frames :]), events


def _step(state: WalkState, mean: Float64) -> tuple[WalkState, list[WalkEvent]]:
    if state.level is None or state.least is None:
        return _resting(state, mean)
    change = mean - state.level
    change[list(state.broken)] = 0.0
    if state.pressing is not None:
        return _releasing(state, state.pressing, mean, change)
    return _waiting(state, state.least, change)


def _resting(state: WalkState, mean: Float64) -> tuple[WalkState, list[WalkEvent]]:
    rest = (*state.rest, mean)
    if len(rest) < REST_STEPS:
        return replace(state, rest=rest), []
    level, noise = np.median(rest, axis=0), np.std(rest, axis=0)
    shorted = tuple(
        s for s in np.flatnonzero(level >= SHORTED_COUNTS).tolist() if s not in state.broken
    )
    noisy = tuple(
        s
        for s in np.flatnonzero(noise >= NOISY_COUNTS).tolist()
        if s not in shorted and s not in state.broken
    )
    state = replace(
        state,
        rest=(),
        level=level,
        least=np.maximum(LEAST_COUNTS, NOISE_TIMES * noise),
        broken=state.broken + shorted + noisy,
    )
    state, asked = _next(state)
    return state, [Rested(shorted, noisy), *asked]


def _waiting(
    state: WalkState, least: Float64, change: Float64
) -> tuple[WalkState, list[WalkEvent]]:
    """Nothing is pressed yet: who leads, and for how long?"""
    leader = int(np.argmax(change - least))
    waited = state.waited_steps + 1
    if change[leader] < least[leader]:
        if waited < state.timeout_steps:
            return replace(state, leader=None, led_steps=0, waited_steps=waited), []
        passed = Press(state.asked[state.place], None)
        state, asked = _next(state)
        return state, [passed, *asked]
    led = state.led_steps + 1 if leader == state.leader else 1
    state = replace(state, leader=leader, led_steps=led, waited_steps=waited)
    if led < PRESS_STEPS:
        return state, []
    press = Press(state.asked[state.place], leader, float(change[leader]), _linked(change, leader))
    return replace(state, pressing=press, waited_steps=0, quiet=()), []


def _releasing(
    state: WalkState, press: Press, mean: Float64, change: Float64
) -> tuple[WalkState, list[WalkEvent]]:
    """Something is pressed: follow its peak, then wait until it is let go."""
    assert press.sample is not None  # noqa: S101 - `_waiting` made it with one; tells the type checker
    here = float(change[press.sample])
    if here > press.change_counts:
        press = replace(press, change_counts=here, also=_linked(change, press.sample))
    let_go = bool((change < np.maximum(RELEASE_SHARE * press.change_counts, LEAST_COUNTS)).all())
    quiet = (*state.quiet, mean) if let_go else ()
    waited = state.waited_steps + 1
    state = replace(state, pressing=press, quiet=quiet, waited_steps=waited)
    if len(quiet) < RELEASE_STEPS and waited < state.timeout_steps:
        return state, []
    stayed = len(quiet) < RELEASE_STEPS
    level = mean if stayed else np.mean(quiet, axis=0)
    state, asked = _next(replace(state, level=level))
    return state, [replace(press, let_go=not stayed), *asked]


def _linked(change: Float64, leader: int) -> tuple[int, ...]:
    strong = np.flatnonzero(change >= max(LINKED_SHARE * change[leader], LEAST_COUNTS))
    return tuple(s for s in strong.tolist() if s != leader)


def _next(state: WalkState) -> tuple[WalkState, list[WalkEvent]]:
    place = state.place + 1
    state = replace(
        state, place=place, leader=None, led_steps=0, waited_steps=0, pressing=None, quiet=()
    )
    return state, [] if state.is_over else [Asked(state.asked[place])]
