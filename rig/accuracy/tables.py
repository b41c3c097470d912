# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as data: the terminal, the page and the JSON show the same ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | float | None
"""None: undefined, or nothing to measure it on."""
UNDEFINED = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """`digits` after the point; None where the cells are words."""

    head: str
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What was found out about one question.

    Attributes
    ----------
    key : str
        Names it for programs.
    about : str
        How to read it, in one paragraph.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def texts(self) -> list[list[str]]:
        """The rows as they are printed everywhere."""
        return [
            [cell_text(cell, column.digits) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]

    def column(self, head: str) -> list[Cell]:
        """One column's cells."""
        place = [column.head for column in self.columns].index(head)
        return [row[place] for row in self.rows]


def table(
    key: str,
    title: str,
    about: str,
    columns: Sequence[tuple[str, int | None]],
    rows: Iterable[Sequence[Cell]],
) -> Table:
    """A table whose numbers are rounded to what is printed, so that no two places can differ."""
    heads = tuple(Column(head, digits) for head, digits in columns)
    kept = tuple(
        tuple(_rounded(cell, column.digits) for cell, column in zip(row, heads, strict=True))
        for row in rows
    )
    return Table(key, title, about, heads, kept)


def parts_that_fit(of: Table, width: int) -> list[list[int]]:
    """Columns in groups that fit a terminal, each group led by the first column.

    Heads may be broken between words, cells may not.
    """
    texts = of.texts()
    widths = [
        3 + max(len(word) for word in [*column.head.split(), *(row[place] for row in texts)])
        for place, column in enumerate(of.columns)
    ]
    groups, room = [[0]], width - widths[0]
    for place in range(1, len(widths)):
        if room < widths[place] and len(groups[-1]) > 1:
            groups.append([0])
            room = width - widths[0]
        groups[-1].append(place)
        room -= widths[place]
    return groups


def _rounded(cell: Cell, digits: int | None) -> Cell:
    if cell is None or isinstance(cell, str) or digits is None:
        return cell
    return None if not math.isfinite(cell) else round(float(cell), digits) + 0.0


def cell_text(cell: Cell, digits: int | None) -> str:
    """One cell in print."""
    if cell is None:
        return UNDEFINED
    if isinstance(cell, str):
        return cell
    return f"{cell:.{digits or 0}f}"


def table_json(of: Table) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "key": of.key,
        "title": of.title,
        "about": of.about,
        "columns": [{"head": c.head, "digits": c.digits} for c in of.columns],
        "rows": [list(row) for row in of.rows],
    }


def table_from_json(stored: dict[str, Any]) -> Table:
    """The way back."""
    return Table(
        stored["key"],
        stored["title"],
        stored["about"],
        tuple(Column(c["head"], c["digits"]) for c in stored["columns"]),
        tuple(tuple(row) for row in stored["rows"]),
    )


def markdown(of: Table) -> str:
    """The table for a page; numbers are aligned to the right."""
    heads = [column.head for column in of.columns]
    rules = ["---" if column.digits is None else "--:" for column in of.columns]
    lines = [heads, rules, *of.texts()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
