# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes, bands and outline against the figures of the layout's description."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.errors import SettingsError
from rig.layout import foot_length_mm, foot_outline, foot_width_mm
from rig.layout.foot import inside_outline, outline_half_widths


def test_size_42_is_265_mm_long():
    assert foot_length_mm(42) == pytest.approx(265.0)


def test_a_size_is_one_paris_point_of_two_thirds_of_a_centimetre():
    assert foot_length_mm(43) - foot_length_mm(42) == pytest.approx(20 / 3)


def test_width_is_038_of_the_length():
    assert foot_width_mm(260.0) == pytest.approx(98.8)


@pytest.mark.parametrize("size", [14.9, 55.1, float("nan")])
def test_an_impossible_size_is_refused_by_name(size):
    with pytest.raises(SettingsError, match="15 to 55"):
        foot_length_mm(size)


def test_outline_at_rows_of_its_table_and_between():
    medial, lateral = outline_half_widths(np.array([0.62, 0.65, 1.0]))
    assert medial == pytest.approx([0.40, 0.425, 0.15])
    assert lateral == pytest.approx([0.49, 0.485, -0.10])


def test_outline_is_undefined_off_the_foot():
    medial, lateral = outline_half_widths(np.array([-0.01, 1.01]))
    assert np.isnan(medial).all()
    assert np.isnan(lateral).all()
    assert not inside_outline(np.zeros(2), np.array([-0.01, 1.01])).any()


@given(st.floats(0.0, 1.0), st.floats(-0.6, 0.6))
def test_inside_means_between_the_half_widths(y, x):
    medial, lateral = outline_half_widths(np.array(y))
    assert bool(inside_outline(np.array(x), np.array(y))) == (-medial <= x <= lateral)


def test_outline_polygon_encloses_the_sole_of_172_square_centimetres():
    outline = foot_outline(200) * np.array([foot_width_mm(260.0), 260.0])
    x, y = outline.T
    area_cm2 = 0.005 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    assert area_cm2 == pytest.approx(172.0, abs=1.0)
