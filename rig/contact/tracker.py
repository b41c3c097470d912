# SPDX-License-Identifier: GPL-3.0-or-later
"""ON and OFF of one force, found stretch by stretch; Python runs once an event, numpy in between.

The walk answers where phases change; what happened between (peak, impulse, heel) is summed up by
whoever reads the steps. Decision delays: ON 10 ms after its crossing; OFF 15 ms after its fall, or when
a slow fall has run out, 100 ms at the latest; a contact is closed when 30 ms (the shortest flight) have
passed without a new ON.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from rig.contact.rules import OFF_OF_PEAK, ChannelRules
from rig.contact.track import FLANK_S, Track, crossing, extended, flank

REST_S = 0.005
"""What is still read after a fall is averaged over this long."""
FLANK_OVER = 0.2
"""The flank has run out when it falls at less than this share of its slope at OFF."""
LONGEST_FLANK_S = 0.1
"""Slower falls are extended from here on. All are design choices."""
HISTORY_FRAMES = 512
"""Past frames at hand: the longest flank at up to 4 kHz."""
_FIRST_LOOK = 256
_NEVER = float("inf")


class Phase(Enum):
    START = "start"
    OFF = "off"
    RISING = "rising"
    ON = "on"
    FALLING = "falling"


class StepKind(Enum):
    """`RISE` and `FALL` begin what may become ON or OFF; their `_BACK` says that it did not."""

    RISE = "rise"
    RISE_BACK = "rise_back"
    ON = "on"
    FALL = "fall"
    FALL_BACK = "fall_back"
    OFF = "off"
    CLOSE = "close"


class Step(NamedTuple):
    """The phase changes at frame `at` of the block.

    `t_s` is the crossing that the step is about (None: ON from the first frame on), `level_n` the
    force there. An ON with `merged` continues the contact before, whose OFF was too short.
    """

    kind: StepKind
    at: int
    t_s: float | None = None
    level_n: float = 0.0
    merged: bool = False


@dataclass(slots=True)
class TrackerState:
    """Where the walk stands; copied by the stage before a block, so that the old state stays true."""

    rules: ChannelRules
    phase: Phase = Phase.START
    low_n: float = _NEVER
    peak_n: float = 0.0
    level_n: float = 0.0
    candidate_s: float = 0.0
    crossing_s: float | None = None
    flank_n_per_s: float = 0.0
    closing_s: float | None = None


def walk(state: TrackerState, track: Track) -> list[Step]:
    """All steps of the frames after `track.past`; `state` is moved on in place."""
    steps: list[Step] = []
    at, end = track.past, len(track.t_s)
    while at < end:
        at = _PHASES[state.phase](state, track, at, steps)
    return steps


def _start(state: TrackerState, track: Track, at: int, steps: list[Step]) -> int:
    """The first frame after a beginning: who stands already has an ON that nobody saw."""
    if track.above_n[at] >= state.rules.on_n:
        state.phase, state.peak_n, state.crossing_s = Phase.ON, 0.0, None
        steps.append(Step(StepKind.ON, at - track.past))
    else:
        state.phase, state.low_n = Phase.OFF, float(track.force_n[at])
    return at


def _off(state: TrackerState, track: Track, at: int, steps: list[Step]) -> int:
    """Look for a rise, and close what waited long enough before it."""
    rise_at = _rise_at(state, track, at)
    found = rise_at < len(track.t_s)
    crossing_s = crossing(track, track.force_n, rise_at, state.level_n) if found else _NEVER
    if state.closing_s is not None:
        deadline_s = state.closing_s + state.rules.shortest_off_s
        close_at = max(at, int(track.t_s.searchsorted(deadline_s, side="left")))
        in_time = rise_at < close_at or crossing_s < deadline_s
        if close_at < len(track.t_s) and not in_time:
            steps.append(Step(StepKind.CLOSE, close_at - track.past, t_s=state.closing_s))
            state.closing_s = None
    if found:
        state.phase = Phase.RISING
        state.candidate_s, state.crossing_s = float(track.t_s[rise_at]), crossing_s
        at_in_block = rise_at - track.past
        steps.append(Step(StepKind.RISE, at_in_block, t_s=crossing_s, level_n=state.level_n))
    return rise_at


def _rise_at(state: TrackerState, track: Track, at: int) -> int:
    """The first frame that lies ON above the lowest value since OFF, or above the baseline."""
    look, on_n = _FIRST_LOOK, state.rules.on_n
    while at < len(track.t_s):
        force_n = track.force_n[at : at + look]
        lowest = np.minimum(np.minimum.accumulate(force_n), state.low_n)
        level = np.maximum(lowest, track.baseline_n[at : at + look]) + on_n
        hit = force_n >= level
        first = int(hit.argmax())
        if hit[first]:
            state.low_n, state.level_n = float(lowest[first]), float(level[first])
            return at + first
        state.low_n = float(lowest[-1])
        at += len(hit)
        look *= 4
    return at


def _rising(state: TrackerState, track: Track, at: int, steps: list[Step]) -> int:
    """ON once every frame of the debounce time lies above the level."""
    ended, at = _end_of_run(state, track, at)
    if ended is None:
        return at
    if ended:
        state.phase = Phase.OFF
        steps.append(Step(StepKind.RISE_BACK, at - track.past))
        return at
    merged = state.closing_s is not None
    if not merged:
        state.peak_n = 0.0
    state.phase, state.closing_s = Phase.ON, None
    steps.append(
        Step(
            StepKind.ON,
            at - track.past,
            t_s=state.crossing_s,
            level_n=state.level_n,
            merged=merged,
        )
    )
    back = int(track.t_s.searchsorted(state.candidate_s, side="left"))
    state.peak_n = max(state.peak_n, float(np.maximum.reduce(track.above_n[back : at + 1])))
    return at


def _on(state: TrackerState, track: Track, at: int, steps: list[Step]) -> int:
    """Look for a fall to half of ON, or to a tenth of the contact's peak where that is more."""
    look = _FIRST_LOOK
    while at < len(track.t_s):
        above_n = track.above_n[at : at + look]
        peak = np.maximum(np.maximum.accumulate(above_n), state.peak_n)
        level = np.maximum(state.rules.half_on_n, OFF_OF_PEAK * peak)
        hit = above_n <= level
        first = int(hit.argmax())
        if hit[first]:
            at += first
            state.peak_n, state.level_n = float(peak[first]), float(level[first])
            _begin_fall(state, track, at, steps)
            return at
        state.peak_n = float(peak[-1])
        at += len(hit)
        look *= 4
    return at


def _begin_fall(state: TrackerState, track: Track, at: int, steps: list[Step]) -> None:
    crossing_s = crossing(track, track.above_n, at, state.level_n)
    state.phase = Phase.FALLING
    state.candidate_s, state.crossing_s = float(track.t_s[at]), crossing_s
    state.flank_n_per_s = flank(track, at, crossing_s, state.level_n)
    level_n = state.level_n + float(track.baseline_n[at])
    steps.append(Step(StepKind.FALL, at - track.past, t_s=crossing_s, level_n=level_n))


def _falling(state: TrackerState, track: Track, at: int, steps: list[Step]) -> int:
    """OFF once the debounce time lies at or below the level and the flank has run out."""
    last_s = state.candidate_s + max(0.0, state.rules.off_debounce_s - 1.25 * track.frame_s)
    late_s = max(last_s, state.candidate_s + LONGEST_FLANK_S)
    ended = max(at, int(track.t_s.searchsorted(last_s, side="left")))
    broken = track.above_n[at : ended + 1] > state.level_n
    first = int(broken.argmax())
    if broken[first] and track.t_s[at + first] <= last_s:
        state.phase = Phase.ON
        steps.append(Step(StepKind.FALL_BACK, at + first - track.past))
        return at + first
    at = _run_out_at(state, track, ended, late_s)
    if at == len(track.t_s):
        return at
    off_s = _flank_end_s(state, track, at, run_out=bool(track.t_s[at] < late_s))
    back = int(track.t_s.searchsorted(state.candidate_s, side="left"))
    state.phase = Phase.OFF
    state.low_n = float(np.minimum.reduce(track.force_n[back : at + 1]))
    state.closing_s = off_s
    steps.append(Step(StepKind.OFF, at - track.past, t_s=off_s, level_n=state.rules.half_on_n))
    return at


def _run_out_at(state: TrackerState, track: Track, at: int, late_s: float) -> int:
    """The first frame from `at` on at which the fall has run out, risen again or come to `late_s`.

    Most falls have run out by then, so the first frame is looked at by itself.
    """
    end, stop = len(track.t_s), at + 1
    while at < end:
        t_s, above_n = track.t_s[at:stop], track.above_n[at:stop]
        earlier = track.t_s.searchsorted(t_s - FLANK_S, side="left")
        fallen_n = track.above_n[earlier] - above_n
        run_out = fallen_n <= FLANK_OVER * FLANK_S * state.flank_n_per_s
        done = run_out | (t_s >= late_s) | (above_n > state.level_n)
        first = int(done.argmax())
        if done[first]:
            return at + first
        at, stop = stop, max(stop, int(track.t_s.searchsorted(late_s, side="left"))) + 1
    return end


def _flank_end_s(state: TrackerState, track: Track, at: int, *, run_out: bool) -> float:
    """Where the falling flank meets half of ON, extended where it does not get there.

    What FSRs go on reading lies on top of the flank, so once the flank has run out (`run_out`) its
    level counts as zero; before that the flank is extended from the newest frames.
    """
    assert state.crossing_s is not None  # noqa: S101 - a fall always has a crossing
    target_n = state.rules.half_on_n
    if run_out:
        start = int(track.t_s.searchsorted(track.t_s[at] - REST_S, side="left"))
        rest_n = track.above_n[start : max(at, start + 1)]
        target_n += float(np.add.reduce(rest_n)) / len(rest_n)
    if state.level_n <= target_n:
        before_s = extended(state.crossing_s, state.level_n, target_n, state.flank_n_per_s)
        return max(before_s, state.crossing_s - LONGEST_FLANK_S)
    back = int(track.t_s.searchsorted(state.candidate_s, side="left"))
    below = track.above_n[back : at + 1] <= target_n
    first = int(below.argmax())
    if below[first]:
        return crossing(track, track.above_n, back + first, target_n)
    slope = flank(track, at, float(track.t_s[at]), float(track.above_n[at]))
    return extended(float(track.t_s[at]), float(track.above_n[at]), target_n, slope)


def fall_extended_s(state: TrackerState) -> float:
    """Where a fall that data cut short would meet half of ON, from its slope at OFF."""
    assert state.crossing_s is not None  # noqa: S101 - a fall always has a crossing
    half_n = min(state.rules.half_on_n, state.level_n)
    return extended(state.crossing_s, state.level_n, half_n, state.flank_n_per_s)


def _end_of_run(state: TrackerState, track: Track, at: int) -> tuple[bool | None, int]:
    """Whether the rise broke off (True), lasted (False) or goes on (None), and at which frame.

    A debounce is a time: its frames last a period each, and a quarter period is left for jitter of
    the board's clock.
    """
    hold_s = max(0.0, state.rules.on_debounce_s - 1.25 * track.frame_s)
    decided = int(track.t_s.searchsorted(state.candidate_s + hold_s, side="left"))
    broken = track.force_n[at : decided + 1] < state.level_n
    first = int(broken.argmax())
    if broken[first]:
        return True, at + first
    if decided < len(track.t_s):
        return False, decided
    return None, len(track.t_s)


_PHASES = {
    Phase.START: _start,
    Phase.OFF: _off,
    Phase.RISING: _rising,
    Phase.ON: _on,
    Phase.FALLING: _falling,
}
