# SPDX-License-Identifier: GPL-3.0-or-later
"""What balance needs of the loads: frames of CoP and force, and when each foot was on the ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rig.balance.definitions import Float64
from rig.calibrate.force_block import Int64, UInt32
from rig.contact.results import ContactEvent, EventKind, LoadBlock
from rig.contact.rules import LONGEST_GAP_S
from rig.layout import Foot

DECISION_DELAY_S = 0.15
"""A touch is decided up to 30 ms after it began, later where frames are lost; so long is waited."""


@dataclass(frozen=True, slots=True, eq=False)
class StanceSignals:
    """n frames.

    Attributes
    ----------
    t_s : (n,) float64
        Board time; frames that were lost are missing.
    cop_mm : (n, 2) float64
        Both feet, ML and AP on the stance template; NaN where undefined.
    foot_cop_mm : (n, 2, 2) float64
        By foot in its own frame, ML and AP.
    foot_force_n : (n, 2) float64
    region_force_n : (n, 2, 4) float64
        By `Region`.
    lost_before : (n,) int64
    flags : (n,) uint32
        `FrameFlag` bits.
    """

    t_s: Float64
    cop_mm: Float64
    foot_cop_mm: Float64
    foot_force_n: Float64
    region_force_n: Float64
    lost_before: Int64
    flags: UInt32

    def __len__(self) -> int:
        return len(self.t_s)

    def between(self, from_s: float, to_s: float) -> StanceSignals:
        """Frames with from_s <= t_s < to_s."""
        first, end = np.searchsorted(self.t_s, (from_s, to_s), side="left")
        return self.cut(slice(int(first), int(end)))

    def cut(self, part: slice) -> StanceSignals:
        return StanceSignals(
            self.t_s[part],
            self.cop_mm[part],
            self.foot_cop_mm[part],
            self.foot_force_n[part],
            self.region_force_n[part],
            self.lost_before[part],
            self.flags[part],
        )


def signals_of(loads: LoadBlock) -> StanceSignals:
    """The part of a block of loads that balance keeps."""
    return StanceSignals(
        loads.force.t_s,
        loads.cop_mm,
        loads.foot_cop_mm,
        loads.foot_force_n,
        loads.region_force_n,
        loads.force.lost_before,
        loads.force.flags,
    )


def join_signals(parts: Sequence[StanceSignals]) -> StanceSignals:
    """One after the other; `parts` must hold at least one."""
    return StanceSignals(
        np.concatenate([p.t_s for p in parts]),
        np.concatenate([p.cop_mm for p in parts]),
        np.concatenate([p.foot_cop_mm for p in parts]),
        np.concatenate([p.foot_force_n for p in parts]),
        np.concatenate([p.region_force_n for p in parts]),
        np.concatenate([p.lost_before for p in parts]),
        np.concatenate([p.flags for p in parts]),
    )


@dataclass(frozen=True, slots=True)
class FootChange:
    """One foot comes onto the ground (`on`) or leaves it."""

    t_s: float
    foot: Foot
    on: bool


def foot_changes(events: Iterable[ContactEvent]) -> list[FootChange]:
    """In the order of the events."""
    kinds = {EventKind.FOOT_ON: True, EventKind.FOOT_OFF: False}
    return [FootChange(e.t_s, e.foot, kinds[e.kind]) for e in events if e.kind in kinds]


def without_gaps(
    changes: Sequence[FootChange], gaps: Sequence[tuple[float, float]], now_s: float
) -> list[FootChange]:
    """Changes without those that only a gap in the data made.

    At a long gap contacts end with the last frame before it and begin anew with the first after it. A
    foot that stands on both sides of `gaps` (last and first time) has not been seen to move; until that
    is decided (`now_s`), it is taken to stand.
    """
    dropped: set[FootChange] = set()
    for before_s, after_s in gaps:
        for foot in Foot:
            left = [c for c in changes if c.foot == foot and not c.on and c.t_s == before_s]
            came = [c for c in changes if c.foot == foot and c.on and c.t_s == after_s]
            if left and (came or now_s < after_s + DECISION_DELAY_S):
                dropped |= {*left, *came}
    return [c for c in changes if c not in dropped] if dropped else list(changes)


def gaps_of(t_s: Float64, before_s: float | None = None) -> list[tuple[float, float]]:
    """Gaps long enough for contacts to end in; `before_s` is the last time before these frames."""
    times = t_s if before_s is None else np.concatenate(([before_s], t_s))
    at = np.flatnonzero(np.diff(times) > LONGEST_GAP_S)
    return [(float(times[i]), float(times[i + 1])) for i in at]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which feet stood at the beginning of an interval, and what they did in it."""

    at_start: tuple[bool, bool]
    changes: tuple[FootChange, ...]

    @property
    def feet(self) -> tuple[bool, bool]:
        """On the ground at the beginning or at any time after it."""
        came = [any(c.foot == foot and c.on for c in self.changes) for foot in Foot]
        return self.at_start[0] or came[0], self.at_start[1] or came[1]

    @property
    def lifted(self) -> bool:
        """A foot left the ground."""
        return any(not change.on for change in self.changes)

    @property
    def stepped(self) -> bool:
        """A foot came down anew; insoles see no more of a step."""
        return any(change.on for change in self.changes)


def standing_between(changes: Sequence[FootChange], from_s: float, to_s: float) -> Standing:
    """From all changes since the feet's beginning; an OFF at the very end is the data's own end."""
    on = [False, False]
    for change in changes:
        if change.t_s <= from_s:
            on[change.foot] = change.on
    inside = tuple(c for c in changes if from_s < c.t_s < to_s)
    return Standing((on[0], on[1]), inside)
