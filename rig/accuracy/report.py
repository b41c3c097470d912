# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole report: which questions, how many subjects, and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import rig
from rig.accuracy import broken, design, heels, mats, moving, published, standing
from rig.accuracy.sessions import FIRST_SEED
from rig.accuracy.tables import Table, table_from_json, table_json
from rig.errors import SettingsError
from rig.simulate.hard_faults import HARD_FAULT_KINDS

COVERED_FROM = 50_000
"""Other seeds for the ellipses, whose constants were looked at with those from 10,000 on."""
SCHEMA = "solerig.accuracy/1"
WARNING = (
    "A model is not a force plate. Every figure here comes from simulated feet on simulated sensors: it "
    "shows that the program undoes what the model does to it, and not how far real feet, shoes and "
    "sensors are from the model. Until a rig was held against a force plate ('solerig compare'), take "
    "an absolute centre of pressure as 10 to 20 mm uncertain, and changes within a session as 3 mm."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How many subjects, for how long each moves, and what of.

    `covered`: subjects for the ellipse's coverage; `broken_s`: sensor health needs a while.
    """

    name: str
    subjects: int
    covered: int
    stood_s: float
    seconds: float
    mat_s: float
    broken_s: float
    motions: tuple[str, ...]
    rated: tuple[str, ...]
    heel: tuple[str, ...]
    on_mats: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def seeds(self) -> range:
        """The subjects that every question begins with."""
        return range(FIRST_SEED, FIRST_SEED + self.subjects)


QUICK = Effort(
    name="quick",
    subjects=2,
    covered=4,
    stood_s=6.0,
    seconds=6.0,
    mat_s=3.0,
    broken_s=12.0,
    motions=("change-of-support", "tapping", "hopping", "walking"),
    rated=("hopping",),
    heel=("hopping",),
    on_mats=("quiet", "tapping"),
    kinds=("dead", "stuck-high", "swapped", "feet-swapped", "wrong-size"),
)
FULL = Effort(
    name="full",
    subjects=16,
    covered=50,
    stood_s=8.0,
    seconds=6.0,
    mat_s=4.0,
    broken_s=16.0,
    motions=moving.MOTIONS,
    rated=moving.RATED_MOTIONS,
    heel=heels.HEEL_MOTIONS,
    on_mats=mats.MOTIONS,
    kinds=HARD_FAULT_KINDS,
)


@dataclass(frozen=True, slots=True)
class Question:
    """`answer` gives one table or more; `tables` are their keys, in the order of the page."""

    key: str
    title: str
    tables: tuple[str, ...]
    answer: Callable[[Effort], Sequence[Table]]


def questions() -> tuple[Question, ...]:
    """In the order of the page."""
    return (
        Question("standing", "stances by calibration", ("standing", "budget"), _standing),
        Question(
            "coverage",
            "error ellipses",
            ("coverage",),
            lambda e: [standing.coverage(range(COVERED_FROM, COVERED_FROM + e.covered))],
        ),
        Question(
            "moving",
            "drills, walking and running",
            ("loads", "events"),
            lambda e: moving.by_motion(e.seeds, e.seconds, e.motions),
        ),
        Question(
            "heels", "heel touch", ("heels",), lambda e: [heels.heels(e.seeds, e.seconds, e.heel)]
        ),
        Question(
            "faults",
            "broken sensors",
            ("hard-faults",),
            lambda e: [broken.hard_faults(e.seeds, e.broken_s, e.kinds)],
        ),
        Question(
            "mats",
            "mats",
            ("mat-loads", "mat-events", "segmentation"),
            lambda e: mats.mats(e.seeds, e.mat_s, e.on_mats),
        ),
        Question(
            "design", "rates, sensors, pull-downs", ("rates", "sensors", "pull-down"), _design
        ),
        Question(
            "published", "what others published", ("published",), lambda _: [published.published()]
        ),
    )


def _standing(effort: Effort) -> list[Table]:
    return [
        standing.by_calibration(effort.seeds, effort.stood_s),
        standing.error_budget(effort.seeds, effort.stood_s),
    ]


def _design(effort: Effort) -> list[Table]:
    return [
        moving.by_rate(effort.seeds, effort.seconds, motions=effort.rated),
        design.how_many_sensors(effort.seeds, effort.seconds),
        design.which_pull_down(effort.seeds, effort.seconds),
    ]


def chosen(keys: Sequence[str]) -> tuple[Question, ...]:
    """Some of the questions, or all.

    Raises
    ------
    SettingsError
        There is no such question.
    """
    known = questions()
    unknown = [key for key in keys if key not in {question.key for question in known}]
    if unknown:
        raise SettingsError(
            f'There is no question "{unknown[0]}"; choose among '
            f"{', '.join(question.key for question in known)}."
        )
    return tuple(question for question in known if not keys or question.key in keys)


def report_json(effort: Effort, tables: Sequence[Table]) -> dict[str, Any]:
    """The report as plain JSON values."""
    usual = QUICK if effort.name == "quick" else FULL
    options = " --quick" if effort.name == "quick" else ""
    options += "" if effort.subjects == usual.subjects else f" --subjects {effort.subjects}"
    return {
        "schema": SCHEMA,
        "software_version": rig.__version__,
        "command": f"solerig accuracy{options}",
        "subjects": effort.subjects,
        "first_seed": FIRST_SEED,
        "warning": WARNING,
        "tables": [table_json(table) for table in tables],
    }


def merged(stored: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """A report some of whose questions were answered again; the order is the page's.

    Raises
    ------
    SettingsError
        The stored one comes from another command, so its tables are of other subjects.
    """
    if any(stored.get(name) != fresh[name] for name in ("schema", "command", "first_seed")):
        raise SettingsError(
            f"The report there was made by '{stored.get('command')}', this one by "
            f"'{fresh['command']}'; one page cannot hold both. Use the same options, answer all "
            "questions (without --only), or choose another folder."
        )
    by_key = {table["key"]: table for table in [*stored["tables"], *fresh["tables"]]}
    order = [key for question in questions() for key in question.tables]
    return {**fresh, "tables": [by_key[key] for key in order if key in by_key]}


def tables_of(stored: dict[str, Any]) -> list[Table]:
    """The tables of a stored report.

    Raises
    ------
    SettingsError
        It is no report, or one of another version.
    """
    if stored.get("schema") != SCHEMA:
        raise SettingsError(
            f"This is no accuracy report of this version ({SCHEMA}); make it again with "
            "'solerig accuracy --write'."
        )
    return [table_from_json(table) for table in stored["tables"]]
