# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of scans under one hello, made ahead in chunks so that small bites cost little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.simulate.board import Int64, Scanner, packet_ends, scan_bytes, tick_times_us
from rig.simulate.sensors import CHANNELS
from rig.wire.packets import INPUT_SYNC_OUT, Hello

_CHUNK_S = 0.25
"""Long enough to be encoded many packets at once, short enough that a STOP wastes little."""


@dataclass(slots=True, eq=False)
class _Chunk:
    first_tick: int
    board_us: Int64
    counts: Int64
    arrives: np.ndarray
    stream: bytes = b""
    ends: Int64 | None = None
    """Offset in `stream` before each tick and after the last; None until encoded."""


class ScanRun:
    """Ticks at one rate from `start_us` on; chunks begin at fixed ticks, however bytes are taken."""

    def __init__(self, scanner: Scanner, hello: Hello, start_us: int, first_sequence: int) -> None:
        self._scanner = scanner
        self._hello = hello
        self._start_us = start_us
        self._first_sequence = first_sequence
        self._pulse_us = (0, 0)
        self._chunk_ticks = max(1, round(_CHUNK_S * hello.scan_rate_hz))
        self._chunk = self._make_chunk(0)
        self.ticks = 0

    @property
    def next_sequence(self) -> int:
        """The sequence number that the next scan would have."""
        return self._first_sequence + self.ticks

    def set_pulse(self, start_us: int, end_us: int) -> None:
        """Scans that begin within [start_us, end_us) report the sync output."""
        self._pulse_us = (start_us, end_us)
        self._chunk.ends = None

    def take(self, until_us: int) -> bytes:
        """The packets of all scans that are complete by a board time."""
        rate_hz = self._hello.scan_rate_hz
        latest_us = until_us - self._scanner.skew_us(rate_hz) * CHANNELS
        until_tick = max(self.ticks, int((latest_us - self._start_us) * rate_hz // 1_000_000) + 1)
        parts = []
        while self.ticks < until_tick:
            end_of_chunk = self._chunk.first_tick + self._chunk_ticks
            if self.ticks == end_of_chunk:
                self._chunk = self._make_chunk(end_of_chunk)
                continue
            stop = min(until_tick, end_of_chunk)
            parts.append(self._packets(self.ticks, stop))
            self.ticks = stop
        return b"".join(parts)

    def _make_chunk(self, first_tick: int) -> _Chunk:
        rate_hz = self._hello.scan_rate_hz
        board_us = tick_times_us(self._start_us, first_tick, self._chunk_ticks, rate_hz)
        conductance_us = self._scanner.conductance_us(self._hello, board_us)
        counts = self._scanner.counts(self._hello, conductance_us, board_us)
        return _Chunk(first_tick, board_us, counts, self._scanner.arrives(board_us))

    def _packets(self, first: int, stop: int) -> bytes:
        chunk = self._chunk
        ends = self._encode() if chunk.ends is None else chunk.ends
        return chunk.stream[ends[first - chunk.first_tick] : ends[stop - chunk.first_tick]]

    def _encode(self) -> Int64:
        chunk = self._chunk
        start_us, end_us = self._pulse_us
        pulse = (chunk.board_us >= start_us) & (chunk.board_us < end_us)
        flags = np.where(pulse, int(INPUT_SYNC_OUT), 0)
        kept = np.flatnonzero(chunk.arrives)
        sequence = self._first_sequence + chunk.first_tick + kept
        chunk.stream = scan_bytes(
            self._hello, sequence, chunk.board_us[kept], flags[kept], chunk.counts[kept]
        )
        sizes = np.zeros(len(chunk.arrives), np.int64)
        sizes[kept] = np.diff(packet_ends(chunk.stream), prepend=0)
        chunk.ends = np.concatenate(([0], np.cumsum(sizes)))
        return chunk.ends
