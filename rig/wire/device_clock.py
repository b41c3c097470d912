# SPDX-License-Identifier: GPL-3.0-or-later
"""Board time without wraps: ticks and microseconds from one frame to the next.

A frame brings a sequence number that wraps at 2^16 and a board clock that wraps at 2^32 us. Together
with the scan period they say how many ticks passed, or that the clock was restarted. The functions
for one frame and for many compute the same, operation for operation.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]

SEQUENCE_WRAP = 1 << 16
TIME_WRAP_US = 1 << 32
TICK_SLACK = 4.0
"""Ticks by which one step may err: jitter of a late scan, design choice."""
PERIOD_SLACK = 0.002
"""Relative error of the period: boards round it to whole timer ticks; design choice. The clock's own
error plays no part, since ticks and microseconds come from the same one."""
MAX_SILENCE_US = 600_000_000
"""Longer gaps (10 min) are not bridged: the slack grows with the gap, and a clock that restarted would
too often pass for one that ran on; design choice."""
MAX_SETTINGS_GAP_US = 10_000_000
"""A change of settings silences the board for less than this, design choice."""


def step(last: int, value: int, wrap: int) -> int:
    """Forward step from one raw count to the next, 0 <= step < wrap."""
    return (value - last) % wrap


def steps(last: int, values: Int64, wrap: int) -> Int64:
    """`step` from `last` to values[0], then from each value to the next; (n,)."""
    return np.diff(values, prepend=last) % wrap


def ticks_between(sequence_steps: int, time_step: int, period_us: float) -> int:
    """Scan ticks from one frame to the next, or 0 when sequence and time contradict each other.

    Parameters
    ----------
    sequence_steps : int
        `step` of the two sequence numbers, modulo 2^16.
    time_step : int
        `step` of the two board times, modulo 2^32.
    period_us : float
        Scan period in force.
    """
    if not 0 < time_step <= MAX_SILENCE_US:
        return 0
    elapsed = time_step / period_us
    steps = sequence_steps or SEQUENCE_WRAP
    ticks = steps + SEQUENCE_WRAP * max(round((elapsed - steps) / SEQUENCE_WRAP), 0)
    return ticks if abs(elapsed - ticks) <= TICK_SLACK + PERIOD_SLACK * ticks else 0


def ticks_between_many(sequence_steps: Int64, time_steps: Int64, period_us: float) -> Int64:
    """`ticks_between` for (n,) steps at once."""
    elapsed = time_steps / period_us
    steps = np.where(sequence_steps == 0, SEQUENCE_WRAP, sequence_steps)
    wraps = np.maximum(np.rint((elapsed - steps) / SEQUENCE_WRAP), 0).astype(np.int64)
    ticks = steps + SEQUENCE_WRAP * wraps
    consistent = np.abs(elapsed - ticks) <= TICK_SLACK + PERIOD_SLACK * ticks
    consistent &= (time_steps > 0) & (time_steps <= MAX_SILENCE_US)
    return np.where(consistent, ticks, 0)


def ticks_across_hello(
    sequence_steps: int, time_step: int, old_period_us: float, new_period_us: float
) -> int:
    """Ticks from the last frame before a hello to the first after it, 0 when the clocks do not join.

    The change of rate falls anywhere between the two frames and the board may pause for it, so any
    step forward shorter than `MAX_SETTINGS_GAP_US` joins. A sequence that moved further than the
    faster rate allows was restarted: it joins as one tick, and no loss is claimed.
    """
    same_rate = ticks_between(sequence_steps, time_step, old_period_us) or ticks_between(
        sequence_steps, time_step, new_period_us
    )
    if same_rate or not 0 < time_step < MAX_SETTINGS_GAP_US:
        return same_rate
    return _ticks_that_fit(sequence_steps, time_step, min(old_period_us, new_period_us))


def ticks_across_pause(
    sequence_steps: int, time_step: int, old_period_us: float, new_period_us: float
) -> int:
    """As `ticks_across_hello`, from the last frame before STOP to the first after START.

    The board's clock runs on while its sequence stands still, so the sequence alone counts ticks.
    """
    if not 0 < time_step <= MAX_SILENCE_US:
        return 0
    return _ticks_that_fit(sequence_steps, time_step, min(old_period_us, new_period_us))


def _ticks_that_fit(sequence_steps: int, time_step: int, period_us: float) -> int:
    """The sequence's steps, or one tick when so many cannot have passed."""
    most = time_step / period_us * (1 + PERIOD_SLACK) + TICK_SLACK
    return sequence_steps if 0 < sequence_steps <= most else 1


def running_total(start: int, steps_on: Int64) -> Int64:
    """`start` and the totals after each of (n,) steps; (n + 1,)."""
    return np.cumsum(np.concatenate(([start], steps_on)))
