# SPDX-License-Identifier: GPL-3.0-or-later
"""A set at a glance: a mark for each repetition, and how it was by shape as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.set_model import Pip
from dashboard.widgets.signs import paint_sign


class SetPips(QWidget):
    """Disc: clean. Cross: not clean. Triangle: one too many. Dot: still being judged. Ring: to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Repetitions of the set")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._pips: tuple[Pip, ...] = ()

    @property
    def pips(self) -> tuple[Pip, ...]:
        return self._pips

    def show_pips(self, pips: Sequence[Pip]) -> None:
        if tuple(pips) != self._pips:
            self._pips = tuple(pips)
            self.setAccessibleDescription(" ".join(self._pips))
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        if not self._pips:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = min(1.0 * self.height(), self.width() / len(self._pips))
        for place, pip in enumerate(self._pips):
            centre = QPointF((place + 0.5) * step, 0.5 * self.height())
            _paint_pip(painter, centre, 0.36 * step, pip)


def _paint_pip(painter: QPainter, centre: QPointF, radius: float, pip: Pip) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if pip == "clean":
        painter.setBrush(QColor(theme.GOOD))
        painter.drawEllipse(centre, radius, radius)
    elif pip == "dirty":
        painter.setPen(QPen(QColor(theme.SEVERITY_INK["bad"]), 0.5 * radius))
        arm = 0.75 * radius
        for down in (arm, -arm):
            painter.drawLine(centre + QPointF(-arm, -down), centre + QPointF(arm, down))
    elif pip == "extra":
        place = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        paint_sign(painter, place, "triangle", theme.WARNING, theme.PANEL)
    elif pip == "pending":
        painter.setBrush(QColor(theme.TEXT_DIM))
        painter.drawEllipse(centre, 0.5 * radius, 0.5 * radius)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.STALE), 2.0))
        painter.drawEllipse(centre, 0.85 * radius, 0.85 * radius)
