# SPDX-License-Identifier: GPL-3.0-or-later
"""The three circuits against plain nodal analysis, one reading at a time."""

import numpy as np
import pytest

from rig.simulate.mat_front import (
    AMPLIFIER_RAIL,
    FLOATING_ROWS,
    GROUNDED_ROWS,
    VIRTUAL_GROUND,
)

SUPPLY_ROWS_OHM, PULL_DOWN_OHM, MUX_OHM = 150.0, 1000.0, 70.0


def _pressed(rows, columns, seed):
    """Two thirds of the cells empty, a whole row and a whole column too."""
    rng = np.random.default_rng(seed)
    conductance_us = 10 ** rng.uniform(0.0, 2.9, (rows, columns))
    conductance_us[rng.random((rows, columns)) < 0.66] = 0.0
    conductance_us[3] = 0.0
    conductance_us[:, 2] = 0.0
    return conductance_us


def _nodal(conductance_us, row, column, idle_rows_grounded):
    """Kirchhoff for every row and column: voltage at the pull-down over the supply."""
    siemens = conductance_us * 1e-6
    rows, columns = siemens.shape
    network = np.zeros((rows + columns, rows + columns))
    network[:rows, rows:], network[rows:, :rows] = -siemens, -siemens.T
    network -= np.diag(network.sum(axis=1)) - 1e-15 * np.eye(rows + columns)
    for driven in range(rows) if idle_rows_grounded else [row]:
        network[driven, driven] += 1.0 / SUPPLY_ROWS_OHM
    network[rows + column, rows + column] += 1.0 / (MUX_OHM + PULL_DOWN_OHM)
    source = np.zeros(rows + columns)
    source[row] = 1.0 / SUPPLY_ROWS_OHM
    voltage = np.linalg.solve(network, source)[rows + column]
    return voltage * PULL_DOWN_OHM / (MUX_OHM + PULL_DOWN_OHM)


@pytest.mark.parametrize(("front", "grounded"), [(GROUNDED_ROWS, True), (FLOATING_ROWS, False)])
@pytest.mark.parametrize("shape", [(16, 16), (6, 9)])
def test_dividers_agree_with_nodal_analysis(front, grounded, shape):
    frames = np.stack([_pressed(*shape, seed) for seed in range(3)])
    expected = [
        [
            [_nodal(g, row, column, grounded) for column in range(shape[1])]
            for row in range(shape[0])
        ]
        for g in frames
    ]
    np.testing.assert_allclose(front.ratio(frames), expected, atol=2e-8)


def test_one_cell_alone_is_a_plain_divider():
    """1 kohm behind 150 and before 70 and 1000 ohm: 1000 / 2220 of the supply, all others 0."""
    conductance_us = np.zeros((1, 16, 16))
    conductance_us[0, 4, 9] = 1000.0
    for front in (GROUNDED_ROWS, FLOATING_ROWS):
        ratio = front.ratio(conductance_us)[0]
        assert ratio[4, 9] == pytest.approx(1000 / 2220)
        ratio[4, 9] = 0.0
        assert np.abs(ratio).max() < 1e-6


def test_a_floating_matrix_shows_ghosts_that_grounded_rows_weaken():
    """Three corners of a rectangle are pressed: the fourth reads through them."""
    conductance_us = np.zeros((1, 16, 16))
    for row, column in ((2, 3), (2, 8), (9, 3)):
        conductance_us[0, row, column] = 500.0
    floating = FLOATING_ROWS.ratio(conductance_us)[0, 9, 8]
    grounded = GROUNDED_ROWS.ratio(conductance_us)[0, 9, 8]
    virtual = VIRTUAL_GROUND.ratio(conductance_us)[0]
    assert floating == pytest.approx(1000 / (150 + 3 * 2000 + 70 + 1000), rel=1e-6)
    assert grounded < 0.1 * floating
    assert virtual[9, 8] == pytest.approx(virtual[9, 10])


def test_virtual_ground_worked_by_hand():
    """A cell of 250 uS: what the driver leaves, how the reference sags, and the feedback."""
    conductance_us = np.zeros((1, 16, 16))
    conductance_us[0, 5, 5] = 250.0
    left = 1.0 / (1.0 + 5.0 * (250e-6 + 1.0 / 220.0))
    reference = 0.25 / (1.0 + 10.0 * left / 220.0)
    ratio = VIRTUAL_GROUND.ratio(conductance_us)[0]
    assert ratio[5, 5] == pytest.approx(reference * (1.0 + 3000.0 * left * 250e-6))
    assert ratio[5, 6] == pytest.approx(reference)
    assert reference == pytest.approx(0.2394, abs=1e-4)


def test_amplifiers_end_below_the_supply():
    shorted = np.full((1, 16, 16), 0.0)
    shorted[0, 0, 0] = 1e6
    assert VIRTUAL_GROUND.ratio(shorted)[0, 0, 0] == AMPLIFIER_RAIL
