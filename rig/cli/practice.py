# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after a participant's drill: what their programme allows, and keeping what they did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from rig.cli.outputs import say
from rig.cli.progress import over_bytes
from rig.errors import SettingsError
from rig.settings import DrillName, Side

if TYPE_CHECKING:
    from rig.record.programme_log import ProgrammeEntry
    from rig.record.recording import Recording


def ask_programme(
    pseudonym: str, drill: DrillName, side: Side, console: Console, *, anyway: bool
) -> None:
    """Say what must be said before a participant's drill.

    Raises
    ------
    RecordingError
        Their programme cannot be read.
    SettingsError
        No pseudonym; or the drill is locked and nobody asked for it `anyway`.
    """
    from rig.drills.programme import permission, standing
    from rig.drills.registry import drill_title, is_one_sided
    from rig.record.programme_log import programme_folder, read_entries

    where = standing(read_entries(programme_folder(), pseudonym), now())
    allowed = permission(drill, side if is_one_sided(drill) else None, where)
    if not allowed.allowed and not anyway:
        raise SettingsError(
            f"{allowed.because} To record {drill_title(drill)} with {pseudonym} all the same, add "
            "--anyway."
        )
    if not allowed.allowed:
        say(console, f" {allowed.because} Recording it all the same, as asked.", before="Locked:")
    caution(allowed.warnings, console)


def caution(warnings: tuple[str, ...], console: Console) -> None:
    """What the guide warns of, a line each."""
    for warning in warnings:
        say(console, f" {warning}", before="Caution:", style="yellow")


def keep_sets(pseudonym: str, recording: Recording, *, anyway: bool) -> str:
    """Write a recording's sets to a participant's programme, once; what became of it, in a sentence.

    Raises
    ------
    RecordingError
        The programme cannot be read or written, or the recording does not say when it began.
    SettingsError
        No pseudonym; or something is odd with the recording and nobody asked for it `anyway`.
    """
    from rig.analysis import analyse_recording
    from rig.analysis.practised import news, practised_entries
    from rig.analysis.sets import practice
    from rig.record.programme_log import (
        append_entries,
        programme_folder,
        programme_path,
        pseudonyms_with,
        read_entries,
    )
    from rig.record.silence import refuse_without_frames

    folder = programme_folder()
    programme_path(folder, pseudonym)
    already = pseudonyms_with(folder, recording.info.uuid)
    if pseudonym in already:
        return f"This recording is in the programme of {pseudonym} already; nothing was changed."
    odd = "" if anyway else _odd(recording, already)
    if odd:
        raise SettingsError(f"{odd} To put it into the programme of {pseudonym}, add --anyway.")
    with over_bytes("Analysing", len(recording.wire)) as progress:
        analysis = analyse_recording(recording, progress)
    refuse_without_frames(recording, analysis.frames)
    known = read_entries(folder, pseudonym)
    entries = news(practised_entries(recording.info, practice(analysis)), known)
    append_entries(folder, pseudonym, entries)
    return _kept_words(pseudonym, entries)


def _odd(recording: Recording, already: tuple[str, ...]) -> str:
    """Why this is perhaps not what the participant did; empty where nothing speaks for it."""
    if recording.info.source.simulated:
        return "This recording is simulated: nobody practised."
    if recording.info.source.kind == "recording":
        return "This is a recording of a recording, and its sets are those of the first one."
    if already:
        return f"This recording is in the programme of {', '.join(already)} already."
    if not recording.stopped:
        return "This recording was never closed: it may still be running, or was cut off."
    return ""


def _kept_words(pseudonym: str, entries: tuple[ProgrammeEntry, ...]) -> str:
    sets = [entry for entry in entries if entry.kind == "set"]
    if not entries:
        return f"There is no set in this recording, so nothing was added for {pseudonym}."
    what = "1 set" if len(sets) == 1 else f"{len(sets)} sets"
    said = f"Added for {pseudonym}: {what} of {entries[0].at.date().isoformat()}."
    if len(entries) > len(sets):
        said += (
            " Pain was reported in it: every drill is locked until somebody confirms it is gone."
        )
    return said


def now() -> datetime:
    """With the offset of the participant's own place."""
    return datetime.now().astimezone()
