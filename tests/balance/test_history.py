# SPDX-License-Identifier: GPL-3.0-or-later
"""Earlier visits stand beside a new one only where the same foot did the same test the same way."""

import json
import os
from datetime import datetime

import pytest

from rig.balance.history import earlier_values, read_summary, visits_in
from rig.errors import SettingsError

CONDITION = {
    "key": "left-in-front",
    "eyes": "open",
    "surface": "firm",
    "feet": "both",
    "seconds": 30.0,
    "stance": "tandem",
}
PROTOCOL = {"key": "tandem", "measure": "hold", "trial_rule": "best of 3", "settle_s": 0.0}


def _content(time_s, date=None, *, foot_mm=265.0, protocol=None, condition=None):
    changed = {**CONDITION, **(condition or {})}
    return {
        "schema": "solerig-balance-test-1",
        "protocol": {**PROTOCOL, **(protocol or {})},
        "person": {"foot_length_mm": foot_mm},
        "conditions": [{**changed, "time_s": time_s, "measures": {"velocity_mm_s": None}}],
        "trials": [],
    } | ({} if date is None else {"date": date})


@pytest.fixture
def keep(tmp_path):
    """Write a summary into a folder; its path."""

    def write(folder, content):
        path = tmp_path / folder / "summary.json"
        path.parent.mkdir(parents=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_values_come_oldest_first_whatever_the_zone_and_the_depth(tmp_path, keep):
    """12:30 at +02:00 is 10:30 UTC, before 11:00 UTC."""
    keep("b", _content(12.0, "2026-10-01T11:00:00+00:00"))
    keep("a/tandem", _content(11.0, "2026-10-01T12:30:00+02:00"))
    keep("c", _content(None, "2026-10-02T09:00:00+00:00"))
    found = earlier_values(visits_in(tmp_path), _content(20.0))
    assert [(e.value, e.visit, e.measure) for e in found] == [
        (11.0, "a/tandem", "time_s"),
        (12.0, "b", "time_s"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"foot_mm": 240.0},
        {"protocol": {"key": "semi-tandem"}},
        {"protocol": {"trial_rule": "mean of 3"}},
        {"protocol": {"settle_s": 5.0}},
        {"condition": {"seconds": 45.0}},
        {"condition": {"surface": "foam"}},
        {"condition": {"eyes": "closed"}},
    ],
)
def test_what_was_done_otherwise_does_not_stand_beside_it(tmp_path, keep, other):
    keep("other", _content(11.0, "2026-10-01T11:00:00+00:00", **other))
    keep("same", _content(12.0, "2026-10-01T11:00:00+00:00"))
    assert [e.visit for e in earlier_values(visits_in(tmp_path), _content(20.0))] == ["same"]


def test_a_rehearsal_does_not_stand_beside_a_person(tmp_path, keep):
    keep("rehearsed", {**_content(11.0, "2026-10-01T11:00:00+00:00"), "simulated": "quiet"})
    visits = visits_in(tmp_path)
    assert earlier_values(visits, _content(20.0)) == []
    assert len(earlier_values(visits, {**_content(20.0), "simulated": "quiet"})) == 1


def test_a_flagged_value_of_an_earlier_visit_says_so(tmp_path, keep):
    for folder, validity in (("a", {"valid": False, "flags": []}), ("b", None)):
        condition = {"validity": validity} if validity else {}
        content = _content(11.0, "2026-10-01T11:00:00+00:00", condition=condition)
        content["conditions"][0]["measures"] = {"velocity_mm_s": 9.0}
        keep(folder, content)
    found = earlier_values(visits_in(tmp_path), _content(20.0))
    assert [(e.visit, e.measure, e.valid) for e in found] == [
        ("a", "time_s", None),
        ("b", "time_s", None),
        ("a", "velocity_mm_s", False),
        ("b", "velocity_mm_s", None),
    ]


def test_a_summary_without_a_date_is_as_old_as_its_file(tmp_path, keep):
    path = keep("old", _content(11.0))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (visit,) = visits_in(tmp_path)
    assert datetime.fromisoformat(visit.date).timestamp() == 1_700_000_000


def test_the_visit_itself_and_summaries_of_other_things_are_passed_by(tmp_path, keep):
    path = keep("now", _content(11.0))
    keep("drill", {"schema": "something-else"})
    assert visits_in(tmp_path, path.parent) == ()


def test_what_cannot_be_read_is_said(tmp_path, keep):
    with pytest.raises(SettingsError, match="no folder"):
        visits_in(tmp_path / "none")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_summary(tmp_path)
    keep("broken", "{")
    with pytest.raises(SettingsError, match="no JSON"):
        visits_in(tmp_path)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda c: c.pop("person"), "person is missing"),
        (lambda c: c.update(person=None), "damaged"),
        (lambda c: c["person"].update(foot_length_mm="long"), "'long' is no number"),
        (lambda c: c.pop("trials"), "trials is missing"),
        (lambda c: c.update(trials=["a"]), "damaged"),
        (lambda c: c.update(trials=[{"measures": {}, "time_s": 1.0}]), "trials is missing"),
        (lambda c: c.update(conditions={"a": 1}), "damaged"),
        (lambda c: c["protocol"].update(measure="dance"), "dance"),
        (lambda c: c["conditions"][0]["measures"].update(velocity_mm_s="fast"), "'fast' is no"),
        (lambda c: c["conditions"][0].update(time_s=float("nan")), "nan is no number"),
        (lambda c: c["conditions"][0].update(time_s=True), "True is no number"),
        (lambda c: c["conditions"][0].pop("key"), "key is missing"),
        (lambda c: c["conditions"][0].update(validity={"valid": 7, "flags": []}), "7 is no"),
        (lambda c: c["conditions"][0].update(validity={"valid": True, "flags": [{}]}), "code"),
    ],
)
def test_a_damaged_visit_is_named_before_a_test_begins(tmp_path, keep, damage, says):
    content = _content(11.0)
    damage(content)
    path = keep("old", content)
    for look in (visits_in, lambda folder: read_summary(folder / "old")):
        with pytest.raises(SettingsError, match=says) as refusal:
            look(tmp_path)
        assert str(path) in str(refusal.value)
