# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.wire.bit_packing import pack_samples, unpack_columns, unpack_samples

BY_HAND = {
    # depth: samples, their bits written most significant first from the last sample to the first
    8: ([0x12, 0xFF, 0x00], "00000000 11111111 00010010"),
    10: ([1, 1023, 0, 512, 5], "0000000101 1000000000 0000000000 1111111111 0000000001"),
    12: ([0xABC, 0x123], "000100100011 101010111100"),
    14: ([1, 8192, 16383], "11111111111111 10000000000000 00000000000001"),
}


def bytes_of(bits: str) -> bytes:
    """A bit string, most significant first, as little-endian bytes; the last one filled with 0."""
    bits = bits.replace(" ", "")
    return int(bits, 2).to_bytes((len(bits) + 7) // 8, "little")


@pytest.mark.parametrize("depth", BY_HAND)
def test_samples_lie_where_the_bit_string_says(depth):
    samples, bits = BY_HAND[depth]
    packed = np.frombuffer(bytes_of(bits), np.uint8)
    assert pack_samples([samples], depth).tobytes() == packed.tobytes()
    assert unpack_samples(packed[None], len(samples), depth).tolist() == [samples]
    assert unpack_columns(packed[:, None], len(samples), depth).T.tolist() == [samples]


@given(
    depth=st.integers(1, 16),
    sensels=st.integers(1, 70),
    n=st.integers(0, 5),
    seed=st.integers(0, 2**32),
)
def test_both_ways_of_unpacking_give_back_what_was_packed(depth, sensels, n, seed):
    counts = np.random.default_rng(seed).integers(0, 1 << depth, (n, sensels))
    packed = pack_samples(counts, depth)
    assert packed.shape == (n, (sensels * depth + 7) // 8)
    by_frame = unpack_samples(packed, sensels, depth)
    by_sensel = unpack_columns(np.ascontiguousarray(packed.T), sensels, depth)
    for unpacked, expected in ((by_frame, counts), (by_sensel, counts.T)):
        assert unpacked.tolist() == expected.tolist()
        assert unpacked.dtype == np.uint16
        assert unpacked.flags.c_contiguous
