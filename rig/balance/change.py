# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two visits differ by more than repeated trials do.

SEM and minimal detectable change after Weir 2005 (J Strength Cond Res 19:231-240).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_TRIALS = 3
"""Fewer repeated trials leave the error itself unknown."""
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Change:
    """From the first visit's mean to the second's.

    Attributes
    ----------
    sem : float
        Standard error of one trial: the trials' standard deviation within visits, pooled.
    mdc95 : float
        For the difference of two means of as many trials as there were. Trials of one visit say
        nothing of what differs between days (shoes, placement, tare), so it is a lower bound.
    """

    before: float
    after: float
    sem: float
    mdc95: float

    @property
    def beyond(self) -> bool:
        """The difference is larger than repeated trials alone would show in 95 of 100 cases."""
        return abs(self.after - self.before) > self.mdc95


def sem_from_trials(visits: Sequence[Sequence[float]]) -> float:
    """Pooled within-visit standard deviation; NaN unless some visit has three known trials."""
    squares, freedom = 0.0, 0
    for visit in visits:
        known = np.array([value for value in visit if math.isfinite(value)])
        if len(known) >= LEAST_TRIALS:
            squares += float(((known - known.mean()) ** 2).sum())
            freedom += len(known) - 1
    return math.sqrt(squares / freedom) if freedom else math.nan


def mdc95(sem: float) -> float:
    """1.96 sqrt(2) SEM: for the difference of two values with this standard error."""
    return NORMAL_95 * math.sqrt(2.0) * sem


def change_between(before: Sequence[float], after: Sequence[float]) -> Change | None:
    """Compare the trials of two visits; None unless both have three known trials.

    A mean of k trials has a standard error of SEM / sqrt(k); with unequal numbers the errors of both
    means are added in squares, which for equal numbers is 1.96 sqrt(2) SEM / sqrt(k).
    """
    first = [value for value in before if math.isfinite(value)]
    second = [value for value in after if math.isfinite(value)]
    if min(len(first), len(second)) < LEAST_TRIALS:
        return None
    sem = sem_from_trials((first, second))
    of_means = sem * math.sqrt(0.5 / len(first) + 0.5 / len(second))
    return Change(float(np.mean(first)), float(np.mean(second)), sem, mdc95(of_means))
