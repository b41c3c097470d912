# SPDX-License-Identifier: GPL-3.0-or-later
"""Framing of many packets at once: what `rig.wire.framing` does to one, numpy does to all.

Packets of one length stand as columns of a (bytes, packets) array, so that each step of COBS and CRC
is one pass of numpy over a contiguous row: byte k of every packet.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rig.wire.framing import LONGEST_RUN, cobs_encode
from rig.wire.packets import CRC_INITIAL, DELIMITER

UInt8 = npt.NDArray[np.uint8]
UInt16 = npt.NDArray[np.uint16]
Bool = npt.NDArray[np.bool_]


@lru_cache(maxsize=1)
def _crc_tables() -> tuple[UInt16, UInt16]:
    """What a byte and what two bytes (first one high) do to a CRC of 0."""
    one = np.array([binascii.crc_hqx(bytes([b]), 0) for b in range(256)], dtype=np.uint16)
    after_first = np.repeat(one, 256)
    second = np.tile(np.arange(256, dtype=np.uint16), 256)
    two = one[(after_first >> 8) ^ second] ^ np.left_shift(after_first, 8, dtype=np.uint16)
    return one, two


def crc16_of_columns(columns: UInt8) -> UInt16:
    """CRC-16/IBM-3740 of each packet of (bytes, packets).

    Two bytes a step: a CRC of 16 bits is used up by 16 bits of data, so that the table of 2^16
    entries gives the next CRC at once.
    """
    of_one, of_two = _crc_tables()
    size, packets = columns.shape
    crc = np.full(packets, CRC_INITIAL, np.uint16)
    word = np.empty(packets, np.uint16)
    for k in range(0, size - 1, 2):
        np.left_shift(columns[k], 8, out=word, dtype=np.uint16)
        word |= columns[k + 1]
        word ^= crc
        np.take(of_two, word, out=crc, mode="wrap")
    if size % 2:
        crc = of_one[(crc >> 8) ^ columns[-1]] ^ np.left_shift(crc, 8, dtype=np.uint16)
    return crc


def unstuff_columns(stuffed: UInt8) -> tuple[UInt8, Bool | None, Bool]:
    """Walk the COBS codes of packets of one stuffed length, all at once.

    Parameters
    ----------
    stuffed : (length, packets) uint8
        Without delimiters, hence without zeros.

    Returns
    -------
    unstuffed : (length, packets) uint8
        Codes replaced by the zeros they stand for; row 0 is no data.
    dropped : (length, packets) bool or None
        Codes that stand for no zero because a full run came before; None when there are none.
    sound : (packets,) bool
        The last code ends exactly where the packet ends.
    """
    length = len(stuffed)
    unstuffed = stuffed.copy()
    left = stuffed[0].copy()  # bytes up to the next code
    full_run = left == LONGEST_RUN + 1
    dropped = np.zeros(stuffed.shape, np.bool_) if length > LONGEST_RUN + 1 else None
    for k in range(1, length):
        left -= 1
        inside = left != 0
        row = stuffed[k]
        data = row * inside
        unstuffed[k] = data
        codes = row - data
        left += codes
        if dropped is not None:
            dropped[k] = full_run & ~inside
            full_run = np.where(inside, full_run, codes == LONGEST_RUN + 1)
    sound = left == 1
    return unstuffed, dropped if dropped is not None and dropped.any() else None, sound


def frame_packets(packets: UInt8) -> bytes:
    """Packets of one length, each with CRC, stuffed and ended: `frame_packet` of every row.

    Parameters
    ----------
    packets : (n, bytes) uint8
        Before CRC and stuffing.
    """
    columns = np.ascontiguousarray(packets.T)
    crc = crc16_of_columns(columns)
    framed = np.vstack([columns, (crc & 0xFF).astype(np.uint8), (crc >> 8).astype(np.uint8)])
    stuffed, longest_run = _stuff_columns(framed)
    plain = longest_run < LONGEST_RUN
    rows = np.ascontiguousarray(stuffed.T)
    if plain.all():
        return rows.tobytes()
    end = bytes([DELIMITER])
    return b"".join(
        row.tobytes() if is_plain else cobs_encode(original.tobytes()) + end
        for row, original, is_plain in zip(rows, framed.T, plain.tolist(), strict=True)
    )


def _stuff_columns(framed: UInt8) -> tuple[UInt8, npt.NDArray[np.int64]]:
    """Stuffed columns with delimiter, right where the longest run without a zero is below 254."""
    size, n = framed.shape
    stuffed = np.zeros((size + 2, n), np.uint8)
    distance = np.ones(n, np.int64)
    longest_run = np.zeros(n, np.int64)
    for k in range(size - 1, -1, -1):
        zero = framed[k] == 0
        stuffed[k + 1] = np.where(zero, distance, framed[k]).astype(np.uint8)
        distance = np.where(zero, 1, distance + 1)
        np.maximum(longest_run, distance - 1, out=longest_run)
    stuffed[0] = distance.astype(np.uint8)
    return stuffed, longest_run
