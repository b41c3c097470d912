# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor`: what is installed, what is missing, what mends it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rig.calibrate.board_walk import TIMEOUT_S
from rig.cli.board_check import FootChoice, check_board, forget_board
from rig.cli.checks import Check, all_checks
from rig.errors import SettingsError

MARKS = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "missing": "[red]MISSING[/]"}


def doctor(
    board: Annotated[
        bool, typer.Option("--board", help="Walk through pressing each sensor of the board.")
    ] = False,
    source: Annotated[
        str,
        typer.Option(help="With --board: auto, a port or URL; simulated, firmware: a rehearsal."),
    ] = "auto",
    foot: Annotated[FootChoice, typer.Option(help="With --board: which insole.")] = "both",
    sensors: Annotated[
        str,
        typer.Option(
            help="With --board: the only sensors that are there, such as L_MT1,L_HB. All others "
            "then count as not there."
        ),
    ] = "",
    timeout: Annotated[
        float, typer.Option(min=1.0, help="With --board: seconds until a sensor is skipped.")
    ] = TIMEOUT_S,
    rehearse_swap: Annotated[
        str,
        typer.Option(
            help="With --board and a rehearsal: sensors whose wires are swapped, two by two, such as "
            "L_T5,R_MT5."
        ),
    ] = "",
    print_map: Annotated[
        bool, typer.Option("--print-map", help="With --board: print the sensor map too.")
    ] = False,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget-map", help="With --board: delete the board's sensor map instead of a walk."
        ),
    ] = False,
) -> None:
    """Check this computer, or with --board each sensor, and say what mends what is missing."""
    console = Console(soft_wrap=board)
    if forget and not board:
        raise SettingsError("--forget-map goes with --board: it is about one board's sensor map.")
    if rehearse_swap and not board:
        raise SettingsError("--rehearse-swap goes with --board and --source simulated.")
    if board and forget:
        forget_board(console, source)
        return
    if board:
        names, swaps = _names(sensors), _names(rehearse_swap)
        if not check_board(console, source, foot, names, timeout, print_map=print_map, swaps=swaps):
            raise typer.Exit(1)
        return
    with console.status("Looking at this computer"):
        checks = all_checks()
    console.print(_table(checks))
    missing = [check for check in checks if check.verdict == "missing"]
    if missing:
        console.print(f"{len(missing)} thing(s) to mend, see the last column.", style="bold red")
        raise typer.Exit(1)
    console.print("Everything that Solerig needs is here.", style="bold green")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _table(checks: list[Check]) -> Table:
    table = Table("what", "state", "found", "what to do", box=None, pad_edge=False)
    for check in checks:
        table.add_row(check.name, MARKS[check.verdict], Text(check.found), Text(check.mend))
    return table
