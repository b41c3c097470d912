# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints the build guide's wiring drawings: `python hardware_schematics/print_diagrams.py`.

Level 0 is the insole design without what protects lines that leave a box: its wires are found by
following the net table from the board through series resistors and jumpers to the multiplexer, so that
the breadboard and the finished rig are wired alike. A test prints the drawings again and compares bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).resolve().parent
if str(FOLDER) not in sys.path:  # a test may load this file by its path
    sys.path.insert(0, str(FOLDER))

from boards import WiringError  # noqa: E402 the folder must be found first
from net_table import Design, load_design  # noqa: E402
from print_blocks import BLOCKS, block_svg  # noqa: E402
from print_parts import load_list, parts_table  # noqa: E402

DIAGRAMS = FOLDER / "diagrams"
FEET = {"L": "left", "R": "right"}
COLOURS = {
    "+5V": "#c62828",
    "GND": "#222222",
    "signal": "#1565c0",
    "select": "#2e7d32",
    "off": "#6a1b9a",
}
PATCH_CABLE = (
    "white/orange",
    "orange",
    "white/green",
    "blue",
    "white/blue",
    "green",
    "white/brown",
    "brown",
)
"""Colours of pins 1 to 8 of a patch cable (TIA-568B); measure yours, some are made to 568A."""
ROW = 26
RIBBON_PINS = 16
TOP = 70


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire of the breadboard: from a pin of the board to a pin of a multiplexer."""

    board_pin: str
    part: str
    pin: str
    kind: str


def level0_wires(design: Design) -> list[Wire]:
    """The wires between the board and both multiplexers, in the multiplexers' order.

    Raises
    ------
    WiringError
        A pin of a multiplexer is reached from no pin of the board, or from two.
    """
    board = design.with_role("board")[0]
    wires: list[Wire] = []
    for mux in design.with_role("multiplexer"):
        for pin, net in mux.pins.items():
            if _is_channel(pin):
                continue
            nets = _supply(design, net) if pin in ("VCC", "GND") else design.reached_from(net)
            ends = [own for own, of in board.pins.items() if of in nets]
            if len(ends) != 1:
                raise WiringError(
                    f"{mux.ref} {pin} is reached from {ends or 'no pin'} of {board.ref}"
                )
            wires.append(Wire(ends[0], mux.ref, pin, _kind(pin)))
    return wires


def _is_channel(pin: str) -> bool:
    return pin.startswith("C") and pin[1:].isdigit()


def _supply(design: Design, net: str) -> set[str]:
    """The supply's nets, through the foot's fuse."""
    joined = {net}
    for fuse in design.with_role("fuse"):
        ends = set(fuse.pins.values())
        joined |= ends if ends & joined else set()
    return joined


def _kind(pin: str) -> str:
    if pin in ("VCC", "GND"):
        return {"VCC": "+5V", "GND": "GND"}[pin]
    return {"SIG": "signal", "EN": "off"}.get(pin, "select")


def level0_svg(design: Design, foot: str) -> str:
    """The breadboard of one foot: board, multiplexer, pull-down, one sensor."""
    mux = next(m for m in design.with_role("multiplexer") if m.pins["SIG"].startswith(f"{foot}_"))
    wires = [w for w in level0_wires(design) if w.part == mux.ref]
    off = next(p for p in design.with_role("pull_up") if "MUX_OFF" in p.pins.values())
    pull_down = next(p for p in design.with_role("pull_down") if p.pins["1"].startswith(f"{foot}_"))
    sensors = [(pin, net) for pin, net in mux.pins.items() if _is_channel(pin)]
    height = TOP + ROW * max(len(wires) + 4, len(sensors) + 2) + 40
    title = f"Level 0, {FEET[foot]} foot: one multiplexer on a breadboard"
    body = [_text(20, 28, title, 18, "start"), *_box(20, height, "Arduino Uno", 150)]
    body += _box(400, height, f"{mux.ref}: CD74HC4067", 170)
    at = {w.pin: TOP + ROW * (n + 1) for n, w in enumerate(wires)}
    for wire in wires:
        y, colour = at[wire.pin], COLOURS[wire.kind]
        body.append(_line(170, y, 400, y, colour))
        body += [_text(160, y + 4, wire.board_pin, 13, "end"), _text(410, y + 4, wire.pin, 13)]
    body += _across(at["SIG"], f"{pull_down.ref} {_ohm(pull_down.value)} to GND", 300)
    body += _across(at["EN"], f"{off.ref} {_ohm(off.value)} to 5V", 230)
    for n, (pin, net) in enumerate(sensors):
        y = TOP + ROW * (n + 1)
        body += [_text(560, y + 4, pin, 13, "end"), _line(570, y, 640, y, "#888888")]
        body.append(_text(646, y + 4, f"sensor {net}, other leg to 5V", 12))
    note = (
        f"Begin with one sensor, at any channel. {mux.ref}'s breakout may call SIG 'Z' and EN 'E'."
    )
    body.append(_text(20, height - 14, note, 13))
    return _svg(900, height, title, body)


def _ohm(value: str) -> str:
    return f"{value.removesuffix('k')} kohm" if value.endswith("k") else f"{value} ohm"


def _across(y: float, label: str, x: float) -> list[str]:
    """A resistor that hangs on a wire."""
    return [
        f'<circle cx="{x}" cy="{y}" r="3.5" fill="#222222"/>',
        _text(x, y - 8, label, 11, "middle"),
    ]


def foot_svg(design: Design, foot: str) -> str:
    """The cable of one foot: pin of the jack, colour of the wire, pin of the multiplexer.

    Raises
    ------
    WiringError
        A wire of the cable ends at no pin of the multiplexer.
    """
    mux = next(m for m in design.with_role("multiplexer") if m.pins["SIG"].startswith(f"{foot}_"))
    end = next(e for e in design.with_role("cable_end") if mux.pins["SIG"] in e.pins.values())
    jack = next(j for j in design.with_role("connector") if j.pins == end.pins)
    title = f"{FEET[foot].capitalize()} foot: from the jack {jack.ref} to the multiplexer {mux.ref}"
    height = TOP + ROW * 10 + 40
    body = [_text(20, 28, title, 18), *_box(20, height, f"{jack.ref} in the box", 150)]
    body += _box(500, height, f"{mux.ref} at the foot", 170)
    for n, (pin, net) in enumerate(sorted(end.pins.items(), key=lambda item: int(item[0]))):
        reached = [own for own, of in mux.pins.items() if of == net]
        if len(reached) != 1:
            raise WiringError(f"{end.ref} {pin} ends at {reached or 'no pin'} of {mux.ref}")
        y = TOP + ROW * (n + 1)
        body += [_text(160, y + 4, f"pin {pin}", 13, "end"), _text(510, y + 4, reached[0], 13)]
        body.append(_line(170, y, 500, y, COLOURS[_kind(reached[0])]))
        body.append(_text(335, y - 4, f"{PATCH_CABLE[int(pin) - 1]} ({net})", 12, "middle"))
    supply = mux.pins["VCC"]
    note = f"At the foot: 100 nF from VCC to GND; every sensor's other leg to VCC ({supply})."
    body.append(_text(20, height - 14, note, 13))
    return _svg(700, height, title, body)


def plugs_svg(design: Design) -> str:
    """The mat's plugs: pin by pin, the row or column that it carries."""
    plugs = [p for p in design.with_role("connector") if len(p.pins) == RIBBON_PINS]
    title = f"{design.title.split(',')[0]}, {design.title.split(',')[1].strip()}: the mat's plugs"
    height = TOP + ROW * (RIBBON_PINS + 1) + 40
    body = [_text(20, 28, title, 18)]
    for column, plug in enumerate(plugs):
        x = 20 + 220 * column
        body.append(_text(x, TOP - 8, f"{plug.ref}: ribbon cable of 16", 14))
        for n, (pin, net) in enumerate(sorted(plug.pins.items(), key=lambda item: int(item[0]))):
            y = TOP + ROW * (n + 0.7)
            body += [_text(x + 34, y + 4, pin, 13, "end"), _line(x + 40, y, x + 100, y, "#1565c0")]
            body.append(_text(x + 106, y + 4, net or "free", 13))
    body.append(_text(20, height - 14, "Pin 1 is the ribbon's marked edge. One strip a wire.", 13))
    return _svg(60 + 220 * len(plugs), height, title, body)


def _box(x: float, height: float, title: str, width: float) -> list[str]:
    frame = f'width="{width}" height="{height - TOP - 30}" rx="6" fill="#f5f5f5" stroke="#555555"'
    return [
        f'<rect x="{x}" y="{TOP}" {frame}/>',
        _text(x + width / 2, TOP - 8, title, 14, "middle"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="2.5"/>'


def _text(x: float, y: float, text: str, size: int, anchor: str = "start") -> str:
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _svg(width: float, height: float, title: str, body: list[str]) -> str:
    return (
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->\n"
        "<!-- Printed by `python hardware_schematics/print_diagrams.py`: do not edit. -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif">\n'
        f'<title>{escape(title)}</title>\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def wires_table(design: Design, foot: str) -> str:
    """The same wires as a table for the guide."""
    rows = [w for w in level0_wires(design) if _foot_of(design, w.part) == foot]
    head = "| from the Arduino | to the multiplexer |\n|---|---|\n"
    return head + "".join(f"| {w.board_pin} | {w.part} {w.pin} |\n" for w in rows)


def _foot_of(design: Design, mux: str) -> str:
    return design.parts[mux].pins["SIG"][0]


def outputs() -> dict[Path, str]:
    """Every printed file with its text."""
    insole = load_design("insole")
    printed = {DIAGRAMS / f"level0_{FEET[foot]}.svg": level0_svg(insole, foot) for foot in FEET}
    head = (
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->\n# Level 0: parts and wires\n\n"
        "Printed by `python hardware_schematics/print_diagrams.py` from the net tables: do not edit.\n"
    )
    tables = [
        f"\n## {FEET[foot].capitalize()} foot\n\n{wires_table(insole, foot)}" for foot in FEET
    ]
    printed[DIAGRAMS / "level0_wires.md"] = (
        head + "\n## Parts for one foot\n\n" + parts_table(load_list("level0")) + "".join(tables)
    )
    for foot, name in FEET.items():
        printed[DIAGRAMS / f"foot_cable_{name}.svg"] = foot_svg(insole, foot)
    for name in ("mat16", "mat32"):
        printed[DIAGRAMS / f"{name}_plugs.svg"] = plugs_svg(load_design(name))
    for name in ("mat16", "mat16_cheap", "mat32"):
        mat = load_design(name)
        for block in BLOCKS:
            title, width, height, body = block_svg(mat, block)
            printed[DIAGRAMS / f"{name}_{block}.svg"] = _svg(width, height, title, body)
    return printed


def main() -> int:
    DIAGRAMS.mkdir(exist_ok=True)
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
