# SPDX-License-Identifier: GPL-3.0-or-later
"""`recording.json`: all that the bytes of a recording need to be understood."""

from __future__ import annotations

from dataclasses import dataclass

from rig.calibrate.calibration import Calibration
from rig.settings import DrillSettings, Participant

RECORDING_SCHEMA = "solerig.recording/1"


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where the bytes came from; `simulated` is shown wherever results are shown."""

    kind: str
    name: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """Written atomically when a recording starts, never changed afterwards.

    `anchor_wall_ns` and `anchor_monotonic_ns` were read together, so arrival times map to the clock
    on the wall. `hello_hex` is the packet (before CRC and stuffing) of the hello in force at byte 0,
    empty when none had come. Changes made while recording are events, in their place by byte offset.
    """

    uuid: str
    software_version: str
    started_at: str
    anchor_wall_ns: int
    anchor_monotonic_ns: int
    hello_hex: str
    source: SourceInfo
    layout_name: str
    foot_length_mm: float
    participant: Participant
    calibration: Calibration
    drill: DrillSettings
    schema: str = RECORDING_SCHEMA
