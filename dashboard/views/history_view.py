# SPDX-License-Identifier: GPL-3.0-or-later
"""The last ten seconds: force of heel and ball per foot, and the contacts, on one time axis."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dashboard import theme
from dashboard.live_model import LiveModel
from dashboard.trace_model import BALL_LEFT, BALL_RIGHT, HEEL_LEFT, HEEL_RIGHT
from dashboard.widgets.contact_strip import ContactStripView
from dashboard.widgets.force_trace import ForceTrace
from dashboard.widgets.panel import dim_label, title_label
from rig.layout import Foot

_CHANNELS = ((HEEL_LEFT, BALL_LEFT), (HEEL_RIGHT, BALL_RIGHT))


class HistoryView(QFrame):
    def __init__(self, window_s: float) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.traces = (
            ForceTrace(Foot.LEFT, window_s, shows_time=False),
            ForceTrace(Foot.RIGHT, window_s, shows_time=True),
        )
        self.strip = ContactStripView()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 8)
        column.setSpacing(2)
        column.addLayout(_head())
        column.addWidget(self.traces[Foot.LEFT], 5)
        column.addWidget(title_label("Right foot"))
        column.addWidget(self.traces[Foot.RIGHT], 7)
        column.addSpacing(4)
        column.addWidget(self.strip, 7)

    def fit(self, scale: float) -> None:
        """The names beside the contacts need four lines, however low the window is."""
        self.strip.setMinimumHeight(round(76 * scale))

    def draw(self, model: LiveModel, now_s: float) -> None:
        stale = model.is_stale(now_s)
        hello = model.link.hello
        age_s, force_n = model.traces.series(hello.scan_rate_hz if hello else 1000.0)
        for trace, (heel, ball) in zip(self.traces, _CHANNELS, strict=True):
            trace.show_top(model.force_scale.top)
            trace.show_trace(age_s, force_n[:, heel], force_n[:, ball], stale=stale)
        self.strip.show_strip(model.strip, model.marker_times_s, stale=stale)


def _head() -> QHBoxLayout:
    """The key to the colours, with words."""
    head = QHBoxLayout()
    head.addWidget(title_label("Left foot"))
    head.addStretch(1)
    for text, colour in (
        ("\N{BLACK SQUARE} ball", theme.BALL),
        ("\N{BLACK SQUARE} heel", theme.HEEL),
        ("\N{BLACK UP-POINTING TRIANGLE} heel kiss", theme.WARNING),
        ("\N{BLACK UP-POINTING TRIANGLE} heel load", theme.BAD),
        ("| marker", theme.MARKER),
    ):
        label = dim_label(text)
        label.setStyleSheet(f"color: {colour};")
        head.addWidget(label)
        head.addSpacing(8)
    return head
