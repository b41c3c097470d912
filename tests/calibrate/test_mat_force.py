# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's counts to newtons, worked by hand."""

import dataclasses

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.calibrate.mat_force import MatForceState, change_mat_calibration, mat_force_stage
from rig.errors import SettingsError
from rig.wire.frames import FrameBlock, Segment, SegmentCause


@pytest.fixture
def plain_mat(make_hello):
    """Idle rows grounded, whose law for one cell alone is a divider of 150 + 70 + 1000 ohm."""
    return make_hello(
        rig_kind=2, layout_id=2, topology=2, pull_down_ohm=1000, sensel_count=256, scan_rate_hz=200,
        row_count=16, column_count=16, adc_full_scale=1024,
    )  # fmt: skip


def block_of(hello, counts, first=0, index=0):
    n = len(counts)
    return FrameBlock(
        segment=Segment(index, hello, SegmentCause.HELLO, clock_continues=False),
        frame_number=first + np.arange(n),
        board_us=5000 * np.arange(n),
        inputs=np.zeros(n, np.uint8),
        counts=np.asarray(counts, np.uint16),
        end_offset=400 * np.arange(1, n + 1),
    )


def forces(hello, counts, calibration=None):
    state = MatForceState(calibration or Calibration(), body_weight_known=True)
    return mat_force_stage(state, block_of(hello, counts), np.arange(len(counts)) / 200.0)[1]


def counts_of(us, hello, cell=37):
    """One cell of conductance `us`, alone on the mat."""
    counts = np.zeros((1, hello.sensel_count))
    counts[0, cell] = round(1024 * 1000.0 / (1e6 / us + 150.0 + 70.0 + 1000.0))
    return counts


def test_one_cell_alone_is_a_divider(plain_mat):
    force = forces(plain_mat, counts_of(200.0, plain_mat))
    assert force.cell_force_n.shape == (1, 16, 16)
    # a film of 2,500 uS mm2 / N on 25 mm x 25 mm: 4 uS a newton
    assert force.cell_force_n[0, 2, 5] == pytest.approx(50.0, rel=0.01)
    assert force.cell_force_n.sum() == force.cell_force_n[0, 2, 5]


def test_each_cell_has_its_own_curve(plain_mat):
    k_us, exponent = np.full(256, 10.0), np.ones(256)
    k_us[37], exponent[37] = 20.0, 0.5
    curves = Calibration(sensel_k_us=tuple(k_us), sensel_exponent=tuple(exponent))
    force = forces(plain_mat, counts_of(200.0, plain_mat), curves)
    assert force.cell_force_n[0, 2, 5] == pytest.approx(100.0, rel=0.02)  # (200 / 20) ^ (1 / 0.5)


def test_a_region_takes_its_cells_curves(plain_mat):
    part = dataclasses.replace(
        plain_mat, first_row=2, row_count=3, first_column=4, column_count=8, sensel_count=24
    )
    k_us = np.full(256, 10.0)
    k_us[2 * 16 + 5] = 40.0
    curves = Calibration(sensel_k_us=tuple(k_us), sensel_exponent=(1.0,) * 256)
    force = forces(part, counts_of(200.0, part, cell=1), curves)
    assert force.cell_force_n.shape == (1, 3, 8)
    assert force.cell_force_n[0, 0, 1] == pytest.approx(5.0, rel=0.01)


def test_curves_of_insoles_are_refused(plain_mat):
    insoles = Calibration(sensel_k_us=(100.0,) * 32, sensel_exponent=(1.0,) * 32)
    with pytest.raises(SettingsError, match="32 sensors, but the mat has 256"):
        forces(plain_mat, np.zeros((1, 256)), insoles)


def test_what_is_wrong_with_a_frame_is_flagged(make_hello):
    mat = make_hello(
        rig_kind=2, layout_id=2, topology=3, pull_down_ohm=3000, sensel_count=256, scan_rate_hz=60,
        reference_permille=250, row_count=16, column_count=16, adc_full_scale=1024,
    )  # fmt: skip
    # unloaded, the row's resistor draws on the reference: 256 (1 + 5 / 220) / (1 + 15 / 220) = 245.1
    counts = np.full((4, 256), 245)
    counts[1, 9] = 1005
    counts[2, 9] = 230
    flags = forces(mat, counts).flags
    has = [[bool(f & flag) for f in flags] for flag in (FrameFlag.SATURATED, FrameFlag.SNEAK_PATH)]
    assert has == [[False, True, False, False], [False, False, True, False]]
    assert all(f & FrameFlag.EVENT_TIMES_WITHHELD and f & FrameFlag.HEEL_ZONE_ONLY for f in flags)
    faster = forces(dataclasses.replace(mat, scan_rate_hz=100), counts).flags
    assert not any(f & FrameFlag.EVENT_TIMES_WITHHELD for f in faster)


def test_a_grounded_column_that_is_full_is_saturated(plain_mat):
    counts = np.zeros((2, 256))
    counts[1, 5::16] = 58  # sixteen cells that together nearly short the column: 928 of 957
    flags = forces(plain_mat, counts).flags
    assert [bool(f & FrameFlag.SATURATED) for f in flags] == [False, True]


def test_lost_frames_and_segments_are_counted_across_blocks(plain_mat):
    state = MatForceState(Calibration(), body_weight_known=False)
    zeros = np.zeros((3, 256))
    state, _ = mat_force_stage(state, block_of(plain_mat, zeros), np.zeros(3))
    state = change_mat_calibration(state, Calibration(), body_weight_known=True)
    state, second = mat_force_stage(state, block_of(plain_mat, zeros, first=5), np.zeros(3))
    assert second.lost_before.tolist() == [2, 0, 0]
    assert second.flags[0] & FrameFlag.FRAMES_LOST_BEFORE
    assert not second.flags[0] & FrameFlag.SEGMENT_START
    assert not second.flags[0] & FrameFlag.NO_BODY_WEIGHT
