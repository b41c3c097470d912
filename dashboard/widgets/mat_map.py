# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's cells from above, with both feet's outlines and the centres of pressure."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF

from dashboard import theme
from dashboard.mat_map_model import MatPicture
from dashboard.widgets.foot_map import grey_colours, map_colours

MARGIN_MM = 8.0


class MatMap(pg.GraphicsView):
    """The scene is in mm of the mat; forward is up."""

    def __init__(self) -> None:
        super().__init__(background=theme.PANEL)
        self.setAccessibleName("Pressure map of the mat")
        self._box = pg.ViewBox(lockAspect=True, enableMouse=False, enableMenu=False)
        self.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major", autoLevels=False, levels=(0, 255))
        line = pg.mkPen(theme.COP, width=1)
        self._outlines = (pg.PlotCurveItem(pen=line), pg.PlotCurveItem(pen=line))
        feet = {"pen": pg.mkPen(theme.COP, width=2), "brush": None, "size": 12}
        both = {"pen": None, "brush": pg.mkBrush(theme.COP_BOTH), "size": 12}
        self._dots = tuple(pg.ScatterPlotItem(**look) for look in (feet, feet, both))
        for item in (self._image, *self._outlines, *self._dots):
            self._box.addItem(item, ignoreBounds=True)
        self._words = pg.TextItem(color=theme.WARNING, anchor=(0.5, 0.5))
        self._box.addItem(self._words, ignoreBounds=True)
        self._field_mm = (0.0, 0.0)
        self._sentence = ""

    @property
    def sentence(self) -> str:
        """What stands across the mat; empty when its feet are known and it is live."""
        return self._sentence

    def show_mat(self, mat: MatPicture, top_kpa: float, sentence: str, *, stale: bool) -> None:
        """Draw one frame; `sentence` says why it is not live, and goes before the mat's own."""
        if mat.field_mm != self._field_mm:
            self._lay_out(mat.field_mm)
        shown = np.clip(np.nan_to_num(mat.pressure_kpa) / top_kpa, 0.0, 1.0) * 254.0 + 1.0
        self._image.setLookupTable(grey_colours() if stale else map_colours())
        self._image.setImage(shown.astype(np.uint8), autoLevels=False, levels=(0, 255))
        width, length = mat.field_mm
        self._image.setRect(QRectF(0.0, 0.0, width, length))
        for item, outline in zip(self._outlines, mat.outlines_mm, strict=True):
            places = np.empty((0, 2)) if outline is None else np.vstack((outline, outline[:1]))
            item.setData(places[:, 0], places[:, 1])
        for item, place in zip(self._dots, mat.cop_mm, strict=True):
            item.setData(
                *([[p] for p in place] if np.isfinite(place).all() and not stale else ([], []))
            )
        self._sentence = sentence or mat.sentence
        self._words.setText(self._sentence)

    def _lay_out(self, field_mm: tuple[float, float]) -> None:
        self._field_mm = field_mm
        whole = QRectF(0.0, 0.0, *field_mm)
        edge = MARGIN_MM
        self._box.setRange(whole.adjusted(-edge, -edge, edge, edge), padding=0.0)
        self._words.setPos(0.5 * field_mm[0], 0.5 * field_mm[1])
        self._words.setTextWidth(max(0.9 * self.width(), 200.0))
