# SPDX-License-Identifier: GPL-3.0-or-later
"""What the decoder hands on: blocks of frames in time order, and faults that it counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from rig.wire.packets import Hello, Reply, Status

Int64 = npt.NDArray[np.int64]
UInt8 = npt.NDArray[np.uint8]
UInt16 = npt.NDArray[np.uint16]


class SegmentCause(Enum):
    """Why a segment began."""

    FIRST = "first"
    HELLO = "hello"
    LINK_REOPENED = "link_reopened"
    CLOCK_RESTARTED = "clock_restarted"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of frames under one hello.

    `clock_continues` says that the board's clock ran on from the segment before (a setting changed,
    or a bridge was reopened without resetting the board), so its times join without the host's help.
    """

    index: int
    hello: Hello
    cause: SegmentCause
    clock_continues: bool


@dataclass(frozen=True, slots=True, eq=False)
class FrameBlock:
    """n consecutive decoded frames of one segment; never spans two.

    Attributes
    ----------
    frame_number : (n,) int64
        Sequence number unwrapped across 2^16, 0 at the first frame of the clock run; a jump of k+1
        means k frames were lost just before this one.
    board_us : (n,) int64
        Board clock unwrapped across 2^32, 0 at the first frame of the clock run, strictly increasing.
    inputs : (n,) uint8
        The digital input bits of `flags` (`INPUT_SYNC_IN`, `INPUT_SYNC_OUT`), configuration removed.
    counts : (n, sensels) uint16, C-contiguous
        Raw samples.
    end_offset : (n,) int64
        Byte offset in the stream just after each frame's delimiter: the way back to the bytes, and
        to the arrival time.
    rows : (sensels, n) uint16 or None
        `counts` once more, sensel by sensel, where it was unpacked so: whoever goes through a sensel's
        frames need not turn it.
    """

    segment: Segment
    frame_number: Int64
    board_us: Int64
    inputs: UInt8
    counts: UInt16
    end_offset: Int64
    rows: UInt16 | None = None

    def __len__(self) -> int:
        return len(self.frame_number)


@dataclass(frozen=True, slots=True)
class HelloReceived:
    """A hello in its place among the frames."""

    hello: Hello
    end_offset: int


@dataclass(frozen=True, slots=True)
class StatusReceived:
    status: Status
    end_offset: int


@dataclass(frozen=True, slots=True)
class ReplyReceived:
    reply: Reply
    end_offset: int


DecodedItem = FrameBlock | HelloReceived | StatusReceived | ReplyReceived


@dataclass(frozen=True, slots=True)
class DecodeFaults:
    """Counted damage since the decoder was made; all of it also shows as lost frames or bytes."""

    crc_errors: int = 0
    framing_errors: int = 0
    length_errors: int = 0
    unknown_packets: int = 0
    """Sound packets of no known type, and hellos that had to be refused."""
    oversize_packets: int = 0
    unreadable_scans: int = 0
    """SCAN packets before any hello, or under a configuration number no hello announced."""
    duplicate_frames: int = 0
    """Frames that came again, to the byte, within 2^14 ticks and 10 s; each is handed on once."""
    lost_frames: int = 0
    """Holes in the sequence inside clock runs. A frame that came after later ones stays in its hole:
    it is dropped, so that frames keep their order in time."""
    skipped_bytes: int = 0
    """Bytes that belong to no accepted packet."""
