# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor`: what is installed, what is missing, what mends it."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.checks import Check, all_checks

MARKS = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "missing": "[red]MISSING[/]"}


def doctor() -> None:
    """Check this computer: packages, ports, rights and drivers, and say what mends what is missing."""
    console = Console()
    with console.status("Looking at this computer"):
        checks = all_checks()
    console.print(_table(checks))
    missing = [check for check in checks if check.verdict == "missing"]
    if missing:
        console.print(f"{len(missing)} thing(s) to mend, see the last column.", style="bold red")
        raise typer.Exit(1)
    console.print("Everything that Solerig needs is here.", style="bold green")


def _table(checks: list[Check]) -> Table:
    table = Table("what", "state", "found", "what to do", box=None, pad_edge=False)
    for check in checks:
        table.add_row(check.name, MARKS[check.verdict], check.found, check.mend)
    return table
