# SPDX-License-Identifier: GPL-3.0-or-later
"""However a stream is cut, and whichever gait takes it, the decoder's results are the same.

Streams are long enough that one whole feed takes numpy's gait, and single bytes take the loop.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.wire.decoder import FEWEST_FOR_BATCH, Decoder
from rig.wire.encoder import encode_scans
from rig.wire.frames import FrameBlock
from rig.wire.framing import MAX_STUFFED_BYTES, frame_packet
from rig.wire.packets import (
    HelloReason,
    Reply,
    Status,
    pack_hello,
    pack_reply,
    pack_status,
)


class ScriptedBoard:
    """Writes what a board writes and remembers where each frame ended and what it held.

    Every public method is one step of a script, with one argument.
    """

    def __init__(self, hello, seed):
        self._hello = hello
        self._rng = np.random.default_rng(seed)
        self._frames: list[tuple[bytes, tuple[list[int], int]]] = []
        self._sequence, self._time_us = 65_400, 2**32 - 100_000
        self.stream = bytearray()
        self.reopened_at: list[int] = []
        self.truth: dict[int, tuple[list[int], int]] = {}

    def frames(self, n):
        self._advance(1)
        ticks = np.arange(n)
        times = self._time_us + ticks * (1_000_000 // self._hello.scan_rate_hz)
        counts = self._rng.integers(0, 1 << self._hello.bit_depth, (n, self._hello.sensel_count))
        counts[self._rng.random(n) < 0.2] = 0
        inputs = self._rng.integers(0, 4, n) << 4
        encoded = encode_scans(self._hello, self._sequence + ticks, times, inputs, counts)
        for k, stretch in enumerate(encoded.split(b"\0")[:-1]):
            self._frames.append((stretch + b"\0", (counts[k].tolist(), inputs[k])))
            self.frames_again(1)
        self._advance(n - 1)

    def frames_again(self, n):
        self._write_frames(self._frames[-n:])

    def frames_mixed_up(self, n):
        """The newest n come again in another order, among them some for the first time."""
        hidden = len(self.stream)
        self.frames(n)
        del self.stream[hidden:]
        self.truth = {end: held for end, held in self.truth.items() if end <= hidden}
        order = self._rng.permutation(min(2 * n, len(self._frames)))
        self._write_frames([self._frames[-1 - k] for k in order])

    def _write_frames(self, frames):
        for packet, held in frames:
            self.stream += packet
            self.truth[len(self.stream)] = held

    def lose(self, ticks):
        self._advance(ticks)

    def reset(self, with_hello):
        self._sequence, self._time_us = 0, 5000
        if with_hello:
            self.hello(HelloReason.BOOT)

    def hello(self, reason):
        self._announce(reason=reason)

    def rate(self, scan_rate_hz):
        self._change(scan_rate_hz=scan_rate_hz)

    def size(self, size):
        self._change(sensel_count=size[0], bit_depth=size[1])

    def refused_hello(self, changes):
        self._write(pack_hello(dataclasses.replace(self._hello, **changes)))

    def status(self, _):
        self._write(pack_status(Status(1, 2, 3, 4, 4990, 0)))

    def reply(self, data):
        self._write(pack_reply(Reply(0x8A, 1, 0, 0, data)))

    def garbage(self, stretch):
        self.stream += stretch + b"\0"

    def overlong(self, extra):
        self.stream += b"\x21" * (MAX_STUFFED_BYTES - 1 + extra) + b"\0"

    def reopen(self, bytes_cut_off):
        del self.stream[max(len(self.stream) - bytes_cut_off, 0) :]
        self.reopened_at = [at for at in self.reopened_at if at < len(self.stream)]
        self.reopened_at.append(len(self.stream))

    def _advance(self, ticks):
        self._sequence += ticks
        self._time_us += ticks * (1_000_000 // self._hello.scan_rate_hz)

    def _change(self, **changes):
        configuration = (self._hello.configuration + 1) % 16
        self._announce(configuration=configuration, reason=HelloReason.SETTINGS_CHANGED, **changes)

    def _announce(self, **changes):
        self._hello = dataclasses.replace(self._hello, **changes)
        self._write(pack_hello(self._hello))

    def _write(self, packet):
        self.stream += frame_packet(packet)


STEPS = {
    "frames": st.integers(1, 300),
    "frames_again": st.sampled_from([1, 2, 5, 100, 500]),
    "frames_mixed_up": st.sampled_from([2, 20, 100]),
    "lose": st.sampled_from([1, 2, 40, 65_535, 65_536, 70_000]),
    "reset": st.booleans(),
    "hello": st.sampled_from(list(HelloReason)),
    "rate": st.sampled_from([225, 500, 1000]),
    "size": st.sampled_from([(3, 10), (4, 8), (5, 14), (200, 12)]),
    "refused_hello": st.sampled_from([{"layout_checksum": 0x4A14}, {"scan_rate_hz": 0}]),
    "status": st.none(),
    "reply": st.sampled_from([b"", b"a note"]),
    "garbage": st.sampled_from([b"", b"\x01", b"\x05abcd", b"\xffabc"]),
    "overlong": st.sampled_from([0, 1, 2, 500]),
    "reopen": st.integers(0, 10),
}


@st.composite
def streams(draw, make_hello):
    """Bytes, where the link was reopened, true frames by end offset, hello given beforehand."""
    first = make_hello(sensel_count=3)
    board = ScriptedBoard(first, draw(st.integers(0, 2**32)))
    seeded = draw(st.booleans())
    if not seeded:
        board.hello(HelloReason.BOOT)
    steps = st.one_of([st.tuples(st.just(kind), value) for kind, value in STEPS.items()])
    for kind, value in draw(st.lists(steps, min_size=1, max_size=12)):
        getattr(board, kind)(value)
    flips = st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
    for place, flip in draw(st.lists(flips, max_size=6)) if board.stream else []:
        board.stream[int(place * len(board.stream))] ^= flip
    return bytes(board.stream), board.reopened_at, board.truth, first if seeded else None


def decode(stream, reopened_at, hello, cuts):
    """Everything the decoder says when the stream is cut at `cuts`."""
    decoder = Decoder(hello)
    items = []
    edges = sorted({0, len(stream), *reopened_at, *cuts})
    for start, stop in zip(edges, [*edges[1:], None], strict=True):
        if start in reopened_at:
            decoder.link_reopened()
        if stop is not None:
            items += decoder.feed(stream[start:stop])
    items += decoder.finish()
    return items, decoder


@pytest.fixture(scope="session")
def assert_same(merge):
    def check(one, other):
        (items, decoder), (other_items, other_decoder) = one, other
        assert merge(items) == merge(other_items)
        assert decoder.faults == other_decoder.faults
        assert decoder.hello == other_decoder.hello
        assert decoder.refused_hello == other_decoder.refused_hello
        assert decoder.bytes_fed == other_decoder.bytes_fed

    return check


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_cuts_change_nothing_and_no_frame_is_wrong(data, make_hello, assert_same):
    stream, reopened_at, truth, hello = data.draw(streams(make_hello))
    places = st.lists(st.integers(0, len(stream)), max_size=12)
    whole = decode(stream, reopened_at, hello, [])
    assert_same(whole, decode(stream, reopened_at, hello, data.draw(places)))
    assert_same(whole, decode(stream, reopened_at, hello, range(0, len(stream), 997)))
    assert_same(whole, decode(stream, reopened_at, hello, range(len(stream))))
    for block in whole[0]:
        if isinstance(block, FrameBlock):
            for end, counts, inputs in zip(
                block.end_offset, block.counts, block.inputs, strict=True
            ):
                assert truth[int(end)] == (counts.tolist(), int(inputs))
            assert (np.diff(block.frame_number) > 0).all()
            assert (np.diff(block.board_us) > 0).all()


def test_the_two_gaits_meet_at_every_number_of_packets(make_hello, assert_same):
    """Around the number of packets from which numpy takes over, cut anywhere."""
    board = ScriptedBoard(make_hello(sensel_count=3), 0)
    board.hello(HelloReason.BOOT)
    board.frames(2 * FEWEST_FOR_BATCH + 5)
    stream = bytes(board.stream)
    single = decode(stream, [], None, range(len(stream)))
    for n in range(FEWEST_FOR_BATCH - 2, FEWEST_FOR_BATCH + 3):
        ends = [0, *board.truth][n]
        assert_same(single, decode(stream, [], None, [ends - 1, ends, ends + 1]))
        assert_same(single, decode(stream, [], None, [5, ends + 3]))
