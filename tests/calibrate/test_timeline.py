# SPDX-License-Identifier: GPL-3.0-or-later
"""Board clocks joined into one time."""

import numpy as np
import pytest

from rig.calibrate.timeline import TimelineState, arrival_ns, timeline

ARRIVALS = np.array(
    [[54, 1_000_000_000], [108, 1_001_000_000], [162, 6_000_000_000], [162, 6_500_000_000]],
    np.int64,
)


def test_arrival_of_a_byte_is_that_of_the_first_read_that_reached_it():
    assert arrival_ns(ARRIVALS, 1) == 1_000_000_000
    assert arrival_ns(ARRIVALS, 54) == 1_000_000_000
    assert arrival_ns(ARRIVALS, 55) == 1_001_000_000
    assert arrival_ns(ARRIVALS, 162) == 6_000_000_000
    assert arrival_ns(ARRIVALS, 999) == 6_500_000_000


def test_first_frame_is_zero_and_board_seconds_follow(make_block):
    block = make_block(np.zeros((3, 32)), numbers=[0, 1, 4])
    _, t_s = timeline(TimelineState(), block, ARRIVALS)
    assert t_s.tolist() == [0.0, 0.001, 0.004]


def test_a_segment_whose_clock_continues_joins_without_the_host(make_block):
    state, _ = timeline(TimelineState(), make_block(np.zeros((2, 32))), ARRIVALS)
    later = make_block(np.zeros((1, 32)), index=1, continues=True, numbers=[9], ends=[162])
    _, t_s = timeline(state, later, ARRIVALS)
    assert t_s[0] == pytest.approx(0.009)


def test_a_clock_that_restarted_is_placed_by_its_arrival(make_block):
    state, _ = timeline(TimelineState(), make_block(np.zeros((2, 32))), ARRIVALS)
    later = make_block(np.zeros((2, 32)), index=1, numbers=[0, 1], ends=[162, 216])
    _, t_s = timeline(state, later, ARRIVALS)
    assert t_s.tolist() == pytest.approx([5.0, 5.001])


def test_time_never_runs_back_when_reads_came_in_one_lump(make_block):
    lump = np.array([[10_000, 1_000_000_000]], np.int64)
    state, t_s = timeline(TimelineState(), make_block(np.zeros((50, 32))), lump)
    later = make_block(np.zeros((1, 32)), index=1, ends=[9_000])
    _, again_s = timeline(state, later, lump)
    assert again_s[0] == pytest.approx(t_s[-1] + 0.001)
