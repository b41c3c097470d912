# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the link: what kind of data this is, and how well they arrive."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dashboard import theme
from dashboard.link_model import Badge, LinkFigure, badge_of, link_figures
from dashboard.widgets.eliding_label import ElidingLabel
from dashboard.widgets.panel import dim_label
from rig.acquire.messages import LinkStatus

_WIDTHS = (75, 125, 68, 65, 218, 170, 65, 70)
"""Room of each figure in proportion; fixed, so that a longer figure moves nothing."""


class LinkBar(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName("State of the link")
        self.badge = QLabel()
        self.badge.setObjectName("badge")
        self.badge.setAccessibleName("Kind of data")
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 6, 8, 6)
        self._row.setSpacing(10)
        self._row.addWidget(self.badge)
        self._figures: list[_Figure] = []
        self._badge_shown: Badge | None = None

    def show_link(self, link: LinkStatus, age_s: float | None) -> None:
        self._show_badge(badge_of(link))
        figures = link_figures(link, age_s)
        if not self._figures:
            for figure, width in zip(figures, _WIDTHS, strict=True):
                self._figures.append(_Figure(figure.title))
                self._row.addWidget(self._figures[-1], width)
        for widget, figure in zip(self._figures, figures, strict=True):
            widget.show_figure(figure)

    def fit_badge(self) -> None:
        """Keep room for the widest word, so that a change of source moves nothing."""
        self.badge.ensurePolished()
        widest = max(
            self.badge.fontMetrics().horizontalAdvance(w) for w in ("REPLAY (SIM)", "CONNECTING")
        )
        self.badge.setFixedWidth(widest + 3 * self.badge.fontMetrics().averageCharWidth())

    def _show_badge(self, badge: Badge) -> None:
        if badge != self._badge_shown:
            self._badge_shown = badge
            self.badge.setText(badge.word)
            self.badge.setStyleSheet(f"background: {theme.BADGE_FILL[badge.kind]}; color: #ffffff;")


class _Figure(QWidget):
    """A small title above its value."""

    def __init__(self, title: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._value = ElidingLabel("figure_value")
        self._value.setAccessibleName(title)
        column.addWidget(dim_label(title))
        column.addWidget(self._value)
        self._severity = ""

    def show_figure(self, figure: LinkFigure) -> None:
        self._value.show_text(figure.value)
        if figure.severity != self._severity:
            self._severity = figure.severity
            self._value.setStyleSheet(f"color: {theme.SEVERITY_INK[figure.severity]};")
