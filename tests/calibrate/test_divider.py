# SPDX-License-Identifier: GPL-3.0-or-later
"""The divider's law against Ohm's law worked by hand."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.divider import divider, force_of_counts, look_up, pad_force, saturation_count
from rig.errors import SettingsError


def test_half_of_full_scale_is_a_resistance_equal_to_the_pull_down(make_hello):
    assert divider([500], make_hello(), mux_ohm=0.0)[0] == pytest.approx(1000.0)  # 1 kohm, in uS


def test_mux_resistance_is_taken_off(make_hello):
    # FSR 930 ohm + mux 70 ohm against 1 kohm read half of full scale
    assert divider([500], make_hello(), mux_ohm=70.0)[0] == pytest.approx(1e6 / 930.0)


def test_an_open_fsr_conducts_nothing(make_hello):
    assert divider([0], make_hello(), mux_ohm=70.0)[0] == 0.0


@pytest.mark.parametrize("force_n", [0.5, 1.0, 10.0, 60.0])
def test_a_force_comes_back_from_the_voltage_it_makes(make_hello, force_n):
    ohm = 10_000.0 / force_n
    ratio = 1000.0 / (1000.0 + 70.0 + ohm)
    hello = make_hello(adc_full_scale=1_000_000)
    conductance = divider([ratio * 1_000_000], hello, mux_ohm=70.0)
    assert pad_force(conductance, 100.0, 1.0)[0] == pytest.approx(force_n, rel=1e-9)


def test_without_the_mux_sixty_newtons_would_read_forty_two(make_hello):
    ratio = 1000.0 / (1000.0 + 70.0 + 10_000.0 / 60.0)
    hello = make_hello(adc_full_scale=1_000_000)
    assert pad_force(divider([ratio * 1e6], hello, 0.0), 100.0, 1.0)[0] == pytest.approx(
        42.2, abs=0.1
    )


def test_beyond_its_reach_the_divider_gives_a_finite_lower_bound(make_hello):
    hello = make_hello()
    limit = saturation_count(hello, 70.0)
    assert limit == pytest.approx(0.95 * 1000.0 * 1000.0 / 1070.0)
    top, at_limit = divider([999, limit], hello, 70.0)
    assert np.isfinite(top)
    assert top == at_limit


def test_power_law_is_inverted():
    assert pad_force(np.array([100.0 * 8.0**0.9]), 100.0, 0.9)[0] == pytest.approx(8.0)


def test_table_rises_with_the_count(make_hello):
    table = force_of_counts(make_hello(), Calibration())
    assert table.shape == (32, 1024)
    assert not table[:, 0].any()
    assert np.all(np.diff(table) >= 0.0)
    assert np.all(np.diff(table[:, :800]) > 0.0)


def test_each_sensel_is_read_by_its_own_curve(make_hello):
    # 1 kohm behind 1 kohm reads half of full scale: 1,000 uS, 10 N by the data sheet's curve
    curves = Calibration(
        mux_ohm=0.0,
        sensel_k_us=tuple(100.0 + i for i in range(32)),
        sensel_exponent=(1.0,) * 31 + (0.5,),
    )
    counts = np.full((3, 32), 500, np.uint16)
    force = look_up(force_of_counts(make_hello(), curves), counts)
    expected = [1000.0 / (100.0 + i) for i in range(31)] + [(1000.0 / 131.0) ** 2]
    np.testing.assert_allclose(force, np.tile(expected, (3, 1)))


def test_one_curve_given_sensel_by_sensel_changes_no_bit(make_hello):
    counts = np.random.default_rng(1).integers(0, 1024, (50, 32), dtype=np.uint16)
    common = Calibration(fsr_k_us=90.0, fsr_exponent=0.97)
    single = Calibration(sensel_k_us=(90.0,) * 32, sensel_exponent=(0.97,) * 32)
    one, other = (look_up(force_of_counts(make_hello(), c), counts) for c in (common, single))
    assert one.tobytes() == other.tobytes()


def test_curves_of_another_rig_are_refused(make_hello):
    mat = Calibration(sensel_k_us=(100.0,) * 256, sensel_exponent=(1.0,) * 256)
    with pytest.raises(SettingsError, match="256 sensors, but the board scans 32"):
        force_of_counts(make_hello(), mat)


@pytest.mark.parametrize(
    "changes",
    [{"rig_kind": 2}, {"sensel_count": 64}, {"pull_down_ohm": 0}, {"topology": 2}],
)
def test_a_front_end_it_cannot_read_is_refused_in_words(make_hello, changes):
    with pytest.raises(SettingsError, match=r"[Ff]lash"):
        force_of_counts(make_hello(**changes), Calibration())
