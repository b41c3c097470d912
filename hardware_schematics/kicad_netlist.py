# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Reads the nets out of a KiCad schematic (needs KiCad 9) and compares them with the net table."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from kicad_symbols import SYMBOLS
from net_table import Design

NET = re.compile(r'\(net \(code "[^"]*"\) \(name "([^"]*)"\)(.*?)(?=\(net \(code|\Z)', re.DOTALL)
NODE = re.compile(r'\(node \(ref "([^"]*)"\) \(pin "([^"]*)"\)')
PART = re.compile(r'\(comp \(ref "([^"]*)"\) \(value "([^"]*)"\)')


def export(schematic: Path) -> str:
    """KiCad's netlist of a schematic, white space made single.

    Raises
    ------
    subprocess.CalledProcessError
        KiCad cannot read the schematic.
    """
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.net"
        command = ["kicad-cli", "sch", "export", "netlist", "--output", str(out), str(schematic)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        text = re.sub(r"\s+", " ", out.read_text(encoding="utf-8"))
    return text.replace("( ", "(").replace(" )", ")")


def drawn_nets(netlist: str, design: Design) -> dict[str, set[tuple[str, str]]]:
    """Net -> its ends as (part, pin name), without the sheet's path; open pins are left out."""
    nets: dict[str, set[tuple[str, str]]] = {}
    for name, body in NET.findall(netlist):
        if name.startswith("unconnected-"):
            continue
        ends = {(ref, _pin_name(design, ref, pin)) for ref, pin in NODE.findall(body)}
        nets.setdefault(name.rsplit("/", 1)[-1], set()).update(ends)
    return nets


def _pin_name(design: Design, ref: str, number: str) -> str:
    part = design.parts.get(ref)
    return SYMBOLS[part.stock["symbol"]].numbers()[number] if part else number


def differences(netlist: str, design: Design) -> list[str]:
    """What is drawn otherwise than the table says, net by net and value by value."""
    drawn = drawn_nets(netlist, design)
    wanted = {net: set(ends) for net, ends in design.nets().items()}
    found = []
    for net in sorted(wanted.keys() | drawn.keys()):
        here, there = wanted.get(net, set()), drawn.get(net, set())
        if here != there:
            found.append(
                f"{net}: table only {sorted(here - there)}, drawn only {sorted(there - here)}"
            )
    values = dict(PART.findall(netlist))
    for ref, part in design.parts.items():
        if values.get(ref) != part.value:
            found.append(f"{ref}: table {part.value}, drawn {values.get(ref)}")
    found += [f"{ref}: drawn, but not in the table" for ref in values.keys() - design.parts.keys()]
    return found
