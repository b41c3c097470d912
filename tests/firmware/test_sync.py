# SPDX-License-Identifier: GPL-3.0-or-later
"""Sync in and out, on the board's clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import write_loads
from rig.wire.packets import INPUT_SYNC_IN, INPUT_SYNC_OUT, Command, Result

Cmd = Callable[..., bytes]


def test_input_edges_are_seen_by_the_next_scan(
    run_board: Callable, cmd: Cmd, tmp_path: Path
) -> None:
    rows_hz = 1000
    sync = np.zeros(1500)
    sync[300:400] = sync[555:570] = sync[1000:] = 1
    loads = tmp_path / "loads.bin"
    write_loads(loads, rows_hz, np.zeros((len(sync), 32)), sync)
    run = run_board(1.3, [(0.1, cmd(Command.START))], loads=loads)

    high = (run.inputs & INPUT_SYNC_IN) != 0
    frames = np.flatnonzero(np.diff(high.astype(int))) + 1
    seen_s = run.board_us[frames] * 1e-6 + run.events("muxes_on")[0][0] + 0.001
    happened_s = np.array([time_s for time_s, _ in run.events("sync_in")])
    assert happened_s == pytest.approx([0.3, 0.4, 0.555, 0.57, 1.0], abs=0.001)
    delay_s = seen_s - happened_s
    assert len(delay_s) == 5
    assert delay_s.min() > -0.0003  # how exactly the first scan's time is known here
    assert delay_s.max() < 0.0013  # one scan later at most


@pytest.mark.parametrize("scanning", [True, False])
def test_output_pulses_for_50_ms(run_board: Callable, cmd: Cmd, scanning: bool) -> None:
    sends = [(0.1, cmd(Command.START))] if scanning else []
    run = run_board(0.5, [*sends, (0.2, cmd(Command.SYNC_PULSE, token=5))])
    edges = [event for event in run.events("sync_out") if event[0] > 0.1]
    (up_s, up), (down_s, down) = edges
    assert (up, down) == (1, 0)
    assert up_s == pytest.approx(0.2, abs=0.003)
    assert 0.0499 < down_s - up_s < 0.0515
    reply = run.replies[-1]
    assert (reply.token, reply.result, reply.value) == (5, Result.DONE, 50)
    if scanning:
        high = (run.inputs & INPUT_SYNC_OUT) != 0
        assert 49 <= high.sum() <= 52
        assert np.count_nonzero(np.diff(high.astype(int))) == 2
        assert not (run.inputs & INPUT_SYNC_IN).any()
