# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole stream through the pipeline, piece by piece: the batch gait of the one path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Int64
from rig.pipeline import Pipeline, PipelineOutput, PipelineSettings
from rig.record import Recording, RecordingInfo, SettingsChange
from rig.wire.framing import MAX_STUFFED_BYTES
from rig.wire.packets import DELIMITER, Hello

PIECE_BYTES = 1 << 20
"""Fourteen seconds of frames at 1 kHz: large enough for numpy, small enough for any memory."""


class SettingsAt(NamedTuple):
    """Settings that hold from byte `offset` on."""

    offset: int
    settings: PipelineSettings


@dataclass(frozen=True, slots=True, eq=False)
class WholeStream:
    """All that the results of a stream depend on.

    Attributes
    ----------
    wire : bytes-like
        Received bytes.
    arrivals : (m, 2) int64
        End offset and monotonic ns of each read (`Pipeline.push`).
    settings : PipelineSettings
        In force at the first byte.
    hello : Hello, optional
        In force at the first byte.
    changes : tuple of SettingsAt
        In order of their offsets.
    """

    wire: bytes | bytearray | memoryview
    arrivals: Int64
    settings: PipelineSettings = field(default_factory=PipelineSettings)
    hello: Hello | None = None
    changes: tuple[SettingsAt, ...] = ()


def stream_of(recording: Recording) -> WholeStream:
    """A recording's stream; raises `RecordingError` where a change of settings is unreadable."""
    return WholeStream(
        recording.wire,
        recording.arrivals,
        _settings_of(recording.info),
        recording.hello,
        tuple(SettingsAt(c.offset, _settings_of(c)) for c in recording.settings_changes()),
    )


def outputs(
    stream: WholeStream, piece_bytes: int = PIECE_BYTES
) -> Iterator[tuple[PipelineOutput, int]]:
    """What each piece led to, and how many bytes are done; at last what the end of the data led to.

    A change of settings holds from its very byte on, also within a read.

    Raises
    ------
    SettingsError
        The board is not one that this version can read.
    """
    pipeline = Pipeline(stream.settings, stream.hello)
    wire, done = memoryview(stream.wire), 0
    for change in (*stream.changes, None):
        stop = len(wire) if change is None else min(change.offset, len(wire))
        while done < stop:
            start, done = done, _piece_end(wire, done, min(done + piece_bytes, stop))
            yield pipeline.push(wire[start:done], _covering(stream.arrivals, start, done)), done
        if change is not None:
            pipeline.change_settings(change.settings)
    yield pipeline.finish(), done


def _piece_end(wire: memoryview, start: int, end: int) -> int:
    """The last packet's end up to `end`: a packet cut in two would make a block of one frame.

    `end` where none lies near: what is no packet may be cut anywhere, and so may the end of the data.
    """
    searched = max(start, end - MAX_STUFFED_BYTES)
    last = bytes(wire[searched:end]).rfind(DELIMITER)
    return end if last < 0 else searched + last + 1


def _settings_of(stored: RecordingInfo | SettingsChange) -> PipelineSettings:
    return PipelineSettings(stored.participant, stored.calibration, stored.drill)


def _covering(arrivals: Int64, start: int, end: int) -> Int64:
    """The entries that bytes start to end need, with every reopened link at `end`.

    An entry that covers two pieces is given with both, which does no harm.
    """
    ends = arrivals[:, 0]
    first = int(np.searchsorted(ends, start, side="left"))
    covering = int(np.searchsorted(ends, end, side="right"))
    if covering == len(ends):
        return arrivals[first:]
    return arrivals[first : int(np.searchsorted(ends, ends[covering], side="right"))]
