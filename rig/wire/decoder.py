# SPDX-License-Identifier: GPL-3.0-or-later
"""The decoder: bytes in, blocks of frames and counted faults out; no I/O, nothing raised.

However the bytes are cut, the frames, hellos, statuses, replies and faults are the same; only where
blocks end differs. A HELLO stands in its place. STATUS and REPLY come after the block that holds
their neighbours and before the next HELLO, so that they do not cut blocks; `end_offset` says where
they stood.

The first bytes after the start or after `link_reopened` may be the rest of a packet that began before.
If they are no packet, they count as skipped bytes alone, as an unfinished packet at the end does.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from rig.wire.batch_opening import PacketGroup, open_stretches
from rig.wire.frame_joiner import FLAGS_OFFSET, FrameJoiner
from rig.wire.frames import (
    DecodedItem,
    DecodeFaults,
    HelloReceived,
    ReplyReceived,
    StatusReceived,
)
from rig.wire.framing import MAX_STUFFED_BYTES, PacketFault, open_packet
from rig.wire.hello_reading import RefusedHello, read_hello
from rig.wire.packets import (
    DELIMITER,
    REPLY_LAYOUT,
    STATUS_LAYOUT,
    Hello,
    PacketType,
    unpack_reply,
    unpack_status,
)

BATCH_BYTES = 1 << 20
"""Longer input is taken in pieces of this size, so that memory stays bounded."""

FEWEST_FOR_BATCH = 192
"""Fewer packets than this in one piece are opened one by one, which is then quicker (measured)."""

_END = bytes([DELIMITER])


class Decoder:
    """One stream of bytes from one board; see the module for its order and its promises.

    Parameters
    ----------
    hello : Hello, optional
        In force at the first byte, for a recording that began in the middle of a stream.
    """

    def __init__(self, hello: Hello | None = None) -> None:
        self._tally: Counter[str] = Counter()
        self._joiner = FrameJoiner(self._tally, hello)
        self._partial = b""
        self._overlong = False
        self._may_be_cut = True
        self._bytes_fed = 0
        self._refused: RefusedHello | None = None
        self._scans: list[bytes] = []
        self._scan_ends: list[int] = []
        self._late: list[DecodedItem] = []

    @property
    def faults(self) -> DecodeFaults:
        """Counted so far."""
        return DecodeFaults(**self._tally)

    @property
    def hello(self) -> Hello | None:
        """In force now; None before the first one and after one that had to be refused."""
        return self._joiner.hello

    @property
    def refused_hello(self) -> RefusedHello | None:
        """The last hello, if it had to be refused: no scan is read until a better one comes."""
        return self._refused

    @property
    def bytes_fed(self) -> int:
        return self._bytes_fed

    def feed(self, data: bytes | bytearray | memoryview) -> list[DecodedItem]:
        """Take the next bytes and return what they completed."""
        items: list[DecodedItem] = []
        if len(data) <= BATCH_BYTES:
            self._feed_piece(bytes(data), items)
        else:
            view = memoryview(data)
            for start in range(0, len(view), BATCH_BYTES):
                self._feed_piece(bytes(view[start : start + BATCH_BYTES]), items)
        return items

    def link_reopened(self) -> None:
        """The port was opened anew: what was unfinished stays so, and a new segment begins."""
        self._drop_partial()
        self._overlong = False
        self._may_be_cut = True
        self._joiner.link_reopened()

    def finish(self) -> list[DecodedItem]:
        """The stream has ended; what is unfinished counts as skipped bytes."""
        self._drop_partial()
        return []

    def _drop_partial(self) -> None:
        self._skip(len(self._partial))
        self._partial = b""

    def _skip(self, size: int, fault: str | None = None) -> None:
        self._tally["skipped_bytes"] += size
        if fault is not None:
            self._tally[fault] += 1

    def _feed_piece(self, data: bytes, items: list[DecodedItem]) -> None:
        self._bytes_fed += len(data)
        if self._overlong:
            data = self._rest_after_overlong(data)
        if data.count(_END) < FEWEST_FOR_BATCH:
            self._take_few(self._partial + data, items)
        else:
            # data that go on where a packet ended need no packet opened by itself
            goes_on = not self._partial and not self._may_be_cut
            first, last = 0 if goes_on else data.find(_END) + 1, data.rfind(_END) + 1
            rest_begins = self._bytes_fed - len(data) + last
            if first:
                self._take_few(self._partial + data[:first], items, len(data) - first)
            self._take_many(data[first:last], rest_begins - (last - first), items)
            self._partial = data[last:]
        if len(self._partial) > MAX_STUFFED_BYTES:
            self._skip(len(self._partial), None if self._may_be_cut else "oversize_packets")
            self._partial = b""
            self._overlong = True

    def _take_few(self, data: bytes, items: list[DecodedItem], bytes_after: int = 0) -> None:
        """The gait for live chunks: a loop over packets; what is unfinished waits."""
        end = self._bytes_fed - bytes_after - len(data)
        stretches = data.split(_END)
        self._partial = stretches.pop()
        for stretch in stretches:
            end += len(stretch) + 1
            self._take_stretch(stretch, end, items)
        self._flush(items)

    def _take_many(self, data: bytes, offset: int, items: list[DecodedItem]) -> None:
        """The gait for recordings: numpy over all packets of whole stretches at once."""
        groups, faults = open_stretches(data, offset)
        self._tally.update(faults)
        scans: list[PacketGroup] = []
        others: list[tuple[int, bytes, int]] = []
        for group in groups:
            is_scan = group.columns[0] == PacketType.SCAN
            if is_scan.any():
                scans.append(group if is_scan.all() else group[is_scan])
            if not is_scan.all():
                others += group[~is_scan].packets()
        for end, packet, taken in sorted(others):
            if packet[0] == PacketType.HELLO:
                scans = self._join_up_to(end, scans, items)
            fault = self._take_packet(packet, end, items)
            if fault:
                self._skip(taken, fault)
        self._join_up_to(offset + len(data), scans, items)
        self._flush(items)

    def _join_up_to(
        self, end: int, scans: list[PacketGroup], items: list[DecodedItem]
    ) -> list[PacketGroup]:
        """Join the scans before `end` under the hello in force; returns the scans after it."""
        for group in scans:
            before = group[: int(np.searchsorted(group.ends, end, side="right"))]
            if len(before.ends) and (good := self._joiner.sort_scans(before)) and self.hello:
                items += self._joiner.join_many(self.hello, good)
        return [group[int(np.searchsorted(group.ends, end, side="right")) :] for group in scans]

    def _rest_after_overlong(self, data: bytes) -> bytes:
        """Skip up to the delimiter that ends a stretch already counted as too long."""
        stop = data.find(_END) + 1
        self._overlong = stop == 0
        self._may_be_cut &= self._overlong
        skipped = stop or len(data)
        self._skip(skipped)
        return data[skipped:]

    def _take_stretch(self, stretch: bytes, end: int, items: list[DecodedItem]) -> None:
        """One stretch of bytes between delimiters."""
        may_be_cut, self._may_be_cut = self._may_be_cut, False
        if not stretch:
            self._skip(1)
        elif len(stretch) > MAX_STUFFED_BYTES:
            self._skip(len(stretch) + 1, None if may_be_cut else "oversize_packets")
        elif isinstance(packet := open_packet(stretch), PacketFault):
            self._skip(len(stretch) + 1, None if may_be_cut else packet.value)
        elif fault := self._take_packet(packet, end, items):
            self._skip(len(stretch) + 1, fault)

    def _take_packet(self, packet: bytes, end: int, items: list[DecodedItem]) -> str | None:
        """One packet whose CRC was right; returns the counter of its fault, None when accepted."""
        kind = packet[0]
        if kind == PacketType.SCAN:
            flags = packet[FLAGS_OFFSET] if len(packet) > FLAGS_OFFSET else 0
            fault = self._joiner.fault_of(len(packet), flags)
            if fault is None:
                self._scans.append(packet)
                self._scan_ends.append(end)
            return fault
        if kind == PacketType.HELLO:
            return self._take_hello(packet, end, items)
        if kind == PacketType.STATUS:
            if len(packet) != STATUS_LAYOUT.struct.size:
                return "length_errors"
            self._late.append(StatusReceived(unpack_status(packet), end))
            return None
        if kind == PacketType.REPLY:
            if len(packet) < REPLY_LAYOUT.struct.size:
                return "length_errors"
            self._late.append(ReplyReceived(unpack_reply(packet), end))
            return None
        return "unknown_packets"

    def _take_hello(self, packet: bytes, end: int, items: list[DecodedItem]) -> str | None:
        hello = read_hello(packet)
        if hello is None:
            return "length_errors"
        self._flush(items)
        if isinstance(hello, RefusedHello):
            self._refused = hello
            self._joiner.refuse()
            return "unknown_packets"
        self._refused = None
        self._joiner.take_hello(hello)
        items.append(HelloReceived(hello, end))
        return None

    def _flush(self, items: list[DecodedItem]) -> None:
        """Join the scans collected by the loop, then hand out what had to wait for them."""
        if self._scans and self.hello:
            items += self._joiner.join_few(self.hello, self._scans, self._scan_ends)
            self._scans, self._scan_ends = [], []
        items += self._late
        self._late = []
