# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that wants the samples as they crossed the wire, before any calibration."""

from __future__ import annotations

import time

from rig.acquire.client import AcquisitionClient
from rig.acquire.link_status import closed_status
from rig.acquire.messages import (
    LinkStatus,
    OpenSource,
    Refused,
    SendCommand,
    SourceSpec,
    StreamStarted,
)
from rig.acquire.tail import Piece, StreamTail
from rig.errors import LinkError
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock
from rig.wire.packets import Command, Hello

POLL_BYTES = 65_536
"""Worked on at once."""
POLL_WAIT_S = 0.05
SILENCE_S = 10.0
"""Without a frame for so long, the board is given up: an Uno boots for 2 s, and four bauds are tried."""


class RawFrames:
    """Frames of one source through the acquisition process; nothing is skipped, however late."""

    def __init__(self, client: AcquisitionClient) -> None:
        self._client = client
        self._tail = StreamTail()
        self._decoder = Decoder()
        self._link = closed_status()
        self._heard_s = time.monotonic()

    @property
    def link(self) -> LinkStatus:
        return self._link

    def open_source(self, spec: SourceSpec) -> None:
        self._client.request(OpenSource(spec))
        self._heard_s = time.monotonic()

    def close(self) -> None:
        self._tail.close()

    def command(self, command: Command, *arguments: int) -> None:
        self._client.request(SendCommand(int(command), arguments))

    def wait_for_hello(self, wait_s: float) -> Hello:
        """Raises `LinkError` with the link's own sentence when none comes."""
        until_s = time.monotonic() + wait_s
        while time.monotonic() < until_s:
            self.poll()
            if self._link.hello is not None and self._link.frames > 0:
                return self._link.hello
        raise LinkError(self._link.sentence or "No data came. Run 'solerig doctor'.")

    def poll(self) -> list[FrameBlock]:
        """What came since, waiting a moment for it.

        Raises
        ------
        LinkError
            The source was refused, or has been silent for too long.
        """
        for notice in self._client.poll(0.0 if self._tail.unread else POLL_WAIT_S):
            self._tail.take(notice)
            if isinstance(notice, LinkStatus):
                self._link = notice
            if isinstance(notice, Refused):
                raise LinkError(notice.sentence)
        blocks: list[FrameBlock] = []
        for item in self._tail.read(POLL_BYTES):
            if isinstance(item, StreamStarted):
                self._decoder = Decoder(item.hello)
            elif isinstance(item, Piece):
                blocks += [b for b in self._decoder.feed(item.data) if isinstance(b, FrameBlock)]
        if blocks:
            self._heard_s = time.monotonic()
        elif self._link.state == "refused" or time.monotonic() - self._heard_s > SILENCE_S:
            raise LinkError(f"No samples come. {self._link.sentence}")
        return blocks
