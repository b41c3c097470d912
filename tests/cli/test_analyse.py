# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig analyse` says of a recording."""

import json
import math
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from rig.analysis.json_form import finding_json
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.cli.__main__ import run
from rig.cli.analyse import show
from rig.cli.set_words import show_sets
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES
from rig.record import Recording
from rig.record.json_form import settings_to_json
from rig.settings import DrillSettings


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyse") / "taps"
    arguments = ["--seconds", "6", "--seed", "5", "--out", str(folder)]
    assert run(["simulate", "tapping", *arguments]) == 0
    return folder


@pytest.fixture
def recording(taken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(taken, tmp_path / "taps"))


def _say(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    capsys.readouterr()
    assert run(["analyse", str(folder), *options]) == 0
    return capsys.readouterr().out


def _change_drill_half_way(folder: Path) -> None:
    opened = Recording.open(folder)
    changed = settings_to_json(
        opened.info.participant, opened.info.calibration, DrillSettings("pony")
    )
    event = {"type": "settings", "offset": len(opened.wire) // 2, "monotonic_ns": 1, **changed}
    (folder / "events.jsonl").write_text(json.dumps(event) + "\n")


def test_one_drill_is_one_line(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads(_say(recording, capsys, "--json"))
    first = _say(recording, capsys).splitlines()[0]
    assert first.startswith("tapping (simulated): 6.0 s, 6000 frames, 0 lost, ")
    assert first.endswith(
        f"{content['repetition_count']} repetitions, cadence {content['cadence_per_min']:.0f} / min"
    )


def test_a_narrow_terminal_breaks_no_line_and_one_is_no_plural() -> None:
    content = {
        "drill": "hopping",
        "simulated": True,
        "drills": [],
        "duration_s": 1234.5,
        "frames": 1_234_500,
        "lost_frames": 12_345,
        "repetition_count": 1,
        "cadence_per_min": 146.2,
        "contacts": [],
        "notes": [
            "A note of more than sixty letters, which a terminal of sixty columns would break."
        ],
    }
    text = StringIO()
    show(content, Console(file=text, width=60))
    assert text.getvalue().splitlines()[0] == (
        "hopping (simulated): 1234.5 s, 1234500 frames, 12345 lost, 1 repetition, cadence 146 / min"
    )
    assert text.getvalue().splitlines()[-1] == f"Note: {content['notes'][0]}"


def test_sets_and_principles_stand_in_a_table(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (done,) = json.loads(_say(recording, capsys, "--json"))["sets"]
    text = _say(recording, capsys)
    row = next(line for line in text.splitlines() if line.startswith(" 1    tapping right  "))
    right = done["by_side"]["right"]
    counted = f"{right['clean']} of {done['repetitions']}"
    assert f"{done['repetitions']} of 12" in row
    assert counted in row
    assert row.rstrip().endswith("data ended")
    kept = {s["number"]: f"{s['kept']} of {s['judged']}" for s in done["principles"]}
    assert re.search(rf"4\. The heel does not touch the ground\. +{kept[4]}", text)
    assert "does not measure principles 1, 6, 7, 8, 10, 11, 14 and 15; --sheet says why." in text
    assert "9. " not in text
    sheet = _say(recording, capsys, "--sheet")
    assert [f"  {n:2}. " in sheet for n in range(1, 16)] == [True] * 15
    assert "7. Keep the knees bent. Not measured. Knees leave no trace in pressure." in sheet


def test_sets_of_several_drills_are_named_by_them() -> None:
    def done(number: int, drill: str, **more: object) -> dict[str, object]:
        counts = {"clean": 4, "dirty": 1}
        principle = {"number": 4, "principle": "No heel.", "measurable": "measured"}
        blind = {"number": 6, "principle": "Ankle.", "measurable": "not measured"}
        scores = [
            principle | {"kept": 9, "judged": 10, "means": {}, "says": "Kept."},
            blind | {"kept": 0, "judged": 0, "means": {}, "says": "Not measured."},
        ]
        return {
            "number": number,
            "drill": drill,
            "side": None,
            "unit": "pair",
            "goal": 24,
            "started_s": 1.0,
            "ended_s": None,
            "ended": "pause",
            "repetitions": 10,
            "extra": 2,
            "by_side": {"left": counts, "right": counts},
            "with_lost_frames": 3,
            "said": [{"what": "too little rest", "at_s": 9.0, "says": "Only [9] s."}],
            "principles": scores * 2,
        } | more

    text = StringIO()
    show_sets([done(1, "pony"), done(1, "switch")], Console(file=text, width=90), whole_sheet=False)
    lines = text.getvalue().splitlines()
    row = re.sub(" +", " ", lines[1])
    assert row == " 1 pony 1.0-- 8 of 24 pulls 2 4 of 5 4 of 5 pause "
    assert "Pony 1, 9.0 s: Only [9] s." in lines
    assert "Switch 1: frames were lost in 3 of its repetitions; they count." in lines
    assert any("Pony 1" in line and "Switch 1" in line and "kept in" in line for line in lines)


def test_another_profile_is_said(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "Note: Judged by profile strict, as asked; it was taken with profile default."
    assert said in _say(recording, capsys, "--profile", "strict")
    assert "Judged by" not in _say(recording, capsys, "--profile", "default")
    said = "Judged by pony, left, as asked; it was taken as tapping right."
    assert said in _say(recording, capsys, "--drill", "pony", "--side", "left")


def test_each_drill_has_a_line(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change_drill_half_way(recording)
    lines = _say(recording, capsys).splitlines()
    assert lines[0] == "mixed (simulated): 6.0 s, 6000 frames, 0 lost"
    assert lines[1].startswith("  0.0 to 3.0 s: tapping right, ")
    assert lines[2].startswith("  3.0 to 6.0 s: pony, ")
    assert json.loads(_say(recording, capsys, "--json"))["drill"] == "mixed"


@pytest.mark.parametrize(
    ("broken", "says"), [(0, None), (1, "(1 unreadable line)"), (2, "(2 unreadable lines)")]
)
def test_unreadable_events_are_said(
    recording: Path, capsys: pytest.CaptureFixture[str], broken: int, says: str | None
) -> None:
    path = recording / "events.jsonl"
    path.write_bytes(path.read_bytes() + b'{"type": "settings", "off\n' * broken)
    notes = json.loads(_say(recording, capsys, "--json"))["notes"]
    told = [note for note in notes if "events.jsonl" in note]
    assert len(told) == bool(broken)
    shown = _say(recording, capsys)
    assert shown.count("events.jsonl") == bool(broken)
    assert says is None or (says in told[0] and says in shown)


def test_the_calibration_in_force_is_named(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = Recording.open(recording).info.calibration.identifier
    assert f"Calibration in force: {name}, " in _say(recording, capsys)


def test_findings_about_sensors_are_said_with_their_time(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(_say(recording, capsys, "--json"))
    found = [
        HealthFinding(2.34, Foot.LEFT, SENSEL_NAMES.index("L_HB"), HealthKind.DEAD, math.nan),
        HealthFinding(3.0 + 0.04, Foot.RIGHT, None, HealthKind.DRIFTED, 30.0),
    ]
    text = StringIO()
    show(content | {"sensor_findings": [finding_json(f) for f in found]}, Console(file=text))
    lines = text.getvalue().splitlines()
    dead, drifted = [line for line in lines if line.startswith("Sensor, from ")]
    assert dead.startswith("Sensor, from 2.3 s: Left foot, ")
    assert dead.endswith("(HB): the sensor reads nothing.")
    assert drifted == (
        "Sensor, from 3.0 s: The right insole has drifted. Lift the right foot for two seconds."
    )
    text = StringIO()
    many = content | {"sensor_findings": [finding_json(found[0])] * 23}
    show(many, Console(file=text))
    assert text.getvalue().count("Sensor, from") == 20
    assert "3 more" in text.getvalue()


def test_each_repetition_that_was_not_clean_is_listed_and_contacts_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "hops"
    arguments = ["--fault", "HEEL-LOAD:1.4", "--seconds", "8", "--seed", "5", "--out", str(folder)]
    assert run(["simulate", "hopping", *arguments]) == 0
    true = json.loads((folder / "truth.json").read_text())["repetitions"]
    dirty = [(n, r["faults"]) for n, r in enumerate(true, 1) if r["faults"]]
    said = _say(folder, capsys)
    rows = [row.split() for row in said.splitlines() if " HEEL " in row and " x" in row]
    assert [int(row[0]) for row in rows] == [n for n, _ in dirty]
    for row, (_, faults) in zip(rows, dirty, strict=True):
        at = row.index("HEEL")
        assert float(row[at + 1]) == pytest.approx(faults[0]["at_s"], abs=0.02)
        assert float(row[at + 3]) == pytest.approx(faults[0]["size"], rel=0.15)
    assert "Not judged: HOP-UP in " in said
    assert "contact ms" not in said
    assert "contact ms" in _say(folder, capsys, "--contacts")
