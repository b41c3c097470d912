# SPDX-License-Identifier: GPL-3.0-or-later
"""Pads of any number, place and size against plain summation of the field."""

from dataclasses import replace

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.layout.foot import inside_outline
from rig.layout.insole import SENSOR_NAMES
from rig.simulate.board import SensedBody
from rig.simulate.body import Body
from rig.simulate.load_field import load_field
from rig.simulate.pads import INSOLE_PADS, SensorLayout, pad_integrals, pads_named
from rig.simulate.person import simulate_session
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, SensorBank, sensor_traits


def _summed(field, centre_mm, radius_mm):
    """Kernel densities on a grid of its own, (9,)."""
    step = 0.2
    x, y = np.meshgrid(np.arange(-8, 8, step) + centre_mm[0], np.arange(-8, 8, step) + centre_mm[1])
    disc = (x - centre_mm[0]) ** 2 + (y - centre_mm[1]) ** 2 <= radius_mm**2
    points = np.column_stack((x[disc] / field.foot_width_mm, y[disc] / field.foot_length_mm))
    return field.densities(points).sum(axis=1) * step**2


@pytest.mark.parametrize("count", [4, 8, 16, 24])
def test_any_number_of_pads(count):
    field = load_field(265.0, 2)
    places = tuple((0.05, 0.1 + 0.8 * k / (count - 1)) for k in range(count))
    layout = SensorLayout(places, diameter_mm=10.0)
    integrals = pad_integrals(field, layout)
    assert integrals.shape == (9, max(16, count))
    assert not integrals[:, count:].any()
    for pad in (0, count - 1):
        centre = np.array(places[pad]) * [field.foot_width_mm, 265.0]
        np.testing.assert_allclose(
            integrals[:, pad], _summed(field, centre, 5.0), rtol=0.03, atol=1e-5
        )


def test_named_pads_keep_their_channels():
    layout = pads_named("HB", "MT1", "HX", "MT5")
    field = load_field(265.0)
    channels = [SENSOR_NAMES.index(n) for n in ("HB", "MT1", "HX", "MT5")]
    few, all_pads = pad_integrals(field, layout), pad_integrals(field, INSOLE_PADS)
    np.testing.assert_array_equal(few[:, channels], all_pads[:, channels])
    assert np.count_nonzero(few.any(axis=0)) == 4


def test_a_smaller_insole_lies_closer_to_the_heel():
    """Scale 0.9: the pad at (0.06, 0.71) lies at (0.054, 0.639) of the foot."""
    field = load_field(265.0)
    pad = SENSOR_NAMES.index("MT3")
    centre = np.array([0.054 * field.foot_width_mm, 0.639 * 265.0])
    got = pad_integrals(field, scale=0.9)[:, pad]
    np.testing.assert_allclose(got, _summed(field, centre, 6.35), rtol=0.02, atol=1e-6)


def test_a_pad_beside_the_sole_feels_nothing():
    assert not inside_outline(np.array(0.7), np.array(0.5))
    assert not pad_integrals(load_field(265.0), SensorLayout(((0.7, 0.5),))).any()


def test_channels_without_a_pad_are_open_in_the_packets():
    faults = replace(NO_FAULTS, pads=pads_named("HB", "MT1", "HX", "MT5"))
    counts = simulate_session("stance", 2.0, 1, 100, faults=faults).counts
    channels = [SENSOR_NAMES.index(n) for n in ("HB", "MT1", "HX", "MT5")]
    present = sorted([*channels, *(16 + c for c in channels)])
    assert counts.shape == (200, 32)
    assert np.flatnonzero(counts.any(axis=0)).tolist() == present


def test_more_pads_than_a_board_scans_can_be_sensed(subject):
    places = tuple((0.0, 0.05 + 0.9 * k / 23) for k in range(24))
    faults = replace(NO_FAULTS, pads=SensorLayout(places))
    bank = SensorBank(sensor_traits(1, faults), faults)
    sensed = SensedBody(Body(subject, "stance"), bank)
    conductance_us = sensed.conductance_us(np.full((1, 48), 0.5))
    assert conductance_us.shape == (1, 48)
    assert conductance_us.min() > 0.0


@pytest.mark.parametrize("channels", [(0, 0), (0,), (-1, 2)])
def test_a_layout_needs_a_channel_for_each_pad(channels):
    with pytest.raises(SettingsError, match="channel"):
        SensorLayout(((0.0, 0.1), (0.0, 0.9)), channels)


def test_the_truth_knows_no_layout():
    few = replace(BASIC_FAULTS, pads=pads_named("HB", "MT1", "HX", "MT5"))
    perfect = replace(NO_FAULTS, clock_ppm=BASIC_FAULTS.clock_ppm)
    truths = [
        simulate_session("tapping", 2.0, 1, 100, faults=faults).truth
        for faults in (BASIC_FAULTS, few, perfect)
    ]
    for truth in truths[1:]:
        np.testing.assert_array_equal(truth.loads.foot_force_n, truths[0].loads.foot_force_n)
        np.testing.assert_array_equal(truth.loads.foot_cop_mm, truths[0].loads.foot_cop_mm)
        assert truth.contacts == truths[0].contacts


def test_the_mirror_person_has_mirrored_samples():
    right, left = (
        simulate_session("tapping", 2.0, 1, 100, side=side, faults=NO_FAULTS).counts
        for side in ("right", "left")
    )
    np.testing.assert_array_equal(left, np.roll(right, 16, axis=1))
