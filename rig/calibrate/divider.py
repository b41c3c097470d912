# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts to conductance to the force on one pad: the electrical law of a sensel.

An FSR from the supply to the multiplexer, a pull-down resistor behind it to ground: with count c of
full scale N, R_FSR = Rm (N - c) / c - R_mux. The multiplexer's own resistance belongs in the law;
left out, 60 N would read 42 N.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.force_block import Float64
from rig.errors import SettingsError
from rig.wire.packets import Hello, RigKind, Topology

SATURATED_SHARE = 0.95
"""Of the highest count that the divider can reach at all, N Rm / (Rm + R_mux); beyond it one count is
worth many newtons (design choice)."""

_CACHED_FRAMES = 256


def check_front_end(hello: Hello) -> None:
    """Refuse a board whose samples this version cannot turn into forces.

    Raises
    ------
    SettingsError
        Not a pair of 16-sensel insoles behind resistive dividers.
    """
    if hello.rig_kind != RigKind.INSOLES or hello.sensel_count != SENSELS:
        raise SettingsError(
            f"The board says that it scans {hello.sensel_count} sensels of rig kind "
            f"{hello.rig_kind}; this version of Solerig turns pairs of 16-sensel insoles into forces. "
            "Flash the insole firmware, or update Solerig."
        )
    if hello.topology != Topology.DIVIDER or hello.pull_down_ohm == 0 or hello.adc_full_scale == 0:
        raise SettingsError(
            "The board names no pull-down resistor or no full scale, so its samples cannot become "
            "newtons. Flash the insole firmware again."
        )


def saturation_count(hello: Hello, mux_ohm: float) -> float:
    """Count from which a pad's force is only a lower bound."""
    reach = hello.pull_down_ohm / (hello.pull_down_ohm + mux_ohm)
    return SATURATED_SHARE * reach * hello.adc_full_scale


def divider(counts: npt.ArrayLike, hello: Hello, mux_ohm: float) -> Float64:
    """Conductance of each FSR.

    Parameters
    ----------
    counts : any shape
        Raw samples; 0 means an open FSR. Counts above `saturation_count` are taken as that count.

    Returns
    -------
    conductance_us : shape of `counts`
        Microsiemens, finite, 0 at count 0.
    """
    c = np.minimum(np.asarray(counts, np.float64), saturation_count(hello, mux_ohm))
    # 1 / (Rm (N - c) / c - R_mux) with c multiplied through, so that c = 0 needs no special case
    return 1e6 * c / (hello.pull_down_ohm * (hello.adc_full_scale - c) - mux_ohm * c)


def pad_force(conductance_us: Float64, k_us: float, exponent: float) -> Float64:
    """Invert G = k F^p (power law of a printed FSR; `Calibration` names the default's source)."""
    return (conductance_us / k_us) ** (1.0 / exponent)


def force_of_counts(hello: Hello, calibration: Calibration) -> Float64:
    """Table of the force of every sensel at every count that fits the bit depth.

    A table costs one look-up a sample and makes equal counts equal forces to the bit, however many
    are converted at once.

    Returns
    -------
    force_n : (sensels, 2^bit_depth) float64
        C-contiguous; rows in the order of the pads. `look_up` reads it.

    Raises
    ------
    SettingsError
        A front end that this version cannot turn into forces, or curves of another number of sensels.
    """
    check_front_end(hello)
    counts = np.arange(1 << hello.bit_depth)
    conductance_us = divider(counts, hello, calibration.mux_ohm)
    if not calibration.sensel_k_us:
        force_n = pad_force(conductance_us, calibration.fsr_k_us, calibration.fsr_exponent)
        return np.tile(force_n, (hello.sensel_count, 1))
    if len(calibration.sensel_k_us) != hello.sensel_count:
        raise SettingsError(
            f"The calibration {calibration.identifier!r} has curves for "
            f"{len(calibration.sensel_k_us)} sensors, but the board scans {hello.sensel_count}: it "
            "belongs to another rig. Choose another calibration, or calibrate again."
        )
    return np.stack(
        [
            pad_force(conductance_us, k_us, exponent)
            for k_us, exponent in zip(
                calibration.sensel_k_us, calibration.sensel_exponent, strict=True
            )
        ]
    )


def look_up(table_n: Float64, counts: npt.NDArray[np.integer]) -> Float64:
    """Force of each sample.

    Parameters
    ----------
    table_n : (sensels, 2^bit_depth) float64
        Of `force_of_counts`.
    counts : (n, sensels) integers
        In the order of the pads; the decoder hands on none that does not fit the bit depth.

    Returns
    -------
    (n, sensels) float64
    """
    sensels, a_row = table_n.shape
    return table_n.ravel().take(counts + np.arange(0, sensels * a_row, a_row), mode="wrap")


def look_up_by_sensel(table_n: Float64, rows: npt.NDArray[np.integer]) -> Float64:
    """`look_up` with a row for each sensel, (sensels, n) in and out: the hot path of every analysis.

    What is then summed up by sensel runs over long rows of frames. A sensel's own table stays in the
    fastest cache while its row is looked up.
    """
    force_n = np.empty(rows.shape)
    for sensel, row in enumerate(rows):
        table_n[sensel].take(row, out=force_n[sensel], mode="wrap")
    return force_n


def by_sensel(counts: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """(n, sensels) to (sensels, n) in memory of its own, a cached piece at a time: twice as fast."""
    rows = np.empty(counts.shape[::-1], counts.dtype)
    for start in range(0, len(counts), _CACHED_FRAMES):
        part = slice(start, start + _CACHED_FRAMES)
        rows[:, part] = counts[part].T
    return rows
