# SPDX-License-Identifier: GPL-3.0-or-later
"""Flashing as it happens: find port and image, call avrdude, ask the board who it is now."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import serial
from serial.tools import list_ports

from rig.acquire.avrdude_run import run_avrdude
from rig.acquire.firmware_source import FIRMWARE_FOLDER, can_compile, compile_image
from rig.acquire.flashing import (
    BOARDS,
    BoardName,
    RigName,
    avrdude_line,
    board_of_usb,
    image_names,
    no_port_sentence,
    old_bootloader_sentence,
    pair_sentence,
    read_trouble,
    speeds_to_try,
    trouble_sentence,
)
from rig.acquire.ports import PortCandidate, candidate_ports
from rig.acquire.sources.auto import ask_for_hello
from rig.acquire.sources.serial_port import SerialSource, port_sentence
from rig.errors import LinkError
from rig.wire.packets import FALLBACK_BAUDS, Hello, LayoutId

PACKAGED_IMAGES = Path(__file__).resolve().parents[1] / "firmware_images"
"""Images of an installed Solerig; a checkout has firmware_arduino/images."""
AVRDUDE_WAIT_S = 180.0
TOUCH_BAUD = 1200
TOUCH_WAIT_S = 10.0
"""Arduino's own tools wait so long for the bootloader's port."""
POLL_S = 0.1
LAYOUT_OF_RIG: dict[RigName, LayoutId] = {
    "insoles": LayoutId.INSOLES_16,
    "mat16": LayoutId.MAT_16X16,
    "mat16_cheap": LayoutId.MAT_16X16,
    "mat32": LayoutId.MAT_32X32,
}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Image:
    """What is flashed, and where it came from, in words."""

    path: Path
    origin: str


def flash_board(
    board: BoardName | None,
    rig: RigName,
    port: str | None,
    say: Say,
    *,
    old_bootloader: bool = False,
    radio: bool = False,
) -> Hello:
    """Flash and verify; the hello of the board as it now is.

    Raises
    ------
    LinkError
        What is missing, what did not answer, and what to do.
    """
    if board is not None:
        check_pair(board, rig, old_bootloader=old_bootloader)
    avrdude = find_avrdude()
    device = choose_port(port, candidate_ports())
    check_port(device)
    kind = choose_board(board, device)
    check_pair(kind, rig, old_bootloader=old_bootloader)
    image = find_image(kind, rig, radio=radio)
    say(f"Flashing {image.path.name} ({image.origin}) to the {kind} at {device}.")
    write_image(avrdude, kind, device, image, say, old_bootloader=old_bootloader)
    say("Written. Asking the board for its hello.")
    hello = greet(device)
    check_hello(hello, kind, rig, device)
    return hello


def check_pair(board: BoardName, rig: RigName, *, old_bootloader: bool) -> None:
    """Refuse a board that cannot scan this rig, or has no old bootloader; raises `LinkError`."""
    if (sentence := pair_sentence(board, rig)) is not None:
        raise LinkError(sentence)
    if old_bootloader and (sentence := old_bootloader_sentence(board)) is not None:
        raise LinkError(sentence)


def check_port(port: str) -> None:
    """Refuse a path that is not there: avrdude's `wiring` (Mega) tries one for ever.

    Raises
    ------
    LinkError
        Windows' names (COM7) and avrdude's own (usb:, net:) are no paths and pass.
    """
    if port.startswith("/") and not Path(port).exists():
        raise LinkError(no_port_sentence(port))


def find_avrdude() -> str:
    """Avrdude on the path; raises `LinkError` saying how to get it."""
    found = shutil.which("avrdude")
    if found is None:
        raise LinkError(
            "avrdude is not installed, and it is what writes to the board. Debian and Ubuntu: sudo "
            "apt-get install avrdude; macOS: brew install avrdude; Windows: winget install "
            "AVRDudes.AVRDUDE. Or use the Arduino IDE: firmware_arduino/README.md says how."
        )
    return found


def choose_port(named: str | None, found: list[PortCandidate]) -> str:
    """The port that was named, else the only one that may be a board; raises `LinkError`."""
    if named is not None:
        return named
    plausible = [c for c in found if c.plausible]
    if len(plausible) == 1:
        return plausible[0].device
    if not plausible:
        raise LinkError(
            "No port with a board was found. Plug the board in with a cable that carries data, then "
            "see 'solerig ports' and 'solerig doctor'; or name the port with --port."
        )
    raise LinkError(
        "Several ports may be the board: "
        + ", ".join(f"{c.device} ({c.description})" for c in plausible)
        + ". Name one with --port."
    )


def choose_board(named: BoardName | None, device: str) -> BoardName:
    """The board that was named, else the one whose own USB port this is; raises `LinkError`."""
    if named is not None:
        return named
    for port in list_ports.comports():
        if port.device == device and (board := board_of_usb(port.vid, port.pid)) is not None:
            return board
    raise LinkError(
        f"The port {device} does not tell which board is behind it. Say so: --board uno, nano, mega, "
        "leonardo or micro. A small clone with a CH340 chip is mostly a nano."
    )


def find_image(board: BoardName, rig: RigName, *, radio: bool = False) -> Image:
    """Compiled now where that can be done, else the image that came along; raises `LinkError`."""
    if can_compile():
        return Image(compile_image(board, rig, radio=radio), "compiled just now")
    names = image_names(board, rig, radio=radio)
    for folder, origin in (
        (FIRMWARE_FOLDER / "images", "built by 'make firmware'"),
        (PACKAGED_IMAGES, "came with Solerig"),
    ):
        for name in names:
            if (folder / name).is_file():
                return Image(folder / name, origin)
    raise LinkError(
        f"There is no compiler and no image {names[0]}. In a checkout run 'make firmware'; else use the "
        "Arduino IDE: firmware_arduino/README.md says how."
    )


def write_image(
    avrdude: str, board: BoardName, port: str, image: Image, say: Say, *, old_bootloader: bool
) -> None:
    """Call avrdude, at each speed in turn while the bootloader stays silent; raises `LinkError`."""
    said = ""
    for speed in speeds_to_try(board, old_bootloader=old_bootloader):
        target = enter_bootloader(port) if BOARDS[board].touch else port
        line = avrdude_line(avrdude, board, target, speed, image.path)
        done, said = run_avrdude(line, AVRDUDE_WAIT_S)
        if done:
            return
        if read_trouble(said) != "silent":
            break
        say(f"No answer at {speed} baud.")
    raise LinkError(trouble_sentence(read_trouble(said), board, port, said))


def enter_bootloader(
    port: str,
    devices: Callable[[], set[str]] = lambda: {p.device for p in list_ports.comports()},
    touch: Callable[[str], None] | None = None,
    wait_s: float = TOUCH_WAIT_S,
) -> str:
    """Ask a native USB board for its bootloader; the port that it then has.

    Opening and closing at 1,200 baud makes the sketch start the bootloader, which comes back as
    another port, or as the same one after it was gone. One that waits already is left as it is.
    """
    before = devices()
    (touch or _touch)(port)
    known, until_s = before, time.monotonic() + wait_s
    while time.monotonic() < until_s:
        now = devices()
        fresh = sorted(now - known)
        if fresh:
            return fresh[0]
        known = now
        time.sleep(POLL_S)
    return port


def _touch(port: str) -> None:
    try:
        touched = serial.Serial(port, TOUCH_BAUD)
        touched.dtr = False
        touched.close()
    except (serial.SerialException, OSError, ValueError) as error:
        raise LinkError(port_sentence(port, error)) from error


def greet(port: str) -> Hello:
    """The board's hello at any of its bauds; raises `LinkError`."""
    _wait_for(port)
    why = f"{port} gave no hello."
    for baud in FALLBACK_BAUDS:
        source = SerialSource(port, baud)
        stop = threading.Event()
        try:
            source.open(stop)
            hello, _ = ask_for_hello(source, stop)
        except LinkError as error:
            why, hello = str(error), None
        finally:
            source.close()
        if hello is not None:
            return hello
    raise LinkError(
        f"The image was written, but the board did not say hello: {why} Unplug it, plug it in again "
        "and run 'solerig doctor'; if it stays silent, flash again with the right --board."
    )


def _wait_for(port: str) -> None:
    """A native USB board comes back by itself after flashing."""
    until_s = time.monotonic() + TOUCH_WAIT_S
    while not Path(port).exists() and "/" in port and time.monotonic() < until_s:
        time.sleep(POLL_S)


def check_hello(hello: Hello, board: BoardName, rig: RigName, port: str) -> None:
    """Refuse a board that is not what was just flashed; its layout was checked in reading it.

    Raises
    ------
    LinkError
        Another board or another rig answers.
    """
    if hello.layout_id != LAYOUT_OF_RIG[rig]:
        raise LinkError(
            f"The board at {port} was flashed for {rig}, but says that it scans layout "
            f"{hello.layout_id}. Another board may answer there: unplug the others and flash again."
        )
    if hello.board != BOARDS[board].wire_board:
        raise LinkError(
            f"The board at {port} was flashed as a {board}, but says that it is of kind {hello.board}. "
            "Another board may answer there: unplug the others and flash again."
        )
