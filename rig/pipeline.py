# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins the stages; no maths of its own. Live, replay and batch all come through here."""

from __future__ import annotations

from dataclasses import dataclass, field

from rig.calibrate.calibration import Calibration
from rig.contact.results import ContactResult, LoadBlock
from rig.drills.repetitions import DrillResult
from rig.settings import DrillSettings, Participant
from rig.wire.frames import DecodeFaults, HelloReceived, ReplyReceived, StatusReceived


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """Everything besides the bytes that a result depends on; kept in the recording."""

    participant: Participant = field(default_factory=Participant)
    calibration: Calibration = field(default_factory=Calibration)
    drill: DrillSettings = field(default_factory=DrillSettings)


@dataclass(frozen=True, slots=True, eq=False)
class BlockResult:
    """All that one block of frames led to."""

    loads: LoadBlock
    contact: ContactResult
    drill: DrillResult


@dataclass(frozen=True, slots=True, eq=False)
class PipelineOutput:
    """What one push of bytes led to, in stream order."""

    blocks: tuple[BlockResult, ...]
    hellos: tuple[HelloReceived, ...]
    statuses: tuple[StatusReceived, ...]
    replies: tuple[ReplyReceived, ...]
    faults: DecodeFaults
