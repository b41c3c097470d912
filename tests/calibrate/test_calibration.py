# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from rig.calibrate.calibration import Calibration
from rig.errors import SettingsError


def test_survives_json():
    calibration = Calibration(
        identifier="clinic",
        tare_force_n=(0.25,) * 32,
        unloaded_noise_n=(1.0, 2.0),
        sensel_k_us=(101.0,) * 32,
        sensel_exponent=(0.98,) * 32,
        sensel_gain_sd=(0.02,) * 32,
        region_gain=(0.9, 1.1) * 4,
        foot_gain_sd=(0.03, 0.04),
        bench_loads_n=(2.0, 5.0),
        visit_weight_n=690.0,
    )
    assert Calibration.from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


def test_the_first_version_s_entries_are_enough():
    stored = Calibration(identifier="first").to_json()
    first = [
        "identifier",
        "fsr_k_us",
        "fsr_exponent",
        "mux_ohm",
        "tare_force_n",
        "body_weight_gain",
        "body_weight_gain_source",
        "unloaded_noise_n",
        "sensel_map",
    ]
    loaded = Calibration.from_json({name: stored[name] for name in first})
    assert loaded == Calibration(identifier="first")


def test_unknown_entries_are_named():
    with pytest.raises(SettingsError, match="curl"):
        Calibration.from_json({"curl": [1.0]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"tare_force_n": (0.0,) * 16},
        {"fsr_k_us": 0.0},
        {"body_weight_gain": -1.0},
        {"sensel_k_us": (100.0,) * 32},
        {"sensel_k_us": (100.0,) * 32, "sensel_exponent": (0.0,) * 32},
        {"sensel_gain_sd": (0.02,) * 31},
        {"region_gain": (1.0,) * 4},
        {"region_gain": (1.0,) * 7 + (0.0,)},
        {"foot_gain": (1.0,)},
        {"foot_gain_sd": (0.1, -0.1)},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SettingsError, match="again"):
        Calibration(**wrong)
