# SPDX-License-Identifier: GPL-3.0-or-later
"""Each hard fault against the same session without it; the truth must not know of any."""

from dataclasses import replace

import numpy as np
import pytest

from rig.errors import SettingsError
from rig.layout import Foot
from rig.layout.insole import insole_layout
from rig.simulate.board import Scanner, SensedBody, simulated_hello, tick_times_us
from rig.simulate.body import Body
from rig.simulate.hard_faults import HARD_FAULT_KINDS, HardFault, settled_faults
from rig.simulate.load_field import load_field
from rig.simulate.pad_loads import PadLoads
from rig.simulate.pads import INSOLE_PADS, pad_force_n, pad_integrals
from rig.simulate.person import BOOT_US, simulate_session
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, SensorBank, sensor_traits

SECONDS, SEED, RATE_HZ = 3.0, 6, 200
AT_S = 1.5


def _session(*hard, faults=BASIC_FAULTS, drill="pony"):
    return simulate_session(drill, SECONDS, SEED, RATE_HZ, faults=replace(faults, hard=tuple(hard)))


@pytest.fixture(scope="module")
def sound():
    return _session()


def _late(session, sensel):
    """Counts of a sensel from the fault's start on."""
    return session.counts[round(AT_S * RATE_HZ) + 1 :, sensel]


@pytest.mark.parametrize(
    "fault",
    [
        HardFault("dead", sensels=(3,)),
        HardFault("stuck-high", sensels=(3,)),
        HardFault("bridged", sensels=(3, 9)),
        HardFault("swapped", sensels=(3, 9)),
        HardFault("feet-swapped"),
        HardFault("noisy", sensels=(3,)),
        HardFault("stuck-low", sensels=(3,)),
        HardFault("wrong-size"),
        HardFault("preload"),
        HardFault("slip"),
    ],
    ids=lambda fault: fault.kind,
)
def test_the_truth_and_the_time_before_stay_untouched(sound, fault):
    broken = _session(replace(fault, start_s=AT_S))
    first = round(AT_S * RATE_HZ)
    np.testing.assert_array_equal(broken.counts[:first], sound.counts[:first])
    assert not np.array_equal(broken.counts[first:], sound.counts[first:])
    loads, expected = broken.truth.loads, sound.truth.loads
    np.testing.assert_array_equal(loads.kernel_force_n, expected.kernel_force_n)
    np.testing.assert_array_equal(loads.cop_mm, expected.cop_mm)
    assert broken.truth.contacts == sound.truth.contacts


def test_a_dead_sensel_reads_noise_around_zero():
    late = _late(_session(HardFault("dead", AT_S, sensels=(16,))), 16)
    assert late.max() <= 4
    assert late.min() == 0


def test_a_sensel_shorted_to_ground_reads_zero_without_noise():
    assert not _late(_session(HardFault("stuck-low", AT_S, sensels=(16,))), 16).any()


def test_a_shorted_sensor_reads_what_the_divider_leaves():
    """1000 / (1000 + 70) of 1024 is 957 counts."""
    late = _late(_session(HardFault("stuck-high", AT_S, sensels=(16,)), faults=NO_FAULTS), 16)
    assert set(late.tolist()) == {957}


def test_swapped_sensels_give_each_other_s_samples():
    sound = _session(faults=NO_FAULTS)
    swapped = _session(HardFault("swapped", AT_S, sensels=(0, 9)), faults=NO_FAULTS)
    np.testing.assert_array_equal(_late(swapped, 0), _late(sound, 9))
    np.testing.assert_array_equal(_late(swapped, 9), _late(sound, 0))
    np.testing.assert_array_equal(_late(swapped, 5), _late(sound, 5))


def test_swapped_feet_give_each_other_s_samples():
    sound = _session(faults=NO_FAULTS)
    swapped = _session(HardFault("feet-swapped", AT_S), faults=NO_FAULTS)
    for pad in (0, 7, 15):
        np.testing.assert_array_equal(_late(swapped, pad), _late(sound, 16 + pad))
        np.testing.assert_array_equal(_late(swapped, 16 + pad), _late(sound, pad))


def test_bridged_sensels_both_read_the_sum_of_their_conductances():
    sound = _session(faults=NO_FAULTS)
    bridged = _session(HardFault("bridged", AT_S, sensels=(0, 9)), faults=NO_FAULTS)
    first = round(AT_S * RATE_HZ)
    total = sound.conductance_us[first:, 0] + sound.conductance_us[first:, 9]
    for sensel in (0, 9):
        np.testing.assert_allclose(bridged.conductance_us[first:, sensel], total)


def test_a_bad_contact_adds_its_own_noise():
    """Twenty counts where the reading is far from its bounds."""
    sound = _session(faults=NO_FAULTS, drill="stance")
    loaded = int(np.argmax(sound.counts.mean(axis=0)))
    noisy = _session(HardFault("noisy", sensels=(loaded,)), faults=NO_FAULTS, drill="stance")
    added = (noisy.counts - sound.counts)[:, loaded]
    assert added.std() == pytest.approx(20.0, rel=0.1)


def test_an_insole_of_another_size_lies_under_other_places(sound):
    """EU 39 is 245 mm long; its pads feel the field where 245 / 265 of their places are."""
    broken = _session(HardFault("wrong-size", size=39.0), faults=NO_FAULTS)
    field = load_field(265.0, SEED)
    integrals = pad_integrals(field, scale=245.0 / 265.0)
    dense = pad_force_n(broken.truth.loads, integrals)
    at = 5 * 300
    read = broken.conductance_us[300] / NO_FAULTS.fsr_k_us
    np.testing.assert_allclose(read, dense[at], rtol=1e-6, atol=1e-6)


def test_a_slipping_insole_is_a_fiftieth_of_the_foot_ahead_after_a_minute(loads_of, subject):
    """After 30 s its pads feel what pads 0.01 further forward feel."""
    loads = loads_of("stance", seconds=2)
    slipping = PadLoads(subject, INSOLE_PADS, (HardFault("slip", foot=Foot.RIGHT),))
    got = slipping.force_n(loads, 30_000)[:1]
    field = subject.field
    moved = pad_force_n(loads.first(1), pad_integrals(field, forward=0.01))
    still = pad_force_n(loads.first(1), pad_integrals(field))
    np.testing.assert_allclose(got[:, 16:], moved[:, 16:], rtol=1e-9)
    np.testing.assert_allclose(got[:, :16], still[:, :16], rtol=1e-9)


def test_preload_is_a_part_of_the_body_weight_on_each_sole(loads_of, subject):
    """By area: pad force over pad area times sole area, added up, is 0.08 body weights."""
    loads = loads_of("stance", seconds=2)
    laced = PadLoads(subject, INSOLE_PADS, (HardFault("preload", size=0.08),))
    bare = PadLoads(subject, INSOLE_PADS)
    extra = (laced.force_n(loads, 0) - bare.force_n(loads, 0))[0].reshape(2, 16)
    sole_mm2 = insole_layout(265.0).tributary_mm2.sum()
    a_pad = sole_mm2 / 16 / (np.pi * 6.35**2)
    np.testing.assert_allclose(extra.sum(axis=1) * a_pad, 0.08 * subject.body_weight_n)
    assert extra.min() > 0.0
    assert extra.std() > 0.2 * extra.mean()


def test_unnamed_sensels_are_drawn_by_the_seed():
    hard = (HardFault("dead"), HardFault("swapped"), HardFault("dead"))
    drawn = [
        tuple(f.sensels for f in settled_faults(hard, s, INSOLE_PADS.sensels_by_foot, 32))
        for s in range(20)
    ]
    assert drawn[3] == tuple(
        f.sensels for f in settled_faults(hard, 3, INSOLE_PADS.sensels_by_foot, 32)
    )
    assert len({d[0] for d in drawn}) > 8
    for _, (one, other), _ in drawn:
        assert one != other
        assert one // 16 == other // 16


@pytest.mark.parametrize("sensels", [(1,), (1, 2, 3), (1, 32)])
def test_a_pair_must_be_two_sensels_that_exist(sensels):
    with pytest.raises(SettingsError, match="swapped"):
        settled_faults((HardFault("swapped", sensels=sensels),), 1, INSOLE_PADS.sensels_by_foot, 32)


def test_scans_do_not_depend_on_how_many_are_asked_for_at_once(subject):
    """Jitter, bad contacts and losses included, bit for bit."""
    hard = (
        HardFault("noisy", 0.3, sensels=(3,)),
        HardFault("noisy", 0.1, sensels=(20,)),
        HardFault("slip", 0.2),
        HardFault("bridged", 0.4, 0.9),
        HardFault("preload", foot=Foot.LEFT),
    )
    faults = replace(BASIC_FAULTS, hard=hard, loss_fraction=0.02)
    hello = simulated_hello(500, 1)
    scan_us = tick_times_us(BOOT_US, 0, 700, 500)

    def scanned(cuts):
        traits = sensor_traits(1, faults)
        sensed = SensedBody(Body(subject, "stance"), SensorBank(traits, faults))
        scanner = Scanner(sensed, traits, faults, 1, BOOT_US)
        counts, arrives = [], []
        for piece in np.split(scan_us, cuts):
            conductance_us = scanner.conductance_us(hello, piece)
            counts.append(scanner.counts(hello, conductance_us, piece))
            arrives.append(scanner.arrives(piece))
        return np.concatenate(counts), np.concatenate(arrives)

    whole, pieces = scanned([]), scanned([1, 30, 31, 250, 600])
    np.testing.assert_array_equal(whole[0], pieces[0])
    np.testing.assert_array_equal(whole[1], pieces[1])


def test_every_kind_is_tried_above_and_no_other_exists():
    tried = test_the_truth_and_the_time_before_stay_untouched.pytestmark[0].args[1]
    assert {fault.kind for fault in tried} == set(HARD_FAULT_KINDS)
    with pytest.raises(SettingsError, match="melted"):
        settled_faults((HardFault("melted"),), 1, INSOLE_PADS.sensels_by_foot, 32)
