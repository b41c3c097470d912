# SPDX-License-Identifier: GPL-3.0-or-later
"""The real image, compiled once a session, on the simulated board; decoded by the project's decoder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import build_firmware, build_simulator
from rig.wire.decoder import Decoder
from rig.wire.frames import (
    DecodedItem,
    DecodeFaults,
    FrameBlock,
    HelloReceived,
    ReplyReceived,
    StatusReceived,
)
from rig.wire.framing import frame_packet
from rig.wire.packets import Command, Hello, Reply, Status, pack_command

HARDWARE = Path(__file__).resolve().parents[2] / "hardware_schematics"
if str(HARDWARE) not in sys.path:  # its printers are scripts beside each other, not a package
    sys.path.insert(0, str(HARDWARE))

ADC_STEPS = 1024
PULL_DOWN_OHM = 1000.0
MUX_OHM = 70.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one free run of the board left behind."""

    items: list[DecodedItem]
    faults: DecodeFaults
    log: list[tuple[float, str, int]]
    summary: dict[str, float]

    @property
    def blocks(self) -> list[FrameBlock]:
        return [i for i in self.items if isinstance(i, FrameBlock)]

    @property
    def hellos(self) -> list[Hello]:
        return [i.hello for i in self.items if isinstance(i, HelloReceived)]

    @property
    def statuses(self) -> list[Status]:
        return [i.status for i in self.items if isinstance(i, StatusReceived)]

    @property
    def replies(self) -> list[Reply]:
        return [i.reply for i in self.items if isinstance(i, ReplyReceived)]

    @property
    def board_us(self) -> np.ndarray:
        return np.concatenate([b.board_us for b in self.blocks])

    @property
    def counts(self) -> np.ndarray:
        return np.concatenate([b.counts for b in self.blocks])

    @property
    def inputs(self) -> np.ndarray:
        return np.concatenate([b.inputs for b in self.blocks])

    def events(self, name: str) -> list[tuple[float, int]]:
        return [(time_s, value) for time_s, event, value in self.log if event == name]


def command(code: Command, *arguments: int, token: int = 0, data: bytes = b"") -> bytes:
    """A command as it crosses the wire."""
    return frame_packet(pack_command(code, token, *arguments, data=data))


def prescribed(conductance_us: np.ndarray) -> np.ndarray:
    """Counts before rounding, from the divider's law: 1024 x Rm / (Rm + Rmux + R_fsr)."""
    with np.errstate(divide="ignore"):
        resistance_ohm = 1e6 / np.asarray(conductance_us, dtype=float)
    return np.minimum(ADC_STEPS * PULL_DOWN_OHM / (PULL_DOWN_OHM + MUX_OHM + resistance_ohm), 1023)


@pytest.fixture(scope="session")
def uno() -> Path:
    return build_firmware("uno")


@pytest.fixture(scope="session")
def simulator() -> Path:
    return build_simulator()


RunBoard = Callable[..., Run]


@pytest.fixture
def run_board(uno: Path, simulator: Path, tmp_path: Path) -> RunBoard:
    """run_board(seconds, [(time_s, bytes), ...], loads=, elf=, board=, rig=, options=) -> Run."""

    def run(
        seconds: float,
        sends: Sequence[tuple[float, bytes]] = (),
        *,
        loads: Path | None = None,
        elf: Path | None = None,
        board: str = "uno",
        rig: str = "insoles",
        options: Sequence[str] = (),
    ) -> Run:
        out, log = tmp_path / "out.bin", tmp_path / "log.txt"
        is_default = (board, rig) == ("uno", "insoles")
        image = elf or (uno if is_default else build_firmware(board, rig=rig))
        program = simulator if is_default else build_simulator(board, rig)
        line = [str(program), "--elf", str(image), "--out", str(out), "--log", str(log)]
        line += ["--seconds", str(seconds), *options]
        line += ["--loads", str(loads)] if loads else []
        for time_s, data in sends:
            line += ["--send", f"{data.hex()}@{time_s}"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        decoder = Decoder()
        items = [*decoder.feed(out.read_bytes()), *decoder.finish()]
        events = [row.split() for row in log.read_text().splitlines()]
        summary = [row.split() for row in done.stdout.splitlines() if len(row.split()) == 2]
        return Run(
            items,
            decoder.faults,
            [(float(time_s), name, int(value)) for time_s, name, value in events],
            {name: float(value) for name, value in summary},
        )

    return run


@pytest.fixture(scope="session")
def cmd() -> Callable[..., bytes]:
    """`command` for tests, which cannot import from a conftest."""
    return command


@pytest.fixture(scope="session")
def law() -> Callable[[np.ndarray], np.ndarray]:
    """`prescribed` for tests."""
    return prescribed
