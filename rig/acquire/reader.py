# SPDX-License-Identifier: GPL-3.0-or-later
"""The thread that owns the source: it does nothing but read, so the port never waits for the disk."""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from rig.acquire.link import SetBaud
from rig.acquire.sources.source import (
    Opened,
    Received,
    Source,
    SourceEndedError,
    SourceItem,
)
from rig.errors import SolerigError

RETRY_S = 0.5
BACKLOG_BYTES = 8_000_000
"""Bytes that may wait for the disk before the source has to (2 minutes of frames at 1 kHz)."""


@dataclass(frozen=True, slots=True)
class SourceOpened:
    reader: SourceReader
    opened: Opened
    again: bool
    monotonic_ns: int


@dataclass(frozen=True, slots=True)
class SourceNotOpen:
    """It could not be opened, or was lost (`was_open`); `for_good`: it is not tried again."""

    reader: SourceReader
    sentence: str
    was_open: bool
    for_good: bool


@dataclass(frozen=True, slots=True)
class SourceEnded:
    reader: SourceReader
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class SourceGave:
    reader: SourceReader
    item: SourceItem


ReaderMessage = SourceOpened | SourceNotOpen | SourceEnded | SourceGave


class SourceReader:
    """Opens, reads, reopens; posts what happens; takes commands between two reads."""

    def __init__(self, source: Source, post: Callable[[ReaderMessage], None]) -> None:
        self.source = source
        self._post = post
        self._stop = threading.Event()
        self._commands: queue.SimpleQueue[bytes | SetBaud] = queue.SimpleQueue()
        self._backlog = 0
        self._room = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the source is closed."""
        self._stop.set()
        with self._room:
            self._room.notify_all()
        self._thread.join()

    def send(self, command: bytes | SetBaud) -> None:
        self._commands.put(command)

    def handled(self, size: int) -> None:
        """The other side has dealt with this many bytes."""
        with self._room:
            self._backlog -= size
            self._room.notify_all()

    def _run(self) -> None:
        was_open = False
        while not self._stop.is_set():
            try:
                opened = self.source.open(self._stop)
                if self._stop.is_set():
                    break
                self._post(SourceOpened(self, opened, was_open, time.monotonic_ns()))
                was_open = True
                self._forget_commands()
                self._read_on()
            except SourceEndedError as error:
                self._post(SourceEnded(self, str(error)))
                break
            except SolerigError as error:
                self._post(SourceNotOpen(self, str(error), was_open, not self.source.retries))
                if not self.source.retries:
                    break
            except Exception as error:  # a driver's own kinds of error must not end in silence
                traceback.print_exc()
                sentence = f"The source failed ({error}). It is opened again by itself."
                self._post(SourceNotOpen(self, sentence, was_open, not self.source.retries))
                if not self.source.retries:
                    break
            self.source.close()
            self._stop.wait(RETRY_S)
        self.source.close()

    def _read_on(self) -> None:
        while not self._stop.is_set():
            self._obey()
            for item in self.source.read():
                if isinstance(item, Received):
                    self._wait_for_room(len(item.data))
                self._post(SourceGave(self, item))

    def _obey(self) -> None:
        while not self._commands.empty():
            command = self._commands.get()
            if isinstance(command, SetBaud):
                self.source.set_baud(command.baud)
            else:
                self.source.write(command)

    def _forget_commands(self) -> None:
        """Commands meant for the link before this one."""
        while not self._commands.empty():
            self._commands.get()

    def _wait_for_room(self, size: int) -> None:
        with self._room:
            self._room.wait_for(lambda: self._backlog < BACKLOG_BYTES or self._stop.is_set())
            self._backlog += size
