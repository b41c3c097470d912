# SPDX-License-Identifier: GPL-3.0-or-later
"""Damage costs the packets it touches, is counted, and never makes a frame that was not sent."""

import numpy as np
import pytest

from rig.wire.decoder import BATCH_BYTES, FEWEST_FOR_BATCH, Decoder
from rig.wire.encoder import encode_scans
from rig.wire.frames import DecodeFaults, FrameBlock
from rig.wire.framing import MAX_STUFFED_BYTES, frame_packet
from rig.wire.packets import Status, pack_hello, pack_status

STATUS_PACKET = frame_packet(pack_status(Status(5000, 5, 0, 0, 4990, 0)))


def packets_of(hello, n, seed=1):
    """A row of n framed scans and their samples."""
    counts = np.random.default_rng(seed).integers(0, 1 << hello.bit_depth, (n, hello.sensel_count))
    counts[1::4] = 0  # unloaded feet are mostly zeros, which COBS codes densely
    ticks = np.arange(n)
    stream = encode_scans(hello, ticks, 1000 * ticks, np.zeros(n), counts)
    return [stretch + b"\0" for stretch in stream.split(b"\0")[:-1]], counts.tolist()


def frames_of(items):
    """(frame number, samples) of every frame."""
    return [
        (int(number), samples.tolist())
        for block in items
        if isinstance(block, FrameBlock)
        for number, samples in zip(block.frame_number, block.counts, strict=True)
    ]


@pytest.mark.parametrize("depth", [8, 10])
def test_no_single_bit_flip_in_three_packets_makes_a_wrong_frame(make_hello, depth):
    """Every bit of hello, scan, scan: what is still decoded was sent, and the rest is counted."""
    hello = make_hello(bit_depth=depth)
    packets, counts = packets_of(hello, 2)
    stream = frame_packet(pack_hello(hello)) + b"".join(packets)
    for bit in range(8 * len(stream)):
        damaged = bytearray(stream)
        damaged[bit // 8] ^= 1 << bit % 8
        decoder = Decoder()
        frames = frames_of(decoder.feed(bytes(damaged)) + decoder.finish())
        assert all(samples in counts for _, samples in frames), bit
        assert len(frames) < 2, bit
        assert decoder.faults.skipped_bytes > 0, bit


def test_a_flip_in_the_middle_packet_leaves_its_neighbours(make_hello):
    """Not a flip of its neighbour's delimiter, which costs two packets."""
    hello = make_hello()
    packets, counts = packets_of(hello, 3)
    start = len(packets[0])
    stream = b"".join(packets)
    for bit in range(8 * start, 8 * (start + len(packets[1]) - 1)):
        damaged = bytearray(stream)
        damaged[bit // 8] ^= 1 << bit % 8
        decoder = Decoder(hello)
        assert frames_of(decoder.feed(bytes(damaged))) == [(0, counts[0]), (2, counts[2])], bit
        faults = decoder.faults
        assert faults.lost_frames == 1
        assert faults.skipped_bytes == len(packets[1])
        assert faults.crc_errors + faults.framing_errors + faults.length_errors >= 1


def test_random_bytes_give_nothing_and_take_no_memory(make_hello):
    rng = np.random.default_rng(20_240_601)
    for hello in (None, make_hello()):
        decoder = Decoder(hello)
        total = 0
        while total < 10_000_000:
            size = int(rng.choice([1, 100, 5000, 700_000, 2 * BATCH_BYTES]))
            items = decoder.feed(rng.bytes(size))
            assert frames_of(items) == []
            assert len(decoder._partial) <= MAX_STUFFED_BYTES
            total += size
        decoder.finish()
        assert decoder.faults.crc_errors > 0
        assert decoder.faults.framing_errors > 0
        assert decoder.faults.skipped_bytes >= 0.999 * total
        assert decoder.bytes_fed == total


@pytest.mark.parametrize("chunk", [1, 4096, BATCH_BYTES])
def test_a_stream_without_delimiters_takes_no_memory(make_hello, chunk):
    decoder = Decoder(make_hello())
    decoder.feed(b"\0")
    for _ in range(max(20_000 // chunk, 3)):
        decoder.feed(b"\x55" * chunk)
        assert len(decoder._partial) <= MAX_STUFFED_BYTES
    packets, counts = packets_of(make_hello(), 1)
    assert frames_of(decoder.feed(b"\0" + packets[0])) == [(0, counts[0])]
    assert decoder.faults.oversize_packets == 1
    assert decoder.faults.skipped_bytes == decoder.bytes_fed - len(packets[0])


def test_a_stream_cut_anywhere_in_its_last_packet_keeps_the_others(make_hello):
    hello = make_hello()
    packets, counts = packets_of(hello, 3)
    stream = b"".join(packets)
    expected = [(k, counts[k]) for k in range(2)]
    for cut in range(len(packets[2])):
        decoder = Decoder(hello)
        items = decoder.feed(stream[: len(stream) - len(packets[2]) + cut])
        assert frames_of(items + decoder.finish()) == expected
        assert decoder.faults == DecodeFaults(skipped_bytes=cut)


@pytest.mark.parametrize("n", [12, 3 * FEWEST_FOR_BATCH], ids=["few", "many"])
def test_every_fault_is_counted_once(make_hello, n):
    hello = make_hello()
    packets, counts = packets_of(hello, n)
    no_framing = b"\x05ab\0"
    too_short = b"\x02\x07\0"
    oversize = b"\x11" * (MAX_STUFFED_BYTES + 5) + b"\0"
    unknown = frame_packet(b"\x77 from another time")
    wrong_length = [frame_packet(pack_status(Status(1, 1, 1, 1, 1, 1)) + b"!")]
    wrong_length += [frame_packet(pack_hello(hello) + b"!"), frame_packet(b"\x04short")]
    wrong_length += [frame_packet(b"\x02\x01"), frame_packet(b"\x02\0\0\0\0\0\0\x03and no more")]
    other_configuration = frame_packet(b"\x02\0\0\0\0\0\0\x04" + bytes(40))
    flipped = bytearray(packets[5])
    flipped[1] ^= 0x40  # the type: data whatever the samples are, where a code would break framing
    junk = [no_framing, too_short, oversize, unknown, *wrong_length, other_configuration]
    stream = b"".join(packets[:3]) + b"".join(junk) + packets[3] + b"\0\0" + packets[4]
    stream += bytes(flipped) + packets[6] + packets[6] + STATUS_PACKET + b"".join(packets[8:])
    decoder = Decoder(hello)
    frames = frames_of(decoder.feed(stream + b"\x09half") + decoder.finish())
    assert frames == [(k, counts[k]) for k in range(n) if k not in (5, 7)]
    assert decoder.faults == DecodeFaults(
        crc_errors=1,
        framing_errors=1,
        length_errors=1 + len(wrong_length),
        unknown_packets=1,
        oversize_packets=1,
        unreadable_scans=1,
        duplicate_frames=1,
        lost_frames=2,
        skipped_bytes=sum(map(len, junk)) + 2 + len(flipped) + len(b"\x09half"),
    )
