# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the growing file from a client's side, across spools and recordings, in stream order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from rig.acquire.messages import Notice, SettingsInForce, StreamGrew, StreamMoved, StreamStarted
from rig.record.wire_files import ARRIVAL, ARRIVALS_NAME, Int64, parse_arrivals

ENTRIES_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Whole reads, in order: (k, 2) end offset within `data`, monotonic ns."""

    data: bytes
    arrivals: Int64


@dataclass(frozen=True, slots=True)
class Missing:
    """Bytes that can no longer be read: their spool was thrown away before this client came to it."""

    size: int


TailItem = Piece | Missing | StreamStarted | SettingsInForce
Step = StreamStarted | StreamGrew | SettingsInForce | StreamMoved


class StreamTail:
    """Notices in, bytes and changes of settings out, each in its place."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()
        self._path = ""
        self._position = 0
        self._wire: IO[bytes] | None = None
        self._arrivals: IO[bytes] | None = None
        self.last_ns = 0

    def take(self, notice: Notice) -> None:
        """Remember a notice that concerns the stream; others are ignored."""
        if isinstance(notice, StreamGrew) and self._steps:
            last = self._steps[-1]
            if isinstance(last, StreamGrew) and last.wire_path == notice.wire_path:
                self._steps[-1] = notice
                return
        if isinstance(notice, Step):
            self._steps.append(notice)

    @property
    def unread(self) -> int:
        """Bytes known to be there and not yet read."""
        path, position, total = self._path, self._position, 0
        for step in self._steps:
            match step:
                case StreamStarted():
                    path, position = step.wire_path, step.offset
                case StreamGrew() if step.wire_path == path:
                    total, position = total + step.length - position, step.length
                case StreamMoved() if step.old_path == path:
                    total += step.old_length - position
                    path, position = step.new_path, step.new_start
        return total

    def read(self, max_bytes: int) -> list[TailItem]:
        """What comes next, about `max_bytes` of it; one read of the source is never cut."""
        items: list[TailItem] = []
        while self._steps and max_bytes > 0:
            step = self._steps[0]
            if isinstance(step, StreamStarted):
                self._open(step.wire_path, step.offset, None)
                items.append(step)
                self._steps.popleft()
                continue
            piece = self._towards(step, max_bytes)
            if piece is not None:
                items.append(piece)
                max_bytes -= piece.size if isinstance(piece, Missing) else len(piece.data) + 1
            elif self._arrived_at(step):
                self._steps.popleft()
                if isinstance(step, SettingsInForce):
                    items.append(step)
                elif isinstance(step, StreamMoved) and step.old_path == self._path:
                    self._open(step.new_path, step.new_start, int(step.new_start > 0))
            else:
                break
        return items

    def close(self) -> None:
        for file in (self._wire, self._arrivals):
            if file is not None:
                file.close()
        self._wire = self._arrivals = None

    def _goal(self, step: Step) -> int:
        """Byte of the present file that `step` speaks of."""
        match step:
            case StreamGrew() if step.wire_path == self._path:
                return step.length
            case SettingsInForce() if step.wire_path == self._path:
                return step.offset
            case StreamMoved() if step.old_path == self._path:
                return step.old_length
            case _:
                return self._position

    def _arrived_at(self, step: Step) -> bool:
        return self._position >= self._goal(step)

    def _towards(self, step: Step, max_bytes: int) -> Piece | Missing | None:
        goal = self._goal(step)
        if self._wire is None or self._arrivals is None:
            size = goal - self._position
            self._position = max(goal, self._position)
            return Missing(size) if size > 0 else None
        entries = self._entries(self._arrivals, goal, max_bytes)
        if len(entries) == 0 and isinstance(step, StreamMoved) and self._position < goal:
            # the disk took the bytes but not their arrival
            entries = np.array([[goal, self.last_ns]], dtype=np.int64)
        if len(entries) == 0:
            return None
        self.last_ns = int(entries[-1, 1])
        size = int(entries[-1, 0]) - self._position
        entries[:, 0] -= self._position
        self._position += size
        return Piece(self._wire.read(size), entries)

    def _entries(self, arrivals: IO[bytes], goal: int, max_bytes: int) -> Int64:
        """The next whole arrivals that end by `goal`; at least one, else within `max_bytes`."""
        start = arrivals.tell()
        entries = parse_arrivals(arrivals.read(ENTRIES_AT_ONCE * ARRIVAL.size))
        due = int(np.searchsorted(entries[:, 0], goal, side="right"))
        wanted = int(np.searchsorted(entries[:, 0], self._position + max_bytes, side="right"))
        count = min(due, max(wanted, 1))
        arrivals.seek(start + count * ARRIVAL.size)
        return entries[:count]

    def _open(self, path: str, position: int, entries_before: int | None) -> None:
        """Go on in this file; `entries_before` None: after the arrivals that end by `position`."""
        self.close()
        self._path, self._position = path, position
        wire_path = Path(path)
        try:
            self._wire = wire_path.open("rb")
            self._arrivals = wire_path.with_name(ARRIVALS_NAME).open("rb")
        except FileNotFoundError:
            self.close()
            return
        self._wire.seek(position)
        if entries_before is None:
            ends = parse_arrivals(self._arrivals.read())[:, 0]
            entries_before = int(np.searchsorted(ends, position, side="right"))
        self._arrivals.seek(entries_before * ARRIVAL.size)
