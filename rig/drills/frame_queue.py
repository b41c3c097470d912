# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of both feet that wait to be summed up until it is decided what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from rig.contact.open_contact import Mark
from rig.contact.signals import FeetSignals, FootSignals, joined_feet, signals_from
from rig.contact.tally import Tally, tally
from rig.layout import Foot


@dataclass(slots=True)
class FrameQueue:
    """The waiting frames; None before the first block. `at` is the first not yet passed."""

    signals: FeetSignals | None
    at: int = 0

    def append(self, signals: FeetSignals) -> None:
        """Add a block's frames behind those that wait."""
        if self.signals is not None:
            signals = joined_feet(self.signals, signals)
        self.signals = signals

    def pass_until(self, until_s: float) -> int:
        """Pass the frames before `until_s`; gives the first that was passed."""
        start = self.at
        if self.signals is not None:
            until = int(self.signals[0].t_s.searchsorted(until_s, side="left"))
            self.at = max(start, until)
        return start

    def passed(self, foot: Foot, start: int, since_s: float) -> Tally:
        """What one foot's frames from `start` to the first not yet passed amount to (`tally`)."""
        if self.signals is None:
            return Tally()
        return tally(self.signals[foot], start, self.at, since_s)

    def mark(self, foot: Foot, newest: Mark) -> Mark:
        """Running integrals at the first frame not yet passed; those at the newest where none waits."""
        signals = None if self.signals is None else self.signals[foot]
        if signals is None or self.at >= len(signals.t_s):
            return newest
        return mark_at(signals, self.at)

    def rest(self) -> FeetSignals | None:
        """The frames that were not passed."""
        if self.signals is None:
            return None
        left, right = self.signals
        return signals_from(left, self.at), signals_from(right, self.at)


def mark_at(signals: FootSignals, place: int) -> Mark:
    """Running integrals at a frame."""
    return Mark(
        float(signals.impulse_n_s[place]),
        float(signals.heel_impulse_n_s[place]),
        int(signals.lost[place]),
    )
