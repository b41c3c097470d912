# SPDX-License-Identifier: GPL-3.0-or-later
"""The visit's two short measurements on a mat: the empty mat, and quiet stance on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64
from rig.calibrate.mat_force import cells_of_counts
from rig.calibrate.tare import (
    LARGEST_SWAY,
    SHORTEST_S,
    TARE_S,
    UNLOADED_SWING_N,
    USUAL_BODY_WEIGHT_N,
    with_measured_gain,
)
from rig.errors import SettingsError
from rig.layout.mat import mat_layout
from rig.wire.packets import Hello

HIGHEST_PRELOAD = 0.05
"""Of the body weight, all cells together: more is a thing or a foot on the mat (design choice)."""
GAIN_RANGE = (0.02, 50.0)
"""Films of the same name differ more than tenfold, and no curve is known before this measurement
(design choice)."""


def mat_tare_from_counts(
    counts: npt.ArrayLike, hello: Hello, calibration: Calibration, body_weight_n: float | None
) -> Calibration:
    """The calibration with each cell's median force of the last 2 s as its tare.

    A mat is tared with nobody on it. What is refused as a load goes by the newtons that the gain in
    force makes; without a measured gain they are rough.

    Parameters
    ----------
    counts : (n, samples)
    body_weight_n : float, optional
        For the limit; 700 N where not known.

    Raises
    ------
    SettingsError
        Too few samples, a load on the mat, or a mat that moves.
    """
    gain = calibration.body_weight_gain
    cells_n = _cells_n(counts, hello, replace(calibration, tare_force_n=Calibration().tare_force_n))
    cells_n = cells_n[-round(TARE_S * hello.scan_rate_hz) :]
    scanned_n = np.median(cells_n, axis=0)
    limit_n = HIGHEST_PRELOAD * (body_weight_n or USUAL_BODY_WEIGHT_N)
    load_n = gain * float(scanned_n.sum())
    if load_n > limit_n:
        raise SettingsError(
            f"The mat bears {load_n:.0f} N while it should be empty (at most {limit_n:.0f} N). Step off "
            "it, take off what lies there, and tare again."
        )
    noise_n = gain * float(cells_n.sum(axis=1).std())
    if noise_n > UNLOADED_SWING_N:
        raise SettingsError(
            f"The load on the mat changed by {noise_n:.0f} N while taring. Keep off it for two seconds, "
            "and tare again."
        )
    layout = mat_layout(hello)
    tare_n = np.zeros(layout.rows * layout.columns)
    tare_n[layout.sensel] = scanned_n
    return replace(
        calibration,
        tare_force_n=tuple(tare_n.tolist()),
        unloaded_noise_n=(noise_n, noise_n),
    )


def mat_body_weight_gain_from_counts(
    counts: npt.ArrayLike, hello: Hello, calibration: Calibration, body_weight_n: float
) -> Calibration:
    """The calibration with the gain that makes quiet stance on the mat sum to the body weight.

    Parameters
    ----------
    counts : (n, samples)
        Of quiet stance with both feet wholly on the mat.

    Raises
    ------
    SettingsError
        Too few samples, a moving person, or a total that no body weight explains.
    """
    total_n = _cells_n(counts, hello, calibration).sum(axis=1)
    mean_n = float(total_n.mean())
    gain = body_weight_n / mean_n if mean_n > 0.0 else np.inf
    if not GAIN_RANGE[0] <= gain <= GAIN_RANGE[1]:
        raise SettingsError(
            f"The mat reads {mean_n:.1f} N before scaling, which cannot be a person of "
            f"{body_weight_n:.0f} N. Stand on it with both feet, check the weight typed in and the two "
            "plugs, and measure again."
        )
    if float(total_n.std()) > LARGEST_SWAY * mean_n:
        raise SettingsError(
            "The load changed too much while it was measured. Stand still on the mat for a few "
            "seconds, and measure again."
        )
    return with_measured_gain(calibration, gain)


def _cells_n(counts: npt.ArrayLike, hello: Hello, calibration: Calibration) -> Float64:
    """(n, samples) newtons before any gain."""
    samples = np.asarray(counts, np.int64)
    if samples.ndim != 2 or samples.shape[1] != hello.sensel_count:
        raise SettingsError(
            f"A measurement on this mat needs samples of {hello.sensel_count} cells; these have the "
            f"shape {samples.shape}."
        )
    if len(samples) < SHORTEST_S * hello.scan_rate_hz:
        raise SettingsError(
            f"Only {len(samples)} frames were taken; at least {SHORTEST_S:g} s are needed. Check the "
            "link and measure again."
        )
    within = np.clip(samples, 0, (1 << hello.bit_depth) - 1).astype(np.uint16)
    return cells_of_counts(within, hello, calibration).reshape(len(within), -1)
