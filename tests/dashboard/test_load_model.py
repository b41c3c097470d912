# SPDX-License-Identifier: GPL-3.0-or-later
import math

import numpy as np
import pytest

from dashboard.load_model import SHOWN_INTERVAL_S, LoadReadout, load_figures
from rig.layout import Foot


def test_in_quiet_stance_both_feet_bear_about_half_and_shares_are_of_the_foot(play):
    loads = play("stance", 3.0, 1).blocks[-1].loads
    figures = load_figures(loads)
    assert figures.share_left == pytest.approx(0.5, abs=0.12)
    for foot in figures.feet:
        assert 0.0 < foot.ball_share < 1.0
        assert 0.0 < foot.heel_share < 1.0
    # newtons of heel and ball add up to no more than the body weight
    total = sum(foot.heel_n + foot.ball_n for foot in figures.feet)
    assert 0.5 * 686.0 < total < 1.1 * 686.0


def test_a_foot_in_the_air_has_newtons_but_no_shares(hopping):
    for block in hopping.blocks:
        if len(block.loads) and np.isnan(block.loads.foot_cop_mm[-1, Foot.RIGHT, 0]):
            foot = load_figures(block.loads).feet[Foot.RIGHT]
            assert math.isnan(foot.heel_share)
            assert math.isnan(foot.ball_share)
            assert math.isfinite(foot.heel_n)
            return
    pytest.fail("the hopping foot never left the ground")


def test_what_is_shown_stands_long_enough_to_be_read(hopping):
    readout = LoadReadout()
    with_frames = [b.loads for b in hopping.blocks if len(b.loads)]
    readout.push(with_frames[100], now_s=5.0)
    first = readout.shown
    readout.push(with_frames[105], now_s=5.0 + 0.5 * SHOWN_INTERVAL_S)
    assert readout.shown == first
    readout.push(with_frames[110], now_s=5.0 + 1.1 * SHOWN_INTERVAL_S)
    assert readout.shown == load_figures(with_frames[110])
