# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Our own schematic symbols: shapes, pins and their numbers. One unit is KiCad's 50 mil grid (1.27 mm).

A symbol's y axis points up, as KiCad has it. Pin `name` is what the net tables say, `number` what is
printed on the part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

GRID_MM = 1.27


@dataclass(frozen=True, slots=True)
class SymbolPin:
    """A pin; its wire joins at (x, y), and the body lies in `side`'s opposite direction."""

    name: str
    number: str
    x: int
    y: int
    side: str  # where its wire leaves: left, right, up, down
    kind: str = "passive"
    length: float = 2


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol; `units` are the parts it is drawn in, each with its pins and graphics."""

    name: str
    prefix: str
    units: tuple[tuple[tuple[SymbolPin, ...], tuple[str, ...]], ...]
    reference_at: tuple[float, float]
    value_at: tuple[float, float]
    justify: str = "left"  # of reference and value; above: side by side over the part
    pin_names: bool = False
    pin_numbers: bool = False
    power: bool = False

    def pins(self) -> dict[str, SymbolPin]:
        return {pin.name: pin for unit, _ in self.units for pin in unit}

    def numbers(self) -> dict[str, str]:
        """Pin number -> name."""
        return {pin.number: pin.name for pin in self.pins().values()}


def mm(units: float) -> str:
    """Grid units as KiCad writes millimetres."""
    return f"{units * GRID_MM:.4f}".rstrip("0").rstrip(".")


def _stroke(width: float = 0.2) -> str:
    return f"(stroke (width {width}) (type default)) (fill (type none))"


def line(*points: tuple[float, float], fill: str = "none") -> str:
    xy = " ".join(f"(xy {mm(x)} {mm(y)})" for x, y in points)
    return f"(polyline (pts {xy}) (stroke (width 0.2) (type default)) (fill (type {fill})))"


def box(x1: float, y1: float, x2: float, y2: float, fill: str = "background") -> str:
    return (
        f"(rectangle (start {mm(x1)} {mm(y1)}) (end {mm(x2)} {mm(y2)}) "
        f"(stroke (width 0.2) (type default)) (fill (type {fill})))"
    )


def circle(x: float, y: float, radius: float) -> str:
    return f"(circle (center {mm(x)} {mm(y)}) (radius {mm(radius)}) {_stroke()})"


def text(words: str, x: float, y: float) -> str:
    return f'(text "{words}" (at {mm(x)} {mm(y)} 0) (effects (font (size 1.27 1.27))))'


def _two(across: bool, reach: int = 3, length: int = 1) -> tuple[SymbolPin, ...]:
    """Pins 1 and 2 of a part with two ends: left and right, or top and bottom."""
    if across:
        return (
            SymbolPin("1", "1", -reach, 0, "left", length=length),
            SymbolPin("2", "2", reach, 0, "right", length=length),
        )
    return (
        SymbolPin("1", "1", 0, reach, "up", length=length),
        SymbolPin("2", "2", 0, -reach, "down", length=length),
    )


def _turned(
    shape: tuple[tuple[float, float], ...], across: bool
) -> tuple[tuple[float, float], ...]:
    return tuple((-y, x) if across else (x, y) for x, y in shape)


def _pair(name: str, prefix: str, across: bool, graphics: tuple[str, ...], reach: int = 3,
          length: int = 1) -> Symbol:  # fmt: skip
    reference, value, justify = ((-0.3, 1.7), (0.3, 1.7), "above") if across else (
        (1.6, 0.8), (1.6, -0.8), "left")  # fmt: skip
    unit = (_two(across, reach, length), graphics)
    return Symbol(name + ("_H" if across else ""), prefix, (unit,), reference, value, justify)


def _resistors() -> list[Symbol]:
    found = []
    for across in (False, True):
        body = box(-2, -0.8, 2, 0.8) if across else box(-0.8, -2, 0.8, 2)
        slash = line(*_turned(((-1.4, -1.8), (-0.8, -1.8), (1.0, 2.2)), across))
        found += [
            _pair("R", "R", across, (body,)),
            _pair("PTC", "F", across, (body, slash)),
            _pair("FSR", "S", across, (body, slash)),
        ]
        gap = 0.4
        plates = (
            line(*_turned(((-1.5, gap), (1.5, gap)), across)),
            line(*_turned(((-1.5, -gap), (1.5, -gap)), across)),
        )
        leads = (
            line(*_turned(((0, 2), (0, gap)), across)),
            line(*_turned(((0, -2), (0, -gap)), across)),
        )
        found.append(_pair("C", "C", across, plates + leads))
    return found


def _tvs() -> Symbol:
    shape = (
        line((-1, 1.6), (1, 1.6), (0, 0), (-1, 1.6)),
        line((-1, -1.6), (1, -1.6), (0, 0), (-1, -1.6)),
        line((-1.4, -0.4), (-1, 0), (1, 0), (1.4, 0.4)),
        line((0, 2), (0, 1.6)),
        line((0, -2), (0, -1.6)),
    )
    return _pair("TVS", "D", across=False, graphics=shape)


def _diode() -> Symbol:
    """Cathode up."""
    pins = (
        SymbolPin("K", "1", 0, 3, "up", length=1),
        SymbolPin("A", "2", 0, -3, "down", length=1),
    )
    shape = (
        line((-1, -1), (1, -1), (0, 1), (-1, -1)),
        line((-1, 1), (1, 1)),
        line((0, 2), (0, 1)),
        line((0, -2), (0, -1)),
    )
    return Symbol("DIODE", "D", ((pins, shape),), (1.6, 0.8), (1.6, -0.8))


def _optocoupler() -> Symbol:
    pins = (
        SymbolPin("A", "1", -6, 2, "left"),
        SymbolPin("K", "2", -6, -2, "left"),
        SymbolPin("E", "3", 6, -2, "right"),
        SymbolPin("C", "4", 6, 2, "right"),
    )
    shape = (
        box(-4, -3.5, 4, 3.5),
        line((-4, 2), (-2.4, 2), (-2.4, 0.6)),
        line((-4, -2), (-2.4, -2), (-2.4, -0.6)),
        line((-3.2, 0.6), (-1.6, 0.6), (-2.4, -0.6), (-3.2, 0.6)),
        line((-3.2, -0.6), (-1.6, -0.6)),
        line((-0.9, 0.5), (0.3, 0.5)),
        line((-0.9, -0.3), (0.3, -0.3)),
        line((1.4, 1.3), (1.4, -1.3)),
        line((1.4, 0.5), (2.8, 1.4), (2.8, 2), (4, 2)),
        line((1.4, -0.5), (2.8, -1.4), (2.8, -2), (4, -2)),
        line((2.8, -1.4), (2.0, -1.4), (2.5, -0.7), (2.8, -1.4), fill="outline"),
    )
    return Symbol("PC817", "OK", ((pins, shape),), (-4, 5.6), (-4, 4.3), pin_numbers=True)


def _amplifier(name: str, count: int, numbers: dict[str, str]) -> Symbol:
    """`count` amplifiers, inverting input on top, and a unit for the supply."""
    triangle = (
        line((-4, 4), (4, 0), (-4, -4), (-4, 4), fill="background"),
        text("-", -3, 2),
        text("+", -3, -2),
    )
    units = []
    for n in range(1, count + 1):
        pins = (
            SymbolPin(f"IN{n}-", numbers[f"IN{n}-"], -6, 2, "left", "input"),
            SymbolPin(f"IN{n}+", numbers[f"IN{n}+"], -6, -2, "left", "input"),
            SymbolPin(f"OUT{n}", numbers[f"OUT{n}"], 6, 0, "right", "output"),
        )
        units.append((pins, triangle))
    supply = (
        SymbolPin("VDD", numbers["VDD"], 0, 5, "up", "power_in", 2.4),
        SymbolPin("VSS", numbers["VSS"], 0, -5, "down", "power_in", 2.4),
    )
    units.append((supply, (box(-2, -2.6, 2, 2.6),)))
    return Symbol(name, "U", tuple(units), (0.8, 4.6), (0.8, 3.3), pin_numbers=True)


def _block(
    name: str,
    prefix: str,
    half_width: int,
    sides: Mapping[str, Sequence[tuple[str, str, str] | None]],
    pitch: int = 2,
) -> Symbol:
    """A box with pins on its sides; None leaves a gap. Left and right begin at the top."""
    rows = max(len(sides.get("left", [])), len(sides.get("right", [])))
    head, foot = (6 if sides.get(side) else 2 for side in ("up", "down"))  # room for upright names
    first = ((rows - 1) * pitch) // 2
    first += first % 2
    top, bottom = first + head, first - (rows - 1) * pitch - foot
    pins = []
    for side, x in (("left", -half_width - 2), ("right", half_width + 2)):
        for n, entry in enumerate(sides.get(side, [])):
            if entry:
                pins.append(SymbolPin(entry[0], entry[1], x, first - n * pitch, side, entry[2]))
    for side, y in (("up", top + 2), ("down", bottom - 2)):
        for n, entry in enumerate(sides.get(side, [])):
            if entry:
                at = half_width - 2 if side == "up" else 4 * n - 4 * (len(sides[side]) // 2)
                pins.append(SymbolPin(entry[0], entry[1], at, y, side, entry[2]))
    return Symbol(
        name,
        prefix,
        ((tuple(pins), (box(-half_width, bottom, half_width, top),)),),
        (-half_width - 1, top + 2.2),
        (-half_width - 1, top + 0.9),
        pin_names=True,
        pin_numbers=True,
    )


def _ends(*names: str, kind: str = "bidirectional") -> list[tuple[str, str, str] | None]:
    return [(name, name, kind) if name else None for name in names]


def _boards() -> list[Symbol]:
    power = {"up": [("5V", "5V", "power_out")], "down": [("GND", "GND", "power_in")]}
    uno_left = _ends("A0", "A1", "A2", "A3", "A4", "A5", "", "D0", "D1", "D2", "D3")
    uno_right = _ends("D4", "D5", "D6", "D7", "", "D8", "D9", "D10", "D11", "", "D12", "D13")
    mega_left = _ends("A0", "A1", "", "D0", "D1", "D2", "D3", "", "D12", "D13")
    mega_right = _ends(
        *(f"D{n}" for n in range(22, 26)), "", *(f"D{n}" for n in range(26, 30)), "", "D35", "D36", "D37"
    )  # fmt: skip
    return [  # a module's pins are known by their names alone
        replace(
            _block("UNO", "A", 9, {"left": uno_left, "right": uno_right} | power), pin_numbers=False
        ),
        replace(
            _block("MEGA", "A", 9, {"left": mega_left, "right": mega_right} | power),
            pin_numbers=False,
        ),
    ]


def _multiplexer() -> Symbol:
    number = {f"C{n}": str(9 - n) if n < 8 else str(31 - n) for n in range(16)}
    left = [("S0", "10", "input"), ("S1", "11", "input"), ("S2", "14", "input")]
    left += [("S3", "13", "input"), None, ("EN", "15", "input"), None, ("SIG", "1", "passive")]
    right = [(f"C{n}", number[f"C{n}"], "passive") for n in range(16)]
    supply = {"up": [("VCC", "24", "power_in")], "down": [("GND", "12", "power_in")]}
    return _block("CD74HC4067", "U", 7, {"left": left, "right": right} | supply, pitch=4)


def _shift_registers() -> list[Symbol]:
    drains = dict(zip(range(8), ["4", "5", "6", "7", "14", "15", "16", "17"], strict=True))
    inputs = [("SER_IN", "3"), ("SRCK", "13"), ("RCK", "12"), ("G", "9"), ("SRCLR", "8")]
    tpic = {
        "left": [(name, number, "input") for name, number in inputs],
        "right": [
            *((f"DRAIN{n}", drains[n], "open_collector") for n in range(8)),
            ("SER_OUT", "18", "output"),
        ],
        "up": [("VCC", "2", "power_in")],
        "down": [("GND", "10", "power_in"), ("GND2", "11", "power_in"), ("GND3", "19", "power_in")],
    }
    inputs = [("SER_IN", "14"), ("SRCK", "11"), ("RCK", "12"), ("OE", "13"), ("SRCLR", "10")]
    hc595 = tpic | {
        "left": [(name, number, "input") for name, number in inputs],
        "right": [
            *((f"Q{n}", "15" if n == 0 else str(n), "output") for n in range(8)),
            ("SER_OUT", "9", "output"),
        ],
        "up": [("VCC", "16", "power_in")],
        "down": [("GND", "8", "power_in")],
    }
    return [_block("TPIC6B595", "U", 8, tpic, 4), _block("HC595", "U", 8, hc595, 4)]


def _connectors() -> list[Symbol]:
    found = []
    for name, order in (
        ("CONN2", "1 2"),
        ("CONN8", "7 1 2 3 6 8 4 5"),  # as drawn: supply, selects, enable, signal, ground
        ("CONN16", " ".join(str(n) for n in range(1, 17))),
    ):
        pins: list[tuple[str, str, str] | None] = [(n, n, "passive") for n in order.split()]
        pitch = 4 if name == "CONN8" else 2
        found.append(replace(_block(name, "J", 2, {"right": pins}, pitch), pin_names=False))
        found.append(replace(_block(name + "_M", "J", 2, {"left": pins}, pitch), pin_names=False))
    return found


def _protection() -> Symbol:
    lines = [("IO1", "1"), ("IO2", "3"), ("IO3", "4"), ("IO4", "6")]
    return _block(
        "USBLC6-4SC6",
        "D",
        6,
        {
            "left": [(name, number, "passive") for name, number in lines],
            "up": [("VBUS", "5", "passive")],
            "down": [("GND", "2", "passive")],
        },
    )


def _jumper() -> Symbol:
    pins = (
        SymbolPin("1", "1", -4, 2, "left"),
        SymbolPin("3", "3", -4, -2, "left"),
        SymbolPin("2", "2", 4, 0, "right"),
    )
    shape = (
        circle(-1.6, 2, 0.4),
        circle(-1.6, -2, 0.4),
        circle(1.6, 0, 0.4),
        line((-1.2, 1.8), (1.2, 0.2)),
        box(-2.4, -3, 2.4, 3, fill="none"),
    )
    return Symbol("JUMPER3", "JP", ((pins, shape),), (-2.4, 5.2), (-2.4, 3.9), pin_numbers=True)


def _power() -> list[Symbol]:
    up = SymbolPin("1", "1", 0, 0, "down", "power_in", 0)
    flag = SymbolPin("1", "1", 0, 0, "down", "power_out", 0)
    arrow = (line((0, 0), (0, 2)), line((-0.6, 1), (0, 2), (0.6, 1)))
    ground = (line((0, 0), (0, -1)), line((-1, -1), (1, -1), (0, -2), (-1, -1)))
    diamond = (line((0, 0), (0, 1), (-0.8, 1.6), (0, 2.2), (0.8, 1.6), (0, 1)),)
    down = SymbolPin("1", "1", 0, 0, "up", "power_in", 0)
    return [
        Symbol("+5V", "#PWR", (((up,), arrow),), (0, -2), (0, 2.9), "centre", power=True),
        Symbol("GND", "#PWR", (((down,), ground),), (0, 2), (0, -3), "centre", power=True),
        Symbol("PWR_FLAG", "#FLG", (((flag,), diamond),), (0, -2), (0, 3), "centre", power=True),
    ]


_QUAD = {"OUT1": "1", "IN1-": "2", "IN1+": "3", "VDD": "4", "IN2+": "5", "IN2-": "6", "OUT2": "7"}
_QUAD |= {
    "OUT3": "8",
    "IN3-": "9",
    "IN3+": "10",
    "VSS": "11",
    "IN4+": "12",
    "IN4-": "13",
    "OUT4": "14",
}
_DUAL = {
    "OUT1": "1",
    "IN1-": "2",
    "IN1+": "3",
    "VSS": "4",
    "IN2+": "5",
    "IN2-": "6",
    "OUT2": "7",
    "VDD": "8",
}

SYMBOLS = {
    symbol.name: symbol
    for symbol in (
        *_resistors(),
        _tvs(),
        _diode(),
        _optocoupler(),
        _amplifier("MCP6024", 4, _QUAD),
        _amplifier("MCP6022", 2, _DUAL),
        *_boards(),
        _multiplexer(),
        *_shift_registers(),
        *_connectors(),
        _protection(),
        _jumper(),
        *_power(),
    )
}

_ANGLE = {"left": 0, "right": 180, "up": 270, "down": 90}  # from the wire's end towards the body


def justified(symbol: Symbol) -> tuple[str, str]:
    """How reference and value are justified."""
    left, right = "(justify left)", "(justify right)"
    return {"left": (left, left), "centre": ("", ""), "above": (right, left)}[symbol.justify]


def effects(justify: str = "", hide: bool = False, size: float = 1.27) -> str:
    """How a text is drawn."""
    hidden = " (hide yes)" if hide else ""
    return f"(effects (font (size {size} {size})){' ' + justify if justify else ''}{hidden})"


def library_entry(symbol: Symbol, prefix: str = "") -> str:
    """The symbol as KiCad stores it, in a library or in a schematic (then with the library's name)."""
    flags = "(power)" if symbol.power else ""
    hide_numbers = "" if symbol.pin_numbers else "(pin_numbers (hide yes))"
    hide_names = (
        "(pin_names (offset 0.762))" if symbol.pin_names else "(pin_names (offset 0) (hide yes))"
    )
    words = [("Reference", symbol.prefix, symbol.power), ("Value", symbol.name, False)]
    words += [("Footprint", "", True), ("Datasheet", "", True), ("Description", "", True)]
    places = [symbol.reference_at, symbol.value_at, (0, 0), (0, 0), (0, 0)]
    justify = [*justified(symbol), "", "", ""]
    properties = [
        f'(property "{key}" "{value}" (at {mm(x)} {mm(y)} 0) {effects(how, hide)})'
        for (key, value, hide), (x, y), how in zip(words, places, justify, strict=True)
    ]
    units = [
        f'(symbol "{symbol.name}_{n}_1" {" ".join(graphics)} {" ".join(map(_pin_entry, pins))})'
        for n, (pins, graphics) in enumerate(symbol.units, 1)
    ]
    return (
        f'(symbol "{prefix}{symbol.name}" {flags} {hide_numbers} {hide_names} (exclude_from_sim no) '
        f"(in_bom yes) (on_board yes) {' '.join(properties)}\n  {chr(10).join(units)} "
        "(embedded_fonts no))"
    )


def _pin_entry(pin: SymbolPin) -> str:
    return (
        f"(pin {pin.kind} line (at {mm(pin.x)} {mm(pin.y)} {_ANGLE[pin.side]}) "
        f'(length {mm(pin.length)}) (name "{pin.name}" {effects()}) (number "{pin.number}" {effects()}))'
    )


def library_text() -> str:
    """The project's symbol library."""
    entries = "\n".join(library_entry(symbol) for symbol in SYMBOLS.values())
    head = '(kicad_symbol_lib (version 20241209) (generator "solerig") (generator_version "9.0")'
    return f"{head}\n{entries}\n)\n"
