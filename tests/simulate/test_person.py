# SPDX-License-Identifier: GPL-3.0-or-later
"""A session's bytes against the samples they were made of, and its calibration against honesty."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from rig.calibrate.divider import force_of_counts, look_up
from rig.errors import SettingsError
from rig.layout.insole import PAD_AREA_MM2, insole_layout
from rig.simulate.load_field import load_field
from rig.simulate.pads import pad_force_n, pad_integrals
from rig.simulate.person import simulate_session
from rig.simulate.sensors import NO_FAULTS, SensorFaults
from rig.wire.framing import open_packet
from rig.wire.packets import PacketType, unpack_hello, unpack_status


def _packets(stream):
    assert stream.endswith(b"\0")
    return [open_packet(stuffed) for stuffed in stream[:-1].split(b"\0")]


def _scan(packet):
    """Sequence, board time, flags, samples; the samples bit by bit, least significant first."""
    _, sequence, time_us, flags = struct.unpack("<BHIB", packet[:8])
    number = int.from_bytes(packet[8:], "little")
    return sequence, time_us, flags, [(number >> (10 * i)) & 0x3FF for i in range(32)]


@pytest.fixture(scope="module")
def session():
    return simulate_session("hopping", 3.5, 5)


def test_stream_is_a_hello_then_scans_with_a_status_each_second(session):
    packets = _packets(session.stream)
    kinds = [packet[0] for packet in packets]
    assert kinds[0] == PacketType.HELLO
    assert kinds.count(PacketType.SCAN) == 3500
    statuses = [unpack_status(p) for p in packets if p[0] == PacketType.STATUS]
    assert [s.time_us for s in statuses] == [2_000_000, 3_000_000, 4_000_000]
    assert [s.frames_dropped for s in statuses] == [0, 0, 0]
    hello = unpack_hello(packets[0])
    assert (hello.scan_rate_hz, hello.sensel_count, hello.bit_depth) == (1000, 32, 10)


def test_scans_carry_the_samples_in_order(session):
    scans = [_scan(p) for p in _packets(session.stream) if p[0] == PacketType.SCAN]
    assert [s[0] for s in scans] == list(range(3500))
    assert [s[1] - scans[0][1] for s in scans] == [1000 * i for i in range(3500)]
    np.testing.assert_array_equal([s[3] for s in scans], session.counts)


def test_packets_arrive_in_order_and_not_before_they_are_whole(session):
    assert session.packet_end_offsets[-1] == len(session.stream)
    assert len(session.packet_sent_s) == len(session.packet_end_offsets)
    sizes = np.diff(session.packet_end_offsets, prepend=0)
    assert (np.diff(session.packet_sent_s) >= sizes[1:] * 10 / 1e6 - 1e-9).all()
    assert session.packet_sent_s[-1] == pytest.approx(3.5, abs=0.002)


def test_counts_follow_from_the_conductances():
    """Rm / (Rm + R_mux + 1 / G) of 1024, to half a count where there is no noise."""
    session = simulate_session("stance", 2.0, 1, faults=NO_FAULTS)
    siemens = session.conductance_us * 1e-6
    exact = 1024 * 1000.0 * siemens / (1.0 + 1070.0 * siemens)
    assert np.abs(session.counts - exact).max() <= 0.5 + 1e-9


def test_pads_are_sampled_one_after_the_other():
    """Left 0 first, right 15 last, 31 x 0.03 ms later: so much further on the same ramp."""
    faults = replace(NO_FAULTS, scan_skew_us=30.0)
    session = simulate_session("hopping", 4.0, 1, faults=faults)
    integrals = pad_integrals(load_field(265.0, 1))
    dense = pad_force_n(session.truth.loads, integrals) * 100.0
    at = 3000
    for foot, pad in ((1, 7), (1, 15)):
        sensel, delay_ms = 16 * foot + pad, (2 * pad + foot) * 0.03
        ramp = dense[at : at + 2, sensel]
        expected = ramp[0] + delay_ms * (ramp[1] - ramp[0])
        assert session.conductance_us[at, sensel] == pytest.approx(expected, rel=1e-9)


def test_the_same_arguments_give_the_same_bytes():
    first, again, other = (simulate_session("pony", 1.5, seed).stream for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_mirror_person_has_mirrored_truth():
    right = simulate_session("tapping", 3.0, 4, side="right").truth.loads.foot_force_n
    left = simulate_session("tapping", 3.0, 4, side="left").truth.loads.foot_force_n
    np.testing.assert_array_equal(left, right[:, ::-1])


@pytest.mark.parametrize("seed", range(4))
def test_calibration_makes_quiet_stance_the_body_weight(seed):
    session = simulate_session("stance", 5.0, seed)
    calibration = session.calibration
    assert calibration.body_weight_gain_source == "measured"
    pads = look_up(force_of_counts(session.hello, calibration), session.counts)
    pads = pads - calibration.tare_force_n
    areas = insole_layout(265.0).tributary_mm2 / PAD_AREA_MM2 * calibration.body_weight_gain
    total = (pads.reshape(-1, 2, 16) * areas).sum(axis=(1, 2))
    assert total.mean() / session.participant.body_weight_n == pytest.approx(1.0, abs=0.02)


def test_calibration_is_blind_to_what_happens_in_the_session():
    one, other = (simulate_session(drill, 1.0, 3).calibration for drill in ("hopping", "pony"))
    assert one == other


def test_loss_comes_in_bursts_and_leaves_holes_in_the_sequence():
    faults = SensorFaults(loss_fraction=0.02)
    session = simulate_session("stance", 60.0, 1, 200, faults=faults)
    numbers = [_scan(p)[0] for p in _packets(session.stream) if p[0] == PacketType.SCAN]
    holes = np.diff(numbers) - 1
    assert 0.005 <= 1.0 - len(numbers) / 12_000 <= 0.05
    assert holes[holes > 0].min() >= 3
    assert holes.max() <= 0.1 * 200 * 3


def test_no_scan_is_lost_unless_asked_for(session):
    numbers = [_scan(p)[0] for p in _packets(session.stream) if p[0] == PacketType.SCAN]
    assert numbers == list(range(3500))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("juggling", 5.0, 1), "juggling"),
        (("stance", 0.0, 1), "0 s"),
        (("stance", 5.0, 1, 3000), "2000 Hz"),
        (("stance", 5.0, 1, 10), "40"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(arguments, words):
    with pytest.raises(SettingsError, match=words):
        simulate_session(*arguments)
