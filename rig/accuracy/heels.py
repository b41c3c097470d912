# SPDX-License-Identifier: GPL-3.0-or-later
"""The heel's touch: seen where it was, and not where it was not."""

from __future__ import annotations

from collections.abc import Sequence

from rig.accuracy.event_errors import Matched, heel_counts, matched
from rig.accuracy.mats import on_mat
from rig.accuracy.sessions import Seen, on_insoles
from rig.accuracy.tables import Table, table
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.mat_rigs import MatRigName

HEEL_MOTIONS = ("stance", "change-of-support", "hopping", "lunge", "switch", "running-lunge")
HEEL_FAULTS = (BehaviourFault("HEEL-KISS", 1.5), BehaviourFault("HEEL-LOAD", 1.2))
"""A heel share of 0.15 in a third of the repetitions, of 0.30 in another third."""
MATS: tuple[MatRigName, ...] = ("mat16", "mat32")
ON_MATS = "hopping"


def heels(seeds: Sequence[int], seconds: float, motions: Sequence[str] = HEEL_MOTIONS) -> Table:
    """How surely the heel's touch is seen, and how often it is seen where there was none."""
    rows = []
    everything: list[Matched] = []
    for motion in motions:
        each = [
            _matched(on_insoles(motion, seed, seconds, behaviour=HEEL_FAULTS)) for seed in seeds
        ]
        everything += each
        rows.append(("insoles", motion, *_heel_cells(each)))
    rows.append(("insoles", "all", *_heel_cells(everything)))
    for rig in MATS:
        each = [
            _matched(on_mat(ON_MATS, seed, rig, seconds, behaviour=HEEL_FAULTS)[1])
            for seed in seeds
        ]
        rows.append((rig, ON_MATS, *_heel_cells(each)))
    return table(
        "heels",
        "Heel touch, insoles at 1,000 Hz and mats at their usual rates",
        "Heels kiss (heel share 0.15) in a third of the repetitions and bear load (0.30) in another "
        "third. Sensitivity: touches of this grade that were seen as a touch; in the next column as the "
        "right grade. False alarms: contacts without any touch that were given one.",
        [
            ("rig", None),
            ("drill", None),
            ("no touch", 0),
            ("kisses", 0),
            ("loads", 0),
            ("kiss seen %", 1),
            ("kiss graded so %", 1),
            ("load seen %", 1),
            ("load graded so %", 1),
            ("false kiss %", 1),
            ("false load %", 1),
        ],
        rows,
    )


def _matched(found: Seen) -> Matched:
    return matched(found.contacts, found.truth.contacts)


def _heel_cells(each: Sequence[Matched]) -> tuple[float, ...]:
    counts = heel_counts(each)
    return (
        float(counts.count("none")),
        float(counts.count("kiss")),
        float(counts.count("load")),
        counts.share("kiss", "kiss", "load"),
        counts.share("kiss", "kiss"),
        counts.share("load", "kiss", "load"),
        counts.share("load", "load"),
        counts.share("none", "kiss"),
        counts.share("none", "load"),
    )
