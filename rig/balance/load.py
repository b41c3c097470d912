# SPDX-License-Identifier: GPL-3.0-or-later
"""How the body weight is shared between the feet, and between heel and ball of each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rig.balance.definitions import Float64
from rig.balance.signals import StanceSignals
from rig.layout import Foot, Region
from rig.settings import SIDES


def load_symmetry_percent(foot_force_n: Float64) -> float:
    """100 F_L / (F_L + F_R) of the mean forces (n, 2); NaN without load."""
    left, right = (_mean(foot_force_n[:, foot]) for foot in Foot)
    total = left + right
    return float(100.0 * left / total) if total > 0.0 else math.nan


def load_json(signals: StanceSignals) -> dict[str, Any]:
    """Mean loads of an interval; shares are of means over the interval, null where undefined.

    `asymmetry_percent` is |50 - symmetry|. A foot's heel and ball shares are of that foot's own load
    (all of its regions).
    """
    symmetry = load_symmetry_percent(signals.foot_force_n)
    return {
        "symmetry_percent": _known(symmetry),
        "asymmetry_percent": _known(abs(50.0 - symmetry)),
        **{f"{SIDES[foot]}": _foot_json(signals, foot) for foot in Foot},
    }


def _foot_json(signals: StanceSignals, foot: Foot) -> dict[str, float | None]:
    force_n = _mean(signals.foot_force_n[:, foot])
    regions_n = [_mean(signals.region_force_n[:, foot, region]) for region in Region]
    total = math.fsum(r for r in regions_n if not math.isnan(r))
    shares = [100.0 * r / total if total > 0.0 else math.nan for r in regions_n]
    return {
        "force_n": _known(force_n),
        "heel_percent": _known(shares[Region.HEEL]),
        "midfoot_percent": _known(shares[Region.MIDFOOT]),
        "ball_percent": _known(shares[Region.BALL]),
        "toes_percent": _known(shares[Region.TOES]),
    }


def _mean(values: Float64) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
