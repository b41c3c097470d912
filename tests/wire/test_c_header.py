# SPDX-License-Identifier: GPL-3.0-or-later
"""What was printed from the wire's definition is what would be printed now."""

from __future__ import annotations

import re
import struct

import pytest

from rig.errors import SolerigError
from rig.wire import c_header
from rig.wire.framing import open_packet
from rig.wire.packets import COMMANDS, PACKETS, SCAN_LAYOUT, PacketType, crc16


def test_header_is_as_printed() -> None:
    assert c_header.HEADER_PATH.read_bytes() == c_header.header_text().encode()


def test_byte_table_is_as_printed() -> None:
    document = c_header.PROTOCOL_PATH.read_text(encoding="utf-8")
    assert c_header.protocol_with_table(document) == document


def test_offsets_are_those_of_struct() -> None:
    for layout in (*PACKETS, *COMMANDS):
        fields = list(c_header.field_offsets(layout))
        for n, (_, offset) in enumerate(fields):
            # struct itself says how many bytes the fields before take
            codes = "<" + "".join(f.code for f in layout.fields[:n])
            assert offset == struct.calcsize(codes)


def test_every_name_is_defined_once() -> None:
    names = re.findall(r"^#define (\w+)", c_header.header_text(), re.MULTILINE)
    assert len(names) == len(set(names))


def test_document_without_markers_is_refused() -> None:
    with pytest.raises(SolerigError, match="markers"):
        c_header.protocol_with_table("# The wire\n")


def test_annotated_packet_says_what_the_document_says() -> None:
    document = c_header.PROTOCOL_PATH.read_text(encoding="utf-8")
    dump = re.search(r"```hex\n(.*?)```", document, re.DOTALL)
    assert dump is not None
    wire = bytes.fromhex(dump[1])
    assert (len(wire), wire[-1]) == (52, 0)
    packet = open_packet(wire[:-1])
    assert isinstance(packet, bytes)
    assert SCAN_LAYOUT.struct.unpack(packet[:8]) == (PacketType.SCAN, 300, 400_936, 0)
    bits = int.from_bytes(packet[8:], "little")
    samples = [bits >> 10 * k & 1023 for k in range(32)]
    assert samples[:8] == [494, 441, 409, 232, 0, 48, 75, 286]
    assert crc16(packet) == 0x6AA4
