# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins the drill panel's practice controls to coaching: who, how much, by whose rules, sound, pain."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMessageBox, QWidget

from dashboard.drill_model import drill_words
from dashboard.live_source import LiveSource
from dashboard.message_model import MessageKind
from dashboard.preferences import keep_loudness, load_loudness, next_loudness
from dashboard.sound import Sound
from dashboard.views.drill_view import DrillView
from dashboard.widgets.person_dialog import PersonDialog
from rig.drills.profile import load_profile
from rig.drills.sets import PAIN_FREE
from rig.errors import SolerigError


class PracticeControl(QObject):
    """`preferences` is where loudness is kept."""

    def __init__(
        self, window: QWidget, view: DrillView, source: LiveSource, preferences: Path
    ) -> None:
        super().__init__(window)
        self._window, self._view, self._source = window, view, source
        self._preferences = preferences
        self.sound = Sound(load_loudness(preferences), self)
        row, gate = view.practice, view.gate
        row.person.clicked.connect(self.ask_person)
        row.target_chosen.connect(self.choose_target)
        row.profile_chosen.connect(self.choose_profile)
        row.sound.clicked.connect(self.change_loudness)
        row.pain.clicked.connect(self.pain)
        gate.pain_is_gone.clicked.connect(self.ask_pain_free)
        gate.confirm.clicked.connect(self.ask_pain_free)
        gate.open_now.clicked.connect(self.ask_to_open)
        gate.understood.clicked.connect(self.understood)
        self._show_sound()

    def sound_cue(self) -> None:
        """Play what has become due; call it every screen frame."""
        tone = self._source.model.coaching.take_tone()
        if tone is not None:
            self.sound.play(tone)

    def change_loudness(self) -> None:
        self.sound.choose(next_loudness(self.sound.loudness))
        if self.sound.silence:
            self._say(f"Nothing can be heard: {self.sound.silence}.", "problem")
        try:
            keep_loudness(self._preferences, self.sound.loudness)
        except SolerigError as error:
            self._say(str(error), "problem")
        self.sound.play("reward")
        self._show_sound()

    def choose_target(self, target: int) -> None:
        """Sets begin anew with it; a recording keeps it, except for holds."""
        coaching = self._source.model.coaching
        if coaching.drill.name == "stance":
            coaching.choose_holds(target)
        else:
            self._source.choose_thresholds(replace(coaching.drill.thresholds, set_target=target))

    def choose_profile(self, name: str) -> None:
        try:
            profile = load_profile(name)
        except SolerigError as error:
            self._say(str(error), "problem")
            return
        self._source.choose_thresholds(profile)

    def end_set(self) -> None:
        self._source.model.coaching.sets.press_stop()
        self._source.note_in_recording("stop")

    def pain(self) -> None:
        self._source.model.coaching.pain()
        self._source.note_in_recording("pain")

    def understood(self) -> None:
        self._source.model.coaching.understood()

    def ask_person(self) -> PersonDialog:
        practice = self._source.model.coaching.practice
        dialog = PersonDialog(self._window, practice.folder, practice.pseudonym)
        dialog.named.connect(self._name)
        dialog.open()
        return dialog

    def ask_pain_free(self) -> QMessageBox:
        """Nobody goes on by a slip of the finger."""
        who = self._source.model.coaching.practice.pseudonym
        return self._ask(
            "Is there no pain, at rest and when the foot is loaded?",
            f"The answer is kept in the programme of {who}."
            if who
            else "Nobody is named, so the answer is not kept.",
            "No pain: go on",
            self._confirm_pain_free,
        )

    def ask_to_open(self) -> QMessageBox:
        title = self._title()
        return self._ask(
            f"Open {title} all the same?",
            "Only a clinician who knows this person should. It stays open until somebody else is "
            "named or the window is closed; a recording that runs gets a marker.",
            f"Open {title}",
            self._open,
        )

    def _name(self, pseudonym: str) -> None:
        try:
            self._source.model.coaching.name(pseudonym)
        except SolerigError as error:
            self._say(str(error), "problem")
            return
        who = f"{pseudonym} practises" if pseudonym else "Nobody is named"
        self._say(f"{who}. Check shoe size and weight: those in force were set before.", "note")

    def _confirm_pain_free(self) -> None:
        self._source.model.coaching.pain_is_gone()
        self._source.note_in_recording(PAIN_FREE)

    def _open(self) -> None:
        coaching = self._source.model.coaching
        coaching.practice.open_for_now(coaching.drill)
        self._source.note_in_recording(f"opened by a clinician: {coaching.drill.name}")

    def _title(self) -> str:
        return drill_words(self._source.model.coaching.drill.name).title

    def _say(self, sentence: str, kind: MessageKind) -> None:
        self._source.model.messages.say(sentence, kind, time.monotonic())

    def _show_sound(self) -> None:
        self._view.practice.show_sound(self.sound.loudness, self.sound.silence)

    def _ask(self, text: str, more: str, yes: str, then: Callable[[], None]) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setWindowTitle("Solerig")
        box.setText(text)
        box.setInformativeText(more)
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        back = box.addButton("Back", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(back)

        def answered(_result: int) -> None:
            if box.clickedButton() is agreed:
                then()

        box.finished.connect(answered)
        box.open()
        return box
