# SPDX-License-Identifier: GPL-3.0-or-later
"""What acquisition and its clients say to each other: frozen, picklable, nothing else crosses.

Requests go to acquisition and are answered by `Refused` or by the state that they change. Byte offsets
count from the start of the file named beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rig.pipeline import PipelineSettings
from rig.settings import Side
from rig.wire.packets import Hello, Reply

SourceKind = Literal["auto", "serial", "recording", "simulated", "firmware"]
LinkState = Literal[
    "closed", "searching", "waiting_for_hello", "streaming", "lost", "refused", "ended"
]

SimulatedRig = Literal["insoles", "mat16"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Which source to open.

    `address`: serial: port name or any pyserial URL; recording: its folder; else unused.
    `speed`: recording: 1.0 real time, 0.0 as fast as it goes.
    `drill`: what a simulated person does, any of the simulated motions; None: all drills in turn.
    `rig`: what the firmware's simulated board is wired to.
    """

    kind: SourceKind = "auto"
    address: str = ""
    baud: int = 1_000_000
    rate_hz: int | None = None
    speed: float = 1.0
    drill: str | None = None
    side: Side = "right"
    seed: int = 1
    body_mass_kg: float = 70.0
    shoe_size_eu: float = 42.0
    rig: SimulatedRig = "insoles"


# requests


@dataclass(frozen=True, slots=True)
class OpenSource:
    spec: SourceSpec


@dataclass(frozen=True, slots=True)
class CloseSource:
    pass


@dataclass(frozen=True, slots=True)
class StartRecording:
    """`folder` must be new or empty; settings in force are stored in it."""

    folder: str


@dataclass(frozen=True, slots=True)
class StopRecording:
    pass


@dataclass(frozen=True, slots=True)
class AddMarker:
    label: str


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Applied at the stream's end as it then is; recorded and told to all clients with its place."""

    settings: PipelineSettings


@dataclass(frozen=True, slots=True)
class SendCommand:
    command: int
    arguments: tuple[int, ...] = ()
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Stop a recording cleanly and end the process."""


Request = (
    OpenSource
    | CloseSource
    | StartRecording
    | StopRecording
    | AddMarker
    | ChangeSettings
    | SendCommand
    | Shutdown
)

# told to clients


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """Time begins anew (a source was opened, or this client has just joined): read `wire_path` from
    `offset`, a packet boundary, with these settings and this hello in force."""

    wire_path: str
    offset: int
    settings: PipelineSettings
    hello: Hello | None


@dataclass(frozen=True, slots=True)
class StreamGrew:
    """`wire_path` now holds `length` bytes; `arrivals.bin` lies beside it."""

    wire_path: str
    length: int


@dataclass(frozen=True, slots=True)
class StreamMoved:
    """The stream goes on in another file: read `old_path` to `old_length`, then `new_path` from
    `new_start` (what lies before it there was copied from the old file)."""

    old_path: str
    old_length: int
    new_path: str
    new_start: int


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """From byte `offset` of `wire_path` on."""

    wire_path: str
    offset: int
    settings: PipelineSettings


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """Sent on every change and at least twice a second.

    `sentence` says in plain words what is going on or what to do. Counts are since the source opened.
    """

    state: LinkState
    sentence: str
    source_kind: str
    source_name: str
    simulated: bool
    hello: Hello | None
    frames: int
    lost_frames: int
    damaged_packets: int
    rate_hz: float
    board_frames_sent: int | None
    board_frames_dropped: int | None
    supply_mv: int | None


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    recording: bool
    folder: str
    duration_s: float
    bytes_written: int
    free_disk_bytes: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class MarkerAdded:
    label: str
    wire_path: str
    offset: int


@dataclass(frozen=True, slots=True)
class CommandAnswered:
    command: int
    reply: Reply | None
    """None: the board did not answer, however often it was asked."""
    sentence: str = ""
    """Without a reply: what that means and what to do."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A request could not be met; `sentence` says why and what to do."""

    request: str
    sentence: str


Notice = (
    StreamStarted
    | StreamGrew
    | StreamMoved
    | SettingsInForce
    | LinkStatus
    | RecordingStatus
    | MarkerAdded
    | CommandAnswered
    | Refused
)
