# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawn page as SVG whose units are millimetres."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from rig.layout.drawing import Circle, Line, Mark, Page, Text


def svg_text(page: Page) -> str:
    """One SVG file; a circle's name is its id. The page must not be a clipped one."""
    size = f'width="{page.width_mm:g}mm" height="{page.height_mm:g}mm"'
    box = f'viewBox="0 0 {page.width_mm:g} {page.height_mm:g}"'
    body = "\n".join(_mark(mark, page.height_mm) for mark in page.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>\n'
        f"<title>{escape(page.title)}</title>\n"
        '<rect width="100%" height="100%" fill="white"/>\n'
        '<g fill="none" stroke="black" font-family="Helvetica, Arial, sans-serif">\n'
        f"{body}\n</g>\n</svg>\n"
    )


def _mark(mark: Mark, height_mm: float) -> str:
    match mark:
        case Line():
            kind = "polygon" if mark.closed else "polyline"
            points = " ".join(f"{x:.3f},{height_mm - y:.3f}" for x, y in mark.points)
            return f'<{kind} points="{points}"{_stroke(mark)}/>'
        case Circle():
            name = f" id={quoteattr(mark.name)}" if mark.name else ""
            place = (
                f'cx="{mark.x_mm:.3f}" cy="{height_mm - mark.y_mm:.3f}" r="{mark.radius_mm:.3f}"'
            )
            return f"<circle{name} {place}{_stroke(mark)}/>"
        case Text():
            place = f'x="{mark.x_mm:.3f}" y="{height_mm - mark.y_mm:.3f}"'
            look = f'font-size="{mark.height_mm:g}" text-anchor="{mark.anchor}"'
            return f'<text {place} {look} fill="black" stroke="none">{escape(mark.text)}</text>'


def _stroke(mark: Line | Circle) -> str:
    dash = ' stroke-dasharray="2 1.5"' if mark.dashed else ""
    return f' stroke-width="{mark.width_mm:g}"{dash}'
