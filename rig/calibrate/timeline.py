# SPDX-License-Identifier: GPL-3.0-or-later
"""Board clocks to the recording's one time: 0 at its first frame, board seconds within a clock run.

Where a segment's clock does not continue (a reset, a replug), only the host knows how long the gap
was: the segment's first frame is placed by its arrival, never before the last frame plus one period.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.wire.frames import FrameBlock


@dataclass(frozen=True, slots=True)
class TimelineState:
    """`origin_ns` is the arrival of the recording's first frame, `run_start_s` the time of board
    clock 0 in the present clock run."""

    origin_ns: int | None = None
    segment_index: int | None = None
    run_start_s: float = 0.0
    last_t_s: float = 0.0


def arrival_ns(arrivals: Int64, end_offset: int) -> int:
    """Arrival of the byte before `end_offset`.

    Parameters
    ----------
    arrivals : (m, 2) int64
        End offset and monotonic ns of each read, in order; of entries with one end offset the first
        counts, since the later ones only say that the link was reopened. An offset past the table
        takes its last entry.
    """
    if len(arrivals) == 0:
        return 0
    row = int(np.searchsorted(arrivals[:, 0], end_offset, side="left"))
    return int(arrivals[min(row, len(arrivals) - 1), 1])


def timeline(
    state: TimelineState, block: FrameBlock, arrivals: Int64
) -> tuple[TimelineState, Float64]:
    """Time of each frame of one block.

    Returns
    -------
    t_s : (n,) float64
        Seconds since the recording's first frame.
    """
    if len(block) == 0:
        return state, np.zeros(0)
    if state.segment_index != block.segment.index:
        state = _enter_segment(state, block, arrivals)
    t_s: Float64 = block.board_us.astype(np.float64) * 1e-6 + state.run_start_s
    return replace(state, last_t_s=float(t_s[-1])), t_s


def _enter_segment(state: TimelineState, block: FrameBlock, arrivals: Int64) -> TimelineState:
    entered = replace(state, segment_index=block.segment.index)
    if state.origin_ns is None:
        origin_ns = arrival_ns(arrivals, int(block.end_offset[0]))
        return replace(entered, origin_ns=origin_ns, run_start_s=-1e-6 * float(block.board_us[0]))
    if block.segment.clock_continues:
        return entered
    arrived_s = 1e-9 * (arrival_ns(arrivals, int(block.end_offset[0])) - state.origin_ns)
    earliest_s = state.last_t_s + 1.0 / max(block.segment.hello.scan_rate_hz, 1)
    first_s = max(arrived_s, earliest_s)
    return replace(entered, run_start_s=first_s - 1e-6 * float(block.board_us[0]))
