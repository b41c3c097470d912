# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty mat and quiet stance, from counts whose newtons follow by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.mat_force import cells_of_counts
from rig.calibrate.mat_tare import mat_body_weight_gain_from_counts, mat_tare_from_counts
from rig.errors import SettingsError
from rig.simulate.mat_rigs import mat_hello, mat_rig

HELLO = mat_hello(mat_rig("mat16"), 200, 1)
EMPTY = 245
"""A quarter of 1,024, less what the idle row resistors take of it (nodal model)."""


def counts_with(frames: int, above: dict[int, int]) -> np.ndarray:
    counts = np.full((frames, 256), EMPTY)
    for cell, more in above.items():
        counts[:, cell] += more
    return counts


def newtons(above: dict[int, int]) -> np.ndarray:
    return cells_of_counts(counts_with(1, above).astype(np.uint16), HELLO, Calibration())[0].ravel()


def test_each_cell_s_reading_without_load_is_its_tare_and_survives_storing():
    tared = mat_tare_from_counts(counts_with(400, {17: 3}), HELLO, Calibration(), 700.0)
    assert len(tared.tare_force_n) == 256
    # 3 counts of 1024 at a reference of a quarter and 3.0 kohm: 3.9 uS, about 1 N of the usual film
    assert tared.tare_force_n[17] == pytest.approx(newtons({17: 3})[17])
    assert 0.5 < tared.tare_force_n[17] < 2.0
    assert Calibration.from_json(json.loads(json.dumps(tared.to_json()))) == tared
    assert tared.tare_of(32) == (0.0,) * 32
    after = cells_of_counts(counts_with(1, {17: 3}).astype(np.uint16), HELLO, tared)
    assert after.ravel()[17] == 0.0


def test_somebody_on_the_mat_is_no_tare():
    with pytest.raises(SettingsError, match="Step off"):
        mat_tare_from_counts(
            counts_with(400, dict.fromkeys(range(100, 140), 50)), HELLO, Calibration(), 700.0
        )


def test_quiet_stance_is_the_body_weight():
    stance = counts_with(600, dict.fromkeys(range(100, 140), 50))
    weighed = mat_body_weight_gain_from_counts(stance, HELLO, Calibration(), 700.0)
    total_n = newtons(dict.fromkeys(range(100, 140), 50)).sum()
    assert weighed.body_weight_gain == pytest.approx(700.0 / total_n)
    assert weighed.body_weight_gain_source == "measured"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (counts_with(600, {}), "both feet"),
        (counts_with(50, dict.fromkeys(range(100, 140), 50)), "frames"),
        (np.zeros((600, 32)), "256 cells"),
        (
            np.concatenate([counts_with(300, dict.fromkeys(range(100, 140), n)) for n in (30, 60)]),
            "Stand still",
        ),
    ],
)
def test_what_is_no_stance_is_refused(counts, words):
    with pytest.raises(SettingsError, match=words):
        mat_body_weight_gain_from_counts(counts, HELLO, Calibration(), 700.0)
