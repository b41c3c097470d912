# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated mat session as a recording, as acquisition would have taken it."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import rig
from rig.layout import foot_length_mm
from rig.record.info import RecordingInfo, SourceInfo
from rig.settings import DRILL_NAMES, DrillName, DrillSettings
from rig.simulate.mat_session import MatSession
from rig.simulate.recorded import write_crossed
from rig.wire.packets import LayoutId, pack_hello


def write_mat_session(folder: Path, session: MatSession) -> None:
    """Write `session` as a recording into `folder`, which must be new or empty.

    Raises
    ------
    RecordingError
        The folder holds something already, or cannot be written.
    """
    write_crossed(folder, session, _info(session))


def _info(session: MatSession) -> RecordingInfo:
    coached: dict[str, DrillName] = {name: name for name in DRILL_NAMES}
    return RecordingInfo(
        uuid=str(uuid.uuid4()),
        software_version=rig.__version__,
        started_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        anchor_wall_ns=time.time_ns(),
        anchor_monotonic_ns=time.monotonic_ns(),
        hello_hex=pack_hello(session.hello).hex(),
        source=SourceInfo("simulated", f"simulated person, seed {session.seed}", simulated=True),
        layout_name=LayoutId(session.hello.layout_id).name.lower(),
        foot_length_mm=foot_length_mm(session.participant.shoe_size_eu),
        participant=session.participant,
        calibration=session.calibration,
        drill=DrillSettings(coached.get(session.motion, "free"), session.side),
    )
