# SPDX-License-Identifier: GPL-3.0-or-later
"""Known weights to curves: exact ones come back, impossible ones are refused with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from rig.calibrate.bench import (
    BENCH_LOADS_N,
    Hold,
    bench_steps,
    fit_curve,
    hold_from_counts,
    repeatability,
    sensel_gain_sd,
)
from rig.errors import SettingsError


def _holds(k_us=80.0, exponent=0.95, loads=BENCH_LOADS_N, **changed):
    """What a perfect power law reads on the whole bench; `changed` multiplies single holds."""
    return [
        Hold(3, load_n, way, k_us * load_n**exponent * changed.get(f"{way}_{load_n:g}", 1.0))
        for load_n, way in bench_steps(loads)
    ]


def test_loads_go_up_and_down_and_one_comes_again():
    assert bench_steps((5.0, 2.0, 10.0, 20.0)) == (
        (2.0, "up"),
        (5.0, "up"),
        (10.0, "up"),
        (20.0, "up"),
        (10.0, "down"),
        (5.0, "down"),
        (2.0, "down"),
        (10.0, "again"),
    )


def test_a_power_law_comes_back():
    curve = fit_curve(_holds())
    assert (curve.k_us, curve.exponent) == pytest.approx((80.0, 0.95), rel=1e-9)
    assert curve.residual_sd == pytest.approx(0.0, abs=1e-9)
    assert curve.top_share == pytest.approx(1.0)
    assert curve.loads_n == BENCH_LOADS_N


def test_hysteresis_is_the_largest_gap_between_down_and_up():
    # p = 1: conductance and force share their ratios; 40 N lies above what is fitted
    curve = fit_curve(_holds(exponent=1.0, down_40=1.12))
    assert curve.hysteresis == pytest.approx(0.12, rel=1e-6)


def test_saturation_bends_no_curve_but_is_stated():
    curve = fit_curve(_holds(exponent=1.0, up_60=0.84))
    assert curve.exponent == pytest.approx(1.0)
    assert curve.top_share == pytest.approx(0.84)


def test_repeatability_is_pooled_from_second_readings():
    curves = [fit_curve(_holds(exponent=1.0, again_10=r)) for r in (1.03, 0.97, 1.03, 0.97)]
    assert curves[0].repeat_gap == pytest.approx(0.03)
    # two readings of spread s differ by sqrt(2) s
    assert repeatability(curves) == pytest.approx(0.03 / np.sqrt(2.0))
    assert repeatability([replace(c, repeat_gap=None) for c in curves]) is None


def test_no_bench_is_surer_than_the_data_sheet():
    curve = fit_curve(_holds())
    assert sensel_gain_sd(curve, None) == 0.02
    assert sensel_gain_sd(replace(curve, residual_sd=0.03), 0.04) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (_holds(up_10=0.4), "no more under 10 N than under 5 N on the way up"),
        (_holds(down_5=3.0), "on the way down"),
        (_holds(loads=(5.0, 10.0, 40.0, 60.0)), "readings for 2 loads"),
        (_holds(loads=(5.0, 6.0, 7.0, 8.0)), "5 times the smallest"),
        (_holds(exponent=0.3), "power 0.30"),
    ],
)
def test_a_curve_that_cannot_be_is_refused(holds, words):
    with pytest.raises(SettingsError, match=words):
        fit_curve(holds)


def test_a_hold_is_the_median_once_the_hand_is_gone(make_hello):
    counts = np.full(5000, 500)
    counts[:900] = 700
    hold = hold_from_counts(counts, 0, 10.0, "up", make_hello(), 0.0)
    assert hold.conductance_us == pytest.approx(1000.0)  # 1 kohm behind 1 kohm: half of full scale


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (np.full(1000, 500), "Only 1000 frames"),
        (np.zeros(5000), "L_HB reads nothing under 20 N"),
        (np.full(5000, 980), "full scale"),
        (np.tile(np.repeat([300, 600], 500), 5), "moved"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(make_hello, counts, words):
    with pytest.raises(SettingsError, match=words):
        hold_from_counts(counts, 0, 20.0, "up", make_hello(), 70.0)
