# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation with a board, with a clock that the test moves."""

from dataclasses import replace

import pytest

from rig.acquire.commands import COMMAND_TRIES
from rig.acquire.link import Link, SetBaud
from rig.acquire.messages import SendCommand, SourceSpec
from rig.errors import LinkError
from rig.simulate.board import hello_bytes, simulated_hello
from rig.simulate.live import LiveSimulation
from rig.wire.framing import frame_packet, open_packet
from rig.wire.packets import (
    FALLBACK_BAUDS,
    Command,
    HelloReason,
    Reply,
    Result,
    pack_reply,
    unpack_command,
)

HELLO = simulated_hello(1_000, unique_id=7)


def link(**spec: object) -> Link:
    made = Link(
        replace(SourceSpec(kind="serial", address="here"), **spec),
        None,
        simulated=False,
        can_change_baud=True,
    )
    made.opened("here", 0.0)
    return made


def said(of: Link) -> list[Command | int]:
    """What the host does next: commands by name, bauds by number."""
    done: list[Command | int] = []
    for item in of.taken_out()[0]:
        if isinstance(item, SetBaud):
            done.append(item.baud)
            continue
        packet = open_packet(item[:-1])
        assert isinstance(packet, bytes)
        done.append(unpack_command(packet)[0])
    return done


def token_of(stuffed: bytes | SetBaud) -> int:
    assert isinstance(stuffed, bytes)
    packet = open_packet(stuffed[:-1])
    assert isinstance(packet, bytes)
    return packet[1]


def test_a_silent_port_is_asked_twice_and_then_at_each_fallback_baud() -> None:
    silent = link()
    assert said(silent) == [Command.HELLO]
    silent.tick(1.9)
    assert said(silent) == []
    silent.tick(2.0)
    assert said(silent) == [Command.HELLO]
    bauds = []
    for i in range(4):
        silent.tick(4.0 + 2.0 * i)
        baud, command = said(silent)
        assert command == Command.HELLO
        bauds.append(baud)
    assert bauds == [*FALLBACK_BAUDS[1:], FALLBACK_BAUDS[0]]
    assert "No Solerig board answers" in silent.status.sentence
    assert silent.state == "waiting_for_hello"


def test_after_the_hello_the_rate_is_set_and_the_scan_started() -> None:
    fresh = link(rate_hz=500)
    said(fresh)
    fresh.take(hello_bytes(HELLO, HelloReason.BOOT, 0), 0.1)
    (stuffed,) = fresh.taken_out()[0]
    fresh.take(reply_bytes(Reply(Command.SET_RATE, token_of(stuffed), Result.DONE, 500)), 0.2)
    assert said(fresh) == [Command.START]


def test_a_board_that_was_reset_is_started_again() -> None:
    running = link()
    board = LiveSimulation("stance", seed=1)
    for i in range(1, 30):
        for item in running.taken_out()[0]:
            assert isinstance(item, bytes)
            board.receive(item)
        running.take(board.produce(0.02 * i), 0.02 * i)
    assert running.state == "streaming"
    assert running.status.rate_hz == pytest.approx(1_000.0, rel=0.01)
    running.take(hello_bytes(HELLO, HelloReason.ASKED, 0), 0.7)
    assert said(running) == []
    running.take(hello_bytes(HELLO, HelloReason.BOOT, 0), 0.8)
    assert said(running) == [Command.START]


def reply_bytes(reply: Reply) -> bytes:
    return frame_packet(pack_reply(reply))


def streaming() -> tuple[Link, LiveSimulation, float]:
    """A link that receives frames, its board, and the time."""
    running, board = link(), LiveSimulation("stance", seed=1)
    now_s = 0.0
    while running.state != "streaming":
        now_s += 0.02
        exchange(running, board, now_s)
    exchange(running, board, now_s + 0.02)
    return running, board, now_s + 0.02


def exchange(running: Link, board: LiveSimulation, now_s: float) -> None:
    for item in running.taken_out()[0]:
        assert isinstance(item, bytes)
        board.receive(item)
    running.take(board.produce(now_s), now_s)


def test_a_board_that_takes_no_commands_is_told_of_until_it_does() -> None:
    running, board, now_s = streaming()
    running.command(SendCommand(Command.IDENTIFY, (1,)), now_s)
    tries, answers = [], []
    while not answers:
        commands, answers = running.taken_out()
        tries += commands  # none of them arrives
        now_s += 0.05
        running.take(board.produce(now_s), now_s)
        running.tick(now_s)
        assert now_s < 10.0
    assert len(tries) == COMMAND_TRIES
    (answer,) = answers
    assert (answer.command, answer.reply) == (Command.IDENTIFY, None)
    assert "does not take commands" in answer.sentence
    assert running.state == "streaming"
    assert running.status.sentence == answer.sentence
    running.command(SendCommand(Command.IDENTIFY, (1,)), now_s)
    exchange(running, board, now_s + 0.02)
    assert running.status.sentence == "Receiving frames from here."
    (answer,) = running.taken_out()[1]
    assert answer.reply is not None
    assert answer.reply.result == Result.DONE


def test_a_damaged_command_is_sent_again_at_once_and_answered_once() -> None:
    running, board, now_s = streaming()
    running.command(SendCommand(Command.IDENTIFY, (3,)), now_s)
    (stuffed,) = running.taken_out()[0]
    assert isinstance(stuffed, bytes)
    board.receive(stuffed[:3] + stuffed[4:])
    running.take(board.produce(now_s + 0.01), now_s + 0.01)
    exchange(running, board, now_s + 0.02)
    (answer,) = running.taken_out()[1]
    assert answer.reply is not None
    assert (answer.reply.command, answer.reply.value) == (Command.IDENTIFY, 3)
    running.tick(now_s + 5.0)
    assert not running.taken_out()[1]


def test_what_was_asked_of_a_link_that_is_gone_is_answered_too() -> None:
    running, _, now_s = streaming()
    running.command(SendCommand(Command.IDENTIFY, (1,)), now_s)
    running.opened("here", now_s + 0.1)
    (answer,) = running.taken_out()[1]
    assert (answer.command, answer.reply) == (Command.IDENTIFY, None)
    assert "opened anew before IDENTIFY" in answer.sentence


def test_an_accepted_baud_is_followed() -> None:
    quick = link()
    said(quick)
    quick.command(SendCommand(Command.SET_BAUD, (500_000,)), 0.0)
    (stuffed,) = quick.taken_out()[0]
    reply = Reply(Command.SET_BAUD, token_of(stuffed), Result.DONE, 500_000)
    quick.take(frame_packet(pack_reply(reply)), 0.1)
    commands, answers = quick.taken_out()
    assert commands[0] == SetBaud(500_000)
    assert answers[0].reply == reply


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (SendCommand(0x99), "no command number"),
        (SendCommand(Command.SET_RATE), "takes 1 values"),
        (SendCommand(Command.SET_RATE, (70_000,)), "does not take these values"),
    ],
)
def test_a_command_that_cannot_be_is_refused(request_: SendCommand, says: str) -> None:
    with pytest.raises(LinkError, match=says):
        link().command(request_, 0.0)


def test_a_recording_takes_no_command() -> None:
    replay = Link(
        SourceSpec(kind="recording", address="r"), None, simulated=False, can_change_baud=False
    )
    replay.opened("r", 0.0)
    assert replay.state == "streaming"
    replay.tick(100.0)
    assert replay.taken_out() == ([], [])
    with pytest.raises(LinkError, match="Connect one first"):
        replay.command(SendCommand(Command.START), 0.0)
