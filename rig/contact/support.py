# SPDX-License-Identifier: GPL-3.0-or-later
"""Support phases of pony: from crossing to crossing of s = 0.5, where toes may stay down.

A crossing counts once the share has swung by 0.3 from its extreme of the second before, to 0.55 or
more, so neither sway in quiet stance nor coming to stand on both feet changes support. Whoever has been
off the ground for a second has stepped off. Decision delay: until the swing is complete, a few tens of
milliseconds in pony.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.open_contact import Findings, Mark, OpenContact, decide, report_touch
from rig.contact.results import ContactEvent, EventKind
from rig.contact.runs import Runs
from rig.contact.signals import FootSignals
from rig.contact.tally import Tally, grade_so_far, has_rare, joined, tally
from rig.layout import Foot

LEAST_SWING = 0.3
LEAST_TAKEN = 0.55
SWING_S = 1.0
OFF_S = 1.0
"""All are design choices: who stands on both feet sways past one half, but not so far, and nobody jumps
for a second."""
HALF = 0.5


@dataclass(slots=True)
class SupportState:
    """Where support stands between blocks.

    `open` is None before the first frame with a share. `lowest` is the least share of the other foot
    in the second before it passed one half; `rising` says that it has without having swung enough
    yet, at `crossing_s`, with `marks` of both feet there and `pending` tallies since. `recent` are
    times and known left shares of the last second, none from before `since_s`, when support changed.
    """

    support: Foot = Foot.LEFT
    open: OpenContact | None = None
    lowest: float = math.inf
    rising: bool = False
    crossing_s: float = 0.0
    marks: tuple[Mark, Mark] = (Mark(), Mark())
    pending: tuple[Tally, Tally] = (Tally(), Tally())
    since_s: float = -math.inf
    recent: Float64 = field(default_factory=lambda: np.zeros((2, 0)))

    def copy(self) -> SupportState:
        """A copy that may be moved on without changing this one."""
        return replace(self, open=None if self.open is None else replace(self.open))


Both = tuple[FootSignals, FootSignals]


class _Block:
    """One block's signals, and by foot its share, where that is above one half, where it is not, and
    where it is so high that support may change."""

    __slots__ = ("above", "high", "rare", "share", "signals", "within")

    def __init__(self, share_left: Float64, signals: Both) -> None:
        self.signals = signals
        self.rare = has_rare(signals[0]), has_rare(signals[1])
        self.share = share_left, 1.0 - share_left
        self.above = Runs(self.share[0] > HALF), Runs(self.share[1] > HALF)
        self.high = Runs(self.share[0] >= LEAST_TAKEN), Runs(self.share[1] >= LEAST_TAKEN)
        self.within = Runs(self.share[0] <= HALF), Runs(self.share[1] <= HALF)

    def tally(self, foot: Foot, start: int, stop: int, since_s: float) -> Tally:
        """A foot's tally of frames start to stop."""
        return tally(self.signals[foot], start, stop, since_s, rare=self.rare[foot])


def follow_support(state: SupportState, share_left: Float64, signals: Both, out: Findings) -> None:
    """Move `state` on over a block, in place; frames without a share change nothing."""
    known = np.flatnonzero(~np.isnan(share_left))
    if len(known) == 0 and state.open is None:
        return
    t_s = signals[0].t_s
    state.recent = np.concatenate((state.recent, (t_s[known], share_left[known])), axis=1)
    stood_s = state.recent[0]
    steps_on = stood_s[1:][np.diff(stood_s) > OFF_S]
    bounds = [*np.searchsorted(t_s, steps_on).tolist(), len(share_left)]
    at = int(known[0]) if state.open is None else 0
    block = _Block(share_left, signals)
    for stop in bounds:
        if state.open is None:
            state.open = _stands_on(state, share_left, at, signals)
        while at < stop:
            at = _next(state, state.open, block, at, stop, out)
        if stop < len(share_left):
            end_support(state, _marks(signals, stop), float(t_s[stop]), out)
            state.open, state.rising = None, False
    state.recent = state.recent[:, stood_s >= stood_s[-1] - SWING_S]


def _stands_on(state: SupportState, share_left: Float64, at: int, signals: Both) -> OpenContact:
    """The first support: of the foot that bears more."""
    state.support = Foot.LEFT if share_left[at] >= HALF else Foot.RIGHT
    state.since_s = float(signals[0].t_s[at])
    mark = _marks(signals, at)[state.support]
    return OpenContact(None, state.since_s, mark, Tally(), state.since_s, confirmed=True)


def _next(
    state: SupportState, contact: OpenContact, block: _Block, at: int, end: int, out: Findings
) -> int:
    """Go on to where the other foot passes one half, or to what becomes of that, `end` at most."""
    taker, signals = Foot(1 - state.support), block.signals
    if not state.rising:
        stop = min(block.above[taker].next(at), end)
        told = contact.reported == "load"
        none = contact.reported == "none" and not block.rare[state.support]
        if stop < end and (told or none):
            stop = _past_sway(contact, block, taker, at, end)
        _add(state, contact, block.tally(state.support, at, stop, contact.seen_s), out)
        if stop < end:
            _begin_rise(state, taker, stop, signals)
        return stop
    back = min(block.within[taker].next(at), end)
    share = block.share[taker][at:back]
    taken = (share >= LEAST_TAKEN) & (share - state.lowest >= LEAST_SWING)
    stop = at + _first(taken) if len(taken) else back
    left, right = (
        block.tally(foot, at, stop, state.crossing_s if foot is taker else contact.seen_s)
        for foot in Foot
    )
    state.pending = joined(state.pending[0], left), joined(state.pending[1], right)
    if stop < end:
        state.rising = False
        at_s = float(signals[0].t_s[stop])
        if stop == back:
            contact.known_since_s = at_s
            _add(state, contact, state.pending[state.support], out)
        else:
            _change(state, contact, at_s, out)
    return stop


def _past_sway(contact: OpenContact, block: _Block, taker: Foot, at: int, end: int) -> int:
    """Where the other foot passes one half and may yet take over, or the last time before `end`.

    Whoever stands on both feet sways past one half a dozen times a second. What does not rise high
    enough changes nothing but when a touch may be told; this is for when none is left to be told.
    """
    above, within = block.above[taker], block.within[taker]
    fell = within.before(min(block.high[taker].next(at), end))
    start = min(above.next(max(fell + 1, at)), end)
    swayed = above.before(start)
    if swayed >= at:
        contact.known_since_s = float(block.signals[0].t_s[within.next(swayed)])
    return start


def _first(condition: np.ndarray) -> int:
    """Index of the first true value, the length where there is none."""
    first = int(condition.argmax())
    return first if condition[first] else len(condition)


def _add(state: SupportState, contact: OpenContact, part: Tally, out: Findings) -> None:
    contact.summed = joined(contact.summed, part)
    graded = grade_so_far(contact.summed)
    report_touch(state.support, contact, graded, contact.known_since_s, out)


def _begin_rise(state: SupportState, taker: Foot, at: int, signals: Both) -> None:
    """The other foot bears more than half; s = 0.5 lies on the line from the last known share."""
    state.rising = True
    state.marks, state.pending = _marks(signals, at), (Tally(), Tally())
    t_s, share_left = state.recent
    after = int(t_s.searchsorted(signals[0].t_s.item(at)))
    first = int(t_s.searchsorted(max(t_s.item(after) - SWING_S, state.since_s)))
    before = share_left[first:after] if taker is Foot.LEFT else 1.0 - share_left[first:after]
    state.lowest = float(before.min(initial=math.inf))
    share_before, share_after = share_left[after - 1 : after + 1].tolist()
    before_s, after_s = t_s[after - 1 : after + 1].tolist()
    rise = share_after - share_before
    part = (HALF - share_before) / rise if rise != 0.0 else 1.0
    state.crossing_s = before_s + min(max(part, 0.0), 1.0) * (after_s - before_s)


def _marks(signals: Both, at: int) -> tuple[Mark, Mark]:
    left, right = (
        Mark(s.impulse_n_s.item(at), s.heel_impulse_n_s.item(at), s.lost.item(at)) for s in signals
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
    state.support, state.since_s = taker, at_s
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
