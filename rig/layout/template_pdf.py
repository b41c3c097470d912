# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn pages as PDF 1.7, asking viewers not to scale when printing.

Written by hand: lines, circles and a standard font need no library. The content is in millimetres
under one scale, uncompressed, so that it can be read.
"""

from __future__ import annotations

from collections.abc import Sequence

from rig.layout.drawing import Circle, Line, Mark, Page, Text

POINTS_A_MM = 72.0 / 25.4
_ARC = 0.5522847498
"""Handle length of a quarter circle as a Bezier curve, 4/3 (sqrt 2 - 1)."""
_LETTER_WIDTH = 0.52
"""Mean advance of Helvetica in heights, to centre short words (approximate)."""


def pdf_bytes(pages: Sequence[Page]) -> bytes:
    """The whole file; text must be ASCII."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        width, height = page.width_mm * POINTS_A_MM, page.height_mm * POINTS_A_MM
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        content = _content(page)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _file(objects)


def _file(objects: Sequence[str]) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    tail = (
        f"xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    return out + tail.encode("ascii")


def _content(page: Page) -> str:
    scale = f"{POINTS_A_MM:.6f} 0 0 {POINTS_A_MM:.6f} 0 0 cm"
    marks = [_mark(mark) for mark in page.marks]
    if page.clipped:
        x, y, width, height = page.clip_mm
        clip = f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n"
        marks = ["q", clip, *(_mark(mark) for mark in page.clipped), "Q", *marks]
    return "\n".join((scale, *marks))


def _mark(mark: Mark) -> str:
    match mark:
        case Line():
            start, *rest = [f"{x:.3f} {y:.3f}" for x, y in mark.points]
            path = [f"{start} m", *(f"{point} l" for point in rest)]
            return f"{_pen(mark)} {' '.join(path)} {'s' if mark.closed else 'S'}"
        case Circle():
            return f"{_pen(mark)} {_circle(mark)} s"
        case Text():
            width = len(mark.text) * _LETTER_WIDTH * mark.height_mm
            x = mark.x_mm - (0.5 * width if mark.anchor == "middle" else 0.0)
            letters = mark.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            return f"BT /F1 {mark.height_mm:g} Tf {x:.3f} {mark.y_mm:.3f} Td ({letters}) Tj ET"


def _pen(mark: Line | Circle) -> str:
    return f"{mark.width_mm:g} w {'[2 1.5]' if mark.dashed else '[]'} 0 d"


def _circle(mark: Circle) -> str:
    x, y, r = mark.x_mm, mark.y_mm, mark.radius_mm
    h = _ARC * r
    quarters = (
        (x + r, y + h, x + h, y + r, x, y + r),
        (x - h, y + r, x - r, y + h, x - r, y),
        (x - r, y - h, x - h, y - r, x, y - r),
        (x + h, y - r, x + r, y - h, x + r, y),
    )
    curves = " ".join(" ".join(f"{v:.3f}" for v in q) + " c" for q in quarters)
    return f"{x + r:.3f} {y:.3f} m {curves}"
