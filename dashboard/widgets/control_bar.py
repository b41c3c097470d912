# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person can do: choose a source, record, mark, tare, weigh, tell the shoe size."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel

from dashboard import theme
from dashboard.recording_model import disk_is_low, disk_text, elapsed_text
from dashboard.widgets.panel import dim_label, explained_button
from rig.acquire.messages import RecordingStatus

RECORD_WORDS = "\N{BLACK CIRCLE} Record (Space)"
STOP_WORDS = "\N{BLACK SQUARE} Stop (Space)"


class ControlBar(QFrame):
    shoe_size_changed = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.source = explained_button(
            "Source... (S)", "Choose a source: board, port, simulation or recording"
        )
        self.record = explained_button(RECORD_WORDS, "Start or stop recording (Space)")
        self.record.setObjectName("record")
        self.marker = explained_button("Marker (M)", "Set a marker (M)")
        self.tare = explained_button(
            "Tare (T)", "Take the empty insoles as zero: both feet lifted (T)"
        )
        self.weigh = explained_button("Weigh... (W)", "Scale the forces to the body weight (W)")
        self.help = explained_button("Help (F1)", "Keys and what this program is for (F1)")
        self.elapsed = QLabel("00:00")
        self.elapsed.setAccessibleName("Recorded time")
        self.disk = dim_label("")
        self.disk.setAccessibleName("Free disk")
        self.person = dim_label("")
        self.person.setAccessibleName("Body weight in force")
        self.shoe_size = _shoe_size_box()
        self.shoe_size.valueChanged.connect(self._tell_shoe_size)
        self._recording: bool | None = None
        self._disk_low = False
        self._size_in_force = self.shoe_size.value()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(8)
        for widget in (self.source, self.record, self.elapsed, self.disk):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.marker, self.tare, self.weigh, self.person):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (dim_label("Shoe size EU"), self.shoe_size, self.help):
            row.addWidget(widget)

    def show_recording(self, recording: RecordingStatus) -> None:
        self.elapsed.setText(elapsed_text(recording))
        self.disk.setText(disk_text(recording))
        low = disk_is_low(recording)
        if low != self._disk_low:
            self._disk_low = low
            self.disk.setStyleSheet(f"color: {theme.SEVERITY_INK['bad']};" if low else "")
        if recording.recording == self._recording:
            return
        self._recording = recording.recording
        self.record.setText(STOP_WORDS if recording.recording else RECORD_WORDS)
        self.record.setProperty("recording", "true" if recording.recording else "false")
        style = self.record.style()
        if style is not None:
            style.unpolish(self.record)
            style.polish(self.record)

    def show_person(self, shoe_size_eu: float, weight_text: str) -> None:
        self.person.setText(weight_text)
        if shoe_size_eu != self._size_in_force and not self.shoe_size.hasFocus():
            self._size_in_force = shoe_size_eu
            self.shoe_size.setValue(shoe_size_eu)

    def _tell_shoe_size(self, size_eu: float) -> None:
        if size_eu != self._size_in_force:
            self._size_in_force = size_eu
            self.shoe_size_changed.emit(size_eu)


def _shoe_size_box() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(15.0, 55.0)
    box.setSingleStep(0.5)
    box.setDecimals(1)
    box.setValue(42.0)
    box.setAccessibleName("Shoe size, European")
    box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    box.setKeyboardTracking(False)
    return box
