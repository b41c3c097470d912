# SPDX-License-Identifier: GPL-3.0-or-later
"""A balance test under way: what has been seen and done so far, and which trial is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rig.balance.protocol import Condition, Protocol
from rig.balance.signals import FootChange, StanceSignals, foot_changes, signals_of
from rig.balance.trial import Mark, Outcome, Person, Trial
from rig.contact.results import ContactEvent, ContactResult, EventKind, LoadBlock

Phase = Literal["spotter", "ready", "settling", "lifting", "measuring", "between", "done"]
CueKind = Literal["instruction", "start", "ten_seconds_left", "end", "outcome", "caution", "done"]
Key = Literal[
    "spotter_ready", "start", "eyes_opened", "arms_moved", "stopped", "discard", "mark", "quit"
]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to be said aloud at `t_s`; `kind` tells sounds and screens what it is."""

    t_s: float
    kind: CueKind
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One block of frames, and what the contact floor decided with it."""

    signals: StanceSignals
    changes: tuple[FootChange, ...]
    lifts: tuple[ContactEvent, ...]
    feet_on: tuple[bool, bool]
    rate_hz: float


def seen(loads: LoadBlock, contact: ContactResult) -> Seen:
    """From what one block led to."""
    rate_hz = float(loads.force.segment.hello.scan_rate_hz)
    feet_on = (bool(contact.foot_on[0]), bool(contact.foot_on[1]))
    return seen_of(signals_of(loads), contact.events, feet_on, rate_hz)


def seen_of(
    signals: StanceSignals,
    events: Iterable[ContactEvent],
    feet_on: tuple[bool, bool],
    rate_hz: float,
) -> Seen:
    """From its parts; `feet_on` are the feet on the ground after the block."""
    events = tuple(events)
    lifted = (EventKind.HEEL_OFF, EventKind.BALL_OFF)
    lifts = tuple(event for event in events if event.kind in lifted)
    return Seen(signals, tuple(foot_changes(events)), lifts, feet_on, rate_hz)


def next_trial(
    protocol: Protocol, order: tuple[int, ...], trials: tuple[Trial, ...]
) -> tuple[Condition, int, bool] | None:
    """What the protocol's rules ask for next: condition, number, practice; None at the end."""
    for place in order:
        condition = protocol.conditions[place]
        done = [t for t in trials if t.condition == condition.key and not t.discarded]
        practised = sum(t.practice for t in done)
        scored = [t for t in done if not t.practice]
        if practised < protocol.practice and not scored:
            return condition, practised + 1, True
        if protocol.until_full and any(t.full_time for t in scored):
            continue
        if len(scored) < protocol.trials:
            return condition, len(scored) + 1, False
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A test under way.

    Attributes
    ----------
    order : tuple of int
        Conditions in the order in which they are done.
    phase_s : float
        When the phase began; while measuring, when the clock started.
    cued : frozenset of str
        Cues of this trial that were already given.
    """

    protocol: Protocol
    person: Person
    order: tuple[int, ...]
    seed: int | None = None
    floor_velocity_mm_s: float | None = None
    phase: Phase = "between"
    phase_s: float = 0.0
    now_s: float = 0.0
    rate_hz: float = 0.0
    frames: tuple[StanceSignals, ...] = ()
    changes: tuple[FootChange, ...] = ()
    lifts: tuple[ContactEvent, ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    spotter_at: str = ""
    rest_s: float = 0.0
    ended: tuple[float, Outcome] | None = None
    cued: frozenset[str] = frozenset()
    marks: tuple[Mark, ...] = ()
    trials: tuple[Trial, ...] = field(default_factory=tuple)

    @property
    def next_up(self) -> tuple[Condition, int, bool] | None:
        """Condition, number and whether it is practice, of the trial that is next or running."""
        return next_trial(self.protocol, self.order, self.trials)

    @property
    def show_cop(self) -> bool:
        """Seeing the CoP changes sway: it is shown for limits of stability alone."""
        return self.protocol.measure == "limits" and self.phase in ("settling", "measuring")

    @property
    def seconds_left(self) -> float | None:
        """Of a running trial."""
        if self.phase != "measuring" or self.next_up is None:
            return None
        return max(0.0, self.phase_s + self.next_up[0].seconds - self.now_s)
