# SPDX-License-Identifier: GPL-3.0-or-later
"""Norms only where they belong; change only beyond what trials themselves show."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rig.balance.change import change_between, mdc95, sem_from_trials
from rig.balance.norms import all_norms, matching_norms, norm_json, own_norms, read_norms
from rig.balance.protocol import find_protocol
from rig.balance.protocol_file import own_protocols
from rig.balance.stances import SHOULDER_WIDTH
from rig.errors import SettingsError

OWN_TABLE = """schema = "solerig-norms-1"
[[norm]]
key = "our-clinic"
measure = "time_s"
protocol = "single-leg"
conditions = ["left-eyes-open"]
eyes = "open"
surface = "firm"
feet = "one"
stance = "single-leg"
cap_s = 30.0
trial_rule = "best of 3"
source = "our own visitors 2026"
n = 40
population = "runners"
equipment = "Solerig"
checked = true
caveat = "our own"
age = [[20, 60]]
value = [29.0]
sd = [1.5]
"""


def protocol(key):
    return find_protocol(own_protocols(), key)


@pytest.mark.parametrize(
    ("age", "mean"), [(18, 43.0), (39.9, 43.0), (40, 40.0), (65, 27.0), (93, 6.0)]
)
def test_springer_stands_beside_the_45_s_test_by_age(age, mean):
    found = matching_norms(own_norms(), protocol("single-leg-45"), "left-eyes-open", age)
    assert [(norm.n, band.value) for norm, band in found] == [(549, mean)]
    content = norm_json(*found[0])
    assert (content["cap_s"], content["trial_rule"]) == (45.0, "mean of 3")
    assert content["range"] is None
    assert "Springer" in content["source"]


@pytest.mark.parametrize("age", [None, 12])
def test_nothing_is_shown_for_an_age_that_no_table_has(age):
    assert matching_norms(own_norms(), protocol("single-leg-45"), "left-eyes-open", age) == []


@pytest.mark.parametrize("key", [p.key for p in own_protocols() if p.key != "single-leg-45"])
def test_other_caps_rules_and_unconfirmed_tables_stay_hidden(key):
    test = protocol(key)
    for condition in test.conditions:
        assert matching_norms(own_norms(), test, condition.key, 45) == []


def test_another_trial_rule_or_cap_hides_the_table():
    test = protocol("single-leg-45")
    best = replace(test, combine="best")
    shorter = replace(test, conditions=tuple(replace(c, seconds=30.0) for c in test.conditions))
    for other in (best, shorter):
        assert matching_norms(own_norms(), other, "left-eyes-open", 45) == []


def test_a_clinic_adds_its_own_table(tmp_path: Path):
    (tmp_path / "ours.toml").write_text(OWN_TABLE)
    norms = all_norms(tmp_path)
    ((norm, band),) = matching_norms(norms, protocol("single-leg"), "left-eyes-open", 30)
    assert norm.key == "our-clinic"
    assert norm_json(norm, band)["range"] == [26.0, 32.0]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (('schema = "solerig-norms-1"', 'schema = "x"'), "schema"),
        (("cap_s = 30.0", 'cap_s = "30"'), "cap_s"),
        (("sd = [1.5]", "sd = [1.5, 2.0]"), "each age group"),
        (("age = [[20, 60]]", "age = [[60, 20]]"), "age group"),
        (('source = "our own visitors 2026"', ""), "source"),
        (("n = 40", "n = ="), "not TOML"),
    ],
)
def test_a_wrong_table_is_refused_in_one_sentence(tmp_path: Path, changed, says):
    path = tmp_path / "ours.toml"
    path.write_text(OWN_TABLE.replace(*changed))
    with pytest.raises(SettingsError, match=says) as refusal:
        read_norms(path)
    assert str(path) in str(refusal.value)


def test_two_tables_of_one_name_are_not_merged(tmp_path: Path):
    (tmp_path / "ours.toml").write_text(OWN_TABLE)
    (tmp_path / "theirs.toml").write_text(OWN_TABLE.replace("29.0", "12.0"))
    with pytest.raises(SettingsError, match="Two tables are called"):
        all_norms(tmp_path)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"surface": "foam"},
        {"feet": "both"},
        {"eyes": "closed"},
        {"template": SHOULDER_WIDTH},
    ],
)
def test_a_condition_of_the_same_name_that_stands_otherwise_has_no_norm(otherwise):
    test = protocol("single-leg-45")
    other = replace(test, conditions=tuple(replace(c, **otherwise) for c in test.conditions))
    assert matching_norms(own_norms(), test, "left-eyes-open", 30) != []
    assert matching_norms(own_norms(), other, "left-eyes-open", 30) == []


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(SettingsError, match="no folder"):
        all_norms(tmp_path / "none")


def test_sem_and_change_worked_by_hand():
    """Trials 8 10 12 and 13 14 18: variances 4 and 7, pooled 5.5; means 10 and 15."""
    assert sem_from_trials([[8, 10, 12], [13, 14, 18]]) == pytest.approx(math.sqrt(5.5))
    change = change_between([8, 10, 12], [13, 14, 18])
    assert change is not None
    assert (change.before, change.after) == (10.0, 15.0)
    assert change.mdc95 == pytest.approx(1.96 * math.sqrt(2.0) * math.sqrt(5.5 / 3.0))
    assert change.beyond is True
    assert mdc95(1.0) == pytest.approx(2.7718585822512662)


def test_fewer_than_three_trials_say_nothing():
    assert math.isnan(sem_from_trials([[1.0, 2.0], [3.0, math.nan, 4.0]]))
    assert change_between([1.0, 2.0, 3.0], [2.0, 3.0]) is None


def test_people_who_did_not_change_seldom_seem_to():
    """Known error: 5 % of pairs lie beyond 1.96 standard errors; the estimated error from 4 degrees of
    freedom raises that to 12.2 % (Student's t). 4 standard errors of the share are allowed."""
    rng = np.random.default_rng(10_400)
    pairs = rng.standard_normal((4000, 2, 3)) * 2.0 + 20.0
    beyond = [change_between(*pair).beyond for pair in pairs]
    from scipy import stats

    expected = 2.0 * stats.t.sf(1.96, 4)
    assert np.mean(beyond) == pytest.approx(expected, abs=4.0 * math.sqrt(expected / 4000))
