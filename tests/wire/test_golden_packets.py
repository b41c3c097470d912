# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes once released stay what they are: golden/v1.json and v2.json were written without rig.wire.

Their bytes came from `struct` formats and a COBS typed by hand. To change the wire, raise
PROTOCOL_VERSION and add a golden file; the old one stays and its packets must go on decoding.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rig.wire import packets
from rig.wire.bit_packing import pack_samples
from rig.wire.decoder import Decoder
from rig.wire.frames import HelloReceived
from rig.wire.framing import frame_packet, open_packet
from rig.wire.packets import Command, Hello, PacketType, Reply, Status

FOLDER = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    path = FOLDER / f"v{packets.PROTOCOL_VERSION}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_layout_changes_only_with_the_version(golden: dict[str, Any]) -> None:
    assert golden["protocol_version"] == packets.PROTOCOL_VERSION
    assert golden["layout_checksum"] == packets.LAYOUT_CHECKSUM


def test_numbers_given_away_keep_their_meaning(golden: dict[str, Any]) -> None:
    for enumeration, numbers in golden["numbers"].items():
        members = getattr(packets, enumeration).__members__
        assert {name: int(members[name]) for name in numbers} == numbers


def test_hello(golden: dict[str, Any]) -> None:
    entry = golden["packets"]["HELLO"]
    hello = Hello(**entry["fields"])
    wire = bytes.fromhex(entry["wire"])
    assert frame_packet(packets.pack_hello(hello)) == wire
    packet = open_packet(wire[:-1])
    assert isinstance(packet, bytes)
    assert packets.unpack_hello(packet) == hello


def test_hello_of_every_released_version_decodes() -> None:
    for version in range(1, packets.PROTOCOL_VERSION + 1):
        released = json.loads((FOLDER / f"v{version}.json").read_text(encoding="utf-8"))
        entry = released["packets"]["HELLO"]
        assert packets.RELEASED_LAYOUTS[released["layout_checksum"]] == version
        items = Decoder().feed(bytes.fromhex(entry["wire"]))
        assert [item.hello for item in items if isinstance(item, HelloReceived)] == [
            Hello(**entry["fields"])
        ]
        assert packets.pack_hello(Hello(**entry["fields"])) == open_packet(
            bytes.fromhex(entry["wire"])[:-1]
        )


def test_scan(golden: dict[str, Any]) -> None:
    entry = golden["packets"]["SCAN"]
    fields = entry["fields"]
    head = packets.SCAN_LAYOUT.struct.pack(
        PacketType.SCAN, fields["sequence"], fields["time_us"], fields["flags"]
    )
    samples = pack_samples([entry["samples"]], 10)
    assert frame_packet(head + samples.tobytes()) == bytes.fromhex(entry["wire"])


def test_status(golden: dict[str, Any]) -> None:
    entry = golden["packets"]["STATUS"]
    status = Status(**entry["fields"])
    wire = bytes.fromhex(entry["wire"])
    assert frame_packet(packets.pack_status(status)) == wire
    packet = open_packet(wire[:-1])
    assert isinstance(packet, bytes)
    assert packets.unpack_status(packet) == status


@pytest.mark.parametrize("name", ["REPLY", "REPLY with a note"])
def test_reply(golden: dict[str, Any], name: str) -> None:
    entry = golden["packets"][name]
    reply = Reply(**entry["fields"], data=bytes.fromhex(entry["data"]))
    wire = bytes.fromhex(entry["wire"])
    assert frame_packet(packets.pack_reply(reply)) == wire
    packet = open_packet(wire[:-1])
    assert isinstance(packet, bytes)
    assert packets.unpack_reply(packet) == reply


@pytest.mark.parametrize("command", list(Command), ids=lambda c: c.name)
def test_command(golden: dict[str, Any], command: Command) -> None:
    entry = golden["commands"][command.name]
    data = bytes.fromhex(entry["data"])
    packet = packets.pack_command(command, entry["token"], *entry["arguments"], data=data)
    assert frame_packet(packet) == bytes.fromhex(entry["wire"])
    assert packets.unpack_command(packet) == (
        command,
        entry["token"],
        tuple(entry["arguments"]),
        data,
    )
