# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig calibrate` over recordings of people who follow it, and what becomes of what it finds."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rig.acquire.board_calibration import calibration_of_board
from rig.calibrate import store
from rig.calibrate.calibration import Calibration
from rig.calibrate.standing_run import stance_steps, visit_steps
from rig.cli import calibrate, calibrate_walks
from rig.cli.__main__ import run
from rig.layout import Foot
from rig.record.recording import Recording
from rig.settings import body_weight_n
from rig.simulate.body import Subject
from rig.simulate.clinic_walks import write_bench_walk, write_stances_walk, write_visit_walk
from rig.simulate.sensors import BASIC_FAULTS

SEED, MASS_KG = 10_321, 68.0
PERSON = Subject(SEED, body_weight_n(MASS_KG), 265.0, Foot.RIGHT)
BOARD = 0x51000000 + SEED
WEIGHT = ["--weight", f"{MASS_KG:g}", "--wait", "1"]


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "calibrations_folder", lambda: tmp_path / "calibrations")


@pytest.fixture
def as_if_plugged_in(monkeypatch):
    """Recordings count as boards, so that what they give is kept."""
    monkeypatch.setattr(calibrate_walks, "REHEARSALS", ())
    monkeypatch.setattr(calibrate_walks, "load_map", lambda _board: Calibration().sensel_map)


@pytest.fixture(scope="module")
def walks(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("walks")
    write_bench_walk(folder / "bench", SEED, BASIC_FAULTS, (0, 17), (2.0, 5.0, 10.0, 20.0))
    write_stances_walk(folder / "stances", PERSON, BASIC_FAULTS, 1.0)
    write_visit_walk(folder / "visit", PERSON, BASIC_FAULTS, 1.0)
    return folder


def _bench(walks: Path, sensors: str) -> int:
    source = ["--source", str(walks / "bench"), "--sensors", sensors]
    return run(["calibrate", "bench", *source, "--loads", "2,5,10,20", "--insole", "pair-3"])


def test_from_bench_to_visit(walks, as_if_plugged_in, capsys):
    assert _bench(walks, "L_HB,R_HM") == 0
    pair = ["--insole", "pair-3"]
    stances = ["--source", str(walks / "stances"), *WEIGHT, *pair]
    assert run(["calibrate", "stances", *stances]) == 0
    assert run(["calibrate", "visit", "--source", str(walks / "visit"), *WEIGHT, *pair]) == 0
    bench_only, whole = store.insole_versions("pair-3")
    assert [c.sensel for c in whole.curves] == [0, 17]
    assert bench_only.region is None
    assert whole.region is not None
    (visit,) = store.visits("pair-3")
    assert visit.insole_version == whole.version
    assert visit.visit_check_value is not None
    assert visit.visit_check_value < 0.10
    assert visit.visit_weight_n == pytest.approx(PERSON.body_weight_n)
    assert calibration_of_board(BOARD, Calibration()) == visit
    assert run(["calibrate", "show"]) == 0
    shown = capsys.readouterr().out
    assert "pair-3" in shown
    assert f"{BOARD:08x}" in shown
    assert run(["calibrate", "forget", f"{BOARD:08x}"]) == 0
    assert calibration_of_board(BOARD, Calibration()) == Calibration()


def test_leaving_early_keeps_what_is_done(walks, as_if_plugged_in):
    """The recording ends before the third sensor, as a hand on q would."""
    assert _bench(walks, "L_HB,R_HM,R_HL") == 0
    (kept,) = store.insole_versions("pair-3")
    assert [c.sensel for c in kept.curves] == [0, 17]


DIES_AFTER_ONE_SENSOR = """
import os, sys
from pathlib import Path
from rig.calibrate import store
from rig.calibrate.calibration import Calibration
from rig.cli import calibrate, calibrate_walks
from rig.cli.__main__ import run

store.calibrations_folder = lambda: Path(sys.argv[1])
calibrate_walks.REHEARSALS = ()
calibrate_walks.load_map = lambda _board: Calibration().sensel_map
walk = calibrate.run_bench

def dying(live, state, console, keep):
    def keep_and_die(fitted):
        keep(fitted)
        os._exit(9)
    return walk(live, state, console, keep_and_die)

calibrate.run_bench = dying
run(["calibrate", "bench", *sys.argv[2:]])
"""


def test_each_sensor_is_on_disk_before_the_next(walks, tmp_path):
    """`_exit` runs no `finally`, no more than SIGTERM or a dead battery do."""
    out = tmp_path / "bench.json"
    asked = ["--source", str(walks / "bench"), "--sensors", "L_HB,R_HM", "--loads", "2,5,10,20"]
    told = [str(tmp_path / "calibrations"), *asked, "--insole", "pair-3", "--out", str(out)]
    script = [sys.executable, "-c", DIES_AFTER_ONE_SENSOR, *told]
    assert subprocess.run(script, check=False, capture_output=True).returncode == 9
    (kept,) = store.insole_versions("pair-3")
    assert [c.sensel for c in kept.curves] == [0]
    in_force = store.in_force(f"{BOARD:08x}")
    assert in_force is not None
    assert in_force.insole_version == kept.version
    assert store.load_calibration(out) == in_force


def test_a_bench_is_one_version_however_many_sensors(walks, as_if_plugged_in):
    assert _bench(walks, "L_HB,R_HM") == 0
    assert _bench(walks, "L_HB,R_HM") == 0
    first, second = store.insole_versions("pair-3")
    assert first.version < second.version
    assert [c.sensel for c in first.curves] == [c.sensel for c in second.curves] == [0, 17]


@pytest.mark.parametrize("command", ["bench", "stances", "visit"])
def test_a_place_that_cannot_be_written_is_said_before_the_walk(command, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    weight = [] if command == "bench" else WEIGHT
    for out in (tmp_path, tmp_path / "file" / "c.json"):
        asked = ["--source", str(tmp_path / "no recording"), "--out", str(out), *weight]
        assert run(["calibrate", command, *asked]) == 2
        assert f"solerig: {out} " in capsys.readouterr().err


def test_a_rehearsal_keeps_nothing_but_the_file_that_was_asked_for(walks, tmp_path, capsys):
    out = tmp_path / "visit.json"
    asked = ["--source", str(walks / "visit"), "--out", str(out), *WEIGHT]
    assert run(["calibrate", "visit", *asked]) == 0
    assert "rehearsal" in capsys.readouterr().err
    assert store.boards() == []
    recorded = tmp_path / "r"
    told = ["--source", "simulated", "--seconds", "1", "--out", str(recorded)]
    assert run(["record", *told, "--calibration", str(out)]) == 0
    assert Recording.open(recorded).info.calibration == store.load_calibration(out)


def test_a_weight_in_pounds_is_refused(walks, as_if_plugged_in, capsys):
    stances = ["--source", str(walks / "stances"), *WEIGHT]
    assert run(["calibrate", "stances", *stances]) == 0
    pounds = ["--weight", f"{MASS_KG / 0.4536:.0f}", "--wait", "1"]
    assert run(["calibrate", "visit", "--source", str(walks / "visit"), *pounds]) == 2
    assert "pounds" in capsys.readouterr().err
    assert store.visits(f"{BOARD:08x}") == []


def test_a_walk_that_ends_too_soon_changes_nothing(walks, as_if_plugged_in, capsys):
    asked = ["--source", str(walks / "visit"), *WEIGHT, "--single-leg"]
    assert run(["calibrate", "visit", *asked]) == 2
    assert "ended before the walk" in capsys.readouterr().err
    assert store.boards() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bench", "--loads", "two,five"], "are no weights"),
        (["bench", "--loads", "-5,10,20"], "newtons above 0, not -5, 10, 20."),
        (["bench", "--loads", "0,10,20"], "newtons above 0"),
        (["bench", "--loads", "nan,5,10,20"], "newtons above 0"),
        (["bench", "--loads", "5,5,10"], "three different loads"),
        (["visit"], "--weight is needed"),
        (["stances"], "--weight is needed"),
        (["bench", "--sensors", "L_XX"], "no sensor L_XX"),
        (["visit", "--weight", "70", "--insole", "a b", "--wait", "0"], "cannot be called"),
    ],
)
def test_what_was_typed_wrong_is_said(arguments, words, walks, as_if_plugged_in, capsys):
    assert run(["calibrate", *arguments, "--source", str(walks / "visit")]) == 2
    assert words in capsys.readouterr().err.replace("\n", " ")


def test_wrong_loads_are_refused_before_anything_is_opened(tmp_path, capsys):
    asked = ["--loads", "-5,10,20", "--source", str(tmp_path / "no recording")]
    assert run(["calibrate", "bench", *asked]) == 2
    assert capsys.readouterr().err == (
        "solerig: The loads of a bench are newtons above 0, not -5, 10, 20.\n"
    )


def test_a_board_that_nobody_calibrated_cannot_be_forgotten(capsys):
    assert run(["calibrate", "forget", "0badcafe"]) == 2
    assert "No calibration was in force for board 0badcafe" in capsys.readouterr().err


def test_every_step_has_its_words():
    for step in (*stance_steps(), *visit_steps(with_single_leg=True)):
        assert calibrate_walks.step_words(step)
    assert calibrate.app.info.name == "calibrate"


def test_an_expired_calibration_warns_and_is_used(walks, as_if_plugged_in, capsys):
    stances = ["--source", str(walks / "stances"), *WEIGHT]
    assert run(["calibrate", "stances", *stances]) == 0
    (fresh,) = store.insole_versions(f"{BOARD:08x}")
    old = store.save_insole(replace(fresh, made_on="2020-01-01"))
    assert run(["calibrate", "visit", "--source", str(walks / "visit"), *WEIGHT]) == 0
    assert "ran out" in capsys.readouterr().err
    (visit,) = store.visits(f"{BOARD:08x}")
    assert visit.insole_version == old.version
