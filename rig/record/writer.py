# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a recording so that it can be opened at any moment, cut anywhere."""

from __future__ import annotations

import errno
import json
import os
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from rig.errors import RecordingError
from rig.record.info import RecordingInfo
from rig.record.json_form import info_to_json
from rig.record.wire_files import Int64, WireFiles

INFO_NAME = "recording.json"
EVENTS_NAME = "events.jsonl"


class RecordingWriter(AbstractContextManager["RecordingWriter", None]):
    """One recording being taken; see FORMAT.md.

    Raises `RecordingError` when made where something already lies or nothing can be written. A
    failed `write` leaves all earlier bytes in place; `length` counts what `wire.bin` holds.
    """

    def __init__(self, folder: Path | str, info: RecordingInfo) -> None:
        self.folder = Path(folder)
        self.info = info
        _claim(self.folder)
        try:
            _write_whole(self.folder / INFO_NAME, json.dumps(info_to_json(info), indent=1) + "\n")
            self._files = WireFiles(self.folder)
            self._events = (self.folder / EVENTS_NAME).open("xb", buffering=0)
        except OSError as error:
            raise RecordingError(_cannot_write(self.folder, error)) from error

    @property
    def length(self) -> int:
        return self._files.length

    @property
    def wire_path(self) -> Path:
        return self._files.wire_path

    def write(self, data: bytes, monotonic_ns: int) -> None:
        """Append received bytes and their arrival; on the disk's side when this returns."""
        try:
            self._files.write(data, monotonic_ns)
        except OSError as error:
            raise RecordingError(_cannot_write(self.folder, error)) from error

    def write_many(self, data: bytes, arrivals: Int64) -> None:
        """Append bytes of several reads: (k, 2) end offset within `data`, monotonic ns."""
        try:
            self._files.write_many(data, arrivals)
        except OSError as error:
            raise RecordingError(_cannot_write(self.folder, error)) from error

    def link_reopened(self, monotonic_ns: int) -> None:
        """The link was lost and came back: an arrival that adds no bytes, and a link event."""
        try:
            self._files.link_reopened(monotonic_ns)
        except OSError as error:
            raise RecordingError(_cannot_write(self.folder, error)) from error
        self.event({"type": "link", "state": "reopened", "monotonic_ns": monotonic_ns})

    def event(self, entry: dict[str, Any]) -> None:
        """Append one event; `offset` and `monotonic_ns` are filled in where they are missing."""
        placed = {"offset": self.length, "monotonic_ns": time.monotonic_ns()} | entry
        kind = {"type": placed.pop("type")}
        line = json.dumps(kind | placed, ensure_ascii=False).encode() + b"\n"
        try:
            if self._events.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise RecordingError(_cannot_write(self.folder, error)) from error

    def stop(self, reason: str = "asked", monotonic_ns: int | None = None) -> None:
        """Close the recording; its last event says that it ended on purpose."""
        placed = {} if monotonic_ns is None else {"monotonic_ns": monotonic_ns}
        try:
            self.event({"type": "stop", "reason": reason} | placed)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the files without a stop event, as a crash would."""
        self._files.close()
        self._events.close()

    def __exit__(self, *_: object) -> None:
        self.close()


def _claim(folder: Path) -> None:
    """Make the folder, or take an empty one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise RecordingError(_cannot_write(folder, error)) from error
    if occupied:
        raise RecordingError(
            f"{folder} already holds files. Choose a new or empty folder for the recording."
        )


def _write_whole(path: Path, text: str) -> None:
    """The file appears complete or not at all."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _cannot_write(folder: Path, error: OSError) -> str:
    return (
        f"{folder} cannot be written ({error.strerror or error}). Free some disk space or choose "
        "another folder; what was already recorded is kept."
    )
