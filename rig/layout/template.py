# SPDX-License-Identifier: GPL-3.0-or-later
"""The sensor template of a pair of insoles, to be printed at full size and laid under the insole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.errors import SettingsError
from rig.layout.drawing import Circle, Line, Mark, Page, Text
from rig.layout.foot import Float64, Foot, foot_length_mm, foot_outline, foot_width_mm
from rig.layout.insole import PAD_DIAMETER_MM, SENSOR_NAMES, insole_layout
from rig.layout.tails import tail_directions

SMALLEST_EU, LARGEST_EU = 35.0, 48.0
A4_MM = (210.0, 297.0)
A3_MM = (297.0, 420.0)
PAPER_MARGIN_MM = 6.0
"""Most printers leave at most so much blank (approximate)."""
SEAM_MM = 3.0
"""From the foot's outline to the cutting line (design choice)."""
RIM_DIAMETER_MM = 18.28
"""Outer diameter of an FSR 402 (Interlink data sheet)."""
TAIL_MM = 18.0
OVERLAP_MM = 30.0
RULER_MM = 100


@dataclass(frozen=True, slots=True)
class Template:
    """`pages` for A4, one foot (or half of a big one) a page; `sheet` holds both feet."""

    pages: tuple[Page, ...]
    sheet: Page


def insole_template(shoe_size_eu: float) -> Template:
    """Both feet seen from above, toes up.

    Raises
    ------
    SettingsError
        A size outside EU 35 to 48.
    """
    if not SMALLEST_EU <= shoe_size_eu <= LARGEST_EU:
        raise SettingsError(
            f"Templates are made for EU {SMALLEST_EU:g} to {LARGEST_EU:g}, not {shoe_size_eu:g}; check "
            "the size."
        )
    length_mm = foot_length_mm(shoe_size_eu)
    pages = [page for foot in Foot for page in _a4_pages(foot, shoe_size_eu, length_mm)]
    return Template(tuple(pages), _sheet(shoe_size_eu, length_mm))


def _a4_pages(foot: Foot, size: float, length_mm: float) -> list[Page]:
    width_mm, height_mm = A4_MM
    middle_mm = PAPER_MARGIN_MM - _leftmost_mm(_foot(foot, length_mm, 0.0, 0.0))
    column_mm = middle_mm + 0.49 * foot_width_mm(length_mm) + SEAM_MM + 6.0
    name = foot.name.lower()
    title = f"Solerig insole template, EU {size:g}, {name} foot"
    words = [*_words(foot, size, length_mm, column_mm, 262.0), *_ruler(column_mm + 45.0, 20.0)]
    heel_mm = PAPER_MARGIN_MM + SEAM_MM
    if length_mm + 2.0 * heel_mm <= height_mm:
        return [
            Page(width_mm, height_mm, title, (*_foot(foot, length_mm, middle_mm, heel_mm), *words))
        ]
    seam_mm = 0.55 * length_mm
    parts = []
    for part, shift_mm in (("heel", heel_mm), ("toes", height_mm - heel_mm - length_mm)):
        line_mm = seam_mm + shift_mm
        low, high = (0.0, line_mm + OVERLAP_MM) if part == "heel" else (line_mm, height_mm)
        join = [
            Line(((PAPER_MARGIN_MM, line_mm), (column_mm - 4.0, line_mm)), 0.2, dashed=True),
            Text(column_mm, line_mm, "join: cut the toe page here and", 2.6),
            Text(column_mm, line_mm - 4.0, "lay it on this line of the heel page", 2.6),
        ]
        parts.append(
            Page(
                width_mm,
                height_mm,
                f"{title}, {part} half",
                (*words, *join, Text(column_mm, 270.0, f"{part} half", 4.0)),
                tuple(_foot(foot, length_mm, middle_mm, shift_mm)),
                (0.0, low, column_mm - 3.0, high - low),
            )
        )
    return parts


def _sheet(size: float, length_mm: float) -> Page:
    width_mm, height_mm = A3_MM
    heel_mm = 70.0
    half_mm = 0.49 * foot_width_mm(length_mm) + SEAM_MM
    marks: list[Mark] = []
    for foot, middle_mm in ((Foot.LEFT, 20.0 + half_mm), (Foot.RIGHT, width_mm - 20.0 - half_mm)):
        marks += _foot(foot, length_mm, middle_mm, heel_mm)
        name = f"{foot.name.lower()} foot"
        marks.append(Text(middle_mm, heel_mm - 12.0, name, 5.0, "middle"))
    marks += _words(None, size, length_mm, 20.0, 48.0)
    marks += _ruler(width_mm - 30.0 - RULER_MM, 30.0, upright=False)
    return Page(width_mm, height_mm, f"Solerig insole template, EU {size:g}", tuple(marks))


def _foot(foot: Foot, length_mm: float, middle_mm: float, heel_mm: float) -> list[Mark]:
    """One foot with its long bisector at x = `middle_mm` and its heel at y = `heel_mm`."""
    side = 1.0 if foot == Foot.RIGHT else -1.0
    shift = np.array([middle_mm, heel_mm])
    scale = np.array([side * foot_width_mm(length_mm), length_mm])
    outline = foot_outline(60) * scale
    marks: list[Mark] = [
        Line(_points(outline + shift), 0.2, closed=True, dashed=True),
        Line(_points(_grown(outline, SEAM_MM) + shift), 0.5, closed=True),
    ]
    tails = tail_directions(length_mm) * np.array([side, 1.0])
    places = insole_layout(length_mm).place_mm[foot] + shift
    for channel, (place, tail) in enumerate(zip(places, tails, strict=True)):
        marks += _pad(foot, channel, place, tail)
    return marks


def _leftmost_mm(marks: list[Mark]) -> float:
    """Of a foot's lines: the left foot's tails point farther out than its cutting line."""
    return min(x for mark in marks if isinstance(mark, Line) for x, _ in mark.points)


def _pad(foot: Foot, channel: int, place: Float64, tail: Float64) -> list[Mark]:
    x, y = float(place[0]), float(place[1])
    radius = 0.5 * PAD_DIAMETER_MM
    across = np.array([-tail[1], tail[0]])
    end = place + tail * TAIL_MM
    head = (end - tail * 3.0 + across * 1.5, end, end - tail * 3.0 - across * 1.5)
    return [
        Circle(x, y, radius, 0.4, name=f"{foot.name[0]}_{SENSOR_NAMES[channel]}"),
        Circle(x, y, 0.5 * RIM_DIAMETER_MM, 0.15, dashed=True),
        Line(((x - 1.0, y), (x + 1.0, y)), 0.2),
        Line(((x, y - 1.0), (x, y + 1.0)), 0.2),
        Line(_points(np.stack((place + tail * radius, end))), 0.3),
        Line(_points(np.stack(head)), 0.3),
        Text(x, y + 1.8, SENSOR_NAMES[channel], 3.0, "middle"),
        Text(x, y - 4.2, f"C{channel}", 2.6, "middle"),
    ]


def _grown(outline: Float64, by_mm: float) -> Float64:
    """The outline moved outwards along its normals; (n, 2), closed."""
    along = np.roll(outline, -1, axis=0) - np.roll(outline, 1, axis=0)
    normal = np.column_stack((along[:, 1], -along[:, 0]))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    x, y = outline.T
    turned_left = float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) > 0.0
    return outline + normal * (by_mm if turned_left else -by_mm)


def _words(
    foot: Foot | None, size: float, length_mm: float, x_mm: float, top_mm: float
) -> list[Mark]:
    which = "both feet" if foot is None else f"{foot.name.lower()} foot"
    lines = (
        f"EU {size:g}, {which}, seen from above",
        f"foot {length_mm:.0f} x {foot_width_mm(length_mm):.0f} mm",
        "Print at 100 % (no fit to page).",
        "Check: the ruler is 100 mm long.",
        "Full line: cut here, then trim to the shoe.",
        "Dashed line: the foot.",
        "Circle 12.7 mm: the sensor's active disc;",
        "dashed circle: its rim. Arrow: its tail.",
        "C0-C15: the multiplexer's channel.",
    )
    title = Text(x_mm, top_mm, lines[0], 4.0)
    rest = [Text(x_mm, top_mm - 5.0 * n, line, 2.8) for n, line in enumerate(lines[1:], start=1)]
    return [title, *rest]


def _ruler(x_mm: float, y_mm: float, *, upright: bool = True) -> list[Mark]:
    def at(along: float, across: float) -> tuple[float, float]:
        return (x_mm + across, y_mm + along) if upright else (x_mm + along, y_mm + across)

    marks: list[Mark] = [Line((at(0.0, 0.0), at(float(RULER_MM), 0.0)), 0.3)]
    for tick in range(0, RULER_MM + 1, 5):
        marks.append(Line((at(tick, 0.0), at(tick, 4.0 if tick % 10 == 0 else 2.0)), 0.2))
        if tick % 50 == 0:
            marks.append(Text(*at(tick, 5.0), f"{tick} mm", 2.6))
    return marks


def _points(xy: Float64) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in xy)
