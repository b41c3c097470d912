# SPDX-License-Identifier: GPL-3.0-or-later
"""Weight shifts from foot to foot: how far, how evenly, how fast (definitions are design choices)."""

from __future__ import annotations

import numpy as np

from rig.balance.definitions import AP, ML, Float64

LEFT_ABOVE, RIGHT_BELOW = 0.60, 0.40
"""Share of the left foot that counts as shifted to a side."""


def weight_shift_measures(share_left: Float64, cop_mm: Float64, rate_hz: float) -> dict[str, float]:
    """Measures of a trial of weight shifts; NaN where there were too few.

    Parameters
    ----------
    share_left : (n,) float64
        F_L / (F_L + F_R), filtered.
    cop_mm : (n, 2) float64
        CoP of both feet, ML and AP.

    Returns
    -------
    dict
        `shifts`: changes of side; `left_peak_percent`, `right_peak_percent`: mean of the largest share
        of each visit to a side; `peak_asymmetry_percent`: their difference; `shift_period_s`: mean
        time from one visit to the next of the same side; `directional_control_percent`: 100 (ML - AP)
        / ML of the CoP's ways.
    """
    visits = _visits(share_left)
    left = [100.0 * float(share_left[part].max()) for side, part in visits if side > 0]
    right = [100.0 * float(1.0 - share_left[part].min()) for side, part in visits if side < 0]
    left_peak, right_peak = (float(np.mean(p)) if p else float("nan") for p in (left, right))
    starts_s = [part.start / rate_hz for _, part in visits]
    periods = np.subtract(starts_s[2:], starts_s[:-2])
    ways = np.abs(np.diff(cop_mm, axis=0)).sum(axis=0)
    control = 100.0 * (ways[ML] - ways[AP]) / ways[ML] if ways[ML] > 0.0 else float("nan")
    return {
        "shifts": float(max(0, len(visits) - 1)),
        "left_peak_percent": left_peak,
        "right_peak_percent": right_peak,
        "peak_asymmetry_percent": left_peak - right_peak,
        "shift_period_s": float(periods.mean()) if len(periods) else float("nan"),
        "directional_control_percent": float(control),
    }


def _visits(share_left: Float64) -> list[tuple[int, slice]]:
    """Stays on one side, +1 left and -1 right, from its first to its last sample there."""
    side = np.where(share_left >= LEFT_ABOVE, 1, np.where(share_left <= RIGHT_BELOW, -1, 0))
    there = np.flatnonzero(side)
    if len(there) == 0:
        return []
    turns = np.flatnonzero(np.diff(side[there])) + 1
    groups = np.split(there, turns)
    return [(int(side[g[0]]), slice(int(g[0]), int(g[-1]) + 1)) for g in groups]
