# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest packets of a segment, so that one that comes again is known for what it is."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

RECENT_FRAMES = 1 << 14
"""How many ticks back a packet is known again: a quarter of the sequence's wrap, so that a step back
is never mistaken for one forward, and some megabytes at most; design choice."""


class _Chunk(NamedTuple):
    """Frames `numbers`, rising; byte k of each packet is row k of `columns`."""

    numbers: Int64
    columns: UInt8


class _Single(NamedTuple):
    number: int
    packet: bytes


class RecentPackets:
    """Packets by frame number, those of the last `RECENT_FRAMES` ticks at least.

    Who asks must not go further back than that: what is kept beyond depends on how data were cut.
    """

    def __init__(self) -> None:
        self._kept: deque[tuple[int, int, _Chunk | _Single]] = deque()
        self._first: int | None = None

    def clear(self) -> None:
        """Forget all: a new segment begins."""
        self._kept.clear()
        self._first = None

    def add(self, number: int, packet: bytes) -> None:
        """Keep the packet of the newest frame."""
        self._keep(number, number, _Single(number, packet))

    def add_many(self, numbers: Int64, columns: UInt8) -> None:
        """Keep the packets of the newest frames; `columns` is (bytes, n)."""
        self._keep(int(numbers[0]), int(numbers[-1]), _Chunk(numbers, columns))

    def reach_back_to(self, number: int) -> bool:
        """Whether the segment had begun by that frame."""
        return self._first is not None and self._first <= number

    def find(self, number: int) -> bytes | None:
        """The packet of a frame, None where it was never received."""
        for first, last, kept in reversed(self._kept):
            if last < number:
                return None
            if first <= number:
                return _packet_in(kept, number)
        return None

    def _keep(self, first: int, last: int, kept: _Chunk | _Single) -> None:
        if self._first is None:
            self._first = first
        while self._kept and self._kept[0][1] < last - RECENT_FRAMES:
            self._kept.popleft()
        self._kept.append((first, last, kept))


def _packet_in(kept: _Chunk | _Single, number: int) -> bytes | None:
    if isinstance(kept, _Single):
        return kept.packet
    place = int(kept.numbers.searchsorted(number))
    return kept.columns[:, place].tobytes() if kept.numbers[place] == number else None
