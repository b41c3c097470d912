# SPDX-License-Identifier: GPL-3.0-or-later
"""Every name that the drills give is in the table of figures, and every size is its formula."""

import math
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

import rig.analysis
from rig.drills.figures import FIGURES, SIZES
from rig.drills.registry import find_drill
from rig.drills.repetitions import Repetition
from rig.layout import Foot
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DRILL_NAMES, DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.catalogue import APPLICABLE
from rig.simulate.person import simulate_session
from rig.thresholds import DEFAULT_THRESHOLDS

SIZE = {"LOW-PULL": 1.2}
"""At 1.4 the foot bears 0.14 body weights, which is hardly low any more."""
SECONDS = {"stance": 200.0, "change-of-support": 80.0, "forward-change": 80.0}
HIDDEN = {("change-of-support", "LOW-PULL"), ("pony", "ASYM"), ("switch", "ASYM")}
"""Mistakes that others hide, so that they are made in a session of their own."""
NEVER_WORST = {
    (drill, "ASYM", f"{side}_{name}")
    for side in ("left", "right")
    for drill, name in (("switch", "peak_force_n"), ("switch", "y_ic"), ("pony", "peak_force_n"))
}
"""Of simulated people's sides the times are the most unlike."""


def _performed(drill, codes, seed=11):
    """(repetitions, set faults) of somebody who makes all these mistakes now and then."""
    faults = tuple(BehaviourFault(c, SIZE.get(c, 1.4), 0.9 / len(codes)) for c in codes)
    seconds = SECONDS.get(drill, 45.0)
    session = simulate_session(drill, seconds, seed, rate_hz=500, behaviour=faults)
    settings = DrillSettings(drill, session.side)
    pipeline = Pipeline(PipelineSettings(session.participant, session.calibration, settings))
    arrivals = np.array([[len(session.stream), 10**10]], np.int64)
    outputs = (pipeline.push(session.stream, arrivals), pipeline.finish())
    results = [block.drill for output in outputs for block in output.blocks]
    repetitions = [r for result in results for r in result.repetitions]
    return repetitions, [f for result in results for f in result.set_faults]


@pytest.fixture(scope="module")
def performed():
    """By drill: repetitions and set faults of several sessions."""
    found = {}
    for drill in DRILL_NAMES:
        alone = [(code,) for code in APPLICABLE[drill] if (drill, code) in HIDDEN]
        others = tuple(code for code in APPLICABLE[drill] if (drill, code) not in HIDDEN)
        sessions = [_performed(drill, codes) for codes in (others, *alone)]
        found[drill] = [list(chain.from_iterable(parts)) for parts in zip(*sessions, strict=True)]
    return found


@pytest.fixture(scope="module")
def faults(performed):
    """(drill, fault) of all that were found."""
    return [
        (drill, fault)
        for drill, (repetitions, of_sets) in performed.items()
        for fault in (*(f for r in repetitions for f in r.faults), *of_sets)
    ]


def test_every_simulated_fault_was_shown(faults):
    """Else the tests below would look at too little."""
    shown = {(drill, fault.code) for drill, fault in faults}
    called = {"HEEL-KISS": "HEEL", "HEEL-LOAD": "HEEL"}
    asked = {(d, called.get(code, code)) for d in DRILL_NAMES for code in APPLICABLE[d]}
    assert asked - shown == set()


def test_the_measures_are_those_of_the_table(performed):
    table = {(drill, figure.name) for figure in FIGURES for drill in figure.measured_in}
    given = {
        (d, name) for d, (all_of, _) in performed.items() for r in all_of for name in r.measures
    }
    assert given == table


def test_the_numbers_of_faults_are_those_of_the_table(faults):
    table = {
        (drill, code, figure.name)
        for figure in FIGURES
        for code, drills in figure.triggers
        for drill in drills
    }
    given = {(drill, fault.code, name) for drill, fault in faults for name in fault.numbers}
    assert given - table == set()
    assert table - given <= NEVER_WORST


@pytest.mark.parametrize(
    ("drill", "name"), sorted({(d, name.split("_", 1)[1]) for d, _, name in NEVER_WORST})
)
def test_of_the_sides_the_most_unlike_measure_is_named(drill, name):
    """What simulated people do not show: sides alike but in one measure."""
    alike = {"contact_time_s": 0.2, "support_time_s": 0.5, "peak_force_n": 900.0, "y_ic": 0.6}
    changes = tuple(
        Repetition(drill, foot, 0.0, 0.2, "none", alike | {name: alike[name] * times})
        for foot, times in ((Foot.LEFT, 1.0), (Foot.RIGHT, 1.5)) * 3
    )
    (fault,) = find_drill(drill).sum_up(DEFAULT_THRESHOLDS, changes)
    # measures are those of the foot that gave the weight away, which is the other one
    assert fault.numbers[f"left_{name}"] == pytest.approx(1.5 * alike[name])
    assert fault.numbers[f"right_{name}"] == pytest.approx(alike[name])
    assert fault.numbers["symmetry_index"] == pytest.approx(0.4)


def _largest(*values):
    return max(value for value in values if not math.isnan(value))


def _second(*values):
    return sorted(-math.inf if math.isnan(value) else value for value in values)[1]


def test_every_size_is_its_formula(faults):
    formulas = {(drill, size.code): size.formula for size in SIZES for drill in size.drills}
    known = {"limits": DEFAULT_THRESHOLDS, "max": _largest, "second": _second}
    for drill, fault in faults:
        formula = formulas[drill, fault.code]
        size = eval(formula, {"__builtins__": {}}, known | fault.numbers)  # noqa: S307 - our own table
        assert size == pytest.approx(fault.size, rel=1e-9), (drill, fault)
    assert set(formulas) == {(drill, fault.code) for drill, fault in faults}


def test_the_page_of_entries_names_the_drills_whose_faults_may_lie_before(performed):
    early = {
        drill
        for drill, (repetitions, _) in performed.items()
        for r in repetitions
        if any(fault.at_s < r.start_s - 1e-9 for fault in r.faults)
    }
    page = (Path(rig.analysis.__path__[0]) / "ANALYSIS.md").read_text("utf-8")
    (line,) = [line for line in page.splitlines() if "may lie before" in line]
    assert {drill for drill in DRILL_NAMES if f"`{drill}`" in line} == early
