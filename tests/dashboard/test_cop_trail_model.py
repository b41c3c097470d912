# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from dashboard.cop_trail_model import BOTH, LEFT, RIGHT, CopTrails


def test_the_trail_keeps_one_second_at_one_point_every_ten_milliseconds(hopping):
    trails = CopTrails()
    for block in hopping.blocks:
        trails.push(block.loads)
    assert trails.t_s[-1] - trails.t_s[0] <= 1.0
    assert 95 <= len(trails.t_s) <= 101
    assert np.diff(trails.t_s) == pytest.approx(0.01, abs=0.0021)


def test_both_feet_together_lie_between_the_feet_in_stance(play):
    trails = CopTrails()
    loads = play("stance", 3.0, 1).blocks
    for block in loads:
        trails.push(block.loads)
    left, right, both = (trails.places_mm[-1, which] for which in (LEFT, RIGHT, BOTH))
    assert left[0] < both[0] < right[0]
    # the point of both lies on the line between the feet's own: their force-weighted mean
    share = (both[0] - left[0]) / (right[0] - left[0])
    assert both[1] == pytest.approx(left[1] + share * (right[1] - left[1]), abs=0.5)


def test_a_foot_in_the_air_has_no_place(hopping):
    trails = CopTrails()
    places = []
    for block in hopping.blocks:
        trails.push(block.loads)
        places.append(trails.places_mm[-1, RIGHT, 0])
    in_the_air = np.isnan(places)
    assert 0.1 < in_the_air.mean() < 0.9
