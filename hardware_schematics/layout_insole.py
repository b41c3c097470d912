# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Where the insole rig's parts stand on its sheets (grid units of 1.27 mm, y down)."""

from __future__ import annotations

from kicad_sheet import FLAT, Sheet
from layout_common import draw_supply, draw_sync

CABLE_ROWS = ("7", "1", "2", "3", "6", "8", "4")  # the jack's pins as drawn, below its ground


def draw_box(sheet: Sheet, feet: list[Sheet]) -> None:
    """The box: cables on the left, protection, board, sync on the right."""
    for n, foot in enumerate("LR"):
        _cable(sheet, foot, n, 12, 12 + 76 * n)
    _board(sheet, 142, 12)
    _converter_inputs(sheet, 142, 68)
    draw_sync(sheet, 234, 12, "R4")
    sheet.frame("Foot units at the other end of the cables", 142, 136, 90, 28)
    for n, foot in enumerate(feet):
        sheet.subsheet(foot, 160 + 44 * n, 144, 24)
    draw_supply(
        sheet, 12, 166, ["C3", "C5", "C4"], [("U3", 3)], ["GND", "L_5V_CABLE", "R_5V_CABLE"]
    )
    sheet.text(
        "J1 and J2 are 8P8C jacks; the plug's latch is cut off, so that the cable breaks away.\n"
        "Pairs: 1-2, 3-6, 4-5 (signal with ground), 7-8. Never plug it into a network.\n"
        "Option: fit U3 and C4, set JP1 and JP2 to 2-3.",
        14,
        196,
    )


def _cable(sheet: Sheet, foot: str, n: int, x: int, y: int) -> None:
    side = "Left" if foot == "L" else "Right"
    sheet.frame(f"{side} foot: breakaway cable, over-current and ESD protection", x, y, 126, 72)
    jack = f"J{n + 1}"
    sheet.place(jack, x + 8, y + 30)
    series = {"7": f"F{n + 1}", "8": f"R{21 + n}", "4": f"R{23 + n}"}
    series |= {pin: f"R{11 + 4 * n + k}" for k, pin in enumerate(("1", "2", "3", "6"))}
    for pin in CABLE_ROWS:
        px, py = sheet.at(jack, pin)
        sheet.place(series[pin], px + 36, py, variant=FLAT)
        sheet.join((jack, pin), (series[pin], "1"))
        sheet.note_net(sheet.net_of(jack, pin), (px + 2, py))
    px, py = sheet.at(jack, "4")
    pull_down = f"R{n + 1}"
    sheet.place(pull_down, px + 24, py + 8)
    sheet.lead(pull_down, "1", (px + 24, py))
    for k, ref in enumerate((f"D{1 + n}", f"D{3 + n}")):
        sheet.place(ref, x + 112, y + 21 + 31 * k)


def _board(sheet: Sheet, x: int, y: int) -> None:
    sheet.frame("Board", x, y, 90, 52)
    sheet.place("A1", x + 38, y + 28)
    sheet.place("R3", x + 74, y + 22)
    sheet.text("Not drawn: RESET, 3V3, VIN, IOREF, AREF.", x + 1, y + 49, 1.27)


def _converter_inputs(sheet: Sheet, x: int, y: int) -> None:
    sheet.frame("Converter inputs; the crossed-out buffer is an option", x, y, 90, 64)
    for n in range(2):
        top = y + 18 + 30 * n
        sheet.place("U3", x + 30, top, unit=n + 1)
        at_out, at_in = sheet.at("U3", f"OUT{n + 1}"), sheet.at("U3", f"IN{n + 1}-")
        over = top - 7
        sheet.join(
            ("U3", f"OUT{n + 1}"),
            ("U3", f"IN{n + 1}-"),
            (at_out[0] + 2, at_out[1]),
            (at_out[0] + 2, over),
            (at_in[0] - 2, over),
            (at_in[0] - 2, at_in[1]),
        )
        jumper = f"JP{n + 1}"
        sheet.place(jumper, x + 66, top - 2)
        sheet.join((jumper, "3"), ("U3", f"OUT{n + 1}"))
        sheet.note_net(sheet.net_of(jumper, "3"), (at_out[0] + 4, at_out[1]))


def draw_foot(sheet: Sheet, foot: str) -> None:
    """A foot unit: the cable's end, the multiplexer, sixteen sensors."""
    end, mux, capacitor = {"L": ("J11", "U1", "C1"), "R": ("J12", "U2", "C2")}[foot]
    sheet.ports([net for net in sheet.design.parts[end].pins.values() if net != "GND"], 30, 18)
    sheet.frame("Cable end", 14, 38, 52, 48)
    sheet.place(end, 22, 64)
    sheet.frame("Decoupling, at the multiplexer", 14, 92, 52, 28)
    sheet.place(capacitor, 30, 109)
    sheet.frame("Multiplexer at the ankle", 72, 12, 60, 92)
    sheet.place(mux, 104, 58)
    sheet.frame("Insole: sensors in the order of the channels", 136, 12, 84, 92)
    bus = 190
    for n in range(16):
        ref = f"S{foot}{n + 1}"
        sheet.place(ref, bus - 18, sheet.at(mux, f"C{n}")[1], variant=FLAT)
        _sensor(sheet, mux, n, ref, bus)
    supply = sheet.net_of(mux, "VCC")
    top, bottom = sheet.at(mux, "C0")[1], sheet.at(mux, "C15")[1]
    sheet.wire((bus, top), (bus, bottom), (bus, bottom + 4), (bus + 14, bottom + 4))
    sheet.name_net(supply, (bus + 14, bottom + 4), "right")


def _sensor(sheet: Sheet, mux: str, n: int, ref: str, bus: int) -> None:
    px, py = sheet.at(mux, f"C{n}")
    sheet.join((mux, f"C{n}"), (ref, "1"))
    sheet.note_net(sheet.net_of(ref, "1"), (px + 2, py))
    sheet.lead(ref, "2", (bus, py))
