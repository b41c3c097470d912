# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that add drills, and packages that cannot: the others must go on working."""

import json
import sys

import pytest

from rig.cli.__main__ import run
from rig.drills.profile import parse_profile
from rig.drills.registry import (
    added_drills,
    check_drill_name,
    contact_settings,
    find_drill,
    with_own_thresholds,
)
from rig.errors import AnalysisError, SettingsError
from rig.record.json_form import settings_from_json, settings_to_json
from rig.settings import DRILL_NAMES, DrillSettings, Participant
from rig.thresholds import Thresholds

DRILL = """
from rig.drills.api import Drill, DrillGuide, Move, OwnDrill, no_alarm

def begin(settings, participant):
    return None

def watch(memory, loads, contact):
    return memory, [][WRONG:]

def judge(judging, repetition, about):
    return judging.judged(repetition)

MOVES = (Move("here", "go", "there"), Move("there", "come", "here", counts=True))
GUIDE = DrillGuide("[Odd] title", "Aim.", "One.", (("FAR", "far", ("far_m",), "none"),), "it.")
OWN = OwnDrill(
    Drill("NAME", "here", MOVES, begin, watch, no_alarm, judge), GUIDE, "hopping",
    thresholds={"far_m": 120.0},
)
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Write a package of one module, and its metadata, onto the path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    added_drills.cache_clear()
    written = []

    def write(package, drill, code, thing="OWN"):
        module = f"drill_of_{package}"
        written.append(module)
        (tmp_path / f"{module}.py").write_text(code.replace("NAME", drill), "utf-8")
        about = tmp_path / f"{package}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8"
        )
        points = f"[solerig.drills]\n{drill} = {module}:{thing}\n"
        (about / "entry_points.txt").write_text(points, "utf-8")
        added_drills.cache_clear()

    yield write
    added_drills.cache_clear()
    for module in written:
        sys.modules.pop(module, None)


def _said(capsys, *arguments):
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def test_an_added_drill_is_listed_with_its_package_and_shown(install, capsys):
    install("odd", "odd-drill", DRILL)
    listed = json.loads(_said(capsys, "drills", "list", "--json"))
    assert [d["name"] for d in listed["drills"]] == [*DRILL_NAMES, "odd-drill"]
    assert [d["package"] for d in listed["drills"]] == [None] * len(DRILL_NAMES) + ["odd 1.0"]
    assert "added by odd 1.0" in " ".join(_said(capsys, "drills", "list").split())
    text = _said(capsys, "drills", "show", "odd-drill")
    assert "[Odd] title" in text
    assert "far_m 120.0" in text
    assert "Added by the package odd 1.0" in text


@pytest.mark.parametrize(
    ("drill", "code", "thing", "said"),
    [
        ("pony", DRILL, "OWN", "the name is taken"),
        ("free", DRILL, "OWN", "the name is taken"),
        ("broken", "import nothing_of_this_name", "OWN", "nothing_of_this_name"),
        ("broken", "raise ZeroDivisionError('oops')", "OWN", "ZeroDivisionError: oops"),
        ("broken", DRILL, "NOTHING", "NOTHING"),
        ("broken", DRILL, "MOVES", "it is a tuple, not an OwnDrill"),
        ("Broken", DRILL, "OWN", "small letters"),
        ("a" * 41, DRILL, "OWN", "small letters"),
        ("broken", DRILL.replace('"NAME"', '"other"'), "OWN", 'its table is called "other"'),
        ("broken", DRILL.replace('"come", "here"', '"come", "away"'), "OWN", "not be left: away"),
        ("broken", DRILL.replace("judge), GUIDE", "judge), ()"), "OWN", "then a DrillGuide"),
        ("broken", DRILL.replace(", counts=True", ""), "OWN", "counts a repetition"),
        ("broken", DRILL.replace('"hopping"', '"skating"'), "OWN", "skating"),
        ("broken", DRILL.replace('("far_m",)', '("near_m",)'), "OWN", "near_m"),
        ("broken", DRILL.replace('{"far_m": 120.0}', '{"far_m": "x"}'), "OWN", "must be numbers"),
        ("broken", DRILL.replace("far_m", "touch_s"), "OWN", "are ours already: touch_s"),
    ],
)
def test_what_cannot_be_used_is_told_and_takes_nothing_away(
    install, capsys, drill, code, thing, said
):
    install("good", "good-drill", DRILL)
    install("bad", drill, code, thing)
    listed = json.loads(_said(capsys, "drills", "list", "--json"))
    assert [d["name"] for d in listed["drills"]] == [*DRILL_NAMES, "good-drill"]
    (problem,) = listed["problems"]
    assert said in problem
    assert "bad 1.0" in problem
    assert said in " ".join(_said(capsys, "drills", "list").replace("\n", " ").split())
    if drill not in (*DRILL_NAMES, "free"):
        with pytest.raises(SettingsError, match=r"bad 1\.0"):
            check_drill_name(drill)


def test_of_two_drills_of_one_name_neither_is_used(install):
    install("one", "twice", DRILL)
    install("two", "twice", DRILL)
    assert not added_drills().drills
    assert "one 1.0, two 1.0" in added_drills().problems["twice"]


def test_a_drill_that_fails_at_work_is_told_as_its_own_mistake(install):
    install("odd", "odd-drill", DRILL.replace("[WRONG:]", "[3]"))
    with pytest.raises(AnalysisError, match=r'The drill "odd-drill" of the package odd 1\.0'):
        find_drill("odd-drill").watch(None, None, None)


def test_contacts_are_found_as_in_the_drill_that_it_names(install):
    install("odd", "odd-drill", DRILL)
    settings = DrillSettings("odd-drill", "left")
    assert contact_settings(settings) == DrillSettings("hopping", "left")
    assert contact_settings(DrillSettings("pony")) == DrillSettings("pony")


def test_a_profile_sets_its_thresholds_and_a_recording_stores_them(install):
    from rig.calibrate.calibration import Calibration

    install("odd", "odd-drill", DRILL)
    plain = with_own_thresholds(DrillSettings("odd-drill"))
    assert plain.thresholds.own == (("odd-drill.far_m", 120.0),)
    said = parse_profile("touch_s = 0.1\n[odd-drill]\nfar_m = 90", "x.toml", "x")
    assert said.of("odd-drill", {"far_m": 120.0, "near_m": 1.0}) == {"far_m": 90.0, "near_m": 1.0}
    drill = with_own_thresholds(DrillSettings("odd-drill", "left", said))
    assert drill.thresholds == said
    stored = json.loads(json.dumps(settings_to_json(Participant(), Calibration(), drill)))
    assert settings_from_json(stored)["drill"] == drill


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[odd-drill]\nfar_n = 1", "line 2: far_n is not known here. Did you mean far_m?"),
        ("far_m = 1\n[odd-drill]\nfar_m = 'x'", "line 1: far_m is not known here"),
        ("[odd-drill]\nfar_m = 'x'", "line 2: far_m must be a number"),
        ("touch_s = 0.1\n[odd-drill]\nfar_m = inf", "far_m must be a number"),
    ],
)
def test_mistakes_in_its_thresholds_are_told_with_their_line(install, text, said):
    install("odd", "odd-drill", DRILL)
    with pytest.raises(SettingsError) as raised:
        parse_profile(text, "x.toml", "x")
    assert said in str(raised.value)


def test_a_shared_profile_may_speak_of_drills_that_are_not_installed_here():
    shared = parse_profile("[elsewhere]\nfar_m = 3", "x.toml", "x")
    assert shared == Thresholds(name="x", own=(("elsewhere.far_m", 3.0),))


def test_names_that_nobody_has_are_refused_on_the_command_line(tmp_path, capsys):
    out = str(tmp_path / "r")
    assert run(["record", "--drill", "juggling", "--out", out, "--source", "simulated"]) != 0
    assert 'No drill is called "juggling"' in " ".join(
        capsys.readouterr().err.replace("│", "").split()
    )
