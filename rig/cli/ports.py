# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig ports`: which serial ports there are, and which of them a board may be behind."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rig.acquire.ports import candidate_ports


def ports() -> None:
    """List the serial ports, and say for each whether a board may be behind it. Opens none of them."""
    console = Console()
    candidates = candidate_ports()
    if not candidates:
        console.print(
            "No serial port found. Plug the board in; 'solerig doctor' says what may help."
        )
        return
    table = Table("port", "board?", "what it is", "why", box=None, pad_edge=False)
    for candidate in candidates:
        likely = "[green]maybe[/]" if candidate.plausible else "no"
        words = (candidate.description, candidate.reason)
        table.add_row(Text(candidate.device), likely, *map(Text, words))
    console.print(table)
