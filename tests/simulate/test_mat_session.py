# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat session: bytes against samples, samples against the circuit, truth against itself."""

from dataclasses import replace

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.layout import Foot
from rig.layout.mat import mat_layout
from rig.simulate.hard_faults import HardFault
from rig.simulate.mat_field import FootPlacement, Stand, random_stand
from rig.simulate.mat_front import VIRTUAL_GROUND
from rig.simulate.mat_rigs import MAT_RIGS, mat_faults
from rig.simulate.mat_session import simulate_mat_session
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, SensorFaults
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock, HelloReceived
from rig.wire.packets import RigKind, Topology

BODY_WEIGHT_N = 70.0 * 9.80665


@pytest.fixture(scope="module")
def clean():
    return simulate_mat_session("stance", 4.0, 5, faults=NO_FAULTS)


def _decoded(stream):
    decoder = Decoder()
    items = [*decoder.feed(stream), *decoder.finish()]
    hello = next(i.hello for i in items if isinstance(i, HelloReceived))
    blocks = [i for i in items if isinstance(i, FrameBlock)]
    return hello, np.concatenate([b.counts for b in blocks]), decoder.faults


@pytest.mark.parametrize("rig", ["mat16", "mat16_cheap", "mat32"])
def test_the_bytes_decode_to_the_samples(rig):
    session = simulate_mat_session("tapping", 1.0, 2, rig)
    hello, counts, faults = _decoded(session.stream)
    assert faults.lost_frames == faults.crc_errors == 0
    np.testing.assert_array_equal(counts, session.counts)
    assert hello.rig_kind == RigKind.MAT
    assert hello.topology == MAT_RIGS[rig].front.topology
    assert mat_layout(hello).sensel_count == session.counts.shape[1]
    assert len(session.packet_sent_s) == len(session.packet_end_offsets)


def test_all_of_the_load_is_on_the_cells(clean):
    """Force of all cells of a foot = its true force, up to what moves while a scan runs."""
    true = clean.truth.truth.loads.foot_force_n[::5][: len(clean.counts)]
    np.testing.assert_allclose(clean.cell_force_n.sum(axis=2), true, atol=0.02 * BODY_WEIGHT_N)


def test_the_cells_centre_is_the_true_cop(clean):
    """Cells of 25 mm find the CoP of the field to a millimetre or two."""
    force = clean.cell_force_n.sum(axis=1).astype(float)
    centre = force @ clean.layout.place_mm / force.sum(axis=1, keepdims=True)
    true = clean.truth.cop_mm[::5][: len(centre)]
    assert np.sqrt(((centre - true) ** 2).mean()) < 2.0


def test_each_foot_s_cop_lies_on_its_own_side(clean):
    cop, force = clean.truth.foot_cop_mm, clean.truth.truth.loads.foot_force_n
    assert np.nanmax(cop[:, Foot.LEFT, 0]) < 200.0 < np.nanmin(cop[:, Foot.RIGHT, 0])
    np.testing.assert_array_equal(np.isnan(cop[..., 0]), force < 0.10 * BODY_WEIGHT_N)


def test_counts_follow_from_the_circuit(clean):
    exact = 1024 * VIRTUAL_GROUND.ratio(clean.conductance_us)
    assert np.abs(clean.counts - exact.reshape(len(exact), -1)).max() <= 0.5 + 1e-9


def test_clean_conductance_is_the_film_s_constant_times_the_force(clean):
    expected = 3.0 * clean.cell_force_n.sum(axis=1).reshape(clean.conductance_us.shape)
    np.testing.assert_allclose(clean.conductance_us, expected, rtol=1e-3, atol=1e-6)


def test_cells_are_labelled_by_who_stands_on_them(clean):
    labels = clean.labels()
    x_mm = clean.layout.place_mm[:, 0]
    assert x_mm[(labels == Foot.LEFT).any(axis=0)].max() < 200.0
    assert x_mm[(labels == Foot.RIGHT).any(axis=0)].min() > 200.0
    assert (labels == -1).mean() > 0.3


def test_a_region_sends_only_its_cells():
    part = (2, 10, 4, 8)
    whole = simulate_mat_session("stance", 0.5, 2, faults=NO_FAULTS)
    session = simulate_mat_session("stance", 0.5, 2, faults=NO_FAULTS, part=part)
    hello, counts, _ = _decoded(session.stream)
    assert counts.shape[1] == 80
    assert (hello.first_row, hello.row_count, hello.first_column, hello.column_count) == part
    same = whole.counts[:, mat_layout(hello).sensel]
    assert np.abs(counts - same).max() <= 2  # rows are read at other moments


def test_placement_is_where_the_load_is():
    stand = Stand(FootPlacement(100.0, 40.0, 0.0), FootPlacement(300.0, 110.0, 20.0))
    session = simulate_mat_session("stance", 1.0, 2, placement=stand)
    truth = session.truth
    np.testing.assert_array_equal(truth.heel_mm[0], [[100.0, 40.0], [300.0, 110.0]])
    np.testing.assert_array_equal(truth.axis_deg[0], [0.0, 20.0])
    y_mm = session.layout.place_mm[:, 1]
    for foot, heel_y in ((Foot.LEFT, 40.0), (Foot.RIGHT, 110.0)):
        loaded = session.cell_force_n[:, foot].max(axis=0) > 1.0
        assert heel_y - 13.0 <= y_mm[loaded].min() <= heel_y + 30.0


def test_feet_that_move_at_a_given_time():
    here = Stand(FootPlacement(120.0, 60.0, 5.0), FootPlacement(280.0, 60.0, 5.0))
    there = Stand(here.left, FootPlacement(300.0, 90.0, 15.0), from_s=0.5)
    session = simulate_mat_session("stance", 1.0, 2, placement=(here, there))
    moved = np.flatnonzero(np.diff(session.truth.heel_mm[:, Foot.RIGHT, 0]))
    assert moved.tolist() == [499]
    before, after = session.cell_force_n[99], session.cell_force_n[101]
    np.testing.assert_allclose(before[Foot.LEFT], after[Foot.LEFT], rtol=0.05, atol=0.5)
    assert np.abs(before[Foot.RIGHT] - after[Foot.RIGHT]).max() > 10.0


def test_stepping_moves_a_foot_only_while_it_is_in_the_air():
    session = simulate_mat_session("tapping", 10.0, 3, stepping=True)
    force = session.truth.truth.loads.foot_force_n
    steps = 0
    for foot in Foot:
        moved = np.flatnonzero(np.diff(session.truth.heel_mm[:, foot], axis=0).any(axis=1))
        assert force[moved, foot].max(initial=0.0) < 1.0
        steps += len(moved)
    assert steps >= 5


def test_a_high_arch_bears_nothing_and_keeps_the_cop():
    """The band that the midfoot's own kernel fills is bridged by heel and ball."""
    flat, arched = (
        simulate_mat_session("stance", 1.0, 2, high_arch=arch, faults=NO_FAULTS)
        for arch in (False, True)
    )
    before, after = (s.truth.truth.loads for s in (flat, arched))
    assert not after.kernel_force_n[:, :, 1].any()
    np.testing.assert_allclose(after.foot_force_n, before.foot_force_n)
    np.testing.assert_allclose(after.region_force_n.sum(axis=2), before.foot_force_n)
    assert (after.region_force_n[:, :, 1] < 0.5 * before.region_force_n[:, :, 1]).all()
    np.testing.assert_allclose(after.foot_cop_mm, before.foot_cop_mm, atol=4.0)


def test_bare_feet_press_harder_on_fewer_cells():
    shod, bare = (simulate_mat_session("stance", 1.0, 2, barefoot=b) for b in (False, True))
    assert bare.cell_force_n.max() > 1.2 * shod.cell_force_n.max()
    assert (bare.cell_force_n > 1.0).sum() < (shod.cell_force_n > 1.0).sum()


@pytest.mark.parametrize("seed", range(3))
def test_any_place_and_turn_keeps_the_load(seed):
    stand = random_stand(MAT_RIGS["mat16"].layout, 265.0, np.random.default_rng(seed))
    session = simulate_mat_session("stance", 0.5, seed, placement=stand, faults=NO_FAULTS)
    total = session.cell_force_n.sum(axis=(1, 2))
    assert total.mean() == pytest.approx(BODY_WEIGHT_N, rel=0.02)


def test_a_mat_s_faults_follow_pressure():
    """The dead zone of 0.2 N on 126.7 mm^2 is 0.99 N on 625 mm^2."""
    faults = mat_faults(MAT_RIGS["mat16"], BASIC_FAULTS)
    assert faults.dead_zone_n == pytest.approx(0.987, abs=0.001)
    assert faults.saturation_n == pytest.approx(296.0, abs=0.5)
    assert faults.bridging_max == 0.0
    assert mat_faults(MAT_RIGS["mat16"], NO_FAULTS).gain_spread == 0.0


def test_the_same_arguments_give_the_same_bytes():
    one, again, other = (simulate_mat_session("tapping", 0.5, s).stream for s in (1, 1, 2))
    assert one == again
    assert one != other


def test_loss_leaves_holes():
    session = simulate_mat_session("stance", 20.0, 1, faults=SensorFaults(loss_fraction=0.02))
    _, counts, faults = _decoded(session.stream)
    assert faults.lost_frames > 0
    assert len(counts) + faults.lost_frames == pytest.approx(len(session.counts), abs=25)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rig": "mat64"}, "mat64"),
        ({"rate_hz": 400}, "270 Hz"),
        ({"seconds": 3600.0}, "600 s"),
        ({"placement": ()}, "in order"),
        ({"part": (10, 10, 0, 16)}, "not on a mat"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(change, words):
    arguments = {"motion": "stance", "seconds": 0.2, "seed": 1} | change
    with pytest.raises(SettingsError, match=words):
        simulate_mat_session(**arguments)


def test_topologies_are_those_of_the_builds():
    assert MAT_RIGS["mat16"].front.topology == Topology.MATRIX_VIRTUAL_GROUND
    assert MAT_RIGS["mat16_cheap"].front.topology == Topology.MATRIX_GROUNDED_ROWS


@pytest.mark.parametrize("kind", ["dead", "stuck-high", "stuck-low", "bridged", "swapped", "noisy"])
def test_cells_break_without_the_truth_knowing(kind):
    hard = (HardFault(kind, 0.25),)
    sound = simulate_mat_session("stance", 0.5, 2)
    broken = simulate_mat_session("stance", 0.5, 2, faults=replace(BASIC_FAULTS, hard=hard))
    np.testing.assert_array_equal(broken.counts[:50], sound.counts[:50])
    assert not np.array_equal(broken.counts[50:], sound.counts[50:])
    np.testing.assert_array_equal(broken.cell_force_n, sound.cell_force_n)


def test_a_dead_cell_of_a_mat_reads_as_an_empty_one():
    loaded = int(np.argmax(simulate_mat_session("stance", 0.1, 2).counts[0]))
    faults = replace(NO_FAULTS, hard=(HardFault("dead", sensels=(loaded,)),))
    counts = simulate_mat_session("stance", 0.1, 2, faults=faults).counts
    assert np.abs(counts[:, loaded] - counts.min()).max() <= 3


def test_a_mat_has_no_laces():
    faults = replace(BASIC_FAULTS, hard=(HardFault("preload"),))
    with pytest.raises(SettingsError, match="preload"):
        simulate_mat_session("stance", 0.1, 2, faults=faults)
