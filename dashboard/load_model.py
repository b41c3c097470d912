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
"""The mean of the newest 30 ms is shown: the present, without the sensors' noise."""
SHOWN_INTERVAL_S = 0.1
"""Bars and their figures change together, ten times a second at most: a bar that runs ahead of its
figure contradicts it, and faster figures cannot be read (design choice)."""


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
    """What bars and figures both show."""

    shown: LoadFigures = field(default_factory=LoadFigures)
    _shown_at_s: float = -math.inf

    def push(self, loads: LoadBlock, now_s: float) -> None:
        if len(loads) and now_s - self._shown_at_s >= SHOWN_INTERVAL_S:
            self.shown, self._shown_at_s = load_figures(loads), now_s


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
