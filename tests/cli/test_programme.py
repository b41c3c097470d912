# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig programme` over a log of its own."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from rig.cli.__main__ import run
from rig.record import programme_log
from rig.record.programme_log import ProgrammeEntry, append_entry
from rig.settings import DRILL_NAMES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # where the files lie differs from system to system; the log itself is the real one
    monkeypatch.setattr(programme_log, "programme_folder", lambda: tmp_path)
    return tmp_path


def _shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    capsys.readouterr()
    assert run(["programme", "show", "P07", *options]) == 0
    return capsys.readouterr().out


def test_a_newcomer_is_locked_out_of_three_drills_until_taps_and_no_pain(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _shown(capsys)
    assert "Nothing was practised" in said
    assert "Hopping is locked" in said
    locked = json.loads(_shown(capsys, "--json"))["locked"]
    assert set(locked) == {"hopping", "lunge", "switch"} & set(DRILL_NAMES)
    now = datetime.now().astimezone()
    taps = ProgrammeEntry("set", now, "tapping", "left", 12, 12, 12, ended="target")
    append_entry(folder, "P07", taps)
    assert run(["programme", "pain-free", "P07"]) == 0
    content = json.loads(_shown(capsys, "--json"))
    assert content["locked"] == {}
    (dose,) = content["today"]
    assert (dose["drill"], dose["side"], dose["sets"], dose["clean"]) == ("tapping", "left", 1, 12)
    assert any("Achilles" in words for words in content["warnings"]["hopping"])


def test_pain_locks_everything_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "pain", "P07"]) == 0
    assert "Stop." in capsys.readouterr().out
    assert "Pain was reported" in _shown(capsys)
    assert "stance" in json.loads(_shown(capsys, "--json"))["locked"]
    assert (folder / "P07.jsonl").exists()


def test_a_name_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "pain", "Jane Doe"]) == 2
    assert "pseudonym" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
