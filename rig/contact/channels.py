# SPDX-License-Identifier: GPL-3.0-or-later
"""One force carried from block to block: a foot's, or that of one of its regions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import ContactEvent, EventKind
from rig.contact.rules import ChannelRules
from rig.contact.track import track_of
from rig.contact.tracker import HISTORY_FRAMES, Phase, Step, StepKind, TrackerState, walk
from rig.layout import Foot


@dataclass(slots=True)
class Channel:
    """The walk's place and the last frames for its flank."""

    tracker: TrackerState
    force_n: Float64 = field(default_factory=lambda: np.zeros(0))
    baseline_n: Float64 = field(default_factory=lambda: np.zeros(0))

    @property
    def is_on(self) -> bool:
        return self.tracker.phase in (Phase.ON, Phase.FALLING)


def channel(rules: ChannelRules) -> Channel:
    """Before the first frame."""
    return Channel(TrackerState(rules))


def follow_channel(
    before: Channel, t_all: Float64, force_n: Float64, baseline_n: Float64 | None, frame_s: float
) -> tuple[Channel, list[Step]]:
    """Steps of a block.

    Parameters
    ----------
    t_all : (m + n,) float64
        Times of the m frames of history and of the block.
    force_n : (n,) float64
    baseline_n : (n,) float64, optional
        None where the force is read as it is.
    """
    tracker = before.tracker.copy()
    force_all = np.concatenate((before.force_n, force_n))
    base_all = before.baseline_n
    if baseline_n is not None:
        base_all = np.concatenate((base_all, baseline_n))
    read_above = None if baseline_n is None else base_all
    steps = walk(tracker, track_of(t_all, force_all, read_above, len(before.force_n), frame_s))
    return Channel(tracker, force_all[-HISTORY_FRAMES:], base_all[-HISTORY_FRAMES:]), steps


def region_events(
    steps: list[Step], foot: Foot, on: EventKind, off: EventKind, t_s: Float64
) -> list[ContactEvent]:
    """ON and OFF of a region; its other steps are not reported."""
    ends = {StepKind.ON: on, StepKind.OFF: off}
    events = []
    for step in steps:
        kind = ends.get(step.kind)
        if kind is not None:
            decided_s = t_s.item(step.at)
            at_s = decided_s if step.t_s is None else step.t_s
            events.append(ContactEvent(at_s, foot, kind, np.nan, decided_s))
    return events
