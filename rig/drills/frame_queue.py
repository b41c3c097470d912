# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of both feet that wait to be summed up until it is decided what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from rig.contact.open_contact import Mark
from rig.contact.signals import FeetSignals, FootSignals, joined_feet, signals_from
from rig.contact.tally import Tally, joined, tally
from rig.layout import Foot

LONG_BLOCK = 1024
"""So many frames are not copied to stand behind the few that wait."""


@dataclass(slots=True)
class FrameQueue:
    """The waiting frames in the order of time. `at` is the first not yet passed."""

    parts: list[FeetSignals]
    at: int = 0

    def append(self, signals: FeetSignals) -> None:
        """Add a block's frames behind those that wait."""
        if self.parts and len(signals[0].t_s) < LONG_BLOCK:
            signals = joined_feet(self.parts.pop(), signals)
        self.parts.append(signals)

    def pass_until(self, until_s: float) -> int:
        """Pass the frames before `until_s`; gives the first that was passed."""
        start, until = self.at, 0
        for left, _ in self.parts:
            passed = int(left.t_s.searchsorted(until_s, side="left"))
            until += passed
            if passed < len(left.t_s):
                break
        self.at = max(start, until)
        return start

    def passed(self, foot: Foot, start: int, since_s: float) -> Tally:
        """What one foot's frames from `start` to the first not yet passed amount to (`tally`)."""
        summed, stop = Tally(), self.at
        for part in self.parts:
            count = len(part[foot].t_s)
            summed = joined(summed, tally(part[foot], max(start, 0), min(stop, count), since_s))
            start, stop = start - count, stop - count
        return summed

    def mark(self, foot: Foot, newest: Mark) -> Mark:
        """Running integrals at the first frame not yet passed; those at the newest where none waits."""
        at = self.at
        for part in self.parts:
            if at < len(part[foot].t_s):
                return mark_at(part[foot], at)
            at -= len(part[foot].t_s)
        return newest

    def rest(self) -> list[FeetSignals]:
        """The frames that were not passed, as one block."""
        waiting: list[FeetSignals] = []
        start = self.at
        for left, right in self.parts:
            if start < len(left.t_s):
                waits = signals_from(left, max(start, 0)), signals_from(right, max(start, 0))
                waiting = [joined_feet(waiting[0], waits) if waiting else waits]
            start -= len(left.t_s)
        return waiting


def mark_at(signals: FootSignals, place: int) -> Mark:
    """Running integrals at a frame."""
    return Mark(
        float(signals.impulse_n_s[place]),
        float(signals.heel_impulse_n_s[place]),
        int(signals.lost[place]),
    )
