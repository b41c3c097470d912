# SPDX-License-Identifier: GPL-3.0-or-later
"""The shift from foot to foot: gains worked out by hand, and every refusal with its reason."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.visit_check import single_leg_rows, visit_check, with_visit_check
from rig.errors import SettingsError
from rig.layout import Foot, insole_layout
from rig.layout.insole import PAD_AREA_MM2

LENGTH_MM = 265.0
WEIGHT_N = 700.0
SOLE = insole_layout(LENGTH_MM).tributary_mm2.sum() / PAD_AREA_MM2
STORED = Calibration(mux_ohm=0.0, body_weight_gain_source="insole")
T_S = np.arange(10_000) / 1000.0


def _share(amplitude=0.2, sign=1.0):
    return 0.5 + sign * amplitude * np.sin(2.0 * np.pi * 0.2 * np.clip(T_S - 1.0, 0.0, None))


def _counts(share, left=1.0, right=1.0, total=1.0):
    """Frames of feet that read their true load times `left`, `right`; all pads of a foot alike.

    G = 100 uS/N; full scale is fine enough that rounding does not matter.
    """
    feet_n = (
        WEIGHT_N
        * np.reshape(total, (-1, 1))
        * np.column_stack((share * left, (1.0 - share) * right))
    )
    rm_g = np.repeat(feet_n / SOLE, 16, axis=1) * 0.1
    return np.rint(60_000 * rm_g / (1.0 + rm_g)).astype(np.uint16)


@pytest.fixture(scope="module")
def hello(make_hello):
    return make_hello(adc_full_scale=60_000, bit_depth=16)


def _check(hello, counts, calibration=STORED, **more):
    return visit_check(
        counts, hello, calibration, WEIGHT_N, LENGTH_MM, first_side=Foot.LEFT, **more
    )


def test_each_foot_gets_the_gain_that_it_lacks(hello):
    found = _check(hello, _counts(_share(), left=0.9, right=1.1))
    assert found.foot_gain == pytest.approx((1 / 0.9, 1 / 1.1), rel=1e-3)
    assert max(found.foot_gain_sd) < 1e-3
    assert found.share_range[0] < 0.35 < 0.6 < found.share_range[1]
    assert "differed by 22 %" in found.verdict


def test_the_value_is_the_mean_total_with_the_stored_gains(hello):
    found = _check(hello, _counts(_share(), 1.03, 1.03))
    assert found.value == pytest.approx(0.03, abs=1e-3)
    assert found.renews
    assert found.verdict.startswith("Good")
    worse = _check(hello, _counts(_share(), 1.08, 1.08))
    assert not worse.renews
    assert worse.verdict.startswith("Usable")
    assert _check(hello, _counts(_share(), 0.8, 0.8)).verdict.startswith("Poor")


def test_earlier_foot_gains_belong_to_somebody_else(hello):
    earlier = replace(STORED, foot_gain=(2.0, 0.5))
    counts = _counts(_share(), 0.95, 1.02)
    assert _check(hello, counts, earlier).foot_gain == _check(hello, counts).foot_gain


def test_without_stored_gains_there_is_nothing_to_check(hello):
    found = _check(hello, _counts(_share(), 1.4, 1.4), Calibration(mux_ohm=0.0))
    assert found.value is None
    assert not found.renews
    assert found.foot_gain == pytest.approx((1 / 1.4, 1 / 1.4), rel=1e-3)


def test_noise_widens_the_standard_error_as_ordinary_least_squares_does(hello):
    """4,000 shifts with 2 % of independent noise a quarter second: errors scatter as stated."""
    rng = np.random.default_rng(3)
    share = _share()[::250]
    rows = np.column_stack((share, 1.0 - share))
    expected = 0.02 * np.sqrt(np.diag(np.linalg.inv(rows.T @ rows)))
    noise = np.repeat(1.0 + 0.02 * rng.standard_normal(40), 250)
    found = _check(hello, _counts(_share(), total=noise))
    assert found.foot_gain_sd == pytest.approx(expected, rel=0.6)
    assert np.abs(np.array(found.foot_gain) - 1.0).max() < 4.0 * expected.max()


def test_standing_on_one_leg_adds_to_it(hello):
    left, right = (_counts(np.full(3000, s), 0.9, 1.1) for s in (1.0, 0.0))
    found = _check(hello, _counts(_share(), 0.9, 1.1), single_leg_counts=(left, right))
    assert found.with_single_leg
    assert found.foot_gain == pytest.approx((1 / 0.9, 1 / 1.1), rel=1e-3)


def test_what_was_found_goes_into_the_calibration(hello):
    tared = replace(STORED, unloaded_noise_n=(2.0, 3.0))
    found = _check(hello, _counts(_share(), 0.5, 1.0), tared)
    after = with_visit_check(tared, found, date(2026, 3, 4))
    assert after.foot_gain == found.foot_gain
    assert after.foot_gain_sd == found.foot_gain_sd
    assert (after.visit_made_on, after.made_on) == ("2026-03-04", "2026-03-04")
    assert after.visit_weight_n == WEIGHT_N
    assert after.visit_check_value == pytest.approx(0.5 * _share().mean(), abs=1e-3)
    assert after.unloaded_noise_n == pytest.approx((4.0, 3.0), rel=1e-2)
    first = with_visit_check(Calibration(), found, date(2026, 3, 4))
    assert first.body_weight_gain_source == "visit"


STEPPED = np.where(T_S % 2.0 < 1.0, 0.75, 1.2)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (_counts(_share(sign=-1.0)), "left and right are swapped"),
        (_counts(_share(amplitude=0.05)), "hardly moved"),
        (_counts(_share(amplitude=0.5)), "left the ground"),
        (_counts(_share(), total=STEPPED), "stepped, bounced"),
        (_counts(_share(), 0.4536, 0.4536), "Was the weight in pounds"),
        (_counts(_share(), 2.5, 2.5), "cannot be a person of 71 kg"),
        (_counts(_share())[:4000], "Too few frames"),
        (np.zeros((10_000, 16)), "32 pads"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(hello, counts, words):
    with pytest.raises(SettingsError, match=words):
        _check(hello, counts)


def test_the_other_leg_means_swapped_insoles(hello):
    on_right = _counts(np.zeros(3000))
    with pytest.raises(SettingsError, match="left and right are swapped"):
        single_leg_rows(on_right, hello, STORED, LENGTH_MM, Foot.LEFT)
    assert len(single_leg_rows(on_right, hello, STORED, LENGTH_MM, Foot.RIGHT)) == 12
    with pytest.raises(SettingsError, match="one leg for long enough"):
        single_leg_rows(_counts(np.full(3000, 0.6)), hello, STORED, LENGTH_MM)
