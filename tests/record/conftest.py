# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording's head for tests."""

import pytest

from rig.calibrate.calibration import Calibration
from rig.record import RecordingInfo, SourceInfo
from rig.settings import DrillSettings, Participant


@pytest.fixture
def info() -> RecordingInfo:
    return RecordingInfo(
        uuid="6f2c4a5e-0d0b-4f3f-9a43-3f1f0c7a8b11",
        software_version="0.1.0",
        started_at="2026-11-22T12:00:00+01:00",
        anchor_wall_ns=1_795_345_200_000_000_000,
        anchor_monotonic_ns=5_000_000_000,
        hello_hex="",
        source=SourceInfo(kind="serial", name="ttyUSB0", simulated=False),
        layout_name="insoles_16",
        foot_length_mm=266.7,
        participant=Participant(body_weight_n=686.4655, body_weight_source="typed"),
        calibration=Calibration(tare_force_n=tuple(0.1 * i for i in range(32))),
        drill=DrillSettings("tapping", "left"),
    )
