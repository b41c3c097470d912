# SPDX-License-Identifier: GPL-3.0-or-later
"""A board that says who it is brings the calibration in force for it; recordings keep it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from rig.acquire.board_calibration import calibration_of_board
from rig.acquire.sensel_maps import NO_ID
from rig.calibrate import store
from rig.calibrate.calibration import Calibration
from rig.cli.__main__ import run
from rig.cli.record import weighed
from rig.record import Recording
from rig.settings import Participant

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the acquisition process is sent elsewhere by XDG"
)
TODAY = datetime.now(UTC).astimezone().date().isoformat()
KEPT = Calibration(
    identifier="insole-pair-3",
    board_id="51000001",
    sensel_k_us=tuple(90.0 + s for s in range(32)),
    sensel_exponent=(0.97,) * 32,
    region_gain=(0.8,) * 8,
    body_weight_gain_source="insole",
    foot_gain=(1.1, 0.9),
    visit_made_on=TODAY,
    visit_verdict="Good.",
    visit_weight_n=650.0,
)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    store.save_visit(KEPT)


@pytest.mark.parametrize("board", ["socket"], indirect=True)
def test_a_recording_carries_what_is_in_force(board, tmp_path: Path, capsys) -> None:
    board.plug(seed=1)
    told = ["record", "--source", board.address, "--seconds", "1"]
    assert run([*told, "--out", str(tmp_path / "with")]) == 0
    info = Recording.open(tmp_path / "with").info
    assert info.calibration == KEPT
    assert info.participant.body_weight_n == 650.0
    assert "Visit check of today: Good." in capsys.readouterr().err
    assert run([*told, "--out", str(tmp_path / "without"), "--calibration", "none"]) == 0
    assert Recording.open(tmp_path / "without").info.calibration == Calibration()


def test_another_board_has_none() -> None:
    assert calibration_of_board(0x51000001, Calibration()) == KEPT
    assert calibration_of_board(0x51000002, Calibration()) == Calibration()
    assert calibration_of_board(NO_ID, Calibration()) == Calibration()


def test_a_weight_that_was_typed_wins_and_is_remarked_on_when_it_is_somebody_else_s(capsys) -> None:
    console = Console(stderr=True, soft_wrap=True)
    near, far = (Participant(n, "typed") for n in (660.0, 800.0))
    assert weighed(near, KEPT, console) == near
    assert not capsys.readouterr().err
    assert weighed(far, KEPT, console) == far
    assert "somebody else's" in capsys.readouterr().err
    assert weighed(far, Calibration(), console) == far
    assert weighed(Participant(), KEPT, console).body_weight_n == 650.0
