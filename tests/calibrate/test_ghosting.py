# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells out of a matrix's readings, against Kirchhoff's equations of the whole network."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.calibrate.ghosting import MatrixFrontEnd, cell_conductance_us, matrix_front_end
from rig.calibrate.ghosting_checks import sneak_paths
from rig.calibrate.ghosting_floating import floating_conductance_us
from rig.errors import SettingsError
from rig.wire.packets import Topology

LSB = 1.0 / 1024.0
PLAIN = MatrixFrontEnd(Topology.MATRIX_GROUNDED_ROWS, 150.0, 1000.0, mux_ohm=70.0)
AMPLIFIED = MatrixFrontEnd(
    Topology.MATRIX_VIRTUAL_GROUND,
    5.0,
    3000.0,
    row_idle_ohm=220.0,
    reference_ohm=10.0,
    reference=0.25,
)


def pressed_us(seed: int, size: int = 16, strongest_us: float = 800.0) -> np.ndarray:
    """Two thirds of the cells empty, the others over three decades."""
    rng = np.random.default_rng(seed)
    cells = strongest_us * 10 ** rng.uniform(-2.9, 0.0, (size, size))
    cells[rng.random((size, size)) < 0.66] = 0.0
    return cells


def column_voltages(siemens: np.ndarray, row_ohm: np.ndarray, driven: np.ndarray) -> np.ndarray:
    """Share of the supply across the pull-down, for each column that the multiplexer selects.

    One system for all nodes, rows first. `row_ohm`: of each row to what `driven` says (1: the supply).
    """
    rows, columns = siemens.shape
    network = np.zeros((columns, rows + columns, rows + columns))
    network[:, :rows, rows:], network[:, rows:, :rows] = -siemens, -siemens.T
    to_all = np.concatenate((siemens.sum(axis=1) + 1.0 / row_ohm, siemens.sum(axis=0)))
    network[:, np.arange(rows + columns), np.arange(rows + columns)] = to_all + 1e-16
    selected = np.arange(columns)
    sink_ohm = PLAIN.column_ohm + PLAIN.mux_ohm
    network[selected, rows + selected, rows + selected] += 1.0 / sink_ohm
    source = np.concatenate((driven / row_ohm, np.zeros(columns)))
    nodes = np.linalg.solve(network, np.tile(source[:, None], (columns, 1, 1)))[..., 0]
    return nodes[selected, rows + selected] * PLAIN.column_ohm / sink_ohm


def plain_readings(cells_us: np.ndarray, *, idle_ohm: float = 150.0) -> np.ndarray:
    """A scan: row after row driven, the others behind `idle_ohm` to ground."""
    row = np.arange(len(cells_us))
    return np.stack(
        [
            column_voltages(
                1e-6 * cells_us, np.where(row == r, 150.0, idle_ohm), (row == r).astype(float)
            )
            for r in row
        ]
    )


def amplified_readings(cells_us: np.ndarray) -> np.ndarray:
    """Two nodes a row: the reference behind its resistor, and the active row."""
    readings = np.zeros_like(cells_us)
    for row, siemens in enumerate(1e-6 * cells_us):
        source, idle, load = 1.0 / 10.0, 1.0 / 220.0, siemens.sum()
        network = [[source + idle, -idle], [-idle - load, idle + load + 1.0 / 5.0]]
        reference, level = np.linalg.solve(network, [0.25 * source, 0.0])
        readings[row] = reference + 3000.0 * siemens * (reference - level)
    return readings


@pytest.mark.parametrize("strongest_us", [80.0, 800.0, 3000.0])
def test_a_virtual_ground_s_cells_come_back(strongest_us):
    cells = np.stack([pressed_us(seed, 16, strongest_us) for seed in range(3)])
    readings = np.stack([amplified_readings(c) for c in cells])
    found = cell_conductance_us(readings, AMPLIFIED)
    np.testing.assert_allclose(found, cells, rtol=0.0, atol=1e-6)


@pytest.mark.parametrize(
    ("size", "strongest_us"), [(16, 80.0), (16, 800.0), (16, 3000.0), (20, 800.0)]
)
def test_cells_between_grounded_rows_come_back(size, strongest_us):
    cells = np.stack([pressed_us(seed, size, strongest_us) for seed in (4, 5)])
    readings = np.stack([plain_readings(c) for c in cells])
    # without the circuit undone, a cell reads too little
    assert np.abs(1e6 * readings / PLAIN.column_ohm - cells).max() > 0.1 * strongest_us
    found = cell_conductance_us(readings, PLAIN, tolerance=1e-15, most_steps=500)
    np.testing.assert_allclose(found, cells, rtol=0.0, atol=1e-6)


def test_live_the_grounded_rows_are_right_to_a_tenth_of_a_count():
    cells = np.stack([pressed_us(seed, 16, 2000.0) for seed in (6, 7)])
    found = cell_conductance_us(np.stack([plain_readings(c) for c in cells]), PLAIN)
    again = np.stack([plain_readings(np.maximum(c, 0.0)) for c in found])
    expected = np.stack([plain_readings(c) for c in cells])
    assert np.abs(again - expected).max() < 0.1 * LSB
    # and so would each cell alone read, which is the measure of the cell itself
    alone_ohm = 150.0 + 70.0 + 1000.0
    alone = [1e-6 * c / (1.0 + 1e-6 * c * alone_ohm) * 1000.0 for c in (found, cells)]
    assert np.abs(alone[0] - alone[1]).max() < 0.1 * LSB


@pytest.mark.parametrize("front", [PLAIN, AMPLIFIED])
@given(seed=st.integers(0, 1000), at=st.integers(1, 8))
def test_frames_are_solved_by_themselves(front, seed, at):
    readings = np.random.default_rng(seed).integers(0, 300, (9, 16, 16)) * LSB
    if front is AMPLIFIED:
        readings += 0.24
    whole = cell_conductance_us(readings, front)
    parts = [cell_conductance_us(part, front) for part in (readings[:at], readings[at:])]
    assert whole.tobytes() == np.concatenate(parts).tobytes()


def test_an_empty_mat_has_no_conductance():
    assert not cell_conductance_us(np.zeros((2, 16, 16)), PLAIN).any()


@pytest.mark.parametrize(("size", "strongest_us"), [(6, 800.0), (8, 80.0)])
def test_floating_rows_are_solved_within_the_bound(size, strongest_us):
    cells = pressed_us(9, size, strongest_us)
    readings = plain_readings(cells, idle_ohm=1e15)
    clean = floating_conductance_us(readings, 150.0, 1000.0, 70.0)
    np.testing.assert_allclose(clean.conductance_us, cells, rtol=0.0, atol=1e-6)
    assert clean.worst_reading < 1e-9
    small = 0.01 * LSB
    rounded = np.round(readings / (2.0 * small)) * 2.0 * small
    found = floating_conductance_us(rounded, 150.0, 1000.0, 70.0, reading_error=small)
    off = np.abs(found.conductance_us - cells)
    assert np.all(off <= 1.05 * found.bound_us + 1e-6)
    assert off.max() > 1e-3  # the rounding does matter, so the bound says something


def test_floating_networks_apart_are_solved_apart():
    cells = np.zeros((5, 5))
    cells[:2, :2] = [[100.0, 50.0], [20.0, 300.0]]
    cells[3, 4] = 700.0
    readings = plain_readings(cells, idle_ohm=1e15)
    readings[readings < 1e-9] = 0.0
    found = floating_conductance_us(readings, 150.0, 1000.0, 70.0)
    np.testing.assert_allclose(found.conductance_us, cells, rtol=0.0, atol=1e-6)


def test_readings_that_no_resistors_give_are_refused():
    with pytest.raises(SettingsError, match="higher than its resistors allow"):
        floating_conductance_us(np.full((4, 4), 0.95), 150.0, 1000.0, 70.0)


def test_idle_rows_that_are_not_held_are_found_by_the_redundant_scans():
    cells = pressed_us(10)
    everything, nothing = np.ones(16), np.zeros(16)
    held = np.full(16, 150.0)

    def scans(idle_ohm):
        counts = plain_readings(cells, idle_ohm=idle_ohm) / LSB
        together = column_voltages(1e-6 * cells, held, everything) / LSB
        undriven = column_voltages(1e-6 * cells, held, nothing) / LSB
        solved = cell_conductance_us(counts[None] * LSB, PLAIN)[0]
        return sneak_paths(counts, together, undriven, solved)

    sound, floating = scans(150.0), scans(1e9)
    assert not sound.found
    assert sound.worst_lsb < 1e-6
    assert floating.columns.sum() >= 8


def test_a_reading_below_the_reference_is_a_negative_conductance():
    readings = amplified_readings(pressed_us(11))
    readings[3, 5] -= 12.0 * LSB  # an amplifier that is off, or a current that comes from elsewhere
    solved = cell_conductance_us(readings[None], AMPLIFIED)[0]
    found = sneak_paths(
        readings / LSB, readings.sum(axis=0), np.zeros(16), solved, noise_us=5.0
    ).negative
    assert found[3, 5]
    assert found.sum() == 1


def test_only_a_mat_whose_circuit_is_known_is_read(make_hello):
    mat = make_hello(
        rig_kind=2, layout_id=2, topology=3, pull_down_ohm=3000, sensel_count=256,
        reference_permille=250, row_count=16, column_count=16,
    )  # fmt: skip
    assert matrix_front_end(mat, 70.0) == AMPLIFIED
    plain = dataclasses.replace(mat, topology=2, pull_down_ohm=1000, reference_permille=0)
    assert matrix_front_end(plain, 70.0) == PLAIN
    with pytest.raises(SettingsError, match="idle rows float"):
        matrix_front_end(dataclasses.replace(mat, topology=4), 70.0)
    with pytest.raises(SettingsError, match="no mat"):
        matrix_front_end(make_hello(), 70.0)
    with pytest.raises(SettingsError, match="sends 255 samples"):
        matrix_front_end(dataclasses.replace(mat, sensel_count=255), 70.0)
