# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial ports, and whether a board may be behind each: judged without opening any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

BOARD_VENDORS: dict[int, str] = {
    0x2341: "an Arduino",
    0x2A03: "an Arduino",
    0x1B4F: "a SparkFun board",
    0x239A: "an Adafruit board",
    0x16C0: "a Teensy or V-USB board",
    0x1A86: "a CH340 USB-serial chip, common on Arduino clones",
    0x0403: "an FTDI USB-serial chip",
    0x10C4: "a CP210x USB-serial chip",
    0x067B: "a Prolific USB-serial chip",
    0x04D8: "a Microchip USB-serial chip",
}
"""USB vendors (usb.org's list of vendor ids) whose ports may be a board."""
OTHER_VENDORS: dict[int, str] = {
    0x1366: "a J-Link debug probe",
    0x0D28: "a DAPLink debug probe",
    0x0483: "an ST-Link debug probe or ST device",
    0x1D50: "a debug probe or test instrument",
    0x03EB: "an Atmel programmer",
    0x12D1: "a Huawei modem",
    0x1199: "a Sierra modem",
    0x2C7C: "a Quectel modem",
    0x1BC7: "a Telit modem",
}
"""USB vendors whose serial ports are plainly something else."""
PLAINLY_ELSE: dict[str, str] = {
    "bluetooth": "a Bluetooth link",
    "rfcomm": "a Bluetooth link",
    "bthenum": "a Bluetooth link",
    "modem": "a modem",
    "wwan": "a modem",
    "j-link": "a debug probe",
    "jlink": "a debug probe",
    "st-link": "a debug probe",
    "stlink": "a debug probe",
    "cmsis-dap": "a debug probe",
    "daplink": "a debug probe",
    "debug": "a debug port",
}
"""Words in a port's description that say what it is."""


@dataclass(frozen=True, slots=True)
class PortCandidate:
    """One serial port; `reason` says in words why it is or is not asked for a hello."""

    device: str
    description: str
    plausible: bool
    reason: str


def candidate_ports() -> list[PortCandidate]:
    """Every serial port of this computer, plausible ones first."""
    return judge_ports(list_ports.comports())


def judge_ports(ports: Iterable[ListPortInfo]) -> list[PortCandidate]:
    """The verdict on each port, plausible ones first, each group by name."""
    return sorted((_judge(p) for p in ports), key=lambda c: (not c.plausible, c.device))


def _judge(port: ListPortInfo) -> PortCandidate:
    description = port.description if port.description not in {"", "n/a", None} else port.device
    plausible, reason = _verdict(port)
    return PortCandidate(port.device, description, plausible=plausible, reason=reason)


def _verdict(port: ListPortInfo) -> tuple[bool, str]:
    texts = (port.device, port.description, port.hwid, port.product, port.manufacturer)
    words = " ".join(t for t in texts if t).lower()
    for word, what in PLAINLY_ELSE.items():
        if word in words:
            return False, f"{what}; never opened when searching"
    if port.vid is None:
        return False, "not a USB port; name it to use it"
    if port.vid in OTHER_VENDORS:
        return False, f"{OTHER_VENDORS[port.vid]}; never opened when searching"
    if port.vid in BOARD_VENDORS:
        return True, f"{BOARD_VENDORS[port.vid]}; asked for a hello when searching"
    return True, "a USB serial port of unknown make; asked for a hello when searching"
