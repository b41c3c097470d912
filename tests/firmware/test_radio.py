# SPDX-License-Identifier: GPL-3.0-or-later
"""The belt box: 200 Hz at 115,200 baud over a line that delays and drops bytes, and over TCP."""

from __future__ import annotations

import contextlib
import os
import pty
import random
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import serial

from rig.acquire.firmware_source import FirmwareInLoop, build_firmware, write_loads
from rig.wire.decoder import Decoder
from rig.wire.frames import DecodedItem, FrameBlock, HelloReceived, ReplyReceived
from rig.wire.packets import Command

Cmd = Callable[..., bytes]
RADIO_BAUD = 115_200
PATIENCE_S = 60.0
LONGEST_BURST_S = 0.15
BYTES_PER_DROP = 3000


class Bridge:
    """Carries bytes between a board's port and another file; keeps what the board truly sent."""

    def __init__(self, board: serial.Serial, take: int, give: int, *, lossy: bool) -> None:
        self.sent_by_board = bytearray()
        self.dropped = 0
        self._board, self._take, self._give = board, take, give
        self._rng = random.Random(4) if lossy else None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        held, release = bytearray(), 0.0
        while not self._ended.is_set():
            ready, _, _ = select.select([self._board.fileno(), self._take], [], [], 0.01)
            if self._take in ready:
                with contextlib.suppress(OSError):  # nobody has the other end open yet
                    self._board.write(os.read(self._take, 4096))
            if self._board.fileno() in ready:
                data = os.read(self._board.fileno(), 4096)
                self.sent_by_board += data
                held += self._through_the_air(data)
            if held and time.monotonic() >= release:
                os.write(self._give, bytes(held))
                held.clear()
                burst_s = self._rng.uniform(0, LONGEST_BURST_S) if self._rng else 0.0
                release = time.monotonic() + burst_s

    def _through_the_air(self, data: bytes) -> bytes:
        if self._rng is None or len(self.sent_by_board) < 4 * BYTES_PER_DROP:
            return data  # the conversation before the scan comes through
        kept = bytes(b for b in data if self._rng.randrange(BYTES_PER_DROP))
        self.dropped += len(data) - len(kept)
        return kept

    def end(self) -> None:
        self._ended.set()
        self._thread.join(PATIENCE_S)


class Host:
    def __init__(self, port: serial.SerialBase) -> None:
        self.port, self.decoder = port, Decoder()
        self.items: list[DecodedItem] = []

    def read_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < end, "the board never said it"
            self.items += self.decoder.feed(self.port.read(4096))

    def of(self, kind: type) -> list:
        return [item for item in self.items if isinstance(item, kind)]

    def ask(self, data: bytes) -> None:
        before = len(self.of(ReplyReceived))
        self.port.write(data)
        self.read_until(lambda: len(self.of(ReplyReceived)) > before)

    @property
    def frames(self) -> int:
        return sum(len(block) for block in self.of(FrameBlock))


@pytest.fixture(scope="module")
def belt_box() -> Path:
    return build_firmware("uno", "uno_radio", "-DSOLERIG_RADIO=1")


@pytest.fixture
def board(belt_box: Path, tmp_path: Path) -> Iterator[FirmwareInLoop]:
    loads = tmp_path / "loads.bin"
    ramp = np.linspace(20, 2000, 400)[:, None] * np.linspace(0.5, 1.5, 32)[None]
    write_loads(loads, 50.0, ramp, interpolated=True, repeated=True)
    with FirmwareInLoop(belt_box, loads=loads) as running:
        yield running


@contextlib.contextmanager
def lossy_pty(board: FirmwareInLoop) -> Iterator[tuple[Bridge, serial.Serial]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    with serial.Serial(board.port, RADIO_BAUD, timeout=0) as line:
        bridge = Bridge(line, master, master, lossy=True)
        try:
            with serial.Serial(os.ttyname(slave), RADIO_BAUD, timeout=0.02) as port:
                yield bridge, port
        finally:
            bridge.end()
            os.close(master)
            os.close(slave)


def joined(blocks: list[FrameBlock]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.concatenate([block.frame_number for block in blocks]),
        np.concatenate([block.board_us for block in blocks]),
        np.concatenate([block.counts for block in blocks]),
    )


def test_loss_is_counted_and_placed_and_jitter_moves_nothing(
    board: FirmwareInLoop, cmd: Cmd
) -> None:
    with lossy_pty(board) as (bridge, port):
        host = Host(port)
        host.read_until(lambda: bool(host.of(HelloReceived)))
        hello = host.of(HelloReceived)[0].hello
        assert (hello.baud, hello.scan_rate_hz, hello.max_scan_rate_hz) == (RADIO_BAUD, 200, 200)
        host.ask(cmd(Command.START))
        host.read_until(lambda: host.frames >= 900)
    assert bridge.dropped > 5

    truth = Decoder()
    blocks = [i for i in truth.feed(bytes(bridge.sent_by_board)) if isinstance(i, FrameBlock)]
    assert truth.faults.lost_frames == 0
    true_number, true_us, true_counts = joined(blocks)
    number, board_us, counts = joined(host.of(FrameBlock))
    # every frame that came stands where it stood on the board, to the microsecond
    assert np.isin(number, true_number).all()
    assert (board_us == true_us[number]).all()
    assert (counts == true_counts[number]).all()
    # every frame that did not come is a hole with a known place, and counted
    faults = host.decoder.faults
    holes = np.setdiff1d(true_number[: number[-1] + 1], number)
    assert len(holes) == faults.lost_frames > 0
    # at most one frame is lost with each dropped byte but a dropped delimiter joins two
    assert faults.lost_frames <= 2 * bridge.dropped
    assert faults.crc_errors + faults.framing_errors + faults.length_errors > 0


def test_a_socket_url_reaches_the_board(board: FirmwareInLoop, cmd: Cmd) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        serial.Serial(board.port, RADIO_BAUD, timeout=0) as line,
    ):
        url = f"socket://127.0.0.1:{server.getsockname()[1]}"
        with serial.serial_for_url(url, timeout=0.05) as port:
            connection, _ = server.accept()
            with connection:
                bridge = Bridge(line, connection.fileno(), connection.fileno(), lossy=False)
                try:
                    host = Host(port)
                    host.read_until(lambda: bool(host.of(HelloReceived)))
                    host.ask(cmd(Command.START))
                    host.read_until(lambda: host.frames >= 100)
                finally:
                    bridge.end()
    faults = host.decoder.faults
    assert faults.lost_frames == faults.crc_errors == faults.framing_errors == 0
    assert np.median(np.diff(joined(host.of(FrameBlock))[1])) == 5000


def test_the_radio_profile_holds_by_commands_too(run_board: Callable, cmd: Cmd) -> None:
    run = run_board(
        2.5,
        [
            (0.05, cmd(Command.SET_RATE, 200)),
            (0.1, cmd(Command.SET_BAUD, RADIO_BAUD)),
            (0.3, cmd(Command.START)),
        ],
    )
    assert run.hellos[-1].scan_rate_hz == 200
    assert run.faults.lost_frames == 0
    assert len(run.board_us) == pytest.approx(2.2 * 200, abs=5)
