# SPDX-License-Identifier: GPL-3.0-or-later
"""Agreement against published tables, another program's figures and sums by hand."""

import math

import numpy as np
import pytest

from rig.compare.agreement import agreement, independent_samples, intraclass

# Shrout & Fleiss 1979, table 2: six targets rated by four judges
JUDGES = [
    [9.0, 2.0, 5.0, 8.0],
    [6.0, 1.0, 3.0, 2.0],
    [8.0, 4.0, 6.0, 8.0],
    [7.0, 1.0, 2.0, 6.0],
    [10.0, 5.0, 6.0, 9.0],
    [6.0, 2.0, 4.0, 7.0],
]
PAIRS = np.array(
    [
        [251.0, 262.0],
        [243.0, 240.0],
        [268.0, 271.0],
        [230.0, 239.0],
        [255.0, 249.0],
        [247.0, 256.0],
        [262.0, 260.0],
        [239.0, 251.0],
    ]
)


def test_the_published_table_of_shrout_and_fleiss():
    agrees, consistent = intraclass(np.array(JUDGES))
    assert round(agrees.value, 2) == 0.29
    assert round(consistent.value, 2) == 0.71
    # intervals as pingouin 0.6 gives them for this table
    assert (round(agrees.low, 2), round(agrees.high, 2)) == (0.02, 0.76)
    assert (round(consistent.low, 2), round(consistent.high, 2)) == (0.34, 0.95)


def test_two_raters_as_pingouin_has_them():
    found = agreement(PAIRS[:, 0], PAIRS[:, 1], series=False)
    assert found is not None
    assert found.icc_2_1.value == pytest.approx(0.786893, abs=1e-6)
    assert found.icc_3_1.value == pytest.approx(0.817903, abs=1e-6)
    assert (round(found.icc_2_1.low, 2), round(found.icc_2_1.high, 2)) == (0.29, 0.95)
    assert (round(found.icc_3_1.low, 2), round(found.icc_3_1.high, 2)) == (0.33, 0.96)
    assert found.independent == 8


def test_bland_and_altman_by_hand():
    """Differences 1, 3, 2, 2: mean 2, SD sqrt(2/3), RMS sqrt(18/4)."""
    found = agreement(
        np.array([11.0, 23.0, 32.0, 42.0]), np.array([10.0, 20.0, 30.0, 40.0]), series=False
    )
    assert found is not None
    sd = math.sqrt(2.0 / 3.0)
    assert found.bias == pytest.approx(2.0)
    assert found.rmse == pytest.approx(math.sqrt(4.5))
    assert found.sd == pytest.approx(sd)
    assert (found.limits_low, found.limits_high) == pytest.approx((2 - 1.96 * sd, 2 + 1.96 * sd))
    assert found.reference_mean == 25.0


def test_a_bias_lowers_absolute_agreement_alone():
    rng = np.random.default_rng(3)
    truth = rng.normal(0.0, 10.0, 500)
    found = agreement(truth + 20.0 + rng.normal(0.0, 1.0, 500), truth, series=False)
    assert found is not None
    assert found.icc_3_1.value == pytest.approx(100.0 / 100.5, abs=0.005)
    # variance of targets over that of targets, raters (bias 20: 20^2 / 2) and rest
    assert found.icc_2_1.value == pytest.approx(100.0 / (100.5 + 200.0), abs=0.03)


def test_missing_values_go_in_pairs():
    ours = np.array([1.0, np.nan, 3.0, 4.0, 6.0])
    theirs = np.array([1.0, 2.0, np.nan, 5.0, 5.0])
    found = agreement(ours, theirs, series=False)
    assert found is not None
    assert found.n == 3
    assert found.bias == pytest.approx(0.0)
    assert agreement(ours[:3], theirs[:3], series=False) is None


def test_what_never_changes_has_no_correlation():
    found = agreement(np.full(5, 2.0), np.full(5, 2.0), series=True)
    assert found is not None
    assert found.rmse == 0.0
    assert math.isnan(found.correlation)
    assert math.isnan(found.icc_2_1.value)


@pytest.mark.parametrize("phi", [0.0, 0.9, 0.99])
def test_independent_samples_of_an_autoregression(phi):
    """N (1 - phi) / (1 + phi) for a first order process."""
    rng, n = np.random.default_rng(5), 200_000
    noise = rng.normal(size=n)
    from scipy.signal import lfilter

    series = lfilter([1.0], [1.0, -phi], noise)
    expected = n * (1.0 - phi) / (1.0 + phi)
    assert independent_samples(series) == pytest.approx(expected, rel=0.15)


def test_a_series_says_less_than_as_many_events():
    rng = np.random.default_rng(6)
    slow = np.repeat(rng.normal(0.0, 10.0, 40), 50)
    error = np.repeat(rng.normal(0.0, 3.0, 40), 50)
    events = agreement(slow + error, slow, series=False)
    series = agreement(slow + error, slow, series=True)
    assert events is not None
    assert series is not None
    assert 20 <= series.independent <= 80
    assert series.icc_3_1.value == events.icc_3_1.value
    assert series.icc_3_1.low < events.icc_3_1.low
    assert series.icc_3_1.high > events.icc_3_1.high


def test_intervals_stay_within_what_an_icc_can_be():
    ratings = np.column_stack(([1.0, 2.0, 3.0, 2.0, 1.5], [3.0, 1.0, 2.0, 2.5, 2.0]))
    for icc in intraclass(ratings, independent=2.5):
        assert -1.0 <= icc.low <= icc.high <= 1.0
