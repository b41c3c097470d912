# SPDX-License-Identifier: GPL-3.0-or-later
"""Heel against ball per foot, and the body weight's share on either foot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rig.contact.results import LoadBlock
from rig.layout import Foot, Region

Float64 = npt.NDArray[np.float64]
BAR_WINDOW_S = 0.03
"""Bars follow the mean of the newest 30 ms: a screen frame or two, without the sensors' noise."""
TEXT_INTERVAL_S = 0.2
"""Figures change five times a second at most; faster cannot be read (design choice)."""


@dataclass(frozen=True, slots=True)
class FootLoad:
    """One foot's figures; shares are of that foot's force and NaN where they are undefined."""

    heel_n: float = math.nan
    ball_n: float = math.nan
    heel_share: float = math.nan
    ball_share: float = math.nan


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """`share_left` is NaN in flight."""

    feet: tuple[FootLoad, FootLoad] = (FootLoad(), FootLoad())
    share_left: float = math.nan


@dataclass(slots=True)
class LoadReadout:
    """`bars` for what moves, `text` for what is read."""

    bars: LoadFigures = field(default_factory=LoadFigures)
    text: LoadFigures = field(default_factory=LoadFigures)
    _text_at_s: float = -math.inf

    def push(self, loads: LoadBlock, now_s: float) -> None:
        if len(loads) == 0:
            return
        self.bars = load_figures(loads)
        if now_s - self._text_at_s >= TEXT_INTERVAL_S:
            self.text, self._text_at_s = self.bars, now_s


def load_figures(loads: LoadBlock) -> LoadFigures:
    """Means over the block's newest `BAR_WINDOW_S`; a share needs the load that a CoP needs."""
    newest = loads.force.t_s >= loads.force.t_s[-1] - BAR_WINDOW_S
    regions = loads.region_force_n[newest].mean(axis=0)
    foot_force = loads.foot_force_n[newest].mean(axis=0)
    enough = np.isfinite(loads.foot_cop_mm[-1, :, 0])
    left = loads.share_left[newest]
    left = left[np.isfinite(left)]
    feet = tuple(
        _foot_load(regions[foot], float(foot_force[foot]), bool(enough[foot])) for foot in Foot
    )
    return LoadFigures(
        feet=(feet[Foot.LEFT], feet[Foot.RIGHT]),
        share_left=float(left.mean()) if len(left) else math.nan,
    )


def _foot_load(region_n: Float64, foot_force_n: float, enough: bool) -> FootLoad:
    heel_n, ball_n = float(region_n[Region.HEEL]), float(region_n[Region.BALL])
    if not enough or foot_force_n <= 0.0:
        return FootLoad(heel_n=heel_n, ball_n=ball_n)
    return FootLoad(heel_n, ball_n, heel_n / foot_force_n, ball_n / foot_force_n)
