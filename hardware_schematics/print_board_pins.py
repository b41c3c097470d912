# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints which pin an insole's wire takes: `python hardware_schematics/print_board_pins.py`.

The drawings, the stripboard and the wiring table show an Uno or Nano; this page is what replaces them on
the other boards. A test prints it again and compares bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
if str(FOLDER) not in sys.path:  # a test may load this file by its path
    sys.path.insert(0, str(FOLDER))

from boards import BOARDS, POWER_PINS  # noqa: E402 the folder must be found first
from net_table import load_design  # noqa: E402

PAGE = "board_pins_insole.md"
BOARD_PART = "A1"
USB_PORT = "(USB)"
"""In place of a pin: a board with USB on its own chip has no serial lines to keep free."""
MEANINGS = {
    "HOST_TX": "to the computer: keep free",
    "HOST_RX": "from the computer: keep free",
    "SYNC_IN": "sync in",
    "SYNC_OUT": "sync out",
    "MUX_OFF": "EN of both multiplexers",
    "LED": "the board's own LED",
    "+5V": "supply",
    "GND": "ground",
}
INTRODUCTION = (
    "The box, the stripboard and the drawings are for an Uno or Nano. On another board lead the same "
    "nets to the pins of its column; everything behind them stays as it is in "
    "[wiring_insole.md](wiring_insole.md). The firmware of a Mega, Leonardo or Micro does not scan what "
    f"is wired to an Uno's pins. {USB_PORT}: the chip has USB itself, so a computer on its cable takes "
    "no pin."
)
FEET = {"L": "left", "R": "right"}


def outputs(folder: Path = FOLDER) -> dict[Path, str]:
    """The printed page, by its path."""
    return {FOLDER / PAGE: page(folder)}


def page(folder: Path = FOLDER) -> str:
    """The page in Markdown: one row a net of the board, one column a kind of board."""
    pins = pins_of_nets(folder)
    rows = [
        f"| {net} | {meaning(net)} | " + " | ".join(of[net] for of in pins.values()) + " |"
        for net in pins["uno"]
    ]
    titles = " | ".join(BOARDS[name].title for name in pins)
    return "\n".join(
        [
            "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->",
            "# Pins of each board, for a pair of insoles",
            "",
            "Printed by `python hardware_schematics/print_board_pins.py` from nets.toml: do not edit.",
            "",
            INTRODUCTION,
            "",
            f"| net | what it is | {titles} |",
            "|---" * (2 + len(pins)) + "|",
            *rows,
            "",
        ]
    )


def pins_of_nets(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Board -> net -> pin's label, for the Uno as drawn and each other board.

    Raises
    ------
    WiringError
        A board has no such pin, or a net reaches two of them.
    """
    design = load_design("insole", folder)
    drawn = {pin: net for pin, net in design.parts[BOARD_PART].pins.items() if net}
    power = {net: pin for pin, net in drawn.items() if pin in POWER_PINS}
    others = {name: entry["pins"] for name, entry in design.head["boards"].items()}
    found = {}
    for name, wired in ({design.board: drawn} | others).items():
        labels = {net: pin.label for net, pin in BOARDS[name].pin_of_net(wired).items()} | power
        found[name] = {net: labels.get(net, USB_PORT) for net in drawn.values()}
    return found


def meaning(net: str) -> str:
    """A net of the board in words."""
    if net in MEANINGS:
        return MEANINGS[net]
    foot, _, line = net.partition("_")
    return f"{FEET[foot]} foot: " + ("signal" if line == "SIGNAL" else f"select line {line}")


def main() -> int:
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
