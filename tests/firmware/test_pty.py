# SPDX-License-Identifier: GPL-3.0-or-later
"""The real image at the other end of a pty, read with pyserial as a real port would be."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import serial

from rig.acquire.firmware_source import FirmwareInLoop, write_loads
from rig.wire.decoder import Decoder
from rig.wire.frames import (
    DecodedItem,
    FrameBlock,
    HelloReceived,
    ReplyReceived,
    StatusReceived,
)
from rig.wire.packets import Command, HelloReason, ResetCause

Cmd = Callable[..., bytes]
PATIENCE_S = 60.0  # for a machine busy with other things; nothing here measures it


class Reader:
    """A host: reads, decodes, waits for what it needs."""

    def __init__(self, port: serial.Serial) -> None:
        self.port = port
        self.decoder = Decoder()
        self.items: list[DecodedItem] = []

    def read(self) -> None:
        self.items += self.decoder.feed(self.port.read(self.port.in_waiting or 1))

    def read_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < end, "the board never said it"
            self.read()

    def of(self, kind: type) -> list:
        return [i for i in self.items if isinstance(i, kind)]

    def ask(self, data: bytes) -> None:
        before = len(self.of(ReplyReceived))
        self.port.write(data)
        self.read_until(lambda: len(self.of(ReplyReceived)) > before)

    def ask_until_heard(self, data: bytes) -> None:
        """Again every half second, as a host does whose command may have come at another baud."""
        before, asked_s = len(self.of(ReplyReceived)), -1.0
        end = time.monotonic() + PATIENCE_S
        while len(self.of(ReplyReceived)) == before:
            assert time.monotonic() < end, "the board never answered"
            if time.monotonic() - asked_s > 0.5:
                asked_s = time.monotonic()
                self.port.write(data)
            self.read()

    @property
    def frames(self) -> int:
        return sum(len(b) for b in self.of(FrameBlock))


@contextlib.contextmanager
def opened(board: FirmwareInLoop, baud: int = 1_000_000):
    with serial.Serial(board.port, baud, timeout=0.05) as port:
        yield Reader(port)


def test_pause_loses_nothing_however_slowly_it_is_read(
    uno: Path, cmd: Cmd, law: Callable, tmp_path: Path
) -> None:
    conductance_us = np.geomspace(10, 5000, 32)[None]
    loads = tmp_path / "loads.bin"
    write_loads(loads, 1.0, conductance_us)
    with (
        FirmwareInLoop(uno, loads=loads, full_pty="pause", realtime=False) as board,
        opened(board) as reader,
    ):
        reader.read_until(lambda: bool(reader.of(HelloReceived)))
        reader.ask(cmd(Command.START))
        for _ in range(3):
            time.sleep(0.3)  # far more than the pty holds would be sent meanwhile
            target = reader.frames + 500
            reader.read_until(lambda target=target: reader.frames >= target)
        reader.ask(cmd(Command.STOP))
        reader.read_until(lambda: bool(reader.of(StatusReceived)))
    faults = reader.decoder.faults
    assert faults.lost_frames == faults.crc_errors == faults.framing_errors == 0
    assert reader.frames >= 1500
    for block in reader.of(FrameBlock):
        assert np.abs(block.counts - law(conductance_us)[0]).max() <= 1.0


def test_what_drop_loses_is_what_status_says(uno: Path, cmd: Cmd) -> None:
    with (
        FirmwareInLoop(uno, full_pty="drop", realtime=False) as board,
        opened(board) as reader,
    ):
        reader.read_until(lambda: bool(reader.of(HelloReceived)))
        reader.ask(cmd(Command.START))
        end = time.monotonic() + PATIENCE_S
        while reader.decoder.faults.lost_frames == 0:
            assert time.monotonic() < end
            time.sleep(0.7)  # the reader hangs; the board goes on
            for _ in range(100):
                reader.read()
        reader.ask(cmd(Command.STOP))
        told = len(reader.of(StatusReceived))
        # the second one: the first may have been on its way before STOP
        reader.read_until(lambda: len(reader.of(StatusReceived)) >= told + 2)
    status = reader.of(StatusReceived)[-1].status
    assert (status.frames_dropped, status.scan_overruns) == (0, 0)
    lost = status.frames_sent - reader.frames
    assert lost > 0
    assert reader.decoder.faults.lost_frames == lost


def test_opening_the_port_resets_the_board(uno: Path) -> None:
    with FirmwareInLoop(uno, realtime=False) as board:
        hellos = []
        for _ in range(2):
            with opened(board) as reader:
                reader.read_until(lambda reader=reader: bool(reader.of(HelloReceived)))
                hellos.append(reader.of(HelloReceived)[0].hello)
    assert [h.reason for h in hellos] == [HelloReason.BOOT] * 2
    assert hellos[1].reset_cause & ResetCause.EXTERNAL
    assert hellos[1].time_us < 100_000


def test_baud_must_match_as_on_a_real_line(uno: Path, cmd: Cmd) -> None:
    with FirmwareInLoop(uno) as board, opened(board) as reader:
        reader.read_until(lambda: bool(reader.of(HelloReceived)))
        reader.ask(cmd(Command.SET_RATE, 200))
        reader.ask(cmd(Command.SET_BAUD, 250_000))
        reader.port.baudrate = 250_000
        # the board's own HELLO may have come before this end had changed its baud
        reader.ask_until_heard(cmd(Command.HELLO))
        assert reader.of(HelloReceived)[-1].hello.baud == 250_000
        # at the old baud neither side understands the other
        reader.port.baudrate = 1_000_000
        reader.read()
        reader.port.reset_input_buffer()
        before = len(reader.of(ReplyReceived))
        reader.port.write(cmd(Command.HELLO))
        for _ in range(6):
            reader.read()
        assert len(reader.of(ReplyReceived)) == before


def test_unplugged_port_gives_an_error_and_comes_back(uno: Path, tmp_path: Path) -> None:
    link = tmp_path / "port"
    board = FirmwareInLoop(uno, pty_link=link, realtime=False).start()
    with opened(board) as reader:
        reader.read_until(lambda: bool(reader.of(HelloReceived)))
        board.kill()
        with pytest.raises((serial.SerialException, OSError)):
            reader.read_until(lambda: False)
    assert not link.exists()
    with FirmwareInLoop(uno, pty_link=link, realtime=False) as again, opened(again) as reader:
        assert again.port == str(link)
        reader.read_until(lambda: bool(reader.of(HelloReceived)))


def test_the_board_ends_with_its_owner(uno: Path, tmp_path: Path) -> None:
    link = tmp_path / "port"
    owner = (
        "import os, signal, sys; from pathlib import Path;"
        "from rig.acquire.firmware_source import FirmwareInLoop;"
        "FirmwareInLoop(Path(sys.argv[1]), pty_link=Path(sys.argv[2])).start();"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", owner, str(uno), str(link)], check=False)
    end = time.monotonic() + PATIENCE_S
    while link.is_symlink():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_prescribed_event_is_logged(uno: Path, cmd: Cmd, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with FirmwareInLoop(uno, realtime=False, log=log) as board, opened(board) as reader:
        reader.read_until(lambda: bool(reader.of(HelloReceived)))
        reader.ask(cmd(Command.SYNC_PULSE))
        reader.read_until(lambda: bool(reader.of(StatusReceived)))
        summary = board.stop()
    levels = [row.split()[2] for row in log.read_text().splitlines() if "sync_out" in row]
    assert levels[-2:] == ["1", "0"]
    assert "received_bytes_lost 0" in summary
