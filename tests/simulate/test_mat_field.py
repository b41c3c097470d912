# SPDX-License-Identifier: GPL-3.0-or-later
"""Feet placed on a mat: places worked out by hand, cells against the field itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.errors import SettingsError
from rig.layout import Foot
from rig.layout.foot import foot_outline
from rig.layout.mat import MatLayout
from rig.simulate.load_field import load_field
from rig.simulate.mat_field import (
    FootPlacement,
    cell_integrals,
    random_stand,
    template_stand,
)

MAT_16, MAT_32 = MatLayout(16, 16, 25.0), MatLayout(32, 32, 12.5)
LENGTH_MM = 265.0


def test_toes_point_outwards():
    """100 mm ahead at 30 degrees: 50 mm outwards, 86.6 mm forward."""
    ahead = np.array([0.0, 100.0])
    right = FootPlacement(250.0, 60.0, 30.0).to_mat_mm(Foot.RIGHT, ahead)
    left = FootPlacement(150.0, 60.0, 30.0).to_mat_mm(Foot.LEFT, ahead)
    np.testing.assert_allclose(right, [300.0, 146.6025], atol=1e-3)
    np.testing.assert_allclose(left, [100.0, 146.6025], atol=1e-3)


def test_the_little_toe_s_side_is_outside():
    """40 mm lateral at 0 degrees lies to the right of the right foot, to the left of the left one."""
    lateral = np.array([40.0, 0.0])
    assert FootPlacement(250.0, 60.0, 0.0).to_mat_mm(Foot.RIGHT, lateral)[0] == 290.0
    assert FootPlacement(150.0, 60.0, 0.0).to_mat_mm(Foot.LEFT, lateral)[0] == 110.0


@given(st.floats(-180, 180), st.sampled_from(list(Foot)), st.floats(-50, 50), st.floats(0, 265))
def test_there_and_back(toe_out, foot, lateral, forward):
    placement = FootPlacement(210.0, 70.0, toe_out)
    point = np.array([[lateral, forward]])
    back = placement.to_foot_mm(foot, placement.to_mat_mm(foot, point))
    np.testing.assert_allclose(back, point, atol=1e-9)


@pytest.mark.parametrize("layout", [MAT_16, MAT_32])
@pytest.mark.parametrize("toe_out", [-5.0, 0.0, 12.0, 30.0])
def test_cells_hold_the_whole_load_and_its_centre(layout, toe_out):
    """Added up, each kernel is 1; its centre of cells is its centroid to a fraction of a cell."""
    field = load_field(LENGTH_MM, 2)
    placement = FootPlacement(215.0, 60.0, toe_out)
    table = cell_integrals(field, layout, Foot.RIGHT, placement)
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-12)
    centre = table @ layout.place_mm
    expected = placement.to_mat_mm(Foot.RIGHT, field.centroid_mm)
    assert np.abs(centre - expected).max() < 0.3 * layout.pitch_mm


def test_a_cell_is_the_field_s_mean_density_times_its_area():
    field = load_field(LENGTH_MM)
    placement = FootPlacement(215.0, 60.0, 10.0)
    table = cell_integrals(field, MAT_32, Foot.RIGHT, placement)
    cell = int(np.argmax(table[0]))
    fine = np.linspace(-6.25, 6.25, 101)[:-1] + 0.0625
    points = MAT_32.place_mm[cell] + np.stack(np.meshgrid(fine, fine), axis=-1).reshape(-1, 2)
    local = placement.to_foot_mm(Foot.RIGHT, points) / [field.foot_width_mm, LENGTH_MM]
    expected = field.densities(local).mean(axis=1) * MAT_32.cell_area_mm2
    np.testing.assert_allclose(table[:, cell], expected, rtol=0.01, atol=1e-6)


def test_a_foot_beside_the_mat_is_not_felt():
    table = cell_integrals(load_field(LENGTH_MM), MAT_16, Foot.LEFT, FootPlacement(-200.0, 0.0, 0))
    assert not table.any()


def test_template_stance_stands_in_the_middle():
    stand = template_stand(MAT_16, LENGTH_MM)
    assert (stand.left.x_mm, stand.right.x_mm) == (119.0, 281.0)
    assert stand.left.y_mm == stand.right.y_mm == pytest.approx(67.5)
    assert (stand.left.axis_deg(Foot.LEFT), stand.right.axis_deg(Foot.RIGHT)) == (-7.0, 7.0)


@pytest.mark.parametrize("seed", range(12))
def test_random_stands_are_on_the_mat_and_apart(seed):
    stand = random_stand(MAT_16, LENGTH_MM, np.random.default_rng(seed))
    outline = foot_outline(40) * [0.38 * LENGTH_MM, LENGTH_MM]
    left, right = (stand.of(f).to_mat_mm(f, outline) for f in Foot)
    for sole in (left, right):
        assert sole.min() >= -0.5
        assert sole.max() <= 400.5
    assert np.sqrt(((left[:, None] - right) ** 2).sum(axis=-1)).min() > 13.0
    assert left.mean(axis=0)[0] < right.mean(axis=0)[0]
    for foot in Foot:
        assert -5.0 <= stand.of(foot).toe_out_deg <= 30.0


def test_random_stands_reach_all_toe_outs():
    rng = np.random.default_rng(1)
    toe_outs = [random_stand(MAT_16, LENGTH_MM, rng).right.toe_out_deg for _ in range(60)]
    assert min(toe_outs) < 2.0
    assert max(toe_outs) > 22.0


def test_feet_too_long_for_the_mat_are_refused():
    with pytest.raises(SettingsError, match="no room"):
        random_stand(MatLayout(8, 8, 25.0), LENGTH_MM, np.random.default_rng(0))
