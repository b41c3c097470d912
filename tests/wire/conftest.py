# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoded items brought into a form in which cuts no longer show."""

import numpy as np
import pytest

from rig.wire.frames import FrameBlock


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
