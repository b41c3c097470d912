# SPDX-License-Identifier: GPL-3.0-or-later
"""Which drill, and which foot works in it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QWidget

from dashboard import theme
from dashboard.drill_model import drill_words
from dashboard.widgets.panel import dim_label
from rig.drills.registry import drill_names
from rig.settings import SIDES, DrillName, DrillSettings, Side

DRILLS_A_ROW = 5
"""Two rows: nine buttons beside each other would not hold their names in a small window."""
ANSWER_WAIT_S = 1.0
"""A choice comes into force with the stream, some tens of milliseconds later; one that does not is shown
as refused after this."""


class DrillChooser(QWidget):
    """Emits `chosen` when a person chooses; `show_drill` only shows."""

    chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._drill = DrillSettings()
        self._waits_until_s = -math.inf
        self._locked: tuple[DrillName, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self.drill_buttons: dict[DrillName, QPushButton] = {}
        self.side_buttons: dict[Side, QPushButton] = {}
        self._groups = (QButtonGroup(self), QButtonGroup(self))
        for place, name in enumerate(drill_names()):
            button = self._button(self._groups[0], drill_words(name).title, f"Drill: {name}")
            button.clicked.connect(partial(self._choose_name, name))
            self.drill_buttons[name] = button
            grid.addWidget(button, *divmod(place, DRILLS_A_ROW))
        sides = QHBoxLayout()
        sides.setSpacing(6)
        sides.addWidget(dim_label("Side"))
        for side in SIDES:
            button = self._button(self._groups[1], side.title(), f"Working side: {side}")
            button.clicked.connect(partial(self._choose_side, side))
            self.side_buttons[side] = button
            sides.addWidget(button, 1)
        grid.addLayout(sides, *divmod(len(self.drill_buttons), DRILLS_A_ROW))
        for column in range(DRILLS_A_ROW):
            grid.setColumnStretch(column, 1)
        self._check(self._drill)

    def _button(self, group: QButtonGroup, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        group.addButton(button)
        return button

    def show_drill(self, drill: DrillSettings) -> None:
        """Show what is in force; a choice just made is given time to come into force."""
        if drill != self._drill and time.monotonic() >= self._waits_until_s:
            self._check(drill)

    def show_locks(self, locked: Sequence[DrillName]) -> None:
        """A padlock beside the names of drills that the programme does not open yet."""
        if tuple(locked) != self._locked:
            self._locked = tuple(locked)
            for name, button in self.drill_buttons.items():
                closed = name in locked
                button.setIcon(_padlock() if closed else QIcon())
                button.setAccessibleDescription("locked" if closed else "")

    def _check(self, drill: DrillSettings) -> None:
        self._drill = drill
        self._groups[0].setExclusive(False)
        for name, button in self.drill_buttons.items():
            button.setChecked(name == drill.name)
        self._groups[0].setExclusive(True)
        self.side_buttons[drill.side].setChecked(True)
        for button in self.side_buttons.values():
            button.setEnabled(drill_words(drill.name).uses_side)

    def choose_next(self) -> None:
        names = list(self.drill_buttons)
        coached = self._drill.name in names
        after = names.index(self._drill.name) + 1 if coached else 0
        self._choose_name(names[after % len(names)])

    def _choose_name(self, name: DrillName, _checked: bool = True) -> None:
        self._choose(replace(self._drill, name=name))

    def _choose_side(self, side: Side, _checked: bool = True) -> None:
        self._choose(self._drill.with_side(side))

    def _choose(self, drill: DrillSettings) -> None:
        self._check(drill)
        self._waits_until_s = time.monotonic() + ANSWER_WAIT_S
        self.chosen.emit(drill)


def _padlock() -> QIcon:
    picture = QPixmap(64, 64)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.WARNING), 7.0))
    painter.drawArc(QRectF(19.0, 6.0, 26.0, 40.0), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.WARNING))
    painter.drawRoundedRect(QRectF(11.0, 27.0, 42.0, 31.0), 5.0, 5.0)
    painter.end()
    return QIcon(picture)
