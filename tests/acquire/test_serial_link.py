# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that come, go, stay silent or speak nonsense; real pyserial on ptys and sockets."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import serial

from rig.acquire.messages import (
    CommandAnswered,
    OpenSource,
    RecordingStatus,
    SendCommand,
    SourceSpec,
    StartRecording,
    StopRecording,
)
from rig.acquire.sources.serial_port import port_sentence
from rig.record import Recording
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock, SegmentCause
from rig.wire.packets import LAYOUT_CHECKSUM, Command, Result, crc16

Join = Callable[[], Any]


def opened(address: str, rate_hz: int | None = None) -> OpenSource:
    return OpenSource(SourceSpec(kind="serial", address=address, rate_hz=rate_hz))


@pytest.mark.parametrize("board", ["pty", "socket"], indirect=True)
def test_unplug_and_replug_resume_without_restart(join: Join, board: Any, tmp_path: Path) -> None:
    board.plug()
    follower = join()
    follower.client.request(opened(board.address))
    follower.until_frames(100)
    follower.client.request(StartRecording(str(tmp_path / "r")))
    follower.until_told(RecordingStatus)
    follower.until_frames(follower.frames + 100)
    board.unplug()
    link = follower.until_state("lost")
    assert link.sentence
    before = follower.frames
    board.plug()
    follower.until_state("streaming")
    follower.until_frames(before + 200)
    follower.client.request(StopRecording())
    follower.until(
        lambda: not [n for n in follower.notices if isinstance(n, RecordingStatus)][-1].recording
    )
    segments = {b.segment.index: b.segment for b in follower.blocks}
    assert len(segments) == 2

    recording = Recording.open(tmp_path / "r")
    again = np.flatnonzero(np.diff(recording.arrivals[:, 0], prepend=0) == 0)
    assert len(again) == 1
    assert [e["type"] for e in recording.events] == ["segment", "link", "link", "segment", "stop"]
    assert [e["state"] for e in recording.events if e["type"] == "link"] == ["lost", "reopened"]
    decoder, at = Decoder(recording.hello), int(recording.arrivals[again[0], 0])
    items = decoder.feed(recording.wire[:at])
    decoder.link_reopened()
    items += decoder.feed(recording.wire[at:])
    causes = {b.segment.index: b.segment.cause for b in items if isinstance(b, FrameBlock)}
    assert list(causes.values()) == [SegmentCause.FIRST, SegmentCause.LINK_REOPENED]
    faults = decoder.faults
    assert faults.lost_frames == faults.crc_errors == faults.framing_errors == 0


def test_the_wanted_rate_is_set_and_a_refusal_names_the_limit(join: Join, board: Any) -> None:
    board.plug()
    follower = join()
    follower.client.request(opened(board.address, rate_hz=500))
    follower.until_frames(100)
    follower.until(lambda: follower.link.hello.scan_rate_hz == 500, "500 Hz")
    follower.client.request(opened(board.address, rate_hz=4_000))
    follower.until(lambda: "2000 Hz" in follower.link.sentence, "the limit")
    follower.until_frames(100)
    follower.client.request(SendCommand(Command.READ_NOTE))
    answer = follower.until_told(CommandAnswered)
    assert answer.reply.result == Result.NOTE_MISSING


def test_a_board_of_an_unknown_layout_is_refused_in_one_sentence(join: Join, board: Any) -> None:
    checksum = LAYOUT_CHECKSUM.to_bytes(2, "little")

    def stale(data: bytes) -> bytes:
        """Hellos of another layout, with the CRC that such a board would send."""
        packets = data.split(b"\x00")
        return b"\x00".join(_with_other_checksum(p, checksum) for p in packets)

    board.corrupt = stale
    board.plug()
    follower = join()
    follower.client.request(opened(board.address))
    link = follower.until_state("refused")
    assert "flash" in link.sentence
    assert "0xdead" in link.sentence
    assert link.frames == 0
    board.corrupt = bytes
    follower.until_frames(100)
    follower.until_state("streaming")


def _with_other_checksum(stuffed: bytes, checksum: bytes) -> bytes:
    from rig.wire.framing import cobs_decode, cobs_encode

    packet = cobs_decode(stuffed)
    if packet is None or packet[:1] != b"\x01" or packet[2:4] != checksum:
        return stuffed
    packet = packet[:2] + (0xDEAD).to_bytes(2, "little") + packet[4:-2]
    return cobs_encode(packet + crc16(packet).to_bytes(2, "little"))


def test_a_silent_board_is_said_and_asked_again(join: Join, board: Any) -> None:
    board.plug()
    follower = join()
    follower.client.request(opened(board.address))
    follower.until_frames(100)
    board.silent = True
    link = follower.until_state("waiting_for_hello")
    assert "sent nothing" in link.sentence
    board.silent = False
    follower.until_state("streaming")


def test_a_port_that_is_not_there_says_so_and_is_opened_when_it_comes(
    join: Join, board: Any
) -> None:
    follower = join()
    follower.client.request(opened(board.address))
    follower.until(lambda: follower.link and "not there" in follower.link.sentence, "the sentence")
    assert follower.link.state == "searching"
    board.plug()
    follower.until_frames(100)


def test_a_port_in_use_says_so(join: Join, board: Any) -> None:
    board.plug()
    follower = join()
    follower.until(lambda: Path(board.address).exists())
    with serial.Serial(board.address, exclusive=True):
        follower.client.request(opened(board.address))
        follower.until(lambda: follower.link and "another program" in follower.link.sentence)
    follower.until_frames(50)


def test_any_pyserial_url_is_taken(join: Join) -> None:
    follower = join()
    follower.client.request(opened("loop://"))
    link = follower.until_state("waiting_for_hello")
    assert link.source_name == "loop://"
    follower.client.request(opened("nonsense://x"))
    follower.until(lambda: "Check the name" in follower.link.sentence, "a sentence")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "dialout"),
        (serial.SerialException(errno.EACCES, "could not open port: Permission denied"), "dialout"),
        (serial.SerialException(errno.EBUSY, "could not open port: busy"), "another program"),
        (serial.SerialException(errno.ENOENT, "no such file"), "not there"),
        (OSError(errno.EIO, "Input/output error"), "on and connected"),
    ],
)
def test_each_reason_has_its_remedy(error: Exception, says: str) -> None:
    assert says in port_sentence("/dev/ttyUSB0", error)
