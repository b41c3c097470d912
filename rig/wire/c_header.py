# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the wire definition for the firmware and for readers: `python -m rig.wire.c_header`.

Two files are written in a checkout: `wire_layout.h`, which the sketch includes, and the byte table
between the two markers of `WIRE_PROTOCOL.md`. Tests print both again and compare bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import IntEnum, IntFlag
from pathlib import Path

from rig.errors import SolerigError
from rig.wire import packets
from rig.wire.packets import Field, PacketLayout

FIRMWARE_FOLDER = Path(__file__).resolve().parents[2] / "firmware_arduino"
HEADER_PATH = FIRMWARE_FOLDER / "solerig_scanner" / "wire_layout.h"
PROTOCOL_PATH = FIRMWARE_FOLDER / "WIRE_PROTOCOL.md"
TABLE_BEGIN = "<!-- printed by python -m rig.wire.c_header: begin -->"
TABLE_END = "<!-- printed by python -m rig.wire.c_header: end -->"

_BYTES_OF_CODE = {"B": 1, "H": 2, "I": 4}
_C_TYPE_OF_CODE = {"B": "u8", "H": "u16", "I": "u32"}
_ENUMERATIONS: tuple[tuple[str, type[IntEnum] | type[IntFlag]], ...] = (
    ("BOARD", packets.Board),
    ("RIG", packets.RigKind),
    ("LAYOUT", packets.LayoutId),
    ("TOPOLOGY", packets.Topology),
    ("HELLO_REASON", packets.HelloReason),
    ("RESET", packets.ResetCause),
    ("RESULT", packets.Result),
    ("SELF_TEST", packets.SelfTest),
    ("SENSEL", packets.SenselState),
)


def field_offsets(layout: PacketLayout) -> Iterator[tuple[Field, int]]:
    """Each fixed field of a packet with the byte at which it starts."""
    offset = 0
    for field in layout.fields:
        yield field, offset
        offset += _BYTES_OF_CODE[field.code]


def header_text() -> str:
    """The whole of `wire_layout.h`."""
    blocks = [_header_head(), _header_framing()]
    blocks += [_header_packet(layout, "PACKET") for layout in packets.PACKETS]
    blocks += [_header_packet(layout, "COMMAND") for layout in packets.COMMANDS]
    blocks += [_header_enumeration(prefix, members) for prefix, members in _ENUMERATIONS]
    return "\n".join([*blocks, "#endif\n"])


def table_text() -> str:
    """The byte table of `WIRE_PROTOCOL.md`, from marker to marker."""
    checksum = f"0x{packets.LAYOUT_CHECKSUM:04X}"
    parts = [
        TABLE_BEGIN,
        f"Protocol version **{packets.PROTOCOL_VERSION}**, layout checksum **{checksum}**.\n",
        "### Packets, board to host\n",
    ]
    parts += [_table_packet(layout) for layout in packets.PACKETS]
    parts.append("### Commands, host to board\n")
    parts += [_table_packet(layout) for layout in packets.COMMANDS]
    parts.append("### Numbers that have names\n")
    parts += [_table_enumeration(members) for _, members in _ENUMERATIONS]
    return "\n".join([*parts, TABLE_END])


def protocol_with_table(document: str) -> str:
    """`WIRE_PROTOCOL.md` with its byte table printed anew.

    Raises
    ------
    SolerigError
        The markers between which the table stands are missing.
    """
    before, begin, rest = document.partition(TABLE_BEGIN)
    _, end, after = rest.partition(TABLE_END)
    if not begin or not end:
        raise SolerigError(
            f"{PROTOCOL_PATH.name} has lost the markers of its byte table. "
            f"Put back the lines '{TABLE_BEGIN}' and '{TABLE_END}', then print again."
        )
    return before + table_text() + after


def _header_head() -> str:
    return (
        "// SPDX-License-Identifier: GPL-3.0-or-later\n"
        "// The wire between board and host. Printed by `python -m rig.wire.c_header` from\n"
        "// rig/wire/packets.py: do not edit, print again.\n"
        "#ifndef WIRE_LAYOUT_H\n"
        "#define WIRE_LAYOUT_H\n"
    )


def _header_framing() -> str:
    values = [
        ("WIRE_PROTOCOL_VERSION", str(packets.PROTOCOL_VERSION)),
        ("WIRE_LAYOUT_CHECKSUM", f"0x{packets.LAYOUT_CHECKSUM:04X}"),
        ("WIRE_DELIMITER", f"0x{packets.DELIMITER:02X}"),
        ("WIRE_CRC_INITIAL", f"0x{packets.CRC_INITIAL:04X}"),
        ("WIRE_CRC_BYTES", str(packets.CRC_BYTES)),
        ("WIRE_NOTE_MAX_BYTES", str(packets.NOTE_MAX_BYTES)),
        ("WIRE_SYNC_PULSE_MS", str(packets.SYNC_PULSE_MS)),
        ("WIRE_FLAGS_CONFIGURATION_MASK", f"0x{packets.CONFIGURATION_MASK:02X}"),
        ("WIRE_FLAGS_SYNC_IN", f"0x{packets.INPUT_SYNC_IN:02X}"),
        ("WIRE_FLAGS_SYNC_OUT", f"0x{packets.INPUT_SYNC_OUT:02X}"),
    ]
    return "\n".join(_define(name, value) for name, value in values) + "\n"


def _header_packet(layout: PacketLayout, kind: str) -> str:
    name = layout.name if kind == "PACKET" else f"COMMAND_{layout.name}"
    lines = [f"// {layout.note}"] if layout.note else []
    lines.append(_define(f"WIRE_{kind}_{layout.name}", f"0x{layout.type_id:02X}"))
    lines += [
        _define(f"WIRE_{name}_AT_{field.name.upper()}", str(offset), _C_TYPE_OF_CODE[field.code])
        for field, offset in field_offsets(layout)
    ]
    size = "fixed bytes, before its tail" if layout.tail else "bytes"
    lines.append(_define(f"WIRE_{name}_BYTES", str(layout.struct.size), size))
    return "\n".join(lines) + "\n"


def _header_enumeration(prefix: str, members: type[IntEnum] | type[IntFlag]) -> str:
    form = "0x{:04X}" if issubclass(members, IntFlag) else "{}"
    lines = [f"// {members.__name__}"]
    lines += [_define(f"WIRE_{prefix}_{m.name}", form.format(int(m))) for m in members]
    return "\n".join(lines) + "\n"


def _define(name: str, value: str, comment: str = "") -> str:
    return f"#define {name} {value}" + (f"  // {comment}" if comment else "")


def _table_packet(layout: PacketLayout) -> str:
    note = f" {layout.note[0].upper()}{layout.note[1:]}." if layout.note else ""
    lines = [
        f"**{layout.name} (0x{layout.type_id:02X})**{note}\n",
        "| byte | field | type | unit or names | meaning |",
        "|---:|---|---|---|---|",
    ]
    lines += [
        f"| {offset} | `{field.name}` | {_C_TYPE_OF_CODE[field.code]} | {field.unit} | {field.note} |"
        for field, offset in field_offsets(layout)
    ]
    if layout.tail:
        lines.append(f"| {layout.struct.size}… | `{layout.tail}` | bytes | | to the packet's end |")
    return "\n".join(lines) + "\n"


def _table_enumeration(members: type[IntEnum] | type[IntFlag]) -> str:
    names = ", ".join(f"{int(m)} `{m.name}`" for m in members)
    bits = " (bits)" if issubclass(members, IntFlag) else ""
    return f"- **{members.__name__}**{bits}: {names}"


def main() -> int:
    """Write both files; only a checkout has them.

    Raises
    ------
    SolerigError
        This is an installed package without the firmware beside it.
    """
    if not PROTOCOL_PATH.exists():
        raise SolerigError(
            f"There is no {PROTOCOL_PATH.name} beside this program. "
            "Printing the wire needs a checkout of the repository; run it there."
        )
    HEADER_PATH.write_text(header_text(), encoding="utf-8")
    document = PROTOCOL_PATH.read_text(encoding="utf-8")
    PROTOCOL_PATH.write_text(protocol_with_table(document), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
