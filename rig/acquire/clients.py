# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients' side of acquisition: any number of them, none of which can hold anything up."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener

from rig.acquire.messages import LinkStatus, Notice, RecordingStatus, Request, StreamGrew

COALESCED = (StreamGrew, LinkStatus, RecordingStatus)
"""Of these only the newest matters while a client has not taken the one before."""
MOST_WAITING = 10_000
"""Notices that may wait for one client; a client that is further behind is let go."""
PAUSE_S = 0.004
"""Between two sendings: frames come every millisecond, a screen looks every sixteenth."""


@dataclass(frozen=True, slots=True)
class ClientJoined:
    client: ClientLine


@dataclass(frozen=True, slots=True)
class ClientAsked:
    client: ClientLine
    request: Request


@dataclass(frozen=True, slots=True)
class ClientLeft:
    client: ClientLine


ClientMessage = ClientJoined | ClientAsked | ClientLeft


class ClientLine:
    """One client: a thread that listens, a thread that sends, a bounded queue between."""

    def __init__(self, connection: Connection, post: Callable[[ClientMessage], None]) -> None:
        self._connection = connection
        self._post = post
        self._waiting: deque[Notice] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._sending = False

    def start(self) -> None:
        for work in (self._listen, self._send):
            threading.Thread(target=work, name=f"client {work.__name__}", daemon=True).start()

    def tell(self, notice: Notice) -> None:
        """Put a notice on its way; never waits."""
        with self._changed:
            if isinstance(notice, COALESCED):
                self._drop_older(type(notice))
            self._waiting.append(notice)
            if len(self._waiting) > MOST_WAITING:
                self._closed = True
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> None:
        """Wait until all was sent, or for so long."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or not (self._waiting or self._sending), timeout_s
            )

    def _drop_older(self, kind: type[Notice]) -> None:
        """Take out the waiting notice of this kind, unless something that keeps its place follows."""
        for i in range(len(self._waiting) - 1, -1, -1):
            if isinstance(self._waiting[i], kind):
                del self._waiting[i]
                return
            if not isinstance(self._waiting[i], COALESCED):
                return

    def _listen(self) -> None:
        try:
            while True:
                request = self._connection.recv()
                if isinstance(request, Request):
                    self._post(ClientAsked(self, request))
        except (EOFError, OSError, pickle.UnpicklingError, AttributeError, ImportError):
            # gone, or a program of another version whose words mean nothing here
            self.close()
            self._post(ClientLeft(self))

    def _send(self) -> None:
        try:
            while batch := self._next_batch():
                self._connection.send(batch)
                with self._changed:
                    self._sending = False
                    self._changed.notify_all()
                time.sleep(PAUSE_S)
        except (OSError, ValueError):
            self.close()
        _hang_up(self._connection)

    def _next_batch(self) -> tuple[Notice, ...]:
        """All that waits; empty once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return ()
            batch = tuple(self._waiting)
            self._waiting.clear()
            self._sending = True
            return batch


def _hang_up(connection: Connection) -> None:
    """End the conversation so that a thread blocked in `recv` wakes up."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            # closing alone would leave that thread asleep on a number that another file may get
            with socket.socket(fileno=os.dup(connection.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
        else:
            connection.close()


class Door:
    """Lets clients in."""

    def __init__(self, listener: Listener, post: Callable[[ClientMessage], None]) -> None:
        self._listener = listener
        self._post = post
        self._open = True

    def start(self) -> None:
        threading.Thread(target=self._accept, name="door", daemon=True).start()

    def close(self) -> None:
        self._open = False
        self._listener.close()

    def _accept(self) -> None:
        while self._open:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, EOFError, OSError):
                # somebody who has not the key, or left while saying hello
                time.sleep(PAUSE_S)
                continue
            line = ClientLine(connection, self._post)
            self._post(ClientJoined(line))
            line.start()
