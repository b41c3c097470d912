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
    lost = np.empty(len(numbers), np.int64)
    lost[0] = numbers[0] - before
    np.subtract(numbers[1:], numbers[:-1], out=lost[1:])
    lost -= 1
    return lost


def order_flags(place: FramePlace, block: FrameBlock, lost: Int64, constant: FrameFlag) -> UInt32:
    """Flags that every rig has, (n,), upon those that hold for the whole block."""
    flags = np.full(len(block), int(constant), np.uint32)
    if place.segment_index != block.segment.index:
        flags[:1] |= np.uint32(FrameFlag.SEGMENT_START)
    if lost.any():
        flags[lost > 0] |= np.uint32(FrameFlag.FRAMES_LOST_BEFORE)
    if block.inputs.any():
        for line, flag in (
            (INPUT_SYNC_IN, FrameFlag.SYNC_IN),
            (INPUT_SYNC_OUT, FrameFlag.SYNC_OUT),
        ):
            flags[(block.inputs & line) != 0] |= np.uint32(flag)
    return flags
