# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig drills` says, and judging a recording by another drill or profile."""

import json

import pytest

from rig.cli.__main__ import run
from rig.drills.guide import GUIDE
from rig.drills.profile import profiles_folder
from rig.drills.registry import DRILLS
from rig.settings import DRILL_NAMES
from rig.simulate.catalogue import APPLICABLE
from rig.thresholds import Thresholds


def _said(capsys, *arguments):
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def test_all_nine_are_listed(capsys):
    listed = json.loads(_said(capsys, "drills", "list", "--json"))["drills"]
    assert [entry["name"] for entry in listed] == list(DRILL_NAMES)
    text = _said(capsys, "drills", "list")
    assert all(name in text for name in DRILL_NAMES)


@pytest.mark.parametrize("name", DRILL_NAMES)
def test_a_drill_shows_its_states_rules_and_what_is_not_seen(capsys, name):
    content = json.loads(_said(capsys, "drills", "show", name, "--json"))
    assert {m["state"] for m in content["moves"]} == {m.state for m in DRILLS[name].moves}
    codes = {rule["code"] for rule in content["rules"]}
    simulated = {"HEEL" if c in ("HEEL-KISS", "HEEL-LOAD") else c for c in APPLICABLE[name]}
    assert simulated - {"STUMBLE", "PUT-DOWN"} == codes
    for rule in content["rules"]:
        assert rule["thresholds"]
        assert all(value == getattr(Thresholds(), key) for key, value in rule["thresholds"].items())
    text = _said(capsys, "drills", "show", name)
    assert GUIDE[name].title in text
    assert "one repetition" in text
    assert "Pressure does not see" in text


def test_every_threshold_belongs_to_a_drill():
    used = {key for guide in GUIDE.values() for _, _, keys, _ in guide.rules for key in keys}
    of_sets = {"set_target", "rep_unit"}
    assert used == set(Thresholds.__dataclass_fields__) - {"name", "own"} - of_sets


def test_a_profile_shows_its_own_thresholds(capsys):
    strict = json.loads(_said(capsys, "drills", "show", "tapping", "--profile", "strict", "--json"))
    (long,) = (rule for rule in strict["rules"] if rule["code"] == "LONG")
    assert long["thresholds"] == {"long_tap_s": 0.2}
    assert _said(capsys, "drills", "profiles").splitlines()[:3] == ["default", "strict", "beginner"]


@pytest.fixture
def own_profiles(tmp_path, monkeypatch):
    """The folder for a user's own profiles, which does not exist yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return profiles_folder()


def test_a_coach_begins_a_profile_by_the_command_that_the_list_names(capsys, own_profiles):
    *_, hint = _said(capsys, "drills", "profiles").splitlines()
    assert not own_profiles.exists()
    _, command = hint.split(": solerig ")
    assert str(own_profiles / "clinic.toml") in _said(capsys, *command.split())
    assert "clinic" in _said(capsys, "drills", "profiles").splitlines()
    _said(capsys, "drills", "show", "pony", "--profile", "clinic")
    assert run(command.split()) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_file_with_a_name_of_ours_is_not_passed_over_in_silence(capsys, own_profiles):
    own_profiles.mkdir(parents=True)
    (own_profiles / "default.toml").write_text("touch_s = 0.1\n")
    said = _said(capsys, "drills", "profiles")
    assert "default.toml: this name is one of ours, so yours is not read; rename it." in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "jumping"), "choose one of stance"),
        (("show", "pony", "--profile", "x"), "strict"),
        (("show",), "Choose one: solerig drills list"),
        (("profiles", "--copy", "default"), "--copy and --as belong together"),
        (("profiles", "--copy", "nobody", "--as", "x"), 'No drill profile is called "nobody"'),
    ],
)
def test_names_that_do_not_exist_are_told(capsys, arguments, said):
    assert run(["drills", *arguments]) != 0
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_recording_may_be_judged_by_another_drill_and_profile(tmp_path, capsys):
    folder = str(tmp_path / "taps")
    fault = ["--fault", "LONG:0.9"]
    run(["simulate", "tapping", *fault, "--seconds", "8", "--seed", "5", "--out", folder])
    mild = json.loads(_said(capsys, "analyse", folder, "--json"))
    strict = json.loads(_said(capsys, "analyse", folder, "--json", "--profile", "strict"))
    long = [
        sum(f["code"] == "LONG" for r in content["repetitions"] for f in r["faults"])
        for content in (mild, strict)
    ]
    assert long[0] == 0 < long[1]
    other = json.loads(_said(capsys, "analyse", folder, "--json", "--drill", "hopping"))
    assert other["drill"] == "hopping"
    assert "LONG: " in _said(capsys, "analyse", folder, "--profile", "strict")
