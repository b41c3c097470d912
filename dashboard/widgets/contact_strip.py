# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact strip: per foot a light band while it stands, ball and heel in their colours."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.contact_strip_model import ContactStrip, HeelMark, Lane
from dashboard.widgets.fitting_text import draw_fitted
from dashboard.widgets.time_axis import NAMES_WIDTH, RIGHT_MARGIN
from rig.layout import Foot

_LANES: tuple[tuple[Lane, str], ...] = (("ball", theme.BALL), ("heel", theme.HEEL))


class ContactStripView(QWidget):
    """Paints spans straight from the model: what was decided late appears at its true place."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Contact strip, last ten seconds")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._strip = ContactStrip()
        self._marker_ages_s: list[float] = []
        self._stale = True

    def show_strip(self, strip: ContactStrip, marker_times_s: list[float], *, stale: bool) -> None:
        self._strip, self._stale = strip, stale
        self._marker_ages_s = [t_s - strip.newest_t_s for t_s in marker_times_s]
        self.update()

    def time_place(self) -> QRectF:
        """Where the ten seconds are painted."""
        size = self.font().pixelSize()
        left = round(NAMES_WIDTH * size)
        right = round(RIGHT_MARGIN * size)
        return QRectF(left, 0.0, self.width() - left - right, self.height())

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        place = self.time_place()
        half = 0.5 * place.height()
        for foot in Foot:
            lane_place = QRectF(place.left(), foot * half + 1.5, place.width(), half - 3.0)
            self._paint_foot(painter, lane_place, foot)
        for mark in self._strip.heel_marks:
            self._paint_heel_mark(painter, place, mark)
        for age_s in self._marker_ages_s:
            x = self._x(place, max(age_s, -self._strip.window_s))
            painter.fillRect(QRectF(x - 1.0, 0.0, 2.0, self.height()), QColor(theme.MARKER))

    def _x(self, place: QRectF, age_s: float) -> float:
        return place.right() + age_s / self._strip.window_s * place.width()

    def _paint_foot(self, painter: QPainter, place: QRectF, foot: Foot) -> None:
        size = self.font().pixelSize()
        painter.fillRect(place, QColor(theme.FIELD))
        ink = QColor(theme.STALE if self._stale else theme.FOOT)
        for start, end in self._strip.painted(foot, "foot"):
            x = self._x(place, start)
            painter.fillRect(QRectF(x, place.top(), self._x(place, end) - x, place.height()), ink)
        lane_height = place.height() / len(_LANES)
        for row, (lane, colour) in enumerate(_LANES):
            top = place.top() + row * lane_height
            ink = QColor(theme.STALE if self._stale else colour)
            for start, end in self._strip.painted(foot, lane):
                x = self._x(place, start)
                width = max(self._x(place, end) - x, 1.0)
                painter.fillRect(QRectF(x, top + 2.0, width, lane_height - 4.0), ink)
            name = QRectF(0.9 * size, top, place.left() - 1.3 * size, lane_height)
            align = Qt.AlignmentFlag.AlignRight
            draw_fitted(painter, name, lane, theme.TEXT_DIM, most_px=size - 1, align=align)
        letter = QRectF(0.0, place.top(), 1.4 * size, place.height())
        most = round(1.3 * size)
        draw_fitted(painter, letter, foot.name[0], theme.TEXT, most_px=most, bold=True)

    def _paint_heel_mark(self, painter: QPainter, place: QRectF, mark: HeelMark) -> None:
        """A triangle on the heel's lane; red when loaded, amber when brushed."""
        x = self._x(place, max(mark.t_s - self._strip.newest_t_s, -self._strip.window_s))
        bottom = (mark.foot + 1) * 0.5 * place.height() - 2.0
        tall = 0.22 * place.height()
        triangle = QPolygonF(
            [
                QPointF(x, bottom - tall),
                QPointF(x - 0.6 * tall, bottom),
                QPointF(x + 0.6 * tall, bottom),
            ]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.FIELD))
        painter.setBrush(QColor(theme.BAD if mark.load else theme.WARNING))
        painter.drawPolygon(triangle)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
