# SPDX-License-Identifier: GPL-3.0-or-later
"""Quiet standing on insoles: what each calibration step brings, and what each sensor fault costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rig.accuracy.load_errors import LoadErrors, load_errors, pooled
from rig.accuracy.sessions import clinic_calibration, on_insoles
from rig.accuracy.tables import Table, table
from rig.analysis import cop_coverage, mat_cop_coverage
from rig.analysis.cop_coverage import STANCES, Judged
from rig.analysis.mat_cop_coverage import MatJudged
from rig.simulate.sensors import BASIC_FAULTS, FAULT_NAMES, NO_FAULTS, SensorFaults, only_fault

STANDING = ("quiet", "single-leg")
STEPPED_ON_S = 5.0
"""The first seconds belong to stepping on: creep is fast then."""
RATE_HZ = 100
FORCE_TARGET, AP_TARGET_MM = 5.0, 5.0
"""Percent of body weight and mm, root mean square: what bench and visit check are to reach."""
COVERED_RIGS = ("insoles", "mat16", "mat32")
FORCE_SDS = 1.96
LEVELS: dict[str, dict[str, bool]] = {
    "visit check alone": {"with_bench": False, "with_stances": False},
    "bench, visit": {"with_stances": False},
    "bench, stances, visit": {},
    "... and single-leg trials": {"with_single_leg": True},
}
USUAL_LEVEL = "bench, stances, visit"
STANDING_COLUMNS: tuple[tuple[str, int | None], ...] = tuple(
    (f"{motion}: {what}", 1)
    for motion in STANDING
    for what in ("force % BW", "CoP AP mm", "CoP ML mm")
)


def standing_errors(
    seed: int, motion: str, seconds: float, faults: SensorFaults = BASIC_FAULTS, **done: bool
) -> LoadErrors:
    """Of one subject who has stood for a while."""
    found = on_insoles(
        motion,
        seed,
        STEPPED_ON_S + seconds,
        RATE_HZ,
        faults,
        calibration=clinic_calibration(seed, faults, **done),
    )
    return load_errors(found, STEPPED_ON_S)


def _cells(
    seeds: Sequence[int], seconds: float, faults: SensorFaults, done: dict[str, bool]
) -> list[float]:
    """As `STANDING_COLUMNS`."""
    cells: list[float] = []
    for motion in STANDING:
        errors = pooled([standing_errors(seed, motion, seconds, faults, **done) for seed in seeds])
        cells += [100.0 * errors.force_bw, errors.foot_ap_mm, errors.foot_ml_mm]
    return cells


def by_calibration(seeds: Sequence[int], seconds: float) -> Table:
    """What is each step of the calibration worth, and are the targets met?"""
    rows = []
    for level, done in LEVELS.items():
        cells = [round(cell, 1) for cell in _cells(seeds, seconds, BASIC_FAULTS, done)]
        met = max(cells[0], cells[3]) <= FORCE_TARGET and max(cells[1], cells[4]) <= AP_TARGET_MM
        rows.append((level, *cells, "yes" if met else "no", _within(seeds, seconds, done)))
    return table(
        "standing",
        "Quiet stance and single-leg stance, by calibration",
        "Root mean squares over subjects, all default sensor faults, from the sixth second on. The CoP "
        f"is that of each foot. Target: force within {FORCE_TARGET:g} % of body weight and CoP AP "
        f"within {AP_TARGET_MM:g} mm in both stances; the last column counts the subjects who are "
        "within it by themselves.",
        [("calibration", None), *STANDING_COLUMNS, ("target met", None), ("alone", None)],
        rows,
    )


def _within(seeds: Sequence[int], seconds: float, done: dict[str, bool]) -> str:
    """How many subjects meet the target by themselves, of how many."""
    alone = [_cells([seed], seconds, BASIC_FAULTS, done) for seed in seeds]
    kept = [max(c[0], c[3]) <= FORCE_TARGET and max(c[1], c[4]) <= AP_TARGET_MM for c in alone]
    return f"{sum(kept)} of {len(kept)}"


def error_budget(seeds: Sequence[int], seconds: float) -> Table:
    """Perfect sensors with one default fault each, calibrated as usual."""
    alone = {"none: what 16 discs miss": NO_FAULTS}
    alone |= {name: only_fault(name) for name in FAULT_NAMES if only_fault(name) != NO_FAULTS}
    alone["all"] = BASIC_FAULTS
    rows = [
        (name, *_cells(seeds, seconds, faults, LEVELS[USUAL_LEVEL]))
        for name, faults in alone.items()
    ]
    return table(
        "budget",
        "Error budget: one sensor fault at a time",
        "As above, after bench, stances and visit check. The first row is perfect sensors: what is left "
        "is what sixteen discs miss of the load between them, the bound that no calibration passes. "
        "Each further row adds one fault to them and can be compared with the first.",
        [("fault", None), *STANDING_COLUMNS],
        rows,
    )


def coverage(seeds: Sequence[int]) -> Table:
    """Does the 95 % ellipse hold the true CoP?"""
    rows = []
    for rig in COVERED_RIGS:
        for stance, posture_y in STANCES.items():
            runs = [_judged(seed, posture_y, rig) for seed in seeds]
            for of, columns in (("each foot", [0, 1]), ("both feet", [2])):
                rows.append((rig, stance, of, float(len(runs)), *_covered(runs, columns)))
    return table(
        "coverage",
        "Does the 95 % ellipse hold the true CoP?",
        "Percentage of frames in which the ellipse that is drawn about the CoP holds the true one, and "
        "the ellipse's mean area; 85 to 99 % is wanted, and no larger an ellipse than that takes. "
        "Force: frames within 1.96 of the stated standard errors. Insoles after bench, stances and "
        "visit check; mats after a body-weight gain alone, some feet bare or high-arched. These "
        f"subjects are the seeds from {seeds[0]:,} on.",
        [
            ("rig", None),
            ("stance", None),
            ("of", None),
            ("subjects", 0),
            ("covered %", 1),
            ("mean area mm²", 0),
            ("CoP AP mm", 1),
            ("CoP ML mm", 1),
            ("force within %", 1),
        ],
        rows,
    )


def _judged(seed: int, posture_y: float, rig: str) -> Judged | MatJudged:
    if rig == "insoles":
        return cop_coverage.judged(seed, posture_y)
    return mat_cop_coverage.judged(seed, posture_y, rig)


def _covered(runs: Sequence[Judged | MatJudged], columns: list[int]) -> tuple[float, ...]:
    """Of frames that show a CoP."""
    off = np.concatenate([run.error_mm[:, columns] for run in runs])
    shown = np.isfinite(off).all(axis=-1)
    inside = np.concatenate([run.inside[:, columns] for run in runs])[shown]
    area = np.concatenate([run.area_mm2[:, columns] for run in runs])[shown]
    z = np.concatenate([(run.force_error_n / run.force_sd_n)[:, columns] for run in runs])
    ml, ap = np.sqrt((off[shown] ** 2).mean(axis=0)).tolist()
    within = float((np.abs(z[np.isfinite(z)]) <= FORCE_SDS).mean())
    return (100.0 * float(inside.mean()), float(area.mean()), ap, ml, 100.0 * within)
