# SPDX-License-Identifier: GPL-3.0-or-later
"""Every motion obeys Newton, its mirror and its own description, read off the true loads."""

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.layout import Foot
from rig.settings import DRILL_NAMES
from rig.simulate.catalogue import APPLICABLE, MOTION_NAMES
from rig.simulate.motions import drill_setting, motion_kind
from rig.simulate.person import simulate_session
from rig.simulate.sensors import NO_FAULTS
from rig.simulate.truth import truth_json

DRILLS = tuple(APPLICABLE)
FLYING = ("hopping", "lunge", "switch", "running-lunge", "running", "forefoot-running")
SUPPORTED = (
    "stance",
    "change-of-support",
    "pony",
    "forward-change",
    "tapping",
    "quiet",
    "single-leg",
    "ball-stance",
)


def _landings(force):
    return np.flatnonzero((force[:-1] < 20.0) & (force[1:] >= 20.0))


@pytest.mark.parametrize("motion", [*FLYING, "walking"])
@pytest.mark.parametrize("seed", [3, 10])
def test_whole_cycles_carry_the_body_weight(motion, seed, loads_of, body_weight_n):
    force = loads_of(motion, seed, 30).foot_force_n
    landings = _landings(force[:, Foot.RIGHT])
    whole = slice(landings[landings > 4000][0], landings[-1])
    assert force[whole].sum(axis=1).mean() / body_weight_n == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("motion", SUPPORTED)
def test_who_stays_down_bears_the_body_weight(motion, loads_of, body_weight_n):
    total = loads_of(motion, 4, 30).foot_force_n.sum(axis=1) / body_weight_n
    assert total.mean() == pytest.approx(1.0, abs=0.01)
    assert np.abs(total - 1.0).max() < 0.06


@pytest.mark.parametrize("motion", MOTION_NAMES)
def test_kernels_share_out_each_foot_s_force_and_nothing_jumps(motion, loads_of, body_weight_n):
    loads = loads_of(motion, 5, 10)
    np.testing.assert_allclose(loads.kernel_force_n.sum(axis=2), loads.foot_force_n, atol=1e-9)
    assert loads.kernel_force_n.min() >= 0.0
    steps = np.abs(np.diff(loads.foot_force_n, axis=0)).max() / body_weight_n
    assert steps < 0.09, "an impact of 0.9 body weights rises by 0.07 a millisecond"


@pytest.mark.parametrize("motion", MOTION_NAMES)
def test_the_other_working_side_is_the_mirror_image(motion, loads_of):
    right, left = (loads_of(motion, 6, 8, working=foot) for foot in (Foot.RIGHT, Foot.LEFT))
    np.testing.assert_array_equal(left.kernel_force_n, right.kernel_force_n[:, ::-1])
    np.testing.assert_allclose(left.cop_mm, right.cop_mm * np.array([-1.0, 1.0]), atol=1e-9)


def test_truth_does_not_know_the_sensors():
    """Perfect sensors and a slower board change what is measured, not what happened."""
    for motion in ("switch", "change-of-support"):
        usual, perfect = (
            truth_json(simulate_session(motion, 6.0, 3, rate, faults=faults))
            for rate, faults in ((1000, NO_FAULTS), (250, NO_FAULTS.__class__(clock_ppm=0.0)))
        )
        assert {**usual, "rate_hz": None} == {**perfect, "rate_hz": None}


@pytest.mark.parametrize(
    ("motion", "strike"),
    [
        ("walking", "rearfoot"),
        ("running", "rearfoot"),
        ("forefoot-running", "forefoot"),
        ("hopping", "forefoot"),
        ("switch", "forefoot"),
        ("running-lunge", "forefoot"),
    ],
)
def test_feet_land_as_the_motion_says(motion, strike, truth_of):
    landed = [c.strike for c in truth_of(motion, seed=2, seconds=12).contacts if c.on_s]
    assert set(landed) == {strike}


def test_walking_has_double_support_and_no_flight(truth_of):
    truth = truth_of("walking", seed=3, seconds=30)
    total = truth.loads.foot_force_n.sum(axis=1) / truth.body_weight_n
    assert total[3000:].min() > 0.6
    times = [c.contact_time_s for c in truth.contacts if c.contact_time_s]
    begins = np.array([c.on_s for c in truth.contacts if c.on_s is not None])
    both_s = np.mean(times[2:]) - np.diff(begins[2:]).mean()
    assert 0.07 <= both_s <= 0.14


@pytest.mark.parametrize("motion", ["running", "forefoot-running", "running-lunge"])
def test_running_is_as_fast_as_runners_are(motion, truth_of):
    truth = truth_of(motion, seed=4, seconds=20)
    times = [c.contact_time_s for c in truth.contacts if c.contact_time_s and c.on_s]
    begins = np.diff([c.on_s for c in truth.contacts if c.on_s])
    assert 0.19 <= np.mean(times) <= 0.29
    assert 150 <= 60.0 / begins.mean() <= 200


def test_heel_runners_have_an_impact_and_forefoot_runners_none(truth_of):
    rates = {
        motion: np.median(
            [c.loading_rate_bw_s for c in truth_of(motion, seed=5, seconds=12).contacts if c.on_s]
        )
        for motion in ("running", "forefoot-running")
    }
    assert rates["running"] > 1.5 * rates["forefoot-running"]


def test_seated_feet_bear_little(loads_of, body_weight_n):
    total = loads_of("sitting", 2, 30).foot_force_n.sum(axis=1) / body_weight_n
    assert total.min() < 0.25
    assert total.min() > 0.09
    assert total.max() > 0.99


def test_hands_on_a_rail_take_some_of_the_weight(loads_of, body_weight_n):
    total = loads_of("holding-on", 2, 30).foot_force_n.sum(axis=1) / body_weight_n
    assert total[:4000] == pytest.approx(np.ones(4000))
    assert 0.83 <= total.min() <= 0.95


def test_the_visit_check_s_shift_goes_from_a_third_to_two_thirds(loads_of):
    force = loads_of("shifting", 2, 20).foot_force_n
    share = force[:, 0] / force.sum(axis=1)
    assert 0.25 <= share.min() <= 0.38
    assert 0.62 <= share.max() <= 0.75


@pytest.mark.parametrize(
    ("motion", "y"),
    [("heel-stance", 0.26), ("flat-stance", 0.464), ("ball-stance", 0.735), ("toe-stance", 0.794)],
)
def test_stances_rest_where_their_names_say(motion, y, loads_of):
    cop = loads_of(motion, 8, 10).foot_cop_mm[:, :, 1]
    assert cop.mean() / 265.0 == pytest.approx(y, abs=0.04)


SWAY = {
    "quiet": (4.3, 2.8, 7.0, 215.0),
    "eyes-closed": (5.1, 3.1, 11.0, 290.0),
    "foam": (9.9, 6.9, 30.0, 1270.0),
    "single-leg": (5.7, 5.3, 35.0, 560.0),
}
"""RMS AP and ML in mm, velocity in mm/s and 95 % area in mm^2, means of 30 s."""


@pytest.mark.parametrize("motion", SWAY)
def test_the_true_cop_sways_as_the_table_says(motion, loads_of):
    """Within 10 % and three standard errors of the mean over the seeds: shifting load between
    kernels and feet moves the CoP nearly, not exactly, as asked."""
    rows = []
    for seed in range(100, 112):
        loads = loads_of(motion, seed, 30)
        cop = loads.cop_mm if motion != "single-leg" else loads.foot_cop_mm[:, Foot.RIGHT]
        cop = cop[::10] - cop.mean(axis=0)
        way = np.hypot(*np.diff(cop, axis=0).T).sum()
        area = 18.82 * np.sqrt(np.linalg.det(np.cov(cop.T)))
        rows.append((cop[:, 1].std(), cop[:, 0].std(), way / 30.0, area))
    yields = np.array(rows)
    error = yields.std(axis=0, ddof=1) / np.sqrt(len(yields))
    expected = np.array(SWAY[motion])
    assert (np.abs(yields.mean(axis=0) - expected) <= 0.10 * expected + 3.0 * error).all()


def test_recordings_of_no_coached_drill_say_free():
    for motion in MOTION_NAMES:
        assert drill_setting(motion) == (motion if motion in DRILL_NAMES else "free")


def test_an_unknown_motion_is_named():
    with pytest.raises(SettingsError, match="juggling"):
        motion_kind("juggling")
