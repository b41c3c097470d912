# SPDX-License-Identifier: GPL-3.0-or-later
"""ASCII movies of Tekscan's F-Scan: a grid of cells under one foot, pressures in kPa."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from rig.calibrate.force_block import Float64
from rig.errors import AnalysisError
from rig.importers.sensor_forces import SensorForces, regions_of, text_lines
from rig.layout import Foot

_NEEDED = ("ROWS", "COLS", "ROW_SPACING", "COL_SPACING", "SENSEL_AREA", "SECONDS_PER_FRAME")
_OUTSIDE = "B"


def read_fscan(path: Path, foot: Foot) -> SensorForces:
    """Read one movie, toes in the first row and seen from above.

    The heel edge and the foot's length are those of the cells that were ever loaded.

    Parameters
    ----------
    foot : Foot
        The file does not say it.

    Raises
    ------
    AnalysisError
        Not such a file, in another unit, or nobody stepped on it.
    """
    lines = text_lines(path)
    head = _head(lines, path)
    rows, columns = int(head["ROWS"]), int(head["COLS"])
    cells_kpa = _frames(lines, rows, columns, path)
    loaded = np.flatnonzero((cells_kpa > 0.0).any(axis=(0, 2)))
    if len(loaded) == 0:
        raise AnalysisError(f"{path} holds no pressure at all.")
    heel_row, toe_row = int(loaded[-1]), int(loaded[0])
    length_mm = (heel_row - toe_row + 1) * head["ROW_SPACING"]
    row, column = np.divmod(np.arange(rows * columns), columns)
    ap = (heel_row + 0.5 - row) * head["ROW_SPACING"]
    middle = 0.5 * (columns - 1)
    ml = (column - middle) * head["COL_SPACING"]
    return SensorForces(
        device=f"F-Scan, {rows} x {columns} cells",
        t_s=np.arange(len(cells_kpa), dtype=np.float64) * head["SECONDS_PER_FRAME"],
        rate_hz=1.0 / head["SECONDS_PER_FRAME"],
        force_n=cells_kpa.reshape(len(cells_kpa), -1) * (head["SENSEL_AREA"] * 1e-3),
        foot=np.full(rows * columns, int(foot)),
        place_mm=np.column_stack((ml, ap)),
        region=regions_of(ap, length_mm),
        foot_length_mm=length_mm,
    )


def _head(lines: list[str], path: Path) -> dict[str, float]:
    """Its numbers by name."""
    found: dict[str, float] = {}
    unit = ""
    for line in lines:
        name, _, rest = line.partition(" ")
        if name == "ASCII_DATA":
            break
        if name == "UNITS":
            unit = rest.strip().lower()
        number = re.match(r"[\d.]+", rest)
        if name in _NEEDED and number:
            found[name] = float(number.group())
    missing = [name for name in _NEEDED if not found.get(name)]
    if missing:
        raise AnalysisError(f"{path} is no ASCII movie of an F-Scan: it has no {missing[0]}.")
    if unit != "kpa":
        raise AnalysisError(f"{path} is in {unit or 'no unit'}; export it in kPa.")
    return found


def _frames(lines: list[str], rows: int, columns: int, path: Path) -> Float64:
    """(n, rows, columns); 0 outside the sole."""
    starts = [i + 1 for i, line in enumerate(lines) if line.startswith("Frame ")]
    frames = np.zeros((len(starts), rows, columns))
    for frame, start in zip(frames, starts, strict=True):
        block = lines[start : start + rows]
        for row, line in enumerate(block):
            cells = ["0" if cell == _OUTSIDE else cell for cell in line.split(",")]
            try:
                frame[row] = [float(cell) for cell in cells]
            except ValueError as error:
                raise AnalysisError(
                    f"{lines[start - 1]} of {path} does not hold {rows} rows of {columns} cells."
                ) from error
        if len(block) < rows:
            raise AnalysisError(f"{lines[start - 1]} of {path} is cut short.")
    if len(frames) < 2:
        raise AnalysisError(f"{path} holds fewer than two frames.")
    return frames
