# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose programme it is: what was done, what is locked, what must be said, and what pain stops.

Nobody named is a newcomer of whom nothing is kept: the same locks, forgotten with the window. What a
simulated person or a replayed recording does is nobody's practice and is never counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rig.drills.programme import (
    BAREFOOT,
    DAYS_BEFORE_RUNNING,
    STRENUOUS,
    Dose,
    Standing,
    permission,
    set_entry,
    standing,
)
from rig.drills.registry import is_one_sided
from rig.drills.set_plan import SetResult
from rig.errors import SettingsError
from rig.record.programme_log import (
    EntryKind,
    ProgrammeEntry,
    append_entry,
    programme_folder,
    read_entries,
)
from rig.settings import DrillSettings, Side

ONCE_A_PERSON = (STRENUOUS, BAREFOOT)
"""Said before the first drill; the others before each drill that they concern."""


def _now() -> datetime:
    return datetime.now().astimezone()


def known_pseudonyms(folder: Path) -> Sequence[str]:
    """Of whom a log exists."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def side_of(drill: DrillSettings) -> Side | None:
    """None for drills of both feet."""
    return drill.side if is_one_sided(drill.name) else None


@dataclass(slots=True)
class Practice:
    """The participant's log, and what was opened or understood while this window is open."""

    folder: Path = field(default_factory=programme_folder)
    now: Callable[[], datetime] = _now
    pseudonym: str = field(init=False, default="")
    _entries: tuple[ProgrammeEntry, ...] = field(init=False, default=())
    _opened: set[str] = field(init=False, default_factory=set)
    _understood: set[tuple[str, str]] = field(init=False, default_factory=set)
    _stands: tuple[object, Standing] | None = field(init=False, default=None)

    def of(self, pseudonym: str) -> tuple[ProgrammeEntry, ...]:
        """The log of who is to be named; empty for nobody.

        Raises
        ------
        SettingsError
            That is no pseudonym; or somebody who was not named is in pain, of whom no log would know.
        RecordingError
            Their log cannot be read.
        """
        if self.in_pain and not self.pseudonym:
            raise SettingsError(
                "Pain was reported while nobody was named. Confirm first that it is gone; only then "
                "say who practises."
            )
        return read_entries(self.folder, pseudonym) if pseudonym else ()

    def name(self, pseudonym: str) -> None:
        """Somebody else is on the rig. Raises as `of`; who was there remains then."""
        self._entries, self.pseudonym = self.of(pseudonym), pseudonym
        self._opened, self._understood, self._stands = set(), set(), None

    def read_again(self) -> None:
        """The log may have grown beside this window. Raises as `of`."""
        if self.pseudonym:
            self._entries, self._stands = read_entries(self.folder, self.pseudonym), None

    @property
    def stands(self) -> Standing:
        """Worked out anew when the log has grown or the day has changed."""
        now = self.now()
        state = (len(self._entries), now.date())
        if self._stands is None or self._stands[0] != state:
            self._stands = (state, standing(self._entries, now))
        return self._stands[1]

    @property
    def in_pain(self) -> bool:
        return self.stands.in_pain

    def because(self, drill: DrillSettings) -> str:
        """Why a drill is locked, or pain stops it; empty where it may begin."""
        if drill.name == "free":
            return ""
        allowed = permission(drill.name, side_of(drill), self.stands)
        opened = drill.name in self._opened and not self.in_pain
        return "" if opened else allowed.because

    def open_for_now(self, drill: DrillSettings) -> None:
        """A clinician answers for it, until somebody else is named or the window closes."""
        self._opened.add(drill.name)

    def warnings(self, drill: DrillSettings) -> Sequence[str]:
        """What must be said before the first set of a drill and was not understood yet."""
        if drill.name == "free":
            return ()
        said = permission(drill.name, side_of(drill), self.stands).warnings
        return tuple(w for w in said if (_concerns(drill, w), w) not in self._understood)

    def understand(self, drill: DrillSettings) -> None:
        self._understood |= {(_concerns(drill, w), w) for w in self.warnings(drill)}

    def note_set(self, result: SetResult, drill: DrillSettings, recording: str) -> bool:
        """Keep a closed set; whether it was written to a log. Raises `RecordingError`."""
        return self._note(set_entry(result, side_of(drill), self.now(), recording))

    def note(self, kind: EntryKind) -> bool:
        """Keep a report of pain, or that it is gone. Raises `RecordingError`."""
        return self._note(ProgrammeEntry(kind, self.now()))

    def dose_text(self, drill: DrillSettings) -> str:
        """What was done of a drill today and in the last seven days."""
        stands, key = self.stands, (drill.name, side_of(drill) or "")
        parts = [
            f"{when}: {_dose_text(doses.get(key, Dose()))}."
            for when, doses in (("Today", stands.today), ("7 days", stands.week))
        ]
        day = f"Days practised: {stands.days_practised}, of {DAYS_BEFORE_RUNNING} before running."
        return " ".join((*parts, day))

    def _note(self, entry: ProgrammeEntry) -> bool:
        """In force even where it cannot be written: a full disk must not let somebody in pain go on."""
        self._entries = (*self._entries, entry)
        if not self.pseudonym:
            return False
        append_entry(self.folder, self.pseudonym, entry)
        return True


def recording_uuid(folder: str) -> str:
    """Of the recording that runs; empty where there is none."""
    if not folder:
        return ""
    try:
        stored = json.loads((Path(folder) / "recording.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(stored.get("uuid", "")) if isinstance(stored, dict) else ""


def _concerns(drill: DrillSettings, warning: str) -> str:
    return "" if warning in ONCE_A_PERSON else drill.name


def _dose_text(dose: Dose) -> str:
    sets = f"{dose.sets} set" if dose.sets == 1 else f"{dose.sets} sets"
    if not dose.repetitions:
        return sets
    return f"{sets} ({dose.repetitions} repetitions, {dose.clean} clean)"
