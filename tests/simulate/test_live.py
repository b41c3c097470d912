# SPDX-License-Identifier: GPL-3.0-or-later
"""The live board's half of the conversation, and its indifference to how bytes are taken."""

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.simulate.live import LiveSimulation
from rig.wire.framing import frame_packet, open_packet
from rig.wire.packets import (
    INPUT_SYNC_OUT,
    PROTOCOL_VERSION,
    Command,
    PacketType,
    Reply,
    Result,
    pack_command,
    unpack_hello,
    unpack_reply,
    unpack_status,
)


def _said(stream):
    return [open_packet(stuffed) for stuffed in stream.split(b"\0") if stuffed]


def _ask(board, command, *arguments, data=b"", at_s=0.0):
    """Send one command with token 9 and return the packets that follow by `at_s`."""
    board.receive(frame_packet(pack_command(command, 9, *arguments, data=data)))
    return _said(board.produce(at_s))


def _reply(packets):
    (reply,) = [unpack_reply(p) for p in packets if p[0] == PacketType.REPLY]
    return reply


def _scans(packets):
    return [struct.unpack("<BHIB", p[:8])[1:] for p in packets if p[0] == PacketType.SCAN]


@pytest.fixture
def board():
    made = LiveSimulation("stance", 1)
    made.produce(0.0)
    return made


def test_boots_with_a_hello_and_waits_for_start():
    packets = _said(LiveSimulation("stance", 1).produce(2.5))
    assert [p[0] for p in packets] == [PacketType.HELLO, PacketType.STATUS, PacketType.STATUS]
    assert unpack_status(packets[-1]).frames_sent == 0


def test_start_scans_at_the_rate_in_force(board):
    assert _reply(_ask(board, Command.START)) == Reply(Command.START, 9, Result.DONE, 1000)
    scans = _scans(_said(board.produce(1.0)))
    assert [s[0] for s in scans] == list(range(len(scans)))
    assert {b[1] - a[1] for a, b in pairwise(scans)} == {1000}
    assert 997 <= len(scans) <= 1000


def test_stop_ends_the_scans_and_start_goes_on_counting(board):
    _ask(board, Command.START)
    first = _scans(_said(board.produce(0.1)))
    assert _reply(_ask(board, Command.STOP, at_s=0.1)).result == Result.DONE
    assert _scans(_said(board.produce(0.5))) == []
    _ask(board, Command.START, at_s=0.5)
    assert _scans(_said(board.produce(0.6)))[0][0] == first[-1][0] + 1


def test_a_new_rate_is_told_before_the_first_scan_it_governs(board):
    _ask(board, Command.START)
    board.produce(0.2)
    packets = _ask(board, Command.SET_RATE, 500, at_s=0.3)
    assert [p[0] for p in packets[:2]] == [PacketType.HELLO, PacketType.REPLY]
    hello = unpack_hello(packets[0])
    assert (hello.scan_rate_hz, hello.configuration) == (500, 1)
    scans = _scans(packets)
    assert {flags & 0x0F for _, _, flags in scans} == {1}
    assert {b[1] - a[1] for a, b in pairwise(scans)} == {2000}


@pytest.mark.parametrize(
    ("command", "arguments", "data", "result", "value"),
    [
        (Command.SET_RATE, (2001,), b"", Result.RATE_TOO_HIGH, 2000),
        (Command.SET_RATE, (39,), b"", Result.RATE_TOO_LOW, 40),
        (Command.SET_BAUD, (115_200,), b"", Result.BAUD_NOT_SUPPORTED, 0),
        (Command.READ_NOTE, (), b"", Result.NOTE_MISSING, 0),
        (Command.STORE_NOTE, (), b"x" * 65, Result.NOTE_TOO_LONG, 64),
        (Command.START, (), b"tail", Result.BAD_LENGTH, 2),
        (Command.IDENTIFY, (3,), b"", Result.DONE, 3),
        (Command.SELF_TEST, (), b"", Result.DONE, 0),
        (Command.SET_BIT_DEPTH, (8,), b"", Result.BIT_DEPTH_NOT_SUPPORTED, 10),
        (Command.SET_BIT_DEPTH, (10,), b"", Result.DONE, 10),
        (Command.SET_REGION, (0, 1, 0, 16), b"", Result.REGION_NOT_SUPPORTED, 32),
        (Command.SET_REGION, (0, 2, 0, 16), b"", Result.DONE, 32),
        (Command.HELLO, (), b"", Result.DONE, PROTOCOL_VERSION),
    ],
)
def test_answers_by_name(board, command, arguments, data, result, value):
    reply = _reply(_ask(board, command, *arguments, data=data))
    assert reply == Reply(command, 9, result, value)


@pytest.mark.parametrize(
    "command", [Command.SET_BAUD, Command.SELF_TEST, Command.SET_ID, Command.STORE_NOTE]
)
def test_long_commands_want_the_scan_stopped_first(board, command):
    _ask(board, Command.START)
    arguments = (5,) if command in (Command.SET_BAUD, Command.SET_ID) else ()
    assert _reply(_ask(board, command, *arguments)).result == Result.STOP_FIRST


def test_damaged_and_unknown_commands_are_refused(board):
    whole = frame_packet(pack_command(Command.START, 9))
    board.receive(bytes([whole[0], whole[1] ^ 0x10, *whole[2:]]))
    assert _reply(_said(board.produce(0.0))) == Reply(0, 0, Result.DAMAGED, 0)
    board.receive(frame_packet(b"\x7f\x05"))
    assert _reply(_said(board.produce(0.0))) == Reply(0x7F, 5, Result.UNKNOWN_COMMAND, 0)
    assert _scans(_said(board.produce(0.5))) == []


def test_note_and_id_are_kept(board):
    _ask(board, Command.STORE_NOTE, data=b"left sole re-glued")
    assert _reply(_ask(board, Command.READ_NOTE)).data == b"left sole re-glued"
    packets = _ask(board, Command.SET_ID, 77)
    assert unpack_hello(packets[0]).unique_id == 77
    assert board.hello.unique_id == 77


def test_a_sync_pulse_shows_for_50_ms(board):
    _ask(board, Command.START)
    board.produce(0.2)
    packets = _ask(board, Command.SYNC_PULSE, at_s=0.5)
    times = [us for _, us, flags in _scans(packets) if flags & INPUT_SYNC_OUT]
    assert len(times) == 50
    assert times[0] == pytest.approx(200_010, abs=1000)


def test_a_command_may_come_in_pieces(board):
    for byte in frame_packet(pack_command(Command.START, 9)):
        board.receive(bytes([byte]))
    assert _reply(_said(board.produce(0.0))).result == Result.DONE


def _conversation(cuts_s):
    """Bytes of three seconds with a change of rate at 1.2 s and a pulse at 2 s."""
    board = LiveSimulation(None, 2)
    commands = {
        0.0: pack_command(Command.START, 1),
        1.2: pack_command(Command.SET_RATE, 2, 700),
        2.0: pack_command(Command.SYNC_PULSE, 3),
    }
    stream = b""
    for at_s in sorted({*cuts_s, *commands, 3.0}):
        stream += board.produce(at_s)
        if at_s in commands:
            board.receive(frame_packet(commands[at_s]))
    return stream


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.0, 3.0), max_size=30))
def test_bytes_do_not_depend_on_how_they_are_taken(cuts_s):
    assert _scans(_said(_conversation(cuts_s))) == _scans(_said(_conversation([])))


def test_bytes_are_equal_to_the_last_one():
    assert _conversation(np.arange(0.0, 3.0, 0.0073)) == _conversation([])


def test_drills_are_announced(board):
    assert board.drill_at(100.0) == "stance"
    assert LiveSimulation("walking", 1).drill_at(3.0) == "free"
    assert LiveSimulation(None, 1).drill_at(27.0) == "hopping"


def test_calibrated_and_weighed_before_it_begins(board):
    assert board.calibration.body_weight_gain_source == "measured"
    assert board.participant.body_weight_n == pytest.approx(686.5, abs=0.1)


def test_the_person_goes_on_while_nothing_is_scanned():
    """Scans from 29 s on show the same hops, whether or not they were watched before."""
    watched, unwatched = LiveSimulation(None, 3), LiveSimulation(None, 3)
    for board in (watched, unwatched):
        board.receive(frame_packet(pack_command(Command.START, 1)))
        board.produce(0.5)
    unwatched.receive(frame_packet(pack_command(Command.STOP, 2)))
    for board in (watched, unwatched):
        board.produce(29.0)
    unwatched.receive(frame_packet(pack_command(Command.START, 3)))
    samples = []
    for board in (watched, unwatched):
        packets = [p for p in _said(board.produce(30.0)) if p[0] == PacketType.SCAN]
        samples.append([int.from_bytes(p[8:], "little") >> 310 for p in packets[-900:]])
    assert np.abs(np.subtract(*samples)).mean() <= 3.0
    assert np.std(samples) > 30.0
