# SPDX-License-Identifier: GPL-3.0-or-later
"""The drill: chooser, how the set goes, and the things that are read from two metres."""

from __future__ import annotations

import math
from typing import NamedTuple

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dashboard.drill_model import DrillWords, drill_words
from dashboard.live_model import LiveModel
from dashboard.set_model import SetReadout
from dashboard.undefined import UNDEFINED
from dashboard.widgets.big_number import BigNumber
from dashboard.widgets.cue_banner import CueBanner
from dashboard.widgets.drill_chooser import DrillChooser
from dashboard.widgets.eliding_label import ElidingLabel
from dashboard.widgets.gate_page import GatePage
from dashboard.widgets.heel_alarm import NO_DATA, NOT_WATCHED, HeelAlarm
from dashboard.widgets.practice_row import PracticeRow
from dashboard.widgets.set_pips import SetPips


class DrillView(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.chooser = DrillChooser()
        self.practice = PracticeRow()
        self.count = BigNumber("Count", "00")
        self.time = BigNumber("Time", "000")
        self.alarm = HeelAlarm()
        self.state = ElidingLabel("drill_state")
        self.state.setAccessibleName("State of the drill")
        self.pips = SetPips()
        self.clean = ElidingLabel("drill_state")
        self.clean.setAccessibleName("Clean repetitions")
        self.banner = CueBanner()
        self.gate = GatePage()
        self.pages = QStackedWidget()
        self.coach = self._coach_page()
        self.pages.addWidget(self.coach)
        self.pages.addWidget(self.gate)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.chooser)
        column.addWidget(self.practice)
        column.addWidget(self.pages, 1)

    def _coach_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.count, 10)
        row.addWidget(self.time, 13)
        row.addWidget(self.alarm, 12)
        column.addLayout(row, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.state, 8)
        row.addWidget(self.pips, 13)
        row.addWidget(self.clean, 14)
        column.addLayout(row)
        column.addWidget(self.banner)
        return page

    def fit(self, scale: float) -> None:
        """The height of what is painted."""
        self.banner.setFixedHeight(round(50 * scale))

    def draw(self, model: LiveModel, now_s: float) -> None:
        stale, coaching = model.is_stale(now_s), model.coaching
        drill, words = model.drill, model.drill.words
        self.chooser.show_drill(coaching.drill)
        self.chooser.show_locks(coaching.locks)
        self.practice.show_person(coaching.practice.pseudonym)
        self.practice.show_target(coaching.drill.name, coaching.target)
        self.practice.profile.show_profile(coaching.drill.thresholds.name)
        gate = coaching.gate
        self.pages.setCurrentWidget(self.coach if gate is None else self.gate)
        if gate is not None:
            title = drill_words(coaching.drill.name).title
            self.gate.show_gate(gate, title, pain_free=coaching.practice.stands.pain_free)
            return
        figure = set_figure(coaching.sets, words, drill.count)
        self.count.show_value(*figure, stale=stale)
        self.time.show_value(words.measure_title, drill.measure_text, words.unit, stale=stale)
        self.alarm.show_grade(*((None, NO_DATA) if stale else (drill.alarm, NOT_WATCHED)))
        self.pips.show_pips(coaching.sets.pips)
        self.clean.show_text(coaching.sets.clean_text)
        self.banner.show_cue(coaching.cues.current(now_s), coaching.words)
        state = "" if stale else drill.state
        self.state.show_text(state.capitalize() or UNDEFINED)


class SetFigure(NamedTuple):
    title: str
    text: str
    below: str


def set_figure(sets: SetReadout, words: DrillWords, count: int) -> SetFigure:
    """The big figure: how far the set is, or how long the rest still takes."""
    if sets.state is None:
        return SetFigure("Count", str(count), words.counted)
    total, rest_s = sets.state.plan.sets, sets.rest_left_s
    if rest_s is not None:
        return SetFigure(
            "Rest", f"{math.ceil(rest_s)}", f"s before set {sets.number + 1} of {total}"
        )
    below = f"of {sets.goal} {words.counted}"
    if sets.all_done:
        return SetFigure("All sets done", str(sets.count), below)
    title = "A set more" if sets.number > total else f"Set {sets.number} of {total}"
    return SetFigure(title, str(sets.count), below)
