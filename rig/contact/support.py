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
from rig.contact.open_contact import Findings, Mark, OpenContact, decide, report_touch
from rig.contact.results import ContactEvent, EventKind
from rig.contact.signals import FootSignals
from rig.contact.tally import Tally, grade_so_far, joined, tally
from rig.layout import Foot

LEAST_SWING = 0.3
HALF = 0.5


@dataclass(slots=True)
class SupportState:
    """Where support stands between blocks.

    `open` is None before the first frame with a share. `lowest` is the least share of the other foot
    since support last changed; `rising` says that it has passed one half without having swung
    enough yet, at `crossing_s`, with `marks` of both feet there and `pending` tallies since.
    """

    support: Foot = Foot.LEFT
    open: OpenContact | None = None
    lowest: float = math.inf
    rising: bool = False
    crossing_s: float = 0.0
    marks: tuple[Mark, Mark] = (Mark(), Mark())
    pending: tuple[Tally, Tally] = (Tally(), Tally())
    last_t_s: float = 0.0
    last_share_left: float = math.nan

    def copy(self) -> SupportState:
        """A copy that may be moved on without changing this one."""
        return replace(self, open=None if self.open is None else replace(self.open))


Both = tuple[FootSignals, FootSignals]


def follow_support(state: SupportState, share_left: Float64, signals: Both, out: Findings) -> None:
    """Move `state` on over a block, in place; frames without a share change nothing."""
    known = np.flatnonzero(~np.isnan(share_left))
    at = 0
    if state.open is None:
        if len(known) == 0:
            return
        at = int(known[0])
        state.support = Foot.LEFT if share_left[at] >= HALF else Foot.RIGHT
        t_s = float(signals[0].t_s[at])
        mark = _marks(signals, at)[state.support]
        state.open = OpenContact(None, t_s, mark, Tally(), t_s, confirmed=True)
    while at < len(share_left):
        at = _next(state, state.open, share_left, at, signals, out)
    if len(known):
        state.last_t_s = float(signals[0].t_s[known[-1]])
        state.last_share_left = float(share_left[known[-1]])


def _next(
    state: SupportState,
    contact: OpenContact,
    share_left: Float64,
    at: int,
    signals: Both,
    out: Findings,
) -> int:
    """Go on to where the other foot passes one half, or to what becomes of that."""
    taker = Foot(1 - state.support)
    share = share_left[at:] if taker is Foot.LEFT else 1.0 - share_left[at:]
    if not state.rising:
        stop = at + _first(share > HALF)
        state.lowest = float(np.fmin.reduce(share[: stop - at], initial=state.lowest))
        _add(state, contact, tally(signals[state.support], at, stop, contact.seen_s), out)
        if stop < len(share_left):
            _begin_rise(state, share_left, stop, signals)
        return stop
    stop = at + _first((share <= HALF) | (share - state.lowest >= LEAST_SWING))
    left, right = (
        tally(signals[foot], at, stop, state.crossing_s if foot is taker else contact.seen_s)
        for foot in Foot
    )
    state.pending = joined(state.pending[0], left), joined(state.pending[1], right)
    if stop < len(share_left):
        state.rising = False
        at_s = float(signals[0].t_s[stop])
        if share[stop - at] <= HALF:
            contact.known_since_s = at_s
            _add(state, contact, state.pending[state.support], out)
        else:
            _change(state, contact, at_s, out)
    return stop


def _first(condition: np.ndarray) -> int:
    """Index of the first true value, the length where there is none."""
    first = int(condition.argmax())
    return first if condition[first] else len(condition)


def _add(state: SupportState, contact: OpenContact, part: Tally, out: Findings) -> None:
    contact.summed = joined(contact.summed, part)
    graded = grade_so_far(contact.summed)
    report_touch(state.support, contact, graded, contact.known_since_s, out)


def _begin_rise(state: SupportState, share_left: Float64, at: int, signals: Both) -> None:
    """The other foot bears more than half; s = 0.5 lies on the line from the last known share."""
    state.rising = True
    state.marks, state.pending = _marks(signals, at), (Tally(), Tally())
    earlier = np.flatnonzero(~np.isnan(share_left[:at]))
    t_before, before = state.last_t_s, state.last_share_left
    if len(earlier):
        t_before = float(signals[0].t_s[earlier[-1]])
        before = float(share_left[earlier[-1]])
    t_after, after = float(signals[0].t_s[at]), float(share_left[at])
    part = (HALF - before) / (after - before) if after != before else 1.0
    state.crossing_s = t_before + min(max(part, 0.0), 1.0) * (t_after - t_before)


def _marks(signals: Both, at: int) -> tuple[Mark, Mark]:
    left, right = (
        Mark(float(s.impulse_n_s[at]), float(s.heel_impulse_n_s[at]), int(s.lost[at]))
        for s in signals
    )
    return left, right


def _change(state: SupportState, contact: OpenContact, at_s: float, out: Findings) -> None:
    """Support goes over to the other foot, back-dated to the crossing of one half."""
    before, taker = state.support, Foot(1 - state.support)
    out.events.append(ContactEvent(state.crossing_s, before, EventKind.SUPPORT_END, math.nan, at_s))
    out.events.append(
        ContactEvent(state.crossing_s, taker, EventKind.SUPPORT_START, math.nan, at_s)
    )
    contact.off_s = state.crossing_s
    decide(before, "support", contact, state.marks[before], at_s, out)
    state.support, state.lowest = taker, math.inf
    state.open = OpenContact(
        state.crossing_s,
        state.crossing_s,
        state.marks[taker],
        state.pending[taker],
        at_s,
        confirmed=True,
    )


def end_support(state: SupportState, end: tuple[Mark, Mark], at_s: float, out: Findings) -> None:
    """Data end: the present support phase stays open."""
    if state.open is None:
        return
    if state.rising:
        state.open.summed = joined(state.open.summed, state.pending[state.support])
    decide(state.support, "support", state.open, end[state.support], at_s, out)
