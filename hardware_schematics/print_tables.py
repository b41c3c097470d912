# SPDX-License-Identifier: CERN-OHL-S-2.0
"""The wiring tables (markdown), as text."""

from __future__ import annotations

from collections.abc import Iterable

from firmware_view import Insole
from kicad_symbols import SYMBOLS
from net_table import Design, Part
from print_firmware import printed_from


def wiring_text(rig: Insole | Design) -> str:
    """The wiring table: every part, every net with all its ends."""
    design = rig.design if isinstance(rig, Insole) else rig
    table = "nets.toml" if design.name == "insole" else "nets_mat.toml"
    nets = design.nets()
    lines = [
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->",
        f"# Wiring: {design.title}",
        "",
        printed_from(table),
        "",
        "## Parts",
        "",
        "| parts | kind |",
        "|---|---|",
        *[
            f"| {refs(parts)} | {parts[0].stock['kind']}{_note(parts[0])} |"
            for parts in alike(design)
        ],
        "",
        "## Wires, net by net",
        "",
        "A number in brackets is the pin's number on the part. Breakout boards print names.",
        "",
        "| net | joins |",
        "|---|---|",
        *[
            f"| {net} | {', '.join(_end(design.parts[r], p) for r, p in ends)} |"
            for net, ends in nets.items()
        ],
    ]
    if isinstance(rig, Insole):
        lines += _sensor_lines(rig)
    return "\n".join(lines) + "\n"


def _end(part: Part, pin: str) -> str:
    """`R4 2`, or `OK1 E (3)` where a part's pins have numbers beside their names."""
    symbol = SYMBOLS.get(part.stock.get("symbol", ""))
    if symbol is None or not symbol.pin_numbers or "breakout" in part.stock["kind"]:
        return f"{part.ref} {pin}"
    number = symbol.pins()[pin].number
    return f"{part.ref} {pin}" if number == pin else f"{part.ref} {pin} ({number})"


def _note(part: Part) -> str:
    return " (option)" if part.option else ""


def _sensor_lines(insole: Insole) -> list[str]:
    left, right = insole.multiplexers
    count = len(insole.channels)
    return [
        "",
        "## Sensors",
        "",
        "One end of each sensor goes to its foot's supply, the other to its multiplexer's channel;",
        "`sample` is its place in a packet.",
        "",
        "| channel | sensor | left | sample | right | sample |",
        "|---:|---|---|---:|---|---:|",
        *[
            f"| C{n} | {name} | {left.name} C{n} | {n} | {right.name} C{n} | {n + count} |"
            for n, name in enumerate(insole.channels)
        ],
    ]


def alike(design: Design) -> list[list[Part]]:
    """Parts of one kind, fitted alike, together; in the table's order."""
    kinds: dict[tuple[str, bool], list[Part]] = {}
    for part in design.parts.values():
        kinds.setdefault((part.stock_key, part.option), []).append(part)
    return list(kinds.values())


def refs(parts: Iterable[Part]) -> str:
    """Names of parts, runs shortened: `R1-R4, R7`."""
    runs: list[tuple[str, int, int]] = []
    for prefix, number in sorted(_prefix_and_number(part.ref) for part in parts):
        if runs and runs[-1][0] == prefix and runs[-1][2] == number - 1:
            runs[-1] = (prefix, runs[-1][1], number)
        else:
            runs.append((prefix, number, number))
    return ", ".join(p + str(a) if a == b else f"{p}{a}-{p}{b}" for p, a, b in runs)


def _prefix_and_number(ref: str) -> tuple[str, int]:
    prefix = ref.rstrip("0123456789")
    return prefix, int(ref.removeprefix(prefix))
