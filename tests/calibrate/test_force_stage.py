# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts to pad forces: tare, flags, lost frames, and equality however the stream is cut."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.calibrate.force_stage import ForceState, change_calibration, force_stage


def _times(block):
    return block.board_us * 1e-6


def test_tare_is_taken_off_and_force_never_negative(make_block):
    tare = (5.0, 20.0) + (0.0,) * 30
    calibration = Calibration(mux_ohm=0.0, tare_force_n=tare)
    block = make_block(np.full((1, 32), 500))  # 10 N a pad at 100 uS/N
    _, force = force_stage(ForceState(calibration, body_weight_known=True), block, _times(block))
    assert force.pad_force_n[0, 0, 0] == pytest.approx(5.0)
    assert force.pad_force_n[0, 0, 1] == 0.0
    assert force.pad_force_n[0, 1, 15] == pytest.approx(10.0)


def test_right_foot_follows_the_left(make_block):
    counts = np.zeros((1, 32))
    counts[0, 16] = 500
    block = make_block(counts)
    _, force = force_stage(
        ForceState(Calibration(mux_ohm=0.0), body_weight_known=True), block, _times(block)
    )
    assert np.flatnonzero(force.pad_force_n.ravel()).tolist() == [16]
    assert force.pad_force_n[0, 1, 0] == pytest.approx(10.0)


def test_flags_say_what_is_unknown_and_what_was_lost(make_block):
    block = make_block(np.zeros((3, 32)), numbers=[0, 1, 5])
    block = dataclasses.replace(block, inputs=np.array([0x10, 0x20, 0], np.uint8))
    _, force = force_stage(ForceState(Calibration(), body_weight_known=False), block, _times(block))
    always = FrameFlag.TEMPLATE_STANCE | FrameFlag.NO_BODY_WEIGHT | FrameFlag.NO_BODY_WEIGHT_GAIN
    assert force.flags.tolist() == [
        always | FrameFlag.SEGMENT_START | FrameFlag.SYNC_IN,
        always | FrameFlag.SYNC_OUT,
        always | FrameFlag.FRAMES_LOST_BEFORE,
    ]
    assert force.lost_before.tolist() == [0, 0, 3]


def test_saturated_frames_are_flagged(make_block):
    counts = np.zeros((2, 32))
    counts[1, 20] = 900
    block = make_block(counts)
    _, force = force_stage(ForceState(Calibration(), body_weight_known=True), block, _times(block))
    assert ((force.flags & FrameFlag.SATURATED) != 0).tolist() == [False, True]


def test_a_new_clock_run_knows_of_no_loss_before_it(make_block):
    state = ForceState(Calibration(), body_weight_known=True)
    first = make_block(np.zeros((2, 32)), numbers=[0, 1])
    state, _ = force_stage(state, first, _times(first))
    joined = make_block(np.zeros((1, 32)), index=1, continues=True, numbers=[4])
    state, force = force_stage(state, joined, _times(joined))
    assert force.lost_before.tolist() == [2]
    restarted = make_block(np.zeros((1, 32)), index=2, continues=False, numbers=[0])
    _, force = force_stage(state, restarted, _times(restarted))
    assert force.lost_before.tolist() == [0]
    assert force.flags[0] & FrameFlag.SEGMENT_START


def test_another_calibration_holds_from_the_next_block(make_block):
    block = make_block(np.full((1, 32), 500))
    state, before = force_stage(
        ForceState(Calibration(mux_ohm=0.0), body_weight_known=True), block, _times(block)
    )
    stiffer = Calibration(mux_ohm=0.0, fsr_k_us=50.0)
    _, after = force_stage(
        change_calibration(state, stiffer, body_weight_known=True), block, _times(block)
    )
    np.testing.assert_allclose(after.pad_force_n, 2.0 * before.pad_force_n)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_cuts_change_nothing(make_block, data):
    n = 40
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    counts = rng.integers(0, 1000, (n, 32))
    numbers = np.cumsum(rng.integers(1, 4, n))
    bounds = [0, *sorted(data.draw(st.lists(st.integers(1, n - 1), max_size=6))), n]
    whole = make_block(counts, numbers=numbers)
    start = ForceState(Calibration(tare_force_n=(0.3,) * 32), body_weight_known=True)
    _, expected = force_stage(start, whole, _times(whole))
    state, parts = start, []
    for a, b in pairwise(bounds):
        block = make_block(counts[a:b], numbers=numbers[a:b])
        state, force = force_stage(state, block, _times(block))
        parts.append(force)
    for name in ("pad_force_n", "flags", "lost_before"):
        joined = np.concatenate([getattr(p, name) for p in parts])
        assert joined.tobytes() == getattr(expected, name).tobytes()
