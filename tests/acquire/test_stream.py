# SPDX-License-Identifier: GPL-3.0-or-later
"""Growing files and their tail, without a process."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.acquire.messages import Notice, SettingsInForce, StreamGrew, StreamStarted
from rig.acquire.stream import SPOOLS_KEPT, SpoolFolder, Stream
from rig.acquire.tail import Missing, Piece, StreamTail
from rig.pipeline import PipelineSettings
from rig.wire.framing import MAX_STUFFED_BYTES

ACTIONS = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=30),
        st.sampled_from(["move", "settings", "reopen", "read"]),
    ),
    max_size=40,
)


def one_read(data: bytes, monotonic_ns: int) -> np.ndarray:
    return np.array([[len(data), monotonic_ns]], dtype=np.int64)


class Both:
    """A writer and its tail; what went in and what came out, as places in the whole stream."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.stream = Stream(SpoolFolder(folder), spool_is_capped=False)
        self.tail = StreamTail()
        self.max_bytes = max_bytes
        self.written, self.read = b"", b""
        self.arrivals: list[int] = []
        self.changes: list[int] = []
        self.seen_arrivals: list[int] = []
        self.seen_changes: list[int] = []
        self.notices: list[Notice] = []
        self.notices.append(StreamStarted(self.stream.wire_path, 0, PipelineSettings(), None))

    def __enter__(self) -> "Both":
        return self

    def __exit__(self, *_: object) -> None:
        self.tail.close()
        self.stream.close()

    def act(self, action: bytes | str, monotonic_ns: int) -> None:
        stream = self.stream
        match action:
            case bytes():
                stream.write(action, one_read(action, monotonic_ns))
                self.written += action
                self.arrivals.append(len(self.written))
                self.notices.append(StreamGrew(stream.wire_path, stream.length))
            case "move":
                self.notices.append(stream.move_to_spool())
            case "settings":
                place = (stream.wire_path, stream.length)
                self.notices.append(SettingsInForce(*place, PipelineSettings()))
                self.changes.append(len(self.written))
            case "reopen":
                stream.link_reopened(monotonic_ns)
                self.arrivals.append(len(self.written))
                self.notices.append(StreamGrew(stream.wire_path, stream.length))
            case _:
                self.drain()

    def drain(self) -> None:
        for notice in self.notices:
            self.tail.take(notice)
        self.notices.clear()
        while items := self.tail.read(self.max_bytes):
            for item in items:
                if isinstance(item, Piece):
                    self.seen_arrivals += (item.arrivals[:, 0] + len(self.read)).tolist()
                    self.read += item.data
                elif isinstance(item, SettingsInForce):
                    self.seen_changes.append(len(self.read))


@settings(max_examples=50)
@given(ACTIONS, st.integers(1, 100))
def test_a_tail_reads_every_byte_in_order_across_files(
    actions: list[bytes | str], max_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, Both(Path(folder), max_bytes) as both:
        # a link that reopens before a client's first byte concerns no frame of that client
        for i, action in enumerate([b"first", *actions, "read"]):
            both.act(action, i)
        assert both.read == both.written
        assert both.seen_changes == both.changes
        assert both.seen_arrivals == both.arrivals
        assert both.tail.unread == 0


@settings(max_examples=50)
@given(st.binary(max_size=200), st.integers(0, 200))
def test_every_file_begins_at_a_packet_boundary(data: bytes, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stream = Stream(SpoolFolder(Path(folder)), spool_is_capped=False)
        before = data[:cut]
        if before:
            stream.write(before, one_read(before, 1))
        moved = stream.move_to_spool()
        stream.close()
        begun = before[before.rfind(b"\x00") + 1 :]
        assert Path(moved.new_path).read_bytes() == begun
        assert moved.new_start == len(begun)
        assert stream.boundary == 0


def test_noise_without_a_delimiter_is_not_carried_along(tmp_path: Path) -> None:
    stream = Stream(SpoolFolder(tmp_path), spool_is_capped=False)
    noise = b"\x01" * (MAX_STUFFED_BYTES + 1)
    stream.write(noise, one_read(noise, 1))
    assert stream.move_to_spool().new_start == 0
    stream.close()


def test_a_full_spool_is_left_and_old_ones_are_deleted(tmp_path: Path) -> None:
    spools = SpoolFolder(tmp_path, spool_bytes=100)
    stream = Stream(spools, spool_is_capped=True)
    tail = StreamTail()
    tail.take(StreamStarted(stream.wire_path, 0, PipelineSettings(), None))
    for i in range(50):
        data = bytes([i + 1]) * 9 + b"\x00"
        stream.write(data, one_read(data, i))
        tail.take(StreamGrew(stream.wire_path, stream.length))
        if stream.spool_is_full:
            tail.take(stream.move_to_spool())
    folders = [p for p in tmp_path.glob("spool-*/*") if p.is_dir()]
    assert len(folders) == SPOOLS_KEPT
    items = tail.read(10_000)
    kept = b"".join(i.data for i in items if isinstance(i, Piece))
    missing = sum(i.size for i in items if isinstance(i, Missing))
    assert missing + len(kept) == 500
    assert len(kept) == 100
    assert tail.unread == 0
    tail.close()
    stream.close()
    spools.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / "spool-999999999").mkdir()
    (tmp_path / "spool-1").mkdir()
    (tmp_path / "other").mkdir()
    spools = SpoolFolder(tmp_path)
    names = {p.name for p in tmp_path.iterdir()}
    assert "spool-999999999" not in names
    assert {"spool-1", "other"} <= names
    spools.remove()
