# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibrations on disk: versions stay, one is in force a board, another day's visit does not."""

from dataclasses import replace
from datetime import date

import pytest

from rig.calibrate import store
from rig.calibrate.calibration import Calibration
from rig.calibrate.insole_calibration import InsoleCalibration
from rig.errors import SettingsError

TODAY = date(2026, 3, 4)
INSOLE = InsoleCalibration("pair-3", "0000abcd", "2026-01-10", 32)
VISIT = Calibration(
    identifier="insole-pair-3",
    board_id="0000abcd",
    insole_id="pair-3",
    insole_made_on="2026-01-10",
    sensel_k_us=(90.0,) * 32,
    sensel_exponent=(0.95,) * 32,
    region_gain=(0.8,) * 8,
    body_weight_gain_source="insole",
    tare_force_n=(0.3,) * 32,
    foot_gain=(1.1, 0.9),
    visit_made_on=TODAY.isoformat(),
    visit_verdict="Good.",
    visit_weight_n=700.0,
    visit_check_value=0.02,
)


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "calibrations_folder", lambda: tmp_path / "calibrations")


def test_versions_are_kept_and_never_overwritten():
    first = store.save_insole(INSOLE)
    second = store.save_insole(replace(INSOLE, made_on="2026-02-20"))
    assert first.version != second.version
    assert store.insole_versions("pair-3") == [first, second]
    assert store.insole_names() == ["pair-3"]
    assert store.insole_versions("pair-4") == []


def test_a_visit_is_kept_and_in_force_for_its_board_alone():
    store.save_visit(VISIT)
    assert store.in_force("0000abcd") == VISIT
    assert store.in_force("0000abce") is None
    assert store.visits("pair-3") == [VISIT]
    assert store.boards() == ["0000abcd"]
    assert store.forget_in_force("0000abcd")
    assert not store.forget_in_force("0000abcd")
    assert store.in_force("0000abcd") is None
    assert store.visits("pair-3") == [VISIT]


def test_only_good_visits_with_the_same_version_renew_it():
    kept = store.save_insole(INSOLE)
    good = replace(VISIT, insole_version=kept.version)
    for visit in (good, replace(good, visit_check_value=0.06), VISIT):
        store.save_visit(visit)
    assert store.renewals(kept) == [TODAY.isoformat()]
    assert "ran out" not in " ".join(store.sentences(good, TODAY))


def test_an_expired_calibration_warns_and_is_used():
    kept = store.save_insole(INSOLE)
    late = replace(VISIT, insole_version=kept.version, visit_made_on="")
    store.put_in_force(late)
    assert store.in_force("0000abcd") == late
    said = " ".join(store.sentences(late, TODAY))
    assert "ran out 23 days ago" in said
    assert "No visit check today" in said


def test_another_day_s_visit_leaves_curves_and_region_gains():
    assert store.for_today(VISIT, TODAY) == VISIT
    later = store.for_today(VISIT, date(2026, 3, 5))
    assert (later.sensel_k_us, later.region_gain) == (VISIT.sensel_k_us, VISIT.region_gain)
    assert later.foot_gain == (1.0, 1.0)
    assert not any(later.tare_force_n)
    assert (later.visit_made_on, later.visit_weight_n) == ("", None)
    assert later.body_weight_gain_source == "insole"
    alone = replace(VISIT, body_weight_gain_source="visit")
    assert store.for_today(alone, date(2026, 3, 5)).body_weight_gain_source == "default"


@pytest.mark.parametrize("name", ["", "../up", "a b", "in_force", ".hidden"])
def test_names_that_are_no_folder_s_are_refused(name):
    with pytest.raises(SettingsError, match="cannot be called"):
        store.insole_versions(name)


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "solerig.visit_calibration/1"}'])
def test_a_damaged_file_is_named_and_not_used(tmp_path, text):
    path = tmp_path / "visit.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"visit\.json"):
        store.load_calibration(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(SettingsError, match=r"^There is no file .*gone\.json\.$"):
        store.load_calibration(tmp_path / "gone.json")
