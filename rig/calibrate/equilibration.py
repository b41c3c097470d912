# SPDX-License-Identifier: GPL-3.0-or-later
"""Mats: a known uniform pressure on every cell gives each its own curve.

A bladder or a stack of foam under a plate presses all cells alike; what they read is then their gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.calibrate.bench import EXPONENT_RANGE, SenselCurve
from rig.calibrate.force_block import Float64
from rig.errors import SettingsError

NEWTONS_IN_KPA_MM2 = 1e-3
DEAD_SHARE = 0.1
"""Of the middle cell's conductance: a cell below it does not feel the pressure (design choice)."""
MOST_DEAD = 0.1
"""Share of dead cells above which the pressure was not on the whole mat (design choice)."""
ASSUMED_EXPONENT = 1.0
"""With a single pressure (Interlink integration guide: 0.9 to 1.1)."""


@dataclass(frozen=True, slots=True)
class Equilibration:
    """Curves of all cells, and the cells that felt nothing (they take the middle cell's curve)."""

    curves: tuple[SenselCurve, ...]
    dead: tuple[int, ...]


def equilibrate(
    pressures_kpa: Sequence[float], conductance_us: npt.ArrayLike, cell_area_mm2: float
) -> Equilibration:
    """Curves of a mat's cells from one or more uniform pressures.

    With one pressure the exponent is taken as 1; with more, log G is fitted over log F.

    Parameters
    ----------
    pressures_kpa : (m,)
        Rising.
    conductance_us : (m, cells)
        Medians of each cell under each pressure, cross-talk removed.
    cell_area_mm2
        What one cell stands for: the square of the pitch.

    Raises
    ------
    SettingsError
        Pressures that do not rise, a mat that was not pressed as a whole, or a cell that reads less
        under more pressure.
    """
    pressures = np.asarray(pressures_kpa, np.float64)
    readings = np.asarray(conductance_us, np.float64)
    if readings.ndim != 2 or len(readings) != len(pressures) or len(pressures) == 0:
        raise SettingsError("Each pressure needs one reading of every cell. Take them again.")
    if pressures.min() <= 0.0 or (np.diff(pressures) <= 0.0).any():
        raise SettingsError("Give the pressures in kilopascals, rising, above zero.")
    dead = np.asarray((readings < DEAD_SHARE * np.median(readings, axis=1)[:, None]).any(axis=0))
    if dead.mean() > MOST_DEAD:
        raise SettingsError(
            f"{dead.sum()} of {len(dead)} cells did not feel the pressure. It must lie on the whole "
            "mat: check the bladder and the row and column plugs, and take the readings again."
        )
    falling = np.flatnonzero((np.diff(readings, axis=0) <= 0.0).any(axis=0) & ~dead)
    if len(falling):
        raise SettingsError(
            f"Cell {falling[0]} (and {len(falling) - 1} more) reads no more under more pressure, so it "
            "has no curve. Press evenly, wait until the reading rests, and take the readings again."
        )
    force_n = pressures * cell_area_mm2 * NEWTONS_IN_KPA_MM2
    log_k, exponent = _fit(np.log(force_n), np.log(np.where(dead, 1.0, readings)))
    log_k[dead], exponent[dead] = np.median(log_k[~dead]), np.median(exponent[~dead])
    low, high = EXPONENT_RANGE
    if exponent.min() < low or exponent.max() > high:
        raise SettingsError(
            f"Cell {int(np.argmax(np.abs(exponent - 1.0)))}'s conductance does not grow with the "
            "pressure as such a cell does. Check that the pressures are what they say, and "
            "take them again."
        )
    return Equilibration(
        _curves(force_n, readings, log_k, exponent, dead), tuple(np.flatnonzero(dead).tolist())
    )


def _fit(log_f: Float64, log_g: Float64) -> tuple[Float64, Float64]:
    """Logarithm of k, and exponent, of every cell."""
    if len(log_f) == 1:
        exponent = np.full(log_g.shape[1], ASSUMED_EXPONENT)
        return log_g[0] - exponent * log_f[0], exponent
    exponent, log_k = np.polyfit(log_f, log_g, 1)
    return log_k, exponent


def _curves(
    force_n: Float64,
    readings: Float64,
    log_k: Float64,
    exponent: Float64,
    dead: npt.NDArray[np.bool_],
) -> tuple[SenselCurve, ...]:
    read_n = (readings / np.exp(log_k)) ** (1.0 / exponent)
    off = read_n / force_n[:, None] - 1.0
    residual_sd = np.sqrt((off**2).sum(axis=0) / max(1, len(force_n) - 2))
    residual_sd[dead] = 1.0
    return tuple(
        SenselCurve(
            sensel=cell,
            k_us=float(np.exp(log_k[cell])),
            exponent=float(exponent[cell]),
            residual_sd=float(residual_sd[cell]),
            hysteresis=0.0,
            top_share=float(1.0 + off[-1, cell]),
            repeat_gap=None,
            loads_n=tuple(force_n.tolist()),
        )
        for cell in range(len(log_k))
    )
