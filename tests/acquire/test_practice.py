# SPDX-License-Identifier: GPL-3.0-or-later
"""A participant's drill on a board: asked of their programme before, put into it after."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from rig.analysis import analyse_recording
from rig.cli.__main__ import run
from rig.record import programme_log
from rig.record.programme_log import read_entries
from rig.record.recording import Recording


@pytest.mark.parametrize("board", ["socket"], indirect=True)
def test_what_a_participant_did_is_in_their_programme(
    board: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log, out = tmp_path / "log", tmp_path / "pony"
    # where the files lie differs from system to system; the log itself is the real one
    monkeypatch.setattr(programme_log, "programme_folder", lambda: log)
    board.motion = "pony"
    board.plug()
    told = ["--source", board.address, "--weight", "70", "--out", str(out), "--participant", "P07"]
    assert run(["record", *told, "--drill", "hopping"]) == 2
    assert "Hopping is locked for a newcomer" in capsys.readouterr().err
    assert not out.exists()
    asked = ["--drill", "pony", "--profile", "beginner", "--seconds", "6"]
    assert run(["record", *told, *asked]) == 0
    said = capsys.readouterr().err
    assert "Caution: These drills are strenuous." in said
    recording = Recording.open(out)
    assert recording.info.drill.thresholds.name == "beginner"
    done = analyse_recording(recording).repetitions
    assert len(done) > 3
    (entry,) = read_entries(log, "P07")
    assert (entry.drill, entry.side, entry.target) == ("pony", "", 12)
    assert (entry.repetitions, entry.clean) == (len(done), sum(r.clean for r in done))
    assert entry.recording == recording.info.uuid
    assert entry.at.utcoffset() == datetime.now().astimezone().utcoffset()
    assert f"Added for P07: 1 set of {entry.at.date().isoformat()}." in said
    assert run(["programme", "add", "P07", str(out)]) == 0
    assert "already" in capsys.readouterr().out
    assert read_entries(log, "P07") == (entry,)
