# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours, sizes and the style sheet; no Qt, so that models and tests can read it.

Dark, because a bright wall of light beside a mirror disturbs. Colours that carry meaning come from the
Okabe-Ito set (distinguishable under the common colour deficiencies) and never stand alone: a word, a
letter or a shape says the same.
"""

from __future__ import annotations

BACKGROUND = "#12161c"
PANEL = "#1b212a"
PANEL_EDGE = "#303a47"
FIELD = "#0d1014"
TEXT = "#f1f4f8"
TEXT_DIM = "#a7b2c0"
ACCENT = "#56b4e9"

HEEL = "#e69f00"
BALL = "#56b4e9"
FOOT = "#46525f"
EMPTY_SOLE = "#272e38"
COP = "#ffffff"
COP_BOTH = "#ff6fcf"
MARKER = "#cc79a7"

GOOD = "#2bb98a"
WARNING = "#f0c419"
BAD = "#f0452f"
STALE = "#59626e"

ALARM_FILL = {"none": "#0f5c46", "kiss": "#f0c419", "load": "#d8210f"}
ALARM_INK = {"none": "#d9fff2", "kiss": "#201a00", "load": "#ffffff"}
CUE_FILL = {"reward": "#0f5c46", "hint": "#39424e", "warning": "#f0c419", "fault": "#d8210f"}
CUE_INK = {"reward": "#d9fff2", "hint": "#f1f4f8", "warning": "#201a00", "fault": "#ffffff"}
GATE_FILL = {"pain": "#7a1a10", "locked": "#0d1014", "caution": "#4a3b00"}
BADGE_FILL = {"none": "#39424e", "simulated": "#a4317f", "replay": "#1f6fb2", "real": "#0b7a54"}
SEVERITY_INK = {"normal": TEXT, "good": GOOD, "warning": WARNING, "bad": "#ff7a66"}
MESSAGE_FILL = {"note": PANEL, "done": "#0f4a3a", "problem": "#7a1a10"}

MAP_COLOURS = "viridis"
"""Sequential, even to the eye, and readable with every common colour deficiency."""

BASE_WIDTH, BASE_HEIGHT = 1280, 800
SMALLEST_TEXT_PX = 12


def scale_of(width: int, height: int) -> float:
    """How much larger than at 1280 x 800 everything is drawn, in steps of 0.05."""
    raw = min(width / BASE_WIDTH, height / BASE_HEIGHT)
    return max(0.9, min(3.0, round(raw * 20.0) / 20.0))


def stylesheet(scale: float) -> str:
    """The window's style sheet with sizes for `scale`."""

    def px(size: float) -> str:
        return f"{round(size * scale)}px"

    return f"""
* {{ font-family: "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
     font-size: {px(14)}; color: {TEXT}; }}
QMainWindow, QDialog, QMessageBox, #canvas {{ background: {BACKGROUND}; }}
#panel {{ background: {PANEL}; border: 1px solid {PANEL_EDGE}; border-radius: {px(6)}; }}
#panel_title {{ color: {TEXT_DIM}; font-size: {px(13)}; font-weight: 600; }}
#dim {{ color: {TEXT_DIM}; font-size: {px(12.5)}; }}
#figure_value {{ font-size: {px(15)}; font-weight: 600; }}
#drill_state {{ font-size: {px(18)}; font-weight: 600; }}
#badge {{ font-size: {px(19)}; font-weight: 800; border-radius: {px(6)}; padding: 0 {px(12)};
          letter-spacing: 1px; }}
#message {{ border-radius: {px(4)}; padding: 0 {px(10)}; font-size: {px(14)}; }}
QPushButton {{ background: #2a3340; border: 1px solid #46536388; border-radius: {px(5)};
               padding: 0 {px(10)}; min-height: {px(34)}; }}
QPushButton:hover {{ background: #364252; }}
QPushButton:focus {{ border: 2px solid {ACCENT}; }}
QPushButton:checked {{ background: {ACCENT}; color: #04121c; }}
QPushButton:disabled {{ color: #77828f; background: #20262f; }}
QPushButton#pain {{ font-weight: 700; background: #7a1a10; }}
QPushButton#record {{ font-weight: 700; }}
QPushButton#record[recording="true"] {{ background: {BAD}; color: #ffffff; }}
QRadioButton::indicator {{ width: {px(14)}; height: {px(14)}; border: 2px solid {TEXT_DIM};
               border-radius: {px(9)}; background: {FIELD}; }}
QRadioButton::indicator:checked {{ background: {ACCENT}; }}
QRadioButton:focus {{ color: {ACCENT}; }}
QDoubleSpinBox, QLineEdit {{ min-height: {px(28)}; }}
QComboBox {{ background: #2a3340; border: 1px solid #46536388; border-radius: {px(5)};
             padding: 0 {px(8)}; min-height: {px(34)}; }}
QComboBox:focus {{ border: 2px solid {ACCENT}; }}
QComboBox:disabled {{ color: #77828f; background: #20262f; }}
QComboBox::drop-down {{ border: none; width: {px(18)}; }}
QComboBox QAbstractItemView {{ background: {PANEL}; border: 1px solid {PANEL_EDGE}; }}
QToolTip {{ background: {PANEL}; color: {TEXT}; border: 1px solid {PANEL_EDGE}; }}
"""
