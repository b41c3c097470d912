# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an insole calibration holds, what it puts in force, and that files come back whole."""

import json
from dataclasses import replace
from datetime import date

import pytest

from rig.calibrate.bench import SenselCurve
from rig.calibrate.calibration import Calibration
from rig.calibrate.insole_calibration import (
    InsoleCalibration,
    expired_days,
    expiry_sentence,
    with_insole,
)
from rig.calibrate.region_gains import RegionGains
from rig.errors import SettingsError

REGION = RegionGains(
    (0.8,) * 8, (0.05,) * 8, {"heel": 0.0, "flat": 0.01, "ball": 0.0, "toes": 0.02}
)


def _curve(sensel, k_us=100.0, residual_sd=0.01):
    loads_n = (2.0, 5.0, 10.0, 20.0)
    return SenselCurve(sensel, k_us, 0.95, residual_sd, 0.05, 0.9, 0.01, loads_n)


WHOLE = InsoleCalibration(
    insole_id="pair-3",
    board_id="0000abcd",
    made_on="2026-01-10",
    sensels=32,
    curves=tuple(_curve(s, 90.0 + s) for s in range(32)),
    region=REGION,
    stance_weight_n=700.0,
    stance_weight_source="typed",
    version="insole-1",
)


def test_survives_json():
    stored = json.loads(json.dumps(WHOLE.to_json()))
    assert InsoleCalibration.from_json(stored, "there") == WHOLE
    assert stored["verdict"] == "Good."
    assert stored["loads_n"] == [2.0, 5.0, 10.0, 20.0]


@pytest.mark.parametrize(
    "spoil", [{"schema": "other"}, {"made_on": "yesterday"}, {"curves": [{"k_us": 1.0}]}]
)
def test_a_file_that_cannot_be_understood_is_named(spoil):
    with pytest.raises(SettingsError, match=r"there\.json"):
        InsoleCalibration.from_json(WHOLE.to_json() | spoil, "there.json")


def test_it_holds_for_thirty_days_and_a_good_visit_check_renews_it():
    assert expired_days(WHOLE, [], date(2026, 2, 9)) == 0
    assert expired_days(WHOLE, [], date(2026, 2, 10)) == 1
    assert expired_days(WHOLE, ["2026-02-01"], date(2026, 3, 3)) == 0
    assert expiry_sentence(WHOLE, [], date(2026, 2, 1)) == ""
    assert "ran out 5 days ago" in expiry_sentence(WHOLE, [], date(2026, 2, 14))


def test_what_it_puts_in_force():
    before = Calibration(tare_force_n=(1.0,) * 32, foot_gain=(1.2, 0.9), body_weight_gain=3.0)
    after = with_insole(before, WHOLE)
    assert after.sensel_k_us == tuple(90.0 + s for s in range(32))
    assert after.region_gain == REGION.gain
    assert (after.body_weight_gain, after.body_weight_gain_source) == (1.0, "insole")
    assert after.foot_gain == (1.0, 1.0)
    assert not any(after.tare_force_n)
    assert (after.insole_id, after.insole_version, after.insole_made_on) == (
        "pair-3",
        "insole-1",
        "2026-01-10",
    )


def test_a_sensor_without_a_bench_takes_the_middle_curve_and_the_batch_s_spread():
    part = replace(WHOLE, curves=tuple(_curve(s, k) for s, k in ((0, 80.0), (5, 90.0), (9, 120.0))))
    after = with_insole(Calibration(), part)
    assert (after.sensel_k_us[5], after.sensel_k_us[31]) == (90.0, 90.0)
    assert after.sensel_k_us[9] == 120.0
    assert after.sensel_gain_sd[31] == 0.06
    assert after.sensel_gain_sd[5] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"curves": ()}, "No sensor was on the bench"),
        ({"curves": WHOLE.curves[:30]}, "2 sensors were not on the bench"),
        ({"curves": (_curve(0, residual_sd=0.09), *WHOLE.curves[1:])}, "1 sensors stray"),
        ({"region": None}, "No stances were taken"),
        ({"region": replace(REGION, residual={"toes": -0.09})}, "toes stance is -9 %"),
    ],
)
def test_the_verdict_says_what_speaks_against_it(changed, words):
    assert words in replace(WHOLE, **changed).verdict
