# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Where the mats' parts stand on their sheets (grid units of 1.27 mm, y down)."""

from __future__ import annotations

from collections.abc import Callable

from kicad_sheet import FLAT, Sheet
from layout_common import draw_supply, draw_sync
from net_table import Design

NOTES = {
    "virtual_ground": (
        "All drivers off: rows and columns stand at VREF, nothing flows.\n"
        "One row is pulled to ground at a time; each column then reads\n"
        "VREF + VREF x (feedback / cell). Idle rows and columns are at the same\n"
        "voltage, so other cells carry no current: no ghosts.\n"
        "A reading far from VREF with all rows off means a damaged column."
    ),
    "grounded_rows": (
        "One row is driven to 5 V, all others to ground; the column that is read\n"
        "has the pull-down. Other pressed cells of that column load it: it reads\n"
        "low. analogue.md states by how much; build mat16 if that matters."
    ),
}
ROW_CONTROL = ["ROW_CLOCK", "ROW_LATCH", "ROW_OFF"]


def sheets(design: Design) -> list[tuple[str, str, str, Callable[[Sheet], None]]]:
    """One sheet for every 16 rows and every 16 columns."""
    found = []
    for axis, count, paint in (
        ("rows", design.head["rows"], draw_rows),
        ("columns", design.head["columns"], draw_columns),
    ):
        for n in range(count // 16):
            name = f"{design.name}_{axis}_{'ab'[n]}"
            title = f"{axis.capitalize()} {16 * n}-{16 * n + 15}"
            found.append((name, title, "A3", _painter(paint, n)))
    return found


def _painter(paint: Callable[[Sheet, int], None], n: int) -> Callable[[Sheet], None]:
    return lambda sheet: paint(sheet, n)


def _virtual_ground(design: Design) -> bool:
    return design.head["front_end"] == "virtual_ground"


# ---- first sheet ---------------------------------------------------------------------------
def draw_main(sheet: Sheet, below: list[Sheet]) -> None:
    """Board, reference, sync, and a box for each sheet of rows and columns."""
    sheet.frame("Board", 12, 12, 92, 62)
    sheet.place("A1", 50, 42)
    sheet.place("R1", 88, 34)
    sheet.text("Not drawn: unused pins, RESET, 3V3, VIN, IOREF, AREF.", 13, 70, 1.27)
    if _virtual_ground(sheet.design):
        _reference(sheet, 12, 78)
        draw_supply(sheet, 12, 134, ["C13", "C12"], [("U10", 3)], ["GND", "VREF"])
    else:
        draw_supply(sheet, 12, 78, ["C13"], [], ["GND"])
    draw_sync(sheet, 234, 12, "R8")
    half = len(below) // 2
    sheet.frame("Rows and columns, 16 to a sheet", 108, 12, 124, 8 + 26 * half)
    for n, other in enumerate(below):
        across, down = divmod(n, half)
        sheet.subsheet(other, 132 + 60 * across, 20 + 26 * down, 26)
    sheet.text(NOTES[sheet.design.head["front_end"]], 110, 28 + 26 * half)


def _reference(sheet: Sheet, x: int, y: int) -> None:
    sheet.frame(
        "VREF = a quarter of the supply: idle rows and all columns stand on it", x, y, 92, 50
    )
    sheet.place("R2", x + 12, y + 16)
    sheet.place("R3", x + 12, y + 32)
    sheet.place("C10", x + 22, y + 32)
    middle = y + 24
    sheet.join(("R2", "2"), ("R3", "1"))
    sheet.lead("C10", "1", (x + 22, middle), (x + 12, middle))
    sheet.place("U10", x + 44, y + 22, unit=1)
    at_in = sheet.at("U10", "IN1+")
    sheet.lead("U10", "IN1+", (x + 22, at_in[1]))
    sheet.note_net("VREF_SET", (x + 24, at_in[1]))
    _follower(sheet, "U10", 1)
    sheet.place("R4", x + 64, y + 22, variant=FLAT)
    sheet.join(("U10", "OUT1"), ("R4", "1"))
    sheet.place("C11", x + 74, y + 32)
    sheet.join(("R4", "2"), ("C11", "1"), (x + 74, y + 22))
    sheet.wire((x + 74, y + 22), (x + 84, y + 22))
    sheet.name_net("VREF", (x + 84, y + 22), "right")
    sheet.place("U10", x + 44, y + 43, unit=2)
    _follower(sheet, "U10", 2)


def _follower(sheet: Sheet, ref: str, n: int) -> None:
    """Output to the inverting input, over the top."""
    out, back = sheet.at(ref, f"OUT{n}"), sheet.at(ref, f"IN{n}-")
    over = out[1] - 7
    sheet.join(
        (ref, f"OUT{n}"),
        (ref, f"IN{n}-"),
        (out[0] + 2, out[1]),
        (out[0] + 2, over),
        (back[0] - 2, over),
        (back[0] - 2, back[1]),
    )


# ---- rows ----------------------------------------------------------------------------------
def draw_rows(sheet: Sheet, n: int) -> None:
    """Sixteen rows: two drivers, idle or series resistors, protection, connector."""
    first = sheet.net_of(f"U{2 * n + 1}", "SER_IN")
    last = sheet.net_of(f"U{2 * n + 2}", "SER_OUT")
    ports = [first, *ROW_CONTROL]
    if _virtual_ground(sheet.design):
        ports.append("VREF")
    if last:
        ports.append(last)
    sheet.ports(ports, 28, 20)
    sheet.frame("Row drivers", 52, 12, 104 if not _virtual_ground(sheet.design) else 68, 126)
    for k in range(2):
        sheet.place(f"U{2 * n + k + 1}", 86, 43 + 60 * k)
    if _virtual_ground(sheet.design):
        _idle_resistors(sheet, n, 126, 12)
        connector, protection = 296, 248
    else:
        _series_resistors(sheet, n)
        connector, protection = 246, 180
    sheet.frame("ESD protection at the connector", protection - 18, 12, 46, 126)
    for k in range(4):
        sheet.place(f"D{101 + 4 * n + k}", protection + 8, 33 + 29 * k)
    sheet.frame("Ribbon cable", connector - 14, 12, 34, 62)
    sheet.place(f"J{101 + n}", connector - 6, 44)
    sheet.frame("Decoupling, one at each driver", 52, 144, 50, 26)
    for k in range(2):
        sheet.place(f"C{2 * n + k + 1}", 64 + 14 * k, 158)


def _idle_resistors(sheet: Sheet, n: int, x: int, y: int) -> None:
    """Sixteen resistors from VREF to the rows, on two buses."""
    sheet.frame("Idle rows wait at VREF", x, y, 96, 62)
    for k in range(16):
        ref = f"R{101 + 16 * n + k}"
        across, down = divmod(k, 8)
        px, py = x + 36 + 44 * across, y + 12 + 6 * down
        sheet.place(ref, px, py, variant=FLAT)
        sheet.lead(ref, "1", (px - 12, py))
    for across in range(2):
        bus = x + 24 + 44 * across
        sheet.wire((bus, y + 12), (bus, y + 54))
        sheet.wire((bus, y + 54), (bus, y + 58), (bus + 8, y + 58))
        sheet.name_net("VREF", (bus + 8, y + 58), "right")


def _series_resistors(sheet: Sheet, n: int) -> None:
    for k in range(16):
        driver, output = f"U{2 * n + k // 8 + 1}", f"Q{k % 8}"
        ref = f"R{101 + 16 * n + k}"
        px, py = sheet.at(driver, output)
        sheet.place(ref, px + 20, py, variant=FLAT)
        sheet.join((driver, output), (ref, "1"))
        sheet.note_net(sheet.net_of(ref, "1"), (px + 2, py))


# ---- columns -------------------------------------------------------------------------------
def draw_columns(sheet: Sheet, n: int) -> None:
    """Sixteen columns: connector, protection, amplifiers, multiplexer."""
    mux = f"U{31 + n}"
    bank = "AB"[n]
    ports = [f"COL{bank}_S{k}" for k in range(4)] + [f"COL{bank}_SIGNAL"]
    ports.append("VREF" if _virtual_ground(sheet.design) else "ROW_OFF")
    sheet.ports(ports, 28, 16)
    sheet.frame("Ribbon cable", 12, 32, 32, 52)
    sheet.place(f"J{201 + n}", 20, 62)
    sheet.frame("ESD at the connector", 12, 88, 32, 124)
    for k in range(4):
        sheet.place(f"D{201 + 4 * n + k}", 32, 109 + 29 * k)
    if _virtual_ground(sheet.design):
        sheet.frame("Column amplifiers: the feedback holds every column at VREF", 46, 12, 208, 162)
        for k in range(16):
            _amplifier(sheet, 16 * n + k, 47 + 52 * (k // 4), 20 + 39 * (k % 4))
        _amplifier_supply(sheet, n)
        at = 288
    else:
        _pull_down(sheet, n)
        at = 120
    sheet.frame("Column multiplexer", at - 32, 12, 62, 92)
    sheet.place(mux, at, 58)
    sheet.frame("Decoupling", at - 32, 108, 30, 26)
    sheet.place(f"C{271 + n}", at - 18, 122)


def _amplifier(sheet: Sheet, column: int, x: int, y: int) -> None:
    """One column: line, protection resistor, amplifier, feedback over the top."""
    chip, unit = f"U{11 + column // 4}", column % 4 + 1
    guard, feedback, capacitor = f"R{201 + column}", f"R{251 + column}", f"C{201 + column}"
    sheet.place(chip, x + 32, y + 22, unit=unit)
    level = sheet.at(chip, f"IN{unit}-")[1]
    node = x + 8
    sheet.place(guard, x + 14, level, variant=FLAT)
    sheet.join((guard, "2"), (chip, f"IN{unit}-"))
    sheet.lead(guard, "1", (node, level))
    sheet.wire((node, level), (x + 2, level))
    sheet.name_net(f"COL{column}", (x + 2, level), "left")
    out = sheet.at(chip, f"OUT{unit}")
    riser = x + 40
    for ref, up in ((feedback, 6), (capacitor, 12)):
        sheet.place(ref, x + 24, level - up, variant=FLAT)
        sheet.lead(ref, "1", (node, level - up))
        sheet.lead(ref, "2", (riser, level - up))
    sheet.wire((node, level), (node, level - 6), (node, level - 12))
    sheet.wire((riser, level - 12), (riser, level - 6), (riser, out[1]))
    sheet.lead(chip, f"OUT{unit}", (riser, out[1]))
    sheet.wire((riser, out[1]), (x + 49, out[1]))
    sheet.name_net(f"COL{column}_OUT", (x + 49, out[1]), "right")


def _amplifier_supply(sheet: Sheet, n: int) -> None:
    sheet.frame("Amplifiers' supply, a capacitor at each", 46, 178, 112, 28)
    for k in range(4):
        sheet.place(f"U{11 + 4 * n + k}", 56 + 28 * k, 193, unit=5)
        sheet.place(f"C{251 + 4 * n + k}", 68 + 28 * k, 193)


def _pull_down(sheet: Sheet, n: int) -> None:
    sheet.frame("Pull-down behind the multiplexer", 160, 12, 54, 40)
    sheet.place(f"R{301 + n}", 190, 28)
