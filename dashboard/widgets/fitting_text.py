# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is painted as large as its place allows and never beyond it."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter


@lru_cache(maxsize=512)
def _fitting_px(family: str, weight: int, text: str, width: int, height: int, most: int) -> int:
    """Largest pixel size at which `text` fits; measured once at 100 px, since metrics scale."""
    font = QFont(family)
    font.setPixelSize(100)
    font.setWeight(weight)
    metrics = QFontMetricsF(font)
    across = width / max(metrics.horizontalAdvance(text), 1.0)
    down = height / metrics.height()
    return max(1, min(most, int(100.0 * min(across, down) * 0.98)))


def fitting_font(
    font: QFont, text: str, place: QRectF, most_px: int = 2000, *, bold: bool = False
) -> QFont:
    """`font` in the largest size, at most `most_px`, at which `text` fits into `place`."""
    weight = QFont.Weight.Bold if bold else QFont.Weight.Medium
    fitted = QFont(font)
    fitted.setWeight(weight)
    fitted.setPixelSize(
        _fitting_px(
            font.family(), weight.value, text, int(place.width()), int(place.height()), most_px
        )
    )
    return fitted


def draw_fitted(
    painter: QPainter,
    place: QRectF,
    text: str,
    colour: str,
    *,
    most_px: int = 2000,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> int:
    """Paint `text` inside `place`; gives the pixel size used."""
    font = fitting_font(painter.font(), text, place, most_px, bold=bold)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
    return font.pixelSize()


def draw_wrapped(
    painter: QPainter, place: QRectF, text: str, colour: str, *, most_px: int, least_px: int
) -> int:
    """Paint `text` in lines inside `place`, as large as it allows; gives the pixel size used."""
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.Bold)
    for size in range(max(most_px, least_px), least_px - 1, -1):
        font.setPixelSize(size)
        if place.contains(QFontMetricsF(font).boundingRect(place, int(flags), text)):
            break
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(place, int(flags), text)
    painter.restore()
    return font.pixelSize()
