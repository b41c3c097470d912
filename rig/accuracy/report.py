# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole report: which questions, how many subjects, and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import rig
from rig.accuracy import moving
from rig.accuracy.sessions import FIRST_SEED
from rig.accuracy.tables import Table, table_from_json, table_json
from rig.errors import SettingsError

SCHEMA = "solerig.accuracy/1"
WARNING = (
    "A model is not a force plate. Every figure here comes from simulated feet on simulated sensors: it "
    "shows that the program undoes what the model does to it, and not how far real feet, shoes and "
    "sensors are from the model. Until a rig was held against a force plate ('solerig compare'), take "
    "an absolute centre of pressure as 10 to 20 mm uncertain, and changes within a session as 3 mm."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How many subjects, and for how long each moves."""

    name: str
    subjects: int
    seconds: float
    motions: tuple[str, ...]
    rated: tuple[str, ...]
    heel: tuple[str, ...]

    @property
    def seeds(self) -> range:
        """The subjects that every question begins with."""
        return range(FIRST_SEED, FIRST_SEED + self.subjects)


QUICK = Effort(
    "quick",
    2,
    6.0,
    ("change-of-support", "tapping", "hopping", "walking"),
    ("hopping",),
    ("hopping",),
)
FULL = Effort("full", 20, 10.0, moving.MOTIONS, moving.RATED_MOTIONS, moving.HEEL_MOTIONS)


@dataclass(frozen=True, slots=True)
class Question:
    """`answer` gives one table or more."""

    key: str
    title: str
    answer: Callable[[Effort], Sequence[Table]]


def questions() -> tuple[Question, ...]:
    """In the order of the page."""
    return (
        Question(
            "moving",
            "drills, walking and running",
            lambda e: moving.by_motion(e.seeds, e.seconds, e.motions),
        ),
        Question(
            "rates",
            "scan rates",
            lambda e: [moving.by_rate(e.seeds, e.seconds, motions=e.rated)],
        ),
        Question("heels", "heel touch", lambda e: [moving.heels(e.seeds, e.seconds, e.heel)]),
    )


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
    return {
        "schema": SCHEMA,
        "software_version": rig.__version__,
        "effort": effort.name,
        "subjects": effort.subjects,
        "first_seed": FIRST_SEED,
        "warning": WARNING,
        "tables": [table_json(table) for table in tables],
    }


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
