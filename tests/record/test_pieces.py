# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import numpy as np
import pytest

from rig.record import Recording, RecordingInfo, RecordingWriter, SettingsChange
from rig.record.json_form import settings_to_json
from rig.record.pieces import RecordingPiece, pieces
from rig.settings import DrillSettings


@pytest.fixture
def recording(tmp_path: Path, info: RecordingInfo) -> Recording:
    """Reads of 10 bytes, changes after the 3rd, 3rd again and last, a reopened link after the 5th."""
    change = settings_to_json(info.participant, info.calibration, DrillSettings("pony"))
    with RecordingWriter(tmp_path / "r", info) as writer:
        for i in range(8):
            writer.write(bytes([i]) * 10, 100 + i)
            if i in {2, 7}:
                writer.event({"type": "settings"} | change)
            if i == 2:
                writer.event({"type": "settings"} | change)
            if i == 4:
                writer.link_reopened(150)
    return Recording.open(tmp_path / "r")


@pytest.mark.parametrize("piece_bytes", [1, 10, 25, 1000])
def test_pieces_are_the_recording_in_order(recording: Recording, piece_bytes: int) -> None:
    found = list(pieces(recording, piece_bytes))
    reads = [p for p in found if isinstance(p, RecordingPiece)]
    assert b"".join(bytes(p.data) for p in reads) == bytes(recording.wire)
    assert np.array_equal(np.vstack([p.arrivals for p in reads]), recording.arrivals)
    position, changes = 0, []
    for piece in found:
        if isinstance(piece, SettingsChange):
            changes.append((piece.offset, position))
        else:
            position += len(piece.data)
            assert piece.arrivals[-1, 0] == position
    assert changes == [(30, 30), (30, 30), (80, 80)]
    assert max(len(p.data) for p in reads) <= max(10, piece_bytes)


def test_an_empty_recording_has_no_pieces(tmp_path: Path, info: RecordingInfo) -> None:
    RecordingWriter(tmp_path / "r", info).close()
    assert list(pieces(Recording.open(tmp_path / "r"))) == []
