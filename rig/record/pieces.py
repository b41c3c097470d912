# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording in stream order, in pieces: what every reader of whole recordings goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rig.record.json_form import SettingsChange
from rig.record.recording import Recording
from rig.record.wire_files import Int64

PIECE_BYTES = 1 << 20
"""Fourteen seconds of frames at 1 kHz: large enough for numpy, small enough for any memory."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordingPiece:
    """Whole reads: `arrivals` (k, 2) with end offsets in the recording."""

    data: memoryview
    arrivals: Int64


def pieces(
    recording: Recording, piece_bytes: int = PIECE_BYTES
) -> Iterator[RecordingPiece | SettingsChange]:
    """Bytes with their arrivals, and each change of settings in its place.

    A read is never cut, so a piece may be longer than `piece_bytes`. Raises `RecordingError` when a
    change of settings cannot be understood.
    """
    entry, position = 0, 0
    for change in recording.settings_changes():
        after = int(np.searchsorted(recording.arrivals[:, 0], change.offset, side="right"))
        yield from _stretch(recording, entry, after, position, piece_bytes)
        if after > entry:
            entry, position = after, int(recording.arrivals[after - 1, 0])
        yield change
    yield from _stretch(recording, entry, len(recording.arrivals), position, piece_bytes)


def _stretch(
    recording: Recording, entry: int, stop: int, position: int, piece_bytes: int
) -> Iterator[RecordingPiece]:
    """Arrivals `entry` to `stop`, the first of which begins at `position`."""
    while entry < stop:
        ends = recording.arrivals[entry:stop, 0]
        count = max(1, int(np.searchsorted(ends, position + piece_bytes, side="right")))
        taken = recording.arrivals[entry : entry + count]
        end = int(taken[-1, 0])
        yield RecordingPiece(recording.wire[position:end], taken)
        entry, position = entry + count, end
