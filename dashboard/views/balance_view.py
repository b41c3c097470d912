# SPDX-License-Identifier: GPL-3.0-or-later
"""The balance page: a test guided on the screen, read from two metres, run with one key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dashboard.balance_model import BalanceModel
from dashboard.live_source import LiveSource
from dashboard.widgets.lean_target import LeanTarget
from rig.acquire.live_update import LiveUpdate
from rig.balance.protocol import Protocol
from rig.balance.protocol_file import own_protocols
from rig.balance.run_state import Cue, Key
from rig.balance.runner import ENDING_KEYS
from rig.balance.summary import summary, summary_csv
from rig.balance.trial import Person
from rig.balance.voice import Voice
from rig.contact.load_stage import participant_foot_length_mm
from rig.errors import SettingsError

KEYS: tuple[tuple[str, Key, str], ...] = (
    ("E", "eyes_opened", "Eyes opened (E)"),
    ("A", "arms_moved", "Arms moved (A)"),
    ("S", "stopped", "Stop trial (S)"),
    ("D", "discard", "Discard last (D)"),
    ("Q", "quit", "End test (Q)"),
)
LOUD = ("start", "ten_seconds_left", "end")
NO_HEIGHT_CM = 100.0
DISCLAIMER = (
    "Technique feedback and research; no diagnosis and no prediction of falls. Single-leg, "
    "eyes-closed and foam tests need a spotter and something to grasp."
)


class BalanceView(QDialog):
    """Covers the live page, on which the CoP could be seen, while a test runs."""

    closed = pyqtSignal()
    pained = pyqtSignal()

    def __init__(
        self, parent: QWidget, source: LiveSource, protocols: tuple[Protocol, ...] = ()
    ) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setWindowTitle("Solerig: balance")
        self.setModal(True)
        self.protocols = protocols or own_protocols()
        self.model = BalanceModel(hear=self._hear)
        self._source = source
        self._folder: Path | None = None
        self._recording = False
        self._voice: Voice | None = None
        self._build()
        source.updated.connect(self.take)
        # Escape ends a dialog without a close event
        self.finished.connect(self._leave)
        drill = source.model.settings.drill
        if drill.name != "stance":
            # its rules see a free foot's touch; another drill's look for other things
            source.choose_drill(replace(drill, name="stance"))
        shortcut = QShortcut(QKeySequence("Space"), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.go_on)
        self.draw()

    def _build(self) -> None:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Balance test")
        for protocol in self.protocols:
            self.chooser.addItem(protocol.title, protocol.key)
        self.height_cm = QDoubleSpinBox()
        self.height_cm.setRange(NO_HEIGHT_CM, 230.0)
        self.height_cm.setDecimals(0)
        self.height_cm.setSpecialValueText("height unknown")
        self.height_cm.setSuffix(" cm")
        self.height_cm.setAccessibleName("Height in centimetres")
        self.speak = QCheckBox("Speak the cues")
        self.speak.setAccessibleName("Speak the cues with the system's voice")
        self.speak.toggled.connect(self._speak)
        self.begin = QPushButton("Begin the test")
        self.begin.clicked.connect(self.begin_test)
        self.heading, self.seconds, self.words = QLabel(), QLabel(), QLabel()
        self.heading.setAccessibleName("What is going on")
        self.seconds.setAccessibleName("Seconds left")
        self.words.setAccessibleName("Instruction")
        self.words.setWordWrap(True)
        for label in (self.heading, self.seconds, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trials = QLabel()
        self.trials.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.trials.setWordWrap(True)
        self.trials.setAccessibleName("Trials so far")
        self.target = LeanTarget()
        self.next = QPushButton()
        self.next.clicked.connect(self.go_on)
        self._arrange()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        for widget in (self.chooser, self.height_cm, self.speak, self.begin):
            top.addWidget(widget)
        top.addStretch(1)
        middle = QVBoxLayout()
        middle.addWidget(self.heading)
        middle.addWidget(self.seconds)
        middle.addWidget(self.target, 4)
        middle.addWidget(self.words, 1)
        done = QFrame()
        done.setObjectName("panel")
        title = QLabel("Trials")
        title.setObjectName("panel_title")
        listed = QVBoxLayout(done)
        listed.addWidget(title)
        listed.addWidget(self.trials, 1)
        body = QHBoxLayout()
        body.addLayout(middle, 75)
        body.addWidget(done, 25)
        bottom = QHBoxLayout()
        bottom.addWidget(self.next, 2)
        self.buttons: dict[Key, QPushButton] = {}
        for letter, key, text in KEYS:
            button = QPushButton(text)
            button.clicked.connect(partial(self._pressed, key))
            shortcut = QShortcut(QKeySequence(letter), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.press, key))
            self.buttons[key] = button
            bottom.addWidget(button, 1)
        self.pain = QPushButton("PAIN: stop (P)")
        self.pain.setObjectName("pain")
        self.pain.clicked.connect(self.stop_for_pain)
        shortcut = QShortcut(QKeySequence("P"), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.stop_for_pain)
        bottom.addWidget(self.pain, 1)
        note = QLabel(DISCLAIMER)
        note.setObjectName("dim")
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(body, 1)
        column.addLayout(bottom)
        column.addWidget(note)
        quiet = (self.chooser, self.speak, self.begin, self.next, self.pain, *self.buttons.values())
        for widget in quiet:
            # Space is the test's, whatever was clicked last
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self, scale: float) -> None:
        """Words that are read from two metres."""
        for label, size in ((self.heading, 54), (self.seconds, 120), (self.words, 30)):
            label.setStyleSheet(f"font-size: {round(size * scale)}px; font-weight: 600;")
        self.trials.setStyleSheet(f"font-size: {round(17 * scale)}px;")
        self.next.setMinimumHeight(round(64 * scale))

    def begin_test(self) -> None:
        """What is missing stands where the instruction would."""
        protocol = self.protocols[self.chooser.currentIndex()]
        height_cm = self.height_cm.value()
        height_mm = 10.0 * height_cm if height_cm > NO_HEIGHT_CM else None
        participant = self._source.model.settings.participant
        person = Person(participant_foot_length_mm(participant), height_mm)
        self._folder = None
        try:
            self.model.start(protocol, person)
        except SettingsError as error:
            self.model.instruction = str(error)
        self.draw()

    def take(self, update: LiveUpdate) -> None:
        """One screen frame."""
        self.model.push(update)
        self._record()
        self.draw()

    def go_on(self) -> None:
        self.model.go_on()
        self._record()
        self.draw()

    def press(self, key: Key) -> None:
        if self.model.under_way and key in ENDING_KEYS:
            self._source.mark()
        self.model.press(key)
        self._record()
        self.draw()

    def stop_for_pain(self) -> None:
        """The test ends and keeps what was done; the page beneath asks whether the pain is gone."""
        self.pained.emit()
        self.close()

    def _pressed(self, key: Key, _checked: bool) -> None:
        self.press(key)

    def draw(self) -> None:
        model = self.model
        self.heading.setText(model.heading)
        self.seconds.setText(model.seconds)
        self.words.setText(model.words)
        self.trials.setText("\n".join(model.trials))
        lean = model.lean
        self.target.setVisible(lean is not None)
        self.target.show_lean(lean)
        busy = model.run is not None and model.run.phase != "done"
        self.next.setText(f"{model.go_on_text} (Space)" if model.go_on_text else "")
        self.next.setEnabled(bool(model.go_on_text))
        for widget in (self.chooser, self.height_cm, self.begin):
            widget.setEnabled(not busy)
        for key, button in self.buttons.items():
            between = key == "discard" and not model.under_way and bool(model.trials)
            ends = key in ENDING_KEYS and model.under_way
            button.setEnabled(busy and (ends or between or key == "quit"))

    def _leave(self) -> None:
        """However the page was left: a test keeps what was done."""
        if self.model.run is not None and self.model.run.phase != "done":
            self.press("quit")
        if self._voice is not None:
            self._voice.hush()
        self._source.updated.disconnect(self.take)
        self.closed.emit()

    def _hear(self, cues: Sequence[Cue]) -> None:
        if any(cue.kind in LOUD for cue in cues):
            QApplication.beep()
        if self._voice is not None:
            self._voice.tell(cues)

    def _speak(self, wanted: bool) -> None:
        """A system without a voice says so where the instruction would stand."""
        if self._voice is not None:
            self._voice.hush()
        self._voice = None
        if not wanted:
            return
        try:
            self._voice = Voice()
        except SettingsError as error:
            self.speak.setChecked(False)
            self.model.instruction = str(error)
            self.draw()

    def _record(self) -> None:
        """A recording a trial; the summary is written beside them after each."""
        under_way = self.model.under_way
        if under_way == self._recording:
            return
        self._recording = under_way
        if self._source.model.recording.recording != under_way:
            self._source.start_or_stop_recording()
        if not under_way:
            self._keep_summary()

    def _keep_summary(self) -> None:
        run = self.model.run
        if run is None or not run.trials:
            return
        if self._folder is None:
            stamp = f"{datetime.now():%Y-%m-%d_%H-%M-%S}"
            self._folder = self._source.recordings / f"{stamp}_balance_{run.protocol.key}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            date = datetime.now().astimezone().isoformat(timespec="seconds")
            dated = {**summary(run), "date": date}
            content = json.dumps(dated, indent=2, ensure_ascii=False, allow_nan=False)
            (self._folder / "summary.json").write_text(content + "\n", encoding="utf-8")
            (self._folder / "summary.csv").write_text(summary_csv(run), encoding="utf-8")
        except OSError as error:
            self.model.instruction = f"The summary cannot be written: {error.strerror or error}."
