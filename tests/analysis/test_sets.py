# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of whole recordings against the simulator's truth, as `solerig analyse` tells them."""

import json
import shutil
from dataclasses import asdict

import pytest

from rig.analysis import analyse_recording, analysis_json
from rig.analysis.judged_by import AS_RECORDED, JudgedBy
from rig.layout import Foot
from rig.record.json_form import settings_to_json
from rig.record.recording import Recording
from rig.settings import DrillSettings
from rig.thresholds import Thresholds

NEAR_S = 0.03
REST_S = 7.0


def _analysed(folder, judged=AS_RECORDED):
    analysis = analyse_recording(Recording.open(folder), judged=judged)
    return json.loads(json.dumps(analysis_json(analysis), allow_nan=False))


def _with_event(played, folder, at_s, **event):
    """A copy of a recording in which something more happened, at a second of it."""
    copied = shutil.copytree(played.folder, folder)
    line = {"offset": played.offset_at(at_s), "monotonic_ns": 1, **event}
    (copied / "events.jsonl").write_text(json.dumps(line) + "\n")
    return copied


def _counts(done):
    return done["repetitions"], done["clean"], done["extra"]


@pytest.fixture(scope="module")
def two_sets(play):
    """Twelve taps, a rest on both feet, then seven taps."""
    return play([("tapping", 12), ("quiet", 0, REST_S), ("tapping", 7)])


@pytest.fixture(scope="module")
def content(two_sets):
    return _analysed(two_sets.folder)


def test_two_sets_with_a_pause_are_those_of_the_truth(two_sets, content):
    first, second = content["sets"]
    for done, true in ((first, two_sets.repetitions[0]), (second, two_sets.repetitions[2])):
        clean = [r.clean for r in true]
        assert _counts(done) == (len(true), sum(clean), 0)
        assert 0 < sum(clean) < len(clean)
        right = {"clean": sum(clean), "dirty": len(clean) - sum(clean)}
        assert done["by_side"] == {"left": {"clean": 0, "dirty": 0}, "right": right}
        assert done["started_s"] == pytest.approx(true[0].start_s, abs=NEAR_S)
        assert (done["drill"], done["side"], done["target"]) == ("tapping", "right", 12)
        assert (done["unit"], done["with_lost_frames"]) == ("pull", 0)
    assert (first["number"], first["ended"]) == (1, "target")
    assert first["ended_s"] == pytest.approx(two_sets.repetitions[0][-1].end_s, abs=NEAR_S)
    assert (second["number"], second["ended"]) == (2, "data ended")
    rest_s = two_sets.repetitions[2][0].end_s - two_sets.repetitions[0][-1].end_s
    assert [said["what"] for said in second["said"]] == ["too little rest"]
    assert f"{rest_s:.0f} s of rest before set 2" in second["said"][0]["says"]


def test_each_repetition_is_in_one_set(content):
    places = [place for done in content["sets"] for place in done["repetition_indices"]]
    assert places == list(range(content["repetition_count"]))
    for done in content["sets"]:
        own = [content["repetitions"][place] for place in done["repetition_indices"]]
        assert done["clean"] == sum(r["clean"] for r in own)


def test_the_sheet_scores_what_pressure_sees_and_says_the_rest_plainly(two_sets, content):
    sheet = content["sets"][0]["principles"]
    assert [score["number"] for score in sheet] == list(range(1, 16))
    by = {score["number"]: score for score in sheet}
    assert [n for n in by if by[n]["measurable"] == "measured"] == [2, 3, 4, 5, 12]
    assert [n for n in by if by[n]["measurable"] == "partly"] == [9, 13]
    for score in sheet:
        if score["measurable"] == "not measured":
            assert (score["judged"], score["share"]) == (0, None)
            assert score["says"].startswith("Not measured. ")
    driven = [any(f.code == "DRIVE" for f in r.faults) for r in two_sets.repetitions[0]]
    assert by[13]["kept"] == driven.count(False)
    assert by[13]["judged"] == len(driven)
    times = [r.measures["contact_time_s"] for r in two_sets.repetitions[0]]
    expected = sum(times) / len(times)
    assert by[2]["means"]["contact_time_s"] == pytest.approx(expected, abs=0.01)


def test_what_is_beyond_the_target_is_counted_and_said(play):
    played = play([("pony", 15)])
    (done,) = _analysed(played.folder)["sets"]
    clean = [r.clean for r in played.repetitions[0]]
    assert _counts(done) == (15, sum(clean), 3)
    assert done["ended_s"] == pytest.approx(played.repetitions[0][11].end_s, abs=NEAR_S)
    (over,) = done["said"]
    assert over["what"] == "over target"
    assert over["at_s"] == pytest.approx(played.repetitions[0][12].end_s, abs=NEAR_S)
    assert "repetition 13, of 12" in over["says"]
    left = [r.clean for r in played.repetitions[0] if r.side == Foot.LEFT]
    assert done["by_side"]["left"] == {"clean": sum(left), "dirty": left.count(False)}


def test_a_set_stopped_half_way_ends_by_the_pause(play):
    played = play([("tapping", 6), ("quiet", 0, REST_S)])
    (done,) = _analysed(played.folder)["sets"]
    last_s = played.repetitions[0][-1].end_s
    assert (done["repetitions"], done["ended"], done["extra"]) == (6, "pause", 0)
    assert done["ended_s"] == pytest.approx(last_s + 5.0, abs=NEAR_S)


@pytest.mark.parametrize("key", ["stop", "pain"])
def test_the_keys_end_a_set_where_it_stands(two_sets, tmp_path, key):
    true = two_sets.repetitions[0]
    at_s = (true[4].end_s + true[5].start_s) / 2.0
    folder = _with_event(two_sets, tmp_path / "visit", at_s, type="marker", label=key)
    content = _analysed(folder)
    assert content["markers"] == [{"label": key, "at_s": pytest.approx(at_s, abs=0.002)}]
    first = content["sets"][0]
    # who goes on within five seconds has done too much of the same set
    assert (first["ended"], first["repetitions"], first["extra"]) == (
        key,
        12 if key == "stop" else 19,
        7 if key == "stop" else 14,
    )
    assert first["ended_s"] == pytest.approx(at_s, abs=0.002)
    assert len(content["sets"]) == (2 if key == "stop" else 1)
    noted = [note for note in content["notes"] if "Pain" in note]
    assert noted == ([] if key == "stop" else [f"Pain was reported at {at_s:.1f} s."])


def test_pain_before_the_first_repetition_leaves_no_set(two_sets, tmp_path):
    folder = _with_event(two_sets, tmp_path / "visit", 0.1, type="marker", label="pain")
    content = _analysed(folder)
    assert content["sets"] == []
    assert content["repetition_count"] == 19
    assert content["notes"][-2:] == [
        "Pain was reported at 0.1 s.",
        "What came after a report of pain belongs to no set (19 repetitions).",
    ]


def test_sets_go_on_when_the_pain_is_gone(two_sets, tmp_path):
    pained = _with_event(two_sets, tmp_path / "visit", 0.1, type="marker", label="pain")
    free_s = two_sets.began_s[2] - 1.0
    gone = {"type": "marker", "label": "no pain", "monotonic_ns": 1}
    with (pained / "events.jsonl").open("a") as file:
        file.write(json.dumps(gone | {"offset": two_sets.offset_at(free_s)}) + "\n")
    content = _analysed(pained)
    (done,) = content["sets"]
    assert (done["number"], done["repetitions"], done["ended"]) == (1, 7, "data ended")
    assert done["repetition_indices"] == list(range(12, 19))
    assert content["notes"][-3:] == [
        "Pain was reported at 0.1 s.",
        f"Pain was confirmed to be gone at {free_s:.1f} s.",
        "What came after a report of pain belongs to no set (12 repetitions).",
    ]


def test_a_hole_within_a_contact_keeps_the_repetition_and_marks_it(play):
    parts = [("pony", 12)]
    true = play(parts).repetitions[0]
    middle_s = (true[5].start_s + true[5].end_s) / 2.0
    played = play(parts, hole_s=(middle_s - 0.05, middle_s + 0.05))
    content = _analysed(played.folder)
    assert content["lost_frames"] == 100
    (done,) = content["sets"]
    assert (done["repetitions"], done["ended"]) == (12, "target")
    marked = [i for i, r in enumerate(content["repetitions"]) if r["lost_frames"]]
    assert 5 in marked
    assert done["with_lost_frames"] == len(marked) <= 2
    assert content["repetitions"][5]["lost_frames"] == 100


def test_another_drill_ends_a_set_and_the_same_one_goes_on_with_its_numbers(play, tmp_path):
    played = play([("tapping", 5), ("pony", 4), ("tapping", 5)])
    info = played.session
    folder = shutil.copytree(played.folder, tmp_path / "visit")
    lines = [
        {
            "type": "settings",
            "offset": played.offset_at(at_s),
            "monotonic_ns": 1,
            **settings_to_json(info.participant, info.calibration, DrillSettings(drill, "right")),
        }
        for at_s, drill in zip(played.began_s[1:], ("pony", "tapping"), strict=True)
    ]
    (folder / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    sets = _analysed(folder)["sets"]
    assert [(s["drill"], s["side"], s["number"], s["ended"]) for s in sets] == [
        ("tapping", "right", 1, "another drill"),
        ("pony", None, 1, "another drill"),
        ("tapping", "right", 2, "data ended"),
    ]
    assert [s["repetitions"] for s in sets] == [5, 4, 5]
    assert "too little rest" in [said["what"] for said in sets[2]["said"]]


def test_the_recording_s_own_profile_sets_target_and_unit_and_another_is_said(play):
    own = Thresholds(name="clinic", set_target=10, rep_unit="pair")
    played = play([("pony", 22)], thresholds=own)
    content = _analysed(played.folder)
    (done,) = content["sets"]
    assert (done["target"], done["unit"], done["ended"], done["extra"]) == (10, "pair", "target", 2)
    assert done["profile"] == content["profile"] == "clinic"
    assert content["drills"][0]["thresholds"] == {**asdict(own), "own": []}
    assert not any("Judged by" in note for note in content["notes"])
    other = _analysed(played.folder, JudgedBy(thresholds=Thresholds()))
    assert _counts(other["sets"][0])[2] == 10
    asked = {"recognised": False, "drill": None, "side": None, "profile": "default"}
    assert other["judged_by"] == asked
    assert (
        "Judged by profile default, as asked; it was taken with profile clinic." in other["notes"]
    )


def test_a_profile_asked_for_leaves_each_stretch_its_drill(two_sets, tmp_path):
    info = two_sets.session
    changed = settings_to_json(info.participant, info.calibration, DrillSettings("free"))
    folder = _with_event(
        two_sets, tmp_path / "visit", two_sets.began_s[1], type="settings", **changed
    )
    drills = _analysed(folder, JudgedBy(thresholds=Thresholds("lax")))["drills"]
    assert [(d["drill"], d["profile"]) for d in drills] == [("tapping", "lax"), ("free", "lax")]


def test_free_movement_has_no_sets(play):
    content = _analysed(play([("quiet", 0, 2.0)]).folder)
    assert content["drill"] == "free"
    assert content["sets"] == []
