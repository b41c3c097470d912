# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of a matrix of sensels to the conductance of each cell, ghosts removed.

A matrix shares its wires: what one cell reads depends on the others. Each front end is solved for the
cells from its own circuit, drawn in `hardware_schematics`; nothing is fitted. Everything here works
frame by frame, element by element, so that it serves the stream as it is.

Virtual ground. Columns rest at the reference, so that cells of other rows carry no current. What is left
is the row's driver, which the row's cells share, and the row's own resistor, which loads the reference;
both follow from the row's sum of readings, in closed form.

Idle rows grounded. Each column is a divider of all its cells. With every row's resistor known, the
column's open voltages are its readings over their sum (superposition: all rows driven together bring an
open column to the supply), and that sum gives the column's resistance as seen from the multiplexer. The
conductances that have both are found by a contraction that starts from rows without resistance, where
it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64
from rig.errors import SettingsError
from rig.layout.mat import mat_layout
from rig.wire.packets import Hello, RigKind, Topology

ROW_DRIVER_OHM = 5.0
"""Open-drain row driver TPIC6B595, typical at 25 degrees C (data sheet)."""
ROW_IDLE_OHM = 220.0
"""From each row to the reference, so that idle rows rest there."""
REFERENCE_OHM = 10.0
"""Between the reference's buffer and the rows."""
PLAIN_ROW_OHM = 150.0
"""Build without amplifiers: 100 ohm in each row and about 50 ohm inside a 74HC595's output."""
HIGHEST_COLUMN_SUM = 0.98
"""Of the supply, in a column's readings: more needs cells below a few ohm, which none has."""
LIVE_TOLERANCE, LIVE_STEPS = 1e-7, 60
"""Of an open column's voltage: a thousandth of a 10-bit count."""
DAMPING = 0.7
"""Share of each correction that is taken; all of it swings where a row's cells outweigh its resistor."""


@dataclass(frozen=True, slots=True)
class MatrixFrontEnd:
    """The resistors of one matrix, in ohm.

    Attributes
    ----------
    topology : Topology
    row_ohm : float
        Of the driver in each row.
    row_idle_ohm, reference_ohm : float
        Virtual ground: from a row to the reference, and of the reference itself; 0 and 0 without.
    column_ohm : float
        Virtual ground: feedback of a column's amplifier. Else the pull-down behind the multiplexer.
    mux_ohm : float
        In series with the pull-down; without meaning for a virtual ground.
    reference : float
        Virtual ground: the reference as a share of the supply, before anything loads it.
    """

    topology: Topology
    row_ohm: float
    column_ohm: float
    mux_ohm: float = 0.0
    row_idle_ohm: float = 0.0
    reference_ohm: float = 0.0
    reference: float = 0.0


def matrix_front_end(hello: Hello, mux_ohm: float) -> MatrixFrontEnd:
    """What a mat's hello and the drawn hardware say of its circuit.

    Raises
    ------
    SettingsError
        No mat, or one whose circuit cannot be undone while it records.
    """
    if hello.rig_kind != RigKind.MAT or hello.pull_down_ohm == 0 or hello.adc_full_scale == 0:
        raise SettingsError(
            "The board is no mat that names its resistors and its full scale, so its samples cannot "
            "become newtons. Flash the mat's firmware again, or update Solerig."
        )
    if mat_layout(hello).sensel_count != hello.sensel_count:
        raise SettingsError(
            f"The board names a region of {mat_layout(hello).sensel_count} cells and sends "
            f"{hello.sensel_count} samples. Flash the mat's firmware again."
        )
    if hello.topology == Topology.MATRIX_VIRTUAL_GROUND and hello.reference_permille > 0:
        return MatrixFrontEnd(
            Topology.MATRIX_VIRTUAL_GROUND,
            ROW_DRIVER_OHM,
            float(hello.pull_down_ohm),
            row_idle_ohm=ROW_IDLE_OHM,
            reference_ohm=REFERENCE_OHM,
            reference=1e-3 * hello.reference_permille,
        )
    if hello.topology == Topology.MATRIX_GROUNDED_ROWS:
        return MatrixFrontEnd(
            Topology.MATRIX_GROUNDED_ROWS, PLAIN_ROW_OHM, float(hello.pull_down_ohm), mux_ohm
        )
    raise SettingsError(
        "The mat's idle rows float, so every cell reads all the others too; that is undone only after "
        "the recording. Ground the idle rows, as the wiring table of the mat draws it."
    )


def cell_conductance_us(
    readings: Float64,
    front: MatrixFrontEnd,
    tolerance: float = LIVE_TOLERANCE,
    most_steps: int = LIVE_STEPS,
) -> Float64:
    """Conductance of every cell.

    Parameters
    ----------
    readings : (n, rows, columns) float64
        Samples as a share of the ADC's full scale.
    tolerance, most_steps
        Idle rows grounded: when each frame's contraction ends.

    Returns
    -------
    (n, rows, columns) float64
        Microsiemens. Below 0 where a reading is less than the circuit allows: noise around an empty
        cell, or, beyond that, a sneak path (`rig.calibrate.ghosting_checks`).
    """
    if front.topology == Topology.MATRIX_VIRTUAL_GROUND:
        return 1e6 * _virtual_ground(readings, front)
    return 1e6 * _grounded_rows(readings, front, tolerance, most_steps)


def _virtual_ground(readings: Float64, front: MatrixFrontEnd) -> Float64:
    """Siemens. With g the cells of a row and S their sum, what its driver leaves of the reference is
    1 / q, q = 1 + row / idle + row S, the loaded reference is v = v0 q / (q + reference / idle), and a
    cell reads v (1 + feedback g / q). The sum over the row is linear in S."""
    columns = readings.shape[-1]
    idle = front.row_ohm / front.row_idle_ohm if front.row_idle_ohm else 0.0
    sag = front.reference_ohm / front.row_idle_ohm if front.row_idle_ohm else 0.0
    total = _sum_last(readings)
    load = (total * (1.0 + idle + sag) - front.reference * columns * (1.0 + idle)) / (
        front.reference * (columns * front.row_ohm + front.column_ohm) - total * front.row_ohm
    )
    q = 1.0 + idle + front.row_ohm * load
    level = front.reference * q / (q + sag)
    return (readings / level[..., None] - 1.0) * (q / front.column_ohm)[..., None]


def _grounded_rows(
    readings: Float64, front: MatrixFrontEnd, tolerance: float, most_steps: int
) -> Float64:
    """Siemens.

    W, the open columns' voltages by driven row, and Z, each column's resistance to ground, follow from
    the readings. With cells G, columns' sums c and P = G / c (columns of P add up to 1), Kirchhoff's
    equations of the rows give P = W + row_ohm (diag(P c) - P diag(c) P^T) W, and those of the columns
    1 / c = Z - row_ohm sum(P W).
    """
    sink_ohm = front.column_ohm + front.mux_ohm
    node = np.maximum(readings, 0.0) * (sink_ohm / front.column_ohm)
    total = np.minimum(_sum_rows(node), HIGHEST_COLUMN_SUM)
    loaded = total > 0.0
    safe = np.where(loaded, total, 1.0)
    open_v = node / safe[:, None, :]
    seen_ohm = np.where(loaded, sink_ohm * (1.0 / safe - 1.0), np.inf)
    share = open_v.copy()
    going = np.arange(len(readings))
    for _ in range(most_steps):
        if not len(going):
            break
        w, p = open_v[going], share[going]
        correction = w + front.row_ohm * _between_rows(
            p, _column_sums(p, w, seen_ohm[going], front), w
        )
        correction -= p
        share[going] = p + DAMPING * correction
        off = np.abs(correction).reshape(len(going), -1).max(axis=1, initial=0.0)
        going = going[off > tolerance]
    return share * _column_sums(share, open_v, seen_ohm, front)[:, None, :]


def _column_sums(p: Float64, w: Float64, seen_ohm: Float64, front: MatrixFrontEnd) -> Float64:
    """Conductance of each column's cells together, (n, columns); 0 where it has none."""
    own_ohm = seen_ohm - front.row_ohm * _sum_rows(p * w)
    sums = np.zeros_like(own_ohm)
    return np.divide(1.0, own_ohm, out=sums, where=np.isfinite(own_ohm) & (own_ohm > 0.0))


def _between_rows(p: Float64, c: Float64, w: Float64) -> Float64:
    """(diag(P c) - P diag(c) P^T) W for each frame, summed in one order however many there are."""
    cells = p * c[:, None, :]
    mixed = np.zeros((len(p), p.shape[2], w.shape[2]))
    for row in range(p.shape[1]):
        mixed += p[:, row, :, None] * w[:, row, None, :]
    result = _sum_last(cells)[..., None] * w
    for column in range(p.shape[2]):
        result -= cells[:, :, column, None] * mixed[:, column, None, :]
    return result


def _sum_rows(values: Float64) -> Float64:
    """(n, rows, columns) to (n, columns), row after row."""
    total = np.zeros((values.shape[0], values.shape[2]))
    for row in range(values.shape[1]):
        total += values[:, row]
    return total


def _sum_last(values: npt.NDArray[np.float64]) -> Float64:
    """(n, rows, columns) to (n, rows), column after column."""
    total = np.zeros(values.shape[:2])
    for column in range(values.shape[2]):
        total += values[:, :, column]
    return total
