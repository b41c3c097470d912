# SPDX-License-Identifier: GPL-3.0-or-later
"""What was taken between start and stop: every byte as it came, and what it needs to be understood."""

from rig.record.info import RECORDING_SCHEMA, RecordingInfo, SourceInfo
from rig.record.json_form import SettingsChange
from rig.record.recording import Recording
from rig.record.writer import RecordingWriter

__all__ = [
    "RECORDING_SCHEMA",
    "Recording",
    "RecordingInfo",
    "RecordingWriter",
    "SettingsChange",
    "SourceInfo",
]
