# SPDX-License-Identifier: GPL-3.0-or-later
"""From a foot's steps to its contacts and events."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rig.contact.open_contact import (
    Findings,
    Mark,
    OpenContact,
    decide,
    report_on,
    report_touch,
)
from rig.contact.results import ContactKind
from rig.contact.signals import FootSignals
from rig.contact.tally import Tallies, Tally, grade_so_far, joined
from rig.contact.tracker import Phase, Step, StepKind
from rig.layout import Foot

_PHASE_AFTER = {
    StepKind.RISE: Phase.RISING,
    StepKind.RISE_BACK: Phase.OFF,
    StepKind.ON: Phase.ON,
    StepKind.FALL: Phase.FALLING,
    StepKind.FALL_BACK: Phase.ON,
    StepKind.OFF: Phase.OFF,
    StepKind.CLOSE: Phase.OFF,
}


_NOTHING_SUMMED = (Phase.OFF, Phase.START)
# looked up once: on an enum's class that is slow
_IS_ON = Phase.ON
_RISE, _, _ON, _FALL, _FALL_BACK, _OFF, _CLOSE = StepKind


@dataclass(slots=True)
class FootContactState:
    """Where one foot stands between blocks."""

    foot: Foot
    kind: ContactKind
    shortest_on_s: float
    phase: Phase = Phase.START
    rise: Mark = Mark()  # noqa: RUF009 - an immutable tuple
    rise_s: float | None = None
    pending: Tally = Tally()  # noqa: RUF009 - an immutable tuple
    fall: Mark = Mark()  # noqa: RUF009 - an immutable tuple
    fall_s: float = 0.0
    fall_level_n: float = 0.0
    open: OpenContact | None = None

    def copy(self) -> FootContactState:
        """A copy that may be moved on without changing this one."""
        return replace(self, open=None if self.open is None else replace(self.open))


def follow_steps(
    state: FootContactState, steps: list[Step], signals: FootSignals, out: Findings
) -> None:
    """Move `state` on over one block, in place, adding what was decided to `out`."""
    if not steps and state.phase in _NOTHING_SUMMED:
        return
    bounds = [0, *(step.at for step in steps), len(signals.t_s)]
    tallies = Tallies(signals, bounds)
    for place, step in enumerate(steps):
        _take_stretch(state, signals, tallies, place, bounds, out)
        _take_step(state, step, signals, out)
        state.phase = _PHASE_AFTER[step.kind]
    _take_stretch(state, signals, tallies, len(steps), bounds, out)


def _take_stretch(
    state: FootContactState,
    signals: FootSignals,
    tallies: Tallies,
    place: int,
    bounds: list[int],
    out: Findings,
) -> None:
    start, stop = bounds[place], bounds[place + 1]
    if stop <= start or state.phase in _NOTHING_SUMMED:
        return
    part = tallies.of(place)
    if state.phase is not _IS_ON:
        state.pending = joined(state.pending, part)
        return
    contact = _opened(state)
    contact.summed = joined(contact.summed, part)
    if not contact.confirmed:
        _confirm(state, contact, signals, start, stop, out)
    if contact.confirmed:
        report_touch(state.foot, contact, grade_so_far(contact.summed), contact.known_since_s, out)


def _opened(state: FootContactState) -> OpenContact:
    if state.open is None:
        raise AssertionError("a foot is ON without an open contact")
    return state.open


def _confirm(
    state: FootContactState,
    contact: OpenContact,
    signals: FootSignals,
    start: int,
    stop: int,
    out: Findings,
) -> None:
    """Report ON at the first frame that makes the contact long enough not to be dropped."""
    least_s = contact.seen_s if contact.on_s is None else contact.on_s + state.shortest_on_s
    at = start + int(signals.t_s[start:stop].searchsorted(least_s, side="left"))
    if at < stop:
        decided_s = max(float(signals.t_s[at]), contact.known_since_s)
        report_on(state.foot, contact, decided_s, out)


def _mark(signals: FootSignals, index: int, area_n_s: float = 0.0) -> Mark:
    """Integrals at a crossing just before frame `index`, `area_n_s` lying between the two."""
    return Mark(
        signals.impulse_n_s.item(index) - area_n_s,
        signals.heel_impulse_n_s.item(index),
        signals.lost.item(index),
    )


def _area_since(step: Step, signals: FootSignals) -> float:
    """Impulse between the crossing and the frame that shows it."""
    if step.t_s is None:
        return 0.0
    force_n = signals.force_n.item(step.at)
    return 0.5 * (step.level_n + force_n) * (signals.t_s.item(step.at) - step.t_s)


def _take_step(state: FootContactState, step: Step, signals: FootSignals, out: Findings) -> None:
    at_s = signals.t_s.item(step.at)
    if step.kind is _RISE:
        state.pending = Tally()
        mark = _mark(signals, step.at, _area_since(step, signals))
        lost = mark.lost - signals.lost_before.item(step.at)
        state.rise = Mark(mark.impulse_n_s, mark.heel_impulse_n_s, lost)
        state.rise_s = step.t_s
    elif step.kind is _ON:
        _begin(state, step, signals, at_s)
    elif step.kind is _FALL:
        state.pending = Tally()
        state.fall = _mark(signals, step.at, _area_since(step, signals))
        state.fall_s, state.fall_level_n = _known(step), step.level_n
    elif step.kind is _FALL_BACK:
        contact = _opened(state)
        contact.summed = joined(contact.summed, state.pending)
        contact.known_since_s = at_s
    elif step.kind is _OFF:
        _end(state, _opened(state), _known(step), step.level_n)
    elif step.kind is _CLOSE:
        close_contact(state, at_s, out)


def _known(step: Step) -> float:
    if step.t_s is None:
        raise AssertionError("a fall without a crossing")
    return step.t_s


def _begin(state: FootContactState, step: Step, signals: FootSignals, at_s: float) -> None:
    """ON: a new contact, or the one before goes on after an OFF that was too short."""
    if step.merged:
        contact = _opened(state)
        contact.summed = joined(contact.summed, state.pending)
        contact.known_since_s, contact.off_s, contact.off = at_s, None, None
        return
    if step.t_s is None:
        mark, seen_s = _mark(signals, step.at), at_s
    else:
        mark, seen_s = state.rise, step.t_s
    state.open = OpenContact(
        on_s=step.t_s,
        seen_s=seen_s,
        on=mark,
        summed=Tally() if step.t_s is None else state.pending,
        known_since_s=at_s,
    )


def _end(state: FootContactState, contact: OpenContact, off_s: float, half_on_n: float) -> None:
    """OFF: what the extended flank still carries is a trapezoid down to half of ON."""
    tail_n_s = 0.5 * (state.fall_level_n + half_on_n) * max(off_s - state.fall_s, 0.0)
    contact.off_s = off_s
    fall = state.fall
    contact.off = Mark(fall.impulse_n_s + tail_n_s, fall.heel_impulse_n_s, fall.lost)


def close_contact(state: FootContactState, at_s: float, out: Findings) -> None:
    """Decide the contact whose OFF stands, or drop it as too short."""
    contact, state.open = _opened(state), None
    if contact.off_s is None or contact.off is None:
        raise AssertionError("a contact is closed without an OFF")
    if not contact.confirmed:
        if contact.on_s is not None and contact.off_s - contact.on_s < state.shortest_on_s:
            return
        report_on(state.foot, contact, at_s, out)
    decide(state.foot, state.kind, contact, contact.off, at_s, out)


def finish_fall(state: FootContactState, off_s: float, half_on_n: float) -> None:
    """Data end within a fall whose flank has met half of ON: that OFF stands."""
    _end(state, _opened(state), off_s, half_on_n)


def take_rise(state: FootContactState, at_s: float) -> None:
    """Data end within a rise that nothing has contradicted: it is an ON."""
    if state.open is not None:
        state.open.summed = joined(state.open.summed, state.pending)
        state.open.off_s = state.open.off = None
        return
    seen_s = at_s if state.rise_s is None else state.rise_s
    state.open = OpenContact(state.rise_s, seen_s, state.rise, state.pending, at_s)


def reopen_unseen_off(state: FootContactState, last_off_s: float) -> bool:
    """Data end before an OFF that a slow fall was extended to: take it back; whether it was so."""
    contact = _opened(state)
    if contact.off_s is None or contact.off_s <= last_off_s:
        return False
    contact.summed = joined(contact.summed, state.pending)
    contact.off_s = contact.off = None
    return True


def leave_open(state: FootContactState, end: Mark, at_s: float, out: Findings) -> None:
    """Data end within a contact: nobody saw its OFF."""
    contact, state.open = _opened(state), None
    if not contact.confirmed:
        report_on(state.foot, contact, at_s, out)
    decide(state.foot, state.kind, contact, end, at_s, out)
