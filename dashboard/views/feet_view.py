# SPDX-License-Identifier: GPL-3.0-or-later
"""The feet as they are now: map, centres of pressure, heel against ball, left against right."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout

from dashboard import theme
from dashboard.link_model import no_data_sentence
from dashboard.live_model import LiveModel
from dashboard.widgets.colour_scale import ColourScale
from dashboard.widgets.foot_map import FootMap
from dashboard.widgets.health_line import HealthLine
from dashboard.widgets.load_bars import HeelBallBars, ShareBar
from dashboard.widgets.mat_map import MatMap
from dashboard.widgets.panel import dim_label, title_label
from rig.layout import Foot


class FeetView(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.map = FootMap()
        self.mat = MatMap()
        self.maps = QStackedWidget()
        self.maps.addWidget(self.map)
        self.maps.addWidget(self.mat)
        self.health = HealthLine()
        self.scale_bar = ColourScale()
        self.bars = (HeelBallBars(Foot.LEFT), HeelBallBars(Foot.RIGHT))
        self.share = ShareBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addWidget(self.maps, 1)
        column.addWidget(self.health)
        column.addWidget(self.scale_bar)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        grid.addWidget(title_label("Left foot"), 0, 0)
        grid.addWidget(title_label("Right foot"), 0, 1)
        grid.addWidget(self.bars[Foot.LEFT], 1, 0)
        grid.addWidget(self.bars[Foot.RIGHT], 1, 1)
        column.addLayout(grid)
        column.addWidget(title_label("Body weight, left and right"))
        column.addWidget(self.share)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(title_label("Pressure, from above"))
        head.addStretch(1)
        head.addWidget(dim_label("\N{WHITE CIRCLE} CoP of a foot"))
        head.addWidget(dim_label("ellipse: 95 %"))
        both = dim_label("\N{BLACK CIRCLE} of both")
        both.setStyleSheet(f"color: {theme.COP_BOTH};")
        head.addWidget(both)
        return head

    def fit(self, scale: float) -> None:
        self.health.setFixedHeight(round(44 * scale))
        self.scale_bar.setFixedHeight(round(22 * scale))
        self.share.setFixedHeight(round(30 * scale))
        for bars in self.bars:
            bars.setFixedHeight(round(62 * scale))

    def draw(self, model: LiveModel, now_s: float) -> None:
        stale = model.is_stale(now_s)
        top_kpa = model.pressure_scale.top
        self.map.show_feet(model.foot_length_mm, model.pressure_kpa, top_kpa, stale=stale)
        self.map.show_trails(model.trails, model.ellipses, hidden=stale)
        self.map.show_masked(model.health.note.masked)
        self.health.show_note(model.health.note)
        self.map.show_announcement(model.announcement(now_s))
        sentence = no_data_sentence(model.age_s(now_s))
        self.map.show_sentence(sentence)
        self.maps.setCurrentWidget(self.map if model.mat is None else self.mat)
        if model.mat is not None:
            self.mat.show_mat(model.mat, top_kpa, sentence, stale=stale)
        self.scale_bar.show_top(top_kpa)
        loads = model.loads.shown
        for foot in Foot:
            self.bars[foot].show_load(loads.feet[foot], stale=stale)
        self.share.show_share(loads, stale=stale)
