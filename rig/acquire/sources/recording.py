# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording played again: its bytes, arrivals, settings and markers in their places."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rig.acquire.sources.source import (
    READ_WAIT_S,
    MarkerFound,
    Opened,
    Received,
    Reopened,
    SettingsFound,
    SourceEndedError,
    SourceItem,
)
from rig.errors import LinkError, RecordingError
from rig.pipeline import PipelineSettings
from rig.record import Recording, RecordingInfo

FAST_BYTES = 262_144
"""Bytes handed on at once when played as fast as it goes; design choice."""


@dataclass(frozen=True, slots=True)
class _Remark:
    """Something that stands between two bytes."""

    offset: int
    item: SettingsFound | MarkerFound


class RecordingSource:
    """Arrivals keep their own times, so that a replay places segments as the original did."""

    retries = False
    can_change_baud = False

    def __init__(self, folder: str, speed: float) -> None:
        self._folder = Path(folder)
        self._speed = speed
        self._recording: Recording | None = None
        self._remarks: list[_Remark] = []
        self._next_arrival = 0
        self._position = 0
        self._started_s = 0.0

    def open(self, _stop: threading.Event, /) -> Opened:
        """Raises `LinkError` when there is no recording that can be opened."""
        try:
            recording = Recording.open(self._folder)
            self._remarks = _remarks(recording)
        except RecordingError as error:
            raise LinkError(str(error)) from error
        self._recording = recording
        self._next_arrival = self._position = 0
        self._started_s = time.monotonic()
        info = recording.info
        return Opened(
            name=str(self._folder),
            settings=settings_of(info),
            hello=recording.hello,
            anchor_ns=(info.anchor_wall_ns, info.anchor_monotonic_ns),
            simulated=info.source.simulated,
        )

    def read(self) -> Sequence[SourceItem]:
        recording = self._recording
        if recording is None or (
            self._next_arrival >= len(recording.arrivals) and not self._remarks
        ):
            raise SourceEndedError(f"The recording {self._folder} has come to its end.")
        until = self._due(recording.arrivals)
        if until == self._next_arrival and self._next_arrival < len(recording.arrivals):
            time.sleep(READ_WAIT_S / 4.0)
            return ()
        items: list[SourceItem] = []
        while self._next_arrival < until:
            self._hand_on(recording, until, items)
        self._pass_remarks(items, at_end=until == len(recording.arrivals))
        return items

    def write(self, data: bytes) -> None:
        """A recording cannot be commanded; commands then go unanswered."""

    def set_baud(self, baud: int) -> None:
        """A recording has no baud."""

    def close(self) -> None:
        self._recording = None

    def _due(self, arrivals: np.ndarray) -> int:
        """Index after the last arrival whose time has come."""
        if self._next_arrival >= len(arrivals):
            return len(arrivals)
        if self._speed <= 0.0:
            limit = self._position + FAST_BYTES
            after = int(np.searchsorted(arrivals[:, 0], limit, side="right"))
            return max(after, self._next_arrival + 1)
        played_ns = (time.monotonic() - self._started_s) * self._speed * 1e9
        times = arrivals[:, 1] - arrivals[0, 1]
        ahead = times[self._next_arrival :] > played_ns
        return self._next_arrival + (int(np.argmax(ahead)) if ahead.any() else len(ahead))

    def _hand_on(self, recording: Recording, until: int, items: list[SourceItem]) -> None:
        """One item: the bytes up to the next remark, reopened link or `until`."""
        arrivals = recording.arrivals
        self._pass_remarks(items, at_end=False)
        first = self._next_arrival
        if arrivals[first, 0] == self._position:
            items.append(Reopened(int(arrivals[first, 1])))
            self._next_arrival += 1
            return
        ends = arrivals[first:until, 0]
        stops = np.flatnonzero(np.diff(ends) == 0)
        count = int(stops[0]) + 1 if len(stops) else len(ends)
        if self._remarks:
            before = int(np.searchsorted(ends[:count], self._remarks[0].offset, side="right"))
            count = max(before, 1)
        taken = arrivals[first : first + count].copy()
        data = bytes(recording.wire[self._position : int(taken[-1, 0])])
        taken[:, 0] -= self._position
        items.append(Received(data, taken))
        self._position += len(data)
        self._next_arrival += count

    def _pass_remarks(self, items: list[SourceItem], *, at_end: bool) -> None:
        """Remarks whose place has come; those past the end of a cut recording at its end."""
        while self._remarks and (at_end or self._remarks[0].offset <= self._position):
            items.append(self._remarks.pop(0).item)


def settings_of(info: RecordingInfo) -> PipelineSettings:
    """The settings in force at byte 0."""
    return PipelineSettings(info.participant, info.calibration, info.drill)


def _remarks(recording: Recording) -> list[_Remark]:
    changes = [
        _Remark(c.offset, SettingsFound(PipelineSettings(c.participant, c.calibration, c.drill)))
        for c in recording.settings_changes()
    ]
    markers = [
        _Remark(int(e["offset"]), MarkerFound(str(e.get("label", ""))))
        for e in recording.events
        if e.get("type") == "marker"
        and isinstance(e.get("offset"), int)
        and e["offset"] <= len(recording.wire)
    ]
    return sorted((*changes, *markers), key=lambda r: r.offset)
