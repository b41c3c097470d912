# SPDX-License-Identifier: GPL-3.0-or-later
"""Hellos, and decoded items brought into a form in which cuts no longer show."""

import dataclasses

import numpy as np
import pytest

from rig.wire.frames import FrameBlock
from rig.wire.packets import LAYOUT_CHECKSUM, PROTOCOL_VERSION, Hello, HelloReason

HELLO = Hello(
    protocol_version=PROTOCOL_VERSION,
    layout_checksum=LAYOUT_CHECKSUM,
    firmware_major=0,
    firmware_minor=1,
    firmware_patch=0,
    board=1,
    unique_id=0x1234ABCD,
    rig_kind=1,
    layout_id=1,
    topology=1,
    pull_down_ohm=1000,
    sensel_count=32,
    bit_depth=10,
    adc_full_scale=1024,
    scan_rate_hz=1000,
    max_scan_rate_hz=1650,
    baud=1_000_000,
    configuration=3,
    reason=HelloReason.BOOT,
    reset_cause=1,
    time_us=0,
)


@pytest.fixture(scope="session")
def make_hello():
    """A hello of an insole pair at 1,000 Hz, with whatever the test wants otherwise."""
    return lambda **changes: dataclasses.replace(HELLO, **changes)


@pytest.fixture(scope="session")
def merge():
    """(segments, others): blocks concatenated by segment, other items by place."""
    return _merge


def _merge(items):
    segments: dict[int, list[FrameBlock]] = {}
    others = []
    for item in items:
        if isinstance(item, FrameBlock):
            blocks = segments.setdefault(item.segment.index, [])
            assert all(b.segment == item.segment for b in blocks)
            assert len(item) > 0
            blocks.append(item)
        else:
            others.append(item)
    columns = ("frame_number", "board_us", "inputs", "end_offset", "counts")
    merged = [
        (
            blocks[0].segment,
            {name: np.concatenate([getattr(b, name) for b in blocks]).tolist() for name in columns},
        )
        for _, blocks in sorted(segments.items())
    ]
    return merged, sorted(others, key=lambda item: item.end_offset)
