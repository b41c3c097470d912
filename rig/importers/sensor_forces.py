# SPDX-License-Identifier: GPL-3.0-or-later
"""Forces of any number of sensors under one foot or two, with their places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.layout.foot import REGION_BANDS_Y


@dataclass(frozen=True, slots=True, eq=False)
class SensorForces:
    """n frames of k sensors that cover the soles: their forces add up to the feet's.

    Attributes
    ----------
    t_s : (n,) float64
        Seconds since the first frame.
    force_n : (n, k) float64
    foot : (k,) int64
        `Foot` that each sensor lies under.
    place_mm : (k, 2) float64
        In its foot's frame: ml + to the person's right, ap + forward from the heel edge.
    region : (k,) int64
        `Region` that each sensor counts for.
    """

    device: str
    t_s: Float64
    rate_hz: float
    force_n: Float64
    foot: Int64
    place_mm: Float64
    region: Int64
    foot_length_mm: float


def regions_of(ap_mm: Float64, foot_length_mm: float) -> Int64:
    """(k,) `Region` by the bands of the foot's length."""
    bounds = np.array(REGION_BANDS_Y[1:-1]) * foot_length_mm
    return np.searchsorted(bounds, ap_mm, side="right").astype(np.int64)


def text_lines(path: Path) -> list[str]:
    """The lines of a text file; `AnalysisError` where it cannot be read."""
    try:
        return path.read_text(encoding="cp1252", errors="replace").splitlines()
    except OSError as error:
        raise AnalysisError(f"{path} cannot be read: {error.strerror or error}.") from error


def number_rows(
    lines: list[str], columns: int, path: Path, separator: str | None = None
) -> Float64:
    """(n, columns) numbers; `AnalysisError` says where there is something else."""
    rows = np.empty((len(lines), columns))
    for at, line in enumerate(lines):
        cells = line.split(separator)
        try:
            rows[at] = [float(cell) for cell in cells]
        except ValueError as error:
            raise AnalysisError(
                f"Row {at + 1} of the numbers in {path} does not hold {columns} numbers; the file is "
                "damaged or of another kind."
            ) from error
    if len(rows) < 2:
        raise AnalysisError(f"{path} holds fewer than two frames.")
    return rows


SIDE_SIGN = {Foot.LEFT: -1.0, Foot.RIGHT: 1.0}
"""From lateral to the person's right."""
