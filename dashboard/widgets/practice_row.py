# SPDX-License-Identifier: GPL-3.0-or-later
"""Who practises, how much, by whose rules, how loud; and the button that stops everything."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from dashboard.preferences import Loudness
from dashboard.set_model import targets_of
from dashboard.widgets.choice_box import ChoiceBox
from dashboard.widgets.panel import explained_button
from rig.drills.profile import profile_names
from rig.drills.registry import drill_names

_LOUDNESS: dict[Loudness, str] = {"loud": "Sound on (N)", "soft": "Sound soft (N)"}
SOUND_OFF = "Sound off (N)"
SOUND_TIP = "Tones of the cues: on, soft or off (N)"


class ProfileBox(ChoiceBox):
    """Lists the profiles anew whenever it is opened: a coach may have put one beside them."""

    def show_profile(self, name: str) -> None:
        if name != self.currentText():
            with QSignalBlocker(self):
                if self.findText(name) < 0:
                    self.addItem(name)
                self.setCurrentText(name)

    def showPopup(self) -> None:  # noqa: N802 (Qt's name)
        shown = self.currentText()
        with QSignalBlocker(self):
            self.clear()
            self.addItems(profile_names())
        self.show_profile(shown)
        super().showPopup()


class PracticeRow(QWidget):
    target_chosen = pyqtSignal(int)
    profile_chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.person = explained_button("Nobody named (I)", "Say who practises, by pseudonym (I)")
        self.target = ChoiceBox()
        self.target.setAccessibleName("Repetitions of a set")
        self.target.setToolTip("How many repetitions a set has")
        self.target.activated.connect(self._tell_target)
        self.profile = ProfileBox()
        self.profile.addItems(profile_names())
        self.profile.setAccessibleName("Profile: what counts as a fault")
        self.profile.setToolTip("What counts as a fault; a recording keeps it")
        self.profile.textActivated.connect(self.profile_chosen)
        self.sound = explained_button(_LOUDNESS["loud"], SOUND_TIP)
        self.pain = explained_button("PAIN: stop (P)", "Pain: stop everything at once (P)")
        self.pain.setObjectName("pain")
        self._targets: tuple[int, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.person, self.target, self.profile):
            row.addWidget(widget)
        for box in (self.target, self.profile):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addStretch(1)
        row.addWidget(self.sound)
        row.addWidget(self.pain)

    def show_person(self, pseudonym: str) -> None:
        self.person.setText(f"{pseudonym or 'Nobody named'} (I)")

    def show_target(self, drill: str, target: int) -> None:
        """Disabled in free movement, which has no sets."""
        targets, what = targets_of(drill), "holds a leg" if drill == "stance" else "a set"
        with QSignalBlocker(self.target):
            if targets != self._targets:
                self._targets = targets
                self.target.clear()
                self.target.addItems([f"{number} {what}" for number in targets])
            self.target.setCurrentIndex(targets.index(target))
        self.target.setEnabled(drill in drill_names())

    def show_sound(self, loudness: Loudness, silence: str) -> None:
        """`silence`: why this computer plays nothing, empty where it does."""
        self.sound.setText("No sound" if silence else _LOUDNESS.get(loudness, SOUND_OFF))
        self.sound.setToolTip(f"Nothing can be heard: {silence}" if silence else SOUND_TIP)

    def _tell_target(self, index: int) -> None:
        self.target_chosen.emit(self._targets[index])
