# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody practised, day by day: one file of JSON lines for each pseudonym, only ever added to.

A line is written in one piece and forced to the disk before anything goes on. What a crash cut off, or
a disk damaged, is no line that can be read; it is handed on as "damaged" in its place, for it may have
been a report of pain.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from rig.errors import RecordingError, SettingsError

PROGRAMME_SCHEMA = "solerig.programme/1"
EntryKind = Literal["set", "pain", "pain-free", "damaged"]
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """One line.

    Attributes
    ----------
    at : datetime
        With its offset from UTC: days are the participant's own. Of a damaged line, that of the line
        before it, or the beginning of time.
    drill, side : str
        Of a set; `side` empty for drills of both feet.
    repetitions, clean, target, extra : int
        Of a set; `extra` came after its target and are among `repetitions`.
    held_s : float
        Of a set of holds.
    ended : str
        How the set ended.
    recording : str
        UUID of the recording that it is in, empty for none.
    """

    kind: EntryKind
    at: datetime
    drill: str = ""
    side: str = ""
    repetitions: int = 0
    clean: int = 0
    target: int = 0
    extra: int = 0
    held_s: float = 0.0
    ended: str = ""
    recording: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise SettingsError(
                "An entry of the programme needs a time with its offset from UTC, or its day is unknown."
            )
        if not 0 <= self.clean <= self.repetitions or not 0 <= self.extra <= self.repetitions:
            raise SettingsError(
                f"A set of {self.repetitions} repetitions cannot have {self.clean} clean and "
                f"{self.extra} extra ones."
            )


def programme_folder() -> Path:
    """The user's own, on this computer alone."""
    from platformdirs import user_data_path

    return user_data_path("solerig", appauthor=False) / "programme"


def programme_path(folder: Path, pseudonym: str) -> Path:
    """Raises `SettingsError` for a pseudonym that no file should be named after."""
    if not _SAFE.fullmatch(pseudonym):
        raise SettingsError(
            f"{pseudonym!r} cannot be a pseudonym: use up to 64 letters, digits, - and _, and no name."
        )
    return folder / f"{pseudonym}.jsonl"


def append_entry(folder: Path, pseudonym: str, entry: ProgrammeEntry) -> None:
    """Add one line; raises as `append_entries`."""
    append_entries(folder, pseudonym, (entry,))


def append_entries(folder: Path, pseudonym: str, entries: Iterable[ProgrammeEntry]) -> None:
    """Add lines in one piece; nothing for none.

    Raises
    ------
    RecordingError
        They cannot be written; nothing of them counts then.
    SettingsError
        No such pseudonym.
    """
    path = programme_path(folder, pseudonym)
    line = b"".join(_line(entry) for entry in entries)
    if not line:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(file).st_size
            cut = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            _write(file, b"\n" + line if cut else line)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or error}), so this is not kept. Make room or "
            "check that you may write there."
        ) from error


def _line(entry: ProgrammeEntry) -> bytes:
    stored = {"schema": PROGRAMME_SCHEMA, **asdict(entry), "at": entry.at.isoformat()}
    return json.dumps(stored, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _write(file: int, data: bytes) -> None:
    """All of it; a full disk may take a part and then refuse, which leaves a damaged line."""
    while data:
        data = data[os.write(file, data) :]


def pseudonyms_with(folder: Path, recording: str) -> tuple[str, ...]:
    """In whose programmes a recording is named, by its UUID.

    Lines that cannot be understood count too, and what cannot be read at all is nobody's: one
    participant's file must not stand in another's way.
    """
    named = f'"recording": {json.dumps(recording)}'.encode()
    return tuple(
        pseudonym
        for pseudonym in known_pseudonyms(folder)
        if named in _content(folder / f"{pseudonym}.jsonl")
    )


def known_pseudonyms(folder: Path) -> tuple[str, ...]:
    """Whose programmes there are, by name."""
    found = sorted(path.stem for path in folder.glob("*.jsonl"))
    return tuple(pseudonym for pseudonym in found if _SAFE.fullmatch(pseudonym))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def read_entries(folder: Path, pseudonym: str) -> tuple[ProgrammeEntry, ...]:
    """All lines in order, none for somebody new.

    Raises
    ------
    RecordingError
        The file cannot be read, or a newer Solerig wrote in it.
    SettingsError
        No such pseudonym.
    """
    path = programme_path(folder, pseudonym)
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror or error}). Check that you may read it."
        ) from error
    entries: list[ProgrammeEntry] = []
    for line in content.split(b"\n"):
        if line:
            before = entries[-1].at if entries else datetime.fromisoformat("0001-01-02T00:00:00Z")
            entries.append(_entry(line, path) or ProgrammeEntry("damaged", before))
    return tuple(entries)


def _entry(line: bytes, path: Path) -> ProgrammeEntry | None:
    """None for what cannot be understood."""
    try:
        stored = json.loads(line)
    except ValueError:
        return None
    if not isinstance(stored, dict):
        return None
    schema = stored.pop("schema", None)
    if isinstance(schema, str) and schema != PROGRAMME_SCHEMA:
        raise RecordingError(
            f"{path} holds lines of {schema!r}, but this Solerig reads {PROGRAMME_SCHEMA!r}. Update "
            "Solerig to go on with this programme."
        )
    try:
        entry = _from_json(stored)
    except (KeyError, TypeError, ValueError, SettingsError):
        return None
    return entry if schema is not None else None


def _from_json(stored: dict[str, Any]) -> ProgrammeEntry:
    entry = ProgrammeEntry(**{**stored, "at": datetime.fromisoformat(stored["at"])})
    if entry.kind not in get_args(EntryKind):
        raise ValueError(entry.kind)
    for field in fields(ProgrammeEntry):
        value = getattr(entry, field.name)
        wanted = {"int": int, "float": (int, float), "str": str}.get(str(field.type))
        if wanted is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise TypeError(field.name)
    return entry
