# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the literature defines one name in several ways, the choice is made here and travels along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from rig.errors import SettingsError

Float64 = npt.NDArray[np.float64]
Ellipse = Literal["chi2", "prieto", "f-prediction"]
Duration = Literal["n", "n-1"]
ELLIPSES: tuple[Ellipse, ...] = ("chi2", "prieto", "f-prediction")
DURATIONS: tuple[Duration, ...] = ("n", "n-1")
ML, AP = 0, 1
AXES: tuple[tuple[str, int], ...] = (("ml", ML), ("ap", AP))
LEAST_SAMPLES = 4
"""Fewer samples leave no covariance of two axes with a degree of freedom to spare."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """The choices that a value depends on.

    `ellipse` names the 95 % ellipse that is reported as "the" ellipse. `duration` "n" takes T = N/fs
    (Prieto et al. 1996 as coded by Quijoux et al. 2021), "n-1" the time from first to last sample.
    """

    ellipse: Ellipse = "chi2"
    duration: Duration = "n"

    def __post_init__(self) -> None:
        if self.ellipse not in ELLIPSES:
            raise SettingsError(
                f'No ellipse is called "{self.ellipse}"; choose {", ".join(ELLIPSES)}.'
            )
        if self.duration not in DURATIONS:
            raise SettingsError(f'A duration is "n" or "n-1", not "{self.duration}".')

    def duration_s(self, samples: int, rate_hz: float) -> float:
        """T of an interval of `samples` at `rate_hz`."""
        return (samples if self.duration == "n" else samples - 1) / rate_hz


def check_cop(cop_mm: npt.ArrayLike) -> Float64:
    """The CoP as (n, 2) float64, ML and AP in mm.

    Raises
    ------
    SettingsError
        Not two columns, fewer than four samples, or a sample that is no number.
    """
    cop = np.ascontiguousarray(cop_mm, np.float64)
    if cop.ndim != 2 or cop.shape[1] != 2:
        raise SettingsError(
            f"Sway needs two columns, ML and AP; these data have the shape {cop.shape}."
        )
    if len(cop) < LEAST_SAMPLES:
        raise SettingsError(
            f"{len(cop)} samples are no sway; at least {LEAST_SAMPLES} are needed, and 25 s for a "
            "result to rely on."
        )
    if not np.isfinite(cop).all():
        raise SettingsError(
            "Samples are missing in the interval; bridge or cut the gaps before measuring sway."
        )
    return cop


def centred(cop_mm: Float64) -> Float64:
    """With the mean of each axis taken off: every measure but the mean position is of this."""
    return cop_mm - cop_mm.mean(axis=0)
