# SPDX-License-Identifier: GPL-3.0-or-later
"""The real image scans what a simulated person's feet make of insoles and of a mat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import write_loads
from rig.simulate.mat_rigs import MAT_RIGS
from rig.simulate.mat_session import simulate_mat_session
from rig.simulate.person import simulate_session
from rig.wire.packets import Command

Cmd = Callable[..., bytes]
SECONDS, RATE_HZ = 0.5, 200
START_S = 0.2


def _between(rows: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """Loads at times (n,) of rows at `RATE_HZ`, as the board's simulator goes from row to row."""
    at = np.clip(t_s * RATE_HZ, 0, len(rows) - 1.001)
    first = at.astype(int)
    part = (at - first)[:, None]
    return rows[first] * (1.0 - part) + rows[first + 1] * part


def _scanned(run_board: Callable, cmd: Cmd, loads: Path, rig: str) -> tuple[np.ndarray, np.ndarray]:
    """Counts of all scans, and each one's time on the loads' clock."""
    sends = [(0.1, cmd(Command.SET_RATE, RATE_HZ)), (START_S, cmd(Command.START))]
    run = run_board(START_S + SECONDS, sends, loads=loads, rig=rig, options=["--loads-from-scan"])
    assert run.faults.lost_frames == run.faults.crc_errors == 0
    return run.counts, (run.board_us - run.board_us[0]) * 1e-6


def test_insoles_of_a_hopping_person(run_board: Callable, cmd: Cmd, tmp_path: Path) -> None:
    """Counts follow 1024 x 1000 / (1070 + 1 / G) of the person's conductances at each scan's time."""
    session = simulate_session("hopping", SECONDS + 0.5, 3, RATE_HZ)
    loads = tmp_path / "loads.bin"
    write_loads(loads, RATE_HZ, session.conductance_us, interpolated=True)
    counts, t_s = _scanned(run_board, cmd, loads, "insoles")
    assert len(counts) > 0.9 * SECONDS * RATE_HZ
    siemens = _between(session.conductance_us, t_s) * 1e-6
    expected = 1024 * 1000.0 * siemens / (1.0 + 1070.0 * siemens)
    later = _between(session.conductance_us, t_s + 0.002) * 1e-6
    moving = np.abs(1024 * 1000.0 * later / (1.0 + 1070.0 * later) - expected)
    assert expected.max() > 100
    assert (np.abs(counts - expected) <= 1.5 + moving).mean() > 0.999


@pytest.mark.parametrize("rig", ["mat16", "mat16_cheap"])
def test_mat_under_a_standing_person(
    run_board: Callable, cmd: Cmd, tmp_path: Path, rig: str
) -> None:
    """Counts follow from this program's own solution of the same circuit."""
    session = simulate_mat_session("stance", SECONDS + 0.5, 3, rig, RATE_HZ)
    loads = tmp_path / "loads.bin"
    cells = session.conductance_us.reshape(len(session.counts), -1)
    write_loads(loads, RATE_HZ, cells, interpolated=True)
    counts, t_s = _scanned(run_board, cmd, loads, rig)
    felt = _between(cells, t_s).reshape(-1, 16, 16)
    expected = 1024 * MAT_RIGS[rig].front.ratio(felt).reshape(len(felt), -1)
    assert expected.max() - expected.min() > 50
    assert np.abs(counts - expected).max() <= 2.0
