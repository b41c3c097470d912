# SPDX-License-Identifier: GPL-3.0-or-later
"""Heel against ball of one foot, and the body weight's share on either foot, as bars."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from dashboard import theme
from dashboard.load_model import FootLoad, LoadFigures
from dashboard.undefined import UNDEFINED
from dashboard.widgets.fitting_text import draw_fitted
from rig.layout import Foot


def _percent(share: float) -> str:
    return UNDEFINED if math.isnan(share) else f"{100.0 * share:.0f} %"


def _newton(force_n: float) -> str:
    return UNDEFINED if math.isnan(force_n) else f"{force_n:.0f} N"


class HeelBallBars(QWidget):
    """Share of the foot's force: ball above, heel below, as the foot points forward."""

    def __init__(self, foot: Foot) -> None:
        super().__init__()
        self._name = foot.name.lower()
        self.setAccessibleName(f"Heel against ball, {self._name} foot")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._load, self._stale = FootLoad(), True

    def show_load(self, load: FootLoad, *, stale: bool) -> None:
        if (load, stale) != (self._load, self._stale):
            self._load, self._stale = load, stale
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        half = self.height() / 2.0
        for row, region in enumerate(("Ball", "Heel")):
            place = QRectF(0.0, row * half + 2.0, self.width(), half - 4.0)
            self._paint_row(painter, place, region)

    def _paint_row(self, painter: QPainter, place: QRectF, region: str) -> None:
        share, force_n, colour = self._row(region)
        size = self.font().pixelSize()
        name = QRectF(place.left(), place.top(), 2.7 * size, place.height())
        percent = QRectF(place.right() - 7.6 * size, place.top(), 3.3 * size, place.height())
        newton = QRectF(place.right() - 4.2 * size, place.top(), 4.2 * size, place.height())
        bar = QRectF(name.right(), place.top(), percent.left() - name.right(), place.height())
        painter.fillRect(bar, QColor(theme.FIELD))
        filled = 0.0 if math.isnan(share) else min(max(share, 0.0), 1.0)
        ink = theme.STALE if self._stale else colour
        painter.fillRect(
            QRectF(bar.left(), bar.top(), filled * bar.width(), bar.height()), QColor(ink)
        )
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        text_ink = theme.STALE if self._stale else theme.TEXT
        draw_fitted(painter, name, region, theme.TEXT_DIM, most_px=size, align=left)
        most = round(1.1 * size)
        draw_fitted(
            painter, percent, _percent(share), text_ink, most_px=most, bold=True, align=right
        )
        draw_fitted(painter, newton, _newton(force_n), text_ink, most_px=most, align=right)

    def _row(self, region: str) -> tuple[float, float, str]:
        """Share, force and colour."""
        if region == "Ball":
            return self._load.ball_share, self._load.ball_n, theme.BALL
        return self._load.heel_share, self._load.heel_n, theme.HEEL


class ShareBar(QWidget):
    """Body weight on the left and on the right foot; the tick in the middle is an even stance."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Body weight share, left and right")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._load, self._stale = LoadFigures(), True

    def show_share(self, load: LoadFigures, *, stale: bool) -> None:
        if (load, stale) != (self._load, self._stale):
            self._load, self._stale = load, stale
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 (Qt's name)
        painter = QPainter(self)
        size = self.font().pixelSize()
        text_width = 6.0 * size
        whole = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        bar = whole.adjusted(text_width, 0, -text_width, 0)
        painter.fillRect(bar, QColor(theme.FIELD))
        share = self._load.share_left
        if math.isfinite(share):
            share = min(max(share, 0.0), 1.0)
            split = bar.left() + (1.0 - share) * bar.width()
            fill = QColor(theme.STALE if self._stale else theme.ACCENT)
            middle = bar.center().x()
            painter.fillRect(
                QRectF(min(split, middle), bar.top(), abs(split - middle), bar.height()), fill
            )
        painter.fillRect(
            QRectF(bar.center().x() - 1, bar.top(), 2, bar.height()), QColor(theme.TEXT)
        )
        self._paint_figures(painter, whole, text_width)

    def _paint_figures(self, painter: QPainter, whole: QRectF, text_width: float) -> None:
        ink = theme.STALE if self._stale else theme.TEXT
        left = QRectF(whole.left(), whole.top(), text_width - 6, whole.height())
        right = QRectF(whole.right() - text_width + 6, whole.top(), text_width - 6, whole.height())
        most = round(1.25 * self.font().pixelSize())
        share = self._load.share_left
        for place, letter, part, align in (
            (left, "L", share, Qt.AlignmentFlag.AlignLeft),
            (right, "R", 1.0 - share, Qt.AlignmentFlag.AlignRight),
        ):
            draw_fitted(
                painter,
                place,
                f"{letter} {_percent(part)}",
                ink,
                most_px=most,
                bold=True,
                align=align,
            )
