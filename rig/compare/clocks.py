# SPDX-License-Identifier: GPL-3.0-or-later
"""From the reference's clock to the recording's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64

Method = Literal["sync edge", "best lag"]


@dataclass(frozen=True, slots=True)
class ClockMap:
    """t_recording = offset_s + rate x t_reference, t_reference from the reference's first sample."""

    offset_s: float
    rate: float = 1.0

    def to_recording(self, t_s: Float64) -> Float64:
        return self.offset_s + self.rate * t_s


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the two clocks were brought together, and how sure that is.

    Attributes
    ----------
    method : "sync edge" or "best lag"
    signal : str
        What the lag was found by ("" for edges).
    se_s : float
        Standard error of the offset: of edges from the two sampling periods, of lags from their
        scatter along the record; NaN where one lag is all there is.
    edges : int
        Sync edges that both saw.
    edge_residual_s : float
        Largest distance of an edge from the fit; NaN with one edge.
    correlation, second_correlation, second_lag_s : float
        Of the force (or CoP) at its best lag, of the best other lag, and that lag's offset.
    force_offset_s : float
        How much later our force comes than the reference's when edges say the time; NaN where it
        cannot be told. With a best lag it is 0 by definition, so it is NaN too.
    drift_ppm, drift_half_width_ppm : float
        How much faster the recording's clock runs, with half its 95 % interval; NaN: not estimated,
        taken as 0.
    drift_by : str
        "edges", the signal's name, or "".
    """

    method: Method
    signal: str
    clock: ClockMap
    se_s: float
    edges: int
    edge_residual_s: float
    correlation: float
    second_correlation: float
    second_lag_s: float
    force_offset_s: float
    drift_ppm: float
    drift_half_width_ppm: float
    drift_by: str
    warnings: tuple[str, ...] = ()

    @property
    def lag_s(self) -> float:
        """Where the reference's first sample lies in the recording."""
        return self.clock.offset_s


class Edges(NamedTuple):
    """(m,) times at which a sync line changed, whether it rose, and the line's first and last time."""

    t_s: Float64
    rises: npt.NDArray[np.bool_]
    span_s: tuple[float, float]

    def __bool__(self) -> bool:
        return len(self.t_s) > 0

    def inverted(self) -> Edges:
        """The same line behind a wire that turns it over, such as an optocoupler."""
        return self._replace(rises=~self.rises)


def edges_of(t_s: Float64, level: Float64, longest_step_s: float = math.inf) -> Edges:
    """Edges of a sync line, each half a sample before the first that shows it.

    Schmitt trigger at 30 and 70 % of the swing, so that noise on a level is no edge (design choice).
    What changed over more than `longest_step_s` is left out, since nobody knows when.
    """
    span_s = (float(t_s[0]), float(t_s[-1]))
    known = np.isfinite(level)
    t_s, level = t_s[known], level[known]
    if len(level) < 2 or np.ptp(level) == 0.0:
        return Edges(np.zeros(0), np.zeros(0, dtype=bool), span_s)
    share = (level - level.min()) / np.ptp(level)
    state = np.where(share >= 0.7, 1, np.where(share <= 0.3, 0, -1))
    told = np.flatnonzero(state >= 0)
    at = told[1:][state[told][1:] != state[told][:-1]]
    at = at[t_s[at] - t_s[at - 1] <= longest_step_s]
    return Edges(0.5 * (t_s[at - 1] + t_s[at]), state[at] == 1, span_s)
