# SPDX-License-Identifier: GPL-3.0-or-later
"""A board behind a serial port, or behind any URL that pyserial understands."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import select
import sys
import threading
from collections.abc import Sequence

import serial

from rig.acquire.sources.source import (
    READ_WAIT_S,
    LinkLostError,
    Opened,
    SourceItem,
    received_now,
)
from rig.errors import LinkError

READ_BYTES = 65_536
URL_READ_BYTES = 4_096
URL_READ_WAIT_S = 0.005
"""pyserial's URL handlers wait until all asked bytes came or the time is over, so it is short."""
WRITE_WAIT_S = 1.0


class SerialSource:
    """Reads whatever the operating system has, as soon as it has it.

    On POSIX by `select` and `os.read` on the port's own descriptor: half the processor time of
    pyserial's read and a tenth of its worst delay (measured over a pty at 1 kHz). Elsewhere, and for
    URLs without a descriptor, by pyserial.
    """

    retries = True

    def __init__(self, address: str, baud: int) -> None:
        self.address = address
        self._baud = baud
        self._port: serial.Serial | None = None
        self._descriptor: int | None = None

    @property
    def can_change_baud(self) -> bool:
        return "://" not in self.address

    def open(self, _stop: threading.Event, /) -> Opened:
        """Raises `LinkError` saying what to do. An Uno resets when its port is opened."""
        try:
            self._port = open_port(self.address, self._baud)
        except (serial.SerialException, OSError, ValueError) as error:
            raise LinkError(port_sentence(self.address, error)) from error
        self._descriptor = _descriptor(self._port)
        return Opened(name=self.address)

    def read(self) -> Sequence[SourceItem]:
        try:
            data = self._read_some()
        except (serial.SerialException, OSError, TypeError) as error:
            # pyserial's URL handlers raise TypeError when another thread's close was seen first
            raise LinkLostError(f"{self.address} went away ({error}).") from error
        return (received_now(data),) if data else ()

    def write(self, data: bytes) -> None:
        try:
            self._opened().write(data)
        except (serial.SerialException, OSError) as error:
            raise LinkLostError(f"{self.address} went away ({error}).") from error

    def set_baud(self, baud: int) -> None:
        self._baud = baud
        try:
            self._opened().baudrate = baud
        except (serial.SerialException, OSError, ValueError) as error:
            raise LinkLostError(f"{self.address} takes no {baud} baud ({error}).") from error

    def close(self) -> None:
        if self._port is not None:
            with contextlib.suppress(OSError, serial.SerialException):
                self._port.close()  # a port that was pulled out cannot be closed properly
        self._port, self._descriptor = None, None

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise LinkLostError(f"{self.address} is not open.")
        return self._port

    def _read_some(self) -> bytes:
        if self._descriptor is not None:
            ready, _, _ = select.select([self._descriptor], [], [], READ_WAIT_S)
            if not ready:
                return b""
            data = os.read(self._descriptor, READ_BYTES)
            if not data:
                raise OSError(errno.EIO, "end of stream")
            return data
        port = self._opened()
        return port.read(URL_READ_BYTES if "://" in self.address else port.in_waiting or 1)


def open_port(address: str, baud: int) -> serial.Serial:
    """Open a port by name or URL; raises what pyserial raises."""
    is_url = "://" in address
    port = serial.serial_for_url(
        address,
        baudrate=baud,
        timeout=URL_READ_WAIT_S if is_url else READ_WAIT_S,
        write_timeout=WRITE_WAIT_S,
        do_not_open=True,
    )
    if not is_url and os.name == "posix":
        port.exclusive = True
    port.open()
    _ask_for_low_latency(port)
    return port


def _ask_for_low_latency(port: serial.Serial) -> None:
    """FTDI chips hold bytes back for 16 ms unless asked not to.

    Not every driver, right or system allows it; the link then works as well, only later.
    """
    if hasattr(port, "set_low_latency_mode"):
        with contextlib.suppress(OSError, ValueError, NotImplementedError):
            port.set_low_latency_mode(True)


def _descriptor(port: serial.Serial) -> int | None:
    """The port's descriptor where `select` and `os.read` work on it."""
    if os.name != "posix":
        return None
    try:
        return port.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return None


def port_sentence(address: str, error: Exception) -> str:
    """Why a port could not be opened and what to do about it."""
    number = getattr(error, "errno", None)
    text = str(error).lower()
    busy = number == errno.EBUSY or "exclusively lock" in text or "resource busy" in text
    denied = number == errno.EACCES or "permission" in text or "access is denied" in text
    if busy or (denied and sys.platform == "win32"):
        return (
            f"{address} is used by another program. Close it there (Arduino's serial monitor, for "
            "example)."
        )
    if denied:
        return (
            f"You may not open {address}. Add yourself to the group that owns it, on Debian and "
            "Ubuntu: sudo usermod -aG dialout $USER; then log out and in again."
        )
    if number == errno.ENOENT or "filenotfound" in text or "no such file" in text:
        return f"{address} is not there. Plug the board in, or choose another port."
    if isinstance(error, ValueError):
        return f"{address} is not a port that can be opened ({error}). Check the name."
    return f"{address} cannot be opened ({error}). Check that the board is on and connected."
