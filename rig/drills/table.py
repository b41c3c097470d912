# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill is one table in one file: states, the signals that move between them, what a move ends.

A drill's `watch` turns the newest frames and decided events into signals, in the order of decision;
the table says where each signal leads. A signal without a row for the present state changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rig.contact.results import Contact, ContactEvent, ContactResult, HeelTouch, LoadBlock
from rig.drills.repetitions import Repetition
from rig.settings import DrillName, Participant, Side


class Signal(NamedTuple):
    """Something that happened at `t_s`; `repetition` is the one that it ends, should it count."""

    name: str
    t_s: float
    repetition: Repetition | None = None


class Move(NamedTuple):
    """One row: in `state`, `signal` leads to `target`; `counts` says that it ends a repetition."""

    state: str
    signal: str
    target: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill.

    Attributes
    ----------
    initial : str
        State before anything was seen. States are named in plain words; the screen shows them.
    begin : (side, participant) -> memory
        What the drill remembers beside its state; an object that is replaced, never changed.
    watch : (memory, loads or None, contact) -> (memory, signals)
        `loads` is None when the data have ended.
    alarm : (memory, state, contact) -> heel touch, None where the drill watches no heel
        Grade on the foot that the drill watches, while it lasts.
    """

    name: DrillName
    initial: str
    moves: tuple[Move, ...]
    begin: Callable[[Side, Participant], Any]
    watch: Callable[[Any, LoadBlock | None, ContactResult], tuple[Any, list[Signal]]]
    alarm: Callable[[Any, str, ContactResult], HeelTouch | None]

    def move(self, state: str, signal: str) -> Move | None:
        """The row for a signal in a state, None where there is none."""
        for row in self.moves:
            if row.state == state and row.signal == signal:
                return row
        return None


def contact_ended_by(event: ContactEvent, contact: ContactResult) -> Contact | None:
    """The contact that a FOOT_OFF ends; None where data ended first, so that nobody saw its OFF."""
    for candidate in contact.contacts:
        if candidate.foot == event.foot and candidate.off_s == event.t_s:
            return candidate
    return None
