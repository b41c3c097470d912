# SPDX-License-Identifier: GPL-3.0-or-later
"""ASCII exports of novel's pedar insoles: 99 sensors a foot, pressures in kPa."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np

from rig.calibrate.force_block import Float64
from rig.errors import AnalysisError
from rig.importers.sensor_forces import SIDE_SIGN, SensorForces, number_rows, text_lines
from rig.layout import Foot, Region
from rig.layout.foot import foot_width_mm, outline_half_widths

ROWS = (5, *(7,) * 12, 6, 4)
"""Sensors in each row from heel to toe; number 1 of a row lies medially. The file does not say it: it
follows from the masks in use (hindfoot 1-26, midfoot 27-54, forefoot 55-82, toes 83-99)."""
_REGION_ROWS = (4, 4, 4, 3)
_SENSORS = sum(ROWS)
_RATE = re.compile(r"scanning rate \[Hz\]:\s*([\d.]+)")


def read_pedar(path: Path, foot_length_mm: float = 265.0) -> SensorForces:
    """Read one measurement of both feet.

    Pressures become forces by the area of each sensor's share of a sole of this length; where the
    sole of the measurement was another, all forces are off by one factor.

    Raises
    ------
    AnalysisError
        Not such a file, or in another unit.
    """
    lines = text_lines(path)
    start = next((i for i, line in enumerate(lines) if line.startswith("time[secs]")), None)
    head = "\n".join(lines[: start or 0])
    rate = _RATE.search(head)
    if start is None or rate is None or float(rate.group(1)) <= 0.0:
        raise AnalysisError(f"{path} is no ASCII export of a pedar measurement.")
    if "kPa" not in head:
        raise AnalysisError(f"{path} does not say that its pressures are in kPa; export it so.")
    rows = number_rows([s for s in lines[start + 1 :] if s.strip()], 1 + 2 * _SENSORS, path)
    outward, ap, area_mm2 = _places(foot_length_mm)
    return SensorForces(
        device="pedar, 99 sensors a foot",
        t_s=rows[:, 0] - rows[0, 0],
        rate_hz=float(rate.group(1)),
        force_n=rows[:, 1:] * 1e-3 * np.tile(area_mm2, 2),
        foot=np.repeat([int(Foot.LEFT), int(Foot.RIGHT)], _SENSORS),
        place_mm=np.concatenate([np.column_stack((SIDE_SIGN[f] * outward, ap)) for f in Foot]),
        region=np.tile(np.repeat(list(Region), _sensors_by_region()), 2).astype(np.int64),
        foot_length_mm=foot_length_mm,
    )


def _sensors_by_region() -> list[int]:
    bounds = np.cumsum((0, *_REGION_ROWS))
    return [sum(ROWS[a:b]) for a, b in pairwise(bounds)]


def _places(length_mm: float) -> tuple[Float64, Float64, Float64]:
    """Lateral and forward place, and area, of each sensor: rows of one height across the outline."""
    width_mm = foot_width_mm(length_mm)
    outward, ap, area = [], [], []
    for row, count in enumerate(ROWS):
        y = (row + 0.5) / len(ROWS)
        medial, lateral = outline_half_widths(np.array(y))
        across = (np.arange(count) + 0.5) / count
        outward.append((across * (lateral + medial) - medial) * width_mm)
        ap.append(np.full(count, y * length_mm))
        cell = float(lateral + medial) * width_mm / count * length_mm / len(ROWS)
        area.append(np.full(count, cell))
    return np.concatenate(outward), np.concatenate(ap), np.concatenate(area)
