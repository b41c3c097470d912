# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys, and what this program is for, over the whole window until it is put away."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from dashboard import theme
from dashboard.widgets.fitting_text import draw_fitted
from rig import __version__

KEYS = (
    ("Space", "start or stop recording"),
    ("M", "set a marker"),
    ("T", "tare: take the empty insoles as zero, both feet lifted"),
    ("W", "weigh: scale the forces to the body weight"),
    ("D", "next drill"),
    ("P", "pain: stop everything at once"),
    ("E", "end the set"),
    ("G", "go on: what must be said before a drill was read"),
    ("I", "who practises: a pseudonym, so that sets are kept"),
    ("N", "tones of the cues: on, soft, off"),
    ("B", "balance tests"),
    ("S", "choose a source: board, port, simulation, recording"),
    ("Tab, Enter", "go to the next control, press it"),
    ("F11", "full screen"),
    ("F1 or ?", "this help; Esc puts it away"),
)
ABOUT = (
    f"Solerig {__version__}. Technique feedback and research use. Not a medical device;",
    "not for diagnosis, treatment decisions or fall-risk prediction.",
    "Low-cost sensors, not verified against a force plate. Stop on pain.",
)


class HelpOverlay(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Help")
        self.setAccessibleDescription(
            "; ".join(f"{key}: {what}" for key, what in KEYS) + ". " + " ".join(ABOUT)
        )
        self.hide()

    def toggle(self) -> None:
        self.cover()
        self.setVisible(not self.isVisible())
        self.raise_()

    def cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        self.hide()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(8, 10, 13, 200))
        size = self.font().pixelSize()
        line = 2.3 * size
        width = min(0.8 * self.width(), 46.0 * size)
        height = line * (len(KEYS) + len(ABOUT) + 2.5)
        left, top = 0.5 * (self.width() - width), 0.5 * (self.height() - height)
        board = QRectF(left, top, width, height).adjusted(-2 * line, -line, line, line)
        painter.fillRect(board, QColor(theme.PANEL))
        align = Qt.AlignmentFlag.AlignLeft
        head = QRectF(left, top, width, 1.4 * line)
        draw_fitted(painter, head, "Keys", theme.TEXT, most_px=2 * size, bold=True, align=align)
        top += 1.5 * line
        most = round(1.25 * size)
        for key, what in KEYS:
            place = QRectF(left, top, 8.0 * size, line)
            draw_fitted(painter, place, key, theme.ACCENT, most_px=most, bold=True, align=align)
            place = QRectF(left + 8.0 * size, top, width - 8.0 * size, line)
            draw_fitted(painter, place, what, theme.TEXT, most_px=most, align=align)
            top += line
        top += 0.5 * line
        for text in ABOUT:
            place = QRectF(left, top, width, 0.8 * line)
            draw_fitted(painter, place, text, theme.TEXT_DIM, most_px=size, align=align)
            top += 0.8 * line
