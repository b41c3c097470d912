# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two visits differ by more than repeated trials do.

SEM and minimal detectable change after Weir 2005 (J Strength Cond Res 19:231-240).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from rig.balance.history import differences, matching_condition
from rig.errors import AnalysisError

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


def trial_values(content: Mapping[str, Any], condition: str, measure: str) -> list[float]:
    """Each scored trial's value out of a summary; sway of full-time trials alone, times of all.

    `measure` is `time_s` or a measure's key; what is null is left out.
    """
    values = []
    for trial in content["trials"]:
        if not _counts(trial, condition):
            continue
        if measure == "time_s":
            values.append(float(trial["time_s"]))
        elif trial["outcome"] == "time" and trial["measures"].get(measure) is not None:
            values.append(float(trial["measures"][measure]))
    return values


def trial_flags(content: Mapping[str, Any], condition: str, measure: str) -> list[str]:
    """Codes of what speaks against the trials of `trial_values`; times of holds have none."""
    if measure == "time_s":
        return []
    codes = [
        flag["code"]
        for trial in content["trials"]
        if _counts(trial, condition) and trial["outcome"] == "time"
        for flag in trial.get("validity", {"flags": []})["flags"]
    ]
    return list(dict.fromkeys(codes))


def _counts(trial: Mapping[str, Any], condition: str) -> bool:
    return trial["condition"] == condition and not (trial["practice"] or trial["discarded"])


def left_out(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Conditions of the later visit that the earlier one does not have, or did in another way."""
    keys = [c["key"] for c in after["conditions"] if matching_condition(before, c) is None]
    return [f"{key}: not done, or not done alike, in the earlier visit" for key in keys]


def changes_json(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every measure of the conditions that two summaries of one test share, the earlier visit first.

    `mdc95` and `beyond` are null where either visit has fewer than three trials. `flags` are the codes
    of what speaks against the trials of either visit.

    Raises
    ------
    AnalysisError
        The tests were not made alike, or share no condition.
    """
    names = [content["protocol"]["key"] for content in (before, after)]
    if names[0] != names[1]:
        raise AnalysisError(f"The visits hold different tests, {names[0]} and {names[1]}.")
    unlike = differences(before, after)
    if unlike:
        raise AnalysisError(
            f"The visits were not made alike: {', '.join(unlike)}. Compare visits of one person who "
            "did the same test in the same way."
        )
    if len(left_out(before, after)) == len(after["conditions"]):
        raise AnalysisError(
            "The visits share no condition done alike (eyes, ground, feet, time and stance)."
        )
    rows = []
    for condition in after["conditions"]:
        key = condition["key"]
        if matching_condition(before, condition) is None:
            continue
        timed = after["protocol"]["measure"] == "hold"
        measures = (["time_s"] if timed else []) + list(condition["measures"])
        for measure in measures:
            first, second = (trial_values(c, key, measure) for c in (before, after))
            if first and second:
                codes = (trial_flags(c, key, measure) for c in (before, after))
                flags = list(dict.fromkeys(chain.from_iterable(codes)))
                rows.append({**_row(key, measure, first, second), "flags": flags})
    return rows


def _row(condition: str, measure: str, first: list[float], second: list[float]) -> dict[str, Any]:
    change = change_between(first, second)
    means = [math.fsum(values) / len(values) for values in (first, second)]
    return {
        "condition": condition,
        "measure": measure,
        "before": means[0],
        "after": means[1],
        "trials": [len(first), len(second)],
        "change": means[1] - means[0],
        "sem": None if change is None else change.sem,
        "mdc95": None if change is None else change.mdc95,
        "beyond": None if change is None else change.beyond,
    }
