# SPDX-License-Identifier: GPL-3.0-or-later
"""A subject's true loads: body weight, symmetry, and sway that goes where it was sent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.layout import Foot
from rig.simulate.body import sway_shares
from rig.simulate.load_field import POSTURE_SHARES, load_field

DRILLS = ("stance", "pony", "tapping", "hopping")


@pytest.mark.parametrize("drill", ["stance", "pony", "tapping"])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_foot_on_the_ground_bears_the_body_weight(drill, seed, loads_of, body_weight_n):
    total = loads_of(drill, seed).foot_force_n.sum(axis=1)
    np.testing.assert_allclose(total, body_weight_n, rtol=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_whole_hops_carry_the_body_weight(seed, loads_of, body_weight_n):
    total = loads_of("hopping", seed, 30).foot_force_n.sum(axis=1)
    landings = np.flatnonzero((total[:-1] < 1.0) & (total[1:] >= 1.0))
    mean_bw = total[landings[0] : landings[-1]].mean() / body_weight_n
    assert mean_bw == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("drill", DRILLS)
def test_regions_share_out_each_foot_s_force(drill, loads_of):
    loads = loads_of(drill)
    np.testing.assert_allclose(loads.region_force_n.sum(axis=2), loads.foot_force_n, atol=1e-9)
    assert loads.region_force_n.min() >= 0.0
    assert loads.kernel_force_n.min() >= 0.0


@pytest.mark.parametrize("drill", DRILLS)
def test_the_other_working_side_is_the_mirror_image(drill, loads_of):
    right, left = loads_of(drill), loads_of(drill, working=Foot.LEFT)
    np.testing.assert_array_equal(left.foot_force_n, right.foot_force_n[:, ::-1])
    np.testing.assert_array_equal(left.kernel_force_n, right.kernel_force_n[:, ::-1])
    mirror = np.array([-1.0, 1.0])
    np.testing.assert_array_equal(left.foot_cop_mm, right.foot_cop_mm[:, ::-1] * mirror)
    np.testing.assert_allclose(left.cop_mm, right.cop_mm * mirror, atol=1e-9)


def test_the_seed_decides_all(loads_of):
    first, again, other = loads_of(None, 3), loads_of(None, 3), loads_of(None, 4)
    np.testing.assert_array_equal(first.kernel_force_n, again.kernel_force_n)
    assert not np.array_equal(first.kernel_force_n, other.kernel_force_n)


def test_single_leg_cop_sways_as_the_table_says(loads_of):
    rms = []
    for seed in range(20):
        held = loads_of("stance", seed, 16).foot_cop_mm[8000:16000, Foot.RIGHT]
        rms.append(held.std(axis=0))
    ml_mm, ap_mm = np.mean(rms, axis=0)
    assert 3.8 <= ap_mm <= 7.5
    assert 3.8 <= ml_mm <= 6.5


def test_joint_cop_of_even_stance_lies_between_the_feet(loads_of):
    loads = loads_of("stance", 2)
    quiet = slice(0, 5000)
    assert abs(loads.cop_mm[quiet, 0].mean()) < 12.0
    assert loads.cop_mm[quiet, 0].std() < 6.0


def test_joint_cop_on_one_leg_lies_on_that_foot(loads_of):
    """On the template the foot's own ml grows by its heel's 81 mm, turned outward by 7 degrees."""
    loads = loads_of("stance", 2)
    ml_mm, ap_mm = loads.foot_cop_mm[10_000, Foot.RIGHT]
    turn = np.deg2rad(7.0)
    expected = (
        81.0 + ml_mm * np.cos(turn) + ap_mm * np.sin(turn),
        ap_mm * np.cos(turn) - ml_mm * np.sin(turn),
    )
    assert loads.cop_mm[10_000] == pytest.approx(expected)


@given(ap_mm=st.floats(-6.0, 6.0), lateral_mm=st.floats(-8.0, 8.0))
def test_sway_moves_the_cop_by_what_was_asked(ap_mm, lateral_mm):
    field = load_field(265.0)
    before = POSTURE_SHARES["pose"][None, :]
    after = sway_shares(before, np.array([ap_mm]), np.array([lateral_mm]), field)
    assert after.sum() == pytest.approx(1.0)
    assert after.min() >= 0.0
    moved = (after - before)[0] @ field.centroid_mm
    assert moved[1] == pytest.approx(ap_mm, abs=0.5)
    assert moved[0] == pytest.approx(lateral_mm, abs=2.5)


def test_violent_sway_never_makes_a_share_negative():
    field = load_field(265.0)
    for name, shares in POSTURE_SHARES.items():
        for ap_mm, lateral_mm in ((-200.0, -90.0), (200.0, 90.0), (-200.0, 90.0)):
            after = sway_shares(shares[None, :], np.array([ap_mm]), np.array([lateral_mm]), field)
            assert after.min() >= 0.0, name
            assert after.sum() == pytest.approx(1.0)
