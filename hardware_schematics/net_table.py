# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Reads the net tables (nets.toml, nets_mat.toml, parts.toml) into one form: parts, pins, nets."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boards import WiringError

FOLDER = Path(__file__).resolve().parent
DESIGNS = ("insole", "mat16", "mat32", "mat16_cheap")
SERIES_ROLES = ("series", "jumper")  # what a signal passes on its way, seen from the firmware
TEMPLATE = re.compile(r"\{(\d*)([a-z]+)(?:\+(\d+))?\}")


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it is fitted."""

    ref: str
    stock: dict[str, Any]
    stock_key: str
    role: str
    sheet: str
    pins: dict[str, str]  # pin -> net; "" = left open on purpose
    value: str
    option: bool
    entry: dict[str, Any]  # the table's own entry, for what only one kind of part has


@dataclass(frozen=True, slots=True)
class Design:
    """One rig: its parts, and what the table says about the whole."""

    name: str
    title: str
    parts: dict[str, Part]
    board: str
    head: dict[str, Any]  # the table's other words: sensors, rows, front end ...

    def nets(self) -> dict[str, list[tuple[str, str]]]:
        """Net -> its ends as (part, pin), in the table's order; open pins are left out."""
        ends: dict[str, list[tuple[str, str]]] = {}
        for part in self.parts.values():
            for pin, net in part.pins.items():
                if net:
                    ends.setdefault(net, []).append((part.ref, pin))
        return ends

    def with_role(self, role: str) -> list[Part]:
        return [part for part in self.parts.values() if part.role == role]

    def reached_from(self, net: str) -> set[str]:
        """The nets that a signal on `net` passes through series resistors and jumpers as set."""
        steps = [_passes(p) for p in self.parts.values() if p.role in SERIES_ROLES]
        reached, waiting = {net}, [net]
        while waiting:
            here = waiting.pop()
            for one, other in steps:
                for near, far in ((one, other), (other, one)):
                    if near == here and far not in reached:
                        reached.add(far)
                        waiting.append(far)
        return reached


def _passes(part: Part) -> tuple[str, str]:
    """The two nets that a series part joins; a jumper joins its pins 1 and 2."""
    return part.pins["1"], part.pins["2"]


def load_stock(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """The parts that can be bought, by key; a net table without a parts.toml beside it uses ours."""
    path = folder / "parts.toml"
    return tomllib.loads(
        (path if path.exists() else FOLDER / path.name).read_text(encoding="utf-8")
    )


def load_design(name: str, folder: Path = FOLDER) -> Design:
    """Read one design and check that its nets are whole.

    Raises
    ------
    WiringError
        A part is named twice or unknown, or a net has only one end.
    """
    stock = load_stock(folder)
    if name == "insole":
        head, entries = _insole_entries(folder)
    else:
        head, entries = _mat_entries(folder, name)
    parts: dict[str, Part] = {}
    for ref, entry, pins in entries:
        if ref in parts:
            raise WiringError(f"{name}: {ref} is named twice")
        parts[ref] = _part(ref, entry, pins, stock)
    design = Design(name, head["title"], parts, head.get("board", "uno"), head)
    _check_ends(design)
    return design


Entry = tuple[str, dict[str, Any], dict[str, str]]


def _part(ref: str, entry: dict[str, Any], pins: dict[str, str], stock: dict[str, Any]) -> Part:
    if entry["stock"] not in stock:
        raise WiringError(f"{ref}: {entry['stock']} is not in parts.toml")
    bought = stock[entry["stock"]]
    value = entry.get("value", bought.get("value", bought["kind"]))
    option = entry.get("fitted") == "option"
    return Part(
        ref, bought, entry["stock"], entry["role"], entry["sheet"], pins, value, option, entry
    )


def _insole_entries(folder: Path) -> tuple[dict[str, Any], Iterator[Entry]]:
    head = tomllib.loads((folder / "nets.toml").read_text(encoding="utf-8"))["insole"]
    single = ((ref, entry, dict(entry["pins"])) for ref, entry in head["parts"].items())
    grouped = itertools.chain.from_iterable(
        _expand(group, _insole_loops(group.get("over", {}))) for group in head["groups"]
    )
    return head, _with_sensors(head, itertools.chain(single, grouped))


def _insole_loops(over: dict[str, Any]) -> list[dict[str, Any]]:
    feet = over.get("foot", [""])
    return [{"foot": foot, "n": n} for foot in feet for n in range(over.get("n", 1))]


def _with_sensors(head: dict[str, Any], entries: Iterator[Entry]) -> Iterator[Entry]:
    """Wires C0-C15 of each foot's multiplexer to the sensors, which stand in the channels' order."""
    channels = head["sensors"]["channels"]
    for ref, entry, pins in entries:
        if entry["role"] != "multiplexer":
            yield ref, entry, pins
            continue
        foot, supply = entry["foot"], pins["VCC"]
        wired = {f"C{n}": f"{foot}_{name}" for n, name in enumerate(channels)}
        yield ref, entry, pins | wired
        for n, name in enumerate(channels):
            sensor = {"stock": "FSR402", "role": "sensor", "sheet": entry["sheet"], "value": name}
            yield f"S{foot}{n + 1}", sensor, {"1": f"{foot}_{name}", "2": supply}


def _mat_entries(folder: Path, name: str) -> tuple[dict[str, Any], Iterator[Entry]]:
    table = tomllib.loads((folder / "nets_mat.toml").read_text(encoding="utf-8"))
    head = table[name]
    groups = (g for g in table["parts"] if name in g.get("builds", DESIGNS))
    entries = itertools.chain.from_iterable(
        _expand(group, _mat_loops(head, group.get("over"))) for group in groups
    )
    rename = head["rename"]
    return head, (
        (ref, entry, {pin: rename.get(net, net) for pin, net in pins.items()})
        for ref, entry, pins in entries
    )


def _mat_loops(head: dict[str, Any], over: str | None) -> list[dict[str, Any]]:
    rows, columns = head["rows"], head["columns"]
    count = {
        None: 1,
        "row": rows,
        "row_quad": rows // 4,
        "octet": rows // 8,
        "field": rows // 16,
        "column": columns,
        "quad": columns // 4,
        "bank": columns // 16,
    }[over]
    return [{"n": n, "bank": "AB"[n] if over == "bank" else ""} for n in range(count)]


def _expand(group: dict[str, Any], loops: list[dict[str, Any]]) -> Iterator[Entry]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", group["first"])
    if match is None:
        raise WiringError(f"{group['first']} is no name of a part")
    prefix, first = match.groups()
    for number, words in enumerate(loops):
        pins = {pin: _filled(net, words) for pin, net in group["pins"].items()}
        yield f"{prefix}{int(first) + number}", group, pins


def _filled(template: str, words: dict[str, Any]) -> str:
    def word(match: re.Match[str]) -> str:
        factor, name, added = match.groups()
        value = words[name]
        if isinstance(value, str):
            return value
        return str(int(factor or 1) * value + int(added or 0))

    return TEMPLATE.sub(word, template)


def _check_ends(design: Design) -> None:
    ends_on_board = design.head["on_board"]["nets"]
    lonely = [n for n, ends in design.nets().items() if len(ends) < 2 and n not in ends_on_board]
    if lonely:
        raise WiringError(f"{design.name}: only one end on {', '.join(lonely)}")
