# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults put into the simulated board, and what the real image finds of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import write_loads
from rig.wire.packets import Command, HelloReason, ResetCause, SelfTest, SenselState

Cmd = Callable[..., bytes]
ALWAYS = SelfTest.ID_MISSING  # a fresh EEPROM


def states(data: bytes) -> np.ndarray:
    bytes_ = np.frombuffer(data, np.uint8)
    return (bytes_[:, None] >> np.array([0, 2, 4, 6]) & 3).ravel()


@pytest.fixture
def test_board(run_board: Callable, cmd: Cmd, tmp_path: Path) -> Callable:
    def run(conductance_us: np.ndarray | None, *options: str, rig: str = "insoles", **board):
        loads = None
        if conductance_us is not None:
            loads = tmp_path / "loads.bin"
            write_loads(loads, 1.0, conductance_us.reshape(1, -1))
        result = run_board(
            1.3, [(0.1, cmd(Command.SELF_TEST))], loads=loads, rig=rig, options=options, **board
        )
        (reply,) = result.replies
        assert result.statuses[-1].self_test == reply.value
        return reply.value & ~ALWAYS, states(reply.data)

    return run


def standing(seed: int = 1) -> np.ndarray:
    """Every sensel of both feet under some load, microsiemens."""
    return np.random.default_rng(seed).uniform(60, 1500, 32)


def test_a_whole_rig_at_rest_and_under_load(test_board: Callable) -> None:
    findings, at_rest = test_board(None)
    assert findings == 0
    assert (at_rest == SenselState.SILENT).all()
    findings, loaded = test_board(standing())
    assert findings == 0
    assert (loaded == SenselState.ANSWERED).all()


@pytest.mark.parametrize("sensel", [0, 9, 31])
def test_an_open_sensel_is_silent_under_load(test_board: Callable, sensel: int) -> None:
    findings, found = test_board(standing(), "--fault", f"open:{sensel}")
    assert findings == SelfTest.SENSEL_SILENT
    assert np.flatnonzero(found == SenselState.SILENT).tolist() == [sensel]
    # without load nothing can be said of it, and nothing is
    assert test_board(None, "--fault", f"open:{sensel}")[0] == 0


@pytest.mark.parametrize("load", [None, standing()], ids=["at rest", "under load"])
def test_a_shorted_sensel(test_board: Callable, load: np.ndarray | None) -> None:
    findings, found = test_board(load, "--fault", "short:5", "--fault", "short:20")
    assert findings == SelfTest.SENSEL_SHORTED
    assert np.flatnonzero(found == SenselState.SHORTED).tolist() == [5, 20]


def test_a_line_shorted_to_ground_without_load(test_board: Callable) -> None:
    findings, found = test_board(None, "--fault", "ground:7", "--fault", "ground:16")
    assert findings == SelfTest.SENSEL_SHORTED
    assert np.flatnonzero(found == SenselState.GROUNDED).tolist() == [7, 16]


@pytest.mark.parametrize("mux", [0, 1])
@pytest.mark.parametrize("bit", [0, 1, 2, 3])
def test_a_stuck_select_line(test_board: Callable, mux: int, bit: int) -> None:
    findings, _ = test_board(standing(), "--fault", f"stuck:{mux}.{bit}={bit % 2}")
    assert findings & SelfTest.MUX_STUCK


def test_low_supply_is_in_every_status(run_board: Callable) -> None:
    run = run_board(1.2, options=["--supply", "4.0"])
    assert run.statuses[-1].self_test == SelfTest.NOT_RUN | SelfTest.SUPPLY_LOW


@pytest.mark.parametrize(("rig", "board"), [("insoles", "uno"), ("mat16", "uno")])
def test_a_hung_scan_is_restarted_and_says_so(
    run_board: Callable, cmd: Cmd, rig: str, board: str
) -> None:
    options = ["--adc-hangs", "0.3"]
    sends = [(0.1, cmd(Command.START)), (0.9, cmd(Command.START))]
    run = run_board(2.1, sends, rig=rig, board=board, options=options)
    hung_s = run.events("adc_hung")[0][0]
    off_s = next(time_s for time_s, on in run.events("muxes_on") if not on and time_s > hung_s)
    # the watchdog's 250 ms, and the front end is off before anything else
    assert off_s - hung_s == pytest.approx(0.25, abs=0.02)
    boots = [h for h in run.hellos if h.reason == HelloReason.BOOT]
    assert [h.reset_cause for h in boots] == [ResetCause.POWER_ON, ResetCause.WATCHDOG]
    assert run.statuses[-1].self_test & SelfTest.WATCHDOG_RESTARTED
    assert run.blocks[-1].segment.hello.reset_cause == ResetCause.WATCHDOG


def test_a_stack_that_ran_into_the_variables(run_board: Callable, uno: Path) -> None:
    symbols = subprocess.run(["avr-nm", str(uno)], capture_output=True, text=True, check=True)
    heap = next(s for s in symbols.stdout.splitlines() if s.endswith(" __heap_start"))
    address = int(heap.split()[0], 16) & 0xFFFF
    run = run_board(2.2, options=["--poke", f"{address + 3:x}=00@0.5"])
    assert run.statuses[0].self_test & SelfTest.RAM_DAMAGED
    assert not run_board(1.2).statuses[0].self_test & SelfTest.RAM_DAMAGED


def mat_load(size: int) -> np.ndarray:
    """A foot on the mat: cells under load in the middle, none at the edges."""
    conductance_us = np.zeros((size, size))
    rng = np.random.default_rng(3)
    conductance_us[4:12, 3:14] = rng.uniform(50, 600, (8, 11))
    return conductance_us


def test_mat_names_answering_and_shorted_cells(test_board: Callable) -> None:
    conductance_us = mat_load(16)
    findings, found = test_board(conductance_us, rig="mat16")
    assert findings == 0
    assert ((found == SenselState.ANSWERED) == (conductance_us.ravel() > 0)).all()
    findings, found = test_board(conductance_us, "--fault", "short:35", rig="mat16")
    assert findings & SelfTest.SENSEL_SHORTED
    assert SenselState.SHORTED in found[32:48]
    assert (found[:32] == SenselState.SILENT).all()


@pytest.mark.parametrize(
    ("conductance_us", "state"),
    [
        (25.0, SenselState.SILENT),
        (40.0, SenselState.ANSWERED),
        (1000.0, SenselState.ANSWERED),
        (1060.0, SenselState.SHORTED),
    ],
)
def test_mat_counts_from_what_an_empty_cell_reads(
    test_board: Callable, conductance_us: float, state: SenselState
) -> None:
    """A cell of G in an empty row lifts it by 1024 x 0.25 x 225 / 235 x 3 kohm x G x 220 / 225.

    So 18 counts for 25 uS and 29 for 40 uS above the empty cell's 245: on both sides of the 24 that the
    self-test calls an answer, and all below 24 above 256, which a column reads with no row driven.
    1,000 uS reads 961 and is the most that the feedback is chosen for; 1,060 uS reads 1,003, about where
    hardware_schematics/spice finds a short (1,004), since the amplifier ends below the supply.
    """
    cells = np.zeros((16, 16))
    cells[[2, 9, 15], [0, 7, 15]] = conductance_us
    findings, found = test_board(cells, rig="mat16")
    assert findings == (SelfTest.SENSEL_SHORTED if state == SenselState.SHORTED else 0)
    assert (found[cells.ravel() > 0] == state).all()
    assert (found[cells.ravel() == 0] == SenselState.SILENT).all()


def test_mat_names_a_dead_column(test_board: Callable) -> None:
    findings, found = test_board(mat_load(16), "--fault", "column:6", rig="mat16")
    assert findings == SelfTest.COLUMN_FAULT
    assert (found.reshape(16, 16)[:, 6] == SenselState.GROUNDED).all()


def test_mat_finds_a_stuck_select_line(test_board: Callable) -> None:
    findings, _ = test_board(mat_load(16), "--fault", "stuck:0.1=0", rig="mat16")
    assert findings == SelfTest.MUX_STUCK


def test_large_mat_sends_all_its_states(test_board: Callable) -> None:
    conductance_us = mat_load(32)
    findings, found = test_board(conductance_us, rig="mat32", board="mega")
    assert findings == 0
    assert len(found) == 1024
    assert ((found == SenselState.ANSWERED) == (conductance_us.ravel() > 0)).all()
