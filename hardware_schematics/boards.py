# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Where each board's pins sit on its chip: port and bit, and the converter's channel."""

from __future__ import annotations

from dataclasses import dataclass, field


class WiringError(Exception):
    """The net table asks for something that the firmware or the board cannot do."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin of the board: its label, where it sits on the chip, its ADC channel if it has one."""

    label: str
    port: str
    bit: int
    adc: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of board."""

    name: str
    title: str
    chip: str
    pins: dict[str, Pin] = field(repr=False)

    def pin_of_net(self, board_pins: dict[str, str]) -> dict[str, Pin]:
        """Net -> pin, for the pins that the chip can switch (power and USB have none).

        Raises
        ------
        WiringError
            The board has no such pin, or one net would reach two of them.
        """
        found: dict[str, Pin] = {}
        for label, net in board_pins.items():
            if label in POWER_PINS:
                continue
            if label not in self.pins:
                raise WiringError(f"{self.title} has no pin {label} for net {net}")
            if net in found:
                raise WiringError(f"net {net} reaches two pins: {found[net].label} and {label}")
            found[net] = self.pins[label]
        return found


POWER_PINS = ("5V", "GND")


def _pins(places: dict[str, str], adc: dict[str, int]) -> dict[str, Pin]:
    return {
        label: Pin(label, place[0], int(place[1]), adc.get(label))
        for label, place in places.items()
    }


def _run(labels: str, port: str, first_bit: int, step: int = 1) -> dict[str, str]:
    return {label: f"{port}{first_bit + step * n}" for n, label in enumerate(labels.split())}


def _row(letter: str, first: int, last: int) -> str:
    return " ".join(f"{letter}{n}" for n in range(first, last + 1))


# Sources: the boards' pin tables in Debian's arduino-core-avr (variants standard, mega, leonardo).
UNO = Board(
    "uno",
    "Arduino Uno or Nano",
    "ATmega328P",
    _pins(
        _run(_row("D", 0, 7), "D", 0)
        | _run(_row("D", 8, 13), "B", 0)
        | _run(_row("A", 0, 5), "C", 0),
        {f"A{n}": n for n in range(6)},
    ),
)
MEGA = Board(
    "mega",
    "Arduino Mega 2560",
    "ATmega2560",
    _pins(
        _run("D0 D1", "E", 0)
        | {"D2": "E4", "D3": "E5", "D4": "G5", "D5": "E3"}
        | _run("D6 D7 D8 D9", "H", 3)
        | _run("D10 D11 D12 D13", "B", 4)
        | _run(_row("D", 22, 29), "A", 0)
        | _run(_row("D", 30, 37), "C", 7, -1)
        | _run(_row("A", 0, 7), "F", 0)
        | _run(_row("A", 8, 15), "K", 0),
        {f"A{n}": n for n in range(16)},
    ),
)
LEONARDO = Board(
    "leonardo",
    "Arduino Leonardo or Micro",
    "ATmega32U4",
    _pins(
        {"D0": "D2", "D1": "D3", "D2": "D1", "D3": "D0", "D4": "D4", "D5": "C6", "D6": "D7"}
        | {"D7": "E6", "D12": "D6", "D13": "C7"}
        | _run("D8 D9 D10 D11", "B", 4)
        | {"A0": "F7", "A1": "F6", "A2": "F5", "A3": "F4", "A4": "F1", "A5": "F0"},
        {"A0": 7, "A1": 6, "A2": 5, "A3": 4, "A4": 1, "A5": 0},
    ),
)
BOARDS = {board.name: board for board in (UNO, MEGA, LEONARDO)}
