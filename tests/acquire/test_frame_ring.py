# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.acquire.frame_ring import FrameRing

COLUMNS = {"t_s": ((), np.float64), "foot_force_n": ((2,), np.float32)}


def append_numbered(ring: FrameRing, start: int, n: int) -> None:
    """Frame i holds t_s = i and forces (10 i, 10 i + 1), so that truth is known by index."""
    index = np.arange(start, start + n)
    ring.append(t_s=index, foot_force_n=np.stack([10 * index, 10 * index + 1], axis=1))


@given(
    capacity=st.integers(1, 12),
    lengths=st.lists(st.integers(0, 30), max_size=12),
    start=st.integers(-3, 60),
    length=st.integers(0, 40),
)
def test_any_stretch_is_one_piece_in_its_place(capacity, lengths, start, length):
    ring = FrameRing(capacity, COLUMNS)
    for n in lengths:
        append_numbered(ring, ring.stop_index, n)
    total = sum(lengths)
    columns, missed = ring.view(start, start + length)
    wanted = [i for i in range(max(start, 0), start + length) if i < total]
    here = [i for i in wanted if i >= total - capacity]
    assert columns["t_s"].tolist() == here
    assert columns["foot_force_n"][:, 1].tolist() == [10 * i + 1 for i in here]
    assert columns["foot_force_n"].flags.c_contiguous
    assert missed == len(wanted) - len(here)


def test_slow_consumer_learns_how_many_frames_it_missed():
    ring = FrameRing(100, COLUMNS)
    append_numbered(ring, 0, 60)
    _, missed = ring.view(0, ring.stop_index)
    assert missed == 0
    append_numbered(ring, 60, 250)
    columns, missed = ring.view(60, ring.stop_index)
    assert missed == 150
    assert columns["t_s"][0] == 210
    assert (ring.start_index, ring.stop_index) == (210, 310)


def test_latest_gives_what_there_is():
    ring = FrameRing(10, COLUMNS)
    assert len(ring.latest(5)["t_s"]) == 0
    append_numbered(ring, 0, 3)
    assert ring.latest(5)["t_s"].tolist() == [0, 1, 2]
    append_numbered(ring, 3, 20)
    assert ring.latest(2)["t_s"].tolist() == [21, 22]
    assert ring.latest(99)["t_s"].tolist() == list(range(13, 23))


def test_views_cannot_write_into_the_ring():
    ring = FrameRing(10, COLUMNS)
    append_numbered(ring, 0, 3)
    with pytest.raises(ValueError, match="read-only"):
        ring.latest(1)["t_s"][0] = 7
    append_numbered(ring, 3, 3)
    assert ring.latest(6)["t_s"].tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"t_s": [1.0]}, "columns must be"),
        ({"t_s": [1.0], "foot_force_n": [[1, 2]], "other": [1]}, "columns must be"),
        ({"t_s": [1.0, 2.0], "foot_force_n": [[1, 2]]}, "differ in length"),
        ({"t_s": [1.0], "foot_force_n": [[1, 2, 3]]}, "foot_force_n must be"),
    ],
)
def test_columns_that_do_not_fit_are_refused_whole(arrays, message):
    ring = FrameRing(10, COLUMNS)
    with pytest.raises(ValueError, match=message):
        ring.append(**arrays)
    assert ring.stop_index == 0


def test_a_ring_without_room_is_refused():
    with pytest.raises(ValueError, match="at least one frame"):
        FrameRing(0, COLUMNS)
