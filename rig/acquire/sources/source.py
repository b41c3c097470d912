# SPDX-License-Identifier: GPL-3.0-or-later
"""What every source does, and what it hands on."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rig.acquire.messages import SourceKind
from rig.errors import LinkError
from rig.pipeline import PipelineSettings
from rig.record.wire_files import Int64
from rig.wire.packets import Hello

READ_WAIT_S = 0.02
"""Longest wait for bytes before a source looks at its commands again; design choice."""


class LinkLostError(LinkError):
    """The port went away; it is tried again."""


class SourceEndedError(LinkError):
    """There is nothing more to come, ever."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a source knows when it has been opened.

    `settings` and `hello` in force before the first byte, where the source knows them (recordings,
    simulations). `anchor_ns` is the wall and monotonic clock of its arrivals where they are not this
    computer's now.
    """

    name: str
    settings: PipelineSettings | None = None
    hello: Hello | None = None
    anchor_ns: tuple[int, int] | None = None
    simulated: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """Bytes and the arrivals that they came in: (k, 2) end offset within `data`, monotonic ns."""

    data: bytes
    arrivals: Int64


@dataclass(frozen=True, slots=True)
class Reopened:
    """The link was opened again at this place of a replayed recording."""

    monotonic_ns: int


@dataclass(frozen=True, slots=True)
class SettingsFound:
    """The source itself knows that other settings hold from here on."""

    settings: PipelineSettings


@dataclass(frozen=True, slots=True)
class MarkerFound:
    label: str


SourceItem = Received | Reopened | SettingsFound | MarkerFound


class Source(Protocol):
    """One place where bytes come from. Used from one thread only."""

    @property
    def retries(self) -> bool:
        """Whether opening is tried again after it failed or the link was lost."""
        ...

    @property
    def can_change_baud(self) -> bool: ...

    def open(self, stop: threading.Event, /) -> Opened:
        """Raises `LinkError` saying what to do; returns early once `stop` is set."""
        ...

    def read(self) -> Sequence[SourceItem]:
        """What came since, waiting at most `READ_WAIT_S`.

        Raises `LinkLostError` or `SourceEndedError`.
        """
        ...

    def write(self, data: bytes) -> None:
        """Send bytes to the board; raises `LinkLostError`."""
        ...

    def set_baud(self, baud: int) -> None: ...

    def close(self) -> None: ...


def received_now(data: bytes) -> Received:
    """Bytes that came in one read, now."""
    return Received(data, np.array([[len(data), time.monotonic_ns()]], dtype=np.int64))


KIND_WORDS: dict[SourceKind, str] = {
    "auto": "board",
    "serial": "port",
    "recording": "recording",
    "simulated": "simulated person",
    "firmware": "simulated board",
}
