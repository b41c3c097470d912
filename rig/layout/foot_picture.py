# SPDX-License-Identifier: GPL-3.0-or-later
"""A foot in letters, for terminals: where each sensor sits, and one of them marked."""

from __future__ import annotations

from rig.layout.foot import Foot
from rig.layout.insole import SENSOR_NAMES, SENSOR_XY

SENSOR_WORDS: dict[str, str] = {
    "HB": "the back of the heel",
    "HM": "the inner side of the heel",
    "HL": "the outer side of the heel",
    "HF": "the front of the heel",
    "AM": "the inner arch",
    "LP": "the outer edge, middle of the foot",
    "LD": "the outer edge, just behind the little toe's ball",
    "MT1": "the ball, behind the big toe",
    "MT2": "the ball, behind the second toe",
    "MT3": "the ball, behind the middle toe",
    "MT4": "the ball, behind the fourth toe",
    "MT5": "the ball, behind the little toe",
    "HX": "the big toe",
    "T2": "the second toe",
    "T34": "the third and fourth toes",
    "T5": "the little toe",
}
SENSEL_NAMES: tuple[str, ...] = tuple(
    f"{letter}_{name}" for letter in ("L", "R") for name in SENSOR_NAMES
)
"""By sensel index; also the nets' names in the wiring table."""

ROWS = 17
COLUMNS = 38
_LEFT_EDGE = 2


def sensel_words(sensel: int) -> str:
    """For example "left foot: the inner arch (L_AM)"."""
    foot = Foot(sensel // len(SENSOR_NAMES)).name.lower()
    name = SENSOR_NAMES[sensel % len(SENSOR_NAMES)]
    return f"{foot} foot: {SENSOR_WORDS[name]} ({SENSEL_NAMES[sensel]})"


def foot_picture(foot: Foot, marked: int | None = None) -> str:
    """The foot from above, toes up, one name a sensor, under a line that says so.

    Parameters
    ----------
    marked : int, optional
        Channel of the sensor shown as >NAME<.
    """
    rows = [[" "] * COLUMNS for _ in range(ROWS)]
    side = 1.0 if foot == Foot.RIGHT else -1.0
    places = sorted(range(len(SENSOR_NAMES)), key=lambda channel: channel == marked)
    for channel in places:
        x, y = SENSOR_XY[channel]
        label = f">{SENSOR_NAMES[channel]}<" if channel == marked else f" {SENSOR_NAMES[channel]} "
        row = round((1.0 - float(y)) * ROWS / 0.98) - 1
        middle = _LEFT_EDGE + round((0.5 + side * float(x)) * (COLUMNS - 2 * _LEFT_EDGE))
        start = min(max(middle - len(label) // 2, 0), COLUMNS - len(label))
        rows[min(max(row, 0), ROWS - 1)][start : start + len(label)] = label
    lines = ["".join(row).rstrip() for row in rows]
    return "\n".join([f"{foot.name.lower()} foot from above, toes up", *lines])
