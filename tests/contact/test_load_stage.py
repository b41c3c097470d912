# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads and CoP against the layout's geometry worked by hand."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.calibration import Calibration
from rig.contact.load_stage import load_stage, load_state
from rig.layout import Region, insole_layout
from rig.layout.insole import PAD_AREA_MM2, SENSOR_NAMES
from rig.settings import Participant

LENGTH_MM = 265.0
HB, MT1, MT5 = (SENSOR_NAMES.index(name) for name in ("HB", "MT1", "MT5"))
PERSON = Participant(body_weight_n=700.0, foot_length_mm=LENGTH_MM)


@pytest.fixture(scope="session")
def loads_of_pads(loads_of):
    """Loads of pad forces (n, 2, 16)."""

    def make(pads_n, participant=PERSON, gain=1.0):
        pads_n = np.asarray(pads_n, np.float64)
        empty = loads_of(np.arange(len(pads_n)) * 1e-3, np.zeros((len(pads_n), 2)))
        force = dataclasses.replace(empty.force, pad_force_n=pads_n)
        state = load_state(participant, Calibration(body_weight_gain=gain))
        return load_stage(state, force)[1]

    return make


def _pads(*pressed):
    pads = np.zeros((1, 2, 16))
    for foot, pad, force_n in pressed:
        pads[0, foot, pad] = force_n
    return pads


def _weight(pad):
    return insole_layout(LENGTH_MM).tributary_mm2[pad] / PAD_AREA_MM2


def test_a_pad_stands_for_its_tributary_area(loads_of_pads):
    loads = loads_of_pads(_pads((0, HB, 10.0), (0, MT1, 5.0)), gain=1.2)
    heel_n, ball_n = 12.0 * _weight(HB), 6.0 * _weight(MT1)
    assert loads.region_force_n[0, 0, Region.HEEL] == pytest.approx(heel_n)
    assert loads.region_force_n[0, 0, Region.BALL] == pytest.approx(ball_n)
    assert loads.foot_force_n[0].tolist() == pytest.approx([heel_n + ball_n, 0.0])


def test_every_pad_has_one_region(loads_of_pads):
    pads = np.ones((1, 2, 16))
    loads = loads_of_pads(pads)
    np.testing.assert_allclose(loads.region_force_n.sum(axis=-1), loads.foot_force_n)
    sole = insole_layout(LENGTH_MM).tributary_mm2.sum() / PAD_AREA_MM2
    np.testing.assert_allclose(loads.foot_force_n, sole)


def test_cop_of_one_pad_is_its_place_mirrored_on_the_left(loads_of_pads):
    loads = loads_of_pads(_pads((0, MT5, 30.0), (1, MT5, 30.0)))
    x_mm, y_mm = 0.38 * 0.38 * LENGTH_MM, 0.61 * LENGTH_MM
    np.testing.assert_allclose(loads.foot_cop_mm[0], [[-x_mm, y_mm], [x_mm, y_mm]])


def test_cop_lies_between_pads_by_the_load_of_their_areas(loads_of_pads):
    loads = loads_of_pads(_pads((1, HB, 20.0), (1, MT1, 20.0)))
    share = _weight(MT1) / (_weight(MT1) + _weight(HB))
    assert loads.foot_cop_mm[0, 1, 1] == pytest.approx(LENGTH_MM * (0.06 + share * (0.73 - 0.06)))


def test_cop_is_undefined_below_a_tenth_of_the_body_weight(loads_of_pads):
    just = 70.0 / _weight(HB)
    below = loads_of_pads(_pads((1, HB, 0.999 * just)))
    above = loads_of_pads(_pads((1, HB, 1.001 * just)))
    assert np.isnan(below.foot_cop_mm[0, 1]).all()
    assert np.isfinite(above.foot_cop_mm[0, 1]).all()
    assert np.isnan(above.foot_cop_mm[0, 0]).all()


def test_both_feet_stand_on_the_drawn_template(loads_of_pads):
    loads = loads_of_pads(_pads((0, HB, 40.0), (1, HB, 40.0)))
    # heel pad on the bisector, 0.06 L forward, turned out by 7 degrees from X = +-81 mm
    forward = 0.06 * LENGTH_MM
    assert loads.cop_mm[0].tolist() == pytest.approx([0.0, forward * np.cos(np.deg2rad(7.0))])
    assert loads.share_left[0] == pytest.approx(0.5)


def test_one_foot_s_cop_on_the_template(loads_of_pads):
    for foot, sign in ((0, -1.0), (1, 1.0)):
        loads = loads_of_pads(_pads((foot, MT5, 60.0)))
        out_mm, ahead_mm = 0.38 * 0.38 * LENGTH_MM, 0.61 * LENGTH_MM
        a = np.deg2rad(7.0)
        x_mm = 81.0 + out_mm * np.cos(a) + ahead_mm * np.sin(a)
        y_mm = ahead_mm * np.cos(a) - out_mm * np.sin(a)
        assert loads.cop_mm[0].tolist() == pytest.approx([sign * x_mm, y_mm])


def test_a_foot_that_hangs_with_a_residual_has_no_say(loads_of_pads):
    alone = loads_of_pads(_pads((1, HB, 80.0)))
    residual = loads_of_pads(_pads((1, HB, 80.0), (0, MT1, 30.0 / _weight(MT1))))
    assert residual.cop_mm.tolist() == alone.cop_mm.tolist()


def test_a_lightly_loaded_foot_leaves_the_cop_of_both_undefined(loads_of_pads):
    loads = loads_of_pads(_pads((1, HB, 80.0), (0, MT1, 60.0 / _weight(MT1))))
    assert np.isnan(loads.cop_mm).all()


def test_nothing_loaded_is_undefined_not_zero(loads_of_pads):
    loads = loads_of_pads(np.zeros((2, 2, 16)))
    assert np.isnan(loads.cop_mm).all()
    assert np.isnan(loads.share_left).all()
    assert loads.foot_force_n.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_without_a_body_weight_seventy_newtons_decide(loads_of_pads):
    unknown = Participant(foot_length_mm=LENGTH_MM)
    pads = _pads((1, HB, 69.0 / _weight(HB)))
    assert np.isnan(loads_of_pads(pads, unknown).foot_cop_mm).all()
    assert np.isfinite(loads_of_pads(1.03 * pads, unknown).foot_cop_mm[0, 1]).all()


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_frame_s_loads_do_not_depend_on_its_neighbours(loads_of_pads, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    pads = rng.random((30, 2, 16)) * 8.0 * (rng.random((30, 2, 16)) < 0.7)
    at = data.draw(st.integers(0, 29))
    length = data.draw(st.integers(1, 30 - at))
    whole, part = loads_of_pads(pads), loads_of_pads(pads[at : at + length])
    for name in ("foot_force_n", "region_force_n", "foot_cop_mm", "cop_mm", "share_left"):
        expected = getattr(whole, name)[at : at + length]
        assert getattr(part, name).tobytes() == np.ascontiguousarray(expected).tobytes()
