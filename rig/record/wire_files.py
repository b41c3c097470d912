# SPDX-License-Identifier: GPL-3.0-or-later
"""`wire.bin` and `arrivals.bin` side by side: bytes as they came, and when."""

from __future__ import annotations

import errno
import os
import struct
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

WIRE_NAME = "wire.bin"
ARRIVALS_NAME = "arrivals.bin"
ARRIVAL = struct.Struct("<Qq")
"""One entry: end offset in `wire.bin`, host's monotonic clock in ns when these bytes were read."""

Int64 = npt.NDArray[np.int64]


class WireFiles:
    """A pair of files being written; every write reaches the operating system before it returns.

    Unbuffered, so that killing this process loses nothing that was written. The entry goes in after
    its bytes, so an entry never speaks of bytes that are not there.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `FileExistsError` where either file is there already."""
        self.wire_path = folder / WIRE_NAME
        self.arrivals_path = folder / ARRIVALS_NAME
        self.length = 0
        self._wire = self.wire_path.open("xb", buffering=0)
        try:
            self._arrivals = self.arrivals_path.open("xb", buffering=0)
        except OSError:
            self._wire.close()
            raise

    def write(self, data: bytes, monotonic_ns: int) -> None:
        """Append bytes and their arrival.

        Raises `OSError` when the disk takes no more; `length` then counts what it did take.
        """
        self._append(data)
        self._arrivals_append(ARRIVAL.pack(self.length, monotonic_ns))

    def write_many(self, data: bytes, arrivals: Int64) -> None:
        """Append bytes that came in several reads: (k, 2) end offset within `data`, monotonic ns."""
        entries = arrivals.astype("<i8")
        entries[:, 0] += self.length
        self._append(data)
        self._arrivals_append(entries.tobytes())

    def link_reopened(self, monotonic_ns: int) -> None:
        """Mark that the link was closed and opened again here: an entry that adds no bytes."""
        self._arrivals_append(ARRIVAL.pack(self.length, monotonic_ns))

    def close(self) -> None:
        self._wire.close()
        self._arrivals.close()

    def __enter__(self) -> WireFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, data: bytes) -> None:
        if self._wire.closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        view = memoryview(data)
        while view:
            taken = self._wire.write(view) or 0
            self.length += taken
            view = view[taken:]

    def _arrivals_append(self, entries: bytes) -> None:
        if self._arrivals.write(entries) != len(entries):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def parse_arrivals(stored: bytes) -> Int64:
    """Entries of `arrivals.bin` as (m, 2) int64: end offset, monotonic ns; a cut entry is left out."""
    whole = len(stored) // ARRIVAL.size * ARRIVAL.size
    return np.frombuffer(stored[:whole], dtype="<i8").reshape(-1, 2).astype(np.int64)


def fit_arrivals(arrivals: Int64, wire_length: int, fallback_ns: int) -> Int64:
    """Arrivals that agree with `wire_length` bytes, whichever of the two files was cut.

    Entries from the first one that runs backwards are left out; the entry that reaches past the end
    is clipped to it, later ones are dropped; bytes without an entry get one at the last known time
    (`fallback_ns` without any), so that every byte has an arrival.
    """
    ends = arrivals[:, 0]
    backwards = np.flatnonzero(np.diff(ends, prepend=0) < 0)
    kept = arrivals[: backwards[0]] if len(backwards) else arrivals
    beyond = np.flatnonzero(kept[:, 0] > wire_length)
    kept = kept[: beyond[0] + 1].copy() if len(beyond) else kept
    if len(beyond):
        kept[-1, 0] = wire_length
    last_end, last_ns = (int(v) for v in kept[-1]) if len(kept) else (0, fallback_ns)
    if last_end < wire_length:
        kept = np.vstack((kept, np.array([[wire_length, last_ns]], dtype=np.int64)))
    return kept
