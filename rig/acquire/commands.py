# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on their way to the board: tokens, second tries, answers. No I/O."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from rig.acquire.messages import CommandAnswered, SendCommand
from rig.errors import LinkError
from rig.wire.framing import frame_packet
from rig.wire.packets import LAYOUT_OF, Command, Reply, Result, pack_command

ANSWER_WAIT_S = 1.0
OWN_COMMAND_TRIES = 3


@dataclass(slots=True)
class Waiting:
    """A command without its answer; `own` ones are tried again and not told to clients."""

    command: Command
    stuffed: bytes
    sent_s: float
    own: bool
    tries: int = 1


class CommandDesk:
    """Packs commands, and finds for each reply the command it answers."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiting] = {}
        self._token = 0

    def forget(self) -> None:
        """The link is another one; nobody answers what was asked before."""
        self._waiting.clear()

    def unanswered(self, command: Command) -> bytes:
        """A command whose reply nobody waits for."""
        return frame_packet(pack_command(command, self._next_token()))

    def send(
        self, command: Command, *arguments: int, own: bool, now_s: float, data: bytes = b""
    ) -> bytes:
        """The stuffed command; raises `struct.error` when the arguments do not fit."""
        token = self._next_token()
        stuffed = frame_packet(pack_command(command, token, *arguments, data=data))
        self._waiting[token] = Waiting(command, stuffed, now_s, own)
        return stuffed

    def send_for_client(self, request: SendCommand, now_s: float) -> tuple[Command, bytes]:
        """The same for a request; raises `LinkError` saying what does not fit."""
        if request.command not in set(Command):
            raise LinkError(f"There is no command number {request.command}.")
        command = Command(request.command)
        wanted = len(LAYOUT_OF[command].fields) - 2
        if len(request.arguments) != wanted:
            raise LinkError(f"Command {command.name} takes {wanted} values.")
        try:
            stuffed = self.send(
                command, *request.arguments, data=request.data, own=False, now_s=now_s
            )
        except struct.error as error:
            raise LinkError(
                f"Command {command.name} does not take these values: {error}."
            ) from error
        return command, stuffed

    def answered(self, reply: Reply) -> Waiting | None:
        """The command that this reply answers."""
        return self._waiting.pop(reply.token, None)

    def late(self, now_s: float) -> tuple[list[bytes], list[CommandAnswered]]:
        """Commands to send again, and those that are given up."""
        again: list[bytes] = []
        given_up: list[CommandAnswered] = []
        for token, waiting in list(self._waiting.items()):
            if now_s - waiting.sent_s <= ANSWER_WAIT_S:
                continue
            if waiting.own and waiting.tries < OWN_COMMAND_TRIES:
                waiting.tries, waiting.sent_s = waiting.tries + 1, now_s
                again.append(waiting.stuffed)
                continue
            del self._waiting[token]
            if not waiting.own:
                given_up.append(CommandAnswered(waiting.command, None))
        return again, given_up

    def _next_token(self) -> int:
        self._token = self._token % 255 + 1
        return self._token


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
