# SPDX-License-Identifier: GPL-3.0-or-later
"""One packet in and out of its frame: CRC-16, COBS, and the 0x00 that ends it.

COBS is Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking
7(2), 1999: every zero is replaced by the distance to the next one, so that 0x00 means "the packet
ends here" and nothing else. `rig.wire.batch_framing` does the same to thousands of packets at once.
"""

from __future__ import annotations

from enum import Enum

from rig.wire.packets import CRC_BYTES, DELIMITER, crc16

LONGEST_RUN = 254
"""Non-zero bytes that one COBS code can stand for (code 0xFF: no zero follows them)."""
MAX_PACKET_BYTES = 2_304
"""Longest packet with its CRC: 1,024 sensels at 16 bits and room for the header, design choice."""
MAX_STUFFED_BYTES = MAX_PACKET_BYTES + MAX_PACKET_BYTES // LONGEST_RUN + 1
"""Longest run without a delimiter that can still be a packet; the decoder holds no more."""


class PacketFault(Enum):
    """Why bytes between two delimiters are no packet; the value names its `DecodeFaults` counter."""

    FRAMING = "framing_errors"
    TOO_SHORT = "length_errors"
    CRC = "crc_errors"


def cobs_encode(data: bytes) -> bytes:
    """Stuff `data` so that it holds no zero; the delimiter is not added."""
    out = bytearray()
    blocks = bytes(data).split(b"\x00")
    for block in blocks[:-1]:
        out += _full_runs(block)
        rest = block[len(block) - len(block) % LONGEST_RUN :]
        out.append(len(rest) + 1)
        out += rest
    last = blocks[-1]
    out += _full_runs(last)
    rest = last[len(last) - len(last) % LONGEST_RUN :]
    if rest or not last:
        out.append(len(rest) + 1)
        out += rest
    return bytes(out)


def _full_runs(block: bytes) -> bytes:
    full = len(block) // LONGEST_RUN
    runs = (block[i * LONGEST_RUN : (i + 1) * LONGEST_RUN] for i in range(full))
    return b"".join(b"\xff" + run for run in runs)


def cobs_decode(stuffed: bytes) -> bytes | None:
    """What was stuffed, or None when `stuffed` (without its delimiter) cannot come from COBS."""
    if not stuffed or DELIMITER in stuffed:
        return None
    out = bytearray(stuffed)
    size = len(stuffed)
    position = 0
    while position < size:
        code = out[position]
        out[position] = 0
        position += code
    if position != size:
        return None
    return bytes(out[1:]) if size <= LONGEST_RUN + 1 else _without_run_codes(stuffed, out)


def _without_run_codes(stuffed: bytes, zeroed: bytearray) -> bytes:
    """Drop the codes that follow a full run: they stand for no zero."""
    keep, position, stands_for_zero = [], 0, False
    while position < len(stuffed):
        code = stuffed[position]
        keep.append(zeroed[position if stands_for_zero else position + 1 : position + code])
        stands_for_zero = code != LONGEST_RUN + 1
        position += code
    return b"".join(keep)


def frame_packet(packet: bytes) -> bytes:
    """The packet as it crosses the wire: CRC appended (little-endian), stuffed, delimiter added."""
    return cobs_encode(packet + crc16(packet).to_bytes(CRC_BYTES, "little")) + bytes([DELIMITER])


def open_packet(stuffed: bytes) -> bytes | PacketFault:
    """The packet between two delimiters without its CRC, or why it is none."""
    framed = cobs_decode(stuffed)
    if framed is None:
        return PacketFault.FRAMING
    if len(framed) <= CRC_BYTES:
        return PacketFault.TOO_SHORT
    packet = framed[:-CRC_BYTES]
    if crc16(packet) != framed[-2] | framed[-1] << 8:
        return PacketFault.CRC
    return packet
