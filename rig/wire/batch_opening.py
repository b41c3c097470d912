# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything between the delimiters of a long piece of stream, opened at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.wire.batch_framing import crc16_of_columns, unstuff_columns
from rig.wire.framing import MAX_STUFFED_BYTES, PacketFault, open_packet
from rig.wire.packets import CRC_BYTES

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

FEWEST_FOR_NUMPY = 128
"""Fewer packets of one length are opened one by one: numpy's calls would cost more (measured)."""


@dataclass(frozen=True, slots=True, eq=False)
class PacketGroup:
    """Packets of one length in stream order.

    Attributes
    ----------
    columns : (bytes, n) uint8
        Without CRC; byte k of every packet is row k.
    ends : (n,) int64
        Byte offset just after each packet's delimiter, rising.
    stuffed_bytes : (n,) int64
        Bytes that each took in the stream, delimiter included.
    """

    columns: UInt8
    ends: Int64
    stuffed_bytes: Int64

    def __getitem__(self, chosen: slice | npt.NDArray[np.bool_ | np.intp]) -> PacketGroup:
        return PacketGroup(self.columns[:, chosen], self.ends[chosen], self.stuffed_bytes[chosen])

    def packets(self) -> list[tuple[int, bytes, int]]:
        """End, bytes and stuffed bytes of each packet."""
        packets = [row.tobytes() for row in self.columns.T]
        return list(zip(self.ends.tolist(), packets, self.stuffed_bytes.tolist(), strict=True))


def open_stretches(data: bytes, offset: int) -> tuple[list[PacketGroup], Counter[str]]:
    """Open every packet in `data`, which ends with a delimiter and begins after one.

    Parameters
    ----------
    data : bytes
    offset : int
        Byte offset of its first byte in the stream.

    Returns
    -------
    groups : list of PacketGroup
        One for each packet length.
    faults : Counter
        By the names of `DecodeFaults`, `skipped_bytes` included.
    """
    buffer = np.frombuffer(data, np.uint8)
    stops = np.flatnonzero(buffer == 0)
    starts = np.concatenate(([0], stops[:-1] + 1))
    lengths = np.minimum(stops - starts, MAX_STUFFED_BYTES + 1)
    how_many = np.bincount(lengths, minlength=MAX_STUFFED_BYTES + 2)
    faults: Counter[str] = Counter(oversize_packets=int(how_many[-1]))
    unusable = (lengths == 0) | (lengths > MAX_STUFFED_BYTES)
    faults["skipped_bytes"] = int((stops - starts + 1)[unusable].sum())
    how_many[[0, -1]] = 0
    groups: list[PacketGroup] = []
    for length in np.flatnonzero(how_many >= FEWEST_FOR_NUMPY).tolist():
        chosen = np.flatnonzero(lengths == length)
        windows = np.lib.stride_tricks.sliding_window_view(buffer, length)
        stuffed = np.ascontiguousarray(windows[starts[chosen]].T)
        groups += _open_columns(stuffed, stops[chosen] + (offset + 1), faults)
    rare = np.flatnonzero((how_many < FEWEST_FOR_NUMPY)[lengths] & ~unusable)
    groups += _open_one_by_one(data, starts[rare].tolist(), stops[rare].tolist(), offset, faults)
    return _one_group_a_size(groups), faults


def _open_columns(stuffed: UInt8, ends: Int64, faults: Counter[str]) -> Iterator[PacketGroup]:
    """Packets of one stuffed length; more than one group where full runs shorten them unequally."""
    taken = len(stuffed) + 1
    unstuffed, dropped, sound = unstuff_columns(stuffed)
    broken = len(sound) - int(sound.sum())
    faults[PacketFault.FRAMING.value] += broken
    faults["skipped_bytes"] += broken * taken
    if dropped is None:
        yield from _checked(unstuffed[1:], ends, sound, taken, faults)
        return
    shorter_by = dropped.sum(axis=0)
    for drop in np.unique(shorter_by[sound]).tolist():
        chosen = sound & (shorter_by == drop)
        kept = unstuffed[1:, chosen].T[~dropped[1:, chosen].T].reshape(int(chosen.sum()), -1)
        every = np.ones(len(kept), np.bool_)
        yield from _checked(np.ascontiguousarray(kept.T), ends[chosen], every, taken, faults)


def _checked(
    framed: UInt8, ends: Int64, sound: npt.NDArray[np.bool_], taken: int, faults: Counter[str]
) -> Iterator[PacketGroup]:
    """The packets of (bytes, n) whose CRC is right, without it."""
    if len(framed) <= CRC_BYTES:
        fault, good = PacketFault.TOO_SHORT, np.zeros(len(ends), np.bool_)
    else:
        crc = framed[-2] | np.left_shift(framed[-1], 8, dtype=np.uint16)
        fault, good = PacketFault.CRC, sound & (crc16_of_columns(framed[:-CRC_BYTES]) == crc)
    bad = int(sound.sum()) - int(good.sum())
    faults[fault.value] += bad
    faults["skipped_bytes"] += bad * taken
    if good.any():
        group = PacketGroup(framed[:-CRC_BYTES], ends, np.full(len(ends), taken))
        yield group if good.all() else group[good]


def _open_one_by_one(
    data: bytes, starts: list[int], stops: list[int], offset: int, faults: Counter[str]
) -> Iterator[PacketGroup]:
    opened: defaultdict[int, list[tuple[bytes, int, int]]] = defaultdict(list)
    for start, stop in zip(starts, stops, strict=True):
        packet = open_packet(data[start:stop])
        taken = stop - start + 1
        if isinstance(packet, PacketFault):
            faults[packet.value] += 1
            faults["skipped_bytes"] += taken
        else:
            opened[len(packet)].append((packet, stop + 1 + offset, taken))
    for size, members in opened.items():
        packets, ends, taken_by = zip(*members, strict=True)
        columns = np.frombuffer(b"".join(packets), np.uint8).reshape(-1, size).T
        yield PacketGroup(columns, np.array(ends, np.int64), np.array(taken_by, np.int64))


def _one_group_a_size(groups: list[PacketGroup]) -> list[PacketGroup]:
    """Merge what came from different stuffed lengths, in stream order."""
    by_size: defaultdict[int, list[PacketGroup]] = defaultdict(list)
    for group in groups:
        by_size[len(group.columns)].append(group)
    return [parts[0] if len(parts) == 1 else _merge(parts) for parts in by_size.values()]


def _merge(parts: list[PacketGroup]) -> PacketGroup:
    merged = PacketGroup(
        np.concatenate([p.columns for p in parts], axis=1),
        np.concatenate([p.ends for p in parts]),
        np.concatenate([p.stuffed_bytes for p in parts]),
    )
    return merged[np.argsort(merged.ends)]
