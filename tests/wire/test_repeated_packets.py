# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets that come again or too late are counted, and are not mistaken for a board that restarted."""

import numpy as np
import pytest

from rig.wire.decoder import Decoder
from rig.wire.encoder import encode_scans
from rig.wire.frames import DecodeFaults, SegmentCause
from rig.wire.framing import frame_packet
from rig.wire.packets import HelloReason, pack_hello
from rig.wire.recent_packets import RECENT_FRAMES

PIECES = pytest.mark.parametrize("piece", [130, 997, 1 << 20], ids=["few", "some", "many"])


def packets_of(hello, ticks, seed=1, start_us=0):
    """One framed scan a tick, with samples that no other tick has."""
    ticks = np.asarray(ticks)
    counts = np.random.default_rng(seed).integers(0, 1 << hello.bit_depth, (len(ticks), 32))
    times = start_us + ticks * (1_000_000 // hello.scan_rate_hz)
    stream = encode_scans(hello, ticks, times, np.zeros(len(ticks)), counts)
    return [stretch + b"\0" for stretch in stream.split(b"\0")[:-1]]


def decoded(hello, packets, piece):
    decoder, items, stream = Decoder(hello), [], b"".join(packets)
    for at in range(0, len(stream), piece):
        items += decoder.feed(stream[at : at + piece])
    return items + decoder.finish(), decoder.faults


@PIECES
@pytest.mark.parametrize("first", [0, 65_000], ids=["from 0", "across the wrap"])
@pytest.mark.parametrize(("start", "stop"), [(0, 100), (1000, 1100), (1000, 1002), (200, 2900)])
def test_a_range_that_comes_again_is_counted_and_left_out(
    make_hello, merge, piece, first, start, stop
):
    hello = make_hello(sensel_count=32)
    packets = packets_of(hello, first + np.arange(3000))
    for again_at in (stop, min(stop + 500, 3000)):
        stream = packets[:again_at] + packets[start:stop] + packets[again_at:]
        items, faults = decoded(hello, stream, piece)
        [(_, frames)], _ = merge(items)
        assert frames["frame_number"] == list(range(3000))
        assert frames["board_us"] == [1000 * k for k in range(3000)]
        assert faults == DecodeFaults(duplicate_frames=stop - start)


@PIECES
def test_ranges_that_changed_places_keep_the_order_in_time(make_hello, merge, piece):
    """The earlier of the two came too late: it stays lost, and what comes after joins on."""
    hello = make_hello(sensel_count=32)
    packets = packets_of(hello, np.arange(3000))
    stream = packets[:1000] + packets[1100:1200] + packets[1000:1100] + packets[1200:]
    items, faults = decoded(hello, stream, piece)
    [(_, frames)], _ = merge(items)
    assert frames["frame_number"] == [*range(1000), *range(1100, 3000)]
    assert faults == DecodeFaults(lost_frames=100)


@PIECES
@pytest.mark.parametrize("start_us", [0, 120, 2_000_000])
def test_a_board_that_restarted_without_a_hello_is_no_repetition(
    make_hello, merge, piece, start_us
):
    """Also where it counts from the very numbers and times of its first start: its samples differ."""
    hello = make_hello(sensel_count=32)
    before = packets_of(hello, np.arange(3000))
    after = packets_of(hello, np.arange(2000), seed=2, start_us=start_us)
    items, faults = decoded(hello, before + after, piece)
    [(_, first), (segment, second)], _ = merge(items)
    assert (segment.cause, segment.clock_continues) == (SegmentCause.CLOCK_RESTARTED, False)
    assert (len(first["frame_number"]), len(second["frame_number"])) == (3000, 2000)
    assert faults == DecodeFaults()


@PIECES
def test_a_boot_hello_or_a_reopened_link_ends_what_can_come_again(make_hello, merge, piece):
    hello = make_hello(sensel_count=32, reason=HelloReason.BOOT)
    packets = packets_of(hello, np.arange(500))
    booted = [frame_packet(pack_hello(hello)), *packets]
    items, faults = decoded(hello, booted + booted, piece)
    assert [len(frames["frame_number"]) for _, frames in merge(items)[0]] == [500, 500]
    assert faults == DecodeFaults()
    decoder = Decoder(hello)
    items = decoder.feed(b"".join(packets))
    decoder.link_reopened()
    items += decoder.feed(b"".join(packets))
    assert [len(frames["frame_number"]) for _, frames in merge(items)[0]] == [500, 500]
    assert decoder.faults == DecodeFaults()


@pytest.mark.parametrize("piece", [20_000, 1 << 20])
@pytest.mark.parametrize("known", [True, False])
def test_memory_reaches_as_far_as_it_says(make_hello, merge, piece, known):
    """At 4 kHz, where 2^14 ticks pass before 10 s are over."""
    hello = make_hello(sensel_count=32, scan_rate_hz=4000)
    packets = packets_of(hello, np.arange(RECENT_FRAMES + 3000))
    last = len(packets) - 1
    again = last - RECENT_FRAMES - (not known)
    items, faults = decoded(hello, [*packets, packets[again]], piece)
    assert len(merge(items)[0]) == 2 - known
    assert faults == DecodeFaults(duplicate_frames=int(known))


def test_memory_is_bounded(make_hello):
    hello = make_hello(sensel_count=32, scan_rate_hz=4000)
    packets = packets_of(hello, np.arange(2 * RECENT_FRAMES))
    for packets_a_piece in (50, 500):
        decoder = Decoder(hello)
        for at in range(0, len(packets), packets_a_piece):
            decoder.feed(b"".join(packets[at : at + packets_a_piece]))
        kept = decoder._joiner._recent._kept
        assert sum(last - first + 1 for first, last, _ in kept) <= RECENT_FRAMES + 501
