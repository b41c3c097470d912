# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording's sets as lines of a participant's programme."""

from __future__ import annotations

from datetime import datetime, timedelta

from rig.analysis.sets import Practice
from rig.drills.programme import set_entry
from rig.errors import RecordingError
from rig.record.info import RecordingInfo
from rig.record.programme_log import ProgrammeEntry


def practised_entries(info: RecordingInfo, practised: Practice) -> tuple[ProgrammeEntry, ...]:
    """Its sets, each at its end by the recording's own clock and zone, and pain that was not gone.

    Raises
    ------
    RecordingError
        The recording does not say when, or by which offset from UTC, it began.
    """
    began = _began(info)
    entries = [
        set_entry(done.result, done.side, began + timedelta(seconds=done.result.ended_s), info.uuid)
        for done in practised.sets
    ]
    for at_s, _ in (report for report in practised.pain[-1:] if not report.gone):
        entries.append(ProgrammeEntry("pain", began + timedelta(seconds=at_s), recording=info.uuid))
    return tuple(entries)


def news(
    entries: tuple[ProgrammeEntry, ...], known: tuple[ProgrammeEntry, ...]
) -> tuple[ProgrammeEntry, ...]:
    """Without pain that a log has already been told is gone: a recording may be added days later."""
    free = max((entry.at for entry in known if entry.kind == "pain-free"), default=None)
    return tuple(e for e in entries if e.kind != "pain" or free is None or e.at > free)


def _began(info: RecordingInfo) -> datetime:
    try:
        began = datetime.fromisoformat(info.started_at)
    except ValueError as error:
        raise RecordingError(
            f"The recording says that it began at {info.started_at!r}, which is no time, so the day of "
            "its sets is unknown."
        ) from error
    if began.tzinfo is None:
        raise RecordingError(
            f"The recording began at {info.started_at}, without an offset from UTC, so the day of its "
            "sets is unknown."
        )
    return began
