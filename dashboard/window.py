# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: joins the view's controls and the keys to the live source."""

from __future__ import annotations

import time
from dataclasses import replace

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QMainWindow, QMessageBox

from dashboard import theme
from dashboard.live_source import LiveSource
from dashboard.practice_control import PracticeControl
from dashboard.preferences import preferences_path
from dashboard.views.balance_view import BalanceView
from dashboard.views.live_view import LiveView
from dashboard.widgets.help_overlay import HelpOverlay
from dashboard.widgets.source_dialog import SourceDialog
from dashboard.widgets.weigh_dialog import WeighDialog


class Window(QMainWindow):
    def __init__(self, source: LiveSource) -> None:
        super().__init__()
        self.setWindowTitle("Solerig")
        self.setMinimumSize(1100, 700)
        self.source = source
        self.view = LiveView(source.model.traces.window_s)
        self.setCentralWidget(self.view)
        self.help = HelpOverlay(self.view)
        self.practice = PracticeControl(self, self.view.drill, source, preferences_path())
        self._scale = 0.0
        self._may_close = False
        self._join_controls()
        self._join_keys()
        source.drained.connect(self.draw)
        self.resize(theme.BASE_WIDTH, theme.BASE_HEIGHT)
        self._fit()

    def draw(self) -> None:
        self.practice.sound_cue()
        self.view.draw(self.source.model, time.monotonic())

    def _join_controls(self) -> None:
        controls, chooser = self.view.controls, self.view.drill.chooser
        controls.source.clicked.connect(self.choose_source)
        controls.record.clicked.connect(self.source.start_or_stop_recording)
        controls.marker.clicked.connect(self.source.mark)
        controls.tare.clicked.connect(self.source.tare)
        controls.weigh.clicked.connect(self.ask_weight)
        controls.help.clicked.connect(self.help.toggle)
        controls.shoe_size_changed.connect(self._change_shoe_size)
        chooser.chosen.connect(self.source.choose_drill)

    def _join_keys(self) -> None:
        for keys, action in (
            ("Space", self.source.start_or_stop_recording),
            ("M", self.source.mark),
            ("T", self.source.tare),
            ("W", self.ask_weight),
            ("D", self.view.drill.chooser.choose_next),
            ("S", self.choose_source),
            ("B", self.open_balance),
            ("P", self.practice.pain),
            ("E", self.practice.end_set),
            ("G", self.practice.understood),
            ("I", self.practice.ask_person),
            ("N", self.practice.change_loudness),
            ("Return", self._press_focused),
            ("Enter", self._press_focused),
            ("F1", self.help.toggle),
            ("?", self.help.toggle),
            ("Esc", self.help.hide),
            ("F11", self.toggle_full_screen),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(action)

    def _press_focused(self) -> None:
        """Space records, whatever has the focus; so Enter presses the button that Tab has reached."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif isinstance(focused, QComboBox):
            focused.showPopup()
        elif focused is not None:
            focused.clearFocus()

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def ask_if_idle(self) -> None:
        """A window that found nothing running begins with the question where data come from."""
        if self.source.model.link.state == "closed":
            self.choose_source()

    def choose_source(self) -> SourceDialog:
        dialog = SourceDialog(self)
        dialog.chosen.connect(self.source.open_source)
        dialog.disconnected.connect(self.source.close_source)
        dialog.open()
        return dialog

    def open_balance(self) -> BalanceView:
        """Balance tests; the page covers this one, so that nobody watches their CoP meanwhile."""
        self.source.model.coaching.pause(paused=True)
        page = BalanceView(self, self.source)
        page.closed.connect(lambda: self.source.model.coaching.pause(paused=False))
        page.pained.connect(self.practice.pain)
        page.setGeometry(self.geometry())
        page.fit(self._scale)
        page.open()
        return page

    def ask_weight(self) -> WeighDialog:
        dialog = WeighDialog(self, self.source.model.settings.participant.body_weight_n)
        dialog.weighed.connect(self.source.weigh)
        dialog.noted.connect(self._note_weight)
        dialog.open()
        return dialog

    def _note_weight(self, body_weight_n: float) -> None:
        participant = self.source.model.settings.participant
        self.source.change_participant(
            replace(participant, body_weight_n=body_weight_n, body_weight_source="typed")
        )

    def _change_shoe_size(self, size_eu: float) -> None:
        participant = self.source.model.settings.participant
        self.source.change_participant(
            replace(participant, shoe_size_eu=size_eu, foot_length_mm=None)
        )

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(a0)
        self._fit()

    def _fit(self) -> None:
        """Everything grows with the window, so that a big screen is read from further away."""
        scale = theme.scale_of(self.width(), self.height())
        if scale != self._scale:
            self._scale = scale
            self.setStyleSheet(theme.stylesheet(scale))
            self.view.fit(scale)
        self.help.cover()

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802 (Qt's name)
        if a0 is None:
            return
        if self._may_close or not self.source.model.recording.recording:
            self.source.leave()
            a0.accept()
        else:
            a0.ignore()
            self.ask_before_closing()

    def ask_before_closing(self) -> QMessageBox:
        """While something is being recorded, closing the window must not decide its fate."""
        box = QMessageBox(self)
        box.setWindowTitle("Recording")
        box.setText("A recording is running.")
        box.setInformativeText(
            "It does not need this window. Opening Solerig again takes it up where it is."
        )
        stop = box.addButton("Stop and keep it", QMessageBox.ButtonRole.AcceptRole)
        go_on = box.addButton(
            "Go on recording in the background", QMessageBox.ButtonRole.ActionRole
        )
        box.addButton("Back", QMessageBox.ButtonRole.RejectRole)

        def answered(_result: int) -> None:
            clicked = box.clickedButton()
            if clicked in (stop, go_on):
                self._close(stop_recording=clicked is stop)

        box.finished.connect(answered)
        box.open()
        return box

    def _close(self, *, stop_recording: bool) -> None:
        if stop_recording:
            self.source.stop_recording()
        self._may_close = True
        QTimer.singleShot(0, self.close)
