# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from rig.wire.decoder import FEWEST_FOR_BATCH, Decoder
from rig.wire.encoder import encode_scans
from rig.wire.frames import (
    DecodeFaults,
    FrameBlock,
    HelloReceived,
    ReplyReceived,
    SegmentCause,
    StatusReceived,
)
from rig.wire.framing import frame_packet
from rig.wire.packets import (
    INPUT_SYNC_IN,
    INPUT_SYNC_OUT,
    LAYOUT_CHECKSUM,
    HelloReason,
    Reply,
    Status,
    pack_hello,
    pack_reply,
    pack_status,
)

BOTH_GAITS = pytest.mark.parametrize("n", [7, 3 * FEWEST_FOR_BATCH], ids=["few", "many"])
STATUS = Status(1_000_000, 1000, 3, 2, 4980, 0)


def counts_of(hello, n, seed=0):
    return np.random.default_rng(seed).integers(0, 1 << hello.bit_depth, (n, hello.sensel_count))


def scans(hello, sequence, time_us, seed=0):
    counts = counts_of(hello, len(sequence), seed)
    return encode_scans(hello, sequence, time_us, np.zeros(len(sequence)), counts)


def regular(hello, n, first=0, start_us=0):
    """A row of n scans from tick `first` of a clock that began at `start_us`."""
    ticks = first + np.arange(n)
    return scans(hello, ticks, start_us + ticks * (1_000_000 // hello.scan_rate_hz))


def hello_packet(hello):
    return frame_packet(pack_hello(hello))


@BOTH_GAITS
@pytest.mark.parametrize("depth", [8, 10, 12, 14])
@pytest.mark.parametrize("sensels", [32, 256, 1023])
def test_what_the_board_sent_comes_out(make_hello, merge, n, depth, sensels):
    hello = make_hello(bit_depth=depth, sensel_count=sensels)
    n = min(n, 2 * FEWEST_FOR_BATCH)
    counts = counts_of(hello, n)
    inputs = np.resize([0, INPUT_SYNC_IN, INPUT_SYNC_OUT, INPUT_SYNC_IN | INPUT_SYNC_OUT], n)
    stream = hello_packet(hello) + encode_scans(
        hello, np.arange(n), 77 + 1000 * np.arange(n), inputs, counts
    )
    decoder = Decoder()
    [(segment, frames)], [received] = merge(decoder.feed(stream))
    assert (segment.index, segment.cause) == (0, SegmentCause.FIRST)
    assert (segment.hello, segment.clock_continues) == (hello, False)
    assert received == HelloReceived(hello, len(hello_packet(hello)))
    assert frames["counts"] == counts.tolist()
    assert frames["inputs"] == inputs.tolist()
    assert frames["frame_number"] == list(range(n))
    assert frames["board_us"] == [1000 * k for k in range(n)]
    assert frames["end_offset"][-1] == len(stream)
    assert all(stream[end - 1] == 0 for end in frames["end_offset"])
    assert decoder.faults == DecodeFaults()
    assert decoder.bytes_fed == len(stream)


def test_samples_come_sensel_by_sensel_too_where_they_were_unpacked_so(make_hello):
    hello = make_hello()
    sent = regular(hello, 2 * FEWEST_FOR_BATCH)
    gap = scans(hello, np.arange(9000, 9900), np.arange(9000, 9900) * 1000)
    blocks = [b for b in Decoder(hello).feed(sent + gap) if isinstance(b, FrameBlock)]
    unpacked_so = [b for b in blocks if b.rows is not None]
    assert sum(map(len, unpacked_so)) > FEWEST_FOR_BATCH
    for block in unpacked_so:
        np.testing.assert_array_equal(block.rows, block.counts.T)


def test_block_arrays_are_as_the_contract_says(make_hello):
    hello = make_hello()
    for n in (1, 3 * FEWEST_FOR_BATCH):
        for block in Decoder(hello).feed(b"\0" + regular(hello, n)):
            assert isinstance(block, FrameBlock)
            assert block.counts.flags.c_contiguous
            assert block.counts.dtype == np.uint16
            assert block.inputs.dtype == np.uint8
            for name in ("frame_number", "board_us", "end_offset"):
                assert getattr(block, name).dtype == np.int64


@BOTH_GAITS
def test_sequence_and_clock_wrap_without_a_trace(make_hello, merge, n):
    hello = make_hello()
    ticks = np.arange(n)
    stream = scans(hello, 65_533 + ticks, 2**32 - 3500 + 1000 * ticks)
    decoder = Decoder(hello)
    [(_, frames)], _ = merge(decoder.feed(stream))
    assert frames["frame_number"] == list(range(n))
    assert frames["board_us"] == [1000 * k for k in range(n)]
    assert decoder.faults == DecodeFaults()


@BOTH_GAITS
@pytest.mark.parametrize("lost", [1, 17, 65_535, 65_536, 100_000])
def test_lost_frames_are_found_in_their_place(make_hello, merge, n, lost):
    hello = make_hello()
    ticks = np.arange(n)
    ticks[3:] += lost
    decoder = Decoder(hello)
    [(_, frames)], _ = merge(decoder.feed(scans(hello, ticks, 1000 * ticks)))
    assert frames["frame_number"] == ticks.tolist()
    assert frames["board_us"] == (1000 * ticks).tolist()
    assert decoder.faults == DecodeFaults(lost_frames=lost)


@BOTH_GAITS
def test_a_frame_sent_twice_counts_once(make_hello, merge, n):
    hello = make_hello()
    ticks = np.repeat(np.arange(n), np.where(np.arange(n) % 3 == 0, 2, 1))
    packets = [scans(hello, [t], [1000 * t]) for t in ticks]
    decoder = Decoder(hello)
    [(_, frames)], _ = merge(decoder.feed(b"".join(packets)))
    assert frames["frame_number"] == list(range(n))
    assert decoder.faults == DecodeFaults(duplicate_frames=len(ticks) - n)


@BOTH_GAITS
def test_a_first_frame_like_the_last_one_before_the_boot_is_no_duplicate(make_hello, merge, n):
    """Every boot begins at tick 0; before the first frame of all, nothing was there to repeat."""
    hello = make_hello()
    stream = hello_packet(hello) + regular(hello, n) + hello_packet(hello) + regular(hello, 1)
    stream += hello_packet(hello) + regular(hello, n)
    decoder = Decoder()
    segments, _ = merge(decoder.feed(stream))
    assert [len(frames["frame_number"]) for _, frames in segments] == [n, 1, n]
    assert decoder.faults == DecodeFaults()


@BOTH_GAITS
def test_a_clock_that_jumps_is_a_new_run(make_hello, merge, n):
    """The board restarted and its hello was lost."""
    hello = make_hello()
    stream = regular(hello, n, first=5000) + regular(hello, n)
    decoder = Decoder(hello)
    [(_, before), (segment, after)], _ = merge(decoder.feed(stream))
    assert (segment.cause, segment.clock_continues) == (SegmentCause.CLOCK_RESTARTED, False)
    assert before["frame_number"] == after["frame_number"] == list(range(n))
    assert after["board_us"] == [1000 * k for k in range(n)]
    assert decoder.faults == DecodeFaults()


@BOTH_GAITS
def test_a_change_of_rate_keeps_the_clock(make_hello, merge, n):
    slow, fast = (
        make_hello(),
        make_hello(scan_rate_hz=1600, configuration=4, reason=HelloReason.SETTINGS_CHANGED),
    )
    times = 1000 * (n - 1) + 400 + 625 * np.arange(n)
    stream = regular(slow, n) + hello_packet(fast) + scans(fast, n + np.arange(n), times)
    decoder = Decoder(slow)
    [(_, _), (segment, frames)], _ = merge(decoder.feed(stream))
    assert (segment.hello, segment.cause) == (fast, SegmentCause.HELLO)
    assert segment.clock_continues
    assert frames["frame_number"] == list(range(n, 2 * n))
    assert frames["board_us"] == times.tolist()
    assert decoder.faults == DecodeFaults()


@BOTH_GAITS
@pytest.mark.parametrize(
    ("changes", "continues"),
    [
        ({"reason": HelloReason.ASKED}, True),
        ({"reason": HelloReason.BOOT}, False),
        ({"reason": HelloReason.ASKED, "unique_id": 99}, False),
    ],
)
def test_a_hello_begins_a_segment_and_boot_ends_the_clock(make_hello, merge, n, changes, continues):
    hello = make_hello()
    second = make_hello(**changes)
    stream = regular(hello, n) + hello_packet(second) + regular(second, n, first=n)
    [(_, _), (segment, frames)], _ = merge(Decoder(hello).feed(stream))
    assert (segment.index, segment.cause) == (1, SegmentCause.HELLO)
    assert segment.clock_continues is continues
    assert frames["frame_number"][0] == (n if continues else 0)
    assert frames["board_us"][0] == (1000 * n if continues else 0)


@pytest.mark.parametrize(("first", "start_us", "continues"), [(4000, 0, True), (0, 123_456, False)])
def test_a_reopened_link_joins_when_the_board_ran_on(make_hello, merge, first, start_us, continues):
    hello = make_hello()
    decoder = Decoder(hello)
    items = decoder.feed(regular(hello, 10) + regular(hello, 1, first=10)[:20])
    decoder.link_reopened()
    items += decoder.feed(regular(hello, 1)[30:] + regular(hello, 10, first, start_us))
    [(_, _), (segment, frames)], _ = merge(items)
    assert segment.cause is SegmentCause.LINK_REOPENED
    assert segment.clock_continues is continues
    assert frames["frame_number"][0] == (first if continues else 0)
    assert decoder.faults == DecodeFaults(
        lost_frames=first - 10 if continues else 0,
        skipped_bytes=20 + len(regular(hello, 1)) - 30,
    )


def test_a_board_that_booted_behind_a_reopened_link_starts_anew(make_hello, merge):
    hello = make_hello()
    decoder = Decoder(hello)
    items = decoder.feed(regular(hello, 10))
    decoder.link_reopened()
    items += decoder.feed(hello_packet(hello) + regular(hello, 10, first=10))
    [(_, _), (segment, _)], _ = merge(items)
    assert (segment.cause, segment.clock_continues) == (SegmentCause.LINK_REOPENED, False)


def test_reopening_before_the_first_frame_is_no_second_segment(make_hello, merge):
    hello = make_hello()
    decoder = Decoder()
    decoder.link_reopened()
    [(segment, _)], _ = merge(decoder.feed(hello_packet(hello) + regular(hello, 3)))
    assert (segment.index, segment.cause) == (0, SegmentCause.FIRST)


@BOTH_GAITS
def test_status_and_reply_come_between_frames_and_cut_no_block(make_hello, n):
    hello = make_hello()
    reply = Reply(0x84, 9, 4, 1650)
    note = Reply(0x8A, 10, 0, 5, b"right")
    head = regular(hello, n)
    head += frame_packet(pack_status(STATUS))
    status_end = len(head)
    head += frame_packet(pack_reply(reply)) + frame_packet(pack_reply(note))
    decoder = Decoder(hello)
    items = decoder.feed(head + regular(hello, n, first=n))
    blocks = [item for item in items if isinstance(item, FrameBlock)]
    assert sum(map(len, blocks)) == 2 * n
    assert len(blocks) <= 2  # what completes an unfinished packet may stand alone
    assert StatusReceived(STATUS, status_end) in items
    assert [i.reply for i in items if isinstance(i, ReplyReceived)] == [reply, note]
    assert decoder.faults == DecodeFaults()


def test_a_status_stays_on_its_side_of_a_hello(make_hello):
    hello = make_hello()
    status = frame_packet(pack_status(STATUS))
    stream = regular(hello, 3) + status + hello_packet(hello) + regular(hello, 3) + status
    kinds = [type(item) for item in Decoder(hello).feed(stream)]
    assert kinds == [FrameBlock, StatusReceived, HelloReceived, FrameBlock, StatusReceived]


def test_scans_before_any_hello_are_counted(make_hello):
    hello = make_hello()
    decoder = Decoder()
    stream = regular(hello, 5)
    assert decoder.feed(stream) == []
    assert decoder.faults == DecodeFaults(unreadable_scans=5, skipped_bytes=len(stream))
    assert decoder.hello is None


@BOTH_GAITS
def test_scans_of_a_configuration_that_no_hello_announced_are_not_read(make_hello, n):
    hello, other = make_hello(), make_hello(configuration=4)
    decoder = Decoder(hello)
    stream = regular(other, n)
    assert decoder.feed(stream) == []
    assert decoder.faults == DecodeFaults(unreadable_scans=n, skipped_bytes=len(stream))


def test_a_board_of_unknown_layout_is_refused_in_one_sentence(make_hello):
    hello = make_hello()
    stale = make_hello(layout_checksum=0x4A14)
    decoder = Decoder()
    items = decoder.feed(hello_packet(stale) + regular(hello, 4))
    assert items == []
    assert decoder.refused_hello is not None
    assert decoder.refused_hello.sentence.startswith(
        f"The board speaks layout 0x4a14, this program 0x{LAYOUT_CHECKSUM:04x}: flash it again"
    )
    assert decoder.faults.unreadable_scans == 4
    assert decoder.faults.unknown_packets == 1
    items = decoder.feed(hello_packet(hello) + regular(hello, 4))
    assert [len(i) for i in items if isinstance(i, FrameBlock)] == [4]
    assert decoder.refused_hello is None


def test_a_longer_hello_of_another_version_is_refused_too(make_hello):
    packet = bytearray(pack_hello(make_hello(layout_checksum=0x4A14)) + b"more")
    packet[1] = 9
    decoder = Decoder()
    decoder.feed(frame_packet(bytes(packet)))
    assert decoder.refused_hello is not None
    assert decoder.refused_hello.protocol_version == 9


@pytest.mark.parametrize(
    "impossible",
    [
        {"sensel_count": 0},
        {"bit_depth": 0},
        {"bit_depth": 17},
        {"scan_rate_hz": 0},
        {"sensel_count": 65_535, "bit_depth": 16},
    ],
)
def test_a_hello_that_cannot_be_is_refused(make_hello, impossible):
    decoder = Decoder()
    assert decoder.feed(hello_packet(make_hello(**impossible)) + regular(make_hello(), 2)) == []
    assert decoder.refused_hello is not None
    assert "cannot be" in decoder.refused_hello.sentence
