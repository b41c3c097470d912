# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sensels sit, which region each belongs to, and the outline of a foot."""

from rig.layout.foot import (
    Foot,
    Region,
    foot_length_mm,
    foot_outline,
    foot_width_mm,
)
from rig.layout.insole import InsoleLayout, insole_layout
from rig.layout.mat import MatLayout, mat_layout

__all__ = [
    "Foot",
    "InsoleLayout",
    "MatLayout",
    "Region",
    "foot_length_mm",
    "foot_outline",
    "foot_width_mm",
    "insole_layout",
    "mat_layout",
]
