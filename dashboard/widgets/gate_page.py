# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before a drill, over its figures: pain, a lock, or what must be read first."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dashboard import theme
from dashboard.coaching_model import Gate
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped
from dashboard.widgets.signs import Sign, paint_sign

_SIGNS: dict[str, Sign] = {"pain": "octagon", "locked": "ring", "caution": "triangle"}
_PAIN = "Everything is stopped. Go on only when somebody confirms that the pain is gone."
_LOCKED = "Until then this is free movement: it can be recorded, and is not coached."


class GatePage(QWidget):
    """A sign, a title and what can be done about it in one line; below, sentences as large as fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Before the drill")
        self._gate: Gate | None = None
        self._title, self._text = "", ""
        self.pain_is_gone = _button("The pain is gone...")
        self.confirm = _button("Confirm: no pain...")
        self.open_now = _button("Open it all the same...")
        self.understood = _button("Understood (G)")
        self._buttons = (self.confirm, self.open_now, self.pain_is_gone, self.understood)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in self._buttons:
            row.addWidget(button)
        column.addLayout(row)
        column.addStretch(1)

    @property
    def words(self) -> str:
        return f"{self._title}. {self._text}"

    def show_gate(self, gate: Gate, title: str, *, pain_free: bool) -> None:
        """`title` of the drill; `pain_free`: that was confirmed already."""
        words = {
            "pain": ("STOP: pain", (*gate.sentences, _PAIN)),
            "locked": (f"{title} is locked", (*gate.sentences, _LOCKED)),
            "caution": (f"Before {title}", gate.sentences),
        }
        heading, sentences = words[gate.kind]
        shown = (gate, heading, " ".join(sentences))
        if shown != (self._gate, self._title, self._text):
            self._gate, self._title, self._text = shown
            self.setAccessibleDescription(self.words)
            self.update()
        self.pain_is_gone.setVisible(gate.kind == "pain")
        self.confirm.setVisible(gate.kind == "locked" and not pain_free)
        self.open_now.setVisible(gate.kind == "locked")
        self.understood.setVisible(gate.kind == "caution")

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        if self._gate is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, size = theme.GATE_FILL[self._gate.kind], self.font().pixelSize()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        shown = [button.geometry() for button in self._buttons if not button.isHidden()]
        right = min(place.left() for place in shown) - size
        line = QRectF(shown[0])
        sign = QRectF(0.8 * size, line.top(), line.height(), line.height())
        paint_sign(painter, sign, _SIGNS[self._gate.kind], theme.TEXT, fill)
        left, align = sign.right() + 0.6 * size, Qt.AlignmentFlag.AlignLeft
        title = QRectF(left, line.top() - 2.0, right - left, line.height() + 4.0)
        draw_fitted(painter, title, self._title, theme.TEXT, bold=True, align=align)
        top = line.bottom() + 0.3 * size
        text = QRectF(size, top, self.width() - 2.0 * size, self.height() - top - 0.4 * size)
        most, least = round(1.9 * size), theme.SMALLEST_TEXT_PX
        draw_wrapped(painter, text, self._text, theme.TEXT, most_px=most, least_px=least)


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button
