# SPDX-License-Identifier: GPL-3.0-or-later
"""Two feet on a mat, against a field of Gaussians whose cells are added up here."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.calibrate.mat_force_block import MatForceBlock
from rig.contact.mat_stage import finish_mat_loads, joined_loads, mat_load_stage, mat_load_state
from rig.layout.mat import MatLayout
from rig.settings import Participant
from rig.wire.frames import Segment, SegmentCause

LENGTH, WIDTH, BODY_N = 265.0, 100.7, 700.0
FIELD = 400.0
CENTRES = [
    (0.0, 0.13), (0.2, 0.4), (-0.32, 0.73), (-0.12, 0.74), (0.06, 0.71), (0.23, 0.67), (0.38, 0.61),
    (-0.3, 0.9), (0.05, 0.88),
]  # fmt: skip
SPREADS = [(0.15, 0.075), (0.13, 0.11), *[(0.13, 0.07)] * 5, (0.1, 0.04), (0.16, 0.04)]
FLAT = np.array([0.40, 0.10, 0.12, 0.12, 0.10, 0.07, 0.03, 0.04, 0.02])
HIGH_ARCH = np.array([0.45, 0.0, 0.13, 0.13, 0.12, 0.08, 0.03, 0.04, 0.02])
BALL = np.array([0.0, 0.02, 0.24, 0.24, 0.18, 0.10, 0.06, 0.11, 0.05])
LEFT, RIGHT = (130.0, 60.0, 8.0), (270.0, 60.0, 8.0)
"""Heel's X and Y, toe-out."""
SLOW = 100


def foot_cells(place, side, posture, cells=16, step=2.5):
    """Share of a foot's load in each cell, (cells^2,); side -1 is a left foot, +1 a right one."""
    x, y, toe_out = place
    fine = (np.arange(FIELD / step) + 0.5) * step
    across, ahead = np.meshgrid(side * (fine - x), fine - y)
    turn = np.deg2rad(toe_out)
    u = (across * np.cos(turn) - ahead * np.sin(turn)) / WIDTH
    v = (across * np.sin(turn) + ahead * np.cos(turn)) / LENGTH
    sole = (v >= 0.0) & (v <= 1.0) & (np.abs(u) <= 0.27 + 0.2 * np.clip((v - 0.35) / 0.3, 0.0, 1.0))
    load = np.zeros_like(u)
    for share, (cu, cv), (su, sv) in zip(posture, CENTRES, SPREADS, strict=True):
        bump = np.where(sole, np.exp(-0.5 * (((u - cu) / su) ** 2 + ((v - cv) / sv) ** 2)), 0.0)
        load += share * bump / bump.sum()
    each = len(fine) // cells
    return load.reshape(cells, each, cells, each).sum(axis=(1, 3)).ravel()


def scene(left_n, right_n, left=LEFT, right=RIGHT, posture=FLAT, sides=(-1, 1), cells=16):
    """(frames, 2, cells^2) newtons of each foot on each cell; loads as (frames,)."""
    feet = [
        np.asarray(n)[:, None] * foot_cells(place, side, posture, cells)
        for n, place, side in zip((left_n, right_n), (left, right), sides, strict=True)
    ]
    return np.stack(feet, axis=1)


def block_of(make_hello, cells_n, rate_hz=SLOW, first=0, index=0):
    n, side = len(cells_n), round(np.sqrt(cells_n.shape[-1]))
    hello = make_hello(rig_kind=2, layout_id=2 if side == 16 else 3, scan_rate_hz=rate_hz)
    number = first + np.arange(n)
    return MatForceBlock(
        segment=Segment(index, hello, SegmentCause.HELLO, clock_continues=False),
        t_s=number / rate_hz,
        frame_number=number,
        end_offset=400 * (number + 1),
        layout=MatLayout(side, side, FIELD / side),
        cell_force_n=cells_n.reshape(n, side, side),
        flags=np.zeros(n, np.uint32),
        lost_before=np.zeros(n, np.int64),
    )


@pytest.fixture
def loads_on(make_hello):
    """Loads of cells (n, cells^2), cut into blocks at the given frames."""

    def run(cells_n, *, cuts=(), rate_hz=SLOW, facing_deg=0.0):
        state = mat_load_state(
            Participant(body_weight_n=BODY_N), Calibration(), LENGTH, facing_deg=facing_deg
        )
        bounds, done = [0, *cuts, len(cells_n)], []
        for start, stop in pairwise(bounds):
            force = block_of(make_hello, cells_n[start:stop], rate_hz, first=start)
            state, loads = mat_load_stage(state, force)
            done += loads
        return joined_loads([*done, *finish_mat_loads(state)[1]])

    return run


def standing(n=100, share=0.55):
    return np.full(n, share * BODY_N), np.full(n, (1.0 - share) * BODY_N)


def unknown(loads):
    return (loads.force.flags & FrameFlag.FEET_UNKNOWN) != 0


@pytest.mark.parametrize("cells", [16, 32])
@pytest.mark.parametrize("posture", [FLAT, HIGH_ARCH, BALL])
def test_a_person_who_stands_has_a_left_and_a_right_foot_at_once(loads_on, cells, posture):
    feet = scene(*standing(), posture=posture, cells=cells)
    loads = loads_on(feet.sum(axis=1))
    assert not unknown(loads).any()
    np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), rtol=0.01)
    np.testing.assert_allclose(loads.share_left, 0.55, atol=0.005)


@pytest.mark.parametrize("toe_out", [-5.0, 8.0, 30.0])
def test_the_place_of_a_foot_is_measured(loads_on, toe_out):
    left, right = (165.0, 70.0, toe_out), (235.0, 90.0, toe_out)
    if toe_out < 0.0:
        left, right = (110.0, 70.0, toe_out), (290.0, 90.0, toe_out)
    loads = loads_on(scene(*standing(), left, right).sum(axis=1))
    for foot, place in enumerate((left, right)):
        assert np.hypot(*(loads.heel_mm[-1, foot] - place[:2])) < 9.0
        assert loads.toe_out_deg[-1, foot] == pytest.approx(place[2], abs=4.0)
    # centroid of all cells, measured by nobody's template
    cells_n = scene(*standing(1), left, right).sum(axis=1)[0].reshape(16, 16)
    middle = (np.arange(16) + 0.5) * 25.0
    assert loads.cop_mm[-1, 0] == pytest.approx(
        (cells_n.sum(axis=0) * middle).sum() / BODY_N, abs=1
    )
    assert loads.cop_mm[-1, 1] == pytest.approx(
        (cells_n.sum(axis=1) * middle).sum() / BODY_N, abs=1
    )


@pytest.mark.parametrize(("posture", "heel"), [(FLAT, 0.41), (BALL, 0.0)])
def test_regions_are_bands_of_the_foot(loads_on, posture, heel):
    ball_first = np.concatenate(
        (scene(*standing(50), posture=FLAT), scene(*standing(150), posture=posture))
    )
    loads = loads_on(ball_first.sum(axis=1))
    share = loads.region_force_n[-1] / loads.foot_force_n[-1, :, None]
    np.testing.assert_allclose(share.sum(axis=1), 1.0)
    np.testing.assert_allclose(share[:, 0], heel, atol=0.07)
    true_y = (posture * np.array([c[1] for c in CENTRES])).sum() * LENGTH
    np.testing.assert_allclose(loads.foot_cop_mm[-1, :, 1], true_y, atol=18.0)


def test_a_person_who_faces_the_other_way_has_the_other_feet(loads_on):
    feet = scene(*standing())
    turned = feet.sum(axis=1).reshape(-1, 16, 16)[:, ::-1, ::-1].reshape(-1, 256)
    loads = loads_on(np.ascontiguousarray(turned), facing_deg=180.0)
    np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), rtol=0.01)
    assert np.hypot(*(loads.heel_mm[-1, 0] - LEFT[:2])) < 9.0


def test_taps_belong_to_the_foot_that_taps(loads_on):
    t_s = np.arange(600) / SLOW
    tap = np.where((t_s > 2.0) & (t_s % 0.5 < 0.12), 0.15 * np.sin(np.pi * (t_s % 0.5) / 0.12), 0.0)
    right = BODY_N * np.where(t_s < 2.0, 0.5, tap)
    left = BODY_N - right
    loads = loads_on(scene(left, right).sum(axis=1))
    np.testing.assert_allclose(loads.foot_force_n[:, 1], right, atol=2.0)
    assert not unknown(loads).any()


def steps(n_a_step=80):
    """Alternating single support, the other foot in the air in between."""
    phase = np.arange(4 * n_a_step) / n_a_step
    share = 0.5 + 0.5 * np.clip(2.0 * np.sin(np.pi * phase / 2.0), -1.0, 1.0)
    return BODY_N * share, BODY_N * (1.0 - share)


def test_a_foot_that_lands_elsewhere_is_the_one_that_was_lifted(loads_on):
    first = scene(*standing(60))
    lift = scene(np.full(60, BODY_N), np.zeros(60))
    moved = scene(*standing(100), right=(300.0, 100.0, 15.0))
    feet = np.concatenate((first, lift, moved))
    loads = loads_on(feet.sum(axis=1))
    assert not unknown(loads).any()
    np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), atol=0.03 * BODY_N)
    assert np.hypot(*(loads.heel_mm[-1, 1] - (300.0, 100.0))) < 20.0


def test_a_foot_put_down_across_the_other_keeps_its_name(loads_on):
    first = scene(*standing(60))
    lift = scene(np.full(40, BODY_N), np.zeros(40))
    across = scene(*standing(60), right=(45.0, 90.0, 0.0))
    feet = np.concatenate((first, lift, across))
    loads = loads_on(feet.sum(axis=1))
    known = ~unknown(loads)
    np.testing.assert_allclose(
        loads.foot_force_n[known], feet.sum(axis=2)[known], atol=0.06 * BODY_N
    )


def test_steps_in_place_keep_their_feet(loads_on):
    left, right = steps()
    feet = np.concatenate((scene(*standing(30, 0.5)), scene(left, right), scene(left, right)))
    loads = loads_on(feet.sum(axis=1))
    np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), atol=2.0)


@pytest.mark.parametrize(("gone_s", "known"), [(0.5, True), (1.5, False)])
def test_names_are_kept_for_a_second_of_flight(loads_on, gone_s, known):
    nothing = np.zeros(int(gone_s * SLOW))
    again = scene(np.full(50, BODY_N), np.zeros(50))
    feet = np.concatenate((scene(*standing()), scene(nothing, nothing), again))
    loads = loads_on(feet.sum(axis=1))
    assert unknown(loads)[-40:].all() != known
    if known:
        np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), atol=2.0)


NOBODY_KNOWS = {
    "one foot alone": scene(np.full(100, BODY_N), np.zeros(100)),
    "one behind the other": scene(
        *standing(), left=(200.0, 2.0, 0.0), right=(203.0, 262.0, 0.0), posture=BALL
    ),
    "legs crossed": scene(*standing(), left=RIGHT, right=LEFT),
    "legs crossed, toes straight": scene(*standing(), (270.0, 60.0, -3.0), (130.0, 60.0, -3.0)),
    "legs crossed, heels lifted": scene(*standing(), left=RIGHT, right=LEFT, posture=BALL),
    "legs crossed, high arches": scene(*standing(), left=RIGHT, right=LEFT, posture=HIGH_ARCH),
}


@pytest.mark.parametrize("feet", NOBODY_KNOWS.values(), ids=NOBODY_KNOWS.keys())
def test_what_does_not_settle_it_is_said_and_not_guessed(loads_on, feet):
    loads = loads_on(feet.sum(axis=1))
    assert unknown(loads).all()
    assert np.isnan(loads.foot_force_n).all()
    assert np.isnan(loads.share_left).all()
    np.testing.assert_allclose(loads.total_force_n, BODY_N, rtol=1e-3)
    assert np.isfinite(loads.cop_mm).all()


def test_an_empty_mat_bears_nothing_and_nothing_is_unknown(loads_on):
    loads = loads_on(np.zeros((40, 256)))
    assert not unknown(loads).any()
    assert not loads.foot_force_n.any()
    assert np.isnan(loads.cop_mm).all()


def test_a_stick_is_neither_foot(loads_on):
    feet = scene(*standing(60), left=(90.0, 60.0, 5.0), right=(210.0, 60.0, 5.0))
    stick = np.zeros((60, 256))
    stick[30:, 15 + 16 * 14] = 60.0  # the right front corner, far from both
    loads = loads_on(feet.sum(axis=1) + stick)
    np.testing.assert_allclose(loads.foot_force_n, feet.sum(axis=2), atol=2.0)
    elsewhere = (loads.force.flags & FrameFlag.LOAD_ELSEWHERE) != 0
    assert elsewhere[35:].all()
    assert not elsewhere[:29].any()


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 329), max_size=6, unique=True).map(sorted))
def test_cuts_change_no_bit(make_hello, cuts):
    left, right = steps(60)
    moved = scene(*standing(90), right=(300.0, 90.0, 15.0))
    cells_n = np.concatenate((scene(left, right), moved)).sum(axis=1)[:330]
    cells_n = cells_n + np.random.default_rng(1).exponential(0.05, cells_n.shape)

    def run(bounds):
        state = mat_load_state(Participant(body_weight_n=BODY_N), Calibration(), LENGTH)
        done = []
        for start, stop in pairwise(bounds):
            state, out = mat_load_stage(
                state, block_of(make_hello, cells_n[start:stop], first=start)
            )
            done += out
        return joined_loads([*done, *finish_mat_loads(state)[1]])

    whole, parts = run([0, 330]), run([0, *cuts, 330])
    for field in dataclasses.fields(whole):
        if field.name != "force":
            one, other = getattr(whole, field.name), getattr(parts, field.name)
            assert one.tobytes() == other.tobytes(), field.name
    assert whole.force.flags.tobytes() == parts.force.flags.tobytes()


def test_lost_frames_move_no_window(loads_on, make_hello):
    cells_n = scene(*standing(100)).sum(axis=1)
    state = mat_load_state(Participant(body_weight_n=BODY_N), Calibration(), LENGTH)
    first = block_of(make_hello, cells_n[:43])
    second = block_of(make_hello, cells_n[57:], first=57)
    state, one = mat_load_stage(state, first)
    state, two = mat_load_stage(state, second)
    got = joined_loads([*one, *two, *finish_mat_loads(state)[1]])
    assert got.force.frame_number.tolist() == [*range(43), *range(57, 100)]
    np.testing.assert_allclose(got.share_left, 0.55, atol=0.005)


def test_no_frame_is_held_longer_than_a_window(make_hello):
    cells_n = scene(*standing(23)).sum(axis=1)
    state = mat_load_state(Participant(body_weight_n=BODY_N), Calibration(), LENGTH)
    held = []
    for frame in range(23):
        state, out = mat_load_stage(
            state, block_of(make_hello, cells_n[frame : frame + 1], first=frame)
        )
        held.append(0 if state.pending is None else len(state.pending))
        assert sum(map(len, out)) == (5 if frame % 5 == 4 else 0)  # 50 ms at 100 Hz
    assert max(held) == 4
