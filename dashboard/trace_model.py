# SPDX-License-Identifier: GPL-3.0-or-later
"""Force against time, reduced to the least and greatest value of each bin of time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]
HEEL_LEFT, BALL_LEFT, HEEL_RIGHT, BALL_RIGHT = range(4)
CHANNELS = 4


@dataclass(slots=True)
class TraceBins:
    """A ring of bins of fixed time, so cost does not grow with the scan rate and peaks are kept.

    Bins are counted from the stream's time 0, not from now: a bin's values stay what they are while it
    moves to the left, and the trace does not shimmer.
    """

    window_s: float = 10.0
    bins: int = 500
    newest_t_s: float = -math.inf
    _newest_bin: int = -1
    _low: Float64 = field(init=False)
    _high: Float64 = field(init=False)

    def __post_init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._low = np.full((self.bins, CHANNELS), np.nan)
        self._high = np.full((self.bins, CHANNELS), np.nan)
        self._newest_bin, self.newest_t_s = -1, -math.inf

    @property
    def bin_s(self) -> float:
        return self.window_s / self.bins

    def push(self, t_s: Float64, values: Float64) -> None:
        """Add n frames: times (n,) rising, values (n, CHANNELS) in N."""
        if len(t_s) == 0:
            return
        bin_of = np.floor(t_s / self.bin_s).astype(np.int64)
        recent = bin_of > bin_of[-1] - self.bins
        t_s, values, bin_of = t_s[recent], values[recent], bin_of[recent]
        starts = np.flatnonzero(np.diff(bin_of, prepend=bin_of[0] - 1))
        self._forget_up_to(int(bin_of[-1]))
        slot = bin_of[starts] % self.bins
        self._low[slot] = np.fmin(self._low[slot], np.fmin.reduceat(values, starts, axis=0))
        self._high[slot] = np.fmax(self._high[slot], np.fmax.reduceat(values, starts, axis=0))
        self.newest_t_s = float(t_s[-1])

    def _forget_up_to(self, bin_number: int) -> None:
        fresh = min(bin_number - self._newest_bin, self.bins)
        slots = np.arange(bin_number - fresh + 1, bin_number + 1) % self.bins
        self._low[slots] = np.nan
        self._high[slots] = np.nan
        self._newest_bin = max(self._newest_bin, bin_number)

    def series(self, rate_hz: float) -> tuple[Float64, Float64]:
        """What to draw: ages (k,) in s, 0 at the newest frame, and values (k, CHANNELS), two points a
        bin. A row of NaN stands where frames are missing for longer than 2.5 scans at `rate_hz`."""
        order = np.arange(self._newest_bin - self.bins + 1, self._newest_bin + 1)
        low, high = self._low[order % self.bins], self._high[order % self.bins]
        filled = ~np.isnan(low).all(axis=1)  # a channel without sensors is NaN throughout
        order, low, high = order[filled], low[filled], high[filled]
        longest = max(1, math.ceil(2.5 / (max(rate_hz, 1.0) * self.bin_s)))
        holes = np.flatnonzero(np.diff(order) > longest) + 1
        age_s = (np.repeat(order, 2) + np.tile([0.25, 0.75], len(order))) * self.bin_s
        values = np.stack((low, high), axis=1).reshape(-1, CHANNELS)
        age_s = np.insert(age_s - self.newest_t_s, 2 * holes, np.nan)
        return np.minimum(age_s, 0.0), np.insert(values, 2 * holes, np.nan, axis=0)

    def peak(self) -> float:
        """Greatest value in the window; 0 when it is empty."""
        return float(np.fmax.reduce(self._high, axis=None, initial=0.0))
