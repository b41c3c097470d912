# SPDX-License-Identifier: GPL-3.0-or-later
"""Uniform pressure on a mat: every cell's curve comes back, and what was not pressed is refused."""

import numpy as np
import pytest

from rig.calibrate.equilibration import equilibrate
from rig.errors import SettingsError

CELL_MM2 = 25.0**2
K_US = np.linspace(60.0, 140.0, 256)
EXPONENT = np.linspace(0.9, 1.1, 256)


def _readings(pressures_kpa):
    force_n = np.asarray(pressures_kpa)[:, None] * CELL_MM2 * 1e-3
    return K_US * force_n**EXPONENT


def test_several_pressures_give_gain_and_exponent():
    pressures = (10.0, 30.0, 90.0)
    curves = equilibrate(pressures, _readings(pressures), CELL_MM2).curves
    np.testing.assert_allclose([c.k_us for c in curves], K_US)
    np.testing.assert_allclose([c.exponent for c in curves], EXPONENT)
    assert curves[0].loads_n == pytest.approx((6.25, 18.75, 56.25))


def test_one_pressure_gives_the_gain():
    # 16 kPa on 625 mm2 are 10 N
    readings = np.linspace(500.0, 1500.0, 256)
    curves = equilibrate((16.0,), readings[None, :], CELL_MM2).curves
    np.testing.assert_allclose([c.k_us for c in curves], readings / 10.0)


def test_a_dead_cell_is_named_and_takes_the_middle_curve():
    readings = _readings((10.0, 40.0))
    readings[:, 7] = 0.0
    found = equilibrate((10.0, 40.0), readings, CELL_MM2)
    assert found.dead == (7,)
    others = np.delete(K_US, 7)
    assert found.curves[7].k_us == pytest.approx(np.median(others))
    assert found.curves[7].residual_sd == 1.0


@pytest.mark.parametrize(
    ("pressures", "spoil", "words"),
    [
        ((30.0, 10.0), 1.0, "rising"),
        ((10.0,), 1.0, "one reading of every cell"),
        ((10.0, 30.0), 0.0, "did not feel the pressure"),
        ((10.0, 30.0), 5.0, "no more under more pressure"),
    ],
)
def test_what_cannot_be_is_refused(pressures, spoil, words):
    readings = _readings((10.0, 30.0))
    readings[0, :40] *= spoil
    with pytest.raises(SettingsError, match=words):
        equilibrate(pressures, readings, CELL_MM2)
