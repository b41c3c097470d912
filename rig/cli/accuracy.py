# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig accuracy`: how wrong every figure can be, asked of simulated people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table as Printed

from rig.cli.outputs import json_text

if TYPE_CHECKING:
    from rig.accuracy.tables import Table


def accuracy(
    quick: Annotated[
        bool, typer.Option("--quick", help="Few subjects: a minute in place of some twenty.")
    ] = False,
    subjects: Annotated[
        int | None,
        typer.Option(min=1, max=1000, help="People asked each question; 16, or 2 with --quick."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION",
            help="Answer only this one: standing, coverage, moving, heels, faults, mats, design or "
            "published; may be given more than once.",
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            help="Folder in which to write the page, its plots and its numbers; earlier ones are "
            "replaced, with --only only those of the question."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, for programs.")
    ] = False,
) -> None:
    """State the errors of force, centre of pressure, contacts and heels, and of each broken sensor.

    Simulated people of fixed seeds stand, drill, walk and run on simulated insoles and mats; the
    same command gives the same numbers.
    """
    from rig.accuracy.page import refuse_other_folder, write_page
    from rig.accuracy.report import FULL, QUICK, WARNING, chosen, report_json

    effort = QUICK if quick else FULL
    effort = effort if subjects is None else replace(effort, subjects=subjects)
    asked = chosen(only or [])
    if write is not None:
        refuse_other_folder(write)
    console, aside = Console(), Console(stderr=True)
    tables: list[Table] = []
    if not as_json:
        console.print(f"[bold yellow]{WARNING}[/]")
    for question in asked:
        with aside.status(f"Simulating: {question.title}"):
            answers = question.answer(effort)
        tables += answers
        if not as_json:
            for answer in answers:
                show(answer, console)
    report = report_json(effort, tables)
    if as_json:
        typer.echo(json_text(report), nl=False)
    if write is not None:
        for path in write_page(write, report, only_some=bool(only)):
            aside.print(f"{path}", soft_wrap=True)


def show(table: Table, console: Console) -> None:
    """Print one table of the report; what does not fit beside each other comes below."""
    from rig.accuracy.tables import parts_that_fit

    console.print(f"[bold]{table.title}[/]")
    texts = table.texts()
    for part in parts_that_fit(table, console.width - 2):
        printed = Printed(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
        for place in part:
            column = table.columns[place]
            aligned = "left" if column.digits is None else "right"
            printed.add_column(column.head, justify=aligned)
        for row in texts:
            printed.add_row(*(row[place] for place in part))
        console.print(printed)
    console.print(table.about, style="dim")
    console.print()
