# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs whose shape says what their colour says: disc, ring, triangle, octagon."""

from __future__ import annotations

import math
from typing import Literal

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from dashboard.widgets.fitting_text import draw_fitted

Sign = Literal["disc", "ring", "triangle", "octagon"]


def paint_sign(painter: QPainter, place: QRectF, sign: Sign, ink: str, fill: str) -> None:
    """As large as `place` allows, in its middle; what stands inside is painted in `fill`."""
    radius = 0.46 * min(place.width(), place.height())
    if sign == "ring":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(ink), 0.3 * radius))
        painter.drawEllipse(place.center(), 0.85 * radius, 0.85 * radius)
        return
    painter.setBrush(QColor(ink))
    painter.setPen(Qt.PenStyle.NoPen)
    if sign == "disc":
        painter.drawEllipse(place.center(), radius, radius)
        return
    painter.drawPolygon(_polygon(place.center(), radius, 3 if sign == "triangle" else 8))
    draw_fitted(painter, _inner(place, radius), "!", fill, bold=True)


def _polygon(centre: QPointF, radius: float, corners: int) -> QPolygonF:
    """Regular; a triangle stands on its side, an octagon on an edge."""
    start = -math.pi / 2 if corners == 3 else math.pi / 8
    turns = [start + 2 * math.pi * k / corners for k in range(corners)]
    return QPolygonF(
        [
            QPointF(centre.x() + radius * math.cos(a), centre.y() + radius * math.sin(a))
            for a in turns
        ]
    )


def _inner(place: QRectF, radius: float) -> QRectF:
    return QRectF(
        place.center().x() - radius, place.center().y() - 0.6 * radius, 2 * radius, 1.3 * radius
    )
