# SPDX-License-Identifier: GPL-3.0-or-later
"""Both feet as a smooth pressure map in their outlines, with the centres of pressure and trails."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsPathItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from dashboard import theme
from dashboard.cop_error_model import CopEllipses
from dashboard.cop_trail_model import BOTH, LEFT, RIGHT, CopTrails
from dashboard.foot_map_model import OUTSIDE, FootGrid, foot_grid, paint_map
from dashboard.message_model import Announcement
from dashboard.widgets.fitting_text import draw_fitted, draw_wrapped
from rig.layout import Foot
from rig.layout.insole import PAD_DIAMETER_MM

Float64 = npt.NDArray[np.float64]
UInt8 = npt.NDArray[np.uint8]
TRAIL_PIECES = 6


def map_colours() -> UInt8:
    """(256, 4) RGBA: index 0 clear, 1 to 255 from no pressure to the scale's top. The lowest tenth
    grows out of the colour of an empty sole, so that a lifted foot looks empty."""
    scale = pg.colormap.get(theme.MAP_COLOURS)
    if scale is None:
        raise ValueError(f"pyqtgraph has no colour map '{theme.MAP_COLOURS}'")
    table = np.asarray(scale.getLookupTable(nPts=256, alpha=False), dtype=np.float64)
    share = np.clip(np.arange(256) / 26.0, 0.0, 1.0)[:, None]
    empty = QColor(theme.EMPTY_SOLE)
    mixed = (1.0 - share) * (empty.red(), empty.green(), empty.blue()) + share * table
    colours = np.full((256, 4), 255, dtype=np.uint8)
    colours[:, :3] = np.rint(mixed)
    colours[OUTSIDE] = 0
    return colours


def grey_colours() -> UInt8:
    """The same scale without colour or strength: what was, not what is."""
    table = np.full((256, 4), 255, dtype=np.uint8)
    table[:, :3] = np.linspace(48, 105, 256, dtype=np.uint8)[:, None]
    table[OUTSIDE] = 0
    return table


class FootMap(pg.GraphicsView):
    """The scene is in mm of the body frame; forward is up."""

    def __init__(self) -> None:
        super().__init__(background=theme.PANEL)
        self.setAccessibleName("Pressure map of both feet")
        self._box = pg.ViewBox(lockAspect=True, enableMouse=False, enableMenu=False)
        self.setCentralItem(self._box)
        self._colours, self._grey = map_colours(), grey_colours()
        self._images: list[pg.ImageItem] = []
        self._pictures: list[UInt8] = []
        self._grids: tuple[FootGrid, ...] = ()
        self._drawn_items: list[QGraphicsItem] = []
        self._length_mm = 0.0
        self._stale: bool | None = None
        self._sentence = ""
        self._announcement: Announcement | None = None
        self._masked: tuple[tuple[int, int], ...] = ()
        self._crosses: list[QGraphicsItem] = []
        self._trails = [_Trail(*look) for look in _TRAIL_LOOKS]

    @property
    def images(self) -> tuple[UInt8, ...]:
        """The pictures last drawn, left and right."""
        return tuple(self._pictures)

    def show_feet(
        self, length_mm: float, pressure_kpa: Float64, top_kpa: float, *, stale: bool
    ) -> None:
        if length_mm != self._length_mm:
            self._lay_out(length_mm)
        if stale != self._stale:
            self._stale = stale
            for image in self._images:
                image.setLookupTable(self._grey if stale else self._colours)
        feet = zip(self._grids, pressure_kpa, strict=True)
        self._pictures = [paint_map(grid, kpa, top_kpa) for grid, kpa in feet]
        for image, picture in zip(self._images, self._pictures, strict=True):
            image.setImage(picture, autoLevels=False)

    def show_trails(self, trails: CopTrails, ellipses: CopEllipses, *, hidden: bool) -> None:
        for index, item in enumerate(self._trails):
            around = ellipses.around_mm[index]
            item.follow(trails.places_mm[:, index], around, hidden=hidden)

    def show_masked(self, masked: tuple[tuple[int, int], ...]) -> None:
        """Cross out the sensors that are not believed; (foot, channel) each."""
        if masked == self._masked:
            return
        self._masked = masked
        self._cross_out()

    def _cross_out(self) -> None:
        for item in self._crosses:
            self._box.removeItem(item)
        self._crosses = [_cross(self._grids[foot].pads_mm[pad]) for foot, pad in self._masked]
        for item in self._crosses:
            self._box.addItem(item, ignoreBounds=True)

    def show_sentence(self, sentence: str) -> None:
        """A sentence across the map, for when what is below is not live."""
        if sentence != self._sentence:
            self._sentence = sentence
            viewport = self.viewport()
            if viewport is not None:
                viewport.update()

    def show_announcement(self, announcement: Announcement | None) -> None:
        """Large over both feet: what to do while a measurement runs, and its outcome."""
        if announcement != self._announcement:
            self._announcement = announcement
            self.setAccessibleDescription(announcement.sentence if announcement else "")
            viewport = self.viewport()
            if viewport is not None:
                viewport.update()

    def _lay_out(self, length_mm: float) -> None:
        """Place images, outlines and pads for a foot length."""
        for item in (*self._images, *self._drawn_items, *self._trails):
            if item.scene() is not None:
                self._box.removeItem(item)
        self._length_mm, self._stale = length_mm, None
        self._grids = tuple(foot_grid(foot, length_mm) for foot in Foot)
        self._images, self._drawn_items = [], []
        for grid in self._grids:
            empty = np.zeros(grid.inside.shape, dtype=np.uint8)
            image = _SmoothImage(empty, axisOrder="row-major", autoLevels=False, lut=self._grey)
            image.setRect(QRectF(*grid.rect_mm))
            self._images.append(image)
            self._drawn_items += [*_pads(grid), *_rim(grid)]
        for item in (*self._images, *self._drawn_items, *self._trails):
            self._box.addItem(item, ignoreBounds=True)
        self._cross_out()
        left, right = self._grids
        width = right.rect_mm[0] + right.rect_mm[2] - left.rect_mm[0]
        whole = QRectF(left.rect_mm[0], left.rect_mm[1], width, left.rect_mm[3])
        self._box.setRange(whole.adjusted(-4, -4, 4, 4), padding=0.0)

    def paintEvent(self, ev: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        super().paintEvent(ev)
        viewport = self.viewport()
        if viewport is None:
            return
        painter = QPainter(viewport)
        whole, size = QRectF(viewport.rect()), self.font().pixelSize()
        if self._announcement is not None:
            _paint_announcement(painter, whole, size, self._announcement)
        elif self._sentence:
            middle = whole.center().y()
            place = QRectF(whole.left(), middle - 1.6 * size, whole.width(), 3.2 * size)
            painter.fillRect(place, QColor(18, 22, 28, 225))
            inner = place.adjusted(size, 0, -size, 0)
            draw_fitted(painter, inner, self._sentence, theme.WARNING, most_px=2 * size, bold=True)


def _paint_announcement(
    painter: QPainter, whole: QRectF, size: int, announcement: Announcement
) -> None:
    """A band across the middle with the sentence in lines; below it how far the measurement is."""
    tall = 0.6 * whole.height()
    band = QRectF(whole.left(), whole.center().y() - 0.5 * tall, whole.width(), tall)
    fill = QColor(theme.MESSAGE_FILL[announcement.kind])
    fill.setAlpha(235)
    painter.fillRect(band, fill)
    bar = QRectF(band.left() + size, band.bottom() - 3.0 * size, band.width() - 2 * size, 2 * size)
    words = band.adjusted(size, 0.5 * size, -size, -0.5 * size)
    if announcement.progress is not None:
        words.setBottom(bar.top() - 0.5 * size)
        painter.fillRect(bar, QColor(theme.FIELD))
        done = QRectF(bar.topLeft(), bar.size())
        done.setWidth(announcement.progress * bar.width())
        painter.fillRect(done, QColor(theme.ACCENT))
        percent = f"{100.0 * announcement.progress:.0f} %"
        draw_fitted(painter, bar, percent, theme.TEXT, most_px=round(1.5 * size), bold=True)
    least = theme.SMALLEST_TEXT_PX
    draw_wrapped(
        painter, words, announcement.sentence, theme.TEXT, most_px=round(2.6 * size), least_px=least
    )


class _SmoothImage(pg.ImageItem):
    """Scaled with smooth edges between its pixels: a sole is not made of squares."""

    def paint(self, painter: QPainter, *args: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)


def _rim(grid: FootGrid) -> list[QGraphicsItem]:
    """The outline, and a cover over the rest of the picture's rectangle: the map ends in a smooth edge
    instead of steps."""
    outline = QPainterPath()
    outline.addPolygon(QPolygonF([QPointF(x, y) for x, y in grid.outline_mm]))
    around = QPainterPath()
    around.addRect(QRectF(*grid.rect_mm))
    cover = _Smooth(around.subtracted(outline))
    cover.setPen(QPen(Qt.PenStyle.NoPen))
    cover.setBrush(QColor(theme.PANEL))
    line = _Smooth(outline)
    pen = QPen(QColor(theme.TEXT_DIM))
    pen.setCosmetic(True)
    pen.setWidthF(2.0)
    line.setPen(pen)
    for item in (cover, line):
        item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    return [cover, line]


class _Smooth(QGraphicsPathItem):
    """Painted with smooth edges: once, since it is cached."""

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        if painter is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)


def _pads(grid: FootGrid) -> list[QGraphicsEllipseItem]:
    """Where the sensors are, faintly: between them the map is a guess."""
    radius = 0.5 * PAD_DIAMETER_MM
    pen = QPen(QColor(255, 255, 255, 60))
    pen.setCosmetic(True)
    pads = []
    for x, y in grid.pads_mm:
        pad = QGraphicsEllipseItem(x - radius, y - radius, 2 * radius, 2 * radius)
        pad.setPen(pen)
        pad.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        pads.append(pad)
    return pads


def _cross(place_mm: Float64) -> QGraphicsItem:
    """A cross over a sensor that is not believed: its place shows what the neighbours say."""
    x, y = place_mm
    arm = 0.5 * PAD_DIAMETER_MM
    path = QPainterPath()
    for sign in (-1.0, 1.0):
        path.moveTo(x - arm, y - sign * arm)
        path.lineTo(x + arm, y + sign * arm)
    item = _Smooth(path)
    pen = QPen(QColor(theme.BAD))
    pen.setCosmetic(True)
    pen.setWidthF(3.0)
    item.setPen(pen)
    item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    return item


_TRAIL_LOOKS = ((LEFT, theme.COP, 4.5), (RIGHT, theme.COP, 4.5), (BOTH, theme.COP_BOTH, 2.5))
"""Dots smaller than the ellipse about them, which would else be hidden."""


def _joined(points: Float64) -> list[QLineF]:
    """Lines between neighbours; none across a time without a place."""
    ends = np.concatenate((points[:-1], points[1:]), axis=1)
    return [QLineF(*end) for end in ends[np.isfinite(ends).all(axis=1)].tolist()]


class _Trail(pg.GraphicsObject):
    """A dot with a tail that fades over the trail's second."""

    def __init__(self, which: int, colour: str, radius_px: float) -> None:
        super().__init__()
        self._colour, self._radius_px = QColor(colour), radius_px
        self._solid = which == BOTH
        self._points = np.empty((0, 2))
        self._around: list[QPointF] = []
        self._area = QRectF()
        self.setZValue(10.0 + which)

    def follow(self, places_mm: Float64, around_mm: Float64, *, hidden: bool) -> None:
        """(k, 2) in mm, oldest first; without a newest place there is no dot. `around_mm`, (corners, 2),
        is the ellipse about the newest one."""
        self._points = np.empty((0, 2)) if hidden else places_mm
        newest = self._points[-1] if len(self._points) else np.full(2, np.nan)
        outline = newest + around_mm
        outline = outline[np.isfinite(outline).all(axis=1)]
        self._around = [QPointF(x, y) for x, y in outline.tolist()]
        finite = np.concatenate((self._points[np.isfinite(self._points[:, 0])], outline))
        area = QRectF()
        if len(finite):
            low, high = finite.min(axis=0) - 12.0, finite.max(axis=0) + 12.0
            area = QRectF(QPointF(*low), QPointF(*high))
        self.prepareGeometryChange()
        self._area = area

    def boundingRect(self) -> QRectF:  # noqa: N802 (Qt's name)
        return self._area

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 (Qt's call)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's call)
    ) -> None:
        if painter is None or len(self._points) == 0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._colour)
        pen.setCosmetic(True)
        pen.setWidthF(2.0)
        bounds = np.linspace(0, len(self._points), TRAIL_PIECES + 1).astype(int)
        for piece, (start, end) in enumerate(pairwise(bounds)):
            self._colour.setAlphaF((piece + 1) / TRAIL_PIECES)
            pen.setColor(self._colour)
            painter.setPen(pen)
            lines = _joined(self._points[start : end + 1])
            if lines:
                painter.drawLines(*lines)
        self._paint_ellipse(painter)
        self._paint_dot(painter)

    def _paint_ellipse(self, painter: QPainter) -> None:
        if not self._around:
            return
        fill = QColor(self._colour)
        fill.setAlphaF(0.25)
        pen = QPen(QColor(self._colour), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(self._around))

    def _paint_dot(self, painter: QPainter) -> None:
        """A foot's own is a ring, that of both a disc: with one foot loaded both are seen."""
        x, y = self._points[-1]
        if not np.isfinite(x):
            return
        scale = abs(painter.deviceTransform().m22()) or 1.0
        radius = self._radius_px / scale
        ring = QPen(self._colour, 2.0)
        ring.setCosmetic(True)
        shade = QPen(QColor(0, 0, 0, 190), 4.0)
        shade.setCosmetic(True)
        painter.setBrush(self._colour if self._solid else Qt.BrushStyle.NoBrush)
        for pen in (shade, ring):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(x, y), radius, radius)
