# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before a drill, over its figures: pain, a lock, or what must be read first."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dashboard import theme
from dashboard.coaching_model import Gate
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped
from dashboard.widgets.signs import Sign, paint_sign

_SIGNS: dict[str, Sign] = {"pain": "octagon", "locked": "ring", "caution": "triangle"}
_PAIN = "Everything is stopped. Go on only when somebody confirms that the pain is gone."
_LOCKED = "Until then this is free movement: it can be recorded, and is not coached."


class GatePage(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Before the drill")
        self._gate: Gate | None = None
        self._title = ""
        self.board = _Board()
        self.pain_is_gone = _button("The pain is gone...")
        self.confirm = _button("Confirm: no pain...")
        self.open_now = _button("Open it all the same...")
        self.understood = _button("Understood (G)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.board, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.pain_is_gone, self.confirm, self.open_now, self.understood):
            row.addWidget(button)
        column.addLayout(row)

    @property
    def words(self) -> str:
        return f"{self._title}. {self.board.text}"

    def show_gate(self, gate: Gate, title: str, *, pain_free: bool) -> None:
        """`title` of the drill; `pain_free`: that was confirmed already."""
        if gate != self._gate or title not in self._title:
            self._gate = gate
            self._title = {
                "pain": "STOP: pain",
                "locked": f"{title} is locked",
                "caution": f"Before {title}",
            }[gate.kind]
            said = {"pain": (*gate.sentences, _PAIN), "locked": (*gate.sentences, _LOCKED)}
            self.board.show_words(
                gate.kind, self._title, " ".join(said.get(gate.kind, gate.sentences))
            )
            self.setAccessibleDescription(self.words)
        self.pain_is_gone.setVisible(gate.kind == "pain")
        self.confirm.setVisible(gate.kind == "locked" and not pain_free)
        self.open_now.setVisible(gate.kind == "locked")
        self.understood.setVisible(gate.kind == "caution")


class _Board(QWidget):
    """A sign, a title, and sentences as large as they fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._kind, self._title, self.text = "locked", "", ""

    def show_words(self, kind: str, title: str, text: str) -> None:
        self._kind, self._title, self.text = kind, title, text
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole, size = QRectF(self.rect()), self.font().pixelSize()
        fill = theme.GATE_FILL[self._kind]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(whole, 8, 8)
        inner = whole.adjusted(size, 0.5 * size, -size, -0.5 * size)
        head = QRectF(
            inner.left(), inner.top(), inner.width(), min(3.2 * size, 0.4 * inner.height())
        )
        sign = QRectF(head.left(), head.top(), head.height(), head.height())
        paint_sign(painter, sign, _SIGNS[self._kind], theme.TEXT, fill)
        title = head.adjusted(1.2 * head.height(), 0.0, 0.0, 0.0)
        draw_fitted(
            painter, title, self._title, theme.TEXT, bold=True, align=Qt.AlignmentFlag.AlignLeft
        )
        text = inner.adjusted(0.0, head.height(), 0.0, 0.0)
        draw_wrapped(
            painter,
            text,
            self.text,
            theme.TEXT,
            most_px=round(1.9 * size),
            least_px=theme.SMALLEST_TEXT_PX,
        )


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button
