# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Drawings for building a mat on perfboard: each block's chips from above, every pin with its net.

The wiring table goes net by net, which is how wires are checked; one solders chip by chip, which is
how these are drawn. `print_diagrams.py` writes them, from the same net table.
"""

from __future__ import annotations

from kicad_symbols import SYMBOLS
from net_table import Design, Part

NOTCHED = {"TPIC6B595": 20, "HC595": 16, "MCP6024": 14, "MCP6022": 8, "PC817": 4}
SOCKET_PINS = NOTCHED | {"USBLC6-4SC6": 6, "CONN16": 16}
TWO_SIDED = "CONN16"  # a ribbon header counts its pins across, a chip counts them around
PITCH = 18
CHIPS_A_ROW = 4
CELL = 340
BOX_X, BOX_WIDTH = 95, 140
NETS_COLOUR = {"+5V": "#c62828", "GND": "#222222", "VREF": "#2e7d32"}
BODY = 'rx="4" fill="#f5f5f5" stroke="#555555"'
BLOCKS = {
    "reference": "1: reference and supply",
    "rows": "2: rows",
    "columns": "3: columns",
    "select": "4: multiplexer",
    "sync": "5: sync in and out",
}


def block_of(part: Part) -> str:
    """The block that a part is soldered in; '' for the Arduino."""
    if part.role == "board":
        return ""
    if part.role in ("multiplexer", "pull_down") or part.ref.startswith("C27"):
        return "select"
    if part.sheet.startswith(("rows", "columns")):
        return part.sheet.split("_")[0]
    isolated = any("SYNC" in net for net in part.pins.values())
    if part.role == "pull_up":
        return "rows"
    return "sync" if isolated and part.role != "pull_down_sync" else "reference"


def blocks(design: Design) -> dict[str, list[Part]]:
    """Every part but the board, by block, in the order in which they are built."""
    found: dict[str, list[Part]] = {name: [] for name in BLOCKS}
    for part in design.parts.values():
        if block := block_of(part):
            found[block].append(part)
    return found


def chip_sides(part: Part) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """(number, pin, net) down the left and down the right side, seen from above; '' = free."""
    symbol = SYMBOLS[part.stock["symbol"]]
    if part.role == "multiplexer":  # a breakout prints names; the two sides are its two pin rows
        ends = [("", pin, net) for pin, net in part.pins.items()]
        is_channel = [pin[0] == "C" and pin[1:].isdigit() for _, pin, _ in ends]
        left = [e for e, channel in zip(ends, is_channel, strict=True) if not channel]
        return left, [e for e, channel in zip(ends, is_channel, strict=True) if channel]
    count = SOCKET_PINS[part.stock["symbol"]]
    by_number = {symbol.pins()[pin].number: (pin, net) for pin, net in part.pins.items()}
    numbers = [str(n) for n in range(1, count + 1)]
    ends = [(n, *by_number.get(n, ("", ""))) for n in numbers]
    if part.stock["symbol"] == TWO_SIDED:
        return ends[0::2], ends[1::2]
    half = count // 2
    return ends[:half], ends[half:][::-1]


def _is_chip(part: Part) -> bool:
    return part.stock["symbol"] in SOCKET_PINS or part.role == "multiplexer"


def block_svg(design: Design, name: str) -> tuple[str, float, float, list[str]]:
    """Title, width, height and the drawing of one block."""
    parts = blocks(design)[name]
    chips = sorted((p for p in parts if _is_chip(p)), key=lambda p: "UDOJ".index(p.ref[0]))
    words = design.title.split(",")
    title = f"{words[0]}, {words[1].strip()}. Block {BLOCKS[name]}, seen from the parts' side"
    body, y = [_text(20, 28, title, 16)], 64
    for start in range(0, len(chips), CHIPS_A_ROW):
        row = chips[start : start + CHIPS_A_ROW]
        tallest = max(max(map(len, chip_sides(chip))) for chip in row)
        for n, chip in enumerate(row):
            body += _chip(chip, 20 + CELL * n, y)
        y += PITCH * (tallest + 1) + 40
    for n, part in enumerate(p for p in parts if not _is_chip(p)):
        column, line = n % CHIPS_A_ROW, n // CHIPS_A_ROW
        body.append(_text(20 + CELL * column, y + PITCH * line, two_pin_words(part), 12))
    lines = -(-sum(not _is_chip(p) for p in parts) // CHIPS_A_ROW)
    return title, 40 + CELL * CHIPS_A_ROW, y + PITCH * lines + 20, body


def two_pin_words(part: Part) -> str:
    """`R101 220: VREF to ROW0`, with the ends' names where it matters which is which."""
    named = [net if pin in ("1", "2") else f"{net} ({pin})" for pin, net in part.pins.items()]
    return f"{part.ref} {part.value}: {' to '.join(named)}"


def _chip(part: Part, x: float, y: float) -> list[str]:
    left, right = chip_sides(part)
    height = PITCH * max(len(left), len(right)) + 8
    near, far, middle = x + BOX_X, x + BOX_X + BOX_WIDTH, x + BOX_X + BOX_WIDTH / 2
    body = [
        _text(middle, y - 6, f"{part.ref} {part.value}", 13, "middle"),
        f'<rect x="{near}" y="{y}" width="{BOX_WIDTH}" height="{height}" {BODY}/>',
    ]
    if part.stock["symbol"] in NOTCHED:
        body.append(f'<path d="M {middle - 8} {y} a 8 8 0 0 0 16 0" fill="none" stroke="#555555"/>')
    for side, edge, out in ((left, near, -1), (right, far, 1)):
        for n, (number, pin, net) in enumerate(side):
            body += _pin(number, pin, net, edge, y + PITCH * (n + 0.75), out)
    return body


def _pin(number: str, pin: str, net: str, edge: float, y: float, out: int) -> list[str]:
    """A pin at the box's edge: number and name inside, its net outside (`out`: -1 left, 1 right)."""
    inside, outside = ("start", "end") if out < 0 else ("end", "start")
    words = [number] if pin == number else [number, pin][::-out]
    colour = NETS_COLOUR.get(net, "#1565c0" if net else "#aaaaaa")
    label = _text(edge + 11 * out, y + 4, net or "free", 10.5, outside)
    return [
        f'<line x1="{edge}" y1="{y}" x2="{edge + 8 * out}" y2="{y}" stroke="{colour}"/>',
        _text(edge - 6 * out, y + 4, " ".join(words).strip(), 10, inside),
        label.replace("<text ", f'<text fill="{colour}" '),
    ]


def _text(x: float, y: float, words: str, size: float, anchor: str = "start") -> str:
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}>{words}</text>"
