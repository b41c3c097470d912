# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames whose newtons are looked up when somebody asks for them, weighted or not.

Analyses sum up what pads bear times their areas and hardly ever ask for a pad alone. A table of
products gives the same to the bit as products of what a table gives, and is far smaller.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.calibrate.divider import look_up_by_sensel
from rig.calibrate.force_block import Float64, ForceBlock


class ForceTable:
    """Newtons by count of every sensel, (32, counts), and the same times the weights last asked for."""

    __slots__ = ("_weighted_n", "_weights", "table_n")

    def __init__(self, table_n: Float64) -> None:
        self.table_n = table_n
        self._weights: Float64 | None = None
        self._weighted_n = table_n

    def weighted(self, weights: Float64) -> Float64:
        """(32, counts) times `weights` (2, 16); whoever asks keeps one array of them."""
        if weights is not self._weights:
            self._weights, self._weighted_n = weights, self.table_n * weights.reshape(-1, 1)
        return self._weighted_n


class LookedUpBlock(ForceBlock):
    """A `ForceBlock` of which no pad is masked or has drifted."""

    __slots__ = ("_present", "_rows", "_table")

    @classmethod
    def without_pads(
        cls,
        table: ForceTable,
        rows: npt.NDArray[np.uint16],
        present: npt.NDArray[np.bool_],
        **others: object,
    ) -> LookedUpBlock:
        """All fields but `pad_force_n`.

        Parameters
        ----------
        rows : (32, n)
            Counts in the order of the pads.
        present : (32,) bool
            Pads that have a sensor.
        """
        block = object.__new__(cls)
        fixed = {"masks": (), "mask_starts": ()}
        looked_up = {"_table": table, "_rows": rows, "_present": present}
        for name, value in (fixed | looked_up | others).items():
            object.__setattr__(block, name, value)
        return block

    def __getattr__(self, name: str) -> Float64:
        if name != "pad_force_n":
            raise AttributeError(name)
        pads_n = look_up_by_sensel(self._table.table_n, self._rows)
        pads_n[~self._present] = np.nan
        found = by_frame(pads_n)
        object.__setattr__(self, "pad_force_n", found)
        return found

    def cut(self, part: slice) -> ForceBlock:
        if not self._looks_up():
            return super().cut(part)
        return LookedUpBlock.without_pads(
            self._table,
            self._rows[:, part],
            self._present,
            segment=self.segment,
            t_s=self.t_s[part],
            frame_number=self.frame_number[part],
            end_offset=self.end_offset[part],
            flags=self.flags[part],
            lost_before=self.lost_before[part],
            findings=(),
        )

    def _looks_up(self) -> bool:
        """False of what `dataclasses.replace` made: it has all fields, and no more."""
        return getattr(self, "_rows", None) is not None

    def borne_n(self, weights: Float64) -> Float64:
        if (
            getattr(self, "_rows", None) is None
        ):  # `dataclasses.replace` made it, of its fields alone
            return super().borne_n(weights)
        rows_n = look_up_by_sensel(self._table.weighted(weights), self._rows)
        return _by_foot(rows_n)


def by_frame(pads_n: Float64) -> Float64:
    """(32, n) to (n, 2, 16), in the same memory."""
    return np.moveaxis(_by_foot(pads_n), -1, 0)


def _by_foot(rows_n: Float64) -> Float64:
    """(32, n) to (2, 16, n); n may be 0."""
    return rows_n.reshape(2, len(rows_n) // 2, rows_n.shape[1])
