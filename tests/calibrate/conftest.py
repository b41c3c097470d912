# SPDX-License-Identifier: GPL-3.0-or-later
"""Hellos of an insole pair, and blocks of counts."""

import numpy as np
import pytest

from rig.wire.frames import FrameBlock, Segment, SegmentCause


@pytest.fixture(scope="session")
def make_hello(make_hello):
    """A board whose counts are thousandths of full scale, so that sums can be done in the head."""
    return lambda **changes: make_hello(**{"adc_full_scale": 1000} | changes)


@pytest.fixture(scope="session")
def make_block(make_hello):
    """A block of frames; what is not given counts up from 0 at 1,000 Hz."""

    def make(counts, *, index=0, continues=False, numbers=None, board_us=None, ends=None, **hello):
        n = len(counts)
        segment = Segment(index, make_hello(**hello), SegmentCause.HELLO, continues)
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
