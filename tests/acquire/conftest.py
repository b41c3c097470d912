# SPDX-License-Identifier: GPL-3.0-or-later
"""A real acquisition process for each test, found through a folder of its own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

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
            elif isinstance(item, SettingsInForce) and item.wire_path:
                self.settings.append(item)
            elif isinstance(item, Piece):
                self._feed(item)

    def _feed(self, piece: Piece) -> None:
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


def _end(process: int) -> None:
    """Ask it to end and wait until it has."""
    for child in [c for c in client_module._started if c.pid == process]:
        child.terminate()
        try:
            child.wait(timeout=5.0)
        finally:
            child.kill()
            child.wait()
