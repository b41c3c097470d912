# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks who practises: a pseudonym, never a name, and what was practised stays on this computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from dashboard.programme_model import known_pseudonyms
from dashboard.widgets.choice_box import ChoiceBox
from dashboard.widgets.panel import without_icons
from rig.errors import SettingsError
from rig.record.programme_log import programme_path


class PersonDialog(QDialog):
    """Emits `named` with a pseudonym, or with nothing for nobody."""

    named = pyqtSignal(str)

    def __init__(self, parent: QWidget, folder: Path, pseudonym: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who practises")
        self._folder = folder
        self.pseudonym = ChoiceBox()
        self.pseudonym.setEditable(True)
        self.pseudonym.setAccessibleName("Pseudonym")
        known: Sequence[str] = known_pseudonyms(folder)
        self.pseudonym.addItems(known)
        self.pseudonym.setCurrentText(pseudonym)
        form = QFormLayout(self)
        form.addRow(
            QLabel(
                "A code such as P07, never a name. Sets, pain and its end are kept under it, on\n"
                "this computer alone. The list of who is who belongs somewhere else."
            )
        )
        form.addRow("Pseudonym", self.pseudonym)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName("What is wrong")
        form.addRow(self.problem)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        without_icons(self.buttons)
        self.nobody = self.buttons.addButton("Nobody", QDialogButtonBox.ButtonRole.ActionRole)
        if self.nobody is not None:
            self.nobody.clicked.connect(self._name_nobody)
        self.buttons.accepted.connect(self._name)
        self.buttons.rejected.connect(self.reject)
        form.addRow(self.buttons)

    def _name(self) -> None:
        pseudonym = self.pseudonym.currentText().strip()
        try:
            programme_path(self._folder, pseudonym)
        except SettingsError as error:
            self.problem.setText(str(error))
            return
        self.named.emit(pseudonym)
        self.accept()

    def _name_nobody(self) -> None:
        self.named.emit("")
        self.accept()
