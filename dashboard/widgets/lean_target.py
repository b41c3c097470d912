# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of stability: the middle, the target, and where the person is."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from dashboard import theme
from rig.balance.target import LeanNow

TARGET_MM, HERE_MM = 12.0, 7.0
FIELD_MM = 170.0
"""From the middle to the edge: beyond the target of a person of two metres."""


class LeanTarget(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Target of the lean")
        self._lean: LeanNow | None = None

    def show_lean(self, lean: LeanNow | None) -> None:
        if lean != self._lean:
            self._lean = lean
            said = "" if lean is None else f"{lean.along_percent:.0f} % of the way"
            self.setAccessibleDescription(said)
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        if self._lean is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(min(self.width(), self.height()))
        middle = QPointF(0.5 * self.width(), 0.5 * self.height())
        per_mm = 0.5 * side / FIELD_MM
        square = QRectF(middle.x() - 0.5 * side, middle.y() - 0.5 * side, side, side)
        painter.fillRect(square, QColor(theme.FIELD))

        def at(place_mm: tuple[float, float]) -> QPointF:
            return QPointF(middle.x() + place_mm[0] * per_mm, middle.y() - place_mm[1] * per_mm)

        target, here = at(self._lean.target_mm), at(self._lean.cop_mm)
        painter.setPen(QPen(QColor(theme.STALE), 2.0, Qt.PenStyle.DashLine))
        painter.drawLine(middle, target)
        painter.drawEllipse(middle, TARGET_MM * per_mm, TARGET_MM * per_mm)
        painter.setPen(QPen(QColor(theme.ACCENT), 4.0))
        painter.drawEllipse(target, TARGET_MM * per_mm, TARGET_MM * per_mm)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.COP))
        painter.drawEllipse(here, HERE_MM * per_mm, HERE_MM * per_mm)
