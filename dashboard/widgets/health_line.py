# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the sensors are believed, in plain words; two lines are always kept for them."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.health_model import HealthNote
from dashboard.widgets.fitting_text import draw_wrapped

_MARKS = {"good": "\N{CHECK MARK}", "warning": "\N{WARNING SIGN}", "bad": "\N{WARNING SIGN}"}
_INK = {"good": theme.TEXT_DIM, "warning": theme.WARNING, "bad": theme.TEXT}
_FILL = {"good": theme.PANEL, "warning": theme.FIELD, "bad": theme.MESSAGE_FILL["problem"]}


class HealthLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Health of the sensors")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._note = HealthNote()

    def show_note(self, note: HealthNote) -> None:
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(note.sentence)
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        whole = QRectF(self.rect())
        painter.fillRect(whole, QColor(_FILL[self._note.state]))
        text = f"{_MARKS[self._note.state]}  {self._note.sentence}"
        draw_wrapped(
            painter,
            whole.adjusted(4, 0, -4, 0),
            text,
            _INK[self._note.state],
            most_px=self.font().pixelSize(),
            least_px=theme.SMALLEST_TEXT_PX,
        )
