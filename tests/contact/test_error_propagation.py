# SPDX-License-Identifier: GPL-3.0-or-later
"""Propagation held against sums done by hand and against many drawn errors."""

import numpy as np
import pytest
from scipy import stats

from rig.contact.error_propagation import error_ellipse, grouped, propagated

NO_GROUPS = grouped(np.zeros(4, np.int64), np.zeros((1, 1)), np.zeros((1, 1, 2, 2)))
SQUARE_MM = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 200.0], [100.0, 200.0]])


def test_two_pads_by_hand():
    """CoP = (F1 x1 + F2 x2) / (F1 + F2); 10 % on each of two equal forces 100 mm apart move it by
    0.1 * 0.5 * 50 mm each, 3.54 mm together."""
    place = np.array([[0.0, 0.0], [100.0, 0.0]])
    load = np.full((2, 1), 30.0)
    groups = grouped(np.zeros(2, np.int64), np.zeros((1, 1)), np.zeros((1, 1, 2, 2)))
    found = propagated(place, load, (0.1 * load) ** 2, groups)
    assert np.sqrt(found.covariance_mm2[0, 0, 0]) == pytest.approx(2.5 * np.sqrt(2.0))
    assert found.covariance_mm2[0, 1, 1] == 0.0
    assert np.sqrt(found.force_variance_n2[0]) == pytest.approx(3.0 * np.sqrt(2.0))


def test_an_error_in_common_moves_the_force_and_not_the_place():
    load = np.array([[10.0], [20.0], [30.0], [40.0]])
    groups = grouped(np.zeros(4, np.int64), np.array([[0.2**2]]), np.zeros((1, 1, 2, 2)))
    found = propagated(SQUARE_MM, load, np.zeros((4, 1)), groups)
    assert found.covariance_mm2 == pytest.approx(0.0, abs=1e-9)
    assert np.sqrt(found.force_variance_n2[0]) == pytest.approx(0.2 * 100.0)


def test_a_groups_own_place_counts_by_its_share_of_the_load():
    load = np.array([[10.0], [10.0], [30.0], [30.0]])
    centroid = np.zeros((2, 2, 2, 2))
    centroid[1, 1] = [[4.0, 1.0], [1.0, 9.0]]
    groups = grouped(np.array([0, 0, 1, 1]), np.zeros((2, 2)), centroid)
    found = propagated(SQUARE_MM, load, np.zeros((4, 1)), groups)
    assert found.covariance_mm2[0] == pytest.approx(0.75**2 * centroid[1, 1])


def test_it_agrees_with_drawn_errors():
    """Errors of 3 % are small enough for the first order."""
    rng = np.random.default_rng(1)
    load = np.array([80.0, 40.0, 20.0, 60.0])
    group_sd, own_sd = np.array([0.03, 0.02]), 0.03 * load
    groups = grouped(np.array([0, 0, 1, 1]), np.diag(group_sd**2), np.zeros((2, 2, 2, 2)))
    found = propagated(SQUARE_MM, load[:, None], own_sd[:, None] ** 2, groups)
    common = rng.standard_normal((200_000, 2)) * group_sd
    drawn = load * (1.0 + common[:, [0, 0, 1, 1]])
    drawn += rng.standard_normal(drawn.shape) * own_sd
    total = drawn.sum(axis=1)
    cop = (drawn @ SQUARE_MM) / total[:, None]
    assert found.covariance_mm2[0] == pytest.approx(np.cov(cop.T), rel=0.03, abs=0.02)
    assert found.force_variance_n2[0] == pytest.approx(total.var(), rel=0.02)


def test_nothing_loaded_has_no_place():
    found = propagated(SQUARE_MM, np.zeros((4, 3)), np.ones((4, 3)), NO_GROUPS)
    assert np.isnan(found.covariance_mm2).all()
    assert found.force_variance_n2.tolist() == [4.0, 4.0, 4.0]


def test_frames_do_not_know_each_other():
    rng = np.random.default_rng(2)
    load = rng.random((4, 50)) * 100.0
    groups = grouped(np.array([0, 0, 0, 1]), np.eye(2) * 0.01, np.zeros((2, 2, 2, 2)))
    whole = propagated(SQUARE_MM, load, 0.01 * load**2, groups)
    for start, stop in ((0, 1), (1, 17), (17, 50)):
        part = slice(start, stop)
        piece = propagated(SQUARE_MM, load[:, part], 0.01 * load[:, part] ** 2, groups)
        assert piece.covariance_mm2.tobytes() == whole.covariance_mm2[part].tobytes()
        assert piece.force_variance_n2.tobytes() == whole.force_variance_n2[part].tobytes()


def test_the_ellipse_of_a_known_covariance():
    """Of sd 3 mm AP and 1 mm ML: half axes sqrt(5.991) times these; turned by 30 degrees to + ML."""
    upright = error_ellipse(np.diag([1.0, 9.0]))
    factor = np.sqrt(stats.chi2.ppf(0.95, 2))
    assert upright.major_mm == pytest.approx(3.0 * factor)
    assert upright.minor_mm == pytest.approx(1.0 * factor)
    assert upright.angle_deg == pytest.approx(0.0)
    assert upright.area_mm2 == pytest.approx(np.pi * 3.0 * factor**2)
    angle = np.deg2rad(30.0)
    axes = np.array([[np.sin(angle), np.cos(angle)], [np.cos(angle), -np.sin(angle)]])
    turned = error_ellipse(axes.T @ np.diag([9.0, 1.0]) @ axes)
    assert turned.angle_deg == pytest.approx(30.0)
    assert np.isnan(error_ellipse(np.full((2, 2), np.nan)).major_mm)


def test_the_ellipse_holds_what_it_says():
    rng = np.random.default_rng(3)
    covariance = np.array([[4.0, 3.0], [3.0, 16.0]])
    drawn = rng.multivariate_normal([0.0, 0.0], covariance, 50_000)
    for contained in (0.5, 0.95):
        found = error_ellipse(covariance, contained)
        angle = np.deg2rad(found.angle_deg)
        along = drawn @ np.array([np.sin(angle), np.cos(angle)]) / found.major_mm
        across = drawn @ np.array([np.cos(angle), -np.sin(angle)]) / found.minor_mm
        assert np.mean(along**2 + across**2 <= 1.0) == pytest.approx(contained, abs=0.01)
