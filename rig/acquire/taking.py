# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording being taken from the stream."""

from __future__ import annotations

import shutil
import time
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import rig
from rig.acquire.messages import LinkStatus, RecordingStatus, StreamMoved
from rig.acquire.stream import Stream
from rig.errors import RecordingError
from rig.layout import foot_length_mm
from rig.pipeline import PipelineSettings
from rig.record import RecordingInfo, RecordingWriter, SourceInfo
from rig.record.json_form import settings_to_json
from rig.settings import Participant
from rig.wire.frames import Segment
from rig.wire.packets import Hello, LayoutId, pack_hello


class Taking:
    """From start to stop: the writer, and the segments seen since."""

    def __init__(self, writer: RecordingWriter, moved: StreamMoved) -> None:
        self._writer = writer
        self.moved = moved
        self._started_s = time.monotonic()
        self._first_segment: int | None = None
        self._segment: int | None = None

    @staticmethod
    def start(
        folder: str,
        stream: Stream,
        settings: PipelineSettings,
        link: LinkStatus,
        anchor_ns: tuple[int, int] | None,
    ) -> Taking:
        """Make the folder and move the stream into it; raises `RecordingError`."""
        writer = RecordingWriter(Path(folder), describe(settings, link, anchor_ns))
        return Taking(writer, stream.move_to(writer))

    @property
    def folder(self) -> str:
        return str(self._writer.folder)

    def event(self, entry: dict[str, Any]) -> None:
        self._writer.event(entry)

    def settings(self, settings: PipelineSettings) -> None:
        stored = settings_to_json(settings.participant, settings.calibration, settings.drill)
        self._writer.event({"type": "settings"} | stored)

    def saw(self, segment: Segment) -> None:
        """Frames of this segment came; a new one is written down, counted from this recording's."""
        if segment.index == self._segment:
            return
        if self._first_segment is None:
            self._first_segment = segment.index
        self._segment = segment.index
        self._writer.event(
            {
                "type": "segment",
                "index": segment.index - self._first_segment,
                "cause": segment.cause.value,
                "hello_hex": pack_hello(segment.hello).hex(),
            }
        )

    def stop(self, reason: str) -> str:
        """Close; returns a sentence when even the last event could not be written."""
        try:
            self._writer.stop(reason)
        except RecordingError as error:
            return str(error)
        return ""

    def status(self, *, recording: bool, sentence: str) -> RecordingStatus:
        return RecordingStatus(
            recording=recording,
            folder=self.folder,
            duration_s=time.monotonic() - self._started_s,
            bytes_written=self._writer.length,
            free_disk_bytes=shutil.disk_usage(self._writer.folder).free,
            sentence=sentence,
        )


def describe(
    settings: PipelineSettings, link: LinkStatus, anchor_ns: tuple[int, int] | None = None
) -> RecordingInfo:
    """What `recording.json` says of a recording that starts now.

    Parameters
    ----------
    settings, link
        In force.
    anchor_ns : (wall, monotonic), optional
        Read together in ns, where arrivals are not on this computer's clock of now (a replay).
    """
    wall_ns, monotonic_ns = anchor_ns or (time.time_ns(), time.monotonic_ns())
    return RecordingInfo(
        uuid=str(uuid.uuid4()),
        software_version=rig.__version__,
        started_at=datetime.now().astimezone().isoformat(timespec="milliseconds"),
        anchor_wall_ns=wall_ns,
        anchor_monotonic_ns=monotonic_ns,
        hello_hex=pack_hello(link.hello).hex() if link.hello else "",
        source=SourceInfo(link.source_kind, link.source_name, link.simulated),
        layout_name=layout_name(link.hello),
        foot_length_mm=length_mm(settings.participant),
        participant=settings.participant,
        calibration=settings.calibration,
        drill=settings.drill,
    )


def layout_name(hello: Hello | None) -> str:
    """Name of the sensels' layout; empty when no board has named one."""
    if hello is None or hello.layout_id not in set(LayoutId):
        return ""
    return LayoutId(hello.layout_id).name.lower()


def length_mm(participant: Participant) -> float:
    """Measured foot length, or the one that goes with the shoe size."""
    return participant.foot_length_mm or foot_length_mm(participant.shoe_size_eu)
