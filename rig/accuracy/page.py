# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed page: made of the stored numbers alone, so that text and numbers cannot drift apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rig.accuracy.figures import FIGURES
from rig.accuracy.report import merged, tables_of
from rig.accuracy.summary import summary
from rig.accuracy.tables import Table, markdown
from rig.errors import SolerigError

NUMBERS, PAGE, PLOTS = "accuracy.json", "ACCURACY.md", "plots"


def page_text(stored: dict[str, Any]) -> str:
    """The page of a report.

    Raises
    ------
    SettingsError
        The JSON is no report of this version.
    """
    tables = tables_of(stored)
    parts = [
        "# How accurate is Solerig?",
        f"**{stored['warning']}**",
        _made_by(stored),
        "## What the figures say",
        "\n".join(f"- {line}" for line in summary(tables)),
        *(_section(table) for table in tables),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _made_by(stored: dict[str, Any]) -> str:
    last = stored["first_seed"] + stored["subjects"] - 1
    return (
        f"Made by `{stored['command']} --write rig/accuracy` with Solerig "
        f"{stored['software_version']}. Subjects are the seeds from {stored['first_seed']:,} on, none "
        f"of which any constant was tuned on: {stored['subjects']} of them (to {last:,}) unless a table "
        "says otherwise. They differ in weight, foot size, the shape of their load and every sensor. "
        f"The same command gives the same numbers; they are in `{NUMBERS}`."
    )


def _section(table: Table) -> str:
    plots = [f"![{table.title}]({PLOTS}/{name})" for name in FIGURES.get(table.key, {})]
    return "\n\n".join([f"## {table.title}", table.about, markdown(table), *plots])


def plots_of(stored: dict[str, Any]) -> dict[str, str]:
    """Every plot's file name and SVG."""
    return {
        name: draw(table)
        for table in tables_of(stored)
        for name, draw in FIGURES.get(table.key, {}).items()
    }


def refuse_other_folder(folder: Path) -> None:
    """Before minutes of work: a page can only be written into a folder.

    Raises
    ------
    SolerigError
        A file has that name.
    """
    for place in (folder, folder / PLOTS):
        if place.exists() and not place.is_dir():
            raise SolerigError(f"{place} is a file; --write needs a folder. Choose another name.")


def write_page(folder: Path, stored: dict[str, Any], *, only_some: bool = False) -> list[Path]:
    """Write numbers, page and plots, in place of earlier ones; returns the files.

    Parameters
    ----------
    only_some
        Not all questions were answered: the other answers stay as they are there.

    Raises
    ------
    SettingsError
        The other answers there are of other subjects.
    """
    if only_some and (folder / NUMBERS).exists():
        stored = merged(json.loads((folder / NUMBERS).read_text(encoding="utf-8")), stored)
    (folder / PLOTS).mkdir(parents=True, exist_ok=True)
    texts = {NUMBERS: numbers_text(stored), PAGE: page_text(stored)}
    texts |= {f"{PLOTS}/{name}": svg for name, svg in plots_of(stored).items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def numbers_text(stored: dict[str, Any]) -> str:
    """The report as it is stored: one row of a table a line."""
    head = {name: value for name, value in stored.items() if name != "tables"}
    tables = []
    for table in stored["tables"]:
        rows = ",\n".join("   " + _line(row) for row in table["rows"])
        rest = {name: value for name, value in table.items() if name != "rows"}
        tables.append(f'  {_line(rest)[:-1]}, "rows": [\n{rows}\n  ]}}')
    return f'{_line(head)[:-1]}, "tables": [\n' + ",\n".join(tables) + "\n]}\n"


def _line(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)
