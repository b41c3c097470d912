# SPDX-License-Identifier: GPL-3.0-or-later
"""A box to choose from, in the window's own style."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox

from dashboard import theme
from dashboard.widgets.fitting_text import draw_fitted


class ChoiceBox(QComboBox):
    """As wide as what is chosen, with the arrow that a style sheet takes away."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802 (Qt's name)
        super().paintEvent(e)
        painter = QPainter(self)
        size = self.font().pixelSize()
        place = QRectF(self.width() - 1.5 * size, 0.0, 1.2 * size, self.height())
        ink = theme.TEXT if self.isEnabled() else theme.STALE
        arrow = "\N{BLACK DOWN-POINTING SMALL TRIANGLE}"
        draw_fitted(painter, place, arrow, ink, most_px=round(1.2 * size))
