# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands over a line that damages and swallows them: repeated, in order, a bounded number of times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.acquire.commands import COMMAND_TRIES, CommandDesk, answer_wait_s, unheard_sentence
from rig.acquire.messages import SendCommand
from rig.errors import LinkError
from rig.wire.framing import open_packet
from rig.wire.packets import Command, Reply, Result, unpack_command

Fate = Literal["whole", "damaged", "swallowed", "reply lost"]
FATES: list[Fate] = ["whole", "damaged", "swallowed", "reply lost"]
DAMAGED = Reply(0, 0, Result.DAMAGED, 0)
COMMANDS = [Command.IDENTIFY, Command.START, Command.STOP, Command.SYNC_PULSE, Command.SET_RATE]


@dataclass
class Line:
    """A board behind a line; `fates` says what comes of each packet in turn, then all is well."""

    fates: list[Fate]
    obeyed: list[tuple[Command, int]] = field(default_factory=list)
    sent: dict[int, int] = field(default_factory=dict)

    def carry(self, stuffed: bytes) -> Reply | None:
        packet = open_packet(stuffed.strip(b"\x00"))
        assert isinstance(packet, bytes)
        command, token, *_ = unpack_command(packet)
        self.sent[token] = self.sent.get(token, 0) + 1
        fate = self.fates.pop(0) if self.fates else "whole"
        if fate == "damaged":
            return DAMAGED
        if fate == "swallowed":
            return None
        self.obeyed.append((command, token))
        return Reply(command, token, Result.DONE, 0) if fate == "whole" else None


def talk(desk: CommandDesk, line: Line) -> list[tuple[Command, bool]]:
    """Let time pass until nothing waits: each command as it left the desk, and whether answered."""
    left: list[tuple[Command, bool]] = []
    now_s = 0.0
    while not desk.is_idle:
        assert now_s < 1_000.0
        due, dropped = desk.due(now_s)
        left += [(w.command, False) for w in dropped]
        for stuffed in due:
            reply = line.carry(stuffed)
            if reply is not None and (waiting := desk.answered(reply)) is not None:
                left.append((waiting.command, True))
        now_s += 0.0 if due else 0.05
    return left


def ask(desk: CommandDesk, command: Command, *, own: bool = False) -> None:
    arguments = {Command.IDENTIFY: (1,), Command.SET_RATE: (500,)}.get(command, ())
    desk.send(command, *arguments, own=own)


@given(st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=8), st.data())
def test_every_command_is_obeyed_in_order_or_given_up(
    commands: list[Command], data: st.DataObject
) -> None:
    fates = data.draw(st.lists(st.sampled_from(FATES), max_size=30))
    desk, line = CommandDesk(), Line(fates)
    for command in commands:
        ask(desk, command)
    assert [command for command, _ in talk(desk, line)] == commands
    assert max(line.sent.values()) <= COMMAND_TRIES
    # a late copy never comes after a newer command: STOP stays the last word after START
    tokens = [token for _, token in line.obeyed]
    assert tokens == sorted(tokens)
    pulses = [token for command, token in line.obeyed if command == Command.SYNC_PULSE]
    assert len(pulses) == len(set(pulses))


@given(st.lists(st.sampled_from(["damaged", "swallowed"]), max_size=COMMAND_TRIES - 1))
def test_a_command_gets_through_as_long_as_one_of_its_tries_does(fates: list[Fate]) -> None:
    desk, line = CommandDesk(), Line(list(fates))
    ask(desk, Command.IDENTIFY)
    assert talk(desk, line) == [(Command.IDENTIFY, True)]
    assert len(line.obeyed) == 1


@pytest.mark.parametrize("fate", ["damaged", "swallowed"])
def test_a_command_that_never_arrives_is_given_up_after_its_tries(fate: Fate) -> None:
    desk, line = CommandDesk(), Line([fate] * COMMAND_TRIES)
    ask(desk, Command.IDENTIFY)
    ask(desk, Command.START)
    assert talk(desk, line) == [(Command.IDENTIFY, False), (Command.START, True)]
    assert line.sent == {1: COMMAND_TRIES, 2: 1}


def test_a_damaged_command_is_repeated_at_once_and_a_silent_one_when_its_time_is_over() -> None:
    desk = CommandDesk()
    ask(desk, Command.IDENTIFY)
    assert len(desk.due(0.0)[0]) == 1
    assert desk.due(0.1) == ([], [])
    assert desk.answered(DAMAGED) is None
    assert len(desk.due(0.1)[0]) == 1
    wait_s = answer_wait_s(Command.IDENTIFY)
    assert desk.due(0.1 + 0.99 * wait_s) == ([], [])
    assert len(desk.due(0.1 + 1.01 * wait_s)[0]) == 1


def test_a_pulse_that_may_have_been_given_is_not_repeated() -> None:
    for fates, pulses in (
        (["swallowed"], 0),
        (["reply lost"], 1),
        (["damaged", "damaged"], 1),
    ):
        desk, line = CommandDesk(), Line(list(fates))
        ask(desk, Command.SYNC_PULSE)
        assert talk(desk, line) == [(Command.SYNC_PULSE, fates[0] == "damaged")]
        assert len(line.obeyed) == pulses


def test_a_reply_that_comes_twice_or_to_another_answers_nothing() -> None:
    desk = CommandDesk()
    ask(desk, Command.IDENTIFY)
    ask(desk, Command.START)
    desk.due(0.0)
    assert desk.answered(Reply(Command.IDENTIFY, 9, Result.DONE, 0)) is None
    assert desk.answered(Reply(Command.START, 1, Result.DONE, 0)) is None
    first = desk.answered(Reply(Command.IDENTIFY, 1, Result.DONE, 0))
    assert first is not None
    assert first.command == Command.IDENTIFY
    assert desk.answered(Reply(Command.IDENTIFY, 1, Result.DONE, 0)) is None
    assert desk.answered(DAMAGED) is None  # START has not been sent
    assert len(desk.due(0.0)[0]) == 1


def test_our_own_commands_do_not_pile_up() -> None:
    desk, line = CommandDesk(), Line([])
    for _ in range(20):
        ask(desk, Command.START, own=True)
        desk.due(0.0)
    # the one under way, and the newest
    assert talk(desk, line) == [(Command.START, True)] * 2


def test_a_refusal_is_final() -> None:
    desk = CommandDesk()
    ask(desk, Command.SET_RATE)
    desk.due(0.0)
    assert desk.answered(Reply(Command.SET_RATE, 1, Result.RATE_TOO_HIGH, 400)) is not None
    assert desk.is_idle


def test_a_baud_is_asked_for_again_only_when_its_trial_is_over() -> None:
    """The board goes back to its old baud 2 s after one that nobody follows (WIRE_PROTOCOL.md)."""
    assert answer_wait_s(Command.SET_BAUD) > 2.0


def test_what_is_given_up_is_said_with_what_to_do() -> None:
    desk, line = CommandDesk(), Line(["swallowed"] * 20)
    ask(desk, Command.IDENTIFY)
    ask(desk, Command.SYNC_PULSE)
    dropped = []
    for now_s in range(20):
        due, given_up = desk.due(float(now_s))
        dropped += given_up
        for stuffed in due:
            line.carry(stuffed)
    said = [unheard_sentence(w) for w in dropped]
    assert f"IDENTIFY was sent {COMMAND_TRIES} times" in said[0]
    assert "SYNC_PULSE was sent once" in said[1]
    for sentence in said:
        assert sentence.startswith("The board does not take commands")
        assert "plug" in sentence


def test_commands_that_wait_when_the_link_is_opened_anew_are_given_back() -> None:
    desk = CommandDesk()
    desk.send_for_client(SendCommand(Command.START))
    with pytest.raises(LinkError, match="takes 1 values"):
        desk.send_for_client(SendCommand(Command.SET_RATE))
    assert [w.command for w in desk.forget()] == [Command.START]
    assert desk.is_idle
