# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mat's circuit makes of its cells: conductances in, voltages at the converter out.

A matrix of resistors between rows and columns; one row is driven, one column is read. Three circuits:
virtual ground (columns and idle rows rest at a reference), idle rows grounded through their drivers, and
idle rows floating. Each is solved by nodal analysis; conductances are in siemens inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.layout.foot import Float64
from rig.wire.packets import Topology

AMPLIFIER_RAIL = 1005.0 / 1024.0
"""Of the supply: as far as a column's amplifier reaches (the circuit's own simulation)."""


@dataclass(frozen=True, slots=True)
class MatFront:
    """The parts of one mat's front end; what its topology does not have is 0.

    Attributes
    ----------
    row_ohm : driver of the row in use, and of idle rows where they are grounded.
    row_idle_ohm : from every row to the reference.
    reference_ratio, reference_ohm : the reference over the supply, and what it stands behind.
    column_ohm : feedback of a virtual ground, pull-down of a divider.
    mux_ohm : of the multiplexer before a divider's pull-down.
    """

    topology: Topology
    row_ohm: float
    column_ohm: float
    row_idle_ohm: float = 0.0
    reference_ratio: float = 0.0
    reference_ohm: float = 0.0
    mux_ohm: float = 0.0

    def ratio(self, conductance_us: Float64) -> Float64:
        """Voltage of each reading over the supply.

        Parameters
        ----------
        conductance_us : (n, rows, columns) float64

        Returns
        -------
        (n, rows, columns) float64
        """
        siemens = conductance_us * 1e-6
        if self.topology == Topology.MATRIX_VIRTUAL_GROUND:
            return self._virtual_ground(siemens)
        if self.topology == Topology.MATRIX_GROUNDED_ROWS:
            return self._grounded_rows(siemens)
        return self._floating_rows(siemens)

    def _virtual_ground(self, siemens: Float64) -> Float64:
        """The row is pulled to ground against its cells and its own resistor to the reference, which
        sags by what that resistor draws; a column's amplifier answers the current of its cell."""
        load = siemens.sum(axis=-1, keepdims=True) + 1.0 / self.row_idle_ohm
        left = 1.0 / (1.0 + self.row_ohm * load)
        sag = 1.0 + self.reference_ohm * left / self.row_idle_ohm
        ratio = self.reference_ratio / sag * (1.0 + self.column_ohm * left * siemens)
        return np.minimum(ratio, AMPLIFIER_RAIL)

    def _grounded_rows(self, siemens: Float64) -> Float64:
        """Columns without a load are eliminated, which leaves one matrix of rows for all readings of a
        frame; the pull-down of the column that is read changes it by rank one (Sherman-Morrison)."""
        drive, sink = 1.0 / self.row_ohm, 1.0 / (self.mux_ohm + self.column_ohm)
        total = siemens.sum(axis=-2, keepdims=True)
        part = np.divide(siemens, total, out=np.zeros_like(siemens), where=total > 0.0)
        network = -siemens @ np.swapaxes(part, -1, -2)
        diagonal = np.arange(siemens.shape[-2])
        network[:, diagonal, diagonal] += drive + siemens.sum(axis=-1)
        reached = np.linalg.solve(network, siemens)
        inverse_total = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
        less = (inverse_total - 1.0 / (total + sink)) * (total > 0.0)
        reached /= 1.0 + less * (siemens * reached).sum(axis=-2, keepdims=True)
        return drive * reached / (total + sink) * sink * self.column_ohm

    def _floating_rows(self, siemens: Float64) -> Float64:
        """Driver, matrix and pull-down in series: two-point resistance of the whole matrix."""
        rows, columns = siemens.shape[-2:]
        network = np.zeros((len(siemens), rows + columns, rows + columns))
        network[:, :rows, rows:] = -siemens
        network[:, rows:, :rows] = -np.swapaxes(siemens, -1, -2)
        node = np.arange(rows + columns)
        network[:, node, node] = -network.sum(axis=-1) + _LEAK_S
        inverse = np.linalg.inv(network)
        own = inverse[:, node, node]
        between = own[:, :rows, None] + own[:, None, rows:] - 2.0 * inverse[:, :rows, rows:]
        return self.column_ohm / (self.row_ohm + between + self.mux_ohm + self.column_ohm)


_LEAK_S = 1e-12
"""From every node to nowhere: parts of the matrix that nothing joins stay solvable. A thousandth of a
millionth of the lightest cell of interest."""

VIRTUAL_GROUND = MatFront(
    Topology.MATRIX_VIRTUAL_GROUND,
    row_ohm=5.0,
    column_ohm=3000.0,
    row_idle_ohm=220.0,
    reference_ratio=0.25,
    reference_ohm=10.0,
)
"""Of the mats as drawn: open-drain row drivers, an amplifier for each column."""
GROUNDED_ROWS = MatFront(
    Topology.MATRIX_GROUNDED_ROWS, row_ohm=150.0, column_ohm=1000.0, mux_ohm=70.0
)
"""Of the cheap mat: 100 ohm and a shift register's output in each row, one multiplexer and pull-down."""
FLOATING_ROWS = MatFront(
    Topology.MATRIX_FLOATING_ROWS, row_ohm=150.0, column_ohm=1000.0, mux_ohm=70.0
)
"""Of no mat of this project: what others build when rows are switched to open."""
