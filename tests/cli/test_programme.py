# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig programme` over a log of its own."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from rig.cli.__main__ import run
from rig.record import programme_log
from rig.record.programme_log import ProgrammeEntry, append_entry, read_entries
from rig.settings import DRILL_NAMES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # where the files lie differs from system to system; the log itself is the real one
    monkeypatch.setattr(programme_log, "programme_folder", lambda: tmp_path / "log")
    return tmp_path / "log"


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
    assert "Front lunge is locked" in said
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


def test_a_pseudonym_never_used_is_not_taken_for_a_newcomer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Nothing is known of P07 here; known: nobody." in _shown(capsys)
    for number in range(20, 7, -1):
        assert run(["programme", "pain-free", f"P{number:02d}"]) == 0
    said = _shown(capsys)
    listed = ", ".join(f"P{number:02d}" for number in range(8, 20))
    assert f"Nothing is known of P07 here; known: {listed} and 1 more." in said
    assert "Hopping is locked" in said
    assert json.loads(_shown(capsys, "--json"))["known"] is False
    assert run(["programme", "pain-free", "P07"]) == 0
    assert "is known" not in _shown(capsys)
    assert json.loads(_shown(capsys, "--json"))["known"] is True


@pytest.fixture(scope="module")
def taps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("recorded") / "taps"
    assert run(["simulate", "tapping", "--seconds", "9", "--seed", "5", "--out", str(out)]) == 0
    return out


def _as_taken(taps: Path, folder: Path, **changes: object) -> Path:
    """A copy that says of itself that a board took it, so and then."""
    copied = Path(shutil.copytree(taps, folder))
    path = copied / "recording.json"
    info = json.loads(path.read_text())
    info["source"] = {"kind": "serial", "name": "a port", "simulated": False}
    path.write_text(json.dumps(info | changes))
    return copied


def _mark(folder: Path, label: str, offset: int) -> None:
    """As if a marker had been set while it was recorded."""
    events = folder / "events.jsonl"
    marker = {"type": "marker", "label": label, "offset": offset, "monotonic_ns": 1}
    events.write_text(json.dumps(marker) + "\n" + events.read_text())


def test_a_recording_s_sets_are_added_once_on_their_own_day(
    folder: Path, taps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # eight in the evening in New York is the next day in UTC
    visit = _as_taken(taps, tmp_path / "visit", started_at="2026-03-20T20:30:00.000-04:00")
    truth = json.loads((taps / "truth.json").read_text())["repetitions"]
    for _ in range(2):
        assert run(["programme", "add", "P07", str(visit)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Added for P07: 1 set of 2026-03-20."
    assert second == ("This recording is in the programme of P07 already; nothing was changed.")
    (entry,) = read_entries(folder, "P07")
    assert (entry.drill, entry.side, entry.kind) == ("tapping", "right", "set")
    assert (entry.repetitions, entry.clean) == (len(truth), sum(r["clean"] for r in truth))
    assert entry.at.date().isoformat() == "2026-03-20"
    assert entry.at.isoformat().endswith("-04:00")
    assert entry.recording == json.loads((visit / "recording.json").read_text())["uuid"]


def test_pain_in_a_recording_is_pain_in_the_programme(
    folder: Path, taps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = _as_taken(taps, tmp_path / "visit")
    _mark(visit, "pain", 300_000)
    assert run(["programme", "add", "P07", str(visit)]) == 0
    assert "Pain was reported in it" in capsys.readouterr().out
    assert [e.kind for e in read_entries(folder, "P07")] == ["set", "pain"]
    assert "stance" in json.loads(_shown(capsys, "--json"))["locked"]


def test_pain_that_is_known_to_be_gone_does_not_come_back_with_its_recording(
    folder: Path, taps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = _as_taken(taps, tmp_path / "visit", started_at="2026-03-20T20:30:00.000-04:00")
    _mark(visit, "pain", 300_000)
    assert run(["programme", "pain-free", "P07"]) == 0
    assert run(["programme", "add", "P07", str(visit)]) == 0
    assert [e.kind for e in read_entries(folder, "P07")] == ["pain-free", "set"]
    assert "stance" not in json.loads(_shown(capsys, "--json"))["locked"]
    # and a confirmation within an old recording does not take back newer pain
    second = _as_taken(visit, tmp_path / "second", uuid="another")
    _mark(second, "no pain", 400_000)
    assert run(["programme", "pain", "P07"]) == 0
    assert run(["programme", "add", "P07", str(second)]) == 0
    assert "stance" in json.loads(_shown(capsys, "--json"))["locked"]


def test_what_is_odd_needs_to_be_asked_for(
    folder: Path, taps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = {"kind": "recording", "name": "taps", "simulated": False}
    copied = _as_taken(taps, tmp_path / "copied", source=played)
    own, unclosed = _as_taken(taps, tmp_path / "own"), _as_taken(taps, tmp_path / "unclosed")
    (unclosed / "events.jsonl").write_text("")
    cases = ((taps, "nobody practised"), (copied, "recording of a recording"))
    for odd, said in (*cases, (unclosed, "never closed")):
        assert run(["programme", "add", "P07", str(odd)]) == 2
        assert said in capsys.readouterr().err
    assert run(["programme", "add", "P08", str(own)]) == 0
    assert run(["programme", "add", "P07", str(own)]) == 2
    assert "in the programme of P08 already" in capsys.readouterr().err
    assert read_entries(folder, "P07") == ()
    assert run(["programme", "add", "P07", str(taps), "--anyway"]) == 0
    assert len(read_entries(folder, "P07")) == 1


@pytest.mark.parametrize(
    ("started_at", "said"),
    [("yesterday", "no time"), ("2026-03-20T20:30:00", "without an offset")],
)
def test_a_day_that_is_not_known_is_no_day(
    folder: Path,
    taps: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    started_at: str,
    said: str,
) -> None:
    visit = _as_taken(taps, tmp_path / "visit", started_at=started_at)
    assert run(["programme", "add", "P07", str(visit)]) == 2
    assert said in capsys.readouterr().err
    assert read_entries(folder, "P07") == ()


def test_cautions_are_said_with_the_drills_that_they_are_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now().astimezone()
    for _ in range(6):
        taps = ProgrammeEntry("set", now, "tapping", "left", 12, 11, 12, ended="target")
        append_entry(folder, "P07", taps)
    said = _shown(capsys)
    assert (
        "Caution (Hopping, Front lunge, Switch, Running lunge): This drill loads the Achilles"
        in said
    )
    assert "Foot tapping left" in said
    assert (
        "Caution (Foot tapping): 2 rounds of this drill were done on the left today; more than two a "
        "day is too much." in said
    )


def test_pain_locks_everything_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "pain", "P07"]) == 0
    assert "Stop." in capsys.readouterr().out
    assert "Pain was reported" in _shown(capsys)
    assert "stance" in json.loads(_shown(capsys, "--json"))["locked"]
    assert (folder / "P07.jsonl").exists()


def test_a_name_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "pain", "Jane Doe"]) == 2
    assert "pseudonym" in capsys.readouterr().err
    assert not folder.exists()
