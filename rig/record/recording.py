# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a recording, whole or cut."""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.errors import RecordingError, SettingsError
from rig.record.info import RecordingInfo
from rig.record.json_form import SettingsChange, change_from_json, info_from_json
from rig.record.wire_files import (
    ARRIVALS_NAME,
    WIRE_NAME,
    Int64,
    fit_arrivals,
    parse_arrivals,
)
from rig.record.writer import EVENTS_NAME, INFO_NAME
from rig.wire.packets import Hello, unpack_hello


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording as it lay on disk when it was opened; one still being taken may be opened too.

    Attributes
    ----------
    wire : memoryview
        Received bytes, mapped read-only.
    arrivals : (m, 2) int64
        End offset and monotonic ns of each read, made to agree with `wire` (`fit_arrivals`); an end
        offset equal to the one before says that the link was reopened there.
    events : tuple of dict
        Lines of `events.jsonl` in order, those past the end of `wire` included.
    damaged_event_lines : int
        Lines of `events.jsonl` that cannot be read; a last line cut short counts too.
    stopped : bool
        It was closed on purpose.
    """

    folder: Path
    info: RecordingInfo
    wire: memoryview
    arrivals: Int64
    events: tuple[dict[str, Any], ...]
    damaged_event_lines: int
    stopped: bool

    @staticmethod
    def open(path: Path | str) -> Recording:
        """Open a recording folder.

        Raises
        ------
        RecordingError
            Not a folder, no or damaged `recording.json`, or written by a newer Solerig.
        """
        folder = Path(path)
        try:
            info = _read_info(folder)
            wire = _map(folder / WIRE_NAME)
            events, damaged = _read_events(folder / EVENTS_NAME)
            stored = parse_arrivals(_read_or_empty(folder / ARRIVALS_NAME))
        except OSError as error:
            raise RecordingError(
                f"{folder} cannot be read ({error.strerror or error}). Check that you may read it."
            ) from error
        return Recording(
            folder=folder,
            info=info,
            wire=wire,
            arrivals=fit_arrivals(stored, len(wire), info.anchor_monotonic_ns),
            events=events,
            damaged_event_lines=damaged,
            stopped=bool(events) and events[-1].get("type") == "stop",
        )

    @property
    def hello(self) -> Hello | None:
        """The hello in force at byte 0, where one had come."""
        return unpack_hello(bytes.fromhex(self.info.hello_hex)) if self.info.hello_hex else None

    def settings_changes(self) -> tuple[SettingsChange, ...]:
        """Changes made while recording, in order; those past the end of a cut `wire` are left out.

        Raises
        ------
        RecordingError
            A change cannot be understood; results after it would be wrong.
        """
        changed = (e for e in self.events if e.get("type") == "settings")
        try:
            changes = [change_from_json(e) for e in changed]
        except (KeyError, TypeError, ValueError, SettingsError) as error:
            raise RecordingError(
                f"A change of settings in {self.folder / EVENTS_NAME} cannot be understood ({error}). "
                "The file is damaged or was written by a newer Solerig."
            ) from error
        return tuple(c for c in changes if c.offset <= len(self.wire))


def _read_info(folder: Path) -> RecordingInfo:
    if not folder.exists():
        raise RecordingError(f"There is no recording at {folder}. Check the path.")
    if not folder.is_dir():
        raise RecordingError(
            f"{folder} is a file; a recording is a folder that holds {INFO_NAME}. Give the folder."
        )
    path = folder / INFO_NAME
    if not path.is_file():
        raise RecordingError(
            f"{folder} holds no {INFO_NAME}, so it is not a recording. Give the folder of a recording."
        )
    try:
        stored = json.loads(path.read_bytes())
        info = info_from_json(stored, str(path))
        if info.hello_hex:
            unpack_hello(bytes.fromhex(info.hello_hex))
    except (ValueError, struct.error) as error:
        raise RecordingError(
            f"{path} is damaged ({_damage(error)}) and cannot be read. Put the {INFO_NAME} of a copy of "
            f"this recording in its place; what was measured is in {WIRE_NAME} and stays there."
        ) from error
    return info


def _damage(error: ValueError | struct.error) -> str:
    """What a parser found, in words."""
    if isinstance(error, UnicodeDecodeError):
        return "it holds bytes that are no text"
    if isinstance(error, json.JSONDecodeError):
        if not error.doc.strip():
            return "it is empty"
        return f"it breaks off or goes wrong in line {error.lineno}, column {error.colno}"
    return str(error)


def _map(path: Path) -> memoryview:
    """The file's bytes; empty where the file is empty or was never made (killed at the start)."""
    if not path.exists() or path.stat().st_size == 0:
        return memoryview(b"")
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _read_or_empty(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _read_events(path: Path) -> tuple[tuple[dict[str, Any], ...], int]:
    """Readable lines, and how many are not (cut by a kill, or a page lost with the power)."""
    parsed = [_event(line) for line in _read_or_empty(path).split(b"\n") if line]
    return tuple(e for e in parsed if e is not None), sum(e is None for e in parsed)


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
