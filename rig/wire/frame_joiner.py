# SPDX-License-Identifier: GPL-3.0-or-later
"""From opened packets to frames in their place: hello in force, segments, clock, losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rig.wire import device_clock as clock
from rig.wire.batch_opening import PacketGroup
from rig.wire.bit_packing import unpack_columns, unpack_samples
from rig.wire.frames import FrameBlock, Segment, SegmentCause
from rig.wire.packets import (
    CONFIGURATION_MASK,
    INPUT_SYNC_IN,
    INPUT_SYNC_OUT,
    SCAN_LAYOUT,
    Hello,
    HelloReason,
)
from rig.wire.recent_packets import RECENT_FRAMES, RecentPackets

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

SCAN_HEAD = SCAN_LAYOUT.struct
FLAGS_OFFSET = SCAN_HEAD.size - 1
INPUT_BITS = INPUT_SYNC_IN | INPUT_SYNC_OUT
RECENT_US = 10_000_000
"""Packets that come again later than this pass for those of a board that restarted; design choice."""
LEAST_RUN = 16
"""Runs between breaks shorter than this on average go quicker one by one; design choice."""


class FrameJoiner:
    """Places scans one after the other; lives as long as its decoder.

    `join_few` walks frame by frame, `join_many` asks numpy; they share `_is_dropped` and `_place`,
    which decide about the first frame of a run, and give the same.

    A packet that steps back within its segment is dropped where it is, to the byte, one received
    before (`duplicate_frames`), or fills a hole: that frame came after later ones and stays lost,
    since frames leave here in order of time. Any other step back is a board that restarted.
    """

    def __init__(self, tally: Counter[str], hello: Hello | None) -> None:
        self._tally = tally
        self.hello = hello
        self._scan_bytes = hello.scan_bytes if hello else 0
        self._segment: Segment | None = None
        self._segments = 0
        self._pending: SegmentCause | None = SegmentCause.FIRST
        self._hello_since_frame = False
        self._running = False
        self._period_us = 0.0
        self._recent = RecentPackets()
        self._sequence = self._time_us = self._frame_number = self._board_us = 0

    def take_hello(self, hello: Hello) -> None:
        """Put `hello` in force; the next frame starts a segment under it."""
        before = self._segment.hello if self._segment else None
        same_board = before is None or before.unique_id == hello.unique_id
        if hello.reason == HelloReason.BOOT or not same_board:
            self._running = False
        self.hello = hello
        self._scan_bytes = hello.scan_bytes
        self._hello_since_frame = True
        self._pending = self._pending or SegmentCause.HELLO

    def refuse(self) -> None:
        """No scan can be read until the next hello."""
        self.hello = None

    def link_reopened(self) -> None:
        """The next frame starts a segment, whatever comes."""
        if self._pending is not SegmentCause.FIRST:
            self._pending = SegmentCause.LINK_REOPENED

    def fault_of(self, size: int, flags: int) -> str | None:
        """The counter that a SCAN of `size` bytes with `flags` belongs to, None when it is good."""
        if self.hello is None:
            return "unreadable_scans"
        if size < SCAN_HEAD.size:
            return "length_errors"
        if flags & CONFIGURATION_MASK != self.hello.configuration & CONFIGURATION_MASK:
            return "unreadable_scans"
        return None if size == self._scan_bytes else "length_errors"

    def sort_scans(self, group: PacketGroup) -> PacketGroup | None:
        """The good scans of a group of SCAN packets, None without any; the others are counted."""
        hello, size = self.hello, len(group.columns)
        if hello is None or size < SCAN_HEAD.size:
            known = np.full(len(group.ends), hello is not None)
        else:
            configuration = group.columns[FLAGS_OFFSET] & np.uint8(CONFIGURATION_MASK)
            known = configuration == hello.configuration & CONFIGURATION_MASK
        self._count("unreadable_scans", group.stuffed_bytes[~known])
        if hello is not None and size == self._scan_bytes:
            return group if known.all() else group[known]
        self._count("length_errors", group.stuffed_bytes[known])
        return None

    def _count(self, fault: str, stuffed_bytes: Int64) -> None:
        self._tally[fault] += len(stuffed_bytes)
        self._tally["skipped_bytes"] += int(stuffed_bytes.sum())

    def join_few(
        self, hello: Hello, packets: Sequence[bytes], ends: Sequence[int] | Int64
    ) -> list[FrameBlock]:
        """Blocks of good scans under the `hello` in force, by a loop over Python numbers.

        `ends` are the byte offsets just after each packet's delimiter.
        """
        runs: list[tuple[Segment, list[int], list[int], list[int]]] = []
        for i, packet in enumerate(packets):
            _, sequence, time_us, _ = SCAN_HEAD.unpack_from(packet)
            if self._is_dropped(sequence, time_us, packet):
                continue
            segment = self._place(hello, sequence, time_us)
            self._recent.add(self._frame_number, packet)
            if not runs or runs[-1][0] is not segment:
                runs.append((segment, [], [], []))
            _, kept, numbers, times = runs[-1]
            kept.append(i)
            numbers.append(self._frame_number)
            times.append(self._board_us)
        return [
            _block_of_rows(
                segment,
                np.array(numbers, np.int64),
                np.array(times, np.int64),
                np.array([ends[i] for i in kept], np.int64),
                b"".join([packets[i] for i in kept]),
            )
            for segment, kept, numbers, times in runs
        ]

    def join_many(self, hello: Hello, group: PacketGroup) -> list[FrameBlock]:
        """As `join_few`, for a group of packets."""
        if not len(group.ends):
            return []
        sequence, time_us = _sequence_of(group.columns), _time_us_of(group.columns)
        sequence_steps = clock.steps(int(sequence[0]), sequence[1:], clock.SEQUENCE_WRAP)
        time_steps = clock.steps(int(time_us[0]), time_us[1:], clock.TIME_WRAP_US)
        ticks = clock.ticks_between_many(sequence_steps, time_steps, _period_us(hello))
        breaks = (np.flatnonzero(ticks == 0) + 1).tolist()
        if LEAST_RUN * len(breaks) > len(sequence):
            return self.join_few(hello, [row.tobytes() for row in group.columns.T], group.ends)
        rows = unpack_columns(group.columns[SCAN_HEAD.size :], hello.sensel_count, hello.bit_depth)
        counts = np.ascontiguousarray(rows.T)
        inputs = group.columns[FLAGS_OFFSET] & np.uint8(INPUT_BITS)
        blocks: list[FrameBlock] = []
        for start, stop in pairwise([0, *breaks, len(sequence)]):
            first = self._first_kept(group, sequence, time_us, start, stop)
            if first == stop:
                continue
            segment = self._place(hello, int(sequence[first]), int(time_us[first]))
            numbers = clock.running_total(self._frame_number, ticks[first : stop - 1])
            times = clock.running_total(self._board_us, time_steps[first : stop - 1])
            self._tally["lost_frames"] += int(numbers[-1] - numbers[0]) - (stop - first - 1)
            self._frame_number, self._board_us = int(numbers[-1]), int(times[-1])
            self._sequence, self._time_us = int(sequence[stop - 1]), int(time_us[stop - 1])
            part = slice(first, stop)
            self._recent.add_many(numbers, group.columns[:, part])
            ends = group.ends[part]
            blocks.append(
                FrameBlock(segment, numbers, times, inputs[part], counts[part], ends, rows[:, part])
            )
        return blocks

    def _first_kept(
        self, group: PacketGroup, sequence: Int64, time_us: Int64, start: int, stop: int
    ) -> int:
        """The first packet from `start` on that is not dropped, `stop` without any."""
        for at in range(start, stop):
            packet = group.columns[:, at].tobytes()
            if not self._is_dropped(int(sequence[at]), int(time_us[at]), packet):
                return at
        return stop

    def _is_dropped(self, sequence: int, time_us: int, packet: bytes) -> bool:
        """Whether a packet is of a frame received before or missed before; counts it."""
        if not self._running:
            return False
        back = clock.step(sequence, self._sequence, clock.SEQUENCE_WRAP)
        time_back = clock.step(time_us, self._time_us, clock.TIME_WRAP_US)
        if back == 0 and time_back == 0:
            self._tally["duplicate_frames"] += 1
            return True
        if self._pending is not None or not 0 < back <= RECENT_FRAMES or time_back > RECENT_US:
            return False
        number = self._frame_number - back
        if not self._recent.reach_back_to(number):
            return False
        received = self._recent.find(number)
        if received is None:
            return clock.ticks_between(back, time_back, self._period_us) == back
        self._tally["duplicate_frames"] += received == packet
        return received == packet

    def _place(self, hello: Hello, sequence: int, time_us: int) -> Segment:
        """Move the clock on to one frame and return the segment it belongs to."""
        steps = clock.step(self._sequence, sequence, clock.SEQUENCE_WRAP)
        time_step = clock.step(self._time_us, time_us, clock.TIME_WRAP_US)
        self._sequence, self._time_us = sequence, time_us
        if self._segment is None or not self._running:
            return self._start_segment(hello, self._pending or SegmentCause.CLOCK_RESTARTED, 0, 0)
        if self._pending is not None:
            ticks = self._ticks_into_new_segment(hello, steps, time_step)
            return self._start_segment(hello, self._pending, ticks, time_step)
        ticks = clock.ticks_between(steps, time_step, self._period_us)
        if ticks == 0:
            return self._start_segment(hello, SegmentCause.CLOCK_RESTARTED, 0, 0)
        self._advance(ticks, time_step)
        return self._segment

    def _ticks_into_new_segment(self, hello: Hello, steps: int, time_step: int) -> int:
        """Ticks since the last frame of the segment before; 0 when its clock does not run on."""
        if self._hello_since_frame:
            paused = hello.reason == HelloReason.STARTED
            join = clock.ticks_across_pause if paused else clock.ticks_across_hello
            return join(steps, time_step, self._period_us, _period_us(hello))
        return clock.ticks_between(steps, time_step, self._period_us)

    def _start_segment(
        self, hello: Hello, cause: SegmentCause, ticks: int, time_step: int
    ) -> Segment:
        """A new segment; its clock runs on when `ticks` is not 0, else it starts at 0."""
        segment = Segment(self._segments, hello, cause, clock_continues=ticks > 0)
        if ticks:
            self._advance(ticks, time_step)
        else:
            self._frame_number = self._board_us = 0
        self._segment, self._segments = segment, self._segments + 1
        self._pending, self._hello_since_frame, self._running = None, False, True
        self._period_us = _period_us(hello)
        self._recent.clear()
        return segment

    def _advance(self, ticks: int, time_step: int) -> None:
        self._frame_number += ticks
        self._board_us += time_step
        self._tally["lost_frames"] += ticks - 1


def _period_us(hello: Hello) -> float:
    return 1e6 / hello.scan_rate_hz


def _sequence_of(columns: UInt8) -> Int64:
    return columns[1] | columns[2].astype(np.int64) << 8


def _time_us_of(columns: UInt8) -> Int64:
    low = columns[3] | columns[4].astype(np.int64) << 8
    return low | columns[5].astype(np.int64) << 16 | columns[6].astype(np.int64) << 24


def _block_of_rows(
    segment: Segment, numbers: Int64, times: Int64, ends: Int64, packets: bytes
) -> FrameBlock:
    rows = np.frombuffer(packets, np.uint8).reshape(len(ends), -1)
    hello = segment.hello
    counts = unpack_samples(rows[:, SCAN_HEAD.size :], hello.sensel_count, hello.bit_depth)
    inputs = rows[:, FLAGS_OFFSET] & np.uint8(INPUT_BITS)
    return FrameBlock(segment, numbers, times, inputs, counts, ends)
