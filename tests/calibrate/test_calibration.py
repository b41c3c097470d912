# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from rig.calibrate.calibration import Calibration
from rig.errors import SettingsError


def test_survives_json():
    calibration = Calibration(
        identifier="clinic", tare_force_n=(0.25,) * 32, unloaded_noise_n=(1.0, 2.0)
    )
    assert Calibration.from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


def test_unknown_entries_are_named():
    with pytest.raises(SettingsError, match="region_gains"):
        Calibration.from_json({"region_gains": [1.0]})


@pytest.mark.parametrize(
    "wrong",
    [{"tare_force_n": (0.0,) * 16}, {"fsr_k_us": 0.0}, {"body_weight_gain": -1.0}],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SettingsError, match="again"):
        Calibration(**wrong)
