# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference's table: vertical force, CoP and a sync line, by names or by what the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rig.balance.cop_csv import Unit, cop_factor
from rig.balance.number_table import (
    NumberTable,
    asked_column,
    column_name,
    column_numbers,
    plain,
    read_number_table,
    unit_of,
)
from rig.balance.table_times import row_times, time_column
from rig.calibrate.force_block import Float64
from rig.errors import AnalysisError, SettingsError

ROLES = ("time", "force", "left", "right", "ml", "ap", "sync")
FLIPPED = ("force", "ml", "ap")
"""What may have the other sign: plates differ in where their axes point."""
_FORCE_N = {"n": 1.0, "kn": 1000.0}
LEAST_FORCE_N = 20.0
LEAST_S = 1.0

_WORDS = {
    "sync": re.compile(r"(^|[^a-z])(sync|trigger|trig|ttl)([^a-z]|$)"),
    "ml": re.compile(r"(^|[^a-z])(ml|copx|cop x|cx|mediolateral)([^a-z]|$)"),
    "ap": re.compile(r"(^|[^a-z])(ap|copy|cop y|cy|anteroposterior)([^a-z]|$)"),
    "force": re.compile(r"(^|[^a-z])(force|fz|grf|vgrf)([^a-z]|$)"),
}
_SIDE = re.compile(r"(^|[^a-z])(left|right|l|r)([^a-z]|$)")
_SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What a reference measured; None for what its table does not have.

    Attributes
    ----------
    t_s : (n,) float64
        Seconds since its first sample, by its own clock.
    total_n : (n,) float64
        Vertical force, upward on the foot; the sum of both feet where only they are given.
    foot_n : (n, 2) float64
        Left and right.
    cop_mm : (n, 2) float64
        ML (+ to the person's right) and AP (+ forward), from the reference's own origin.
    sync : (n,) float64
        Level of the sync line, in whatever unit.
    columns : dict
        Which column of the table was taken for what.
    """

    path: Path
    t_s: Float64
    rate_hz: float
    total_n: Float64 | None
    foot_n: Float64 | None
    cop_mm: Float64 | None
    sync: Float64 | None
    columns: dict[str, str]


def read_reference(
    path: Path,
    columns: Mapping[str, str] | None = None,
    unit: Unit | None = None,
    rate_hz: float | None = None,
    flip: tuple[str, ...] = (),
) -> Reference:
    """Read a table of a force plate, an instrumented treadmill or another insole.

    Parameters
    ----------
    columns : dict, optional
        Role (of `ROLES`) to column, by name or by number from 1; the others are found by their names.
    unit : Unit, optional
        Of the CoP, where the header does not say it.
    rate_hz : float, optional
        Where there is no time column.
    flip : tuple of str
        Of `FLIPPED`: which signs to turn over.

    Raises
    ------
    AnalysisError
        One sentence on what is wrong with the table, and what to do.
    SettingsError
        `columns` or `flip` name something that there is not.
    """
    asked = _checked(columns or {}, flip)
    table = read_number_table(path, "forces or centre of pressure over time")
    found = _found(table, asked)
    if "time" not in found and (time := time_column(table, found.values())) is not None:
        found["time"] = time
    rate, t_s = row_times(table, found.get("time"), rate_hz)
    if t_s[-1] - t_s[0] < LEAST_S:
        raise AnalysisError(f"{path} lasts {t_s[-1] - t_s[0]:.2g} s; give at least a second.")
    feet = _feet(table, found, flip)
    total = _force(table, found["force"], flip) if "force" in found else None
    if total is None and feet is not None:
        total = feet.sum(axis=1)
    cop = _cop(table, found, unit, flip)
    if total is None and cop is None:
        raise AnalysisError(
            f"{path} has no column that is called a vertical force or a CoP (it has: "
            f"{_names(table)}); say which is which, for example --columns force=Fz,ml=Cx,ap=Cy."
        )
    for force in () if feet is None else feet.T:
        _check_sign(force, path, flip)
    if total is not None:
        _check_sign(total, path, flip)
        _check_loaded(total, path)
    return Reference(
        path=path,
        t_s=t_s - t_s[0],
        rate_hz=rate,
        total_n=total,
        foot_n=feet,
        cop_mm=cop,
        sync=column_numbers(table, found["sync"]) if "sync" in found else None,
        columns={role: column_name(table, found[role]) for role in ROLES if role in found},
    )


def _checked(columns: Mapping[str, str], flip: tuple[str, ...]) -> Mapping[str, str]:
    for role in columns:
        if role not in ROLES:
            raise SettingsError(f'--columns knows {", ".join(ROLES)}; "{role}" is none of them.')
    for role in flip:
        if role not in FLIPPED:
            raise SettingsError(f'--flip knows {", ".join(FLIPPED)}; "{role}" is none of them.')
    if ("left" in columns) != ("right" in columns):
        raise SettingsError("--columns needs both left and right, or neither.")
    if ("ml" in columns) != ("ap" in columns):
        raise SettingsError("--columns needs both ml and ap, or neither.")
    return columns


def _found(table: NumberTable, asked: Mapping[str, str]) -> dict[str, int]:
    """Roles to columns: those asked for, and of the rest those that names tell without doubt."""
    found = {role: asked_column(table, name) for role, name in asked.items()}
    if len(set(found.values())) < len(found):
        raise AnalysisError(f"--columns names one column of {table.path} twice.")
    by_name: dict[str, list[int]] = {}
    for column, name in enumerate(table.names or []):
        role = _role(name)
        if role is not None and column not in found.values():
            by_name.setdefault(role, []).append(column)
    for role, columns in by_name.items():
        if role in found:
            continue
        if len(columns) > 1:
            raise AnalysisError(
                f"{table.path} has {len(columns)} columns that could be {role} "
                f"({', '.join(column_name(table, c) for c in columns)}); say which with "
                f"--columns {role}=NAME."
            )
        found[role] = columns[0]
    for pair in (("left", "right"), ("ml", "ap")):
        if sum(role in found for role in pair) == 1:
            del found[next(role for role in pair if role in found)]
    return found


def _role(name: str) -> str | None:
    words = plain(name)
    for role, pattern in _WORDS.items():
        if pattern.search(words):
            side = _SIDE.search(words)
            if side is None:
                return role
            return _SIDES[side.group(2)] if role == "force" else None
    return None


def _names(table: NumberTable) -> str:
    return ", ".join(table.names) if table.names else f"{len(table.rows[0])} columns without names"


def _force(table: NumberTable, column: int, flip: tuple[str, ...]) -> Float64:
    sign = -1.0 if "force" in flip else 1.0
    return column_numbers(table, column) * _FORCE_N.get(unit_of(table, column) or "n", 1.0) * sign


def _feet(table: NumberTable, found: dict[str, int], flip: tuple[str, ...]) -> Float64 | None:
    if "left" not in found:
        return None
    return np.column_stack([_force(table, found[side], flip) for side in ("left", "right")])


def _cop(
    table: NumberTable, found: dict[str, int], unit: Unit | None, flip: tuple[str, ...]
) -> Float64 | None:
    if "ml" not in found:
        return None
    sides = ("ml", "ap")
    places = (found["ml"], found["ap"])
    sign = np.array([-1.0 if side in flip else 1.0 for side in sides])
    values = np.column_stack([column_numbers(table, column) for column in places])
    return values * cop_factor(table, places, unit) * sign


def _check_sign(force: Float64, path: Path, flip: tuple[str, ...]) -> None:
    highest, lowest = float(np.nanmax(force)), float(np.nanmin(force))
    if -lowest > max(highest, LEAST_FORCE_N):
        do = "leave out" if "force" in flip else "add"
        raise AnalysisError(
            f"The force in {path} is negative under load ({lowest:.4g} N); {do} --flip force."
        )


def _check_loaded(force: Float64, path: Path) -> None:
    highest = float(np.nanmax(force))
    if highest < LEAST_FORCE_N:
        raise AnalysisError(
            f"The force in {path} never exceeds {highest:.3g} N, so nobody stood on it, or its unit "
            "is another; give newtons, or kN in the header."
        )
