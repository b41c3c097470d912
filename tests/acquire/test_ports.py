# SPDX-License-Identifier: GPL-3.0-or-later
import threading
from typing import Any

import pytest
from serial.tools.list_ports_common import ListPortInfo

from rig.acquire.ports import PortCandidate, judge_ports
from rig.acquire.sources.auto import AutoSource
from rig.acquire.sources.source import Received
from rig.errors import LinkError


def port(device: str, description: str = "n/a", vid: int | None = None) -> ListPortInfo:
    info = ListPortInfo(device, skip_link_detection=True)
    info.description, info.vid = description, vid
    return info


@pytest.mark.parametrize(
    ("info", "plausible"),
    [
        (port("/dev/ttyACM0", "Arduino Uno", 0x2341), True),
        (port("/dev/ttyUSB0", "USB2.0-Serial", 0x1A86), True),
        (port("COM7", "USB Serial Port (COM7)", 0x0403), True),
        (port("/dev/ttyUSB1", "CP2102 USB to UART Bridge Controller", 0x10C4), True),
        (port("/dev/ttyACM1", "Board of unknown make", 0x1234), True),
        (port("/dev/ttyS0"), False),
        (port("/dev/rfcomm0"), False),
        (port("COM3", "Standard Serial over Bluetooth link (COM3)"), False),
        (port("/dev/cu.Bluetooth-Incoming-Port"), False),
        (port("/dev/cu.debug-console"), False),
        (port("/dev/ttyACM2", "J-Link", 0x1366), False),
        (port("/dev/ttyACM3", "STM32 STLink", 0x0483), False),
        (port("/dev/ttyUSB2", "HUAWEI Mobile", 0x12D1), False),
        (port("/dev/ttyACM4", "LTE Modem", 0x1234), False),
    ],
)
def test_each_port_is_judged_with_a_reason(info: ListPortInfo, plausible: bool) -> None:
    (candidate,) = judge_ports([info])
    assert candidate.plausible == plausible
    assert candidate.device == info.device
    assert candidate.description
    assert candidate.reason


def test_plausible_ports_come_first() -> None:
    judged = judge_ports([port("/dev/ttyS0"), port("/dev/ttyUSB0", "x", 0x1A86)])
    assert [c.device for c in judged] == ["/dev/ttyUSB0", "/dev/ttyS0"]


def candidate(device: str, *, plausible: bool = True) -> PortCandidate:
    return PortCandidate(device, "a port", plausible, "a modem")


def test_the_port_that_says_hello_is_found(board: Any) -> None:
    board.plug()
    while not board.ready():
        pass
    ports = [
        candidate("/dev/no-such-modem", plausible=False),
        candidate("/dev/no-such-port"),
        candidate(board.address),
    ]
    source = AutoSource(1_000_000, lambda: ports)
    opened = source.open(threading.Event())
    try:
        assert opened.name == board.address
        heard = b"".join(i.data for i in source.read() if isinstance(i, Received))
        assert heard.count(b"\x00") >= 1
    finally:
        source.close()


def test_nothing_found_lists_every_port_and_its_reason() -> None:
    ports = [candidate("/dev/modem", plausible=False), candidate("/dev/no-such-port")]
    with pytest.raises(LinkError) as error:
        AutoSource(1_000_000, lambda: ports).open(threading.Event())
    assert "/dev/modem: a modem." in str(error.value)
    assert "/dev/no-such-port is not there" in str(error.value)
    # one-shot commands show this too, and they do not search again
    assert "again" not in str(error.value)
    with pytest.raises(LinkError, match="Plug the board in"):
        AutoSource(1_000_000, list).open(threading.Event())


def test_after_a_loss_another_board_is_not_taken_for_the_lost_one(board: Any) -> None:
    board.plug(seed=1)
    while not board.ready():
        pass
    ports = [candidate(board.address)]
    source = AutoSource(1_000_000, lambda: ports)
    source.open(threading.Event())
    source.close()
    board.unplug()
    board.move()
    board.plug(seed=2)
    while not board.ready():
        pass
    ports[:] = [candidate(board.address)]
    with pytest.raises(LinkError, match="another Solerig board"):
        source.open(threading.Event())


def test_a_silent_port_is_left_in_peace_until_it_is_plugged_again(board: Any) -> None:
    board.silent = True
    board.plug()
    while not board.ready():
        pass
    ports = [candidate(board.address)]
    source = AutoSource(1_000_000, lambda: ports, hello_wait_s=0.3)
    with pytest.raises(LinkError, match="gave no hello"):
        source.open(threading.Event())
    board.silent = False
    with pytest.raises(LinkError, match="gave no hello"):
        source.open(threading.Event())
    ports.clear()
    with pytest.raises(LinkError, match="Plug the board in"):
        source.open(threading.Event())
    ports.append(candidate(board.address))
    assert source.open(threading.Event()).name == board.address
    source.close()
