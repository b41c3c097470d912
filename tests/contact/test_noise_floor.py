# SPDX-License-Identifier: GPL-3.0-or-later
"""A dead weight whose noise is known."""

import dataclasses

import numpy as np
import pytest

from rig.contact.noise_floor import NoiseFloor, noise_floor
from rig.errors import SettingsError


@pytest.fixture
def weight(loads_of):
    """400 N on both insoles; the CoP jumps by 0.1 mm AP from frame to frame."""

    def make(seconds=30.0, swing_n=0.0, cop_mm=None):
        t_s = np.arange(round(seconds * 100) + 1) / 100
        force = 200.0 + swing_n * np.sin(t_s)
        loads = loads_of(t_s, np.column_stack((force, force)), rate_hz=100)
        if cop_mm is None:
            cop_mm = np.column_stack((np.zeros(len(t_s)), 0.1 * (np.arange(len(t_s)) % 2)))
        return [dataclasses.replace(loads, cop_mm=cop_mm)]

    return make


def test_the_floor_is_what_the_weight_did(weight):
    """0.1 mm to and fro at 100 Hz: 10 mm/s, and 0.05 mm about the mean."""
    floor = noise_floor(weight())
    assert floor.velocity_mm_s == pytest.approx(10.0)
    assert (floor.rms_ml_mm, floor.rms_ap_mm) == pytest.approx((0.0, 0.05), abs=1e-6)
    assert floor.load_n == pytest.approx(400.0)
    assert floor.rate_hz == pytest.approx(100.0)
    assert floor.total_force_sd_n == 0.0


def test_velocity_is_flagged_below_three_floors(weight):
    floor = noise_floor(weight())
    assert floor.is_too_near(29.9)
    assert not floor.is_too_near(30.1)


def test_a_filtered_cop_takes_the_place_of_the_raw_one(weight):
    loads = weight()
    still = np.zeros((len(loads[0]), 2))
    assert noise_floor(loads, still).velocity_mm_s == 0.0


def test_it_is_stored_and_read_again(weight):
    floor = noise_floor(weight())
    assert NoiseFloor.from_json(floor.to_json()) == floor
    with pytest.raises(SettingsError, match="Measure it again"):
        NoiseFloor.from_json({"schema": "other"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seconds": 10.0}, "stood for 10 s"),
        ({"swing_n": 30.0}, "no dead weight"),
        ({"cop_mm": np.full((3001, 2), np.nan)}, "heavier weight"),
    ],
)
def test_what_is_no_dead_weight_is_refused(weight, change, said):
    with pytest.raises(SettingsError, match=said):
        noise_floor(weight(**change))
