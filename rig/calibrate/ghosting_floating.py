# SPDX-License-Identifier: GPL-3.0-or-later
"""A matrix whose idle rows float, solved after the recording: all cells at once, with an error bound.

Every reading is the resistance of the whole network between one row and one column. The cells that
explain all of them are found by nodal analysis: Newton steps with the exact derivative (a network's
resistance between two nodes changes with one conductance by minus the square of the voltage that a unit
current leaves across it). A cell may come out slightly below zero; beyond its bound, that is a sneak
path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from rig.calibrate.force_block import Float64
from rig.errors import SettingsError

LEAST_READING = 1e-9
"""As a share of the supply; below it two wires are not connected at all."""
APPROACH_STEPS, MOST_STEPS, SMALLEST_SHARE = 200, 100, 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class FloatingSolution:
    """Conductance of each cell and how far it may be off.

    Attributes
    ----------
    conductance_us, bound_us : (rows, columns) float64
        `bound_us`: largest error when every reading may be off by `reading_error`, to first order.
    worst_reading : float
        Largest difference between the readings and those of the solution, as a share of the supply.
    """

    conductance_us: Float64
    bound_us: Float64
    worst_reading: float


def floating_conductance_us(
    readings: Float64,
    row_ohm: float,
    pull_down_ohm: float,
    mux_ohm: float,
    reading_error: float = 0.5 / 1024.0,
) -> FloatingSolution:
    """Solve one scan of a matrix with floating idle rows and columns.

    Parameters
    ----------
    readings : (rows, columns) float64
        Share of the supply across the pull-down, row driven, column selected.
    reading_error : float
        Largest error of a reading; half a count of a 10-bit converter if nothing else is known.

    Raises
    ------
    SettingsError
        Readings that no network of resistors gives.
    """
    series = row_ohm + mux_ohm + pull_down_ohm
    if not np.isfinite(readings).all() or readings.max(initial=0.0) * series >= pull_down_ohm:
        raise SettingsError(
            "The mat's readings are higher than its resistors allow. Check the pull-down's value and "
            "the wiring, and record again."
        )
    rows, columns = readings.shape
    g_us, bound_us, worst = np.zeros((rows, columns)), np.zeros((rows, columns)), 0.0
    count, label = _networks(readings)
    for network in range(count):
        r = np.flatnonzero(label[:rows] == network)
        c = np.flatnonzero(label[rows:] == network)
        if len(r) and len(c):
            where = np.ix_(r, c)
            solved = _solve(readings[where], series, pull_down_ohm, reading_error)
            g_us[where], bound_us[where], off = solved
            worst = max(worst, off)
    return FloatingSolution(g_us, bound_us, worst)


def _networks(readings: Float64) -> tuple[int, np.ndarray]:
    """Rows and columns that hang together, by number; rows first."""
    rows, columns = readings.shape
    linked = np.zeros((rows + columns, rows + columns), np.bool_)
    linked[:rows, rows:] = readings > LEAST_READING
    count, label = connected_components(csr_array(linked), directed=False)
    return int(count), label


def _solve(
    readings: Float64, series: float, pull_down_ohm: float, reading_error: float
) -> tuple[Float64, Float64, float]:
    """Cells of one network (microsiemens), their bounds, and the largest reading left unexplained.

    Solved for 1 / resistance, in millisiemens: what a cell without neighbours reads is linear in it.
    """
    seen_ohm = pull_down_ohm / np.maximum(readings, LEAST_READING) - series
    seen_ms = 1e3 / seen_ohm
    shape = readings.shape

    def misfit(g_ms: Float64) -> Float64:
        return 1e3 / _resistance_ohm(g_ms.reshape(shape) * 1e-3)[0].ravel() - seen_ms.ravel()

    def slope(g_ms: Float64) -> Float64:
        ohm, voltage = _resistance_ohm(g_ms.reshape(shape) * 1e-3)
        squared = (voltage**2).reshape(ohm.size, ohm.size)
        return squared / ohm.reshape(-1, 1) ** 2

    g_ms, left = _newton(misfit, slope, _approached(seen_ms).ravel())
    # d reading / d seen_ms, so that an error of a reading becomes one of what was seen
    a_reading = 1e-3 * pull_down_ohm * (seen_ohm / (seen_ohm + series)) ** 2
    inverse = np.linalg.pinv(slope(g_ms))
    bound_ms = np.abs(inverse) @ (reading_error / a_reading.ravel())
    off = float(np.abs(left * a_reading.ravel()).max())
    return 1e3 * g_ms.reshape(shape), 1e3 * bound_ms.reshape(shape), off


def _approached(seen_ms: Float64) -> Float64:
    """Cells from which Newton's steps converge: each is scaled by how far its own reading is off.

    No cell is more than what is seen of it, and a cell that is too high makes its own reading too high
    (Rayleigh's monotonicity law).
    """
    g_ms = seen_ms.copy()
    for _ in range(APPROACH_STEPS):
        g_ms *= seen_ms * 1e-3 * _resistance_ohm(g_ms * 1e-3)[0]
    return g_ms


def _newton(
    misfit: Callable[[Float64], Float64], slope: Callable[[Float64], Float64], start: Float64
) -> tuple[Float64, Float64]:
    """Cells that bring the misfit to nothing, and what is left of it; steps are halved until useful."""
    at, off = start, misfit(start)
    for _ in range(MOST_STEPS):
        step = np.linalg.lstsq(slope(at), -off, rcond=1e-14)[0]
        share = 1.0
        while share > SMALLEST_SHARE:
            tried = at + share * step
            tried_off = misfit(tried)
            if np.isfinite(tried_off).all() and np.abs(tried_off).sum() < np.abs(off).sum():
                break
            share *= 0.5
        else:
            break
        at, off = tried, tried_off
    return at, off


def _resistance_ohm(g: Float64) -> tuple[Float64, Float64]:
    """Resistance between each row and column of a matrix of siemens, and the voltages behind it.

    Returns
    -------
    ohm : (rows, columns)
    voltage : (rows, columns, rows, columns)
        Across cell (k, l) when 1 A flows from row i to column j.
    """
    rows, columns = g.shape
    floor = 1e-15  # keeps a network whole while a step tries cells of zero
    network = np.zeros((rows + columns, rows + columns))
    network[:rows, rows:] = -(g + floor)
    network[rows:, :rows] = -(g + floor).T
    np.fill_diagonal(network, -network.sum(axis=1))
    # one node at 0 V in place of the pseudo-inverse: differences of voltages are the same
    v = np.zeros_like(network)
    v[1:, 1:] = np.linalg.inv(network[1:, 1:])
    rr, cc, rc = v[:rows, :rows], v[rows:, rows:], v[:rows, rows:]
    ohm = np.diag(rr)[:, None] + np.diag(cc)[None, :] - 2.0 * rc
    at_row = rr[:, None, :, None] - rc.T[None, :, :, None]
    at_column = rc[:, None, None, :] - cc[None, :, None, :]
    return ohm, at_row - at_column
