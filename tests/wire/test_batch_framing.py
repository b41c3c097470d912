# SPDX-License-Identifier: GPL-3.0-or-later
"""Many packets at once against `rig.wire.framing` one by one, which has published vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.wire.batch_framing import crc16_of_columns, frame_packets
from rig.wire.batch_opening import FEWEST_FOR_NUMPY, open_stretches
from rig.wire.framing import MAX_STUFFED_BYTES, PacketFault, frame_packet, open_packet
from rig.wire.packets import crc16


def packets_of(seed: int, n: int, size: int, zeros: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    packets = rng.integers(1, 256, (n, size), dtype=np.uint8)
    packets[rng.random((n, size)) < zeros] = 0
    return packets


def test_crc_of_columns_has_the_published_check_value():
    columns = np.frombuffer(b"123456789" * 5, np.uint8).reshape(5, 9).T
    assert crc16_of_columns(columns).tolist() == [0x29B1] * 5


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    n=st.integers(0, 6),
    size=st.one_of(st.integers(1, 60), st.integers(248, 262), st.integers(500, 516)),
    zeros=st.sampled_from([0.0, 0.003, 0.1, 0.9, 1.0]),
)
def test_framing_many_is_framing_each(seed, n, size, zeros):
    packets = packets_of(seed, n, size, zeros)
    assert frame_packets(packets) == b"".join(frame_packet(row.tobytes()) for row in packets)
    assert crc16_of_columns(packets.T).tolist() == [crc16(row.tobytes()) for row in packets]


def opened_one_by_one(data: bytes, offset: int):
    packets, faults, skipped = [], dict.fromkeys(("crc_errors", "framing_errors"), 0), 0
    faults |= {"length_errors": 0, "oversize_packets": 0}
    for stretch in data.split(b"\0")[:-1]:
        offset += len(stretch) + 1
        packet = open_packet(stretch) if len(stretch) <= MAX_STUFFED_BYTES else None
        if stretch and isinstance(packet, bytes):
            packets.append((offset, packet, len(stretch) + 1))
            continue
        skipped += len(stretch) + 1
        if isinstance(packet, PacketFault) and stretch:
            faults[packet.value] += 1
        elif stretch:
            faults["oversize_packets"] += 1
    return packets, faults | {"skipped_bytes": skipped}


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    size=st.one_of(st.integers(1, 60), st.integers(248, 262), st.integers(500, 516)),
    zeros=st.sampled_from([0.0, 0.003, 0.1, 0.9]),
    damaged=st.integers(0, 30),
    extra=st.sampled_from([b"", b"\0", b"\x02\0", b"\x05" * (MAX_STUFFED_BYTES + 1) + b"\0"]),
)
def test_opening_many_is_opening_each(seed, size, zeros, damaged, extra):
    rng = np.random.default_rng(seed)
    n = 2 * FEWEST_FOR_NUMPY
    data = np.frombuffer(frame_packets(packets_of(seed, n, size, zeros)), np.uint8).copy()
    places = rng.integers(0, len(data) - 1, damaged)
    data[places] ^= rng.integers(1, 256, damaged, dtype=np.uint8)
    stream = extra + data.tobytes() + frame_packet(b"\x03 some other packet") + extra
    groups, faults = open_stretches(stream, 1000)
    packets = sorted(packet for group in groups for packet in group.packets())
    expected_packets, expected_faults = opened_one_by_one(stream, 1000)
    assert packets == expected_packets
    assert {name: faults[name] for name in expected_faults} == expected_faults
    assert all((np.diff(group.ends) > 0).all() for group in groups)
    assert len({len(group.columns) for group in groups}) == len(groups)


@pytest.mark.parametrize("size", [252, 253, 254, 300])
def test_full_runs_that_close_with_a_needless_code_are_understood(size):
    """The paper's own encoder ends a full run with 0x01; mats cross 254 bytes."""
    packet = b"\x09" * size
    framed = packet + crc16(packet).to_bytes(2, "little")
    stuffed = frame_packet(packet)[:-1]
    if len(framed) == 254:
        stuffed += b"\x01"
    groups, faults = open_stretches((stuffed + b"\0") * FEWEST_FOR_NUMPY, 0)
    assert [p for g in groups for _, p, _ in g.packets()] == [packet] * FEWEST_FOR_NUMPY
    assert faults["skipped_bytes"] == 0
