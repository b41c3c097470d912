# SPDX-License-Identifier: GPL-3.0-or-later
"""What the map's colours mean, in kPa."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.widgets.fitting_text import draw_fitted
from dashboard.widgets.foot_map import map_colours


class ColourScale(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Colour scale, kilopascals on a pad")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._top_kpa = 0.0
        table = map_colours()[1:]
        self._pixels = table.tobytes()
        self._strip = QImage(self._pixels, len(table), 1, QImage.Format.Format_RGBA8888)

    def show_top(self, top_kpa: float) -> None:
        if top_kpa != self._top_kpa:
            self._top_kpa = top_kpa
            self.setAccessibleDescription(f"0 to {top_kpa:.0f} kPa")
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        size = self.font().pixelSize()
        whole = QRectF(self.rect())
        left = QRectF(whole.left(), whole.top(), 1.5 * size, whole.height())
        right = QRectF(whole.right() - 5.0 * size, whole.top(), 5.0 * size, whole.height())
        bar = QRectF(left.right(), whole.top() + 3, right.left() - left.right(), whole.height() - 6)
        painter.drawImage(bar.adjusted(4, 0, -4, 0), self._strip)
        align = Qt.AlignmentFlag.AlignLeft
        draw_fitted(painter, left, "0", theme.TEXT_DIM, most_px=size, align=align)
        text = f"{self._top_kpa:.0f} kPa"
        draw_fitted(painter, right, text, theme.TEXT_DIM, most_px=size, align=align)
