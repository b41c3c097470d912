# SPDX-License-Identifier: GPL-3.0-or-later
"""What a balance test amounts to: trials, their combination by the protocol's rule, and ratios."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from rig.balance.measures import Measures
from rig.balance.protocol import Condition, Protocol
from rig.balance.run_state import Run
from rig.balance.stance_assessment import measures_json
from rig.balance.stances import assumed_width
from rig.balance.trial import Trial

SCHEMA = "solerig-balance-test-1"
NO_DIAGNOSIS = "Training and research aid; no diagnosis and no prediction of falls."


def summary(run: Run) -> dict[str, Any]:
    """Strict JSON of a test, finished or not; what is undefined is null."""
    protocol = run.protocol
    results = {c.key: _condition_json(protocol, c, run.trials) for c in protocol.conditions}
    return {
        "schema": SCHEMA,
        "wording": NO_DIAGNOSIS,
        "protocol": {
            "key": protocol.key,
            "title": protocol.title,
            "source": protocol.source,
            "measure": protocol.measure,
            "trial_rule": protocol.trial_rule,
            "until_full": protocol.until_full,
            "settle_s": protocol.settle_s,
        },
        "person": {
            "foot_length_mm": run.person.foot_length_mm,
            "height_mm": run.person.height_mm,
            "age_years": run.person.age_years,
        },
        "order": [protocol.conditions[place].key for place in run.order],
        "order_seed": run.seed,
        "complete": run.next_up is None,
        "conditions": list(results.values()),
        "ratios": {
            ratio.key: _known(_ratio(results[ratio.of], results[ratio.over], ratio.measure))
            for ratio in protocol.ratios
        },
        "ratios_valid": {
            ratio.key: _both_valid(results[ratio.of], results[ratio.over])
            for ratio in protocol.ratios
        },
        "all_conditions": _of_all(protocol, results),
        "noise_floor": {"velocity_mm_s": run.floor_velocity_mm_s},
        "trials": [trial.to_json() for trial in run.trials],
    }


def combined_time_s(protocol: Protocol, trials: Sequence[Trial]) -> float:
    """Mean or best of the scored trials; NaN without one."""
    times_s = [trial.time_s for trial in trials if trial.scored]
    if not times_s:
        return math.nan
    return max(times_s) if protocol.combine == "best" else math.fsum(times_s) / len(times_s)


def averaged(trials: Sequence[Trial]) -> Measures:
    """Mean of each measure over scored trials of full time; NaN where one of them has none."""
    used = [trial.measures for trial in trials if trial.scored and trial.full_time]
    used = [measures for measures in used if measures]
    if not used:
        return {}
    return {key: float(np.mean([measures[key] for measures in used])) for key in used[0]}


def _condition_json(
    protocol: Protocol, condition: Condition, trials: Sequence[Trial]
) -> dict[str, Any]:
    own = [trial for trial in trials if trial.condition == condition.key]
    scored = [trial for trial in own if trial.scored]
    measured = [trial for trial in scored if trial.full_time and trial.measures]
    timed = protocol.measure == "hold"
    return {
        "key": condition.key,
        "eyes": condition.eyes,
        "surface": condition.surface,
        "feet": condition.feet,
        "seconds": condition.seconds,
        "stance": condition.template.key,
        "ml": assumed_width(condition.template) if condition.feet == "both" else None,
        "trials": len(scored),
        "full_time_trials": sum(trial.full_time for trial in scored),
        "time_s": _known(combined_time_s(protocol, own)) if timed else None,
        "measured_trials": len(measured),
        "measures": measures_json(averaged(own)),
        "validity": _validity(measured),
    }


def _validity(measured: Sequence[Trial]) -> dict[str, Any]:
    """What speaks against the trials that `measures` are the mean of, each reason with their numbers."""
    found: dict[str, dict[str, Any]] = {}
    for trial in measured:
        for flag in trial.validity["flags"]:
            found.setdefault(flag["code"], {**flag, "trials": []})["trials"].append(trial.number)
    return {"valid": not found if measured else None, "flags": list(found.values())}


def _both_valid(of: dict[str, Any], over: dict[str, Any]) -> bool | None:
    """None where one of them was not measured."""
    each = [result["validity"]["valid"] for result in (of, over)]
    return None if None in each else all(each)


def _ratio(of: dict[str, Any], over: dict[str, Any], measure: str) -> float:
    above, below = of["measures"].get(measure), over["measures"].get(measure)
    return above / below if above is not None and below else math.nan


def _of_all(protocol: Protocol, results: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """Limits of stability: the mean over all directions, once each has been measured."""
    if protocol.measure != "limits":
        return {}
    each = [result["measures"] for result in results.values()]
    if not all(each):
        return {}
    means = {}
    for key in each[0]:
        values = [measures[key] for measures in each]
        means[key] = None if None in values else math.fsum(values) / len(values)
    return means


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def summary_csv(run: Run) -> str:
    """One row a trial; empty where there is no value."""
    keys = list(dict.fromkeys(key for trial in run.trials for key in trial.measures))
    fixed = ["protocol", "condition", "number", "practice", "discarded", "outcome"]
    fixed += ["start_s", "time_s", "valid", "flags", "marks"]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*fixed, *keys])
    for trial in run.trials:
        rows.writerow([*_fixed_cells(run.protocol, trial), *(_cell(trial, key) for key in keys)])
    return out.getvalue()


def _fixed_cells(protocol: Protocol, trial: Trial) -> list[object]:
    return [
        protocol.key,
        trial.condition,
        trial.number,
        int(trial.practice),
        int(trial.discarded),
        trial.outcome,
        f"{trial.start_s:.3f}",
        f"{trial.time_s:.3f}",
        int(trial.validity["valid"]),
        " ".join(flag["code"] for flag in trial.validity["flags"]),
        " ".join(mark.label for mark in trial.marks),
    ]


def _cell(trial: Trial, key: str) -> str:
    value = trial.measures.get(key, math.nan)
    return f"{value:.6g}" if math.isfinite(value) else ""
