# SPDX-License-Identifier: GPL-3.0-or-later
"""The divider's law against Ohm's law worked by hand."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.divider import divider, force_of_counts, pad_force, saturation_count
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
    assert len(table) == 1024
    assert table[0] == 0.0
    assert np.all(np.diff(table) >= 0.0)
    assert np.all(np.diff(table[:800]) > 0.0)


@pytest.mark.parametrize(
    "changes",
    [{"rig_kind": 2}, {"sensel_count": 64}, {"pull_down_ohm": 0}, {"topology": 2}],
)
def test_a_front_end_it_cannot_read_is_refused_in_words(make_hello, changes):
    with pytest.raises(SettingsError, match=r"[Ff]lash"):
        force_of_counts(make_hello(**changes), Calibration())
