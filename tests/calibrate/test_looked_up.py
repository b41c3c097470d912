# SPDX-License-Identifier: GPL-3.0-or-later
"""Pads that are looked up when asked for are the pads, whoever asks, and in whatever order."""

import dataclasses

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import ForceBlock
from rig.calibrate.force_stage import ForceState, force_stage
from rig.calibrate.looked_up import LookedUpBlock
from rig.contact.load_stage import load_stage, load_state
from rig.settings import Participant

WEIGHTS = np.random.default_rng(1).random((2, 16))
WITHOUT_ONE = (*range(20), -1, *range(21, 32))


@pytest.fixture
def force(make_block):
    def made(n=300, sensel_map=None):
        wired = {} if sensel_map is None else {"sensel_map": sensel_map}
        calibration = Calibration(tare_force_n=(0.3,) * 32, **wired)
        counts = np.random.default_rng(n).integers(0, 900, (n, 32))
        state = ForceState(calibration, body_weight_known=True)
        return force_stage(state, make_block(counts), np.arange(n) / 1000)[1], calibration

    return made


def _fields(block):
    return {field.name: getattr(block, field.name) for field in dataclasses.fields(ForceBlock)}


@pytest.mark.parametrize("n", [0, 1, 15, 300])
def test_weighted_pads_are_pads_times_weights(force, n):
    block, _ = force(n)
    plain = ForceBlock(**_fields(block))
    assert isinstance(block, LookedUpBlock)
    assert not isinstance(plain, LookedUpBlock)
    weighted = block.borne_n(WEIGHTS)
    assert weighted.shape == (2, 16, n)
    assert weighted.flags.c_contiguous
    np.testing.assert_array_equal(weighted, plain.borne_n(WEIGHTS))
    np.testing.assert_array_equal(
        weighted, np.moveaxis(block.pad_force_n * WEIGHTS, 0, -1), strict=True
    )


def test_other_weights_are_not_those_asked_for_before(force):
    block, _ = force()
    once, twice = block.borne_n(WEIGHTS), block.borne_n(2.0 * WEIGHTS)
    np.testing.assert_array_equal(twice, 2.0 * once)


def test_a_part_has_the_pads_of_its_frames(force):
    block, _ = force()
    part = block.cut(slice(40, 90))
    np.testing.assert_array_equal(part.borne_n(WEIGHTS), block.borne_n(WEIGHTS)[..., 40:90])
    np.testing.assert_array_equal(part.pad_force_n, block.pad_force_n[40:90])
    np.testing.assert_array_equal(part.frame_number, np.arange(40, 90))


def test_replaced_pads_are_those_that_are_weighted(force):
    block, _ = force()
    heavier = dataclasses.replace(block, pad_force_n=block.pad_force_n + 1.0)
    assert heavier.cut(slice(3, 5)).pad_force_n.min() >= 1.0
    np.testing.assert_array_equal(
        heavier.borne_n(WEIGHTS), np.moveaxis((block.pad_force_n + 1.0) * WEIGHTS, 0, -1)
    )


@pytest.mark.parametrize("sensel_map", [None, WITHOUT_ONE])
@pytest.mark.parametrize("sways", [False, True])
def test_loads_are_those_of_the_pads(force, sensel_map, sways):
    block, calibration = force(sensel_map=sensel_map)
    state = load_state(Participant(), calibration, sways=sways)
    from_counts = load_stage(state, block)[1]
    from_pads = load_stage(state, ForceBlock(**_fields(block)))[1]
    for name in ("foot_force_n", "region_force_n", "foot_cop_ap_mm", "foot_cop_mm", "cop_mm"):
        np.testing.assert_array_equal(getattr(from_counts, name), getattr(from_pads, name))
    np.testing.assert_array_equal(from_counts.foot_cop_ap_mm, from_counts.foot_cop_mm[..., 1])
    assert np.isnan(block.pad_force_n[:, 1, 4]).all() == (sensel_map is not None)


def test_replaced_loads_still_know_how_far_forward_they_bear(force):
    block, calibration = force()
    loads = load_stage(load_state(Participant(), calibration), block)[1]
    other = dataclasses.replace(loads, foot_cop_mm=loads.foot_cop_mm + 5.0)
    np.testing.assert_array_equal(other.foot_cop_ap_mm, loads.foot_cop_ap_mm + 5.0)
