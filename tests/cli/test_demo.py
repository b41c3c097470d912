# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's whole path, unseen: acquisition process, live window, recording, CSV, summary, picture."""

import csv
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from rig.cli.__main__ import run
from rig.record.recording import Recording

SECONDS = 6
BODY_WEIGHT_N = 70.0 * 9.80665
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    assert run(["demo", "--headless", "--seconds", str(SECONDS), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def rows(demo: Path) -> list[dict[str, str]]:
    with (demo / "recording.csv").open(newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_it_leaves_exactly_what_it_promises(demo: Path) -> None:
    names = {entry.name for entry in demo.iterdir()}
    assert names == {
        "recording",
        "recording.csv",
        "recording.events.csv",
        "summary.json",
        "dashboard.png",
    }
    assert [e.name for e in demo.parent.iterdir()] == ["out"]


def test_every_frame_has_its_row_and_none_is_lost(demo: Path, rows: list[dict[str, str]]) -> None:
    summary = json.loads((demo / "summary.json").read_text())
    assert summary["lost_frames"] == 0
    assert summary["crc_errors"] == 0
    assert summary["frames"] == len(rows)
    assert len(rows) == pytest.approx(1000 * SECONDS, rel=0.2)
    assert Recording.open(demo / "recording").stopped


def test_both_feet_load_and_carry_the_body(rows: list[dict[str, str]]) -> None:
    left_n = np.array([float(row["L_F_N"]) for row in rows])
    right_n = np.array([float(row["R_F_N"]) for row in rows])
    assert left_n.min() > 0.2 * BODY_WEIGHT_N
    assert right_n.min() > 0.2 * BODY_WEIGHT_N
    np.testing.assert_allclose(left_n + right_n, BODY_WEIGHT_N, rtol=0.10)


def test_pads_move_smoothly_from_row_to_row(rows: list[dict[str, str]]) -> None:
    """A quiet stance has no jump of a quarter of a pad's load within a millisecond."""
    heel_n = np.array([float(row["L_HB_N"]) for row in rows])
    assert np.abs(np.diff(heel_n)).max() < 0.25 * heel_n.mean()


def test_the_picture_is_a_picture_of_the_asked_size(demo: Path) -> None:
    picture = (demo / "dashboard.png").read_bytes()
    assert picture.startswith(PNG_SIGNATURE)
    assert struct.unpack(">II", picture[16:24]) == (1920, 1080)


def test_a_second_demo_needs_force(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--headless", "--seconds", "2", "--out", str(demo)]) == 2
    assert "--force" in capsys.readouterr().err
