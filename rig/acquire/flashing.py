# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about putting the firmware on a board: command lines, and avrdude's messages in words.

Nothing here runs anything. Programmers, speeds and parts are those of boards.txt of Arduino's AVR core.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BoardName = Literal["uno", "nano", "mega", "leonardo", "micro"]
RigName = Literal["insoles", "mat16", "mat16_cheap", "mat32"]
Trouble = Literal[
    "no_port", "denied", "busy", "silent", "wrong_chip", "verify", "no_image", "other"
]


@dataclass(frozen=True, slots=True)
class BoardKind:
    """How a board is programmed.

    `speeds` are tried in turn; `touch` says that the bootloader of a native USB port is asked for by
    opening the port at 1,200 baud. `usb_ids` are (vendor, product) of its ports, where it has its own.
    """

    mcu: str
    programmer: str
    speeds: tuple[int, ...]
    touch: bool = False
    usb_ids: tuple[tuple[int, int], ...] = ()
    wire_board: int = 1
    """`rig.wire.packets.Board` that its hello names."""


_ARDUINO, _ARDUINO_ORG = 0x2341, 0x2A03
BOARDS: dict[BoardName, BoardKind] = {
    "uno": BoardKind(
        "atmega328p",
        "arduino",
        (115_200,),
        usb_ids=tuple(
            [(_ARDUINO, p) for p in (0x0043, 0x0001, 0x0243, 0x006A)] + [(_ARDUINO_ORG, 0x0043)]
        ),
    ),
    "nano": BoardKind("atmega328p", "arduino", (115_200, 57_600)),
    "mega": BoardKind(
        "atmega2560",
        "wiring",
        (115_200,),
        usb_ids=tuple(
            [(_ARDUINO, p) for p in (0x0010, 0x0042, 0x0210, 0x0242)]
            + [(_ARDUINO_ORG, p) for p in (0x0010, 0x0042)]
        ),
        wire_board=2,
    ),
    "leonardo": BoardKind(
        "atmega32u4",
        "avr109",
        (57_600,),
        touch=True,
        usb_ids=tuple((v, p) for v in (_ARDUINO, _ARDUINO_ORG) for p in (0x0036, 0x8036)),
        wire_board=3,
    ),
    "micro": BoardKind(
        "atmega32u4",
        "avr109",
        (57_600,),
        touch=True,
        usb_ids=tuple(
            [(v, p) for v in (_ARDUINO, _ARDUINO_ORG) for p in (0x0037, 0x8037)]
            + [(_ARDUINO, p) for p in (0x0237, 0x8237)]
        ),
        wire_board=3,
    ),
}
"""The new Nano bootloader speaks 115,200 baud, the old one (2017 and earlier, most clones) 57,600."""
OLD_BOOTLOADER_SPEED = 57_600


_MAT16_BOARDS: tuple[BoardName, ...] = ("uno", "nano")
BOARDS_OF_RIG: dict[RigName, tuple[BoardName, ...]] = {
    "insoles": tuple(BOARDS),
    "mat16": _MAT16_BOARDS,
    "mat16_cheap": _MAT16_BOARDS,
    "mat32": ("mega",),
}
"""The pairs that the firmware is wired for; firmware_arduino/solerig_scanner/board.h refuses others."""


def pair_sentence(board: BoardName, rig: RigName) -> str | None:
    """Why this rig cannot be scanned by this board and what can; None where it can."""
    fitting = BOARDS_OF_RIG[rig]
    if board in fitting:
        return None
    rigs = _listed(r for r, boards in BOARDS_OF_RIG.items() if board in boards)
    return (
        f"{rig} is not for the {board}: it needs the {_listed(fitting)} (--board), and the {board} "
        f"scans {rigs} (--rig). Plug in the board that it needs, or choose another rig."
    )


def _listed(names: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def board_of_usb(vendor: int | None, product: int | None) -> BoardName | None:
    """The board whose own USB port this is; None for converters that many boards share."""
    for name, kind in BOARDS.items():
        if (vendor, product) in kind.usb_ids:
            return name
    return None


def old_bootloader_sentence(board: BoardName) -> str | None:
    """Why this board is not asked at the old Nano's speed; None for the Nano."""
    if board == "nano":
        return None
    return (
        f"--old-bootloader is for the nano, not for the {board}, which has one bootloader only. Leave "
        "it out, or say --board nano if the board is one."
    )


def speeds_to_try(board: BoardName, *, old_bootloader: bool) -> tuple[int, ...]:
    """Bootloader speeds in turn; `old_bootloader` asks for the old Nano's alone."""
    return (OLD_BOOTLOADER_SPEED,) if old_bootloader else BOARDS[board].speeds


def avrdude_line(
    avrdude: str, board: BoardName, port: str, speed: int, image: Path, config: str | None = None
) -> list[str]:
    """The command line as Arduino's platform.txt builds it; avrdude verifies what it wrote.

    `config` is avrdude's own configuration file, where it does not find it by itself.
    """
    kind = BOARDS[board]
    return [
        avrdude,
        *([f"-C{config}"] if config else []),
        f"-p{kind.mcu}",
        f"-c{kind.programmer}",
        f"-P{port}",
        f"-b{speed}",
        "-D",
        f"-Uflash:w:{image}:i",
    ]


def variant_name(board: BoardName, rig: RigName, *, radio: bool) -> str:
    """Name of the build folder."""
    return "_".join([board, *([] if rig == "insoles" else [rig]), *(["radio"] if radio else [])])


def built_image(folder: Path, variant: str) -> Path:
    """Where `make -C firmware_arduino` leaves the image."""
    return folder / "build" / variant / "solerig_scanner.hex"


def image_names(board: BoardName, rig: RigName, *, radio: bool = False) -> tuple[str, ...]:
    """Names that the image of `make firmware` may have, for those without a compiler.

    A Nano runs the Uno's.
    """
    words = ["uno" if board == "nano" else board, rig, *(["radio"] if radio else [])]
    return tuple(f"{joint.join(words)}.hex" for joint in ("-", "_"))


_SIGNS: tuple[tuple[str, Trouble], ...] = (
    ("no such file or directory", "no_port"),
    ("cannot find the file", "no_port"),
    ("permission denied", "denied"),
    ("access is denied", "busy"),
    ("resource busy", "busy"),
    ("device signature", "wrong_chip"),
    ("verification error", "verify"),
    ("verification mismatch", "verify"),
    ("not in sync", "silent"),
    ("not responding", "silent"),
    ("timeout communicating", "silent"),
    ("programmer did not respond", "silent"),
    ("butterfly", "silent"),
)
"""Parts of avrdude's messages (versions 6.3 and 7.1), the surest first."""


def read_trouble(said: str) -> Trouble:
    """Which trouble avrdude's messages tell of."""
    text = said.lower()
    opening = [
        line for line in text.splitlines() if "cannot open port" in line or "can't open" in line
    ]
    if ".hex" in text and any(".hex" in line for line in opening):
        return "no_image"
    for sign, trouble in _SIGNS:
        if sign in text and (trouble != "no_port" or opening):
            return trouble
    return "other"


def no_port_sentence(port: str) -> str:
    """What to do about a port that is not there."""
    return f"{port} is not there. Plug the board in, then see 'solerig ports'."


def trouble_sentence(trouble: Trouble, board: BoardName, port: str, said: str) -> str:
    """What went wrong and what to do now."""
    match trouble:
        case "no_port":
            return no_port_sentence(port)
        case "denied":
            return (
                f"You may not open {port}. On Debian and Ubuntu: sudo usermod -aG dialout $USER; then "
                "log out and in again."
            )
        case "busy":
            return (
                f"{port} is used by another program. Close it there (the dashboard, Arduino's serial "
                "monitor) and flash again."
            )
        case "silent":
            return _silent_sentence(board, port)
        case "wrong_chip":
            return (
                f"The board behind {port} has another chip than a {board}. Say which board it is with "
                "--board (uno, nano, mega, leonardo or micro)."
            )
        case "verify":
            return (
                f"What was written to {port} does not read back the same. Try another cable and USB "
                "socket and flash again; if it stays, the board is damaged."
            )
        case "no_image":
            return (
                "The image to flash is gone. Run 'make firmware' in a checkout, then flash again."
            )
        case "other":
            lines = [line.strip() for line in said.splitlines() if "error" in line.lower()]
            return f"avrdude could not flash {port}: {lines[0] if lines else 'it gave no reason'}"


def _silent_sentence(board: BoardName, port: str) -> str:
    if BOARDS[board].touch:
        hint = (
            "Press the board's reset button twice within half a second, so that its bootloader waits, "
            "and flash again within 8 s"
        )
    elif board == "nano":
        hint = "Both bootloader speeds were tried (or the one that you asked for)"
    elif board == "uno":
        hint = "If it is a Nano, say --board nano, which also tries the old bootloader"
    else:
        hint = "Press its reset button as the flashing begins"
    return (
        f"The bootloader of the {board} behind {port} does not answer. {hint}. Check that the cable "
        "carries data (many only charge), that this is the right board and port ('solerig ports'), and "
        "that nothing is wired to D0 and D1."
    )
