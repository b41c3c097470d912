# SPDX-License-Identifier: GPL-3.0-or-later
"""ON and OFF of one force, found stretch by stretch; Python runs once an event, numpy in between.

The walk answers where phases change; what happened between (peak, impulse, heel) is summed up by
whoever reads the steps. Decision delays: ON 10 ms after its crossing; OFF 15 ms after its fall, or when
a slow fall has run out, 100 ms at the latest; a contact is closed when 30 ms (the shortest flight) have
passed without a new ON.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from rig.contact.rules import OFF_OF_PEAK, ChannelRules
from rig.contact.runs import Runs
from rig.contact.track import FLANK_S, Track, Values, crossing, extended, flank

REST_S = 0.005
"""What is still read after a fall is averaged over this long."""
FLANK_OVER = 0.2
"""The flank has run out when it falls at less than this share of its slope at OFF."""
LONGEST_FLANK_S = 0.1
"""Slower falls are extended from here on. All are design choices."""
HISTORY_FRAMES = 512
"""Past frames at hand: the longest flank at up to 4 kHz."""
_FIRST_LOOK = 32
_FIRST_FALLS = 3
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


# members of an enum, each looked up once: on its class that takes as long as reading two frames
_IS_START, _IS_OFF, _IS_RISING, _IS_ON, _IS_FALLING = Phase
_RISE, _RISE_BACK, _ON, _FALL, _FALL_BACK, _OFF, _CLOSE = StepKind


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

    def copy(self) -> TrackerState:
        """A copy that may be moved on without changing this one."""
        return TrackerState(
            self.rules,
            self.phase,
            self.low_n,
            self.peak_n,
            self.level_n,
            self.candidate_s,
            self.crossing_s,
            self.flank_n_per_s,
            self.closing_s,
        )


@dataclass(slots=True)
class _Walk:
    """One block's track, and where its force is high enough for a rise or low enough for a fall at all.

    Both are found over all of its frames when they are first asked for, so that a walk looks closely at
    few of them.
    """

    track: Track
    rules: ChannelRules
    steps: list[Step]
    past: int
    _high: Runs | None = None
    _low: Runs | None = None
    high_n: float = _NEVER
    low_n: float = -_NEVER

    def high(self, low_n: float) -> Runs:
        """Frames of at least `high_n`: no other lies ON above anything; `low_n` is the lowest before."""
        if self._high is None:
            lowest_n = min(low_n, float(np.minimum.reduce(self.track.force_n)))
            self.high_n = lowest_n + self.rules.on_n
            self._high = Runs(self.track.force_n >= self.high_n)
        return self._high

    def low(self, peak_n: float) -> Runs:
        """Frames of at most `low_n`: no other has fallen; `peak_n` is the highest before."""
        if self._low is None:
            highest_n = max(peak_n, float(np.maximum.reduce(self.track.above_n)))
            self.low_n = max(self.rules.half_on_n, OFF_OF_PEAK * highest_n)
            self._low = Runs(self.track.above_n <= self.low_n)
        return self._low

    def add(
        self,
        kind: StepKind,
        at: int,
        t_s: float | None = None,
        level_n: float = 0.0,
        merged: bool = False,
    ) -> None:
        """A step at a frame of the track."""
        self.steps.append(Step(kind, at - self.past, t_s, level_n, merged))


def walk(state: TrackerState, track: Track) -> list[Step]:
    """All steps of the frames after `track.past`; `state` is moved on in place."""
    on_its_way = _Walk(track, state.rules, [], track.past)
    at, end = track.past, len(track.t)
    while at < end:
        at = _PHASES[state.phase](state, on_its_way, at)
    return on_its_way.steps


def _start(state: TrackerState, on: _Walk, at: int) -> int:
    """The first frame after a beginning: who stands already has an ON that nobody saw."""
    if on.track.above[at] >= state.rules.on_n:
        state.phase, state.peak_n, state.crossing_s = _IS_ON, 0.0, None
        on.add(_ON, at)
    else:
        state.phase, state.low_n = _IS_OFF, on.track.force[at]
    return at


def _off(state: TrackerState, on: _Walk, at: int) -> int:
    """Look for a rise, and close what waited long enough before it."""
    track = on.track
    rise_at = _rise_at(state, on, at)
    found = rise_at < len(track.t)
    crossing_s = crossing(track, track.force, rise_at, state.level_n) if found else _NEVER
    if state.closing_s is not None:
        deadline_s = state.closing_s + state.rules.shortest_off_s
        close_at = bisect_left(track.t, deadline_s, at)
        in_time = rise_at < close_at or crossing_s < deadline_s
        if close_at < len(track.t) and not in_time:
            on.add(_CLOSE, close_at, state.closing_s)
            state.closing_s = None
    if found:
        state.phase = _IS_RISING
        state.candidate_s, state.crossing_s = track.t[rise_at], crossing_s
        on.add(_RISE, rise_at, crossing_s, state.level_n)
    return rise_at


def _rise_at(state: TrackerState, on: _Walk, at: int) -> int:
    """The first frame that lies ON above the lowest value since OFF, or above the baseline."""
    force_n, high = on.track.force_n, on.high(state.low_n)
    while at < len(force_n):
        begin = high.next(at)
        if begin > at:
            state.low_n = min(state.low_n, float(np.minimum.reduce(force_n[at:begin])))
        at, look, stop = begin, _FIRST_LOOK, high.end(begin)
        while at < stop:
            before, at = at, min(at + look, stop)
            risen = _risen if look == _FIRST_LOOK else _risen_of_many
            first = risen(state, on, before, at)
            if first is not None:
                return first
            look = 4 * look
    return at


def _risen(state: TrackerState, on: _Walk, at: int, stop: int) -> int | None:
    """The first of some high frames that has risen; for few this is quicker than numpy."""
    force, baseline_n = on.track.force, on.track.baseline_n
    low_n, on_n = state.low_n, state.rules.on_n
    for place in range(at, stop):
        now_n = force[place]
        if now_n < low_n:
            low_n = now_n
        lies_on_n = low_n if baseline_n is None else max(low_n, baseline_n.item(place))
        if now_n >= lies_on_n + on_n:
            state.low_n, state.level_n = low_n, lies_on_n + on_n
            return place
    state.low_n = low_n
    return None


def _risen_of_many(state: TrackerState, on: _Walk, at: int, stop: int) -> int | None:
    """`_risen` by numpy."""
    force_n, baseline_n = on.track.force_n[at:stop], on.track.baseline_n
    lowest = np.minimum(np.minimum.accumulate(force_n), state.low_n)
    lies_on = lowest if baseline_n is None else np.maximum(lowest, baseline_n[at:stop])
    level = lies_on + state.rules.on_n
    hit = force_n >= level
    first = int(hit.argmax())
    if not hit[first]:
        state.low_n = lowest.item(-1)
        return None
    state.low_n, state.level_n = lowest.item(first), level.item(first)
    return at + first


def _first_below(values: Values, level_n: float) -> int:
    """The first of some values that lies below a level; one does."""
    return next(place for place, value in enumerate(values) if value < level_n)


def _first_within(values: Values, level_n: float, at: int, stop: int) -> int | None:
    """The first frame from `at` to before `stop` whose value lies at a level or below it."""
    for place in range(at, stop):
        if values[place] <= level_n:
            return place
    return None


def _rising(state: TrackerState, on: _Walk, at: int) -> int:
    """ON once every frame of the debounce time lies above the level.

    A debounce is a time: its frames last a period each, and a quarter period is left for jitter of
    the board's clock.
    """
    track, level_n = on.track, state.level_n
    hold_s = max(0.0, state.rules.on_debounce_s - 1.25 * track.frame_s)
    decided = bisect_left(track.t, state.candidate_s + hold_s, at)
    lasts_n = track.force_n[at : decided + 1].tolist()
    if min(lasts_n) < level_n:
        at += _first_below(lasts_n, level_n)
        state.phase = _IS_OFF
        on.add(_RISE_BACK, at)
        return at
    if decided >= len(track.t):
        return len(track.t)
    merged = state.closing_s is not None
    if not merged:
        state.peak_n = 0.0
    state.phase, state.closing_s = _IS_ON, None
    on.add(_ON, decided, state.crossing_s, level_n, merged)
    if track.t[at] != state.candidate_s or track.baseline_n is not None:
        back = bisect_left(track.t, state.candidate_s, 0, decided)
        lasts_n = track.above_n[back : decided + 1].tolist()
    state.peak_n = max(state.peak_n, *lasts_n)
    return decided


def _on(state: TrackerState, on: _Walk, at: int) -> int:
    """Look for a fall to half of ON, or to a tenth of the contact's peak where that is more."""
    above_n, low = on.track.above_n, on.low(state.peak_n)
    while at < len(above_n):
        begin = low.next(at)
        if begin > at:
            state.peak_n = max(state.peak_n, float(np.maximum.reduce(above_n[at:begin])))
        at, look, stop = begin, _FIRST_LOOK, low.end(begin)
        while at < stop:
            before, at = at, min(at + look, stop)
            fallen = _fallen if look == _FIRST_LOOK else _fallen_of_many
            first = fallen(state, on, before, at)
            if first is not None:
                _begin_fall(state, on, first)
                return first
            look = 4 * look
    return at


def _fallen(state: TrackerState, on: _Walk, at: int, stop: int) -> int | None:
    """The first of some low frames that has fallen; for few this is quicker than numpy."""
    above, peak_n, half_on_n = on.track.above, state.peak_n, state.rules.half_on_n
    level_n = max(half_on_n, OFF_OF_PEAK * peak_n)
    for place in range(at, stop):
        now_n = above[place]
        if now_n > peak_n:
            peak_n = now_n
            level_n = max(half_on_n, OFF_OF_PEAK * peak_n)
        if now_n <= level_n:
            state.peak_n, state.level_n = peak_n, level_n
            return place
    state.peak_n = peak_n
    return None


def _fallen_of_many(state: TrackerState, on: _Walk, at: int, stop: int) -> int | None:
    """`_fallen` by numpy."""
    above_n = on.track.above_n[at:stop]
    peak = np.maximum(np.maximum.accumulate(above_n), state.peak_n)
    level = np.maximum(state.rules.half_on_n, OFF_OF_PEAK * peak)
    hit = above_n <= level
    first = int(hit.argmax())
    if not hit[first]:
        state.peak_n = peak.item(-1)
        return None
    state.peak_n, state.level_n = peak.item(first), level.item(first)
    return at + first


def _begin_fall(state: TrackerState, on: _Walk, at: int) -> None:
    track = on.track
    crossing_s = crossing(track, track.above, at, state.level_n)
    state.phase = _IS_FALLING
    state.candidate_s, state.crossing_s = track.t[at], crossing_s
    state.flank_n_per_s = flank(track, at, crossing_s, state.level_n)
    on.add(_FALL, at, crossing_s, state.level_n + track.baseline(at))


def _falling(state: TrackerState, on: _Walk, at: int) -> int:
    """OFF once the debounce time lies at or below the level and the flank has run out."""
    track = on.track
    last_s = state.candidate_s + max(0.0, state.rules.off_debounce_s - 1.25 * track.frame_s)
    late_s = max(last_s, state.candidate_s + LONGEST_FLANK_S)
    ended, end = bisect_left(track.t, last_s, at), len(track.t)
    stays_n = track.above_n[at : ended + 1].tolist()
    if stays_n and max(stays_n) > state.level_n:
        first = at + next(place for place, now_n in enumerate(stays_n) if now_n > state.level_n)
        if track.t[first] <= last_s:
            state.phase = _IS_ON
            on.add(_FALL_BACK, first)
            return first
    at = _run_out_at(state, track, ended, late_s)
    if at == end:
        return at
    back = bisect_left(track.t, state.candidate_s, 0, at)
    off_s = _flank_end_s(state, track, at, back, run_out=track.t[at] < late_s)
    state.phase = _IS_OFF
    state.low_n = min(track.force_n[back : at + 1].tolist())
    state.closing_s = off_s
    on.add(_OFF, at, off_s, state.rules.half_on_n)
    return at


def _run_out_at(state: TrackerState, track: Track, at: int, late_s: float) -> int:
    """The first frame from `at` on at which the fall has run out, risen again or come to `late_s`.

    Most falls have run out by then, so the first frames are looked at one by one.
    """
    t, above, end = track.t, track.above, len(track.t)
    least_n = FLANK_OVER * FLANK_S * state.flank_n_per_s
    for place in range(at, min(at + _FIRST_FALLS, end)):
        now_s, now_n = t[place], above[place]
        before_n = above[bisect_left(t, now_s - FLANK_S, 0, place)]
        if before_n - now_n <= least_n or now_s >= late_s or now_n > state.level_n:
            return place
    at += _FIRST_FALLS
    while at < end:
        stop = max(at + 1, bisect_left(t, late_s) + 1)
        t_s, above_n = track.t_s[at:stop], track.above_n[at:stop]
        earlier = track.t_s.searchsorted(t_s - FLANK_S, side="left")
        run_out = track.above_n[earlier] - above_n <= least_n
        done = run_out | (t_s >= late_s) | (above_n > state.level_n)
        first = int(done.argmax())
        if done[first]:
            return at + first
        at = stop
    return end


def _flank_end_s(state: TrackerState, track: Track, at: int, back: int, *, run_out: bool) -> float:
    """Where the falling flank meets half of ON, extended where it does not get there.

    What FSRs go on reading lies on top of the flank, so once the flank has run out (`run_out`) its
    level counts as zero; before that the flank is extended from the newest frames. The fall began at
    frame `back`.
    """
    assert state.crossing_s is not None  # noqa: S101 - a fall always has a crossing
    target_n = state.rules.half_on_n
    if run_out:
        start = bisect_left(track.t, track.t[at] - REST_S, 0, at)
        rest_n = track.above_n[start : max(at, start + 1)]
        target_n += float(np.add.reduce(rest_n)) / len(rest_n)
    if state.level_n <= target_n:
        before_s = extended(state.crossing_s, state.level_n, target_n, state.flank_n_per_s)
        return max(before_s, state.crossing_s - LONGEST_FLANK_S)
    first = _first_within(track.above, target_n, back, at + 1)
    if first is not None:
        return crossing(track, track.above, first, target_n)
    now_s = track.t[at]
    return extended(now_s, track.above[at], target_n, flank(track, at, now_s, track.above[at]))


def fall_extended_s(state: TrackerState) -> float:
    """Where a fall that data cut short would meet half of ON, from its slope at OFF."""
    assert state.crossing_s is not None  # noqa: S101 - a fall always has a crossing
    half_n = min(state.rules.half_on_n, state.level_n)
    return extended(state.crossing_s, state.level_n, half_n, state.flank_n_per_s)


_PHASES = {
    _IS_START: _start,
    _IS_OFF: _off,
    _IS_RISING: _rising,
    _IS_ON: _on,
    _IS_FALLING: _falling,
}
