# SPDX-License-Identifier: GPL-3.0-or-later
"""What every rig's force stage says of a frame besides its forces: holes, sync lines, segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.calibrate.force_block import FrameFlag, Int64, UInt32
from rig.wire.frames import FrameBlock
from rig.wire.packets import INPUT_SYNC_IN, INPUT_SYNC_OUT


@dataclass(frozen=True, slots=True)
class FramePlace:
    """How far a stream has come; None before its first frame."""

    segment_index: int | None = None
    last_frame_number: int | None = None

    def after(self, block: FrameBlock) -> FramePlace:
        """The place behind a block."""
        if len(block) == 0:
            return self
        return FramePlace(block.segment.index, int(block.frame_number[-1]))


def lost_before(place: FramePlace, block: FrameBlock) -> Int64:
    """Holes in the sequence, (n,); none before a clock run's first frame, where nobody knows."""
    numbers = block.frame_number
    if len(numbers) == 0:
        return np.zeros(0, np.int64)
    same_run = place.segment_index == block.segment.index or block.segment.clock_continues
    if same_run and place.last_frame_number is not None:
        before = place.last_frame_number
    else:
        before = int(numbers[0]) - 1
    return np.diff(numbers, prepend=before) - 1


def order_flags(place: FramePlace, block: FrameBlock, lost: Int64, constant: FrameFlag) -> UInt32:
    """Flags that every rig has, (n,), upon those that hold for the whole block."""
    flags = np.full(len(block), int(constant), np.uint32)
    new_segment = np.zeros(len(block), np.bool_)
    new_segment[:1] = place.segment_index != block.segment.index
    for where, flag in (
        (lost > 0, FrameFlag.FRAMES_LOST_BEFORE),
        ((block.inputs & INPUT_SYNC_IN) != 0, FrameFlag.SYNC_IN),
        ((block.inputs & INPUT_SYNC_OUT) != 0, FrameFlag.SYNC_OUT),
        (new_segment, FrameFlag.SEGMENT_START),
    ):
        flags[where] |= np.uint32(flag)
    return flags
