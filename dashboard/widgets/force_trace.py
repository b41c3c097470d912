# SPDX-License-Identifier: GPL-3.0-or-later
"""Force against time for one foot: heel and ball, the last ten seconds.

What makes this fast enough is measured (design: screen): no grid, axes painted once and cached, an axis
that stands still while the data move, pens one pixel wide, two points a bin.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QGraphicsItem

from dashboard import theme
from dashboard.widgets.time_axis import NAMES_WIDTH, RIGHT_MARGIN
from rig.layout import Foot

Float64 = npt.NDArray[np.float64]


class ForceTrace(pg.GraphicsView):
    """`shows_time` says whether the figures of the time axis stand below it."""

    def __init__(self, foot: Foot, window_s: float, *, shows_time: bool) -> None:
        super().__init__(background=theme.FIELD)
        self.setAccessibleName(f"Force of heel and ball, {foot.name.lower()} foot")
        self._top_n, self._shows_time, self._stale = 0.0, shows_time, False
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False)
        self._box.setXRange(-window_s, 0.0, padding=0.0)
        self._box.disableAutoRange()
        self._force_axis, self._time_axis = _axis("left"), _axis("bottom")
        self._time_axis.setTicks([_time_ticks(window_s, shows_time=shows_time)])
        axes = {"left": self._force_axis, "bottom": self._time_axis}
        self._plot = pg.PlotItem(viewBox=self._box, axisItems=axes, enableMenu=False)
        self._plot.hideButtons()
        self.setCentralItem(self._plot)
        self.setMinimumHeight(1)
        self._heel, self._ball = _curve(theme.HEEL), _curve(theme.BALL)
        for curve in (self._heel, self._ball):
            self._box.addItem(curve, ignoreBounds=True)
        self.show_top(100.0)
        self._resize_axes()

    def show_top(self, top_n: float) -> None:
        """The scale's top; three figures on the axis are enough to read it."""
        if top_n == self._top_n:
            return
        self._top_n = top_n
        self._box.setYRange(0.0, 1.04 * top_n, padding=0.0)
        marks = (0.0, 0.5 * top_n, top_n)
        ticks = [(mark, f"{mark:.0f}" + (" N" if mark == top_n else "")) for mark in marks]
        self._force_axis.setTicks([ticks])

    def show_trace(self, age_s: Float64, heel_n: Float64, ball_n: Float64, *, stale: bool) -> None:
        for curve, force_n in ((self._heel, heel_n), (self._ball, ball_n)):
            broken = np.isnan(force_n).any()  # at a hole; everywhere for a region without sensors
            connect = "finite" if broken else "all"
            curve.setData(age_s, force_n, connect=connect, skipFiniteCheck=True)
        if stale != self._stale:
            self._stale = stale
            self._heel.setPen(pg.mkPen(theme.STALE if stale else theme.HEEL, width=1))
            self._ball.setPen(pg.mkPen(theme.STALE if stale else theme.BALL, width=1))

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.FontChange:
            self._resize_axes()

    def _resize_axes(self) -> None:
        """Axes follow the window's text size, and leave the room that the contact strip leaves."""
        size = self.font().pixelSize()
        if size <= 0:
            return
        font = QFont(self.font())
        font.setPixelSize(max(theme.SMALLEST_TEXT_PX, size - 2))
        for axis in (self._force_axis, self._time_axis):
            axis.setStyle(tickFont=font, hideOverlappingLabels=100)
        self._time_axis.setStyle(tickTextOffset=round(0.5 * size))
        self._force_axis.setWidth(round(NAMES_WIDTH * size))
        self._time_axis.setHeight(round((2.0 if self._shows_time else 0.6) * size))
        self._plot.setContentsMargins(0.0, 0.5 * size, round(RIGHT_MARGIN * size), 0.0)


def _axis(side: str) -> pg.AxisItem:
    axis = pg.AxisItem(side, pen=theme.PANEL_EDGE, textPen=theme.TEXT_DIM)
    axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    return axis


def _curve(colour: str) -> pg.PlotCurveItem:
    return pg.PlotCurveItem(pen=pg.mkPen(colour, width=1))


def _time_ticks(window_s: float, *, shows_time: bool) -> list[tuple[float, str]]:
    seconds = range(-int(window_s), 1, 2)
    return [(float(s), (f"{s} s" if s else "now") if shows_time else "") for s in seconds]
