# SPDX-License-Identifier: GPL-3.0-or-later
"""The one page of the window: link above, feet on the left, drill and history on the right."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dashboard.live_model import LiveModel
from dashboard.views.drill_view import DrillView
from dashboard.views.feet_view import FeetView
from dashboard.views.history_view import HistoryView
from dashboard.widgets.control_bar import ControlBar
from dashboard.widgets.link_bar import LinkBar
from dashboard.widgets.message_bar import MessageBar
from rig.settings import STANDARD_GRAVITY_M_S2, Participant


class LiveView(QWidget):
    def __init__(self, window_s: float) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self.link = LinkBar()
        self.feet = FeetView()
        self.drill = DrillView()
        self.history = HistoryView(window_s)
        self.controls = ControlBar()
        self.message = MessageBar()
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.drill, 3)
        right.addWidget(self.history, 2)
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self.feet, 40)
        body.addLayout(right, 60)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(8)
        column.addWidget(self.link)
        column.addLayout(body, 1)
        column.addWidget(self.controls)
        column.addWidget(self.message)

    def fit(self, scale: float) -> None:
        """Heights that do not follow from a layout."""
        self.link.setFixedHeight(round(58 * scale))
        self.link.fit_badge()
        self.message.setFixedHeight(round(28 * scale))
        self.feet.fit(scale)
        self.drill.fit(scale)
        self.history.fit(scale)

    def draw(self, model: LiveModel, now_s: float) -> None:
        self.link.show_link(model.link, model.age_s(now_s))
        self.feet.draw(model, now_s)
        self.drill.draw(model, now_s)
        self.history.draw(model, now_s)
        self.controls.show_recording(model.recording)
        participant = model.settings.participant
        self.controls.show_person(participant.shoe_size_eu, weight_text(participant))
        self.message.show_message(model.messages.current(now_s))


def weight_text(participant: Participant) -> str:
    if participant.body_weight_n is None:
        return "body weight unknown"
    return f"{participant.body_weight_n / STANDARD_GRAVITY_M_S2:.0f} kg body weight"
