# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's cells under two feet: forces, conductances and what the board's converter makes of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.layout.foot import Float64, Foot
from rig.simulate.board import Int64
from rig.simulate.body import TrueLoads
from rig.simulate.hard_faults import HardFault, extra_noise_lsb, held_counts, rewired
from rig.simulate.load_field import LoadField
from rig.simulate.mat_field import Stand, cell_integrals
from rig.simulate.mat_rigs import MatRig
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import SensorBank, SensorFaults, converted, sensor_traits
from rig.wire.packets import Hello

_BLOCK = 1000
"""Scans worked on at once, so that memory stays small."""


class MatCells:
    """One mat's film under one person's feet."""

    def __init__(
        self,
        rig: MatRig,
        field: LoadField,
        stands: tuple[Stand, ...],
        faults: SensorFaults,
        seed: int,
    ) -> None:
        self._rig = rig
        self._field = field
        self._stands = stands
        self._faults = faults
        self._cells = rig.layout.rows * rig.layout.columns
        self._traits = sensor_traits(seed, faults, self._cells)

    def force_n(self, loads: TrueLoads, true_s: Float64, hello: Hello) -> npt.NDArray[np.float32]:
        """(n, 2, cells) load of each foot on each cell when its row was read.

        Parameters
        ----------
        loads : TrueLoads
            Dense, from time 0 to beyond the last scan.
        true_s : (n,) float64
            When each scan began.
        """
        rows, columns = self._rig.layout.rows, self._rig.layout.columns
        force = np.zeros((len(true_s), 2, rows, columns), np.float32)
        late_s = _row_late_s(hello, self._faults, rows)
        starts = np.searchsorted(true_s, [stand.from_s for stand in self._stands])
        ends = [*starts[1:].tolist(), len(true_s)]
        for stand, first, end in zip(self._stands, starts.tolist(), ends, strict=True):
            if first == end:
                continue
            tables = [self._integrals(foot, stand) for foot in Foot]
            for row in range(rows):
                kernels = _at(loads.kernel_force_n, true_s[first:end] + late_s[row])
                for foot in Foot:
                    force[first:end, foot, row] = kernels[:, foot] @ tables[foot][:, row]
        return force.reshape(len(true_s), 2, rows * columns)

    def conductance_us(self, force_n: npt.NDArray[np.float32], rate_hz: int) -> Float64:
        """(n, rows, columns) of forces (n, 2, cells) at the scans' rate; only cells ever loaded work."""
        loaded = np.flatnonzero(force_n.any(axis=(0, 1))).astype(np.int64)
        bank = SensorBank(self._traits.only(loaded), self._faults, float(rate_hz))
        conductance_us = np.zeros((len(force_n), self._cells))
        for first in range(0, len(force_n), _BLOCK) if len(loaded) else ():
            block = slice(first, first + _BLOCK)
            felt_n = force_n[block][:, :, loaded].astype(np.float64).sum(axis=1)
            conductance_us[block, loaded] = bank.conductance_us(felt_n)
        return conductance_us.reshape(-1, self._rig.layout.rows, self._rig.layout.columns)

    def _integrals(self, foot: Foot, stand: Stand) -> Float64:
        """(9, rows, columns)."""
        layout = self._rig.layout
        table = cell_integrals(self._field, layout, foot, stand.of(foot))
        return table.reshape(-1, layout.rows, layout.columns)


def mat_counts(
    rig: MatRig, conductance_us: Float64, hello: Hello, faults: SensorFaults, seed: int
) -> Int64:
    """(n, cells) of conductances (n, rows, columns): through the circuit, noise and ADC."""
    n, cells = len(conductance_us), rig.layout.rows * rig.layout.columns
    noise_lsb = sensor_traits(seed, faults, cells).noise_lsb
    rng = np.random.default_rng([seed, 5])
    counts = np.empty((n, cells), np.int64)
    for first in range(0, n, _BLOCK):
        ratio = rig.front.ratio(conductance_us[first : first + _BLOCK]).reshape(-1, cells)
        noise = rng.standard_normal(ratio.shape) * noise_lsb
        counts[first : first + _BLOCK] = converted(ratio, noise, hello.adc_full_scale)
    return counts


def wires_of_mat(conductance_us: Float64, true_s: Float64, hard: tuple[HardFault, ...]) -> Float64:
    """(n, rows, columns) with dead, shorted, bridged and swapped cells; `true_s` (n,)."""
    flat = conductance_us.reshape(len(conductance_us), -1)
    return rewired(flat, true_s[:, None], hard).reshape(conductance_us.shape)


def contacts_of_mat(
    counts: Int64, true_s: Float64, hard: tuple[HardFault, ...], hello: Hello, seed: int
) -> Int64:
    """(n, cells) with noisy and stuck readings."""
    if not hard:
        return counts
    rng = np.random.default_rng([seed, 46])
    noise_lsb = extra_noise_lsb(true_s, counts.shape[1], hard, rng)
    noisy = np.clip(counts + np.rint(noise_lsb), 0, hello.adc_full_scale - 1)
    return held_counts(noisy.astype(np.int64), true_s, hard)


def scan_span_us(hello: Hello, faults: SensorFaults) -> float:
    """How long one scan takes; it must fit its period."""
    return _conversion_us(hello, faults) * hello.sensel_count


def _row_late_s(hello: Hello, faults: SensorFaults, rows: int) -> Float64:
    """(rows,) from a scan's start to the middle of each row; rows that are not scanned count as 0."""
    place = np.arange(rows) - hello.first_row
    middle_us = (place + 0.5) * hello.column_count * _conversion_us(hello, faults)
    scanned = (place >= 0) & (place < hello.row_count)
    return np.where(scanned, middle_us * 1e-6, 0.0)


def _conversion_us(hello: Hello, faults: SensorFaults) -> float:
    return min(faults.scan_skew_us, 0.98e6 / hello.scan_rate_hz / hello.sensel_count)


def _at(dense: Float64, t_s: Float64) -> Float64:
    """Dense rows at times (n,), linear between them."""
    position = t_s * DENSE_RATE_HZ
    before = np.floor(position).astype(np.int64)
    part = (position - before)[:, None, None]
    return dense[before] * (1.0 - part) + dense[before + 1] * part
