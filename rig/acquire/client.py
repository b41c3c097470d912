# SPDX-License-Identifier: GPL-3.0-or-later
"""A client's line to the acquisition process, which it starts when none runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import deque
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from pathlib import Path

import rig
from rig.acquire import meeting_place
from rig.acquire.messages import Notice, Request, Shutdown
from rig.errors import LinkError

WELCOME_WAIT_S = 5.0
START_WAIT_S = 30.0
"""A cold start reads numpy from a slow disk; design choice."""

_started: list[subprocess.Popen[bytes]] = []
"""Processes started from here: kept so that ended ones are reaped, never waited for."""


class AcquisitionClient(AbstractContextManager["AcquisitionClient", None]):
    """One client. Requests are sent at once; what acquisition tells is collected by `poll`."""

    def __init__(self, connection: Connection, process: int, runtime: Path) -> None:
        self._connection = connection
        self._pending: deque[Notice] = deque()
        self.process = process
        self.runtime = runtime

    @staticmethod
    def start(
        runtime: Path | None = None,
        *,
        idle_s: float | None = None,
        outlives_clients: bool = True,
        wait_s: float = START_WAIT_S,
    ) -> AcquisitionClient:
        """Join the acquisition that runs, or start one.

        Parameters
        ----------
        runtime : Path, optional
            The folder in which the two find each other; this user's own by default.
        idle_s : float, optional
            A started process ends after so long without clients and recording.
        outlives_clients : bool
            Whether a recording of a started process goes on when its clients have gone.

        Raises
        ------
        LinkError
            It did not come up; what it said last is repeated.
        """
        folder = runtime or meeting_place.runtime_folder()
        if (joined := _join(folder)) is not None:
            return joined
        child = _spawn(folder, idle_s, outlives_clients=outlives_clients)
        until_s = time.monotonic() + wait_s
        while time.monotonic() < until_s:
            if (joined := _join(folder)) is not None:
                return joined
            if child.poll() == 0:
                # it found another one that was just ending
                child = _spawn(folder, idle_s, outlives_clients=outlives_clients)
            elif child.poll() is not None:
                break
            time.sleep(0.02)
        raise LinkError(
            f"The acquisition process did not start. {_last_words(folder)}"
            "Run 'python -m rig.acquire' in a terminal to see why."
        )

    @staticmethod
    def attach(runtime: Path | None = None) -> AcquisitionClient:
        """Join the acquisition that runs; raises `LinkError` when none does."""
        folder = runtime or meeting_place.runtime_folder()
        called = meeting_place.call(folder)
        if called is None:
            raise LinkError(
                "No acquisition is running. Open the dashboard or start a recording first."
            )
        return AcquisitionClient(called[0], called[1].process, folder)

    def is_welcome(self) -> bool:
        """Whether acquisition has begun to tell; one that is just ending takes calls and hangs up."""
        try:
            if self._connection.poll(WELCOME_WAIT_S):
                self._pending.extend(self._connection.recv())
        except (EOFError, OSError, ValueError):
            return False
        return bool(self._pending)

    def request(self, request: Request) -> None:
        """Ask for something; the answer comes as a notice. Raises `LinkError` when it has ended."""
        try:
            self._connection.send(request)
        except (OSError, ValueError) as error:
            raise LinkError(_ENDED) from error

    def poll(self, wait_s: float = 0.0) -> list[Notice]:
        """What was told since, waiting at most `wait_s` for the first; raises `LinkError` at the end."""
        try:
            while self._connection.poll(0.0 if self._pending else wait_s):
                self._pending.extend(self._connection.recv())
        except (EOFError, OSError, ValueError) as error:
            if not self._pending:
                raise LinkError(_ENDED) from error
        told = list(self._pending)
        self._pending.clear()
        return told

    def shutdown(self, wait_s: float = 5.0) -> None:
        """End the process and wait until it has: a recording is then closed."""
        until_s = time.monotonic() + wait_s
        try:
            self.request(Shutdown())
            while time.monotonic() < until_s:
                self.poll(0.05)
        except LinkError:
            self._wait_for_the_end(until_s)  # it has hung up, as asked

    def _wait_for_the_end(self, until_s: float) -> None:
        """Reap the process where it was started from here."""
        for child in _started:
            if child.pid == self.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(max(0.0, until_s - time.monotonic()))

    def close(self) -> None:
        """Leave; acquisition goes on while it records or others listen."""
        self._connection.close()

    def __exit__(self, *_: object) -> None:
        self.close()


_ENDED = (
    "The acquisition process has ended. What was recorded until then is kept; connect again to go "
    "on."
)


def _join(folder: Path) -> AcquisitionClient | None:
    """A client of the acquisition that runs; None where none does, or one that is just ending."""
    called = meeting_place.call(folder)
    if called is None:
        return None
    client = AcquisitionClient(called[0], called[1].process, folder)
    if client.is_welcome():
        return client
    client.close()
    return None


def _spawn(
    folder: Path, idle_s: float | None, *, outlives_clients: bool
) -> subprocess.Popen[bytes]:
    """Start it on its own: it outlives this process and its terminal."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [sys.executable, "-m", "rig.acquire", "--runtime-dir", str(folder)]
    if idle_s is not None:
        command += ["--idle-seconds", str(idle_s)]
    if not outlives_clients:
        command.append("--with-clients")
    ours = str(Path(rig.__file__).parents[1])
    path = os.pathsep.join(p for p in (ours, os.environ.get("PYTHONPATH", "")) if p)
    windows_flags = 0
    if sys.platform == "win32":
        windows_flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    _started[:] = [p for p in _started if p.poll() is None]
    with (folder / meeting_place.LOG_NAME).open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,
            creationflags=windows_flags,
        )
    _started.append(child)
    return child


def _last_words(folder: Path) -> str:
    """The last line of its log: what went wrong, without where in the program."""
    try:
        said = (folder / meeting_place.LOG_NAME).read_text(errors="replace").strip()
    except OSError:
        return ""
    return f"It said: {said.splitlines()[-1]} " if said else ""
