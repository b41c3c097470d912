# SPDX-License-Identifier: GPL-3.0-or-later
"""Framing of many packets at once: what `rig.wire.framing` does to one, numpy does to all.

Packets of one length stand as columns of a (bytes, packets) array, so that each step of COBS and CRC
is one pass of numpy over a contiguous row: byte k of every packet.
"""

from __future__ import annotations

import binascii

import numpy as np
import numpy.typing as npt

from rig.wire.framing import LONGEST_RUN, cobs_encode
from rig.wire.packets import CRC_INITIAL, DELIMITER

UInt8 = npt.NDArray[np.uint8]
UInt16 = npt.NDArray[np.uint16]
Bool = npt.NDArray[np.bool_]

_CRC_OF_BYTE: UInt16 = np.array(
    [binascii.crc_hqx(bytes([b]), 0) for b in range(256)], dtype=np.uint16
)


def crc16_of_columns(columns: UInt8) -> UInt16:
    """CRC-16/IBM-3740 of each packet of (bytes, packets)."""
    crc = np.full(columns.shape[1], CRC_INITIAL, np.uint16)
    for row in columns:
        crc = _CRC_OF_BYTE[(crc >> 8).astype(np.uint8) ^ row] ^ (crc << 8)
    return crc


def unstuff_columns(stuffed: UInt8) -> tuple[UInt8, Bool, Bool]:
    """Walk the COBS codes of packets of one stuffed length, all at once.

    Parameters
    ----------
    stuffed : (length, packets) uint8
        Without delimiters.

    Returns
    -------
    unstuffed : (length, packets) uint8
        Codes replaced by the zeros they stand for; row 0 is no data.
    dropped : (length, packets) bool
        Codes that stand for no zero, because a full run came before; row 0 is left to the caller.
    sound : (packets,) bool
        The last code ends exactly where the packet ends.
    """
    unstuffed = stuffed.copy()
    dropped = np.zeros(stuffed.shape, np.bool_)
    left = stuffed[0].copy()
    code = stuffed[0]
    for k in range(1, len(stuffed)):
        left -= 1
        here = left == 0
        unstuffed[k][here] = 0
        dropped[k] = here & (code == LONGEST_RUN + 1)
        code = np.where(here, stuffed[k], code)
        left[here] = stuffed[k][here]
    return unstuffed, dropped, left == 1


def frame_packets(packets: UInt8) -> bytes:
    """Packets of one length, each with CRC, stuffed and ended: `frame_packet` of every row.

    Parameters
    ----------
    packets : (n, bytes) uint8
        Before CRC and stuffing.
    """
    columns = np.ascontiguousarray(packets.T)
    crc = crc16_of_columns(columns)
    low, high = (crc & 0xFF).astype(np.uint8), (crc >> 8).astype(np.uint8)
    framed = np.vstack([columns, low[None], high[None]])
    stuffed, longest = _stuff_columns(framed)
    plain = longest < LONGEST_RUN if len(framed) != LONGEST_RUN else np.full(len(longest), True)
    rows = np.ascontiguousarray(stuffed.T)
    if plain.all():
        return rows.tobytes()
    end = bytes([DELIMITER])
    return b"".join(
        row.tobytes() if is_plain else cobs_encode(original.tobytes()) + end
        for row, original, is_plain in zip(
            rows, np.ascontiguousarray(framed.T), plain.tolist(), strict=True
        )
    )


def _stuff_columns(framed: UInt8) -> tuple[UInt8, npt.NDArray[np.int64]]:
    """Stuffed columns with delimiter, true where the longest run without a zero is below 254."""
    size, n = framed.shape
    stuffed = np.zeros((size + 2, n), np.uint8)
    distance = np.ones(n, np.int64)
    longest = np.zeros(n, np.int64)
    for k in range(size - 1, -1, -1):
        zero = framed[k] == 0
        stuffed[k + 1] = np.where(zero, distance, framed[k]).astype(np.uint8)
        distance = np.where(zero, 1, distance + 1)
        np.maximum(longest, distance - 1, out=longest)
    stuffed[0] = distance.astype(np.uint8)
    return stuffed, longest
