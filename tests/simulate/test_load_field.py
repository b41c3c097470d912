# SPDX-License-Identifier: GPL-3.0-or-later
"""The load field against its own integrals and the published figures of the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.layout.foot import inside_outline
from rig.layout.insole import PAD_DIAMETER_MM, SENSOR_NAMES, SENSOR_XY
from rig.simulate.load_field import POSTURE_SHARES, ladder_heights, load_field, posture_shares
from rig.simulate.pads import pad_integrals

SEEDS = (None, 0, 1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_kernel_holds_all_of_its_load_on_the_sole(seed):
    assert load_field(260.0, seed).regions.sum(axis=1) == pytest.approx(np.ones(9), abs=1e-12)


def test_postures_share_out_the_whole_load():
    for name, shares in POSTURE_SHARES.items():
        assert shares.sum() == pytest.approx(1.0), name


def test_true_cop_of_the_postures():
    field = load_field(260.0)
    heights = {n: s @ field.centroid_mm[:, 1] / 260.0 for n, s in POSTURE_SHARES.items()}
    expected = {
        "stand": 0.35,
        "flat": 0.46,
        "pose": 0.67,
        "ball": 0.74,
        "toe_off": 0.79,
        "strike": 0.16,
        "tiptoe": 0.863,
    }
    assert heights == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("name", ["stand", "flat", "pose", "ball", "toe_off", "strike"])
def test_pads_catch_16_to_18_percent_of_the_load(name):
    caught = POSTURE_SHARES[name] @ pad_integrals(load_field(260.0)).sum(axis=1)
    assert 0.155 <= caught <= 0.185


def test_pads_catch_up_to_31_percent_of_narrow_peaks():
    """The published figure knows no tiptoe, whose load sits on two pads."""
    pads = pad_integrals(load_field(260.0, None, 0.6)).sum(axis=1)
    caught = {name: s @ pads for name, s in POSTURE_SHARES.items() if name != "tiptoe"}
    assert max(caught.values()) == pytest.approx(0.31, abs=0.01)


def test_clean_pose_has_a_heel_share_of_007():
    assert (POSTURE_SHARES["pose"] @ load_field(260.0).regions)[0] == pytest.approx(0.07, abs=0.005)


def test_peak_pad_forces_of_a_70_kg_person():
    pads = pad_integrals(load_field(265.0))
    weight_n = 70.0 * 9.80665
    standing = 0.5 * weight_n * (POSTURE_SHARES["stand"] @ pads).max()
    pose = weight_n * (POSTURE_SHARES["pose"] @ pads).max()
    assert standing == pytest.approx(10.0, abs=1.0)
    assert pose == pytest.approx(19.0, abs=1.5)


def test_one_pad_against_plain_summation():
    """A Gaussian of unit peak summed over disc and sole on a grid of its own."""
    step = 0.25
    length, width = 260.0, 0.38 * 260.0
    x, y = np.meshgrid(np.arange(-50, 50, step) + 0.1, np.arange(0, 260, step) + 0.1)
    sole = inside_outline(x / width, y / length)
    kernel = np.exp(-0.5 * ((x / width / 0.15) ** 2 + ((y / length - 0.13) / 0.075) ** 2)) * sole
    centre_x, centre_y = SENSOR_XY[SENSOR_NAMES.index("HM")] * np.array([width, length])
    disc = (x - centre_x) ** 2 + (y - centre_y) ** 2 <= (0.5 * PAD_DIAMETER_MM) ** 2
    expected = (kernel * disc).sum() / kernel.sum()
    got = pad_integrals(load_field(260.0))[0, SENSOR_NAMES.index("HM")]
    assert got == pytest.approx(expected, rel=0.01)


@given(st.floats(0.16, 0.79))
def test_the_cop_follows_the_posture_asked_for(y):
    heights = ladder_heights()
    centroid = posture_shares(np.array(y)) @ load_field(260.0).centroid_mm[:, 1] / 260.0
    assert centroid == pytest.approx(np.clip(y, heights[0], heights[-1]), abs=1e-9)


def test_postures_beyond_the_ladder_hold_its_ends():
    np.testing.assert_allclose(posture_shares(np.array(0.0)), POSTURE_SHARES["strike"])
    np.testing.assert_allclose(posture_shares(np.array(1.0)), POSTURE_SHARES["tiptoe"])


def test_subjects_differ_and_stay_themselves():
    one, again, other = load_field(260.0, 1), load_field.__wrapped__(260.0, 1), load_field(260.0, 2)
    assert not np.allclose(one.regions, other.regions)
    np.testing.assert_array_equal(one.regions, again.regions)


@pytest.mark.parametrize("seed", SEEDS)
def test_densities_hold_one_each_and_nothing_beside_the_sole(seed):
    """Summed over a grid of its own, in mm^2."""
    field = load_field(260.0, seed)
    x_mm, y_mm = np.meshgrid(np.arange(-60, 60, 0.7), np.arange(-10, 270, 0.7))
    points = np.column_stack((x_mm.ravel() / field.foot_width_mm, y_mm.ravel() / 260.0))
    densities = field.densities(points)
    np.testing.assert_allclose(densities.sum(axis=1) * 0.7**2, 1.0, atol=0.005)
    beside = ~inside_outline(points[:, 0], points[:, 1])
    assert densities[:, beside].max() == 0.0
    np.testing.assert_array_equal(field.kernel(3, points), densities[3])
