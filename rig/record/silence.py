# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a recording holds nothing: the causes need different doings, so each has its own words."""

from __future__ import annotations

from rig.errors import RecordingError
from rig.record.recording import Recording
from rig.record.wire_files import WIRE_NAME


def refuse_without_bytes(recording: Recording) -> None:
    """Raise `RecordingError` where nothing that a board sent is there."""
    if len(recording.wire):
        return
    folder = recording.folder
    if not (folder / WIRE_NAME).exists():
        raise RecordingError(
            f"{folder} holds no {WIRE_NAME}, the file of what the board sent. Copy the whole folder "
            "again from where it was recorded."
        )
    raise RecordingError(
        f"{folder / WIRE_NAME} is empty: the recording ended before the board had sent anything. "
        "Record again; 'solerig doctor' finds out whether frames come."
    )


def refuse_without_frames(recording: Recording, frames: int) -> None:
    """Raise `RecordingError` where none of the bytes made a frame."""
    refuse_without_bytes(recording)
    if frames == 0:
        raise RecordingError(
            f"{recording.folder / WIRE_NAME} holds {len(recording.wire)} bytes and no whole frame of a "
            "board. It is cut off or damaged, or not Solerig's: copy the folder again from where it was "
            "recorded."
        )
