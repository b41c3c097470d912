# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a new recording goes, and what the record control says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rig.acquire.messages import RecordingStatus
from rig.settings import DrillSettings

LOW_DISK_BYTES = 2_000_000_000
"""About eight hours at 1,000 Hz x 32 sensels (70 kB/s); time enough to make room."""


def default_recordings_folder() -> Path:
    """The person's documents folder, where they will look for it."""
    from platformdirs import user_documents_path

    return user_documents_path() / "Solerig recordings"


def new_recording_folder(root: Path, drill: DrillSettings, now: datetime) -> Path:
    """A folder name that sorts by time and tells the drill; numbered if it is taken already."""
    name = f"{now:%Y-%m-%d_%H-%M-%S}_{drill.name}"
    folder, number = root / name, 2
    while folder.exists():
        folder, number = root / f"{name}_{number}", number + 1
    return folder


def elapsed_text(recording: RecordingStatus) -> str:
    minutes, seconds = divmod(int(recording.duration_s), 60)
    return f"{minutes:02d}:{seconds:02d}"


def disk_text(recording: RecordingStatus) -> str:
    """Free disk in words; empty while unknown."""
    free = recording.free_disk_bytes
    return f"{free / 1e9:.0f} GB free" if free > 0 else ""


def disk_is_low(recording: RecordingStatus) -> bool:
    return 0 < recording.free_disk_bytes < LOW_DISK_BYTES
