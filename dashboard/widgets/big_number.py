# SPDX-License-Identifier: GPL-3.0-or-later
"""One figure with its title and unit, to be read from two metres."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.undefined import UNDEFINED
from dashboard.widgets.fitting_text import draw_fitted, fitting_font


class BigNumber(QWidget):
    """`shape` is the widest figure expected: digits keep their size while the figure changes."""

    def __init__(self, name: str, shape: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._shape = shape
        self._title, self._unit, self._text = name, "", UNDEFINED
        self._stale = False

    @property
    def text(self) -> str:
        return self._text

    @property
    def digit_height_px(self) -> float:
        """Height of a painted digit, for the promise of two metres."""
        font = fitting_font(self.font(), self._widest(), self._digits_place(), bold=True)
        return QFontMetricsF(font).capHeight()

    def show_value(self, title: str, text: str, unit: str, *, stale: bool = False) -> None:
        shown = (title, text, unit, stale)
        if shown == (self._title, self._text, self._unit, self._stale):
            return
        self._title, self._text, self._unit, self._stale = shown
        self.setAccessibleDescription(f"{title}: {text} {unit}")
        self.update()

    def _widest(self) -> str:
        return self._shape if len(self._text) <= len(self._shape) else self._text

    def _line_height(self) -> float:
        return 1.7 * self.font().pixelSize()

    def _digits_place(self) -> QRectF:
        line = self._line_height()
        return QRectF(self.rect()).adjusted(6.0, 0.75 * line, -6.0, -0.75 * line)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        whole, line = QRectF(self.rect()), self._line_height()
        small = round(1.25 * self.font().pixelSize())
        title = QRectF(whole.left(), whole.top(), whole.width(), line)
        unit = QRectF(whole.left(), whole.bottom() - line, whole.width(), line)
        draw_fitted(painter, title, self._title, theme.TEXT_DIM, most_px=small)
        draw_fitted(painter, unit, self._unit, theme.TEXT_DIM, most_px=small)
        place = self._digits_place()
        most = fitting_font(self.font(), self._widest(), place, bold=True).pixelSize()
        dim = self._stale or self._text == UNDEFINED
        ink = theme.STALE if dim else theme.TEXT
        draw_fitted(painter, place, self._text, ink, most_px=most, bold=True)
