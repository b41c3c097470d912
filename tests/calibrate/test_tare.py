# SPDX-License-Identifier: GPL-3.0-or-later
"""Tare and body-weight gain: right ones by hand, impossible ones refused in words."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.tare import body_weight_gain_from_counts, tare_from_counts
from rig.errors import SettingsError
from rig.layout import insole_layout
from rig.layout.insole import PAD_AREA_MM2

LENGTH_MM = 265.0
PLAIN = Calibration(mux_ohm=0.0)


def _counts(force_n, n=2000):
    """Counts of a force on each of 32 pads: c = N Rm G / (1 + Rm G), G = 100 uS/N."""
    conductance_rm = np.broadcast_to(np.asarray(force_n, float), (n, 32)) * 0.1
    return np.rint(1000.0 * conductance_rm / (1.0 + conductance_rm)).astype(int)


def _sole_n(pad_n):
    """What a pair of feet bears when each pad has `pad_n`, by areas alone."""
    return 2.0 * pad_n * insole_layout(LENGTH_MM).tributary_mm2.sum() / PAD_AREA_MM2


def test_tare_is_each_pad_s_median(make_hello):
    counts = _counts(0.0)
    counts[:, 3] = 10  # 10 / (1000 - 10) of 10 N at 1 kohm: 0.101 N
    counts[::50, 3] = 300
    found = tare_from_counts(counts, make_hello(), PLAIN, LENGTH_MM)
    assert found.tare_force_n[3] == pytest.approx(10.0 * 10 / 990, rel=1e-6)
    assert sum(found.tare_force_n) == pytest.approx(found.tare_force_n[3])


def test_noise_is_the_spread_of_each_foot(make_hello):
    rng = np.random.default_rng(1)
    counts = _counts(0.0)
    counts[:, :16] = 10 + rng.integers(-1, 2, (2000, 16))
    found = tare_from_counts(counts, make_hello(), PLAIN, LENGTH_MM)
    weights = insole_layout(LENGTH_MM).tributary_mm2 / PAD_AREA_MM2
    # uniform over -1, 0, 1 counts has sd sqrt(2/3); near 10 counts one count is 0.0102 N
    expected = np.sqrt(2.0 / 3.0) * 0.0102 * np.sqrt((weights**2).sum())
    assert found.unloaded_noise_n[0] == pytest.approx(expected, rel=0.05)
    assert found.unloaded_noise_n[1] == 0.0


@pytest.mark.parametrize(
    ("force_n", "frames", "words"),
    [(2.0, 2000, "hang free"), (0.0, 500, "Only 500 frames")],
)
def test_a_tare_that_cannot_be_is_refused(make_hello, force_n, frames, words):
    with pytest.raises(SettingsError, match=words):
        tare_from_counts(_counts(force_n, frames), make_hello(), PLAIN, LENGTH_MM)


def test_a_tare_of_a_moving_foot_is_refused(make_hello):
    counts = _counts(0.0)
    counts[::3, 16:] = 40
    with pytest.raises(SettingsError, match="still for two seconds"):
        tare_from_counts(counts, make_hello(), PLAIN, LENGTH_MM)


def test_gain_makes_quiet_stance_the_body_weight(make_hello):
    weight_n = 1.25 * _sole_n(2.5)
    found = body_weight_gain_from_counts(_counts(2.5), make_hello(), PLAIN, weight_n, LENGTH_MM)
    assert found.body_weight_gain == pytest.approx(1.25, rel=1e-6)
    assert found.body_weight_gain_source == "measured"


def test_gain_scales_the_noise_that_the_tare_found(make_hello):
    noisy = Calibration(mux_ohm=0.0, unloaded_noise_n=(1.0, 2.0))
    weight_n = 1.5 * _sole_n(2.5)
    found = body_weight_gain_from_counts(_counts(2.5), make_hello(), noisy, weight_n, LENGTH_MM)
    assert found.unloaded_noise_n == pytest.approx((1.5, 3.0))


def test_one_foot_off_the_ground_is_refused_by_name(make_hello):
    force = np.full(32, 5.0)
    force[:16] = 0.1
    with pytest.raises(SettingsError, match="left foot bears only 2 %"):
        body_weight_gain_from_counts(_counts(force), make_hello(), PLAIN, 700.0, LENGTH_MM)


@pytest.mark.parametrize("force_n", [0.0, 0.3, 90.0])
def test_a_total_that_no_body_explains_is_refused(make_hello, force_n):
    with pytest.raises(SettingsError, match="cannot be a person of 700 N"):
        body_weight_gain_from_counts(_counts(force_n), make_hello(), PLAIN, 700.0, LENGTH_MM)


def test_a_moving_person_is_refused(make_hello):
    sway = 2.5 * (1.0 + 0.3 * np.sin(np.arange(2000) / 100.0))[:, None]
    with pytest.raises(SettingsError, match="Stand still"):
        body_weight_gain_from_counts(_counts(sway), make_hello(), PLAIN, _sole_n(2.5), LENGTH_MM)


def test_counts_of_another_rig_are_refused(make_hello):
    with pytest.raises(SettingsError, match="32 pads"):
        tare_from_counts(np.zeros((2000, 16)), make_hello(), PLAIN)
