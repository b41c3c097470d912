# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole stream at once: the pipeline's results gathered and summed up.

Nothing is measured here that the stages do not measure; this only collects, counts and averages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from rig.batch import WholeStream, outputs, stream_of
from rig.calibrate.force_block import FrameFlag
from rig.contact.results import Contact, ContactEvent
from rig.contact.timing import cadence_per_min, flight_times_s
from rig.drills.repetitions import Repetition
from rig.pipeline import BlockResult, PipelineSettings
from rig.record.recording import Recording
from rig.wire.frames import DecodeFaults

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a stream amounts to.

    Attributes
    ----------
    settings : PipelineSettings
        In force at the start; `changes` of settings came later.
    clock_runs : int
        How often the board's clock started; more than one means a reset or a replug.
    rate_hz : float
        Scans a second by the board's clock, lost ones counted; NaN with fewer than two frames.
    duration_s : float
        Last frame's time; NaN without frames.
    cadence_per_min : float
        Of the drill's repetitions, or of ONs of both feet in the stance drill; NaN if undefined, and
        where the drill or its side was changed on the way: there is no one drill to speak of.
    """

    settings: PipelineSettings
    changes: int
    drill_changed: bool
    frames: int
    faults: DecodeFaults
    segments: int
    clock_runs: int
    rate_hz: float
    duration_s: float
    saturated_frames: int
    contacts: tuple[Contact, ...]
    events: tuple[ContactEvent, ...]
    flight_times_s: tuple[float, ...]
    cadence_per_min: float
    repetitions: tuple[Repetition, ...]
    simulated: bool | None = None


@dataclass(slots=True)
class _Gathered:
    """Sums over blocks; the blocks themselves are let go."""

    faults: DecodeFaults = field(default_factory=DecodeFaults)
    frames: int = 0
    saturated: int = 0
    segments: set[int] = field(default_factory=set)
    clock_runs: int = 0
    run_first: tuple[int, float] | None = None
    run_last: tuple[int, float] = (0, 0.0)
    ticks: int = 0
    ticked_s: float = 0.0
    last_t_s: float = math.nan
    contacts: list[Contact] = field(default_factory=list)
    events: list[ContactEvent] = field(default_factory=list)
    repetitions: list[Repetition] = field(default_factory=list)

    def take(self, block: BlockResult) -> None:
        self.contacts += block.contact.contacts
        self.events += block.contact.events
        self.repetitions += block.drill.repetitions
        force = block.loads.force
        if len(force) == 0:
            return
        segment = force.segment
        if segment.index not in self.segments:
            self.segments.add(segment.index)
            if not segment.clock_continues or self.run_first is None:
                self.close_run()
                self.clock_runs += 1
                self.run_first = (int(force.frame_number[0]), float(force.t_s[0]))
        self.frames += len(force)
        self.saturated += int(np.count_nonzero(force.flags & FrameFlag.SATURATED))
        self.run_last = (int(force.frame_number[-1]), float(force.t_s[-1]))
        self.last_t_s = float(force.t_s[-1])

    def close_run(self) -> None:
        """Add the clock run's ticks, since the time between runs is the host's and no rate."""
        if self.run_first is not None:
            self.ticks += self.run_last[0] - self.run_first[0]
            self.ticked_s += self.run_last[1] - self.run_first[1]
            self.run_first = None


def analyse(stream: WholeStream, progress: Progress | None = None) -> Analysis:
    """Run a whole stream through the pipeline; `progress` is told how many bytes are done.

    Raises
    ------
    SettingsError
        The board is not one that this version can read.
    """
    gathered = _Gathered()
    for output, done in outputs(stream):
        for block in output.blocks:
            gathered.take(block)
        gathered.faults = output.faults
        if progress is not None:
            progress(done)
    return _summed_up(gathered, stream)


def analyse_recording(recording: Recording, progress: Progress | None = None) -> Analysis:
    """`analyse` of an opened recording, with the settings and changes that it holds.

    Raises
    ------
    RecordingError
        A change of settings in it cannot be understood.
    SettingsError
        The board is not one that this version can read.
    """
    analysis = analyse(stream_of(recording), progress)
    return replace(analysis, simulated=recording.info.source.simulated)


def _summed_up(gathered: _Gathered, stream: WholeStream) -> Analysis:
    gathered.close_run()
    contacts = sorted(gathered.contacts, key=lambda c: (c.first_s, c.foot))
    drill = stream.settings.drill
    drill_changed = any(change.settings.drill != drill for change in stream.changes)
    moments = _step_moments(drill.name, contacts, gathered.repetitions)
    rate_hz = gathered.ticks / gathered.ticked_s if gathered.ticked_s > 0.0 else math.nan
    return Analysis(
        settings=stream.settings,
        changes=len(stream.changes),
        drill_changed=drill_changed,
        frames=gathered.frames,
        faults=gathered.faults,
        segments=len(gathered.segments),
        clock_runs=gathered.clock_runs,
        rate_hz=rate_hz,
        duration_s=gathered.last_t_s,
        saturated_frames=gathered.saturated,
        contacts=tuple(contacts),
        events=tuple(sorted(gathered.events, key=lambda e: (e.t_s, e.foot, e.kind.value))),
        flight_times_s=tuple(flight_times_s(contacts)),
        cadence_per_min=math.nan if drill_changed else cadence_per_min(moments),
        repetitions=tuple(gathered.repetitions),
    )


def _step_moments(
    drill: str, contacts: Iterable[Contact], repetitions: Iterable[Repetition]
) -> list[float]:
    """What cadence counts: repetitions, or every ON where a repetition is a hold."""
    if drill == "stance":
        return [c.on_s for c in contacts if c.on_s is not None]
    return [r.end_s for r in repetitions]
