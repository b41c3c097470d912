# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway measures against hand-worked squares and closed forms; tolerances are derived beside each."""

import math

import numpy as np
import pytest
from scipy import stats

from rig.balance.definitions import Definitions
from rig.balance.measures import definitions_json, sway_measures
from rig.errors import SettingsError

RATE_HZ = 100.0


@pytest.fixture
def rectangle():
    """Three corners after the first, at 1 Hz: 3 mm along ML, 4 along AP, 3 back along ML."""
    return np.array([[10.0, 20.0], [13.0, 20.0], [13.0, 24.0], [10.0, 24.0]])


def test_a_rectangle_worked_by_hand(rectangle):
    found = sway_measures(rectangle, 1.0)
    worked = {
        "mean_ml_mm": 11.5,
        "mean_ap_mm": 22.0,
        "rms_ml_mm": 1.5,
        "rms_ap_mm": 2.0,
        "rms_mm": 2.5,
        "mean_distance_mm": 2.5,
        "mean_distance_ml_mm": 1.5,
        "range_ml_mm": 3.0,
        "range_ap_mm": 4.0,
        "range_2d_mm": 5.0,
        "path_mm": 10.0,
        "path_ml_mm": 6.0,
        "path_ap_mm": 4.0,
        "duration_s": 4.0,
        "velocity_mm_s": 2.5,
        "velocity_ap_mm_s": 1.0,
        # three triangles of 3 mm^2 around the middle, in 4 s
        "sway_area_rate_mm2_s": 9.0 / 4.0,
        "mean_frequency_hz": 10.0 / (2.0 * math.pi * 2.5 * 4.0),
        "mean_frequency_ap_hz": 4.0 / (4.0 * math.sqrt(2.0) * 2.0 * 4.0),
        "ellipse_area_chi2_mm2": math.pi * -2.0 * math.log(0.05) * 3.0,
        # F(0.95; 2, 2) is 19 exactly
        "ellipse_area_prieto_mm2": 2.0 * math.pi * 19.0 * 3.0,
        "ellipse_area_f_prediction_mm2": 2.0 * math.pi * 19.0 * 3.0 * 15.0 / 8.0,
    }
    assert {name: found[name] for name in worked} == pytest.approx(worked, rel=1e-12)


def test_the_other_duration_has_one_period_less(rectangle):
    found = sway_measures(rectangle, 1.0, Definitions(duration="n-1"))
    assert found["duration_s"] == 3.0
    assert found["velocity_mm_s"] == pytest.approx(10.0 / 3.0)
    assert found["sway_area_rate_mm2_s"] == pytest.approx(3.0)


@pytest.mark.parametrize("ellipse", ["chi2", "prieto", "f-prediction"])
def test_the_chosen_ellipse_is_the_one_reported(rectangle, ellipse):
    found = sway_measures(rectangle, 1.0, Definitions(ellipse=ellipse))
    assert found["ellipse_area_mm2"] == found[f"ellipse_area_{ellipse.replace('-', '_')}_mm2"]
    area = math.pi * found["ellipse_major_mm"] * found["ellipse_minor_mm"]
    assert area == pytest.approx(found["ellipse_area_mm2"])
    assert definitions_json(Definitions(ellipse=ellipse))["ellipse"] == ellipse


def test_the_long_axis_of_a_turned_line_has_its_angle():
    along = np.linspace(-30.0, 30.0, 601)
    line = np.column_stack(
        (along * math.sin(math.radians(25.0)), along * math.cos(math.radians(25.0)))
    )
    found = sway_measures(line, RATE_HZ)
    assert found["ellipse_angle_deg"] == pytest.approx(25.0)
    assert found["ellipse_minor_mm"] == pytest.approx(0.0, abs=1e-6)
    assert found["range_2d_mm"] == pytest.approx(60.0)
    assert found["path_mm"] == pytest.approx(60.0)


@pytest.mark.parametrize("frequency_hz", [0.2, 1.0])
def test_a_circle_in_closed_form(frequency_hz):
    """Whole turns of radius R: each step is the chord 2 R sin(pi f / fs)."""
    radius, count = 7.0, 3000
    angle = 2.0 * math.pi * frequency_hz * np.arange(count) / RATE_HZ
    found = sway_measures(radius * np.column_stack((np.sin(angle), np.cos(angle))), RATE_HZ)
    chord = 2.0 * radius * math.sin(math.pi * frequency_hz / RATE_HZ)
    triangle = 0.5 * radius**2 * math.sin(2.0 * math.pi * frequency_hz / RATE_HZ)
    path_mm = (count - 1) * chord
    assert found["path_mm"] == pytest.approx(path_mm, rel=1e-12)
    assert found["rms_mm"] == pytest.approx(radius, rel=1e-12)
    assert found["rms_ap_mm"] == pytest.approx(radius / math.sqrt(2.0), rel=1e-12)
    assert found["sway_area_rate_mm2_s"] == pytest.approx((count - 1) * triangle / 30.0, rel=1e-12)
    assert found["mean_frequency_hz"] == pytest.approx(
        path_mm / (2.0 * math.pi * radius * 30.0), rel=1e-12
    )
    # N - 1 of N steps and a chord for an arc: within 1/N + (pi f / fs)^2 / 6 of f itself
    near = 1.0 / count + (math.pi * frequency_hz / RATE_HZ) ** 2 / 6.0
    assert found["mean_frequency_hz"] == pytest.approx(frequency_hz, rel=near)


def test_the_axis_frequency_of_a_sine_is_1_11_of_its_own():
    """MFREQ of an axis of Prieto et al. 1996 gives pi / (2 sqrt 2) = 1.1107 f."""
    frequency_hz = 0.5
    t_s = np.arange(6000) / RATE_HZ
    axis = 4.0 * np.sin(2.0 * math.pi * frequency_hz * t_s)
    found = sway_measures(np.column_stack((axis, axis)), RATE_HZ)
    # sampled extremes are short by at most (pi f / fs)^2 / 2, the first step is missing
    near = (math.pi * frequency_hz / RATE_HZ) ** 2 + 1.0 / 3000.0
    expected = math.pi / (2.0 * math.sqrt(2.0)) * frequency_hz
    assert found["mean_frequency_ap_hz"] == pytest.approx(expected, rel=near)
    assert found["f50_ap_hz"] == pytest.approx(frequency_hz, abs=1e-9)
    assert found["mean_distance_ap_mm"] == pytest.approx(4.0 * 2.0 / math.pi, rel=near)


def test_the_chi2_ellipse_holds_95_percent_of_normal_sway():
    """The share inside has a standard error of sqrt(0.05 * 0.95 / n); four of them are allowed."""
    count = 200_000
    spread = np.array([[9.0, 4.0], [4.0, 16.0]])
    cop = np.random.default_rng(10_001).multivariate_normal((3.0, -2.0), spread, count)
    found = sway_measures(cop[:20_000], 200.0)
    whole = sway_measures(cop, 2000.0)
    area = whole["ellipse_area_mm2"]
    # sqrt(det S) of a normal sample has a relative standard error of 1 / sqrt(n)
    exact = math.pi * stats.chi2.ppf(0.95, 2) * math.sqrt(np.linalg.det(spread))
    assert area == pytest.approx(exact, rel=4.0 / math.sqrt(count))
    assert found["ellipse_area_mm2"] == pytest.approx(exact, rel=4.0 / math.sqrt(20_000))
    centred = cop - cop.mean(axis=0)
    angle = math.radians(whole["ellipse_angle_deg"])
    along = centred @ np.array([math.sin(angle), math.cos(angle)])
    across = centred @ np.array([math.cos(angle), -math.sin(angle)])
    inside = (along / whole["ellipse_major_mm"]) ** 2 + (
        across / whole["ellipse_minor_mm"]
    ) ** 2 <= 1.0
    assert inside.mean() == pytest.approx(0.95, abs=4.0 * math.sqrt(0.05 * 0.95 / count))


def test_the_published_factors_of_the_variants():
    """18.84 at N = 3000, 19.01 at 300 (Prieto); 18.82 (chi2); 18.85 at 3000 (finite-N prediction)."""
    for count, prieto, finite in ((3000, 18.84, 18.85), (300, 19.01, None)):
        cop = np.random.default_rng(count).standard_normal((count, 2))
        found = sway_measures(cop, RATE_HZ)
        root = math.sqrt(np.linalg.det(np.cov(cop.T, ddof=0)))
        assert found["ellipse_area_prieto_mm2"] / root == pytest.approx(prieto, abs=0.005)
        assert found["ellipse_area_chi2_mm2"] / root == pytest.approx(18.82, abs=0.005)
        if finite is not None:
            assert found["ellipse_area_f_prediction_mm2"] / root == pytest.approx(finite, abs=0.005)


def test_moving_or_swapping_the_axes_changes_only_what_it_must():
    cop = np.random.default_rng(10_002).standard_normal((3000, 2)).cumsum(axis=0)
    found = sway_measures(cop, RATE_HZ)
    moved = sway_measures(cop + np.array([100.0, -50.0]), RATE_HZ)
    swapped = sway_measures(cop[:, ::-1], RATE_HZ)
    for name, value in found.items():
        if not name.startswith("mean_ml_mm") and not name.startswith("mean_ap_mm"):
            assert moved[name] == pytest.approx(value, rel=1e-7, abs=1e-9, nan_ok=True), name
        if "_ml" not in name and "_ap" not in name and "angle" not in name:
            assert swapped[name] == pytest.approx(value, rel=1e-9), name
    assert swapped["sample_entropy_ml"] == found["sample_entropy_ap"]


@pytest.mark.parametrize(
    ("cop", "word"),
    [
        (np.zeros((100, 3)), "two columns"),
        (np.zeros((3, 2)), "3 samples"),
        (np.array([[0.0, 1.0], [math.nan, 0.0], [0.0, 0.0], [1.0, 1.0]]), "missing"),
    ],
)
def test_what_cannot_be_measured_is_refused(cop, word):
    with pytest.raises(SettingsError, match=word):
        sway_measures(cop, RATE_HZ)


def test_a_point_at_rest_has_no_frequency():
    found = sway_measures(np.ones((6000, 2)), RATE_HZ)
    assert found["path_mm"] == 0.0
    assert found["ellipse_area_mm2"] == 0.0
    assert math.isnan(found["mean_frequency_hz"])
    assert math.isnan(found["f50_ap_hz"])
    assert math.isnan(found["sample_entropy_ap"])
    assert math.isnan(found["diffusion_short_ap_mm2_s"])
