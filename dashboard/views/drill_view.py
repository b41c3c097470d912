# SPDX-License-Identifier: GPL-3.0-or-later
"""The drill: chooser, and the three things that are read from two metres."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dashboard.live_model import LiveModel
from dashboard.undefined import UNDEFINED
from dashboard.widgets.big_number import BigNumber
from dashboard.widgets.drill_chooser import DrillChooser
from dashboard.widgets.eliding_label import ElidingLabel
from dashboard.widgets.heel_alarm import NO_DATA, NOT_WATCHED, HeelAlarm


class DrillView(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.chooser = DrillChooser()
        self.count = BigNumber("Count", "00")
        self.time = BigNumber("Time", "000")
        self.alarm = HeelAlarm()
        self.state = ElidingLabel("drill_state")
        self.state.setAccessibleName("State of the drill")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.chooser)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.count, 10)
        row.addWidget(self.time, 13)
        row.addWidget(self.alarm, 12)
        column.addLayout(row, 1)
        column.addWidget(self.state)

    def draw(self, model: LiveModel, now_s: float) -> None:
        stale = model.is_stale(now_s)
        drill, words = model.drill, model.drill.words
        self.count.show_value("Count", str(drill.count), words.counted, stale=stale)
        self.time.show_value(words.measure_title, drill.measure_text, words.unit, stale=stale)
        self.alarm.show_grade(*((None, NO_DATA) if stale else (drill.alarm, NOT_WATCHED)))
        self.state.show_text(
            f"{words.title}: {UNDEFINED if stale or not drill.state else drill.state}"
        )
