# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the cells of a mat sit.

Mat frame: X mm to the person's right, Y mm forward, the origin at the left rear corner of the field,
so that row 0 is at the person's heels and column 0 at their left. A board may scan only a rectangle of
cells; its samples are that rectangle's rows, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError
from rig.layout.foot import Float64

Int64 = npt.NDArray[np.int64]

_SIZES: dict[int, tuple[int, int, float]] = {2: (16, 16, 25.0), 3: (32, 32, 12.5)}
"""Rows, columns and pitch by the wire's layout id. Both fields measure 400 mm x 400 mm, room for two
adult feet (design choice)."""


class MatRegion(Protocol):
    """What a HELLO says of a mat."""

    @property
    def layout_id(self) -> int: ...
    @property
    def first_row(self) -> int: ...
    @property
    def row_count(self) -> int: ...
    @property
    def first_column(self) -> int: ...
    @property
    def column_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class MatLayout:
    """A mat's cells, or the rectangle of them that is scanned.

    Sensel index = row * columns + column; the row grows forward, the column to the right. Sample k of
    a scan is cell `sensel[k]`.

    Attributes
    ----------
    rows, columns : int
        Of the whole mat.
    pitch_mm : float
        From one cell to the next, both ways; a cell is a square of this side.
    first_row, first_column : int
        Where the scanned rectangle begins.
    row_count, column_count : int
        Its size; 0 means as far as the mat goes.

    Raises
    ------
    SettingsError
        The rectangle is not on the mat.
    """

    rows: int
    columns: int
    pitch_mm: float
    first_row: int = 0
    row_count: int = 0
    first_column: int = 0
    column_count: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "row_count", self.row_count or self.rows - self.first_row)
        object.__setattr__(self, "column_count", self.column_count or self._columns_left)
        rows_fit = 0 <= self.first_row < self.first_row + self.row_count <= self.rows
        columns_fit = 0 <= self.first_column < self.first_column + self.column_count <= self.columns
        if not (rows_fit and columns_fit):
            raise SettingsError(
                f"Rows {self.first_row} to {self.first_row + self.row_count - 1} and columns "
                f"{self.first_column} to {self.first_column + self.column_count - 1} are not on a mat "
                f"of {self.rows} x {self.columns} cells; choose a region within it."
            )

    @property
    def _columns_left(self) -> int:
        return self.columns - self.first_column

    @property
    def sensel_count(self) -> int:
        """Samples in one scan of the rectangle."""
        return self.row_count * self.column_count

    @property
    def cell_area_mm2(self) -> float:
        return self.pitch_mm**2

    @property
    def field_mm(self) -> tuple[float, float]:
        """Width (X) and length (Y) of the whole mat."""
        return self.columns * self.pitch_mm, self.rows * self.pitch_mm

    @property
    def sensel(self) -> Int64:
        """(samples,) index on the whole mat of each sample of the rectangle."""
        return _cells(self)[0]

    @property
    def place_mm(self) -> Float64:
        """(samples, 2) centre of each sample's cell in the mat frame, X then Y."""
        return _cells(self)[1]

    def grid(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """View (..., samples) as (..., row_count, column_count)."""
        return values.reshape(*values.shape[:-1], self.row_count, self.column_count)


@lru_cache(maxsize=32)
def _cells(layout: MatLayout) -> tuple[Int64, Float64]:
    row = np.arange(layout.first_row, layout.first_row + layout.row_count)
    column = np.arange(layout.first_column, layout.first_column + layout.column_count)
    rows, columns = (g.ravel() for g in np.meshgrid(row, column, indexing="ij"))
    sensel: Int64 = (rows * layout.columns + columns).astype(np.int64)
    place = (np.column_stack((columns, rows)).astype(np.float64) + 0.5) * layout.pitch_mm
    for array in (sensel, place):
        array.setflags(write=False)
    return sensel, place


def mat_layout(hello: MatRegion) -> MatLayout:
    """The cells that a mat's HELLO speaks of, its region of interest included.

    Raises
    ------
    SettingsError
        It is the layout of no known mat, or its region is not on it.
    """
    if hello.layout_id not in _SIZES:
        raise SettingsError(
            f"The board reports layout {hello.layout_id}, which is no mat that this version knows; "
            "update this program or flash the board again."
        )
    rows, columns, pitch_mm = _SIZES[hello.layout_id]
    return MatLayout(
        rows,
        columns,
        pitch_mm,
        hello.first_row,
        hello.row_count,
        hello.first_column,
        hello.column_count,
    )
