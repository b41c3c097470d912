# SPDX-License-Identifier: GPL-3.0-or-later
"""A visit in one piece, split into sets by what is recognised in it, against the simulator's truth."""

import json
import shutil

import pytest

from rig.cli.__main__ import run
from rig.record.json_form import settings_to_json
from rig.settings import DrillSettings, Participant


@pytest.fixture(scope="module")
def visit(play):
    """Taps, a rest on both feet, weight changes; recorded as if all of it were taps."""
    return play([("tapping", 12), ("quiet", 0, 9.0), ("pony", 15)])


def _said(folder, capsys, *options):
    capsys.readouterr()
    assert run(["analyse", str(folder), "--recognise", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_stretch_is_judged_by_its_own_drill(visit, capsys):
    content = _said(visit.folder, capsys)
    assert content["judged_by"]["recognised"] is True
    taps, pulls = content["sets"]
    assert (taps["drill"], taps["side"], taps["repetitions"]) == ("tapping", "right", 12)
    assert (pulls["drill"], pulls["side"], pulls["repetitions"]) == ("pony", None, 15)
    assert (taps["ended"], pulls["extra"]) == ("target", 3)
    for done, true in ((taps, visit.repetitions[0]), (pulls, visit.repetitions[2])):
        assert done["clean"] == sum(r.clean for r in true)
    assert content["drills"][1]["drill"] == "free"
    assert content["settings_changes"] == 0
    assert (
        "Judged by the drills that were recognised, as asked; it was taken as tapping right."
        in content["notes"]
    )


def test_a_pause_within_one_drill_is_rest_and_no_other_drill(play, capsys):
    played = play([("tapping", 7), ("quiet", 0, 12.0), ("tapping", 8), ("quiet", 0, 9.0)])
    first, second = _said(played.folder, capsys)["sets"]
    assert [(s["number"], s["repetitions"], s["ended"]) for s in (first, second)] == [
        (1, 7, "pause"),
        (2, 8, "pause"),
    ]
    last_s = played.repetitions[0][-1].end_s
    assert first["ended_s"] == pytest.approx(last_s + 5.0, abs=0.03)
    assert "too little rest" in [said["what"] for said in second["said"]]


def test_profile_and_changes_of_the_person_hold_on(visit, capsys, tmp_path):
    folder = shutil.copytree(visit.folder, tmp_path / "visit")
    at_s = visit.began_s[1] + 4.0
    weight_n = visit.session.participant.body_weight_n
    lighter = Participant(0.99 * weight_n, "typed", visit.session.participant.shoe_size_eu)
    changed = settings_to_json(lighter, visit.session.calibration, DrillSettings("hopping", "left"))
    line = {"type": "settings", "offset": visit.offset_at(at_s), "monotonic_ns": 1, **changed}
    (folder / "events.jsonl").write_text(json.dumps(line) + "\n")
    content = _said(folder, capsys, "--profile", "strict")
    assert {d["profile"] for d in content["drills"]} == {"strict"}
    assert [s["drill"] for s in content["sets"]] == ["tapping", "pony"]
    assert content["settings_changes"] == 1


def test_a_drill_asked_for_besides_is_refused(visit, capsys):
    assert run(["analyse", str(visit.folder), "--recognise", "--drill", "pony"]) == 2
    assert "leave out --drill" in capsys.readouterr().err
