# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation with the board: waits for its hello, starts it, follows its state. No I/O.

Bytes to send and bauds to set are left for `taken_out`; the caller brings the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from rig.acquire.commands import (
    CommandDesk,
    Waiting,
    refusal_sentence,
    reopened_sentence,
    unheard_sentence,
)
from rig.acquire.messages import CommandAnswered, LinkState, LinkStatus, SendCommand, SourceSpec
from rig.errors import LinkError
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock, HelloReceived, ReplyReceived, StatusReceived
from rig.wire.packets import (
    FALLBACK_BAUDS,
    Command,
    Hello,
    HelloReason,
    Reply,
    Result,
    Status,
)

ASK_AGAIN_S = 2.0
SILENT_AFTER_S = 2.0
RATE_WINDOW_US = 400_000
"""Board time over which the frame rate is taken; design choice."""


@dataclass(frozen=True, slots=True)
class SetBaud:
    baud: int


class Link:
    """One opened source, as seen through its bytes.

    Parameters
    ----------
    spec : SourceSpec
    hello : Hello, optional
        In force before the first byte, where the source knows it.
    can_change_baud : bool
        Other bauds are tried when the board stays silent.
    """

    def __init__(
        self, spec: SourceSpec, hello: Hello | None, *, simulated: bool, can_change_baud: bool
    ) -> None:
        self.decoder = Decoder(hello)
        self.source_name = spec.address
        self._outbox: list[bytes | SetBaud] = []
        self._answers: list[CommandAnswered] = []
        self._desk = CommandDesk()
        self._spec = spec
        self._simulated = simulated
        self._talks = spec.kind != "recording"
        self._bauds = [spec.baud, *(b for b in FALLBACK_BAUDS if b != spec.baud)]
        self._bauds = self._bauds if can_change_baud else self._bauds[:1]
        self._asked = 0
        self._state: LinkState = "searching"
        self._sentence = "Opening the source."
        self._next_ask_s = 0.0
        self._last_bytes_s = 0.0
        self._frames = 0
        self._rate_hz = 0.0
        self._rate_from: tuple[int, int, int] | None = None
        self._status: Status | None = None
        self._wants_scan = True
        self._refusal = ""
        self._is_deaf = False

    def taken_out(self) -> tuple[list[bytes | SetBaud], list[CommandAnswered]]:
        """What is to be sent to the board, and told to clients, since the last call."""
        taken = self._outbox, self._answers
        self._outbox, self._answers = [], []
        return taken

    @property
    def state(self) -> LinkState:
        return self._state

    @property
    def hello(self) -> Hello | None:
        return self.decoder.hello

    @property
    def status(self) -> LinkStatus:
        faults = self.decoder.faults
        damaged = (
            faults.crc_errors
            + faults.framing_errors
            + faults.length_errors
            + faults.oversize_packets
        )
        board = self._status
        return LinkStatus(
            state=self._state,
            sentence=self._sentence,
            source_kind=self._spec.kind,
            source_name=self.source_name,
            simulated=self._simulated,
            hello=self.hello,
            frames=self._frames,
            lost_frames=faults.lost_frames,
            damaged_packets=damaged,
            rate_hz=self._rate_hz if self._state == "streaming" else 0.0,
            board_frames_sent=board.frames_sent if board else None,
            board_frames_dropped=board.frames_dropped if board else None,
            supply_mv=board.supply_mv if board else None,
        )

    def opened(self, name: str, now_s: float) -> None:
        """The source is open; a board behind it is asked who it is."""
        self.source_name = name
        self._last_bytes_s = now_s
        self._asked = 0
        self._is_deaf = False
        for waiting in self._desk.forget():
            self._tell_unheard(waiting, reopened_sentence(waiting))
        self._rate_from = None
        if self._talks:
            self._wait_for_hello(now_s, f"{name} is open; waiting for the board's hello.")
        else:
            self._say("streaming", f"Playing {name}.")

    def reopened(self) -> None:
        """The bytes from here on come from a link that was opened anew."""
        self.decoder.link_reopened()
        self._rate_from = None

    def not_open(self, sentence: str, *, was_open: bool) -> None:
        self._say("lost" if was_open else "searching", sentence)

    def ended(self, sentence: str) -> None:
        self._talks = False
        self._say("ended", sentence)

    def failed(self, sentence: str) -> None:
        """It cannot be opened and is not tried again."""
        self._talks = False
        self._say("refused", sentence)

    def take(self, data: bytes, now_s: float) -> list[FrameBlock]:
        """Bytes from the board; returns the frames they completed."""
        self._last_bytes_s = now_s
        blocks: list[FrameBlock] = []
        for item in self.decoder.feed(data):
            match item:
                case FrameBlock():
                    blocks.append(item)
                    self._take_frames(item)
                case HelloReceived():
                    self._take_hello(item.hello, now_s)
                case StatusReceived():
                    self._status = item.status
                case ReplyReceived():
                    self._take_reply(item.reply, now_s)
        if self.decoder.refused_hello is not None:
            self._say("refused", self.decoder.refused_hello.sentence)
        return blocks

    def tick(self, now_s: float) -> None:
        """Let time pass: ask again, try the next baud, notice silence and missing answers."""
        self._send_due(now_s)
        if not self._talks:
            return
        silent_s = now_s - self._last_bytes_s
        if self._state == "streaming" and silent_s > SILENT_AFTER_S:
            self._wait_for_hello(
                now_s,
                f"The board has sent nothing for {silent_s:.0f} s. Check its cable and power; it is "
                "asked again by itself.",
            )
        elif self._state == "waiting_for_hello" and now_s >= self._next_ask_s:
            self._ask_again(now_s)
        elif self._state == "refused" and now_s >= self._next_ask_s:
            self._ask(now_s)  # it may have been flashed meanwhile

    def command(self, request: SendCommand, now_s: float) -> None:
        """Send a client's command.

        Raises
        ------
        LinkError
            No board to send it to, no such command, or arguments that do not fit it.
        """
        if not self._talks or self._state in {"searching", "lost", "ended", "closed"}:
            raise LinkError("No board is connected that could take a command. Connect one first.")
        command = self._desk.send_for_client(request)
        self._send_due(now_s)
        if command in {Command.START, Command.STOP}:
            self._wants_scan = command == Command.START

    def sync_pulse(self, now_s: float) -> None:
        """Ask for a pulse on the sync output, where there is a board to ask."""
        if self._talks and self._state == "streaming":
            self._send(Command.SYNC_PULSE, now_s=now_s)

    def _take_frames(self, block: FrameBlock) -> None:
        self._frames += len(block)
        if self._state in {"waiting_for_hello", "refused"} and self._wants_scan:
            self._say("streaming", self._refusal or self._streaming_sentence())
        index, last_us = block.segment.index, int(block.board_us[-1])
        since = self._rate_from
        if since is None or since[0] != index:
            since = (index, int(block.board_us[0]), self._frames - len(block) + 1)
        if last_us - since[1] >= RATE_WINDOW_US:
            self._rate_hz = 1e6 * (self._frames - since[2]) / (last_us - since[1])
            since = (index, last_us, self._frames)
        self._rate_from = since

    def _take_hello(self, hello: Hello, now_s: float) -> None:
        if not self._talks:
            return
        first = self._state in {"waiting_for_hello", "refused"}
        if first or hello.reason == HelloReason.BOOT:
            self._begin_scan(hello, now_s)

    def _begin_scan(self, hello: Hello, now_s: float) -> None:
        """Ask for the wanted rate and for frames; after a reset of the board too."""
        if self._state != "streaming":
            self._say(
                "waiting_for_hello", f"{self.source_name} answered; asking the board for frames."
            )
        self._next_ask_s = now_s + ASK_AGAIN_S
        rate = self._spec.rate_hz
        if rate is not None and rate != hello.scan_rate_hz and not self._refusal:
            self._send(Command.SET_RATE, rate, now_s=now_s)
        if self._wants_scan:
            self._send(Command.START, now_s=now_s)

    def _take_reply(self, reply: Reply, now_s: float) -> None:
        waiting = self._desk.answered(reply)
        if waiting is not None:
            self._take_answer(waiting, reply, now_s)
        self._send_due(now_s)

    def _take_answer(self, waiting: Waiting, reply: Reply, now_s: float) -> None:
        if self._is_deaf and self._state == "streaming":
            self._say(self._state, self._refusal or self._streaming_sentence())
        self._is_deaf = False
        done = reply.result == Result.DONE
        if waiting.command == Command.SET_BAUD and done:
            self._outbox.append(SetBaud(reply.value))
            self._send(Command.HELLO, now_s=now_s)
        if not waiting.own:
            self._answers.append(CommandAnswered(waiting.command, reply))
        elif not done:
            self._refusal = refusal_sentence(reply)
            self._say(self._state, self._refusal)

    def _wait_for_hello(self, now_s: float, sentence: str) -> None:
        self._say("waiting_for_hello", sentence)
        self._asked = 0
        self._ask(now_s)

    def _ask_again(self, now_s: float) -> None:
        """Twice at the first baud (an Uno that was reset by opening needs the time), then others."""
        self._asked += 1
        if self._asked >= 2 and len(self._bauds) > 1:
            baud = self._bauds[(self._asked - 1) % len(self._bauds)]
            self._outbox.append(SetBaud(baud))
            self._sentence = f"No hello yet; asking {self.source_name} at {baud} baud."
        if self._asked > len(self._bauds):
            self._sentence = (
                f"No Solerig board answers at {self.source_name}. Check that this is the right port "
                "and that the board carries Solerig's firmware; it is asked again by itself."
            )
        self._ask(now_s)

    def _ask(self, now_s: float) -> None:
        self._next_ask_s = now_s + ASK_AGAIN_S
        self._outbox.append(self._desk.unanswered(Command.HELLO))

    def _send(self, command: Command, *arguments: int, now_s: float) -> None:
        """A command of our own."""
        self._desk.send(command, *arguments, own=True)
        self._send_due(now_s)

    def _send_due(self, now_s: float) -> None:
        """Let the next command out, or the same one again, and say which ones are given up."""
        due, given_up = self._desk.due(now_s)
        self._outbox += due
        for waiting in given_up:
            sentence = unheard_sentence(waiting)
            self._tell_unheard(waiting, sentence)
            if self._state == "streaming":
                self._is_deaf = True
                self._say(self._state, sentence)

    def _tell_unheard(self, waiting: Waiting, sentence: str) -> None:
        if not waiting.own:
            self._answers.append(CommandAnswered(waiting.command, None, sentence))

    def _streaming_sentence(self) -> str:
        return f"Receiving frames from {self.source_name}."

    def _say(self, state: LinkState, sentence: str) -> None:
        self._state, self._sentence = state, sentence
