# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks of PhysioNet's data set "Gait in Parkinson's Disease": eight sensors under each foot."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rig.errors import AnalysisError
from rig.importers.sensor_forces import SIDE_SIGN, SensorForces, number_rows, regions_of, text_lines
from rig.layout import Foot
from rig.layout.foot import foot_width_mm

_SENSORS = 8
_COLUMNS = 1 + 2 * _SENSORS + 2
_LATERAL = np.array([500, 700, 300, 700, 300, 700, 300, 500], np.float64)
_FORWARD = np.array([-800, -400, -400, 0, 0, 400, 400, 800], np.float64)
"""As the data set's description lists them, in its own units, lateral from between the feet; both feet
have the same order."""
_MIDDLE, _HALF_SPREAD, _HALF_LENGTH = 500.0, 200.0, 800.0
FIRST_Y, LAST_Y = 0.08, 0.92
SPREAD_X = 0.25
"""Where the first and last sensors lie along the foot and the outer ones across it, in lengths and
widths; the description gives only their relative places (design choice)."""
SUM_TOLERANCE_N = 0.1


def read_gaitpdb(path: Path, foot_length_mm: float = 265.0) -> SensorForces:
    """Read one walk (19 columns, 100 Hz, newtons).

    Raises
    ------
    AnalysisError
        Not such a file, or its two columns of totals are not the sums of its sensors.
    """
    rows = number_rows([line for line in text_lines(path) if line.strip()], _COLUMNS, path)
    t_s, force_n = rows[:, 0], rows[:, 1 : 1 + 2 * _SENSORS]
    sums = force_n.reshape(len(rows), 2, _SENSORS).sum(axis=2)
    off_n = float(np.abs(sums - rows[:, -2:]).max())
    if off_n > SUM_TOLERANCE_N:
        raise AnalysisError(
            f"The totals in {path} differ from the sums of its sensors by up to {off_n:.3g} N; the file "
            "is damaged or of another kind."
        )
    step_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1)
    if step_s <= 0.0 or (np.diff(t_s) <= 0.0).any():
        raise AnalysisError(f"The times of {path} do not rise.")
    ap = (FIRST_Y + (LAST_Y - FIRST_Y) * (_FORWARD + _HALF_LENGTH) / (2.0 * _HALF_LENGTH)) * (
        foot_length_mm
    )
    outward = (_LATERAL - _MIDDLE) / _HALF_SPREAD * SPREAD_X * foot_width_mm(foot_length_mm)
    return SensorForces(
        device="gaitpdb, 8 sensors a foot",
        t_s=t_s - t_s[0],
        rate_hz=1.0 / step_s,
        force_n=np.ascontiguousarray(force_n),
        foot=np.repeat([int(Foot.LEFT), int(Foot.RIGHT)], _SENSORS),
        place_mm=np.concatenate([np.column_stack((SIDE_SIGN[f] * outward, ap)) for f in Foot]),
        region=np.tile(regions_of(ap, foot_length_mm), 2),
        foot_length_mm=foot_length_mm,
    )
