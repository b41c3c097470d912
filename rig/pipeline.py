# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins the stages; no maths of its own. Live, replay and batch all come through here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import ForceBlock, Int64
from rig.calibrate.force_stage import (
    PADS_A_FOOT,
    ForceState,
    change_calibration,
    force_stage,
    tell_self_test,
    watch_drift,
)
from rig.calibrate.timeline import TimelineState, timeline
from rig.contact.contact_stage import (
    change_rules,
    contact_stage,
    contact_state,
    finish_contacts,
)
from rig.contact.load_stage import LoadState, load_stage, load_state
from rig.contact.mat_loads import MatLoadBlock
from rig.contact.mat_stages import (
    change_mat_settings,
    finish_mat,
    known_feet,
    mat_stages,
    mat_through,
)
from rig.contact.results import ContactResult, LoadBlock
from rig.contact.rules import ContactRules, contact_rules
from rig.drills.engine import drill_stage, drill_state, finish_drill
from rig.drills.registry import contact_settings
from rig.drills.repetitions import DrillResult
from rig.settings import DrillSettings, Participant
from rig.wire.decoder import Decoder
from rig.wire.frames import (
    DecodedItem,
    DecodeFaults,
    FrameBlock,
    HelloReceived,
    ReplyReceived,
    Segment,
    StatusReceived,
)
from rig.wire.packets import Command, Hello, Reply, Result, RigKind

MOST_SAMPLES = 20 * 1024 * 32
"""Samples that go through the stages at once, 5 MB of forces: what a block costs besides its frames
weighs little then, and every row of one sensel's frames still stays cached (measured)."""
MOST_BYTES = 1 << 20
"""Bytes decoded at once; memory stays bounded however much is pushed."""


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """Everything besides the bytes that a result depends on; kept in the recording."""

    participant: Participant = field(default_factory=Participant)
    calibration: Calibration = field(default_factory=Calibration)
    drill: DrillSettings = field(default_factory=DrillSettings)


@dataclass(frozen=True, slots=True, eq=False)
class BlockResult:
    """All that one block of frames led to.

    A block without frames carries what was decided between frames: by the end of the data, or by a
    change of settings.
    """

    loads: LoadBlock
    contact: ContactResult
    drill: DrillResult


@dataclass(frozen=True, slots=True, eq=False)
class PipelineOutput:
    """What one push of bytes led to, in stream order."""

    blocks: tuple[BlockResult, ...]
    hellos: tuple[HelloReceived, ...]
    statuses: tuple[StatusReceived, ...]
    replies: tuple[ReplyReceived, ...]
    faults: DecodeFaults


@dataclass(slots=True)
class _Collected:
    """What one push has led to so far."""

    blocks: list[BlockResult] = field(default_factory=list)
    hellos: list[HelloReceived] = field(default_factory=list)
    statuses: list[StatusReceived] = field(default_factory=list)
    replies: list[ReplyReceived] = field(default_factory=list)


class Pipeline:
    """Bytes in, results out; the state of every stage lives here and nowhere else.

    However the bytes are cut into pushes, the concatenated results are equal to the bit.

    Parameters
    ----------
    settings : PipelineSettings
        In force from the first byte on.
    hello : Hello, optional
        In force at the first byte, where the stream begins after its hello.
    """

    def __init__(self, settings: PipelineSettings, hello: Hello | None = None) -> None:
        self._settings = settings
        self._decoder = Decoder(hello)
        self._offset = 0
        self._arrivals: Int64 = np.zeros((0, 2), np.int64)
        self._reopenings: list[int] = []
        self._timeline = TimelineState()
        self._force = ForceState(
            settings.calibration, settings.participant.body_weight_n is not None
        )
        self._force = watch_drift(self._force, follows=not _rules(settings).toes_stay_down)
        self._loads = _load_state(settings)
        self._mat = mat_stages(settings.participant, settings.calibration)
        self._contact = contact_state(_rules(settings))
        self._drill = drill_state(settings.drill, settings.participant)
        self._segment: Segment | None = None
        self._between: list[BlockResult] = []

    @property
    def settings(self) -> PipelineSettings:
        """In force for the next byte."""
        return self._settings

    @property
    def hello(self) -> Hello | None:
        """The board's hello in force; None before the first one."""
        return self._decoder.hello

    @property
    def faults(self) -> DecodeFaults:
        """Counted so far."""
        return self._decoder.faults

    def push(self, data: bytes | bytearray | memoryview, arrivals: Int64) -> PipelineOutput:
        """Take the next bytes.

        Parameters
        ----------
        arrivals : (m, 2) int64
            End offset in the stream and monotonic ns of each read, in order, covering `data`. An
            end offset equal to the one before says that the link was reopened there. Entries that
            were given before may be given again.

        Raises
        ------
        SettingsError
            The board is neither a pair of insoles nor a mat that this version can read.
        """
        out = _Collected(blocks=self._taken_between())
        self._note_arrivals(arrivals)
        start, end = self._offset, self._offset + len(data)
        while self._reopenings and self._reopenings[0] <= end:
            stop = max(self._reopenings.pop(0), self._offset)
            self._feed(data[self._offset - start : stop - start], out)
            self._decoder.link_reopened()
        self._feed(data[self._offset - start :], out)
        self._forget_arrivals()
        return self._output(out)

    def change_settings(self, settings: PipelineSettings) -> None:
        """Settings for the next pushed byte on.

        Contacts that are open end open when the participant or the drill changed; a drill starts
        anew when it or its side changed; another calibration alone changes only the forces.
        """
        self._between += self._held_back()
        before, self._settings = self._settings, settings
        self._mat = change_mat_settings(self._mat, settings.participant, settings.calibration)
        known = settings.participant.body_weight_n is not None
        self._force = change_calibration(self._force, settings.calibration, known)
        self._force = watch_drift(self._force, follows=not _rules(settings).toes_stay_down)
        self._loads = _load_state(settings)
        if settings.participant == before.participant and settings.drill == before.drill:
            self._contact = change_rules(self._contact, _rules(settings))
            return
        self._end_contacts()
        self._contact = contact_state(_rules(settings))
        if settings.drill != before.drill:
            self._drill = drill_state(settings.drill, settings.participant)
        else:
            anew = drill_state(settings.drill, settings.participant)
            self._drill = replace(anew, count=self._drill.count)

    def finish(self) -> PipelineOutput:
        """The stream has ended: what can still be decided is decided, the rest stays open."""
        out = _Collected(blocks=self._taken_between())
        self._take(self._decoder.finish(), out)
        out.blocks += self._held_back()
        self._end_contacts()
        out.blocks += self._taken_between()
        return self._output(out)

    def _feed(self, data: bytes | bytearray | memoryview, out: _Collected) -> None:
        for at in range(0, len(data), MOST_BYTES):
            piece = data[at : at + MOST_BYTES]
            self._take(self._decoder.feed(piece), out)
            self._offset += len(piece)

    def _take(self, items: list[DecodedItem], out: _Collected) -> None:
        # frames on both sides of a reply may come as one block before it: a self-test counts from its
        # own byte on, however the stream is cut
        tests = deque(i for i in items if isinstance(i, ReplyReceived) and _is_self_test(i.reply))
        for item in items:
            if isinstance(item, FrameBlock):
                for part in _parts(item, [test.end_offset for test in tests]):
                    while tests and tests[0].end_offset < part.end_offset[0]:
                        self._force = tell_self_test(self._force, tests.popleft().reply)
                    out.blocks += self._through_stages(part)
            elif isinstance(item, HelloReceived):
                out.hellos.append(item)
            elif isinstance(item, StatusReceived):
                out.statuses.append(item)
            else:
                out.replies.append(item)
        for test in tests:
            self._force = tell_self_test(self._force, test.reply)

    def _through_stages(self, block: FrameBlock) -> list[BlockResult]:
        self._segment = block.segment
        self._timeline, t_s = timeline(self._timeline, block, self._arrivals)
        if block.segment.hello.rig_kind == RigKind.MAT:
            self._mat, decided = mat_through(self._mat, block, t_s)
            return [self._judged(loads) for loads in decided]
        held = self._held_back()
        self._force, force = force_stage(self._force, block, t_s)
        self._loads, loads = load_stage(self._loads, force)
        return [*held, self._judged(loads)]

    def _judged(self, loads: LoadBlock) -> BlockResult:
        seen = loads
        if isinstance(loads, MatLoadBlock):
            self._mat, seen = known_feet(self._mat, loads)
        self._contact, contact = contact_stage(self._contact, seen)
        self._drill, drill = drill_stage(self._drill, seen, contact)
        return BlockResult(loads, contact, drill)

    def _held_back(self) -> list[BlockResult]:
        """Frames of a mat that wait for their window to be full."""
        self._mat, decided = finish_mat(self._mat)
        return [self._judged(loads) for loads in decided]

    def _end_contacts(self) -> None:
        """End contacts and drill where they stand; the results come with the next output."""
        if self._segment is None:
            return
        self._contact, contact = finish_contacts(self._contact)
        self._drill, drill = finish_drill(self._drill, contact)
        _, loads = load_stage(self._loads, _no_frames(self._segment))
        self._between.append(BlockResult(loads, contact, drill))

    def _taken_between(self) -> list[BlockResult]:
        taken, self._between = self._between, []
        return taken

    def _note_arrivals(self, arrivals: Int64) -> None:
        """Append what is new, and note where it says that the link was reopened."""
        known = self._arrivals
        new = np.asarray(arrivals, np.int64).reshape(-1, 2)
        if len(known):
            last_end, last_ns = known[-1]
            later = (new[:, 0] > last_end) | ((new[:, 0] == last_end) & (new[:, 1] > last_ns))
            new = new[later]
        ends = np.concatenate((known[-1:, 0], new[:, 0]))
        self._arrivals = np.concatenate((known, new))
        self._reopenings += [int(end) for end in ends[1:][np.diff(ends) == 0]]

    def _forget_arrivals(self) -> None:
        """Keep what frames still to come may ask for: from the last complete byte on."""
        used = int(np.searchsorted(self._arrivals[:, 0], self._offset, side="left"))
        self._arrivals = self._arrivals[min(used, max(len(self._arrivals) - 1, 0)) :]

    def _output(self, out: _Collected) -> PipelineOutput:
        return PipelineOutput(
            blocks=tuple(out.blocks),
            hellos=tuple(out.hellos),
            statuses=tuple(out.statuses),
            replies=tuple(out.replies),
            faults=self._decoder.faults,
        )


def _rules(settings: PipelineSettings) -> ContactRules:
    drill = contact_settings(settings.drill)
    return contact_rules(settings.participant, settings.calibration, drill)


def _load_state(settings: PipelineSettings) -> LoadState:
    holds = settings.drill.name == "stance"  # the one drill that is judged by sway
    return load_state(settings.participant, settings.calibration, sways=holds)


def _is_self_test(reply: Reply) -> bool:
    return reply.command == Command.SELF_TEST and reply.result == Result.DONE


def _parts(block: FrameBlock, cut_offsets: list[int]) -> Iterator[FrameBlock]:
    """The block in pieces that the stages take at once, cut behind these bytes of the stream."""
    most = max(1, MOST_SAMPLES // max(block.segment.hello.sensel_count, 1))
    if len(block) <= most and not cut_offsets:
        yield block
        return
    cuts = set(np.searchsorted(block.end_offset, cut_offsets, side="right").tolist())
    bounds = sorted({*range(0, len(block), most), *cuts, len(block)})
    for start, stop in pairwise(bounds):
        part = slice(start, stop)
        yield FrameBlock(
            segment=block.segment,
            frame_number=block.frame_number[part],
            board_us=block.board_us[part],
            inputs=block.inputs[part],
            counts=block.counts[part],
            end_offset=block.end_offset[part],
            rows=None if block.rows is None else block.rows[:, part],
        )


def _no_frames(segment: Segment) -> ForceBlock:
    none = np.zeros(0, np.int64)
    return ForceBlock(
        segment=segment,
        t_s=np.zeros(0),
        frame_number=none,
        end_offset=none,
        pad_force_n=np.zeros((0, 2, PADS_A_FOOT)),
        flags=np.zeros(0, np.uint32),
        lost_before=none,
    )
