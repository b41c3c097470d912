# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for the body weight that the sum of both feet is scaled to."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QLabel, QWidget

from dashboard.widgets.panel import without_icons
from rig.settings import STANDARD_GRAVITY_M_S2, body_weight_n


class WeighDialog(QDialog):
    """Emits `weighed` or, when nobody can stand still now, `noted` with the weight in newtons."""

    weighed = pyqtSignal(float)
    noted = pyqtSignal(float)

    def __init__(self, parent: QWidget, known_weight_n: float | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Weigh")
        self.mass_kg = QDoubleSpinBox()
        self.mass_kg.setRange(15.0, 250.0)
        self.mass_kg.setDecimals(1)
        self.mass_kg.setSuffix(" kg")
        self.mass_kg.setAccessibleName("Body weight in kilograms")
        self.mass_kg.setValue((known_weight_n or body_weight_n(70.0)) / STANDARD_GRAVITY_M_S2)
        form = QFormLayout(self)
        explanation = QLabel(
            "Type the weight from a scale, shoes on. Then let the person stand still\n"
            "on both feet while the forces are scaled to it."
        )
        form.addRow(explanation)
        form.addRow("Body weight", self.mass_kg)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        without_icons(self.buttons)
        ok = self.buttons.button(kinds.Ok)
        if ok is not None:
            ok.setText("Weigh now")
        self.only_note = self.buttons.addButton(
            "Only note it", QDialogButtonBox.ButtonRole.ActionRole
        )
        if self.only_note is not None:
            self.only_note.clicked.connect(self._note)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.weighed.emit(body_weight_n(self.mass_kg.value())))
        form.addRow(self.buttons)

    def _note(self) -> None:
        self.noted.emit(body_weight_n(self.mass_kg.value()))
        self.close()
