# SPDX-License-Identifier: GPL-3.0-or-later
"""Sneak paths of a matrix: what its readings say of current that goes where the circuit knows none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SneakPaths:
    """What redundant scans and impossible conductances show.

    Attributes
    ----------
    columns : (columns,) bool
        Driving all rows together reads something else than the rows one by one add up to.
    undriven : (columns,) bool
        The column reads something with no row driven.
    negative : (rows, columns) bool
        Cells whose conductance comes out below zero by more than noise can.
    worst_lsb : float
        Largest disagreement of the redundant scans, in counts.
    """

    columns: Bool
    undriven: Bool
    negative: Bool
    worst_lsb: float

    @property
    def found(self) -> bool:
        return bool(self.columns.any() or self.undriven.any() or self.negative.any())


def sneak_paths(
    counts: Float64,
    all_rows: Float64,
    no_row: Float64,
    conductance_us: Float64,
    *,
    rest_count: float = 0.0,
    noise_lsb: float = 0.5,
    noise_us: float = 1.0,
) -> SneakPaths:
    """Compare a scan with two redundant ones of the same load.

    A linear network whose idle rows are held obeys superposition: a column's readings by single rows add
    up to the one with all rows driven. Idle rows that are not held, a torn ground, or a film that does
    not obey Ohm's law break it (theorem of superposition; the tolerances are design choices).

    Parameters
    ----------
    counts : (rows, columns)
        Scan with one row driven after the other.
    all_rows, no_row : (columns,)
        Scans with all rows driven, and with none.
    conductance_us : (rows, columns)
        Of `cell_conductance_us` for the same scan.
    rest_count : float
        What an unloaded cell reads.
    noise_lsb, noise_us : float
        Largest error of one reading and of one empty cell's conductance.
    """
    rows = counts.shape[0]
    summed = (counts - rest_count).sum(axis=0)
    apart = np.abs(summed - (all_rows - rest_count))
    idle = np.abs(no_row - rest_count)
    return SneakPaths(
        columns=apart > noise_lsb * (rows + 1),
        undriven=idle > 2.0 * noise_lsb,
        negative=negative_cells(conductance_us, noise_us),
        worst_lsb=float(max(apart.max(initial=0.0), idle.max(initial=0.0))),
    )


def negative_cells(conductance_us: Float64, noise_us: float) -> Bool:
    """Cells below zero by more than noise: no resistor can do that, so another path carries current."""
    return conductance_us < -noise_us
