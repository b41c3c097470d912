# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands to the real image while it scans at its limit, where it misses a byte now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rig.acquire.firmware_source import FirmwareInLoop
from rig.acquire.link import Link, SetBaud
from rig.acquire.messages import CommandAnswered, SendCommand, SourceSpec
from rig.acquire.sources.serial_port import SerialSource
from rig.acquire.sources.source import Received
from rig.wire.packets import Command, Result

COMMANDS = 50
PATIENCE_S = 60.0


class Talk:
    """Acquisition's link over a pty; the board's time waits while the pty is full."""

    def __init__(self, source: SerialSource, spec: SourceSpec) -> None:
        self._source = source
        self.link = Link(spec, None, simulated=True, can_change_baud=True)
        self.answers: list[CommandAnswered] = []
        self.packets_sent = 0
        self.link.opened(spec.address, time.monotonic())

    def step(self) -> None:
        for item in self._source.read():
            assert isinstance(item, Received)
            self.link.take(item.data, time.monotonic())
        self.link.tick(time.monotonic())
        sends, answers = self.link.taken_out()
        self.answers += answers
        for send in sends:
            if isinstance(send, SetBaud):
                self._source.set_baud(send.baud)
            else:
                self._source.write(send)
                self.packets_sent += 1

    def until(self, condition: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, self.link.status
            self.step()

    def ask(self, command: Command, *arguments: int) -> CommandAnswered:
        asked = len(self.answers)
        self.link.command(SendCommand(command, arguments), time.monotonic())
        self.until(lambda: len(self.answers) > asked)
        return self.answers[-1]

    def let_pass(self, frames: int) -> None:
        until = self.link.status.frames + frames
        self.until(lambda: self.link.status.frames >= until)


def test_every_command_gets_through_at_2_mbaud_and_2000_hz() -> None:
    # in real time: the board tries a new baud for 2 s of its own and the link asks again after 0.5 s of
    # ours, so a board that runs ahead would be back at the old baud after one missed command
    with FirmwareInLoop() as board:
        spec = SourceSpec(kind="serial", address=board.port)
        source = SerialSource(spec.address, spec.baud)
        source.open(threading.Event())
        talk = Talk(source, spec)
        talk.until(lambda: talk.link.state == "streaming")
        talk.ask(Command.STOP)
        for command, value in ((Command.SET_BAUD, 2_000_000), (Command.SET_RATE, 2_000)):
            answer = talk.ask(command, value)
            assert answer.reply is not None
            assert (answer.reply.result, answer.reply.value) == (Result.DONE, value)
        talk.ask(Command.START)
        talk.let_pass(100)
        talk.answers.clear()
        # a host that is late for the new baud has heard its HELLO as noise; that is not what is tested
        damaged = talk.link.status.damaged_packets
        for n in range(COMMANDS):
            talk.let_pass(20 + n % 7)  # so that commands fall on every part of a scan
            talk.ask(Command.IDENTIFY, n + 1)
        source.close()
    replies = [a.reply for a in talk.answers]
    assert [(r.result, r.value) for r in replies if r is not None] == [
        (Result.DONE, n + 1) for n in range(COMMANDS)
    ]
    assert talk.link.status.damaged_packets == damaged
