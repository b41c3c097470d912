# SPDX-License-Identifier: GPL-3.0-or-later
"""Support phases of pony: from crossing to crossing of s = 0.5, where toes may stay down.

A crossing counts once the share has swung by 0.3 from its last extreme, so sway in quiet stance does
not change support. Decision delay: until the swing is complete, a few tens of milliseconds in pony.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.foot_contacts import Findings, Mark, OpenContact, decide, report_touch
from rig.contact.results import ContactEvent, EventKind
from rig.contact.signals import FootSignals
from rig.contact.tally import Tally, grade_so_far, joined, tally
from rig.layout import Foot

LEAST_SWING = 0.3
HALF = 0.5


@dataclass(slots=True)
class SupportState:
    """`lowest` is, by foot, that foot's least share since support last changed; `rising` the foot
    whose share has passed one half without having swung enough yet."""

    support: Foot | None = None
    started: bool = False
    lowest: tuple[float, float] = (math.inf, math.inf)
    rising: Foot | None = None
    crossing_s: float = 0.0
    mark: Mark = Mark()  # noqa: RUF009 - an immutable tuple
    mark_before: Mark = Mark()  # noqa: RUF009 - an immutable tuple
    pending: tuple[Tally, Tally] = (Tally(), Tally())
    open: OpenContact | None = None
    last_t_s: float = 0.0
    last_share: float = math.nan

    def copy(self) -> SupportState:
        """A copy that may be moved on without changing this one."""
        return replace(self, open=None if self.open is None else replace(self.open))


def follow_support(
    state: SupportState,
    share_left: Float64,
    signals: tuple[FootSignals, FootSignals],
    out: Findings,
) -> None:
    """Move `state` on over a block, in place; frames without a share change nothing."""
    known = np.flatnonzero(~np.isnan(share_left))
    shares = np.stack((share_left, 1.0 - share_left))
    at, n = 0, len(share_left)
    if len(known) == 0:
        _take(state, signals, 0, n, out)
        return
    if not state.started:
        _first_frame(state, shares, int(known[0]), signals)
    while at < n:
        at = _next(state, shares, at, signals, out)
    last = int(known[-1])
    state.last_t_s, state.last_share = float(signals[0].t_s[last]), float(share_left[last])


def _first_frame(
    state: SupportState, shares: Float64, at: int, signals: tuple[FootSignals, FootSignals]
) -> None:
    state.started = True
    foot = Foot.LEFT if shares[Foot.LEFT, at] >= HALF else Foot.RIGHT
    t_s = float(signals[foot].t_s[at])
    state.support = foot
    state.open = OpenContact(None, t_s, _mark(signals[foot], at), Tally(), t_s, confirmed=True)


def _next(
    state: SupportState,
    shares: Float64,
    at: int,
    signals: tuple[FootSignals, FootSignals],
    out: Findings,
) -> int:
    """Go on to the next crossing of one half, or to the swing that makes one count."""
    if state.rising is None:
        return _look_for_rise(state, shares, at, signals, out)
    foot = state.rising
    share = shares[foot, at:]
    done = (share <= HALF) | (share - state.lowest[foot] >= LEAST_SWING)
    first = int(done.argmax())
    stop = at + first if done[first] else shares.shape[1]
    state.pending = (
        joined(state.pending[0], tally(signals[0], at, stop)),
        joined(state.pending[1], tally(signals[1], at, stop)),
    )
    if not done[first]:
        return stop
    if share[first] <= HALF:
        _cancel(state, float(signals[foot].t_s[stop]), out)
    else:
        _change(state, foot, float(signals[foot].t_s[stop]), out)
    return stop


def _look_for_rise(
    state: SupportState,
    shares: Float64,
    at: int,
    signals: tuple[FootSignals, FootSignals],
    out: Findings,
) -> int:
    candidates = [f for f in Foot if f != state.support]
    rises = [(_first_above(shares[f, at:]), f) for f in candidates]
    first, foot = min(rises)
    stop = at + first
    state.lowest = tuple(  # type: ignore[assignment] - two feet, two values
        _least(state.lowest[f], shares[f, at:stop]) for f in Foot
    )
    _take(state, signals, at, stop, out)
    if stop >= shares.shape[1]:
        return stop
    state.rising = foot
    state.crossing_s = _crossing_s(state, shares, stop, signals[foot].t_s)
    state.mark, state.mark_before = _mark(signals[foot], stop), _mark(signals[1 - foot], stop)
    state.pending = (Tally(), Tally())
    if math.isinf(state.lowest[foot]):
        lowest = list(state.lowest)
        lowest[foot] = float(shares[foot, stop])
        state.lowest = (lowest[0], lowest[1])
    return stop


def _first_above(share: Float64) -> int:
    above = share > HALF
    first = int(above.argmax()) if len(above) else 0
    return first if len(above) and above[first] else len(above)


def _least(before: float, share: Float64) -> float:
    return float(np.fmin.reduce(share, initial=before)) if len(share) else before


def _crossing_s(state: SupportState, shares: Float64, at: int, t_s: Float64) -> float:
    """Time of s = 0.5 on the straight line from the last frame that had a share."""
    earlier = np.flatnonzero(~np.isnan(shares[0, :at]))
    if len(earlier):
        before, t_before = float(shares[0, earlier[-1]]), float(t_s[earlier[-1]])
    else:
        before, t_before = state.last_share, state.last_t_s
    after, t_after = float(shares[0, at]), float(t_s[at])
    if math.isnan(before) or before == after or (before > HALF) == (after > HALF):
        return t_after
    return t_before + (HALF - before) / (after - before) * (t_after - t_before)


def _mark(signals: FootSignals, at: int) -> Mark:
    return Mark(
        float(signals.impulse_n_s[at]),
        float(signals.heel_impulse_n_s[at]),
        int(signals.lost[at]),
    )


def _take(
    state: SupportState,
    signals: tuple[FootSignals, FootSignals],
    start: int,
    stop: int,
    out: Findings,
) -> None:
    """Add frames to the present support phase."""
    if state.support is None or state.open is None or stop <= start:
        return
    state.open.summed = joined(state.open.summed, tally(signals[state.support], start, stop))
    graded = grade_so_far(state.open.summed)
    report_touch(state.support, state.open, graded, state.open.known_since_s, out)


def _cancel(state: SupportState, at_s: float, out: Findings) -> None:
    """The share fell back: the foot that was loaded all along stays the support."""
    state.rising = None
    if state.support is None or state.open is None:
        return
    state.open.summed = joined(state.open.summed, state.pending[state.support])
    state.open.known_since_s = at_s
    report_touch(state.support, state.open, grade_so_far(state.open.summed), at_s, out)


def _change(state: SupportState, foot: Foot, at_s: float, out: Findings) -> None:
    """Support goes over to `foot`, back-dated to the crossing of one half."""
    if state.support is not None and state.open is not None:
        out.events.append(_event(state.support, EventKind.SUPPORT_END, state, at_s))
        state.open.off_s = state.crossing_s
        decide(state.support, "support", state.open, state.mark_before, at_s, out)
    out.events.append(_event(foot, EventKind.SUPPORT_START, state, at_s))
    state.support, state.rising = foot, None
    state.open = OpenContact(
        state.crossing_s, state.crossing_s, state.mark, state.pending[foot], at_s, confirmed=True
    )
    state.lowest = (math.inf, math.inf)


def _event(foot: Foot, kind: EventKind, state: SupportState, at_s: float) -> ContactEvent:
    return ContactEvent(state.crossing_s, foot, kind, math.nan, at_s)


def end_support(state: SupportState, end: tuple[Mark, Mark], at_s: float, out: Findings) -> None:
    """Data end: the present support phase stays open."""
    if state.support is None or state.open is None:
        return
    if state.rising is not None:
        state.open.summed = joined(state.open.summed, state.pending[state.support])
    decide(state.support, "support", state.open, end[state.support], at_s, out)
