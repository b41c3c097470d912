# SPDX-License-Identifier: GPL-3.0-or-later
"""Hellos of an insole pair, and blocks of counts."""

import dataclasses

import numpy as np
import pytest

from rig.wire.frames import FrameBlock, Segment, SegmentCause
from rig.wire.packets import LAYOUT_CHECKSUM, PROTOCOL_VERSION, Hello, HelloReason

HELLO = Hello(
    protocol_version=PROTOCOL_VERSION,
    layout_checksum=LAYOUT_CHECKSUM,
    firmware_major=0,
    firmware_minor=1,
    firmware_patch=0,
    board=1,
    unique_id=7,
    rig_kind=1,
    layout_id=1,
    topology=1,
    pull_down_ohm=1000,
    sensel_count=32,
    bit_depth=10,
    adc_full_scale=1000,
    scan_rate_hz=1000,
    max_scan_rate_hz=1650,
    baud=1_000_000,
    configuration=0,
    reason=HelloReason.BOOT,
    reset_cause=1,
    time_us=0,
)


@pytest.fixture(scope="session")
def make_hello():
    return lambda **changes: dataclasses.replace(HELLO, **changes)


@pytest.fixture(scope="session")
def make_block():
    """A block of frames; what is not given counts up from 0 at 1,000 Hz."""

    def make(counts, *, index=0, continues=False, numbers=None, board_us=None, ends=None, **hello):
        n = len(counts)
        segment = Segment(index, dataclasses.replace(HELLO, **hello), SegmentCause.HELLO, continues)
        numbers = np.arange(n) if numbers is None else np.asarray(numbers)
        return FrameBlock(
            segment=segment,
            frame_number=numbers.astype(np.int64),
            board_us=(numbers * 1000 if board_us is None else np.asarray(board_us)).astype(
                np.int64
            ),
            inputs=np.zeros(n, np.uint8),
            counts=np.ascontiguousarray(counts, dtype=np.uint16),
            end_offset=(54 * (numbers + 1) if ends is None else np.asarray(ends)).astype(np.int64),
        )

    return make
