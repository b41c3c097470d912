# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated session as a recording, as acquisition would have taken it."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np

import rig
from rig.calibrate.calibration import Calibration
from rig.layout import foot_length_mm
from rig.layout.foot import Float64
from rig.record.info import RecordingInfo, SourceInfo
from rig.record.writer import RecordingWriter
from rig.settings import DrillName, DrillSettings, Participant, Side
from rig.simulate.board import Int64
from rig.simulate.person import SimulatedSession
from rig.thresholds import DEFAULT_THRESHOLDS, Thresholds
from rig.wire.packets import Hello, pack_hello

READ_EVERY_S = 0.016
"""The host reads in lumps: 16 ms is the usual latency timer of a USB serial bridge."""
HEAD_START_S = 1.0
"""The hello crosses the wire before the first scan, so times are counted from a little earlier."""


def write_session(
    folder: Path, session: SimulatedSession, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> None:
    """Write `session` as a recording into `folder`, which must be new or empty.

    `thresholds` are those that the recording asks to be judged by; the truth knows its own.

    Raises
    ------
    RecordingError
        The folder holds something already, or cannot be written.
    """
    info = session_info(session, "insoles-16", session.drill)
    drill = replace(info.drill, thresholds=thresholds)
    write_crossed(folder, session, replace(info, drill=drill))


class Crossed(Protocol):
    """Bytes and when they crossed the wire: a session of insoles or of a mat, or a bench run."""

    @property
    def stream(self) -> bytes: ...
    @property
    def packet_end_offsets(self) -> Int64: ...
    @property
    def packet_sent_s(self) -> Float64: ...


def write_crossed(folder: Path, session: Crossed, info: RecordingInfo) -> None:
    """Write any simulated session's bytes as a recording, read in lumps as a host reads them.

    Raises
    ------
    RecordingError
        The folder holds something already, or cannot be written.
    """
    anchor_ns = info.anchor_monotonic_ns
    with RecordingWriter(folder, info) as writer:
        arrival_ns = anchor_ns
        for start, end, arrival_ns in _reads(session, anchor_ns):
            writer.write(session.stream[start:end], arrival_ns)
        writer.stop("end of the simulated session", arrival_ns)


def _reads(session: Crossed, anchor_ns: int) -> list[tuple[int, int, int]]:
    """Byte range and arrival of each read: what had crossed the wire when the host looked."""
    read_number = np.ceil((session.packet_sent_s + HEAD_START_S) / READ_EVERY_S).astype(np.int64)
    last_of_read = np.append(np.flatnonzero(np.diff(read_number)), len(read_number) - 1)
    ends = session.packet_end_offsets[last_of_read]
    starts = np.concatenate(([0], ends[:-1]))
    arrivals_ns = anchor_ns + np.rint(read_number[last_of_read] * READ_EVERY_S * 1e9).astype(
        np.int64
    )
    return list(zip(starts.tolist(), ends.tolist(), arrivals_ns.tolist(), strict=True))


class Performed(Protocol):
    """What a recording says of a simulated session, on insoles or on a mat."""

    @property
    def hello(self) -> Hello: ...
    @property
    def seed(self) -> int: ...
    @property
    def participant(self) -> Participant: ...
    @property
    def calibration(self) -> Calibration: ...
    @property
    def side(self) -> Side: ...


def session_info(session: Performed, layout_name: str, drill: DrillName) -> RecordingInfo:
    """The head of a recording that begins now."""
    return RecordingInfo(
        uuid=str(uuid.uuid4()),
        software_version=rig.__version__,
        started_at=datetime.now().astimezone().isoformat(timespec="milliseconds"),
        anchor_wall_ns=time.time_ns(),
        anchor_monotonic_ns=time.monotonic_ns(),
        hello_hex=pack_hello(session.hello).hex(),
        source=SourceInfo("simulated", f"simulated person, seed {session.seed}", simulated=True),
        layout_name=layout_name,
        foot_length_mm=foot_length_mm(session.participant.shoe_size_eu),
        participant=session.participant,
        calibration=session.calibration,
        drill=DrillSettings(drill, session.side),
    )
