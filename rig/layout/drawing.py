# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of lines, circles and words in millimetres, before it is written as SVG or PDF.

Origin at the lower left corner, x to the right, y up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle"]


@dataclass(frozen=True, slots=True)
class Line:
    points: tuple[tuple[float, float], ...]
    width_mm: float = 0.3
    closed: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """`name` is kept where the format has room for it."""

    x_mm: float
    y_mm: float
    radius_mm: float
    width_mm: float = 0.3
    dashed: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    x_mm: float
    y_mm: float
    text: str
    height_mm: float = 3.0
    anchor: Anchor = "start"


Mark = Line | Circle | Text


@dataclass(frozen=True, slots=True)
class Page:
    """`clip_mm`: only what lies within (x, y, width, height) of `clipped` is shown; `marks` always."""

    width_mm: float
    height_mm: float
    title: str
    marks: tuple[Mark, ...]
    clipped: tuple[Mark, ...] = ()
    clip_mm: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
