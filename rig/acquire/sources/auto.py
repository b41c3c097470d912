# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the board: asks every plausible port for a hello and keeps the one that answers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from rig.acquire.ports import PortCandidate, candidate_ports
from rig.acquire.sources.serial_port import SerialSource
from rig.acquire.sources.source import LinkLostError, Opened, Received, SourceItem
from rig.errors import LinkError
from rig.wire.decoder import Decoder
from rig.wire.frames import HelloReceived
from rig.wire.framing import frame_packet
from rig.wire.packets import FALLBACK_BAUDS, Command, Hello, pack_command

HELLO_WAIT_S = 3.0
"""An Uno starts about 1.6 s after its port was opened (bootloader); asked at 0 and 2 s."""
ASK_EVERY_S = 2.0
REST_S = 30.0
"""A port that stayed silent is left in peace for so long: opening resets some devices (a printer)."""
NO_ID = 0xFFFF_FFFF


class AutoSource:
    """A serial port that was searched for; after a loss the same board is searched again.

    Parameters
    ----------
    baud : int
        Asked first; the fallback bauds follow when no port answers at it.
    find : callable, optional
        Lists the ports.
    hello_wait_s : float
        How long each port has to answer at each baud.
    """

    retries = True
    can_change_baud = True

    def __init__(
        self,
        baud: int,
        find: Callable[[], list[PortCandidate]] = candidate_ports,
        hello_wait_s: float = HELLO_WAIT_S,
    ) -> None:
        self._hello_wait_s = hello_wait_s
        self._bauds = [baud, *(b for b in FALLBACK_BAUDS if b != baud)]
        self._find = find
        self._port: SerialSource | None = None
        self._last_device = ""
        self._unique_id = NO_ID
        self._first_items: list[SourceItem] = []
        self._resting: dict[str, tuple[float, str]] = {}

    def open(self, stop: threading.Event, /) -> Opened:
        """Raises `LinkError` listing what was found and why it is not the board."""
        found = self._find()
        plausible = [c.device for c in found if c.plausible]
        plausible.sort(key=lambda device: device != self._last_device)
        said = self._still_resting(plausible)
        plausible = [device for device in plausible if device not in said]
        for baud in self._bauds:
            for device in plausible:
                if stop.is_set():
                    return Opened(name="")
                if self._ask(device, baud, said, stop):
                    self._resting.clear()
                    return Opened(name=device)
        until_s = time.monotonic() + REST_S
        silent = [device for device in plausible if said[device] == _gave_no_hello(device)]
        self._resting |= {device: (until_s, said[device]) for device in silent}
        raise LinkError(nothing_found(found, said))

    def read(self) -> Sequence[SourceItem]:
        first, self._first_items = self._first_items, []
        return first or self._opened().read()

    def write(self, data: bytes) -> None:
        self._opened().write(data)

    def set_baud(self, baud: int) -> None:
        self._opened().set_baud(baud)

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
        self._port = None

    def _still_resting(self, present: list[str]) -> dict[str, str]:
        """Ports not asked this time, and what they said; one that was unplugged is asked at once."""
        now_s = time.monotonic()
        self._resting = {
            device: (until_s, sentence)
            for device, (until_s, sentence) in self._resting.items()
            if device in present and now_s < until_s
        }
        return {device: sentence for device, (_, sentence) in self._resting.items()}

    def _opened(self) -> SerialSource:
        if self._port is None:
            raise LinkLostError("No board is connected.")
        return self._port

    def _ask(self, device: str, baud: int, said: dict[str, str], stop: threading.Event) -> bool:
        """Whether our board is behind this port; it then stays open."""
        port = SerialSource(device, baud)
        try:
            port.open(stop)
            hello, self._first_items = ask_for_hello(port, stop, self._hello_wait_s)
        except LinkError as error:
            said[device] = str(error)
            hello = None
        if hello is None or not self._is_ours(hello, device, said):
            self._first_items = []
            with contextlib.suppress(LinkError):
                port.close()
            said.setdefault(device, _gave_no_hello(device))
            return False
        self._port, self._last_device, self._unique_id = port, device, hello.unique_id
        return True

    def _is_ours(self, hello: Hello, device: str, said: dict[str, str]) -> bool:
        """After a loss, another board in another port is not taken for the lost one."""
        if not self._last_device or device == self._last_device or self._unique_id == NO_ID:
            return True
        if hello.unique_id != self._unique_id:
            said[device] = f"{device} is another Solerig board than the one that was lost."
            return False
        return True


def _gave_no_hello(device: str) -> str:
    return f"{device} gave no hello."


def ask_for_hello(
    port: SerialSource, stop: threading.Event, wait_s: float = HELLO_WAIT_S
) -> tuple[Hello | None, list[SourceItem]]:
    """Ask an open port for a hello until it comes, and give all that came with it.

    Raises
    ------
    LinkError
        The board speaks another layout, or the port went away.
    """
    decoder = Decoder()
    items: list[SourceItem] = []
    started_s = time.monotonic()
    next_ask_s = started_s
    while (now_s := time.monotonic()) - started_s < wait_s and not stop.is_set():
        if now_s >= next_ask_s:
            port.write(frame_packet(pack_command(Command.HELLO)))
            next_ask_s = now_s + ASK_EVERY_S
        for item in port.read():
            items.append(item)
            if isinstance(item, Received):
                for packet in decoder.feed(item.data):
                    if isinstance(packet, HelloReceived):
                        return packet.hello, items
        if decoder.refused_hello is not None:
            raise LinkError(f"{port.address}: {decoder.refused_hello.sentence}")
    return None, items


def nothing_found(found: Sequence[PortCandidate], said: dict[str, str]) -> str:
    """Why no board was found, port by port."""
    if not found:
        return "No serial port found. Plug the board in."
    reasons = [
        said.get(c.device, f"{c.device} did not answer.")
        if c.plausible
        else f"{c.device}: {c.reason}."
        for c in found
    ]
    return "No board found. " + " ".join(reasons)
