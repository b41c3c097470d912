# SPDX-License-Identifier: GPL-3.0-or-later
"""What samples of a CoP show that no standing person does: jumps, standstill, another unit midway."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.balance.definitions import Float64

JUMP_MM, JUMP_S = 50.0, 0.1
"""Design choice: 500 mm/s, ten times what standing people reach on average on one leg."""
FROZEN_S, FROZEN_AXIS_S = 1.0, 2.0
"""Design choices: both axes, or one, at one printed value for so long; sway at 5 mm/s leaves a
millimetre sooner."""
CHANGED_TIMES = 6.0
PART_S = 4.0
"""Design choices: units differ by ten or more; speeds of people in parts so long differ by less."""


def jumps(cop_mm: Float64, rate_hz: float) -> bool:
    """The CoP (n, 2) moves more than 50 mm within 0.1 s, single samples' noise averaged out."""
    over = max(1, round(JUMP_S * rate_hz / 2.0))
    usable = len(cop_mm) // over * over
    means = cop_mm[:usable].reshape(-1, over, 2).mean(axis=1)
    if len(means) < 3:
        return False
    moved = np.hypot(*(means[2:] - means[:-2]).T)
    return bool((moved[np.isfinite(moved)] > JUMP_MM).any())


def frozen_s(cop_mm: Float64, rate_hz: float) -> float:
    """Longest standstill to the last digit that is none of a person's, in s; 0 where there is none.

    An axis that never moves at all is another matter and does not count.
    """
    still = np.diff(cop_mm, axis=0) == 0.0
    both = _longest_run(still.all(axis=1)) / rate_hz
    axes = [_longest_run(still[:, i]) / rate_hz for i in (0, 1) if not still[:, i].all()]
    found = [s for s in (both,) if s >= FROZEN_S and not still.all()]
    return max(found + [s for s in axes if s >= FROZEN_AXIS_S], default=0.0)


def changed_times(cop_mm: Float64, rate_hz: float) -> float:
    """How many times as fast the CoP (n, 2) is before some moment as after it, or the reverse.

    1 where it is less than six times, or either part less than 4 s. Logarithms of the speed in each
    half second are averaged, so that a few samples weigh little.
    """
    over = max(2, round(0.5 * rate_hz))
    steps = np.hypot(*np.diff(cop_mm, axis=0).T)
    usable = len(steps) // over * over
    speeds = steps[:usable].reshape(-1, over).mean(axis=1)
    logs = np.log(speeds[speeds > 0.0])
    least = round(2.0 * PART_S)
    if len(logs) < 2 * least:
        return 1.0
    sums = np.cumsum(logs)
    cuts = np.arange(least, len(logs) - least + 1)
    before = sums[cuts - 1] / cuts
    after = (sums[-1] - sums[cuts - 1]) / (len(logs) - cuts)
    times = float(np.exp(np.abs(before - after).max()))
    return times if times > CHANGED_TIMES else 1.0


def _longest_run(true: npt.NDArray[np.bool_]) -> int:
    """Most True in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return int(np.diff(edges)[::2].max()) if len(edges) else 0
