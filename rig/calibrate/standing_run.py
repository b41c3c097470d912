# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks a person through the measurements of a calibration: frames in, events out, no I/O.

A terminal or a window shows the events; nobody presses a button in between. The outcome does not
depend on how the frames were cut, since every measurement waits for a whole number of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.divider import force_of_counts, look_up
from rig.calibrate.foot_force import area_weights
from rig.calibrate.force_block import Float64
from rig.calibrate.region_gains import LOADED_WAIT_S, STANCE_S, STANCE_SETTLE_S, STANCES
from rig.calibrate.sensel_map import mapped_counts
from rig.calibrate.tare import TARE_S, tare_from_counts
from rig.calibrate.visit_check import SHIFT_S, SINGLE_LEG_S
from rig.errors import SettingsError
from rig.wire.packets import Hello

LOOK_S = 0.5
"""Whether somebody sits or stands is looked at so often (design choice)."""
STANDING_SHARE = 0.3
"""Of the body weight, by area alone: somebody stands (areas alone read 0.7 to 2.5 of it on the
simulated feet)."""
MOST_TRIES = 3
SAY_AFTER_S = 8.0
"""People need that long to sit down or stand up (design choice)."""
STEP_TIMEOUT_S = 120.0
Counts = npt.NDArray[np.uint16]
StepName = Literal["tare", "load", "heel", "flat", "ball", "toes", "shift", "left leg", "right leg"]
Judge = Callable[[StepName, Counts, Calibration], None]
"""Raises `SettingsError` with the reason when a measurement must be repeated."""


@dataclass(frozen=True, slots=True)
class Step:
    """One measurement; `settle_s` passes before its frames are taken."""

    name: StepName
    seconds: float
    settle_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Began:
    """Tell the person what to do for `step`."""

    step: Step


@dataclass(frozen=True, slots=True)
class Took:
    """Settling is over: frames of `step` are being taken now."""

    step: Step


@dataclass(frozen=True, slots=True)
class Again:
    """`step` did not work out, for this reason; it is asked for once more."""

    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """`step` did not work out in all its tries, or nobody came."""

    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """All was taken."""


StandingEvent = Began | Took | Again | GivenUp | Ended


@dataclass(frozen=True, slots=True, eq=False)
class StandingState:
    """Where the run is.

    Attributes
    ----------
    calibration : Calibration
        Tared as soon as the tare was taken.
    taken : (step's name, frames) in the order of the steps, frames (n, 32) as they crossed the wire
    """

    steps: tuple[Step, ...]
    hello: Hello
    calibration: Calibration
    foot_length_mm: float
    body_weight_n: float
    judge: Judge
    place: int = -1
    waiting: Counts | None = None
    settled: int = 0
    waited: int = 0
    tries: int = 0
    reason: str = ""
    taking: bool = False
    is_over: bool = False
    taken: tuple[tuple[StepName, Counts], ...] = ()

    @property
    def step(self) -> Step:
        return self.steps[max(0, self.place)]

    @property
    def wanted_frames(self) -> int:
        """Frames of the present step's measurement."""
        return round(self.step.seconds * self.hello.scan_rate_hz)

    @property
    def progress(self) -> float:
        """0 to 1 through the present step, settling included."""
        whole = round(self.step.settle_s * self.hello.scan_rate_hz) + self.wanted_frames
        held = 0 if self.waiting is None else len(self.waiting)
        return min(1.0, (self.settled + held) / max(1, whole))

    def frames_of(self, name: StepName) -> Counts:
        """What was taken in a step; raises `KeyError` when it was not."""
        return dict(self.taken)[name]


def stance_steps(loaded_wait_s: float = LOADED_WAIT_S) -> tuple[Step, ...]:
    """Tare, stand until the sensors have settled, then the four stances."""
    waits = [loaded_wait_s] + [min(STANCE_SETTLE_S, loaded_wait_s)] * (len(STANCES) - 1)
    taken = [Step(name, STANCE_S, wait_s) for name, wait_s in zip(STANCES, waits, strict=True)]
    return (Step("tare", TARE_S), Step("load", LOOK_S), *taken)


def visit_steps(
    loaded_wait_s: float = LOADED_WAIT_S, *, with_tare: bool = True, with_single_leg: bool = False
) -> tuple[Step, ...]:
    """Tare, stand until the sensors have settled, shift; standing on each leg where wished."""
    tare = (Step("tare", TARE_S),) if with_tare else ()
    legs = (
        (Step("left leg", SINGLE_LEG_S, 2.0), Step("right leg", SINGLE_LEG_S, 2.0))
        if with_single_leg
        else ()
    )
    return (*tare, Step("load", LOOK_S), Step("shift", SHIFT_S, loaded_wait_s), *legs)


def standing_run(state: StandingState, counts: Counts) -> tuple[StandingState, list[StandingEvent]]:
    """Take the next frames, (n, 32), as they crossed the wire."""
    events: list[StandingEvent] = []
    if state.place < 0:
        state = replace(state, place=0)
        events.append(Began(state.step))
    waiting = counts if state.waiting is None else np.concatenate((state.waiting, counts))
    while not state.is_over:
        wanted = _next_frames(state)
        if len(waiting) < wanted:
            break
        state, used, found = _advance(state, waiting[:wanted])
        events += found
        waiting = waiting[used:]
    return replace(state, waiting=waiting), events


def _next_frames(state: StandingState) -> int:
    """So many frames decide what comes next."""
    if state.step.name in ("tare", "load") or state.taking:
        return state.wanted_frames
    look = round(LOOK_S * state.hello.scan_rate_hz)
    left = round(state.step.settle_s * state.hello.scan_rate_hz) - state.settled
    return max(1, min(look, left))


def _advance(
    state: StandingState, frames: Counts
) -> tuple[StandingState, int, list[StandingEvent]]:
    """The state after these frames, how many of them are used up, and what happened."""
    look = max(1, round(LOOK_S * state.hello.scan_rate_hz))
    if state.step.name == "tare":
        return _tare(state, frames, look)
    if state.step.name == "load":
        if _stands(state, frames):
            state, events = _next(state)
            return state, len(frames), events
        reason = "Nobody stood on both insoles."
        state, events = _wait(state, len(frames), reason)
        return state, len(frames), events
    if state.taking:
        return _take(state, frames)
    settle = round(state.step.settle_s * state.hello.scan_rate_hz)
    settled = state.settled + len(frames) if settle else settle
    if settled < settle:
        return replace(state, settled=settled), len(frames), []
    return (
        replace(state, settled=settled, taking=True),
        len(frames) if settle else 0,
        [Took(state.step)],
    )


def _tare(
    state: StandingState, frames: Counts, look: int
) -> tuple[StandingState, int, list[StandingEvent]]:
    """Slide along until the feet hang free for two seconds."""
    try:
        tared = tare_from_counts(
            frames, state.hello, state.calibration, state.foot_length_mm, state.body_weight_n
        )
    except SettingsError as error:
        state, events = _wait(state, look, str(error))
        return state, look, events
    state, events = _next(replace(state, calibration=tared))
    return state, len(frames), events


def _take(state: StandingState, frames: Counts) -> tuple[StandingState, int, list[StandingEvent]]:
    step = state.step
    try:
        state.judge(step.name, frames, state.calibration)
    except SettingsError as error:
        tries = state.tries + 1
        if tries >= MOST_TRIES:
            return replace(state, is_over=True), len(frames), [GivenUp(step, str(error))]
        # the sensors are loaded by now: a second try need not wait as long
        settled = round(max(0.0, step.settle_s - STANCE_SETTLE_S) * state.hello.scan_rate_hz)
        again = replace(state, tries=tries, taking=False, settled=settled)
        return again, len(frames), [Again(step, str(error))]
    state, events = _next(replace(state, taken=(*state.taken, (step.name, frames))))
    return state, len(frames), events


def _next(state: StandingState) -> tuple[StandingState, list[StandingEvent]]:
    place = state.place + 1
    if place >= len(state.steps):
        return replace(state, is_over=True), [Ended()]
    state = replace(state, place=place, settled=0, waited=0, tries=0, reason="", taking=False)
    return state, [Began(state.step)]


def _wait(
    state: StandingState, frames: int, reason: str
) -> tuple[StandingState, list[StandingEvent]]:
    """After a while say why it does not go on, once; give up when nobody comes."""
    waited = state.waited + frames
    if waited > STEP_TIMEOUT_S * state.hello.scan_rate_hz:
        return replace(state, is_over=True), [GivenUp(state.step, reason)]
    if state.reason or waited < SAY_AFTER_S * state.hello.scan_rate_hz:
        return replace(state, waited=waited), []
    return replace(state, waited=waited, reason=reason), [Again(state.step, reason)]


def _stands(state: StandingState, frames: Counts) -> bool:
    """Both feet together bear a part of the body weight, and each foot some of it."""
    feet_n = _feet_by_area_n(state, frames)
    total_n = float(feet_n.sum())
    return total_n > STANDING_SHARE * state.body_weight_n and float(feet_n.min()) > 0.1 * total_n


def _feet_by_area_n(state: StandingState, frames: Counts) -> Float64:
    c = state.calibration
    pads_n = look_up(force_of_counts(state.hello, c), mapped_counts(frames, c.sensel_map))
    pads_n = np.maximum(pads_n - np.asarray(c.tare_of(SENSELS)), 0.0).mean(axis=0)
    return (pads_n.reshape(2, -1) * area_weights(state.foot_length_mm, c.sensel_map)).sum(axis=-1)
