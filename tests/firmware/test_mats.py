# SPDX-License-Identifier: GPL-3.0-or-later
"""The mats' real images: rates, every cell, 8 bits, regions; judged by closed forms of the matrix."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from firmware_view import load_mat
from net_table import FOLDER as HARDWARE

from rig.acquire.firmware_source import build_firmware, write_loads
from rig.wire.packets import (
    Board,
    Command,
    HelloReason,
    LayoutId,
    Result,
    RigKind,
    Topology,
)

Cmd = Callable[..., bytes]
FULL_SCALE = 1024
SHORT_S, TEN_S = 1.5, 10.0


def pressed(size: int, seed: int) -> np.ndarray:
    """Conductances (size, size), microsiemens: two thirds of the cells empty, the others up to 800."""
    rng = np.random.default_rng(seed)
    conductance_us = 10 ** rng.uniform(0.0, 2.9, (size, size))
    conductance_us[rng.random((size, size)) < 0.66] = 0.0
    return conductance_us.astype(np.float32)


def virtual_ground_counts(conductance_us: np.ndarray) -> np.ndarray:
    """Kirchhoff at two nodes a row: the reference behind its resistor, and the active row.

    The amplifiers hold the columns at the reference; the row's own resistor to it loads it.
    """
    mat = load_mat("mat16" if len(conductance_us) == 16 else "mat32")
    source, idle = 1 / mat.reference_ohm, 1 / mat.row_idle_ohm
    nominal = mat.reference_permille / 1000
    counts = np.zeros(conductance_us.shape)
    for row, siemens in enumerate(conductance_us.astype(float) * 1e-6):
        load = siemens.sum()
        network = [[source + idle, -idle], [-idle - load, idle + load + 1 / mat.row_ohm]]
        reference, row_level = np.linalg.solve(network, [nominal * source, 0.0])
        counts[row] = reference + mat.feedback_ohm * siemens * (reference - row_level)
    return np.minimum(FULL_SCALE * counts, 1023)


def grounded_rows_counts(conductance_us: np.ndarray) -> np.ndarray:
    """Nodal analysis of the whole matrix for each cell; rows first, then columns."""
    mat = load_mat("mat16_cheap")
    [mux] = mat.multiplexers
    sink_ohm = mux.resistance_ohm + mux.pull_down_ohm
    siemens = conductance_us.astype(float) * 1e-6
    rows, columns = siemens.shape
    counts = np.zeros_like(siemens)
    for row in range(rows):
        for column in range(columns):
            network = np.zeros((rows + columns, rows + columns))
            source = np.zeros(rows + columns)
            network[:rows, rows:] = -siemens
            network[rows:, :rows] = -siemens.T
            network[np.diag_indices(rows + columns)] = np.concatenate(
                [siemens.sum(axis=1) + 1 / mat.row_ohm, siemens.sum(axis=0) + 1e-15]
            )
            network[rows + column, rows + column] += 1 / sink_ohm
            source[row] = 1 / mat.row_ohm
            voltage = np.linalg.solve(network, source)[rows + column]
            counts[row, column] = FULL_SCALE * voltage * mux.pull_down_ohm / sink_ohm
    return counts


@pytest.mark.parametrize(("word", "ohm"), [("1meg", 1e6), ("10k", 1e4), ("3k", 3e3), ("1k", 1e3)])
def test_the_law_agrees_with_the_circuit_as_spice_solved_it(word: str, ohm: float) -> None:
    """hardware_schematics/spice holds what ngspice found for one cell in an empty row."""
    with (HARDWARE / "spice" / "results.csv").open(encoding="utf-8") as file:
        found = {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}
    conductance_us = np.zeros((16, 16))
    conductance_us[4, 5] = 1e6 / ohm
    counts = virtual_ground_counts(conductance_us)[4, 5]
    assert counts == pytest.approx(found[f"mat16_cell.counts_{word}"], abs=0.3)


def run_mat(
    run_board: Callable,
    cmd: Cmd,
    tmp_path: Path,
    board: str,
    rig: str,
    conductance_us: np.ndarray,
    *,
    baud: int,
    rate_hz: int | None,
    seconds: float,
    settings: tuple[bytes, ...] = (),
    heard_each_s: bytes | None = None,
    elf: Path | None = None,
) -> Any:
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us.reshape(1, -1))
    sends = [(0.05, cmd(Command.SET_RATE, 40))]
    if baud != 1_000_000:
        sends += [(0.1, cmd(Command.SET_BAUD, baud)), (0.2, cmd(Command.HELLO))]
    sends += [(0.25 + 0.05 * n, data) for n, data in enumerate(settings)]
    start_s = 0.3 + 0.05 * len(settings)
    if rate_hz is not None:
        sends += [
            (start_s, cmd(Command.SET_RATE, rate_hz + 1, token=1)),
            (start_s + 0.05, cmd(Command.SET_RATE, rate_hz, token=2)),
        ]
    sends += [(start_s + 0.1, cmd(Command.START))]
    if heard_each_s is not None:
        sends += [(start_s + 0.837 + 1.0037 * n, heard_each_s) for n in range(int(seconds))]
    return run_board(start_s + 0.1 + seconds, sends, loads=loads, board=board, rig=rig, elf=elf)


def assert_whole(run: Any, rate_hz: int, seconds: float, expected: np.ndarray) -> None:
    assert run.faults.lost_frames == run.faults.crc_errors == run.faults.framing_errors == 0
    assert run.faults.skipped_bytes < 1300  # the packet that the end of the run cut off
    assert run.statuses[-1].frames_dropped == run.statuses[-1].scan_overruns == 0
    assert len(run.board_us) == pytest.approx(seconds * rate_hz, abs=2 + 0.02 * rate_hz)
    assert np.mean(np.diff(run.board_us)) == pytest.approx(1e6 / rate_hz, rel=1e-3)
    late_us = run.board_us - np.arange(len(run.board_us)) * np.mean(np.diff(run.board_us))
    # at the limit a STATUS puts off the scans after it, which catch up slowly; their times say so
    assert np.std(late_us) < 120
    assert np.ptp(late_us) < 600
    assert np.abs(run.counts - expected.ravel()).max() <= 1.0


RATES = [
    ("uno", "mat16", 1_000_000, 270, "pressed"),
    ("uno", "mat16", 2_000_000, 270, "pressed"),
    ("uno", "mat16", 2_000_000, 270, "empty"),
    ("uno", "mat16", 2_000_000, 270, "saturated"),
    ("uno", "mat16_cheap", 2_000_000, 270, "pressed"),
    ("uno", "mat16_cheap", 2_000_000, 270, "empty"),
    ("mega", "mat32", 2_000_000, 68, "pressed"),
]


def load_of(name: str, size: int) -> np.ndarray:
    """What costs the packer most and least: zero bytes everywhere (cheap, empty), 0xFF everywhere."""
    if name == "pressed":
        return pressed(size, seed=3)
    return np.full((size, size), 2000.0 if name == "saturated" else 0.0, dtype=np.float32)


@pytest.mark.parametrize(("board", "rig", "baud", "limit_hz", "load"), RATES)
def test_highest_rate_holds_and_every_cell_is_right(
    run_board: Callable,
    cmd: Cmd,
    tmp_path: Path,
    board: str,
    rig: str,
    baud: int,
    limit_hz: int,
    load: str,
) -> None:
    conductance_us = load_of(load, 32 if rig == "mat32" else 16)
    law = grounded_rows_counts if rig == "mat16_cheap" else virtual_ground_counts
    run = run_mat(
        run_board, cmd, tmp_path, board, rig, conductance_us,
        baud=baud, rate_hz=limit_hz, seconds=TEN_S, heard_each_s=cmd(Command.HELLO, token=3),
    )  # fmt: skip
    refused = next(r for r in run.replies if r.token == 1)
    assert (refused.result, refused.value) == (Result.RATE_TOO_HIGH, limit_hz)
    assert_whole(run, limit_hz, TEN_S, law(conductance_us))


@pytest.mark.parametrize(
    ("rig", "board", "layout", "topology", "sensels"),
    [
        ("mat16", "uno", LayoutId.MAT_16X16, Topology.MATRIX_VIRTUAL_GROUND, 256),
        ("mat16_cheap", "uno", LayoutId.MAT_16X16, Topology.MATRIX_GROUNDED_ROWS, 256),
        ("mat32", "mega", LayoutId.MAT_32X32, Topology.MATRIX_VIRTUAL_GROUND, 1024),
    ],
)
def test_hello_explains_the_mat(
    run_board: Callable, rig: str, board: str, layout: int, topology: int, sensels: int
) -> None:
    hello = run_board(0.05, board=board, rig=rig).hellos[0]
    side = round(sensels**0.5)
    assert hello.board == (Board.MEGA_2560 if board == "mega" else Board.UNO_OR_NANO)
    assert (hello.rig_kind, hello.layout_id, hello.topology) == (RigKind.MAT, layout, topology)
    assert (hello.sensel_count, hello.bit_depth, hello.adc_full_scale) == (sensels, 10, 1024)
    assert (hello.first_row, hello.row_count) == (0, side)
    assert (hello.first_column, hello.column_count) == (0, side)
    cheap = topology == Topology.MATRIX_GROUNDED_ROWS
    assert (hello.pull_down_ohm, hello.reference_permille) == ((1000, 0) if cheap else (3000, 250))


def test_a_region_in_8_bits_reaches_100_hz(run_board: Callable, cmd: Cmd, tmp_path: Path) -> None:
    conductance_us = pressed(32, seed=5)
    region = (6, 21, 0, 32)
    run = run_mat(
        run_board, cmd, tmp_path, "mega", "mat32", conductance_us,
        baud=2_000_000, rate_hz=103, seconds=SHORT_S,
        settings=(cmd(Command.SET_BIT_DEPTH, 8), cmd(Command.SET_REGION, *region)),
    )  # fmt: skip
    # at 2 Mbaud a command may arrive damaged, which the board says; the hello shows what is in force
    answers = [r.result for r in run.replies if r.token == 0 and r.result != Result.DAMAGED]
    assert answers in ([Result.DONE] * 5, [Result.DONE] * 6)
    hello = run.hellos[-1]
    assert hello.reason == HelloReason.STARTED
    assert (hello.first_row, hello.row_count, hello.first_column, hello.column_count) == region
    assert (hello.bit_depth, hello.adc_full_scale, hello.sensel_count) == (8, 256, 21 * 32)
    expected = virtual_ground_counts(conductance_us)[6:27]
    assert_whole(run, 103, SHORT_S, expected / 4)


def test_a_region_inside_reads_the_same_cells(
    run_board: Callable, cmd: Cmd, tmp_path: Path
) -> None:
    conductance_us = pressed(16, seed=6)
    run = run_mat(
        run_board, cmd, tmp_path, "uno", "mat16", conductance_us,
        baud=1_000_000, rate_hz=200, seconds=0.5,
        settings=(cmd(Command.SET_REGION, 3, 9, 5, 8),),
    )  # fmt: skip
    assert run.counts.shape[1] == 72
    expected = virtual_ground_counts(conductance_us)[3:12, 5:13]
    assert np.abs(run.counts - expected.ravel()).max() <= 1.0


def test_settings_that_cannot_be_are_refused(run_board: Callable, cmd: Cmd) -> None:
    sends = [
        cmd(Command.SET_REGION, 0, 17, 0, 16),
        cmd(Command.SET_REGION, 0, 16, 0, 6),
        cmd(Command.SET_REGION, 250, 10, 0, 16),
        cmd(Command.SET_BIT_DEPTH, 12),
        cmd(Command.SET_REGION, 0, 4, 0, 4),
        cmd(Command.SET_RATE, 900),
        cmd(Command.SET_REGION, 0, 16, 0, 16),
        cmd(Command.START),
        cmd(Command.SET_BIT_DEPTH, 8),
    ]
    run = run_board(0.7, [(0.1 + 0.05 * n, data) for n, data in enumerate(sends)], rig="mat16")
    assert [(r.result, r.value) for r in run.replies] == [
        (Result.REGION_NOT_SUPPORTED, 256),
        (Result.REGION_NOT_SUPPORTED, 256),
        (Result.REGION_NOT_SUPPORTED, 256),
        (Result.BIT_DEPTH_NOT_SUPPORTED, 10),
        (Result.DONE, 16),
        (Result.DONE, 900),
        (Result.RATE_TOO_HIGH, 270),
        (Result.DONE, 900),
        (Result.STOP_FIRST, 0),
    ]


def test_moving_on_too_early_is_noticed(run_board: Callable, cmd: Cmd, tmp_path: Path) -> None:
    mutant = build_firmware("uno", "mutant_mat16", "-DSOLERIG_MUTATION_MOVE_EARLY", rig="mat16")
    conductance_us = pressed(16, seed=7)
    run = run_mat(
        run_board, cmd, tmp_path, "uno", "mat16", conductance_us,
        baud=1_000_000, rate_hz=None, seconds=0.3, elf=mutant,
    )  # fmt: skip
    error = np.abs(run.counts - virtual_ground_counts(conductance_us).ravel())
    assert error.max() > 50
