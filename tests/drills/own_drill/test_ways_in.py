# SPDX-License-Identifier: GPL-3.0-or-later
"""The added drill in the commands, in a recording, and where it is not installed."""

import json
import shutil
import sys
import threading

import pytest

from rig.acquire.messages import SourceSpec
from rig.acquire.sources.simulated import SimulatedSource
from rig.cli.__main__ import run
from rig.drills.registry import added_drills
from rig.record.recording import Recording

KINDS = ("drills", "motions")


def _analysed(capsys, *arguments):
    capsys.readouterr()
    assert run(["analyse", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, installed):
    folder = tmp_path_factory.mktemp("raises") / "sim"
    said = ["--seconds", "12", "--seed", "3", "--side", "left", "--out", str(folder)]
    assert run(["simulate", "heel-raise", *said]) == 0
    return str(folder)


def test_a_recording_is_judged_by_the_drill_that_it_names(folder, capsys):
    content = _analysed(capsys, folder)
    assert (content["drill"], content["side"]) == ("heel-raise", "left")
    assert content["repetition_count"] == 2
    assert all(r["held_s"] > 1.5 and r["clean"] for r in content["repetitions"])
    (done,) = content["sets"]
    assert (done["drill"], done["side"], done["repetitions"]) == ("heel-raise", "left", 2)
    # of its own three rules one is about a principle
    asked = {score["number"]: score["kept"] for score in done["principles"] if score["judged"]}
    assert asked == {3: 2, 5: 2}
    assert not any("installed" in note for note in content["notes"])


def test_a_profile_s_own_table_is_obeyed(folder, capsys, tmp_path):
    profile = tmp_path / "long.toml"
    profile.write_text("[heel-raise]\nhold_least_s = 9.5\n", "utf-8")
    content = _analysed(capsys, folder, "--profile", str(profile))
    assert [f["code"] for r in content["repetitions"] for f in r["faults"]] == ["SHORT-HOLD"] * 2


def test_a_simulated_person_does_it_live_with_all_thresholds_in_force(installed):
    source = SimulatedSource(SourceSpec(kind="simulated", drill="heel-raise", side="left"))
    drill = source.open(threading.Event()).settings.drill
    source.close()
    assert (drill.name, drill.side) == ("heel-raise", "left")
    assert dict(drill.thresholds.own) == {
        "heel-raise.hold_least_s": 1.0,
        "heel-raise.help_share": 0.15,
    }


def test_its_sets_are_told_in_its_own_words(installed, capsys):
    capsys.readouterr()
    assert run(["drills", "show", "heel-raise"]) == 0
    said = capsys.readouterr().out
    assert "3 sets of 12 raises." in said
    assert "one a pull" not in said


def test_another_recording_may_be_judged_by_it(tmp_path, capsys):
    folder = str(tmp_path / "stands")
    run(["simulate", "flat-stance", "--seconds", "3", "--out", folder])
    content = _analysed(capsys, folder, "--drill", "heel-raise", "--side", "left")
    assert (content["drill"], content["repetition_count"]) == ("heel-raise", 0)


def test_where_it_is_not_installed_its_recording_is_free_movement_and_this_is_said(
    folder, capsys, installed, tmp_path
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [place for place in sys.path if place != str(installed)])
        added_drills.cache_clear()
        content = _analysed(capsys, folder)
        shutil.copytree(installed, tmp_path / "broken")
        (points,) = (tmp_path / "broken").rglob("entry_points.txt")
        broken = [f"[solerig.{what}]\nheel-raise = nowhere_at_all:THING" for what in KINDS]
        points.write_text("\n".join(broken), "utf-8")
        patch.syspath_prepend(str(tmp_path / "broken"))
        added_drills.cache_clear()
        unusable = _analysed(capsys, folder)
        assert run(["simulate", "heel-raise", "--out", str(tmp_path / "not")]) != 0
        assert "nowhere_at_all:THING cannot be used" in capsys.readouterr().err
    added_drills.cache_clear()
    assert Recording.open(folder).info.drill.name == content["drill"] == "heel-raise"
    assert content["repetitions"] == []
    assert len(content["contacts"]) >= 2
    (note,) = (n for n in content["notes"] if "heel-raise" in n)
    assert "not installed here" in note
    assert "free movement" in note
    (note,) = (n for n in unusable["notes"] if "heel-raise" in n)
    assert "nowhere_at_all" in note
    assert "free movement" in note
