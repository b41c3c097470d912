# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's plots: bars as SVG, drawn from the tables' own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rig.accuracy.tables import Table

BAR, GAP, GROUP_GAP = 13, 2, 9
LEFT, WIDTH, RIGHT, TOP, BOTTOM = 215, 420, 60, 62, 34
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Okabe and Ito's, told apart by most colour-blind people."""
INK, PAPER, GRID, LIMIT = "#1a1a1a", "#ffffff", "#d9d9d9", "#b22222"


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one colour; None leaves a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across all bars: a target, or somebody else's figure."""

    at: float
    name: str


def bars(
    title: str,
    unit: str,
    labels: Sequence[str],
    series: Sequence[Series],
    limits: Sequence[Limit] = (),
) -> str:
    """Groups of horizontal bars under each other, one group a label."""
    group = len(series) * (BAR + GAP) + GROUP_GAP
    top = TOP + 14 * len(limits)
    height = top + group * len(labels) + BOTTOM
    most = max(
        [abs(v) for s in series for v in s.values if v is not None] + [line.at for line in limits],
        default=1.0,
    )
    step = _step(most)
    most = step * -(-most // step) or 1.0
    scale = WIDTH / most
    parts = [_text(10, 20, title, size=15, weight="bold"), *_legend(series)]
    ticks = round(most / step)
    for tick in range(ticks + 1):
        x = LEFT + tick * step * scale
        parts.append(_line(x, top, x, height - BOTTOM, GRID))
        parts.append(_text(x, height - BOTTOM + 15, f"{tick * step:g}", anchor="middle"))
    parts.append(_text(LEFT + WIDTH / 2, height - 5, unit, anchor="middle"))
    for place, label in enumerate(labels):
        y = top + place * group + GROUP_GAP / 2
        middle = y + 0.5 * (group - GROUP_GAP) + 3
        parts.append(_text(LEFT - 8, middle, label, anchor="end"))
        for number, one in enumerate(series):
            value = one.values[place]
            if value is not None:
                parts += _bar(y + number * (BAR + GAP), value, scale, COLOURS[number])
    for number, line in enumerate(limits):
        x = LEFT + line.at * scale
        parts.append(_line(x, top - 4, x, height - BOTTOM, LIMIT, dashed=True))
        parts.append(_text(x - 4, top - 8 - 14 * number, line.name, anchor="end", colour=LIMIT))
    return _svg(LEFT + WIDTH + RIGHT, height, parts, title)


def _step(most: float) -> float:
    """A round number that divides the axis into four to ten parts."""
    size = 1e-3
    while True:
        for factor in (1.0, 2.0, 5.0):
            if most / (factor * size) <= 8.0:
                return factor * size
        size *= 10.0


def _legend(series: Sequence[Series]) -> list[str]:
    if len(series) < 2:
        return []
    parts, x = [], 10.0
    for number, one in enumerate(series):
        parts.append(f'<rect x="{x:g}" y="30" width="10" height="10" fill="{COLOURS[number]}"/>')
        parts.append(_text(x + 14, 39, one.name))
        x += 34 + 6.6 * len(one.name)
    return parts


def _bar(y: float, value: float, scale: float, colour: str) -> list[str]:
    length = abs(value) * scale
    return [
        f'<rect x="{LEFT}" y="{y:.1f}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>',
        _text(LEFT + length + 4, y + BAR - 3, f"{value:g}", size=11),
    ]


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{dash}/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    size: int = 12,
    weight: str = "normal",
    colour: str = INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, parts: Sequence[str], title: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" role="img">'
    )
    paper = f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", paper, *parts, "</svg>"]) + "\n"


def labels_of(table: Table, *columns: int) -> list[str]:
    """Rows' names from their first cells."""
    return [" ".join(str(row[column]) for column in columns or (0,)) for row in table.rows]


def numbers(table: Table, head: str, absolute: bool = False) -> list[float | None]:
    """A column as bars."""
    cells = [None if isinstance(cell, str) else cell for cell in table.column(head)]
    return [abs(cell) if absolute and cell is not None else cell for cell in cells]
