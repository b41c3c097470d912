# SPDX-License-Identifier: GPL-3.0-or-later
"""A framed part of the window, the labels and buttons that stand in it, and plain dialog buttons."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)


def panel() -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 8)
    layout.setSpacing(6)
    return frame, layout


def title_label(text: str) -> QLabel:
    return _label(text, "panel_title")


def dim_label(text: str) -> QLabel:
    return _label(text, "dim")


def without_icons(buttons: QDialogButtonBox) -> None:
    """Some desktops put coloured icons onto OK and Cancel; nothing else here has any."""
    for button in buttons.buttons():
        button.setIcon(QIcon())


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label


def explained_button(text: str, explanation: str) -> QPushButton:
    """Its explanation is for the mouse and for screen readers; only Tab gives it the focus."""
    button = QPushButton(text)
    button.setToolTip(explanation)
    button.setAccessibleName(explanation)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
