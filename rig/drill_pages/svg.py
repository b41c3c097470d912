# SPDX-License-Identifier: GPL-3.0-or-later
"""The few marks that the drills' pictures are made of, as SVG text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from rig.layout.foot import Float64

INK, PAPER, GRID, FAULT, ZONE = "#1a1a1a", "#ffffff", "#d9d9d9", "#b22222", "#e6f4ea"
MOST_POINTS = 220


def text(
    x: float,
    y: float,
    said: str,
    *,
    anchor: str = "start",
    size: int = 12,
    bold: bool = False,
    colour: str = INK,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight} '
        f'fill="{colour}">{escape(said)}</text>'
    )


def line(
    x: float, y: float, to_x: float, to_y: float, colour: str, *, dash: str = "", width: float = 1.0
) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
    )


def triangle(x: float, y: float, colour: str, *, up: bool) -> str:
    """A filled one whose point is up, or an open one whose point is down, its base at `y`."""
    tip = y - 8.0 if up else y
    base = y if up else y - 8.0
    fill = colour if up else PAPER
    points = f"{x - 4.5:.1f},{base:.1f} {x + 4.5:.1f},{base:.1f} {x:.1f},{tip:.1f}"
    return f'<polygon points="{points}" fill="{fill}" stroke="{colour}"/>'


def curve(x: Float64, y: Float64, colour: str, *, dash: str = "") -> str:
    """A line through (n,) points, thinned out, with a gap wherever y is NaN."""
    kept = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(np.int64))
    drawn, parts = False, []
    for at_x, at_y in zip(x[kept].tolist(), y[kept].tolist(), strict=True):
        if np.isnan(at_y):
            drawn = False
            continue
        parts.append(f"{'L' if drawn else 'M'}{at_x:.1f},{at_y:.1f}")
        drawn = True
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{"".join(parts)}" fill="none" stroke="{colour}" stroke-width="1.6" '
        f'stroke-linejoin="round"{dashed}/>'
    )


def picture(width: int, height: int, parts: Sequence[str], title: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" role="img">'
    )
    paper = box(0, 0, width, height, PAPER)
    return "\n".join([head, f"<title>{escape(title)}</title>", paper, *parts, "</svg>"]) + "\n"
