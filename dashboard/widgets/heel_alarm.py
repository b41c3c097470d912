# SPDX-License-Identifier: GPL-3.0-or-later
"""The heel alarm: colour, word and shape all say the same, so it is seen from anywhere."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.drill_model import ALARM_WORDS
from dashboard.undefined import UNDEFINED
from dashboard.widgets.fitting_text import draw_fitted
from dashboard.widgets.signs import Sign, paint_sign
from rig.contact.results import HeelTouch

NO_DATA = "no data"
NOT_WATCHED = "not watched yet"
_SIGNS: dict[HeelTouch, Sign] = {"none": "disc", "kiss": "triangle", "load": "octagon"}


class HeelAlarm(QWidget):
    """Disc: clear. Triangle: brushed. Octagon, the shape of a stop sign: loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Heel alarm")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._grade: HeelTouch | None = None
        self._silence = NO_DATA

    @property
    def grade(self) -> HeelTouch | None:
        """None while there is nothing to judge: no fresh data, or no heel is watched."""
        return self._grade

    @property
    def word(self) -> str:
        return ALARM_WORDS[self._grade].word if self._grade else UNDEFINED

    @property
    def sentence(self) -> str:
        return ALARM_WORDS[self._grade].sentence if self._grade else self._silence

    def show_grade(self, grade: HeelTouch | None, silence: str = NO_DATA) -> None:
        """`silence` says why there is no grade."""
        if (grade, silence) != (self._grade, self._silence):
            self._grade, self._silence = grade, silence
            self.setAccessibleDescription(self.sentence)
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = theme.ALARM_FILL[self._grade] if self._grade else theme.PANEL_EDGE
        ink = theme.ALARM_INK[self._grade] if self._grade else theme.TEXT_DIM
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(whole, 8, 8)
        line = 1.7 * self.font().pixelSize()
        small = round(1.25 * self.font().pixelSize())
        title = QRectF(whole.left(), whole.top(), whole.width(), line)
        foot = QRectF(whole.left(), whole.bottom() - line, whole.width(), line)
        draw_fitted(painter, title, "Heel", ink, most_px=small)
        draw_fitted(painter, foot, self.sentence, ink, most_px=small)
        middle = whole.adjusted(0.04 * whole.width(), line, -0.04 * whole.width(), -line)
        self._paint_shape_and_word(painter, middle, ink, fill)

    def _paint_shape_and_word(self, painter: QPainter, place: QRectF, ink: str, fill: str) -> None:
        sign_height = 0.46 * place.height()
        sign = QRectF(place.left(), place.top(), place.width(), sign_height)
        word = QRectF(place.left(), sign.bottom(), place.width(), place.height() - sign_height)
        if self._grade is not None:
            paint_sign(painter, sign, _SIGNS[self._grade], ink, fill)
        draw_fitted(painter, word, self.word, ink, bold=True)
