# SPDX-License-Identifier: GPL-3.0-or-later
"""Which plot belongs to which table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rig.accuracy.plots import Limit, Series, bars, labels_of, numbers
from rig.accuracy.published import MOTICON_RUN_AP_MM, MOTICON_WALK_AP_MM
from rig.accuracy.standing import AP_TARGET_MM, FORCE_TARGET, STANDING
from rig.accuracy.tables import Table

Drawn = Callable[[Table], str]


def _loads(table: Table) -> str:
    return bars(
        "CoP of each foot while moving, insoles at 1,000 Hz (simulated)",
        "mm, root mean square",
        labels_of(table),
        [
            Series("forward (AP)", numbers(table, "foot CoP AP mm")),
            Series("sideways (ML)", numbers(table, "foot CoP ML mm")),
        ],
        [
            Limit(MOTICON_WALK_AP_MM, "Moticon on people, walking, AP"),
            Limit(MOTICON_RUN_AP_MM, "running, AP"),
        ],
    )


def _rates(table: Table) -> str:
    return bars(
        "Spread of contact times by scan rate (simulated)",
        "ms, standard deviation",
        labels_of(table),
        [
            Series("ON", numbers(table, "ON sd")),
            Series("OFF", numbers(table, "OFF sd")),
            Series("contact time", numbers(table, "contact time sd")),
        ],
    )


def _both_stances(table: Table, what: str) -> list[Series]:
    return [Series(motion, numbers(table, f"{motion}: {what}")) for motion in STANDING]


def _standing(table: Table) -> str:
    return bars(
        "CoP AP in stance, by calibration (simulated)",
        "mm, root mean square",
        labels_of(table),
        _both_stances(table, "CoP AP mm"),
        [Limit(AP_TARGET_MM, "target")],
    )


def _budget_cop(table: Table) -> str:
    return bars(
        "Error budget: CoP AP with one sensor fault at a time (simulated)",
        "mm, root mean square",
        labels_of(table),
        _both_stances(table, "CoP AP mm"),
        [Limit(AP_TARGET_MM, "target")],
    )


def _budget_force(table: Table) -> str:
    return bars(
        "Error budget: force with one sensor fault at a time (simulated)",
        "% of body weight, root mean square",
        labels_of(table),
        _both_stances(table, "force % BW"),
        [Limit(FORCE_TARGET, "target")],
    )


def _hard(table: Table) -> str:
    return bars(
        "CoP AP with one thing broken, before and after it is noticed (simulated)",
        "mm, root mean square",
        labels_of(table),
        [
            Series("all subjects", numbers(table, "foot CoP AP mm")),
            Series("worst subject", numbers(table, "worst subject AP mm")),
        ],
    )


def _segmentation(table: Table) -> str:
    return bars(
        "Frames of a mat in which the feet were not rightly told apart (simulated)",
        "% of frames; 1 % is allowed",
        labels_of(table, 0, 1, 2),
        [
            Series("said to be ambiguous", numbers(table, "ambiguous %")),
            Series("wrong", numbers(table, "wrong %")),
            Series("swapped", numbers(table, "swapped %")),
        ],
        [Limit(1.0, "limit")],
    )


def _sensors(table: Table) -> str:
    heads = [c.head for c in table.columns if c.head.endswith("CoP AP mm")]
    return bars(
        "CoP AP by the number of sensors, area weighting alone (simulated)",
        "mm, root mean square",
        labels_of(table),
        [Series(head.partition(":")[0], numbers(table, head)) for head in heads],
    )


def _pull_down(table: Table) -> str:
    return bars(
        "Hopping by pull-down (simulated)",
        "%",
        labels_of(table),
        [
            Series("peak force too low by", numbers(table, "hopping: peak bias %", absolute=True)),
            Series("frames saturated", numbers(table, "hopping: saturated frames %")),
        ],
    )


FIGURES: Mapping[str, Mapping[str, Drawn]] = {
    "loads": {"moving_cop.svg": _loads},
    "rates": {"rates.svg": _rates},
    "standing": {"standing_cop.svg": _standing},
    "budget": {"budget_cop.svg": _budget_cop, "budget_force.svg": _budget_force},
    "hard-faults": {"hard_faults_cop.svg": _hard},
    "segmentation": {"segmentation.svg": _segmentation},
    "sensors": {"sensors_cop.svg": _sensors},
    "pull-down": {"pull_down.svg": _pull_down},
}
"""By a table's key: names of files, and what draws them."""
