# SPDX-License-Identifier: GPL-3.0-or-later
"""The one growing file that clients tail: a spool, or the recording being taken."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Protocol

import numpy as np

from rig.acquire.messages import StreamMoved
from rig.errors import RecordingError
from rig.record.wire_files import Int64, WireFiles
from rig.wire.framing import MAX_STUFFED_BYTES
from rig.wire.packets import DELIMITER

SPOOL_BYTES = 64_000_000
"""A spool is left for a fresh one beyond this: a quarter of an hour at 1 kHz; design choice."""
SPOOLS_KEPT = 2
"""The newest and the one before, which a slow client may still be reading."""


class GrowingFiles(Protocol):
    """What a spool and a recording have in common."""

    @property
    def wire_path(self) -> Path: ...

    @property
    def length(self) -> int: ...

    def write_many(self, data: bytes, arrivals: Int64) -> None: ...

    def link_reopened(self, monotonic_ns: int) -> None: ...

    def close(self) -> None: ...


class SpoolFolder:
    """Spools of this process, numbered; folders of processes that died are swept away."""

    def __init__(self, root: Path, spool_bytes: int = SPOOL_BYTES) -> None:
        self.spool_bytes = spool_bytes
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        self._folder = root / f"spool-{os.getpid()}"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        self._made: list[Path] = []
        self._count = 0

    def fresh(self) -> WireFiles:
        """A new empty spool."""
        folder = self._folder / f"{self._count:06d}"
        folder.mkdir()
        self._count += 1
        self._made.append(folder)
        return WireFiles(folder)

    def forget_old(self) -> None:
        """Delete all but the newest; what Windows holds open is tried again the next time."""
        for folder in self._made[:-SPOOLS_KEPT]:
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                self._made.remove(folder)

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class Stream:
    """Bytes of one source, first to last, in whichever file they go to now.

    `tail` holds the bytes of a packet that has begun: they are copied first into the next file, so
    that every file begins at a packet boundary and no reader loses a frame.
    """

    def __init__(self, spools: SpoolFolder, *, spool_is_capped: bool) -> None:
        self._spools = spools
        self._capped = spool_is_capped
        self._files: GrowingFiles = spools.fresh()
        self._tail = b""
        self._last_ns = 0

    @property
    def wire_path(self) -> str:
        return str(self._files.wire_path)

    @property
    def length(self) -> int:
        return self._files.length

    @property
    def boundary(self) -> int:
        """Where the packet that has begun begins."""
        return self.length - len(self._tail)

    @property
    def spool_is_full(self) -> bool:
        return (
            self._capped
            and isinstance(self._files, WireFiles)
            and self.length >= self._spools.spool_bytes
        )

    def write(self, data: bytes, arrivals: Int64) -> None:
        """Append; raises as the file's `write_many`, having counted what it took."""
        before = self.length
        try:
            self._files.write_many(data, arrivals)
        finally:
            self._follow(data[: self.length - before], int(arrivals[-1, 1]))

    def link_reopened(self, monotonic_ns: int) -> None:
        """What had begun stays unfinished (as the decoder has it)."""
        self._tail, self._last_ns = b"", monotonic_ns
        self._files.link_reopened(monotonic_ns)

    def move_to(self, files: GrowingFiles) -> StreamMoved:
        """Go on in another file; raises what writing the tail raises, and then has not moved."""
        if self._tail:
            try:
                files.write_many(self._tail, np.array([[len(self._tail), self._last_ns]]))
            except (OSError, RecordingError):
                files.close()
                raise
        old, self._files = self._files, files
        moved = StreamMoved(str(old.wire_path), old.length, self.wire_path, self.length)
        if isinstance(old, WireFiles):
            old.close()
        if self._capped:
            self._spools.forget_old()
        return moved

    def move_to_spool(self) -> StreamMoved:
        return self.move_to(self._spools.fresh())

    def close(self) -> None:
        if isinstance(self._files, WireFiles):
            self._files.close()
        self._spools.forget_old()

    def _follow(self, written: bytes, monotonic_ns: int) -> None:
        self._last_ns = monotonic_ns
        _, delimiter, after = written.rpartition(bytes([DELIMITER]))
        tail = after if delimiter else self._tail + written
        # a run longer than any packet is no packet: noise must not be copied around for ever
        self._tail = tail if len(tail) <= MAX_STUFFED_BYTES else b""


def _sweep(root: Path) -> None:
    for folder in root.glob("spool-*"):
        with contextlib.suppress(ValueError):
            if not _is_alive(int(folder.name.removeprefix("spool-"))):
                shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return False  # a living process holds its spool open there, so it cannot be deleted
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
