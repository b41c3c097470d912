# SPDX-License-Identifier: GPL-3.0-or-later
"""The CoP out of anybody's table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rig.balance.definitions import AP, ML, Float64
from rig.balance.number_table import (
    NumberTable,
    asked_column,
    column_name,
    column_numbers,
    plain,
    read_number_table,
)
from rig.balance.table_times import refuse_unnamed_time, row_times, time_column
from rig.errors import AnalysisError

Unit = Literal["mm", "cm", "m"]
UNITS_MM: dict[Unit, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
_NAMES_OF_UNITS: dict[Unit, tuple[str, ...]] = {
    "mm": ("mm", "millimeter", "millimeters", "millimetre", "millimetres"),
    "cm": ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    "m": ("m", "meter", "meters", "metre", "metres"),
}
_WORDS_OF_UNITS: dict[str, Unit] = {
    word: unit for unit, words in _NAMES_OF_UNITS.items() for word in words
}
_OTHER_UNIT = (
    r"k?n|[km]?v|[mc]?n ?[.*·-]? ?[mc]?m|in|inch|inches|ft|feet|[uµμdk]m|microns?|kg|lbs?|lbf|kpa|pa"
    r"|deg|°|rad|%|m?secs?|ms|s|k?hz|bits?|counts?|adc|a\.?u\.?|px|pixels?|[mc]?m ?/ ?s.*"
    r"|[mc]?m ?(?:\^ ?2|²|2)"
)
_IS_UNIT = re.compile(rf"^(?:{_OTHER_UNIT}|\S*/s(?:\W?2|²)?|[mc]?m ?s-\d)$")
_UNIT_TOLD = re.compile(
    r"[\[(]([^\[\]()]*)[\])]\s*$"
    rf"|(?:[ /,:-]\s*)({'|'.join(sorted(_WORDS_OF_UNITS, key=len, reverse=True))}|{_OTHER_UNIT})\s*$"
)
COUNTER_ROWS = 100
"""Design choice: fewer rows may lie on a slope by chance."""
MOST_EQUAL_STEPS = 0.95
"""Design choice: a counter of a byte steps evenly in 255 of 256 rows, sway hardly ever."""
_ML_NAME = re.compile(r"(^|[^a-z])(ml|x|copx|mediolateral)([^a-z]|$)")
_AP_NAME = re.compile(r"(^|[^a-z])(ap|y|copy|anteroposterior)([^a-z]|$)")


@dataclass(frozen=True, slots=True, eq=False)
class CopTable:
    """`t_s` (n,) from the table's own times or from the rate; `cop_mm` (n, 2) ML and AP, NaN where a
    cell is empty. `unit_from` and `rate_from` say who named them: an option or the table."""

    t_s: Float64
    cop_mm: Float64
    rate_hz: float
    columns: tuple[str, str]
    unit: Unit
    unit_from: str
    rate_from: str
    axes_from: str

    def source_json(self) -> dict[str, Any]:
        """What was taken for what, so that nobody need guess it."""
        return {
            "columns": {"ml": self.columns[ML], "ap": self.columns[AP]},
            "columns_from": self.axes_from,
            "unit": self.unit,
            "unit_from": self.unit_from,
            "rate_from": self.rate_from,
        }


def read_cop_csv(
    path: Path,
    unit: Unit | None = None,
    rate_hz: float | None = None,
    columns: tuple[str, str] | None = None,
) -> CopTable:
    """Read a table of CoP.

    Parameters
    ----------
    unit : Unit, optional
        Needed where the header does not name it; must agree where it does.
    rate_hz : float, optional
        Needed where there is no time column; must agree with it where there is one.
    columns : (str, str), optional
        ML and AP by name or by number from 1; found by their names without it.

    Raises
    ------
    AnalysisError
        One sentence on what is wrong with the file, and where.
    """
    table = read_number_table(path, "the centre of pressure")
    ml, ap = _columns(table, columns, path)
    if time_column(table, ()) in (ml, ap):
        raise AnalysisError(f"--columns names the time column of {path}; give ML,AP.")
    factor = cop_factor(table, (ml, ap), unit)
    time = time_column(table, (ml, ap))
    cop = np.column_stack([column_numbers(table, column) for column in (ml, ap)]) * factor
    for column, axis_mm in zip((ml, ap), cop.T, strict=True):
        if _counts(axis_mm):
            raise AnalysisError(
                f"The column {column_name(table, column)} of {path} rises or falls evenly from row to "
                "row, as a time or a counter does; name the columns of the CoP with --columns ML,AP."
            )
    if time is None:
        refuse_unnamed_time(table, (ml, ap), rate_hz)
    rate, t_s = row_times(table, time, rate_hz, on_grid=True)
    return CopTable(
        t_s,
        cop,
        rate,
        columns=(column_name(table, ml), column_name(table, ap)),
        unit=next(name for name, mm in UNITS_MM.items() if mm == factor[ML]),
        unit_from="header" if _told_unit(table, ml) else "--unit",
        rate_from="--rate" if time is None else f"column {column_name(table, time)}",
        axes_from=_axes_from(table, columns, ml),
    )


def _axes_from(table: NumberTable, asked: tuple[str, str] | None, ml: int) -> str:
    """How the axes were found; x and y are a plate's own, and no law makes x ML."""
    if asked is not None:
        return "--columns"
    if table.names is None:
        return "their order, ML first"
    if re.search(r"(^|[^a-z])(ml|mediolateral)([^a-z]|$)", plain(column_name(table, ml))):
        return "header"
    return "header, x taken for ML and y for AP"


def _counts(values: Float64) -> bool:
    """Whether numbers rise or fall all the way, or by one step nearly always, as no swaying person's do;
    the second is a counter that starts anew now and then."""
    known = values[np.isfinite(values)]
    if len(known) < COUNTER_ROWS:
        return False
    steps = np.diff(known)
    if (steps > 0.0).all() or (steps < 0.0).all():
        return True
    middle = float(np.median(steps))
    same = np.isclose(steps, middle, rtol=1e-6, atol=0.0)
    if middle != 0.0 and float(same.mean()) >= MOST_EQUAL_STEPS:
        return True
    slope = np.linspace(known[0], known[-1], len(known))
    return bool(known[0] != known[-1] and np.abs(known - slope).max() <= abs(slope[1] - slope[0]))


def _columns(table: NumberTable, asked: tuple[str, str] | None, path: Path) -> tuple[int, int]:
    if asked is not None:
        found = [asked_column(table, name) for name in asked]
        if found[ML] == found[AP]:
            raise AnalysisError(f"--columns names one column of {path} twice; give ML,AP.")
        return found[ML], found[AP]
    width = len(table.rows[0])
    if table.names is None:
        if width == 2:
            return 0, 1
        raise AnalysisError(
            f"{path} has {width} columns and no header; say with --columns which are ML and AP, for "
            "example --columns 2,3."
        )
    matches = [
        [i for i, name in enumerate(table.names) if pattern.search(plain(name))]
        for pattern in (_ML_NAME, _AP_NAME)
    ]
    if [len(m) for m in matches] != [1, 1] or matches[0] == matches[1]:
        raise AnalysisError(
            f"{path} does not say clearly which columns are ML and AP (it has: "
            f"{', '.join(table.names)}); name them with --columns ML,AP."
        )
    return matches[0][0], matches[1][0]


def cop_factor(table: NumberTable, columns: tuple[int, int], unit: Unit | None) -> Float64:
    """(2,) millimetres of one unit in the columns ML and AP.

    Raises
    ------
    AnalysisError
        No unit is known, or header and `unit` contradict each other.
    """
    path = table.path
    told: list[Unit | None] = [_told_unit(table, column) for column in columns]
    if told[ML] != told[AP]:
        raise AnalysisError(
            f"The header of {path} gives ML in {told[ML] or 'no unit'} and AP in "
            f"{told[AP] or 'no unit'}; bring both into one unit first."
        )
    stated = unit or told[ML]
    if stated is None:
        raise AnalysisError(f"{path} does not say its unit; give --unit mm, cm or m.")
    if unit is not None and told[ML] is not None and unit != told[ML]:
        raise AnalysisError(
            f"--unit says {unit} and the header of {path} says {told[ML]}; one of them is wrong."
        )
    return np.full(2, UNITS_MM[stated])


def _told_unit(table: NumberTable, column: int) -> Unit | None:
    """The unit in the header, None for none; `AnalysisError` for anything but mm, cm and m."""
    name = column_name(table, column)
    if table.units is not None and column < len(table.units):
        text = table.units[column]
    else:
        match = _UNIT_TOLD.search(plain(name)) if table.names else None
        text = "".join(match.groups("")) if match else ""
    text = text.strip().lower()
    if not text or (text not in _WORDS_OF_UNITS and not _IS_UNIT.search(text)):
        return None
    if text not in _WORDS_OF_UNITS:
        raise AnalysisError(
            f"The header of {table.path} gives {name} in {text}; the centre of pressure is read in mm, "
            "cm or m, so name other columns with --columns, or convert them first."
        )
    return _WORDS_OF_UNITS[text]
