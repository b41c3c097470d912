# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig analyse` says of a recording."""

import json
import math
import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from rig.analysis.json_form import finding_json
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.cli.__main__ import run
from rig.cli.analyse import show
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
