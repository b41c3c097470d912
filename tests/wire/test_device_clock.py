# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.wire import device_clock as clock


@pytest.mark.parametrize(
    ("steps", "time_step", "ticks"),
    [
        (1, 1000, 1),
        (1, 1, 1),  # late scan, then one in time: within the slack
        (1, 4999, 1),
        (1, 5100, 0),  # five periods for one tick
        (5, 5000, 5),
        (5, 11_000, 0),
        (1000, 1_005_900, 1000),  # 4 ticks and 0.2 % more
        (1000, 1_006_100, 0),
        (1, 0, 0),  # two scans at one instant
        (0, 65_536_000, 65_536),
        (0, 1000, 0),  # the same number again, later
        (10, 65_546_000, 65_546),
        (10, 131_082_000, 131_082),
        (10, 100_000_000, 0),
        (60_000, 599_824_000, 599_824 if 599_824 % 65_536 == 60_000 else 0),
        (599_000 % 65_536, 599_000_000, 599_000),
        (601_000 % 65_536, 601_000_000, 0),  # too long a silence to be bridged
    ],
)
def test_ticks_from_sequence_and_time(steps, time_step, ticks):
    assert clock.ticks_between(steps, time_step, 1000.0) == ticks


@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 65_535),
            st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 200_000_000)),
        ),
        max_size=30,
    ),
    wraps=st.integers(0, 8),
    rate_hz=st.sampled_from([57, 225, 1000, 1650, 2000]),
)
def test_many_is_each(steps, wraps, rate_hz):
    period_us = 1e6 / rate_hz
    steps += [(s, int((s + 65_536 * wraps) * period_us)) for s, _ in steps]
    many = clock.ticks_between_many(
        np.array([s for s, _ in steps], np.int64),
        np.array([t for _, t in steps], np.int64),
        period_us,
    )
    assert many.tolist() == [clock.ticks_between(s, t, period_us) for s, t in steps]


@given(
    ticks=st.integers(1, 500_000),
    rate_hz=st.sampled_from([225, 1000, 1650]),
    error=st.floats(-0.002, 0.002),
    jitter=st.floats(-3, 3),
)
def test_any_gap_of_a_board_within_its_tolerance_is_counted_exactly(ticks, rate_hz, error, jitter):
    period_us = 1e6 / rate_hz
    time_step = round((ticks * (1 + error) + jitter) * period_us)
    if 0 < time_step <= clock.MAX_SILENCE_US:
        assert clock.ticks_between(ticks % 65_536, time_step, period_us) == ticks


def test_steps_cross_both_wraps():
    assert clock.step(65_535, 2, clock.SEQUENCE_WRAP) == 3
    assert clock.step(2**32 - 400, 600, clock.TIME_WRAP_US) == 1000
    values = np.array([65_535, 0, 1, 65_534])
    assert clock.steps(65_530, values, clock.SEQUENCE_WRAP).tolist() == [5, 1, 1, 65_533]
    assert clock.running_total(7, np.array([1, 2, 10])).tolist() == [7, 8, 10, 20]


@pytest.mark.parametrize(
    ("steps", "time_step", "ticks"),
    [
        (5, 5000, 5),  # all at the old rate of 1,000 Hz
        (5, 10_000, 5),  # all at the new rate of 500 Hz
        (300, 400_000, 300),  # some at each
        (3, 2_000_000, 3),  # the board paused to change
        (40_000, 2_000_000, 1),  # the sequence began anew
        (0, 2_000_000, 1),
        (3, 10_000_001, 0),
        (3, 0, 0),
    ],
)
def test_ticks_across_a_change_of_rate(steps, time_step, ticks):
    assert clock.ticks_across_hello(steps, time_step, 1000.0, 2000.0) == ticks


@pytest.mark.parametrize(
    ("steps", "time_step", "ticks"),
    [
        (1, 30_000_000, 1),  # half a minute between STOP and START
        (1, 65_537_000, 1),  # a pause as long as the sequence's wrap is no loss of 65,536
        (4, 90_000_000, 4),  # three frames were lost before STOP
        (40_000, 2_000_000, 1),  # the sequence began anew
        (1, clock.MAX_SILENCE_US + 1, 0),
        (1, 0, 0),
    ],
)
def test_ticks_across_stop_and_start(steps, time_step, ticks):
    assert clock.ticks_across_pause(steps, time_step, 1000.0, 1000.0) == ticks
