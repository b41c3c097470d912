# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's earlier visits: the same test made the same way, so that values may stand side by side.

Which folder holds one person's visits is for whoever keeps it to say; summaries carry no names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

from rig.balance.summary import SCHEMA
from rig.errors import SettingsError

_OF_TESTS = ("key", "measure", "trial_rule", "settle_s")
_OF_CONDITIONS = ("key", "eyes", "surface", "feet", "seconds", "stance")
_OF_TRIALS = ("condition", "practice", "discarded", "outcome")
_DEPTHS = ("summary.json", "*/summary.json", "*/*/summary.json")
SHOWN: dict[str, tuple[str, ...]] = {
    "sway": ("velocity_mm_s", "path_mm", "ellipse_area_mm2"),
    "hold": ("time_s", "velocity_mm_s", "path_mm", "ellipse_area_mm2"),
    "limits": ("maximum_excursion_percent", "reaction_time_s", "directional_control_percent"),
    "shift": ("shifts", "left_peak_percent", "right_peak_percent"),
}
"""What people are shown of a test, by what it measures; the rest is in its summary."""


@dataclass(frozen=True, slots=True)
class Visit:
    """`date` in ISO 8601; `folder` as seen from the one that was searched."""

    date: str
    folder: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Earlier:
    """One value of one earlier visit.

    `valid` is False where a trial behind a measure was flagged; None of times, and where the visit
    does not say.
    """

    condition: str
    measure: str
    date: str
    value: float
    visit: str
    valid: bool | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_summary(path: Path) -> dict[str, Any]:
    """The summary of a test, of its folder or of the file itself.

    Raises
    ------
    SettingsError
        There is none, or it is another program's.
    """
    path = path / "summary.json" if path.is_dir() else path
    content = _json(path)
    if not _is_test(content):
        raise SettingsError(f"{path} is no summary of a balance test that this version reads.")
    return checked(content, path)


def visits_in(folder: Path, leave_out: Path | None = None) -> tuple[Visit, ...]:
    """Every balance test in a folder, two folders deep, oldest first; other summaries are passed by.

    Raises
    ------
    SettingsError
        There is no such folder, or a summary in it cannot be read.
    """
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder; give the one that holds this person's visits.")
    skipped = None if leave_out is None else leave_out.resolve()
    found = []
    for path in (path for depth in _DEPTHS for path in folder.glob(depth)):
        content = _json(path)
        if _is_test(content) and path.parent.resolve() != skipped:
            checked(content, path)
            name = path.parent.relative_to(folder).as_posix()
            found.append(Visit(_date(content, path), name, content))
    return tuple(
        sorted(found, key=lambda visit: (datetime.fromisoformat(visit.date), visit.folder))
    )


def earlier_values(visits: Iterable[Visit], content: Mapping[str, Any]) -> list[Earlier]:
    """Values of the visits that may stand beside this summary's, in its order, oldest first.

    Test, trial rule, foot length, and of each condition the eyes, surface, feet, time and stance must
    be the same; what a visit does not know is left out.
    """
    like = [visit for visit in visits if not differences(visit.content, content)]
    found = []
    for condition in content["conditions"]:
        for measure in SHOWN[content["protocol"]["measure"]]:
            for visit in like:
                other = matching_condition(visit.content, condition)
                value = None if other is None else value_of(other, measure)
                if other is not None and value is not None:
                    valid = None if measure == "time_s" else _valid(other)
                    key, date = condition["key"], visit.date
                    found.append(Earlier(key, measure, date, value, visit.folder, valid))
    return found


def value_of(condition: Mapping[str, Any], measure: str) -> float | None:
    """A condition's combined value out of a summary."""
    return condition["time_s"] if measure == "time_s" else condition["measures"].get(measure)


def matching_condition(
    content: Mapping[str, Any], condition: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The condition of another summary in which people stood the same way for as long."""
    for other in content["conditions"]:
        if all(other.get(name) == condition.get(name) for name in _OF_CONDITIONS):
            return other
    return None


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """In what two tests differ so that their values cannot stand side by side."""
    foot = "foot_length_mm"
    pairs = [(foot, one["person"][foot], other["person"][foot])]
    pairs += [(n, one["protocol"].get(n), other["protocol"].get(n)) for n in _OF_TESTS]
    # a rehearsal is nobody's visit
    pairs.append(("simulated", one.get("simulated"), other.get("simulated")))
    return [f"{name} {first} and {second}" for name, first, second in pairs if first != second]


def _valid(condition: Mapping[str, Any]) -> bool | None:
    """Summaries of before this was kept do not say."""
    validity = condition.get("validity")
    return None if validity is None else validity["valid"]


def checked(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The summary, if all that is compared with others is in it and of its kind.

    Raises
    ------
    SettingsError
        A hand or another program has changed it; the sentence says where.
    """
    try:
        _number(content["person"]["foot_length_mm"])
        test = content["protocol"]
        if test["measure"] not in SHOWN or not isinstance(test["key"], str):
            raise ValueError(test["measure"])
        for condition in content["conditions"]:
            _numbers(condition["measures"], condition["time_s"])
            _flags(condition)
            if not isinstance(condition["key"], str):
                raise ValueError(condition["key"])
        for trial in content["trials"]:
            _numbers(trial["measures"], trial["time_s"])
            _flags(trial)
            if not all(name in trial for name in _OF_TRIALS):
                raise KeyError("trials")
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise SettingsError(
            f"{path} is damaged or was changed by hand ({_wrong(error)}); take its folder out or put "
            "the original back."
        ) from error
    return content


def _wrong(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _numbers(measures: Mapping[str, Any], time_s: Any) -> None:
    for value in (*measures.values(), time_s):
        if value is not None:
            _number(value)


def _flags(part: Mapping[str, Any]) -> None:
    validity = part.get("validity")
    if validity is not None and not all(isinstance(f["code"], str) for f in validity["flags"]):
        raise ValueError("flags without a code")
    if validity is not None and validity["valid"] not in (True, False, None):
        raise ValueError(f"{validity['valid']!r} is no validity")


def _number(value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise ValueError(f"{value!r} is no number")


def _is_test(content: Any) -> bool:
    return isinstance(content, dict) and content.get("schema") == SCHEMA


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise SettingsError(f"{path} is no JSON; give a folder of 'protocol run'.") from error


def _date(content: Mapping[str, Any], path: Path) -> str:
    """As it was written down; summaries of before that are as old as their file."""
    try:
        written = datetime.fromisoformat(content["date"]).astimezone()
    except (KeyError, OverflowError, TypeError, ValueError):
        written = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    return written.isoformat(timespec="seconds")
