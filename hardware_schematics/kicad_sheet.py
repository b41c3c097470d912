# SPDX-License-Identifier: CERN-OHL-S-2.0
"""One sheet of a KiCad schematic: parts are placed, pins joined, the rest gets its net's name.

Positions are in grid units (1.27 mm), y pointing down. Every wire drawn here is checked against the net
table while it is drawn; what is exported again from the file is checked by tests/hardware_tools.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from boards import WiringError
from kicad_symbols import SYMBOLS, Symbol, effects, justified, library_entry, mm
from net_table import Design, Part

NAMESPACE = uuid.UUID("6f1d2c8e-3b55-4f7e-9a53-8d2f0a0c4067")
POWER_NETS = ("+5V", "GND")
FLAT, MIRRORED = "_H", "_M"  # a two-ended part lying; a connector with its pins on the left
OUTWARD = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
PAPER = {"A3": (330, 233), "A4": (233, 165)}  # in grid units

Point = tuple[int, int]


def stable_uuid(*words: object) -> str:
    """The same words give the same id, so that a print does not change without need."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, words))))


@dataclass(slots=True)
class Placed:
    """A placed unit of a part."""

    part: Part
    symbol: Symbol
    unit: int
    x: int
    y: int


@dataclass(slots=True)
class Sheet:
    """A sheet while it is drawn."""

    design: Design
    name: str  # file name without its ending
    title: str
    paper: str
    path: str  # of ids, for the references
    number: int
    placed: list[Placed] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    wires: list[tuple[Point, Point]] = field(default_factory=list)
    done: set[tuple[str, str]] = field(default_factory=set)
    pin_places: dict[tuple[str, str], tuple[Point, str]] = field(default_factory=dict)
    used_symbols: set[str] = field(default_factory=set)
    interface: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    joined: dict[str, list[tuple[Point, Point]]] = field(default_factory=dict)  # wires of a net
    counted: int = 0

    # ---- placing ----------------------------------------------------------------------------
    def place(self, ref: str, x: int, y: int, unit: int = 1, variant: str = "") -> None:
        """Put a unit of a part with its centre at (x, y); `variant` is FLAT or MIRRORED."""
        part = self.design.parts[ref]
        symbol = SYMBOLS[part.stock["symbol"] + variant]
        self.used_symbols.add(symbol.name)
        self.placed.append(Placed(part, symbol, unit, x, y))
        for pin in symbol.units[unit - 1][0]:
            self.pin_places[ref, pin.name] = ((x + pin.x, y - pin.y), pin.side)
            if pin.name not in part.pins and part.role != "board":
                raise WiringError(f"{ref}: the table says nothing of pin {pin.name}")

    def net_of(self, ref: str, pin: str) -> str:
        return self.design.parts[ref].pins.get(pin, "")

    def at(self, ref: str, pin: str) -> Point:
        return self.pin_places[ref, pin][0]

    # ---- wires ------------------------------------------------------------------------------
    def wire(self, *points: Point) -> None:
        for one, other in pairwise(points):
            if one != other:
                self.wires.append((one, other))

    def join(self, one: tuple[str, str], other: tuple[str, str], *via: Point) -> None:
        """Draw a wire between two pins that the table puts on the same net."""
        if self.net_of(*one) != self.net_of(*other) or not self.net_of(*one):
            raise WiringError(f"{one} and {other} are on different nets")
        self._wire_of(self.net_of(*one), self.at(*one), *via, self.at(*other))
        self.done |= {one, other}

    def lead(self, ref: str, pin: str, *points: Point) -> None:
        """Draw a wire from a pin to where another wire of its net waits."""
        self._wire_of(self.net_of(ref, pin), self.at(ref, pin), *points)
        self.done.add((ref, pin))

    def _wire_of(self, net: str, *points: Point) -> None:
        self.wire(*points)
        self.joined.setdefault(net, []).extend(pairwise(points))

    # ---- names ------------------------------------------------------------------------------
    def name_net(self, net: str, at: Point, side: str) -> None:
        """Write a net's name on the wire that ends at `at`; `side` is where that end points."""
        if net in POWER_NETS:
            self._power(net, at)
            return
        back = {"left": "right", "right": "left", "up": "down", "down": "up"}[side]
        self._label("label", net, at, back)

    def note_net(self, net: str, at: Point) -> None:
        """Write a name on a wire, running to the right."""
        self._label("label", net, at, "right")

    def ports(self, nets: list[str], x: int, y: int) -> None:
        """The nets that come from the sheet above, one below the other."""
        self.interface = nets
        length = 3 + max(stub_length(net) for net in nets)
        for n, net in enumerate(nets):
            at = (x, y + 2 * n)
            self._label("hierarchical_label", net, at, "left")
            self.wire(at, (x + length, at[1]))
            self.name_net(net, (x + length, at[1]), "right")

    def _label(self, kind: str, net: str, at: Point, runs: str) -> None:
        angle, justify = {
            "right": (0, "left"),
            "left": (180, "right"),
            "up": (90, "left"),
            "down": (270, "right"),
        }[runs]
        self.named.add(net)
        shape, bottom = ("", " bottom") if kind == "label" else ("(shape passive) ", "")
        self.items.append(
            f'({kind} "{net}" {shape}(at {mm(at[0])} {mm(at[1])} {angle}) '
            f"{effects(f'(justify {justify}{bottom})')} {self._uuid(kind, net, at)})"
        )

    def _power(self, net: str, at: Point, symbol: str = "") -> None:
        name = symbol or net
        self.used_symbols.add(name)
        self.counted += 1
        ref = f"{SYMBOLS[name].prefix}{100 * self.number + self.counted}"
        self._symbol(SYMBOLS[name], ref, name, 1, at, ["1"], hide_reference=True)

    def power_flag(self, net: str, at: Point) -> None:
        """Says that this net is fed from outside."""
        self._power(net, at, "PWR_FLAG")
        below = (at[0], at[1] + 2)
        self.wire(at, below)
        if net in POWER_NETS and net != "GND":
            self.wire(below, (at[0] + 4, below[1]))
            self._power(net, (at[0] + 4, below[1]))
        elif net == "GND":
            self._power(net, below)
        else:
            end = (at[0] + stub_length(net), below[1])
            self.wire(below, end)
            self.name_net(net, end, "right")

    # ---- words and frames -------------------------------------------------------------------
    def text(self, words: str, x: float, y: float, size: float = 1.5) -> None:
        safe = words.replace("\n", "\\n").replace('"', "'")
        self.items.append(
            f'(text "{safe}" (exclude_from_sim no) (at {mm(x)} {mm(y)} 0) '
            f"{effects('(justify left top)', size=size)} {self._uuid('text', words, x, y)})"
        )

    def frame(self, title: str, x: int, y: int, width: int, height: int) -> None:
        """A group's dashed frame and its title."""
        self.items.append(
            f"(rectangle (start {mm(x)} {mm(y)}) (end {mm(x + width)} {mm(y + height)}) "
            f"(stroke (width 0.15) (type dash)) (fill (type none)) {self._uuid('frame', x, y)})"
        )
        self.text(title, x + 1, y + 1, 2.0)

    def subsheet(self, sheet: Sheet, x: int, y: int, width: int) -> None:
        """The box that stands for another sheet, its nets on the left."""
        parent, key = sheet.path.rsplit("/", 1)
        height = 2 * len(sheet.interface) + 2
        pins = []
        for n, net in enumerate(sheet.interface):
            at = (x, y + 2 + 2 * n)
            pins.append(
                f'(pin "{net}" passive (at {mm(at[0])} {mm(at[1])} 180) '
                f"{effects('(justify left)')} {self._uuid('sheet pin', sheet.name, net)})"
            )
            self._stub(net, at, "left")
        self.items.append(
            f"(sheet (at {mm(x)} {mm(y)}) (size {mm(width)} {mm(height)}) "
            "(exclude_from_sim no) (in_bom yes) (on_board yes) (dnp no) "
            "(stroke (width 0.2) (type solid)) (fill (color 0 0 0 0)) "
            f'(uuid "{key}") '
            f'(property "Sheetname" "{sheet.title}" (at {mm(x)} {mm(y - 0.5)} 0) '
            f"{effects('(justify left bottom)', size=1.5)}) "
            f'(property "Sheetfile" "{sheet.name}.kicad_sch" (at {mm(x)} {mm(y + height + 0.5)} 0) '
            f"{effects('(justify left top)')}) {' '.join(pins)} "
            f'(instances (project "{self.design.name}" (path "{parent}" (page "{sheet.number}")))))'
        )

    # ---- finishing --------------------------------------------------------------------------
    def finish(self) -> None:
        """Give every pin that no wire reached its net's name, or mark it as left open."""
        for ref, pin in [key for key in self.pin_places if key not in self.done]:
            at, side = self.pin_places[ref, pin]
            net = self.net_of(ref, pin)
            if not net:
                self._no_connect(at)
            else:
                end = self._stub(net, at, side)
                if net in self.design.head["on_board"]["nets"]:
                    self._no_connect(end)
            self.done.add((ref, pin))
        for net in sorted(self.joined.keys() - self.named - set(POWER_NETS)):
            self._name_longest(net)

    def _name_longest(self, net: str) -> None:
        """A wire that nobody named carries its net's name on its longest lying piece."""
        lying = [(a, b) for a, b in self.joined[net] if a[1] == b[1]]
        a, b = max(lying, key=lambda wire: abs(wire[0][0] - wire[1][0]))
        self.note_net(net, min(a, b))

    def _no_connect(self, at: Point) -> None:
        self.items.append(f"(no_connect (at {mm(at[0])} {mm(at[1])}) {self._uuid('nc', at)})")

    def _stub(self, net: str, at: Point, side: str) -> Point:
        dx, dy = OUTWARD[side]
        if net in POWER_NETS:
            end = self._power_end(net, at, side)
            self.wire(at, end)
            self._power(net, end)
            return end
        corner = at
        if side in ("up", "down"):  # names are read lying: up or down, then to the right
            corner, side, dx, dy = (at[0], at[1] + 2 * dy), "right", 1, 0
        end = (corner[0] + dx * stub_length(net), corner[1])
        self.wire(at, corner, end)
        self.name_net(net, end, side)
        return end

    def _power_end(self, net: str, at: Point, side: str) -> Point:
        dx, dy = OUTWARD[side]
        wrong_way = {"+5V": "down", "GND": "up"}[net]
        if side == wrong_way:
            raise WiringError(f"{net} cannot leave its pin {side}wards on sheet {self.name}")
        length = 1 if side in ("up", "down") else 3
        return at[0] + dx * length, at[1] + dy * length

    def _uuid(self, *words: object) -> str:
        return f'(uuid "{stable_uuid(self.design.name, self.name, *words)}")'

    def _symbol(
        self,
        symbol: Symbol,
        ref: str,
        value: str,
        unit: int,
        at: Point,
        numbers: list[str],
        hide_reference: bool = False,
        fields: tuple[tuple[str, str], ...] = (),
        option: bool = False,
        hide_value: bool = False,
    ) -> None:
        x, y = at
        justify = [*justified(symbol), *([""] * (3 + len(fields)))]
        (rx, ry), (vx, vy) = symbol.reference_at, symbol.value_at
        words = [
            ("Reference", ref, (x + rx, y - ry), hide_reference),
            ("Value", value, (x + vx, y - vy), hide_value),
            ("Footprint", "", (x, y), True),
            ("Datasheet", "", (x, y), True),
            ("Description", "", (x, y), True),
            *((key, word, (x, y), True) for key, word in fields),
        ]
        properties = "\n  ".join(
            f'(property "{k}" "{v}" (at {mm(px)} {mm(py)} 0) {effects(how, hide)})'
            for (k, v, (px, py), hide), how in zip(words, justify, strict=True)
        )
        pins = " ".join(f'(pin "{n}" {self._uuid("pin", ref, n, unit)})' for n in numbers)
        self.items.append(
            f'(symbol (lib_id "solerig:{symbol.name}") (at {mm(x)} {mm(y)} 0) (unit {unit}) '
            f"(exclude_from_sim no) (in_bom yes) (on_board yes) (dnp {'yes' if option else 'no'}) "
            f"{self._uuid('symbol', ref, unit)}\n  {properties}\n  {pins}\n  "
            f'(instances (project "{self.design.name}" (path "{self.path}" '
            f'(reference "{ref}") (unit {unit})))))'
        )

    def file_text(self, sheet_instances: str = "") -> str:
        """The .kicad_sch file."""
        for placed in self.placed:
            part = placed.part
            numbers = [p.number for unit, _ in placed.symbol.units for p in unit]
            fields = (("MPN", part.stock["mpn"]),)
            self._symbol(
                placed.symbol, part.ref, part.value, placed.unit, (placed.x, placed.y), numbers,
                fields=fields, option=part.option,
            )  # fmt: skip
        cut = self._cut_wires()
        wires = [
            f"(wire (pts (xy {mm(a[0])} {mm(a[1])}) (xy {mm(b[0])} {mm(b[1])})) "
            f"(stroke (width 0) (type default)) {self._uuid('wire', a, b)})"
            for a, b in cut
        ]
        junctions = [
            f"(junction (at {mm(x)} {mm(y)}) (diameter 0) (color 0 0 0 0) {self._uuid('dot', x, y)})"
            for x, y in self._junctions(cut)
        ]
        library = "\n".join(
            library_entry(SYMBOLS[name], "solerig:") for name in sorted(self.used_symbols)
        )
        body = "\n".join([*junctions, *wires, *self.items])
        return (
            '(kicad_sch (version 20250114) (generator "solerig") (generator_version "9.0")\n'
            f'(uuid "{stable_uuid(self.design.name, self.name)}")\n(paper "{self.paper}")\n'
            f'(title_block (title "{self.title}") (rev "1") (company "Solerig") '
            f'(comment 1 "{self.design.title}") (comment 2 "CERN-OHL-S-2.0; printed from the net table, '
            'do not edit"))\n'
            f"(lib_symbols\n{library}\n)\n{body}\n{sheet_instances}(embedded_fonts no)\n)\n"
        )

    def _junctions(self, wires: list[tuple[Point, Point]]) -> list[Point]:
        """Where three or more ends of wires or pins meet."""
        ends = Counter(point for wire in wires for point in wire)
        pins = Counter(at for at, _ in self.pin_places.values())
        return sorted(p for p in ends if ends[p] + pins[p] > 2)

    def _cut_wires(self) -> list[tuple[Point, Point]]:
        """Wires cut where another one ends on them: KiCad joins wires only at their ends."""
        points = {p for wire in self.wires for p in wire} | {
            at for at, _ in self.pin_places.values()
        }
        cut = []
        for a, b in self.wires:
            on = sorted(p for p in points if _is_between(p, a, b))
            stops = [min(a, b), *on, max(a, b)]
            cut += list(pairwise(stops))
        return sorted(set(cut))


def _is_between(p: Point, a: Point, b: Point) -> bool:
    (x, y), (ax, ay), (bx, by) = p, a, b
    if ay == by == y:
        return min(ax, bx) < x < max(ax, bx)
    return ax == bx == x and min(ay, by) < y < max(ay, by)


def stub_length(net: str) -> int:
    """A wire as long as the name that stands on it."""
    return max(3, int(len(net) * 0.95 + 1.5))
