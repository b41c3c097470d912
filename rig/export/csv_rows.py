# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads as lines of text, thousands of frames at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64
from rig.contact.mat_loads import MatLoadBlock
from rig.contact.results import LoadBlock
from rig.export.layout_columns import column_names
from rig.layout.insole import SENSOR_NAMES

DECIMALS = {"t_s": 6, "_N": 3, "_mm": 2, "_deg": 1, "_contact": 0, "_r": 3, "flags": 0}
"""Decimals by the end of a column's name: a microsecond, a millinewton, a hundredth of a millimetre;
each below what a 10-bit pad resolves (design choice)."""
PADS = len(SENSOR_NAMES)


def decimals_of(column: str) -> int:
    """How many decimals a column is printed with."""
    return next(d for end, d in DECIMALS.items() if column.endswith(end))


def insole_table(load: LoadBlock, on_ground: npt.NDArray[np.bool_]) -> Float64:
    """(n, columns) in the order of `column_names`, NaN where undefined.

    Parameters
    ----------
    load : LoadBlock
    on_ground : (n, 2) bool
    """
    feet = [
        (
            load.insole_force.pad_force_n[:, foot, :],
            load.foot_force_n[:, foot, None],
            load.foot_cop_mm[:, foot, :],
            on_ground[:, foot, None].astype(np.float64),
        )
        for foot in (0, 1)
    ]
    return np.column_stack(
        (
            load.force.t_s,
            *feet[0],
            *feet[1],
            load.cop_mm,
            load.force.flags.astype(np.float64),
        )
    )


def mat_table(load: MatLoadBlock, on_ground: npt.NDArray[np.bool_]) -> Float64:
    """(n, columns) of a mat in the order of `column_names`; cells that were not scanned are NaN.

    Parameters
    ----------
    load : MatLoadBlock
    on_ground : (n, 2) bool
    """
    layout, n = load.force.layout, len(load)
    cells_n = np.full((n, layout.rows * layout.columns), np.nan)
    cells_n[:, layout.sensel] = load.force.cell_force_n.reshape(n, -1)
    feet = [
        (
            load.foot_force_n[:, foot, None],
            load.foot_cop_mm[:, foot, :],
            on_ground[:, foot, None].astype(np.float64),
            load.heel_mm[:, foot, :],
            load.toe_out_deg[:, foot, None],
        )
        for foot in (0, 1)
    ]
    flags = load.force.flags.astype(np.float64)
    return np.column_stack((load.force.t_s, cells_n, *feet[0], *feet[1], load.cop_mm, flags))


def load_table(load: LoadBlock, on_ground: npt.NDArray[np.bool_]) -> Float64:
    """The table of whichever rig the loads come from."""
    if isinstance(load, MatLoadBlock):
        return mat_table(load, on_ground)
    return insole_table(load, on_ground)


class RowPrinter:
    """Prints tables whose columns are those of `columns`."""

    def __init__(self, columns: tuple[str, ...] | None = None) -> None:
        names = columns or column_names()
        self._decimals = [decimals_of(name) for name in names]
        self._line = ",".join(f"%.{d}f" for d in self._decimals) + "\n"
        self._half_units = np.array([0.5 * 10.0**-d for d in self._decimals])

    def text(self, table: Float64) -> str:
        """One line a frame; NaN prints as nothing, and what rounds to nothing as 0, never -0."""
        tidy = np.where(np.abs(table) <= self._half_units, 0.0, table)
        # one format for all rows: eight times as fast as one a row, and no letters but nan's in it
        filled = (self._line * len(tidy)) % tuple(tidy.ravel().tolist())
        return filled.replace("nan", "")
