# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.wire.framing import (
    MAX_PACKET_BYTES,
    MAX_STUFFED_BYTES,
    PacketFault,
    cobs_decode,
    cobs_encode,
    frame_packet,
    open_packet,
)
from rig.wire.packets import crc16

RISING = bytes(range(256))
PUBLISHED = [
    # the worked example of Cheshire and Baker 1999: the first bytes of an IP header
    (
        bytes.fromhex("450000 2c4c79 0000 4006 4f37".replace(" ", "")),
        bytes.fromhex("0245 01 042c4c79 01 0540064f37".replace(" ", "")),
    ),
    # the examples that every implementation of COBS is compared on
    (b"\x00", b"\x01\x01"),
    (b"\x00\x00", b"\x01\x01\x01"),
    (b"\x00\x11\x00", b"\x01\x02\x11\x01"),
    (b"\x11\x22\x00\x33", b"\x03\x11\x22\x02\x33"),
    (b"\x11\x22\x33\x44", b"\x05\x11\x22\x33\x44"),
    (b"\x11\x00\x00\x00", b"\x02\x11\x01\x01\x01"),
    (RISING[1:255], b"\xff" + RISING[1:255]),
    (RISING[0:255], b"\x01\xff" + RISING[1:255]),
    (RISING[1:256], b"\xff" + RISING[1:255] + b"\x02\xff"),
    (RISING[2:256] + b"\x00", b"\xff" + RISING[2:256] + b"\x01\x01"),
    (RISING[3:256] + b"\x00\x01", b"\xfe" + RISING[3:256] + b"\x02\x01"),
    (b"", b"\x01"),
]


@pytest.mark.parametrize(("plain", "stuffed"), PUBLISHED)
def test_published_examples(plain, stuffed):
    assert cobs_encode(plain) == stuffed
    assert cobs_decode(stuffed) == plain


def test_a_needless_code_after_a_full_run_is_understood():
    """Encoders that follow the paper to the letter close a full run with the phantom zero's 0x01."""
    assert cobs_decode(b"\xff" + RISING[1:255] + b"\x01") == RISING[1:255]


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.integers(0, 10).map(bytes),
            st.integers(250, 260).map(lambda n: b"\x07" * n),
        ),
        max_size=8,
    ).map(b"".join)
)
def test_what_was_stuffed_comes_back_without_a_zero_on_the_way(data):
    stuffed = cobs_encode(data)
    assert 0 not in stuffed
    assert len(stuffed) <= len(data) + len(data) // 254 + 1
    assert cobs_decode(stuffed) == data


@pytest.mark.parametrize("stuffed", [b"", b"\x02", b"\x03\x11", b"\x02\x11\x05\x11", b"\x02\x00"])
def test_what_no_encoder_makes_is_not_decoded(stuffed):
    assert cobs_decode(stuffed) is None


def test_crc_has_the_published_check_value():
    """CRC-16/IBM-3740 in Greg Cook's catalogue of CRC algorithms."""
    assert crc16(b"123456789") == 0x29B1


def test_a_framed_packet_is_crc_little_endian_stuffed_and_ended():
    assert frame_packet(b"123456789") == b"\x0c123456789\xb1\x29\x00"
    assert open_packet(b"\x0c123456789\xb1\x29") == b"123456789"


@pytest.mark.parametrize(
    ("stuffed", "fault"),
    [
        (b"\x0c123456788\xb1\x29", PacketFault.CRC),
        (b"\x0d123456789\xb1\x29", PacketFault.FRAMING),
        (b"\x03\xff\xff", PacketFault.TOO_SHORT),
        (b"\x01", PacketFault.TOO_SHORT),
    ],
)
def test_what_is_no_packet_says_why(stuffed, fault):
    assert open_packet(stuffed) is fault


def test_the_longest_packet_fits_however_it_is_filled():
    packet = b"\x55" * (MAX_PACKET_BYTES - 2)
    assert len(frame_packet(packet)) - 1 <= MAX_STUFFED_BYTES
    assert open_packet(frame_packet(packet)[:-1]) == packet
