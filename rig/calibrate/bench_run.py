# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks staff through the bench: weight after weight on sensor after sensor. No I/O.

A weight is noticed by the change it makes and is taken once the reading rests, so nobody presses a
button with a weight in the hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.bench import (
    BENCH_LOADS_N,
    HOLD_S,
    Hold,
    SenselCurve,
    Way,
    bench_steps,
    fit_curve,
    hold_from_counts,
)
from rig.calibrate.divider import divider
from rig.calibrate.force_block import Float64
from rig.calibrate.sensel_map import ABSENT, SenselMap
from rig.errors import SettingsError
from rig.layout.foot_picture import SENSEL_NAMES
from rig.wire.packets import Hello

STEP_S = 0.1
RESTING_STEPS = 5
"""The reading must rest for half a second before a hold begins (design choice)."""
LEAST_CHANGE_COUNTS = 6.0
LEAST_RATIO = 1.08
"""By so much the conductance must change for a weight to be noticed: 60 N against 40 N is a factor of
1.2 to 1.5, saturation included (design choice)."""
RESTING_SHARE = 0.02
NEAR_NOTHING_COUNTS = 40.0
"""All weights are off: a residual of some per cent may stay (design choice)."""
MOST_TRIES = 3
TIMEOUT_S = 90.0
Counts = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class LayOn:
    """Bring the load on `sensel` to `load_n`; `way` says whether by adding or by taking off."""

    sensel: int
    load_n: float
    way: Way


@dataclass(frozen=True, slots=True)
class Holding:
    """The weight was noticed and rests; leave it alone for five seconds."""

    sensel: int
    load_n: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something cannot be right; the same is asked for once more."""

    sensel: int
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """`sensel` is left out, for this reason."""

    sensel: int
    reason: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """`sensel` has its curve."""

    curve: SenselCurve


BenchEvent = LayOn | Holding | Refusal | Passed | Fitted


@dataclass(frozen=True, slots=True, eq=False)
class BenchState:
    """Where the bench is; `reading` is the asked sensel's newest count, for the screen."""

    asked: tuple[int, ...]
    steps: tuple[tuple[float, Way], ...]
    hello: Hello
    mux_ohm: float
    sensel_map: SenselMap
    place: int = 0
    step: int = -1
    part: Counts | None = None
    base: Float64 | None = None
    recent: tuple[float, ...] = ()
    hold: tuple[Counts, ...] | None = None
    released: bool = False
    holds: tuple[Hold, ...] = ()
    tries: int = 0
    waited: int = 0
    reading: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.place >= len(self.asked)


def check_loads(loads_n: tuple[float, ...]) -> None:
    """Raise `SettingsError` for loads from which no curve can be fitted."""
    if not all(np.isfinite(load_n) and load_n > 0.0 for load_n in loads_n):
        said = ", ".join(f"{load_n:g}" for load_n in loads_n)
        raise SettingsError(f"The loads of a bench are newtons above 0, not {said}.")
    if len(set(loads_n)) < 3:
        raise SettingsError("A bench needs at least three different loads, in newtons.")


def bench_state(
    asked: tuple[int, ...],
    hello: Hello,
    mux_ohm: float,
    sensel_map: SenselMap,
    loads_n: tuple[float, ...] = BENCH_LOADS_N,
) -> BenchState:
    """Before the first frame; sensels without a wire are left out.

    Raises
    ------
    SettingsError
        Fewer loads than a curve needs, or such as are no weights.
    """
    check_loads(loads_n)
    steps = bench_steps(loads_n)
    there = tuple(s for s in asked if sensel_map[s] != ABSENT)
    return BenchState(there, steps, hello, mux_ohm, sensel_map)


def bench_run(state: BenchState, counts: Counts) -> tuple[BenchState, list[BenchEvent]]:
    """Take the next frames, (n, 32), as they crossed the wire."""
    events: list[BenchEvent] = []
    waiting = counts if state.part is None else np.concatenate((state.part, counts))
    size = max(1, round(STEP_S * state.hello.scan_rate_hz))
    for start in range(0, len(waiting) - size + 1, size):
        if state.is_over:
            break
        state, found = _look(state, waiting[start : start + size])
        events += found
    left = len(waiting) % size
    return replace(state, part=waiting[len(waiting) - left :]), events


def _look(state: BenchState, frames: Counts) -> tuple[BenchState, list[BenchEvent]]:
    means = frames.astype(np.int64).sum(axis=0) / len(frames)
    sensel = state.asked[state.place]
    here = float(means[state.sensel_map[sensel]])
    state = replace(state, reading=here, waited=state.waited + 1)
    if state.base is None:
        return _ask(replace(state, base=means), 0)
    base = float(state.base[state.sensel_map[sensel]])
    if state.hold is not None:
        return _holding(state, state.hold, frames)
    if state.waited * STEP_S > TIMEOUT_S:
        return _pass(state, f"{SENSEL_NAMES[sensel]} did not answer in {TIMEOUT_S:g} s.")
    load_n, way = state.steps[state.step]
    recent = (*state.recent, here)[-RESTING_STEPS:]
    state = replace(state, recent=recent)
    if way == "again" and not state.released:
        return replace(state, released=here < NEAR_NOTHING_COUNTS, base=means), []
    rests = len(recent) == RESTING_STEPS and max(recent) - min(recent) <= (
        RESTING_SHARE * here + 2.0
    )
    before_us, now_us = (float(divider(c, state.hello, state.mux_ohm)) for c in (base, here))
    less, more = (now_us, before_us) if way == "down" else (before_us, now_us)
    if not rests:
        return state, []
    if abs(here - base) < LEAST_CHANGE_COUNTS or more < LEAST_RATIO * less:
        return _other_answers(state, means - state.base, means, sensel, way)
    return replace(state, hold=(), waited=0), [Holding(sensel, load_n)]


def _other_answers(
    state: BenchState, changes: Float64, means: Float64, sensel: int, way: Way
) -> tuple[BenchState, list[BenchEvent]]:
    """A weight lies somewhere, but another sensor feels it."""
    leader = int(np.argmax(changes))
    own = state.sensel_map[sensel]
    if way == "down" or leader == own or changes[leader] < 5.0 * LEAST_CHANGE_COUNTS:
        return state, []
    pad = state.sensel_map.index(leader) if leader in state.sensel_map else leader
    pads = len(SENSEL_NAMES) // 2
    mirrored = pad == (sensel + pads) % len(SENSEL_NAMES)
    why = (
        "left and right insoles or their plugs are swapped"
        if mirrored
        else "the puck lies on the wrong sensor, or wires are swapped: run 'solerig doctor --board'"
    )
    reason = f"{SENSEL_NAMES[sensel]} should feel the weight, but {SENSEL_NAMES[pad]} does: {why}."
    if state.tries + 1 >= MOST_TRIES:
        return _pass(state, reason)
    return (
        replace(state, base=means, tries=state.tries + 1, recent=()),
        [Refusal(sensel, reason)],
    )


def _holding(
    state: BenchState, held: tuple[Counts, ...], frames: Counts
) -> tuple[BenchState, list[BenchEvent]]:
    hold = (*held, frames)
    if len(hold) * STEP_S < HOLD_S:
        return replace(state, hold=hold, waited=0), []
    sensel = state.asked[state.place]
    load_n, way = state.steps[state.step]
    counts = np.concatenate(hold)[:, state.sensel_map[sensel]]
    try:
        taken = hold_from_counts(counts, sensel, load_n, way, state.hello, state.mux_ohm)
    except SettingsError as error:
        return _refuse(state, str(error))
    state = replace(state, holds=(*state.holds, taken), tries=0)
    means = frames.astype(np.int64).sum(axis=0) / len(frames)
    state = replace(state, base=means)
    if state.step + 1 < len(state.steps):
        return _ask(state, state.step + 1)
    try:
        fitted = Fitted(fit_curve(state.holds))
    except SettingsError as error:
        return _pass(state, str(error))
    state, events = _next_sensel(state)
    return state, [fitted, *events]


def _refuse(state: BenchState, reason: str) -> tuple[BenchState, list[BenchEvent]]:
    if state.tries + 1 >= MOST_TRIES:
        return _pass(state, reason)
    sensel = state.asked[state.place]
    state = replace(state, tries=state.tries + 1)
    again, asked = _ask(state, state.step)
    return again, [Refusal(sensel, reason), *asked]


def _ask(state: BenchState, step: int) -> tuple[BenchState, list[BenchEvent]]:
    load_n, way = state.steps[step]
    state = replace(state, step=step, recent=(), hold=None, waited=0, released=False)
    return state, [LayOn(state.asked[state.place], load_n, way)]


def _pass(state: BenchState, reason: str) -> tuple[BenchState, list[BenchEvent]]:
    passed = Passed(state.asked[state.place], reason)
    state, events = _next_sensel(state)
    return state, [passed, *events]


def _next_sensel(state: BenchState) -> tuple[BenchState, list[BenchEvent]]:
    """The next frames, of an unloaded bench, are what its first load changes."""
    state = replace(
        state, place=state.place + 1, holds=(), tries=0, hold=None, base=None, recent=(), waited=0
    )
    return state, []
