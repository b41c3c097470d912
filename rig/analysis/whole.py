# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole stream at once: the pipeline's results gathered and summed up.

Nothing is measured here that the stages do not measure; this only collects, counts and averages.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from rig.analysis.judged_by import AS_RECORDED, JudgedBy
from rig.analysis.mask_costs import TypicalLoads, mask_costs
from rig.analysis.stretches import DrillStretch, GatheredStretch, in_order
from rig.batch import WholeStream, outputs, stream_of
from rig.calibrate.force_block import Float64, ForceBlock, FrameFlag, Int64
from rig.calibrate.health_results import HealthFinding
from rig.contact.mask_effect import MaskEffect
from rig.contact.results import Contact, ContactEvent
from rig.contact.timing import flight_times_s
from rig.contact.withheld import times_withheld, without_times
from rig.drills.faults import Fault
from rig.drills.repetitions import Repetition
from rig.pipeline import BlockResult, PipelineSettings
from rig.record.recording import Recording
from rig.settings import DrillSettings
from rig.wire.frames import DecodeFaults
from rig.wire.packets import RigKind

Progress = Callable[[int], None]


class MarkAt(NamedTuple):
    """A marker key that was pressed when so many bytes had come."""

    offset: int
    label: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker key; `at_s` is the first frame's that came after it, or the last one's."""

    label: str
    at_s: float


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
    drills : tuple of DrillStretch
        In order of time. A change of settings that keeps drill, side and profile begins no new one,
        and one under which no frame came is left out.
    cadence_per_min : float
        That of the only stretch; NaN where there are more: there is no one drill to speak of.
    mat_frames, feet_unknown_frames : int
        Frames of a mat, and those in which it was not known which foot is which.
    event_times_withheld : bool
        A mat of less than 100 Hz: contacts have no ON and OFF, and there are no events.
    set_faults : tuple of Fault
        Of whole sets, and what happened beside their repetitions.
    damaged_event_lines : int
        Lines of the recording's `events.jsonl` that could not be read.
    """

    settings: PipelineSettings
    changes: int
    drills: tuple[DrillStretch, ...]
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
    mat_frames: int = 0
    feet_unknown_frames: int = 0
    event_times_withheld: bool = False
    damaged_event_lines: int = 0
    findings: tuple[HealthFinding, ...] = ()
    """What was found out about sensors, in the order of time."""
    mask_effects: tuple[MaskEffect | None, ...] = ()
    """What each of them costs the CoP; None where it costs nothing, or nobody stood there."""
    set_faults: tuple[Fault, ...] = ()
    markers: tuple[Marker, ...] = ()
    judged: JudgedBy = AS_RECORDED
    """By what else than the recording says."""
    recorded: tuple[DrillSettings, ...] = ()
    """What it says: in force at the start, and after each change."""

    @property
    def drill_changed(self) -> bool:
        """Frames came under more than one drill, side or profile."""
        return len(self.drills) > 1


@dataclass(slots=True)
class _Gathered:
    """Sums over blocks; the blocks themselves are let go.

    `drills` are those in force from byte 0 and from each of `change_offsets` on.
    """

    drills: tuple[DrillSettings, ...]
    change_offsets: tuple[int, ...]
    stretches: list[GatheredStretch] = field(default_factory=list)
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
    events: list[ContactEvent] = field(default_factory=list)
    findings: list[HealthFinding] = field(default_factory=list)
    typical: TypicalLoads = field(default_factory=TypicalLoads)
    mat_frames: int = 0
    feet_unknown: int = 0
    withheld: bool = False
    set_faults: list[Fault] = field(default_factory=list)
    marks: list[MarkAt] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)

    def take(self, block: BlockResult) -> None:
        force = block.loads.force
        contacts = block.contact.contacts
        if times_withheld(force):
            self.withheld = True
            contacts = tuple(without_times(c) for c in contacts)
        else:
            self.events += block.contact.events
        if len(force):
            self._reach(int(force.end_offset[0]), float(force.t_s[0]), float(force.t_s[-1]))
            self._pass_marks(force.end_offset, force.t_s)
        self.set_faults += block.drill.set_faults
        if self.stretches:  # a block without frames ends what came before it
            self.stretches[-1].contacts += contacts
            self.stretches[-1].repetitions += block.drill.repetitions
        if len(force) == 0:
            return
        if isinstance(force, ForceBlock):
            self.findings += force.findings
            self.typical.take(block.loads)
        segment = force.segment
        if segment.index not in self.segments:
            self.segments.add(segment.index)
            if not segment.clock_continues or self.run_first is None:
                self.close_run()
                self.clock_runs += 1
                self.run_first = (int(force.frame_number[0]), float(force.t_s[0]))
        self.frames += len(force)
        if segment.hello.rig_kind == RigKind.MAT:
            self.mat_frames += len(force)
            self.feet_unknown += int(np.count_nonzero(force.flags & FrameFlag.FEET_UNKNOWN))
        self.saturated += int(np.count_nonzero(force.flags & FrameFlag.SATURATED))
        self.run_last = (int(force.frame_number[-1]), float(force.t_s[-1]))
        self.last_t_s = float(force.t_s[-1])

    def _reach(self, end_offset: int, first_s: float, last_s: float) -> None:
        """Begin a stretch where the drill is another; no block of frames spans a change."""
        drill = self.drills[bisect_left(self.change_offsets, end_offset)]
        if not self.stretches or self.stretches[-1].drill != drill:
            self.stretches.append(GatheredStretch(drill, first_s, last_s))
        self.stretches[-1].to_s = last_s

    def _pass_marks(self, end_offset: Int64, t_s: Float64) -> None:
        """Give the markers that were set before these frames came the time of the next one."""
        while self.marks and self.marks[0].offset < end_offset[-1]:
            mark = self.marks.pop(0)
            after = int(np.searchsorted(end_offset, mark.offset, side="right"))
            self.markers.append(Marker(mark.label, float(t_s[after])))

    def close_run(self) -> None:
        """Add the clock run's ticks, since the time between runs is the host's and no rate."""
        if self.run_first is not None:
            self.ticks += self.run_last[0] - self.run_first[0]
            self.ticked_s += self.run_last[1] - self.run_first[1]
            self.run_first = None


def analyse(
    stream: WholeStream, progress: Progress | None = None, marks: Iterable[MarkAt] = ()
) -> Analysis:
    """Run a whole stream through the pipeline; `progress` is told how many bytes are done.

    Raises
    ------
    SettingsError
        The board is not one that this version can read.
    """
    in_force = (stream.settings, *(change.settings for change in stream.changes))
    gathered = _Gathered(
        tuple(settings.drill for settings in in_force),
        tuple(change.offset for change in stream.changes),
        marks=sorted(marks),
    )
    for output, done in outputs(stream):
        for block in output.blocks:
            gathered.take(block)
        gathered.faults = output.faults
        if progress is not None:
            progress(done)
    return _summed_up(gathered, stream)


def analyse_recording(
    recording: Recording, progress: Progress | None = None, judged: JudgedBy = AS_RECORDED
) -> Analysis:
    """`analyse` of an opened recording, with the settings, changes and markers that it holds.

    `judged` is put in the place of what the recording says was done.

    Raises
    ------
    RecordingError
        A change of settings in it cannot be understood.
    SettingsError
        The board is not one that this version can read.
    """
    marks = [
        MarkAt(event["offset"], str(event.get("label", "")))
        for event in recording.events
        if event.get("type") == "marker" and isinstance(event.get("offset"), int)
    ]
    stream = stream_of(recording)
    analysis = analyse(judged.stream(stream, progress), progress, marks)
    return replace(
        analysis,
        simulated=recording.info.source.simulated,
        damaged_event_lines=recording.damaged_event_lines,
        changes=len(stream.changes),
        judged=judged,
        recorded=(stream.settings.drill, *(c.settings.drill for c in stream.changes)),
    )


def _summed_up(gathered: _Gathered, stream: WholeStream) -> Analysis:
    gathered.close_run()
    drills = tuple(stretch.summed_up() for stretch in gathered.stretches)
    contacts = in_order(c for stretch in gathered.stretches for c in stretch.contacts)
    rate_hz = gathered.ticks / gathered.ticked_s if gathered.ticked_s > 0.0 else math.nan
    return Analysis(
        settings=stream.settings,
        changes=len(stream.changes),
        drills=drills,
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
        cadence_per_min=drills[0].cadence_per_min if len(drills) == 1 else math.nan,
        mat_frames=gathered.mat_frames,
        feet_unknown_frames=gathered.feet_unknown,
        event_times_withheld=gathered.withheld,
        repetitions=tuple(r for stretch in gathered.stretches for r in stretch.repetitions),
        findings=tuple(gathered.findings),
        mask_effects=mask_costs(gathered.findings, gathered.typical, stream.settings),
        set_faults=tuple(gathered.set_faults),
        markers=(
            *gathered.markers,
            *(Marker(mark.label, gathered.last_t_s) for mark in gathered.marks),
        ),
    )
