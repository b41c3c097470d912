# SPDX-License-Identifier: GPL-3.0-or-later
"""Every board with every rig: what compiles, what is refused, and insoles on the other AVRs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import build_firmware, write_loads
from rig.errors import LinkError
from rig.wire.packets import Board, Command, Result

Cmd = Callable[..., bytes]
# flash and RAM of each chip, less its bootloader (data sheets; Arduino's boards.txt)
CHIPS = {
    "uno": ("atmega328p", 32_256, 2_048),
    "nano": ("atmega328p", 30_720, 2_048),
    "mega": ("atmega2560", 253_952, 8_192),
    "leonardo": ("atmega32u4", 28_672, 2_560),
    "micro": ("atmega32u4", 28_672, 2_560),
}
STACK_BYTES = 512
WORKS = [
    ("nano", "mat16"),
    ("uno", "mat16"),
    ("uno", "mat16_cheap"),
    ("mega", "insoles"),
    ("mega", "mat32"),
    ("leonardo", "insoles"),
    ("micro", "insoles"),
]


@pytest.mark.parametrize(("board", "rig"), WORKS)
def test_image_fits_the_board(board: str, rig: str) -> None:
    chip, flash, ram = CHIPS[board]
    elf = build_firmware(board, rig=rig)  # every warning is an error
    size = subprocess.run(
        ["avr-size", "-C", f"--mcu={chip}", str(elf)], capture_output=True, text=True, check=True
    ).stdout
    program, data = (int(n) for n in re.findall(r"(\d+) bytes", size))
    assert 0 < program < flash
    assert data < ram - STACK_BYTES


@pytest.mark.parametrize(
    ("board", "rig", "message"),
    [
        ("uno", "mat32", "needs an Arduino Mega"),
        ("leonardo", "mat32", "needs an Arduino Mega"),
        ("leonardo", "mat16", "wired for an Arduino Uno"),
        ("mega", "mat16", "wired for an Arduino Uno"),
    ],
)
def test_impossible_pairs_do_not_compile(board: str, rig: str, message: str) -> None:
    with pytest.raises(LinkError, match=message):
        build_firmware(board, "impossible_pair", rig=rig)


def test_unknown_rig_is_refused() -> None:
    with pytest.raises(LinkError, match="RIG must be"):
        build_firmware("uno", rig="carpet")


@pytest.mark.parametrize(
    ("board", "board_id", "options"),
    [
        ("mega", Board.MEGA_2560, ""),
        # its USB is not simulated: the same scan over the serial port of pins D0 and D1
        ("leonardo", Board.LEONARDO_OR_MICRO, "-DSOLERIG_RADIO=1"),
    ],
)
def test_insoles_at_their_highest_rate(
    run_board: Callable,
    cmd: Cmd,
    law: Callable,
    tmp_path: Path,
    board: str,
    board_id: int,
    options: str,
) -> None:
    elf = build_firmware(board, f"{board}_radio" if options else board, options)
    conductance_us = 10 ** np.random.default_rng(8).uniform(0.5, 4.0, (1, 32)).astype(np.float32)
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    sends = [
        (0.05, cmd(Command.SET_RATE, 100)),
        (0.1, cmd(Command.SET_BAUD, 2_000_000)),
        (0.2, cmd(Command.SET_RATE, 2000, token=2)),
        (0.25, cmd(Command.START)),
    ]
    run = run_board(2.25, sends, loads=loads, board=board, elf=elf)
    assert run.hellos[0].board == board_id
    assert next(r for r in run.replies if r.token == 2).result == Result.DONE
    assert run.faults.lost_frames == 0
    assert run.statuses[-1].frames_dropped == run.statuses[-1].scan_overruns == 0
    assert len(run.board_us) == pytest.approx(4000, rel=0.01)
    assert np.abs(run.counts - law(conductance_us)[0]).max() <= 1.0
