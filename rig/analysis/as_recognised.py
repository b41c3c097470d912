# SPDX-License-Identifier: GPL-3.0-or-later
"""A stream judged by the drills that are recognised in it, whatever it says was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rig.analysis.movement import movement_of
from rig.analysis.recognise import UNKNOWN, Stretch, recognised
from rig.batch import SettingsAt, WholeStream
from rig.contact.results import LoadBlock
from rig.drills.registry import with_own_thresholds
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings

EVERY_FRAMES = 20
"""Of which the place in the stream is remembered: stretches are not known to a tenth of a second."""
RUN_UP_S = 2.0
"""A drill reaches so far into unknown movement before and after it, for a set begins and ends in
standing, which fits nothing (design choice)."""


class _From(NamedTuple):
    """One drill from a time on."""

    at_s: float
    stretch: Stretch


@dataclass(slots=True)
class _Places:
    """Where in the stream each time is."""

    t_s: list[float] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def take(self, loads: LoadBlock) -> None:
        kept = loads.force.frame_number % EVERY_FRAMES == 0
        self.t_s += loads.force.t_s[kept].tolist()
        self.offsets += loads.force.end_offset[kept].tolist()

    def before(self, at_s: float) -> int:
        """The end of a frame before this time; 0 where there is none."""
        place = int(np.searchsorted(self.t_s, at_s, side="left"))
        return self.offsets[place - 1] if place else 0


def as_recognised(
    stream: WholeStream, progress: Callable[[int], None] | None = None
) -> WholeStream:
    """The stream with the drill of each stretch in the place of its own; the profile stays.

    Unknown movement is free, and a side that no foot tells is the recording's.

    Raises
    ------
    AnalysisError
        A mat of less than 100 Hz.
    SettingsError
        The board is not one that this version can read.
    """
    places = _Places()
    stretches = recognised(movement_of(stream, progress, seen=places.take))
    begins = [(places.before(b.at_s), b.stretch) for b in _begins(stretches)]
    own = [SettingsAt(0, stream.settings), *stream.changes]
    offsets = sorted({0, *(offset for offset, _ in begins), *(change.offset for change in own)})
    changes = tuple(SettingsAt(at, _at(at, own, begins)) for at in offsets)
    return replace(stream, settings=changes[0].settings, changes=changes[1:])


def _begins(stretches: tuple[Stretch, ...]) -> list[_From]:
    """When each stretch begins, named ones reaching into unknown ones beside them."""
    begins = [_From(0.0, stretch) for stretch in stretches[:1]]
    for before, stretch in pairwise(stretches):
        at_s = stretch.from_s
        if before.drill == UNKNOWN:
            at_s -= min(RUN_UP_S, (before.to_s - before.from_s) / 2.0)
        elif stretch.drill == UNKNOWN:
            at_s += min(RUN_UP_S, (stretch.to_s - stretch.from_s) / 2.0)
        begins.append(_From(at_s, stretch))
    return begins


def _at(offset: int, own: list[SettingsAt], begins: list[tuple[int, Stretch]]) -> PipelineSettings:
    """What is in force from a place of the stream on."""
    settings = [change.settings for change in own if change.offset <= offset][-1]
    named = [stretch for at, stretch in begins if at <= offset]
    return replace(settings, drill=_drill(named[-1], settings.drill)) if named else settings


def _drill(stretch: Stretch, own: DrillSettings) -> DrillSettings:
    name = "free" if stretch.drill == UNKNOWN else stretch.drill
    side = own.side if stretch.side is None else ("left", "right")[stretch.side]
    return with_own_thresholds(DrillSettings(name, side, own.thresholds))
