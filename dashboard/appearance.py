# SPDX-License-Identifier: GPL-3.0-or-later
"""One look on every system."""

from __future__ import annotations

from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from dashboard import theme


def dress(application: QApplication) -> None:
    """One look on every system: Fusion, dark."""
    application.setApplicationName("Solerig")
    application.setStyle("Fusion")
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, theme.PANEL),
        (role.WindowText, theme.TEXT),
        (role.Base, theme.FIELD),
        (role.AlternateBase, theme.PANEL),
        (role.Text, theme.TEXT),
        (role.Button, "#2a3340"),
        (role.ButtonText, theme.TEXT),
        (role.Highlight, theme.ACCENT),
        (role.HighlightedText, "#04121c"),
        (role.PlaceholderText, theme.TEXT_DIM),
        (role.ToolTipBase, theme.PANEL),
        (role.ToolTipText, theme.TEXT),
    ):
        palette.setColor(which, QColor(colour))
    application.setPalette(palette)
