# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on their way to the board: one after the other, repeated until answered. No I/O.

The board misses a byte now and then (about one command in twenty at 2 Mbaud and full rate) and then
answers DAMAGED without saying to whom, or nothing at all. So only one command is under way at a time:
DAMAGED can only mean that one, and a late copy of it never arrives after a newer command.
"""

from __future__ import annotations

import struct
from collections import deque
from dataclasses import dataclass

from rig.acquire.messages import SendCommand
from rig.errors import LinkError
from rig.wire.framing import DELIMITER, frame_packet
from rig.wire.packets import LAYOUT_OF, Command, Reply, Result, pack_command

COMMAND_TRIES = 5
"""At one damaged command in twenty, all five fail once in three million (design choice)."""
ANSWER_WAIT_S = 0.5
"""A board answers most commands within milliseconds; a wireless bridge adds its own (design choice)."""
SLOW_ANSWER_WAIT_S = 2.5
"""Longer than the 2 s for which a board tries a baud that nobody follows, or writes its EEPROM."""
SLOW = frozenset({Command.SET_BAUD, Command.SELF_TEST, Command.SET_ID, Command.STORE_NOTE})
NEVER_TWICE = frozenset({Command.SYNC_PULSE})
"""What silence leaves in doubt and a second time would do harm: two pulses for one start."""


@dataclass(slots=True)
class Waiting:
    """A command without its answer; `own` ones are not told to clients."""

    command: Command
    token: int
    stuffed: bytes
    own: bool
    tries: int = 0
    sent_s: float = 0.0
    is_due: bool = True


class CommandDesk:
    """Packs commands, sends them in order, and finds for each reply the command it answers."""

    def __init__(self) -> None:
        self._queue: deque[Waiting] = deque()
        self._token = 0

    @property
    def is_idle(self) -> bool:
        return not self._queue

    def forget(self) -> list[Waiting]:
        """The link is another one; nobody answers what was asked before."""
        left = list(self._queue)
        self._queue.clear()
        return left

    def unanswered(self, command: Command) -> bytes:
        """A command whose reply nobody waits for."""
        return frame_packet(pack_command(command, self._next_token()))

    def send(self, command: Command, *arguments: int, own: bool, data: bytes = b"") -> None:
        """Line up a command; raises `struct.error` when the arguments do not fit."""
        token = self._next_token()
        stuffed = frame_packet(pack_command(command, token, *arguments, data=data))
        if own:  # a newer one of ours replaces what has not been sent
            unsent = [w for w in self._queue if w.own and w.command == command and not w.tries]
            for waiting in unsent:
                self._queue.remove(waiting)
        self._queue.append(Waiting(command, token, stuffed, own))

    def send_for_client(self, request: SendCommand) -> Command:
        """The same for a request; raises `LinkError` saying what does not fit."""
        if request.command not in set(Command):
            raise LinkError(f"There is no command number {request.command}.")
        command = Command(request.command)
        wanted = len(LAYOUT_OF[command].fields) - 2
        if len(request.arguments) != wanted:
            raise LinkError(f"Command {command.name} takes {wanted} values.")
        try:
            self.send(command, *request.arguments, data=request.data, own=False)
        except struct.error as error:
            raise LinkError(
                f"Command {command.name} does not take these values: {error}."
            ) from error
        return command

    def answered(self, reply: Reply) -> Waiting | None:
        """The command that this reply answers; one that came damaged becomes due again instead."""
        if not self._queue or not self._queue[0].tries:
            return None
        front = self._queue[0]
        if reply.result == Result.DAMAGED:
            front.is_due = True
            return None
        if (reply.token, reply.command) != (front.token, front.command):
            return None
        return self._queue.popleft()

    def due(self, now_s: float) -> tuple[list[bytes], list[Waiting]]:
        """What is to be sent now, and the commands that are given up."""
        given_up: list[Waiting] = []
        while self._queue:
            front = self._queue[0]
            is_silent = not front.is_due
            if is_silent and now_s - front.sent_s <= answer_wait_s(front.command):
                break
            if front.tries < COMMAND_TRIES and not (is_silent and front.command in NEVER_TWICE):
                return [_sent(front, now_s)], given_up
            given_up.append(self._queue.popleft())
        return [], given_up

    def _next_token(self) -> int:
        self._token = self._token % 255 + 1
        return self._token


def _sent(waiting: Waiting, now_s: float) -> bytes:
    """The bytes of one more try; a further one ends first what the board holds of the last."""
    again = waiting.tries > 0
    waiting.tries, waiting.sent_s, waiting.is_due = waiting.tries + 1, now_s, False
    return bytes([DELIMITER]) + waiting.stuffed if again else waiting.stuffed


def answer_wait_s(command: Command) -> float:
    """How long an answer to this command may take."""
    return SLOW_ANSWER_WAIT_S if command in SLOW else ANSWER_WAIT_S


def reopened_sentence(waiting: Waiting) -> str:
    """A command that was under way when the link was opened anew, and what to do."""
    return (
        f"The board's port was opened anew before {waiting.command.name} was answered. Wait until "
        "frames come and send it again."
    )


def unheard_sentence(waiting: Waiting) -> str:
    """What a command that was given up means, and what to do."""
    times = "once" if waiting.tries == 1 else f"{waiting.tries} times"
    return (
        f"The board does not take commands: {waiting.command.name} was sent {times} and not answered. "
        "Choose a lower rate or baud if it scans at its limit; else unplug the board, look after its "
        "cable and plug it in again."
    )


def refusal_sentence(reply: Reply) -> str:
    """What the board would not do, in words."""
    what = Command(reply.command).name if reply.command in set(Command) else "a command"
    match reply.result:
        case Result.RATE_TOO_HIGH:
            return f"The board cannot scan that fast: it holds at most {reply.value} Hz."
        case Result.RATE_TOO_LOW:
            return f"The board cannot scan that slowly: at least {reply.value} Hz."
        case _:
            name = Result(reply.result).name if reply.result in set(Result) else str(reply.result)
            return f"The board refused {what}: {name.lower().replace('_', ' ')}."
