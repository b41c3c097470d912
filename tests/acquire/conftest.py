# SPDX-License-Identifier: GPL-3.0-or-later
"""A real acquisition process for each test, found through a folder of its own."""

import os
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rig.acquire import client as client_module
from rig.acquire.client import AcquisitionClient
from rig.acquire.messages import (
    LinkState,
    LinkStatus,
    Notice,
    Refused,
    SettingsInForce,
    StreamStarted,
)
from rig.acquire.tail import Piece, StreamTail
from rig.simulate.live import LiveSimulation
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock

PATIENCE_S = 20.0


class Follower:
    """A client that decodes what it tails and keeps all it was told."""

    def __init__(self, client: AcquisitionClient) -> None:
        self.client = client
        self.tail = StreamTail()
        self.decoder = Decoder()
        self.blocks: list[FrameBlock] = []
        self.notices: list[Notice] = []
        self.settings: list[SettingsInForce] = []
        self.data = bytearray()
        self.arrivals: list[np.ndarray] = []
        self.link: LinkStatus | None = None

    def step(self) -> None:
        for notice in self.client.poll(wait_s=0.01):
            self.notices.append(notice)
            self.tail.take(notice)
            if isinstance(notice, LinkStatus):
                self.link = notice
        for item in self.tail.read(1 << 24):
            if isinstance(item, StreamStarted):
                self.decoder, self.blocks = Decoder(item.hello), []
                self.data.clear()
                self.arrivals.clear()
            elif isinstance(item, SettingsInForce) and item.wire_path:
                self.settings.append(item)
            elif isinstance(item, Piece):
                self._feed(item)

    def _feed(self, piece: Piece) -> None:
        self.arrivals.append(piece.arrivals + np.array([len(self.data), 0]))
        self.data += piece.data
        start = 0
        for end, _ in piece.arrivals.tolist():
            if end == start:
                self.decoder.link_reopened()
            for found in self.decoder.feed(piece.data[start:end]):
                if isinstance(found, FrameBlock):
                    self.blocks.append(found)
            start = end

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain for {what}; link {self.link}"
            self.step()

    def until_state(self, state: LinkState) -> LinkStatus:
        self.until(lambda: self.link is not None and self.link.state == state, state)
        assert self.link is not None
        return self.link

    def until_frames(self, count: int) -> None:
        self.until(lambda: self.frames >= count, f"{count} frames")

    def until_told(self, kind: type[Notice]) -> Notice:
        """The next notice of this kind that comes from now on."""
        seen = len(self.notices)

        def found() -> list[Notice]:
            return [n for n in self.notices[seen:] if isinstance(n, kind)]

        self.until(found, kind.__name__)
        return found()[0]

    @property
    def frames(self) -> int:
        return sum(len(b) for b in self.blocks)

    @property
    def refusals(self) -> list[str]:
        return [n.sentence for n in self.notices if isinstance(n, Refused)]


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    monkeypatch.setenv("SOLERIG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def join(runtime: Path) -> Iterator[Callable[[], Follower]]:
    """Joins (and starts, the first time) an acquisition; ends it afterwards."""
    followers: list[Follower] = []

    def one_more() -> Follower:
        followers.append(Follower(AcquisitionClient.start(idle_s=1.0)))
        return followers[-1]

    yield one_more
    processes = {f.client.process for f in followers}
    for follower in followers:
        follower.client.close()
        follower.tail.close()
    for process in processes:
        _end(process)
    log = runtime / "acquisition.log"
    assert not log.exists() or log.read_text() == ""


@pytest.fixture
def follow() -> Iterator[Callable[[AcquisitionClient], Follower]]:
    """Follows through a line that the test made itself."""
    followers: list[Follower] = []

    def one_more(client: AcquisitionClient) -> Follower:
        followers.append(Follower(client))
        return followers[-1]

    yield one_more
    for follower in followers:
        follower.client.close()
        follower.tail.close()


def _end(process: int) -> None:
    """Ask it to end and wait until it has."""
    for child in [c for c in client_module._started if c.pid == process]:
        child.terminate()
        try:
            child.wait(timeout=5.0)
        finally:
            child.kill()
            child.wait()


class BoardOnAPort:
    """A simulated board behind a pty or a TCP port: to acquisition a port like any other.

    `plug` boots the board at the address, `unplug` takes the address away.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._kind = kind
        self._path = folder / "board"
        self._listener = socket.create_server(("127.0.0.1", 0)) if kind == "socket" else None
        self._number = self._listener.getsockname()[1] if self._listener else 0
        self._stop = threading.Event()
        self._thread = threading.Thread()
        self.corrupt = bytes
        self.silent = False
        self.motion = "stance"

    @property
    def address(self) -> str:
        return f"socket://127.0.0.1:{self._number}" if self._kind == "socket" else str(self._path)

    def plug(self, seed: int = 1) -> None:
        self._stop.clear()
        if self._kind == "socket" and self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._number))
        run = self._on_socket if self._kind == "socket" else self._on_pty
        self._thread = threading.Thread(target=run, args=(seed,), daemon=True)
        self._thread.start()

    def ready(self) -> bool:
        return self._kind == "socket" or self._path.exists()

    def move(self) -> None:
        """Come back under another name."""
        self._path = self._path.with_name("moved")

    def unplug(self) -> None:
        if self._thread.is_alive():
            self._stop.set()
            self._thread.join()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _on_pty(self, seed: int) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        self._path.unlink(missing_ok=True)
        self._path.symlink_to(os.ttyname(slave))
        self._live(seed, master, lambda: os.read(master, 4096), lambda d: os.write(master, d))
        self._path.unlink()
        os.close(slave)
        os.close(master)

    def _on_socket(self, seed: int) -> None:
        assert self._listener is not None
        self._listener.settimeout(0.05)
        while not self._stop.is_set():
            try:
                line, _ = self._listener.accept()
            except TimeoutError:
                continue
            with line:
                self._live(seed, line.fileno(), lambda: line.recv(4096), line.sendall)  # noqa: B023

    def _live(
        self,
        seed: int,
        descriptor: int,
        take: Callable[[], bytes],
        give: Callable[[bytes], object],
    ) -> None:
        board = LiveSimulation(self.motion, seed)
        started_s = time.monotonic()
        while not self._stop.is_set():
            while select.select([descriptor], [], [], 0.002)[0]:
                heard = take()
                if not heard:
                    return
                board.receive(heard)
            data = board.produce(time.monotonic() - started_s)
            if data and not self.silent:
                give(self.corrupt(data))


@pytest.fixture
def board(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BoardOnAPort]:
    made = BoardOnAPort(tmp_path, getattr(request, "param", "pty"))
    yield made
    made.unplug()
