# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of both feet that wait to be summed up until it is decided what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from rig.contact.open_contact import Mark
from rig.contact.signals import FeetSignals, SignalCarry, joined_signals, signals_from
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
            left, right = self.signals
            signals = joined_signals(left, signals[0]), joined_signals(right, signals[1])
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

    def mark(self, foot: Foot, carry: SignalCarry) -> Mark:
        """Running integrals at the first frame not yet passed, or at the last one known."""
        signals = None if self.signals is None else self.signals[foot]
        if signals is None or self.at >= len(signals.t_s):
            return Mark(carry.impulse_n_s, carry.heel_impulse_n_s, carry.lost)
        at = self.at
        return Mark(
            float(signals.impulse_n_s[at]),
            float(signals.heel_impulse_n_s[at]),
            int(signals.lost[at]),
        )

    def rest(self) -> FeetSignals | None:
        """The frames that were not passed."""
        if self.signals is None:
            return None
        left, right = self.signals
        return signals_from(left, self.at), signals_from(right, self.at)
