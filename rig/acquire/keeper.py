# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a source's bytes go: a spool or a recording; and what happens when a disk takes no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np

from rig.acquire.messages import (
    LinkStatus,
    MarkerAdded,
    Notice,
    RecordingStatus,
    SettingsInForce,
    StreamGrew,
)
from rig.acquire.sources.source import Received
from rig.acquire.stream import SpoolFolder, Stream
from rig.acquire.taking import Taking
from rig.errors import RecordingError
from rig.pipeline import PipelineSettings
from rig.record.wire_files import Int64
from rig.wire.frames import FrameBlock

DISK_FULL = "the disk takes no more"


class Keeper:
    """One source's stream from its first byte to its last, and the recordings taken from it.

    Whatever happens to a recording, the stream goes on: a recording that cannot be written is closed,
    what it holds is kept, and that is said in its status. Everything is told in stream order.
    """

    def __init__(
        self, spools: SpoolFolder, tell: Callable[[Notice], None], *, spool_is_capped: bool
    ) -> None:
        """Raises `RecordingError` when not even a spool can be made."""
        try:
            self.stream = Stream(spools, spool_is_capped=spool_is_capped)
        except OSError as error:
            raise RecordingError(
                f"No temporary file can be made ({error.strerror or error}). Free some disk space."
            ) from error
        self._tell = tell
        self._taking: Taking | None = None
        self._sentence = ""
        self._last_told_s = 0.0
        self.stream_sentence = ""

    @property
    def folder(self) -> str | None:
        """Of the recording being taken; None while none is."""
        return self._taking.folder if self._taking is not None else None

    @property
    def status(self) -> RecordingStatus:
        if self._taking is None:
            return no_recording(self._sentence)
        return self._taking.status(recording=True, sentence=self._sentence)

    def start(
        self,
        folder: str,
        settings: PipelineSettings,
        link: LinkStatus,
        anchor_ns: tuple[int, int] | None,
    ) -> None:
        """Take a recording from here on; raises `RecordingError`."""
        if self._taking is not None:
            raise RecordingError(f"A recording is already being taken in {self._taking.folder}.")
        self._taking = Taking.start(folder, self.stream, settings, link, anchor_ns)
        self._sentence = ""
        self._tell(self._taking.moved)
        self.tell_status()

    def stop(self, reason: str) -> None:
        """Close the recording, if one is being taken, and go on in a spool."""
        taking, self._taking = self._taking, None
        if taking is None:
            return
        self._go_on_in_a_spool()
        self._sentence = taking.stop(reason) or self._sentence
        self._tell(taking.status(recording=False, sentence=self._sentence))

    def close(self, reason: str) -> None:
        """The source was closed."""
        self.stop(reason)
        self.stream.close()

    def store(self, item: Received) -> None:
        """Write what came; a file that takes no more is left for a fresh spool."""
        before = self.stream.length
        try:
            self.stream.write(item.data, item.arrivals)
            self.stream_sentence = ""
        except (OSError, RecordingError) as error:
            taken = self.stream.length - before
            self._leave_full_file(error)
            rest = item.arrivals[item.arrivals[:, 0] > taken] - np.array([taken, 0])
            if len(rest):
                self._store_rest(item.data[taken:], rest)
        self._grew()
        if self.stream.spool_is_full:
            self._go_on_in_a_spool()

    def link_reopened(self, monotonic_ns: int) -> None:
        try:
            self.stream.link_reopened(monotonic_ns)
        except (OSError, RecordingError) as error:
            self._leave_full_file(error)
        self._grew()

    def link_lost(self, sentence: str) -> None:
        lost = {"type": "link", "state": "lost", "sentence": sentence}
        self._note(lambda taking: taking.event(lost))

    def marker(self, label: str) -> None:
        self._note(lambda taking: taking.event({"type": "marker", "label": label}))
        self._tell(MarkerAdded(label, self.stream.wire_path, self.stream.length))

    def settings(self, settings: PipelineSettings) -> None:
        self._note(lambda taking: taking.settings(settings))
        self._tell(SettingsInForce(self.stream.wire_path, self.stream.length, settings))

    def saw(self, blocks: Iterable[FrameBlock]) -> None:
        """Frames were decoded: a recording notes new segments."""
        for segment in {block.segment.index: block.segment for block in blocks}.values():
            self._note(lambda taking, seen=segment: taking.saw(seen))

    def tell_status(self, every_s: float = 0.0) -> None:
        """Tell the recording's state, if it was last told so long ago."""
        now_s = time.monotonic()
        if self._taking is not None and now_s - self._last_told_s >= every_s:
            self._last_told_s = now_s
            self._tell(self.status)

    def _note(self, work: Callable[[Taking], None]) -> None:
        """Write an event of the recording, if one is being taken."""
        if self._taking is None:
            return
        try:
            work(self._taking)
        except RecordingError as error:
            self._leave_full_file(error)

    def _leave_full_file(self, error: Exception) -> None:
        """A recording is closed and keeps what it has; of a spool nothing was promised."""
        if self._taking is None:
            self._go_on_in_a_spool()
            return
        self._sentence = str(error)
        self.stop(DISK_FULL)

    def _go_on_in_a_spool(self) -> None:
        """Where no disk takes a spool, the stream stays where it is."""
        try:
            self._tell(self.stream.move_to_spool())
        except OSError as error:
            self._say_full(error)

    def _store_rest(self, data: bytes, arrivals: Int64) -> None:
        """The second try; after it the bytes are given up, and that is said."""
        try:
            self.stream.write(data, arrivals)
        except (OSError, RecordingError) as error:
            self._say_full(error)

    def _say_full(self, error: Exception) -> None:
        self.stream_sentence = (
            f"The computer's disk takes no more ({error}); the live view stands still. Free some disk "
            "space."
        )

    def _grew(self) -> None:
        self._tell(StreamGrew(self.stream.wire_path, self.stream.length))


def no_recording(sentence: str = "") -> RecordingStatus:
    """Nothing is being recorded; `sentence` says why the last recording ended, if not on request."""
    return RecordingStatus(
        recording=False,
        folder="",
        duration_s=0.0,
        bytes_written=0,
        free_disk_bytes=0,
        sentence=sentence,
    )
