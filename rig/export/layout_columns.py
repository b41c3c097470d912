# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the force columns for each sensel layout."""

from __future__ import annotations

from rig.layout.insole import SENSOR_NAMES
from rig.wire.packets import LayoutId

FOOT_LETTERS = ("L", "R")


def mat_column_names(rows: int, columns: int) -> tuple[str, ...]:
    """`M_r00_c00_N` ... in row order."""
    return tuple(f"M_r{r:02d}_c{c:02d}_N" for r in range(rows) for c in range(columns))


def insole_column_names(foot_letter: str) -> tuple[str, ...]:
    """All columns of one foot: pads, foot force, CoP in the foot's frame, contact."""
    pads = tuple(f"{foot_letter}_{name}_N" for name in SENSOR_NAMES)
    foot = ("F_N", "copx_mm", "copy_mm", "contact")
    return (*pads, *(f"{foot_letter}_{name}" for name in foot))


MAT_FOOT = ("F_N", "copx_mm", "copy_mm", "contact", "heelx_mm", "heely_mm", "toeout_deg")
"""Of one foot on a mat: force, CoP in the foot's own frame, contact, and where it stands."""


def mat_foot_column_names(foot_letter: str) -> tuple[str, ...]:
    """All columns of one foot that a mat sees."""
    return tuple(f"{foot_letter}_{name}" for name in MAT_FOOT)


def column_names(layout: LayoutId = LayoutId.INSOLES_16) -> tuple[str, ...]:
    """Every column of the CSV in order; a mat's cells stand before the feet that were found on it."""
    match layout:
        case LayoutId.INSOLES_16:
            cells = tuple(n for letter in FOOT_LETTERS for n in insole_column_names(letter))
        case LayoutId.MAT_16X16:
            cells = (*mat_column_names(16, 16), *_both_feet())
        case LayoutId.MAT_32X32:
            cells = (*mat_column_names(32, 32), *_both_feet())
    return ("t_s", *cells, "X_mm", "Y_mm", "flags")


def _both_feet() -> tuple[str, ...]:
    return tuple(name for letter in FOOT_LETTERS for name in mat_foot_column_names(letter))
