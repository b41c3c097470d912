# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from dashboard.foot_map_model import (
    MAP_COLUMNS,
    MAP_ROWS,
    OUTSIDE,
    foot_grid,
    pad_pressure_kpa,
    paint_map,
)
from rig.layout import Foot, Region, insole_layout
from rig.layout.insole import on_stance_template

LENGTH_MM = 265.0


def test_ten_newtons_on_a_pad_are_79_kilopascals():
    # 10 N on a disc of 12.7 mm: 10 / (pi * 6.35^2 mm^2) = 0.07894 N/mm^2
    assert pad_pressure_kpa(np.array([10.0]))[0] == pytest.approx(78.94, abs=0.01)


@pytest.mark.parametrize("foot", list(Foot))
def test_a_uniform_load_gives_a_uniform_sole_and_nothing_outside(foot: Foot):
    grid = foot_grid(foot, LENGTH_MM)
    picture = paint_map(grid, np.full(16, 50.0), 100.0)
    assert picture.shape == (MAP_ROWS, MAP_COLUMNS)
    assert (picture[~grid.inside] == OUTSIDE).all()
    # half of the scale: 1 + 0.5 * 254, rounded
    assert set(np.unique(picture[grid.inside])) == {128}


def test_the_scale_ends_at_its_top_and_an_empty_sole_is_not_outside():
    grid = foot_grid(Foot.LEFT, LENGTH_MM)
    assert paint_map(grid, np.full(16, 5000.0), 100.0)[grid.inside].min() == 255
    assert set(np.unique(paint_map(grid, np.zeros(16), 100.0)[grid.inside])) == {1}


def test_a_load_on_the_ball_is_brightest_at_the_ball_and_leaves_the_heel_empty():
    grid = foot_grid(Foot.RIGHT, LENGTH_MM)
    on_ball = np.where(insole_layout(LENGTH_MM).region == Region.BALL, 80.0, 0.0)
    picture = paint_map(grid, on_ball, 100.0)
    row = np.unravel_index(np.argmax(picture), picture.shape)[0]
    ap_share = row / MAP_ROWS
    assert 0.5 < ap_share < 0.85
    assert picture[: MAP_ROWS // 4].max() <= 2


def test_left_and_right_are_mirror_images():
    left, right = foot_grid(Foot.LEFT, LENGTH_MM), foot_grid(Foot.RIGHT, LENGTH_MM)
    pressure = np.arange(16.0)
    mirrored = paint_map(right, pressure, 20.0)[:, ::-1].astype(int)
    difference = np.abs(paint_map(left, pressure, 20.0) - mirrored)
    assert (difference > 1).mean() < 0.001
    assert left.rect_mm[0] == pytest.approx(-(right.rect_mm[0] + right.rect_mm[2]))


def test_the_hottest_pixel_lies_on_the_pad_that_is_pressed():
    for foot in Foot:
        grid = foot_grid(foot, LENGTH_MM)
        for pad in (0, 7, 15):
            picture = paint_map(grid, np.where(np.arange(16) == pad, 90.0, 0.0), 100.0)
            x, y, width, height = grid.rect_mm
            rows, columns = np.nonzero(picture == picture.max())
            middle = (
                x + (columns.mean() + 0.5) * width / MAP_COLUMNS,
                y + (rows.mean() + 0.5) * height / MAP_ROWS,
            )
            assert np.hypot(*(middle - grid.pads_mm[pad])) < 20.0


def test_a_heel_stands_81_mm_beside_the_middle_and_toes_point_outwards():
    heel = np.zeros(2)
    assert on_stance_template(Foot.LEFT, heel) == pytest.approx([-81.0, 0.0])
    assert on_stance_template(Foot.RIGHT, heel) == pytest.approx([81.0, 0.0])
    # 100 mm ahead of the heel at 7 degrees: 12.19 mm outwards, 99.25 mm forward
    ahead = np.array([0.0, 100.0])
    assert on_stance_template(Foot.LEFT, ahead) == pytest.approx([-93.19, 99.25], abs=0.01)
    assert on_stance_template(Foot.RIGHT, ahead) == pytest.approx([93.19, 99.25], abs=0.01)


def test_absent_pads_leave_their_places_dark_and_take_nothing_from_the_others():
    grid = foot_grid(Foot.LEFT, LENGTH_MM)
    region = insole_layout(LENGTH_MM).region
    ball_only = np.where(region == Region.BALL, 80.0, np.nan)
    picture = paint_map(grid, ball_only, 100.0)
    at_ball = grid.pads_mm[7]
    x, y, width, height = grid.rect_mm
    row = int((at_ball[1] - y) / height * MAP_ROWS)
    column = int((at_ball[0] - x) / width * MAP_COLUMNS)
    # 1.5 + 0.8 * 254, cut to a whole number: the present pads' own pressure, undiluted
    assert picture[row, column] == 204
    assert picture[: MAP_ROWS // 5][grid.inside[: MAP_ROWS // 5]].max() == 1
    assert (paint_map(grid, np.full(16, np.nan), 100.0) == OUTSIDE).all()
