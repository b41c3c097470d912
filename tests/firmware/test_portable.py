# SPDX-License-Identifier: GPL-3.0-or-later
"""The sketch's path for any other Arduino, compiled against a small Arduino API and run as a process."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from rig.acquire.firmware_source import FIRMWARE_FOLDER
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock, HelloReceived, ReplyReceived
from rig.wire.packets import Board, Command, Result, SelfTest

Cmd = Callable[..., bytes]
PATIENCE_S = 30.0


class Scanner:
    """The program, its bytes decoded as they come."""

    def __init__(self, rig: str, counts: np.ndarray) -> None:
        folder = FIRMWARE_FOLDER / "portable_shim"
        subprocess.run(["make", "--silent", "-C", str(folder), f"RIG={rig}"], check=True)
        program = FIRMWARE_FOLDER / "build" / f"portable_{rig}" / "scanner"
        self.process = subprocess.Popen(
            [str(program), *(str(n) for n in counts)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.decoder = Decoder()
        self.items: list = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while data := os.read(self.process.stdout.fileno(), 65536):
            self.items += self.decoder.feed(data)

    def of(self, kind: type) -> list:
        return [item for item in list(self.items) if isinstance(item, kind)]

    def wait_for(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < end, "the program never said it"
            time.sleep(0.005)

    def ask(self, data: bytes):
        before = len(self.of(ReplyReceived))
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.wait_for(lambda: len(self.of(ReplyReceived)) > before)
        return self.of(ReplyReceived)[-1].reply

    @property
    def frames(self) -> int:
        return sum(len(block) for block in self.of(FrameBlock))

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.reader.join(PATIENCE_S)
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


@pytest.mark.parametrize(("rig", "sensels"), [("insoles", 32), ("mat16", 256)])
def test_portable_scanner_speaks_the_wire(cmd: Cmd, rig: str, sensels: int) -> None:
    counts = np.random.default_rng(2).integers(256, 1000, sensels)
    scanner = Scanner(rig, counts)
    try:
        scanner.wait_for(lambda: bool(scanner.of(HelloReceived)))
        hello = scanner.of(HelloReceived)[0].hello
        assert hello.board == Board.OTHER_ARDUINO
        assert hello.sensel_count == sensels
        assert scanner.ask(cmd(Command.SET_RATE, 50)).result == Result.DONE
        too_high = scanner.ask(cmd(Command.SET_RATE, 60_000))
        assert (too_high.result, too_high.value) == (Result.RATE_TOO_HIGH, hello.max_scan_rate_hz)
        assert scanner.ask(cmd(Command.STORE_NOTE, data=b"left heel soft")).result == Result.DONE
        assert scanner.ask(cmd(Command.READ_NOTE)).data == b"left heel soft"
        tested = scanner.ask(cmd(Command.SELF_TEST))
        assert bool(tested.value & SelfTest.GROUND_UNTESTED) == (rig == "insoles")
        assert scanner.ask(cmd(Command.START)).result == Result.DONE
        scanner.wait_for(lambda: scanner.frames >= 25)
        assert scanner.ask(cmd(Command.STOP)).result == Result.DONE
    finally:
        scanner.end()
    faults = scanner.decoder.faults
    assert faults.crc_errors == faults.framing_errors == faults.unreadable_scans == 0
    blocks = scanner.of(FrameBlock)
    assert (np.concatenate([block.counts for block in blocks]) == counts).all()
    # a busy PC may miss ticks; it never shifts time
    board_us = np.concatenate([block.board_us for block in blocks])
    number = np.concatenate([block.frame_number for block in blocks])
    assert np.median(np.diff(board_us) / np.diff(number)) == pytest.approx(20_000, rel=0.02)
