# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hello can be followed, and what to tell the person whose board's cannot."""

from __future__ import annotations

from dataclasses import dataclass

from rig.wire.bit_packing import MAX_BIT_DEPTH
from rig.wire.framing import MAX_PACKET_BYTES
from rig.wire.packets import (
    CRC_BYTES,
    HELLO_LAYOUTS,
    LAYOUT_CHECKSUM,
    RELEASED_LAYOUTS,
    Hello,
    unpack_hello,
)


@dataclass(frozen=True, slots=True)
class RefusedHello:
    """A hello that this program cannot follow: its layout is unknown, or its numbers cannot be."""

    protocol_version: int
    layout_checksum: int

    @property
    def layout_is_known(self) -> bool:
        return RELEASED_LAYOUTS.get(self.layout_checksum) == self.protocol_version

    @property
    def sentence(self) -> str:
        """What to tell the person at the board."""
        if self.layout_is_known:
            return (
                "The board announces a scan that cannot be (sensel count, bit depth or rate): "
                "flash it again with the firmware that came with this program."
            )
        return (
            f"The board speaks layout 0x{self.layout_checksum:04x}, this program "
            f"0x{LAYOUT_CHECKSUM:04x}: flash it again with the firmware that came with this program."
        )


def read_hello(packet: bytes) -> Hello | RefusedHello | None:
    """The hello in a packet whose CRC was right; None when it is too short to say who it is.

    Version and layout checksum stand at the same place in every version, so that a board of another
    time can be named even though the rest of its hello cannot be read.
    """
    if len(packet) < 4:
        return None
    refused = RefusedHello(packet[1], int.from_bytes(packet[2:4], "little"))
    if not refused.layout_is_known:
        return refused
    if len(packet) != HELLO_LAYOUTS[refused.protocol_version].struct.size:
        return None
    hello = unpack_hello(packet)
    possible = (
        hello.sensel_count > 0
        and 0 < hello.bit_depth <= MAX_BIT_DEPTH
        and hello.scan_rate_hz > 0
        and hello.scan_bytes + CRC_BYTES <= MAX_PACKET_BYTES
    )
    return hello if possible else refused
