# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses where the data come from; ports are listed in a thread, since a driver may take seconds."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from dashboard.drill_model import drill_words
from dashboard.source_model import SourceChoice, port_label, port_sentence, spec_of
from dashboard.widgets.panel import dim_label, without_icons
from rig.acquire.messages import SourceKind
from rig.acquire.ports import PortCandidate, candidate_ports
from rig.drills.registry import drill_names
from rig.errors import SettingsError

_CHOICES: tuple[tuple[SourceKind, str], ...] = (
    ("auto", "Find the board by itself"),
    ("serial", "This port"),
    ("simulated", "A simulated person"),
    ("recording", "A recording"),
)


class SourceDialog(QDialog):
    """Emits `chosen` with a `SourceSpec`, or `disconnected`."""

    chosen = pyqtSignal(object)
    disconnected = pyqtSignal()
    _listed = pyqtSignal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Source")
        self.setMinimumWidth(round(0.62 * parent.width()))
        self.kinds: dict[SourceKind, QRadioButton] = {
            kind: QRadioButton(text) for kind, text in _CHOICES
        }
        self.kinds["auto"].setChecked(True)
        self.port = QComboBox()
        self.port.setEditable(True)
        self.port.setAccessibleName("Port, or any pyserial address")
        self.port_about = dim_label("")
        self.port_about.setWordWrap(True)
        self._sentences: dict[str, str] = {}
        self.rescan = QPushButton("Look again")
        self.drill = QComboBox()
        self.drill.setAccessibleName("Drill of the simulated person")
        self.drill.addItem("all drills in turn", None)
        for name in drill_names():
            self.drill.addItem(drill_words(name).title, name)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("folder of a recording")
        self.folder.setAccessibleName("Folder of the recording")
        self.browse = QPushButton("Browse...")
        self.problem = dim_label("")
        self.problem.setWordWrap(True)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        without_icons(self.buttons)
        self.disconnect_button = QPushButton("Disconnect")
        self.buttons.addButton(self.disconnect_button, QDialogButtonBox.ButtonRole.ResetRole)
        self._lay_out()
        self._join()
        self.look_for_ports()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        lines: tuple[tuple[QWidget, ...], ...] = (
            (self.kinds["auto"],),
            (self.kinds["serial"], self.port, self.rescan),
            (self.port_about,),
            (self.kinds["simulated"], self.drill),
            (self.kinds["recording"], self.folder, self.browse),
            (self.problem,),
            (self.buttons,),
        )
        for row, (first, *rest) in enumerate(lines):
            if first is self.port_about:
                grid.addWidget(first, row, 1)
            elif not rest:
                grid.addWidget(first, row, 0, 1, 2)
            else:
                grid.addWidget(first, row, 0)
                grid.addLayout(_line(rest), row, 1)

    def _join(self) -> None:
        self.rescan.clicked.connect(self.look_for_ports)
        self.browse.clicked.connect(self._browse)
        self._listed.connect(self._show_ports)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self.disconnect_button.clicked.connect(self._disconnect)
        self.port.editTextChanged.connect(self._tell_port)
        self.port.editTextChanged.connect(lambda _: self._select_if_focused("serial", self.port))
        self.port.activated.connect(lambda _: self.kinds["serial"].setChecked(True))
        self.drill.activated.connect(lambda _: self.kinds["simulated"].setChecked(True))
        self.folder.textEdited.connect(lambda _: self.kinds["recording"].setChecked(True))

    def _select_if_focused(self, kind: SourceKind, widget: QWidget) -> None:
        """Typing into a row chooses it; being filled by the program does not."""
        if widget.hasFocus():
            self.kinds[kind].setChecked(True)

    def _tell_port(self, text: str) -> None:
        """What is known of the port that the list shows; nothing of a typed one."""
        sentence = self._sentences.get(text, "")
        self.port_about.setText(sentence)
        self.port.setToolTip(sentence)

    def look_for_ports(self) -> None:
        self.rescan.setEnabled(False)
        self.rescan.setText("Looking...")
        threading.Thread(target=self._list_ports, name="list ports", daemon=True).start()

    def _list_ports(self) -> None:
        ports = candidate_ports()
        try:
            self._listed.emit(ports)
        except RuntimeError:  # the dialog was closed meanwhile and its C++ half is gone
            return

    def _show_ports(self, ports: list[PortCandidate]) -> None:
        typed = self.port.currentText() if self.port.currentIndex() < 0 else ""
        self.port.clear()
        self._sentences = {port_label(c): port_sentence(c) for c in ports}
        for row, candidate in enumerate(ports):
            self.port.addItem(port_label(candidate), candidate.device)
            self.port.setItemData(row, port_sentence(candidate), Qt.ItemDataRole.ToolTipRole)
        self._tell_port(self.port.currentText())
        if typed or not ports:
            self.port.setCurrentIndex(-1)
            self.port.setEditText(typed)
        line = self.port.lineEdit()
        if line is not None:
            line.setCursorPosition(0)
        self.rescan.setText("Look again")
        self.rescan.setEnabled(True)

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Open a recording", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._take_folder)
        dialog.open()

    def _take_folder(self, folder: str) -> None:
        self.folder.setText(folder)
        self.kinds["recording"].setChecked(True)

    def choice(self) -> SourceChoice:
        kind: SourceKind = next(kind for kind, _ in _CHOICES if self.kinds[kind].isChecked())
        index = self.port.currentIndex()
        listed = index >= 0 and self.port.currentText() == self.port.itemText(index)
        port = self.port.itemData(index) if listed else self.port.currentText()
        return SourceChoice(kind, port, self.drill.currentData(), self.folder.text())

    def _disconnect(self) -> None:
        self.disconnected.emit()
        self.reject()

    def _choose(self) -> None:
        try:
            spec = spec_of(self.choice())
        except SettingsError as error:
            self.problem.setText(str(error))
            return
        self.chosen.emit(spec)
        self.accept()


def _line(widgets: Sequence[QWidget]) -> QHBoxLayout:
    """The first takes the room that the others leave."""
    line = QHBoxLayout()
    for number, widget in enumerate(widgets):
        line.addWidget(widget, 0 if number else 1)
    return line
