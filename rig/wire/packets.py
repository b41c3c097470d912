# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire, defined once: every packet and command between board and host.

`rig.wire.c_header` prints this module as `wire_layout.h` for the firmware and as the byte table of
`WIRE_PROTOCOL.md`; a test prints both again and compares bytes. A packet is packed little-endian
without padding, followed by its CRC-16/IBM-3740 (little-endian), stuffed with COBS and ended by one
0x00. Changing anything here without raising `PROTOCOL_VERSION` fails the golden-packet test.
"""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

PROTOCOL_VERSION = 2
DELIMITER = 0x00
CRC_INITIAL = 0xFFFF
CRC_BYTES = 2
NOTE_MAX_BYTES = 64
SYNC_PULSE_MS = 50
FALLBACK_BAUDS = (1_000_000, 500_000, 250_000, 115_200)
"""Tried in this order when a port stays silent; an Uno's USB bridge may err above 500 kbaud."""


class PacketType(IntEnum):
    HELLO = 0x01
    SCAN = 0x02
    STATUS = 0x03
    REPLY = 0x04


class Command(IntEnum):
    HELLO = 0x81
    START = 0x82
    STOP = 0x83
    SET_RATE = 0x84
    SET_BAUD = 0x85
    SELF_TEST = 0x86
    IDENTIFY = 0x87
    SET_ID = 0x88
    STORE_NOTE = 0x89
    READ_NOTE = 0x8A
    SYNC_PULSE = 0x8B
    SET_BIT_DEPTH = 0x8C
    SET_REGION = 0x8D


class Result(IntEnum):
    """What a REPLY says; every refusal has a name, and `value` carries the limit where one exists."""

    DONE = 0
    UNKNOWN_COMMAND = 1
    DAMAGED = 2
    BAD_LENGTH = 3
    RATE_TOO_HIGH = 4
    RATE_TOO_LOW = 5
    BAUD_NOT_SUPPORTED = 6
    NOTE_TOO_LONG = 7
    NOTE_MISSING = 8
    NOTE_DAMAGED = 9
    STOP_FIRST = 10
    BIT_DEPTH_NOT_SUPPORTED = 11
    REGION_NOT_SUPPORTED = 12


class Board(IntEnum):
    UNKNOWN = 0
    UNO_OR_NANO = 1
    MEGA_2560 = 2
    LEONARDO_OR_MICRO = 3
    OTHER_ARDUINO = 4


class RigKind(IntEnum):
    INSOLES = 1
    MAT = 2


class LayoutId(IntEnum):
    """Which sensel sits where; the tables are in `rig.layout`."""

    INSOLES_16 = 1
    MAT_16X16 = 2
    MAT_32X32 = 3


class Topology(IntEnum):
    DIVIDER = 1
    MATRIX_GROUNDED_ROWS = 2
    MATRIX_VIRTUAL_GROUND = 3
    MATRIX_FLOATING_ROWS = 4


class HelloReason(IntEnum):
    BOOT = 0
    ASKED = 1
    SETTINGS_CHANGED = 2
    STARTED = 3


class ResetCause(IntFlag):
    POWER_ON = 1
    EXTERNAL = 2
    BROWN_OUT = 4
    WATCHDOG = 8


class SelfTest(IntFlag):
    """Findings; 0 = nothing found. Later findings take the next free bits.

    `SENSEL_SILENT` says that others of the same foot or column felt a load while one felt none: an open
    line, or a place where nobody stood. `GROUND_UNTESTED`: shorts to ground could not be looked for.
    """

    NOT_RUN = 0x0001
    SUPPLY_LOW = 0x0002
    SUPPLY_HIGH = 0x0004
    MUX_STUCK = 0x0008
    EEPROM_DAMAGED = 0x0010
    ID_MISSING = 0x0020
    RAM_DAMAGED = 0x0040
    WATCHDOG_RESTARTED = 0x0080
    SENSEL_SILENT = 0x0100
    SENSEL_SHORTED = 0x0200
    GROUND_UNTESTED = 0x0400
    COLUMN_FAULT = 0x0800


class SenselState(IntEnum):
    """What the self-test says of one sensel; two bits each in its REPLY's data, first sensel lowest.

    `SHORTED`: it reads more than any load can give. `GROUNDED`: its line is shorted to ground.
    """

    SILENT = 0
    ANSWERED = 1
    SHORTED = 2
    GROUNDED = 3


def sensel_states(data: bytes) -> tuple[SenselState, ...]:
    """The state of each sensel that a self-test's REPLY names, in the order of samples."""
    return tuple(SenselState(byte >> shift & 3) for byte in data for shift in (0, 2, 4, 6))


CONFIGURATION_MASK = 0x0F
INPUT_SYNC_IN = 0x10
INPUT_SYNC_OUT = 0x20


@dataclass(frozen=True, slots=True)
class Field:
    """One value on the wire: `code` is its `struct` letter (B, H, I), so its width is fixed."""

    name: str
    code: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class PacketLayout:
    """One packet or command: its fixed fields in order, then an optional tail of bytes."""

    type_id: PacketType | Command
    fields: tuple[Field, ...]
    tail: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return self.type_id.name

    @property
    def struct(self) -> struct.Struct:
        return struct.Struct("<" + "".join(f.code for f in self.fields))


_TYPE = Field("type", "B", "", "which packet this is")
_TIME = Field("time_us", "I", "us", "board clock, wraps at 2^32")

_HELLO_V1_FIELDS = 22
"""Version 1's HELLO is the first so many fields of today's."""

HELLO_LAYOUT = PacketLayout(
    PacketType.HELLO,
    (
        _TYPE,
        Field("protocol_version", "B", "", "version of this table"),
        Field("layout_checksum", "H", "", "CRC of this table, so that a stale flash is noticed"),
        Field("firmware_major", "B", "", ""),
        Field("firmware_minor", "B", "", ""),
        Field("firmware_patch", "B", "", ""),
        Field("board", "B", "Board", "which board this image was built for"),
        Field("unique_id", "I", "", "from EEPROM; 0xFFFFFFFF = never set"),
        Field("rig_kind", "B", "RigKind", ""),
        Field("layout_id", "B", "LayoutId", "which sensel sits where"),
        Field("topology", "B", "Topology", "front end"),
        Field("pull_down_ohm", "H", "ohm", "front end: pull-down, or feedback of a virtual ground"),
        Field("sensel_count", "H", "", "samples in each SCAN"),
        Field("bit_depth", "B", "bit", "bits a sample takes on the wire"),
        Field("adc_full_scale", "H", "counts", "the ratio 1.0 of sensel voltage to supply"),
        Field("scan_rate_hz", "H", "Hz", "in force from here on"),
        Field("max_scan_rate_hz", "H", "Hz", "what this board holds at this baud"),
        Field("baud", "I", "baud", "in force"),
        Field("configuration", "B", "", "0-15, raised by every accepted change of settings"),
        Field("reason", "B", "HelloReason", "why this hello was sent"),
        Field("reset_cause", "B", "ResetCause", "why the board last started"),
        _TIME,
        Field("first_row", "B", "", "region scanned; a row of insoles is a foot"),
        Field("row_count", "B", "", "rows scanned"),
        Field("first_column", "B", "", "a column of insoles is a multiplexer's channel"),
        Field("column_count", "B", "", "columns scanned; sample = row x column_count + column"),
        Field(
            "reference_permille", "H", "1/1000", "what an unloaded sensel reads, of adc_full_scale"
        ),
    ),
    note="who the board is and what its next SCAN packets mean; sent at boot, when asked, and "
    "before the first SCAN that a changed setting governs",
)
HELLO_LAYOUTS: dict[int, PacketLayout] = {
    1: PacketLayout(PacketType.HELLO, HELLO_LAYOUT.fields[:_HELLO_V1_FIELDS]),
    PROTOCOL_VERSION: HELLO_LAYOUT,
}
"""Of every released version; all other packets are the same in all of them."""

SCAN_LAYOUT = PacketLayout(
    PacketType.SCAN,
    (
        _TYPE,
        Field("sequence", "H", "", "counts scan ticks, sent or not; wraps at 65536"),
        Field("time_us", "I", "us", "board clock at the start of the scan, wraps at 2^32"),
        Field(
            "flags",
            "B",
            "",
            "bits 0-3 configuration, bit 4 sync input, bit 5 sync output, bits 6-7 zero",
        ),
    ),
    tail="samples",
    note="one scan of the region; samples packed least significant bit first at bit_depth",
)
STATUS_LAYOUT = PacketLayout(
    PacketType.STATUS,
    (
        _TYPE,
        _TIME,
        Field("frames_sent", "I", "", "SCAN packets handed to the link since boot"),
        Field("frames_dropped", "I", "", "scans that the link could not take since boot"),
        Field("scan_overruns", "I", "", "scan ticks missed because a scan ran late, since boot"),
        Field("supply_mv", "H", "mV", "from the 1.1 V reference"),
        Field("self_test", "H", "SelfTest", "findings of the last self-test"),
    ),
    note="once a second, scanning or not",
)
REPLY_LAYOUT = PacketLayout(
    PacketType.REPLY,
    (
        _TYPE,
        Field("command", "B", "Command", "the command answered; 0 when it could not be read"),
        Field("token", "B", "", "copied from the command"),
        Field("result", "B", "Result", "done, or a refusal by name"),
        Field("value", "I", "", "the value in force, or the limit that was exceeded"),
    ),
    tail="data",
    note="the answer to exactly one command; data only for READ_NOTE and SELF_TEST",
)
PACKETS: tuple[PacketLayout, ...] = (HELLO_LAYOUT, SCAN_LAYOUT, STATUS_LAYOUT, REPLY_LAYOUT)

_TOKEN = Field("token", "B", "", "chosen by the host, copied into the REPLY")


def _command(command: Command, *arguments: Field, tail: str = "", note: str = "") -> PacketLayout:
    return PacketLayout(command, (_TYPE, _TOKEN, *arguments), tail, note)


COMMANDS: tuple[PacketLayout, ...] = (
    _command(Command.HELLO, note="answered by HELLO, then REPLY"),
    _command(Command.START, note="start scanning; a HELLO comes before the first SCAN"),
    _command(Command.STOP, note="stop scanning and disable the muxes"),
    _command(
        Command.SET_RATE,
        Field("scan_rate_hz", "H", "Hz", ""),
        note="refused with RATE_TOO_HIGH or RATE_TOO_LOW and the limit",
    ),
    _command(
        Command.SET_BAUD,
        Field("baud", "I", "baud", ""),
        note="REPLY at the old baud, 20 ms of silence, HELLO at the new one; without a valid command "
        "at the new baud within 2 s the board goes back; refused with BAUD_NOT_SUPPORTED, with "
        "RATE_TOO_HIGH and the limit there, or with STOP_FIRST while scanning",
    ),
    _command(
        Command.SELF_TEST,
        note="value = findings, data = two bits a sensel (SenselState); refused with STOP_FIRST while "
        "scanning",
    ),
    _command(Command.IDENTIFY, Field("seconds", "B", "s", ""), note="blink the board's LED"),
    _command(
        Command.SET_ID,
        Field("unique_id", "I", "", ""),
        note="to EEPROM; refused with STOP_FIRST while scanning",
    ),
    _command(
        Command.STORE_NOTE,
        tail="data",
        note=f"up to {NOTE_MAX_BYTES} bytes with their own CRC to EEPROM; STOP_FIRST while scanning",
    ),
    _command(Command.READ_NOTE, note="data = the note; refused with NOTE_MISSING or NOTE_DAMAGED"),
    _command(Command.SYNC_PULSE, note=f"{SYNC_PULSE_MS} ms on the sync output"),
    _command(
        Command.SET_BIT_DEPTH,
        Field("bit_depth", "B", "bit", "the sample's highest bits are sent"),
        note="refused with BIT_DEPTH_NOT_SUPPORTED, with RATE_TOO_HIGH and the limit there, or with "
        "STOP_FIRST while scanning",
    ),
    _command(
        Command.SET_REGION,
        Field("first_row", "B", "", ""),
        Field("row_count", "B", "", ""),
        Field("first_column", "B", "", ""),
        Field("column_count", "B", "", ""),
        note="scan only these; refused with REGION_NOT_SUPPORTED, with RATE_TOO_HIGH and the limit "
        "there, or with STOP_FIRST while scanning",
    ),
)
LAYOUT_OF: dict[int, PacketLayout] = {p.type_id: p for p in (*PACKETS, *COMMANDS)}


def crc16(data: bytes) -> int:
    """CRC-16/IBM-3740 (poly 0x1021, init 0xFFFF, not reflected), as the board computes it."""
    return binascii.crc_hqx(data, CRC_INITIAL)


def layout_text() -> str:
    """Where every byte of the wire stands, as canonical text; its CRC is the layout checksum.

    Enumerations are left out on purpose: they may grow without making older boards unreadable, and
    the golden packets pin the numbers already given away.
    """
    lines = [f"v{PROTOCOL_VERSION}"]
    lines += [
        f"{p.type_id:02x} {' '.join(f'{f.name}:{f.code}' for f in p.fields)} {p.tail}".rstrip()
        for p in (*PACKETS, *COMMANDS)
    ]
    lines.append(f"flags {CONFIGURATION_MASK} {INPUT_SYNC_IN} {INPUT_SYNC_OUT}")
    return "\n".join(lines) + "\n"


LAYOUT_CHECKSUM = crc16(layout_text().encode())


@dataclass(frozen=True, slots=True)
class Hello:
    """A decoded HELLO; enumerations are kept as numbers so that a newer board still decodes.

    A `row_count` of 0 means the whole layout: version 1 knew no region.
    """

    protocol_version: int
    layout_checksum: int
    firmware_major: int
    firmware_minor: int
    firmware_patch: int
    board: int
    unique_id: int
    rig_kind: int
    layout_id: int
    topology: int
    pull_down_ohm: int
    sensel_count: int
    bit_depth: int
    adc_full_scale: int
    scan_rate_hz: int
    max_scan_rate_hz: int
    baud: int
    configuration: int
    reason: int
    reset_cause: int
    time_us: int
    first_row: int = 0
    row_count: int = 0
    first_column: int = 0
    column_count: int = 0
    reference_permille: int = 0

    @property
    def firmware_version(self) -> str:
        return f"{self.firmware_major}.{self.firmware_minor}.{self.firmware_patch}"

    @property
    def samples_bytes(self) -> int:
        """Bytes that the packed samples of one SCAN take."""
        return (self.sensel_count * self.bit_depth + 7) // 8

    @property
    def scan_bytes(self) -> int:
        """Bytes of one SCAN packet before CRC and stuffing."""
        return SCAN_LAYOUT.struct.size + self.samples_bytes


@dataclass(frozen=True, slots=True)
class Status:
    """A decoded STATUS."""

    time_us: int
    frames_sent: int
    frames_dropped: int
    scan_overruns: int
    supply_mv: int
    self_test: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A decoded REPLY."""

    command: int
    token: int
    result: int
    value: int
    data: bytes = b""


def pack_hello(hello: Hello) -> bytes:
    """The packet before CRC and stuffing, in the layout of the version that it names."""
    layout = HELLO_LAYOUTS[hello.protocol_version]
    names = [f.name for f in layout.fields[1:]]
    return layout.struct.pack(PacketType.HELLO, *(getattr(hello, n) for n in names))


def pack_status(status: Status) -> bytes:
    """The packet before CRC and stuffing."""
    names = [f.name for f in STATUS_LAYOUT.fields[1:]]
    return STATUS_LAYOUT.struct.pack(PacketType.STATUS, *(getattr(status, n) for n in names))


def pack_reply(reply: Reply) -> bytes:
    """The packet before CRC and stuffing."""
    head = REPLY_LAYOUT.struct.pack(
        PacketType.REPLY, reply.command, reply.token, reply.result, reply.value
    )
    return head + reply.data


def pack_command(command: Command, token: int = 0, *arguments: int, data: bytes = b"") -> bytes:
    """The command before CRC and stuffing; `arguments` in the order of its fields."""
    return LAYOUT_OF[command].struct.pack(command, token, *arguments) + data


def unpack_hello(packet: bytes) -> Hello:
    """From a packet of exactly the right length whose CRC was right.

    Raises
    ------
    KeyError
        No released version.
    struct.error
        The length is not that of a HELLO of the version that it names.
    """
    return Hello(*HELLO_LAYOUTS[packet[1]].struct.unpack(packet)[1:])


def unpack_status(packet: bytes) -> Status:
    """As `unpack_hello`, for STATUS."""
    return Status(*STATUS_LAYOUT.struct.unpack(packet)[1:])


def unpack_reply(packet: bytes) -> Reply:
    """As `unpack_hello`, for REPLY; what follows the fixed fields is its data."""
    size = REPLY_LAYOUT.struct.size
    return Reply(*REPLY_LAYOUT.struct.unpack(packet[:size])[1:], data=bytes(packet[size:]))


def unpack_command(packet: bytes) -> tuple[Command, int, tuple[int, ...], bytes]:
    """Command, token, arguments and data; the board's side of the conversation, for simulators.

    Raises
    ------
    KeyError
        No such command.
    struct.error
        The packet is too short for its fields.
    """
    layout = LAYOUT_OF[packet[0]]
    size = layout.struct.size
    _, token, *arguments = layout.struct.unpack(packet[:size])
    return Command(packet[0]), token, tuple(arguments), bytes(packet[size:])


RELEASED_LAYOUTS: dict[int, int] = {0xC510: 1, LAYOUT_CHECKSUM: PROTOCOL_VERSION}
"""Layout checksums that this program decodes; a released one is never taken out.

The current one is computed; older ones stand here as literal numbers beside their decoders."""
