# SPDX-License-Identifier: GPL-3.0-or-later
"""The last cue as one big word with its sign and its side; between cues, what the sets said last."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.cue_model import CueKind, CuePicture
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped
from dashboard.widgets.signs import Sign, paint_sign

_SIGNS: dict[CueKind, Sign] = {
    "reward": "disc",
    "hint": "ring",
    "warning": "triangle",
    "fault": "octagon",
}
_ARROWS = {
    "LEFT": "\N{BLACK LEFT-POINTING TRIANGLE} LEFT",
    "RIGHT": "RIGHT \N{BLACK RIGHT-POINTING TRIANGLE}",
}


class CueBanner(QWidget):
    """A left foot's cue names its side at the left end, a right foot's at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Cue")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._cue: CuePicture | None = None
        self._words = ""

    @property
    def cue(self) -> CuePicture | None:
        return self._cue

    @property
    def words(self) -> str:
        return self._words

    def show_cue(self, cue: CuePicture | None, words: str) -> None:
        """`words` where no cue is due."""
        if (cue, words) != (self._cue, self._words):
            self._cue, self._words = cue, words
            said = words if cue is None else f"{cue.kind}: {cue.word} {cue.side.lower()}"
            self.setAccessibleDescription(said.strip())
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.CUE_FILL[self._cue.kind] if self._cue else theme.FIELD))
        painter.drawRoundedRect(whole, 8, 8)
        if self._cue is None:
            size = self.font().pixelSize()
            place = whole.adjusted(0.6 * size, 2.0, -0.6 * size, -2.0)
            most, least = round(1.4 * size), theme.SMALLEST_TEXT_PX
            if self._words:
                draw_wrapped(painter, place, self._words, theme.TEXT, most_px=most, least_px=least)
            return
        self._paint_cue(painter, whole, self._cue)

    def _paint_cue(self, painter: QPainter, whole: QRectF, cue: CuePicture) -> None:
        ink, fill = theme.CUE_INK[cue.kind], theme.CUE_FILL[cue.kind]
        margin, end = 0.12 * whole.height(), 0.17 * whole.width()
        inner = whole.adjusted(2 * margin, margin, -2 * margin, -margin)
        for side, left in (("LEFT", inner.left()), ("RIGHT", inner.right() - end)):
            if cue.side == side:
                place = QRectF(left, inner.top(), end, inner.height())
                draw_fitted(painter, place, _ARROWS[side], ink, bold=True)
        left, right = (end if cue.side == side else 0.0 for side in ("LEFT", "RIGHT"))
        middle = inner.adjusted(left, 0.0, -right, 0.0)
        sign = QRectF(middle.left(), middle.top(), middle.height(), middle.height())
        paint_sign(painter, sign, _SIGNS[cue.kind], ink, fill)
        word = middle.adjusted(sign.width() + 2 * margin, -margin, 0.0, margin)
        draw_fitted(painter, word, cue.word, ink, bold=True, align=Qt.AlignmentFlag.AlignLeft)
