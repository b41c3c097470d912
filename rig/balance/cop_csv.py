# SPDX-License-Identifier: GPL-3.0-or-later
"""The CoP out of anybody's table: comma, semicolon or tab, point or decimal comma, header or none."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from rig.balance.definitions import AP, ML, Float64
from rig.errors import AnalysisError

Unit = Literal["mm", "cm", "m"]
UNITS_MM: dict[Unit, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
_TIME_UNITS_S = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6}
RATE_TOLERANCE = 0.01
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "-", "none"})
_ML_NAME = re.compile(r"(^|[^a-z])(ml|x|copx|mediolateral)([^a-z]|$)")
_AP_NAME = re.compile(r"(^|[^a-z])(ap|y|copy|anteroposterior)([^a-z]|$)")
_TIME_NAME = re.compile(r"^(t|time|zeit|temps|tiempo|timestamp)([^a-z]|$)")
_UNIT_IN_NAME = re.compile(r"(?:^|[^a-z])(mm|cm|m|sec|seconds|ms|us|s)\W*$")


@dataclass(frozen=True, slots=True, eq=False)
class CopTable:
    """`t_s` (n,) from the table's own times or from the rate; `cop_mm` (n, 2) ML and AP, NaN where a
    cell is empty."""

    t_s: Float64
    cop_mm: Float64
    rate_hz: float
    columns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Table:
    names: list[str] | None
    units: list[str] | None
    rows: list[list[str]]
    first_line: int
    decimal_comma: bool


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
    table = _table(path)
    ml, ap = _columns(table, columns, path)
    factor = _factor(table, (ml, ap), unit, path)
    time = _time_column(table, (ml, ap))
    cop = np.column_stack([_numbers(table, column, path) for column in (ml, ap)]) * factor
    rate, t_s = _times(table, time, rate_hz, path)
    return CopTable(t_s, cop, rate, (_name(table, ml), _name(table, ap)))


def _table(path: Path) -> _Table:
    lines = _text(path).splitlines()
    numbered = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not numbered:
        raise AnalysisError(f"{path} holds no rows; give a table with the centre of pressure.")
    delimiter = _delimiter([line for _, line in numbered])
    cells = [_cells(line, delimiter) for _, line in numbered]
    decimal_comma = delimiter != "," and _decimal_comma(cells)
    first = _first_row_of_numbers(cells, decimal_comma=decimal_comma)
    if first is None:
        raise AnalysisError(
            f"{path} holds text and no rows of numbers; give a table with the centre of pressure."
        )
    names, units = _header(cells[:first])
    return _Table(names, units, cells[first:], numbered[first][0], decimal_comma)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AnalysisError(f"{path} cannot be read: {error.strerror or error}.") from error
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise AnalysisError(f"{path} is not a text file; export the table as CSV first.")


def _delimiter(lines: list[str]) -> str | None:
    """The sign between cells; None stands for runs of spaces.

    Where a semicolon or a tab separates cells, commas are decimal.
    """
    sample = lines[-min(len(lines), 20) :]
    for delimiter in (";", "\t", ","):
        if sum(delimiter in line for line in sample) * 2 > len(sample):
            return delimiter
    return None


def _cells(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]


def _decimal_comma(cells: list[list[str]]) -> bool:
    flat = [cell for row in cells for cell in row]
    commas = sum(
        bool(re.fullmatch(r"[+-]?\d*,\d+(e[+-]?\d+)?", cell, re.IGNORECASE)) for cell in flat
    )
    points = sum(
        bool(re.fullmatch(r"[+-]?\d*\.\d+(e[+-]?\d+)?", cell, re.IGNORECASE)) for cell in flat
    )
    return commas > points


def _first_row_of_numbers(cells: list[list[str]], *, decimal_comma: bool) -> int | None:
    for row, texts in enumerate(cells):
        values = [_number(text, decimal_comma=decimal_comma) for text in texts]
        known = sum(value is not None and not np.isnan(value) for value in values)
        if known and all(value is not None for value in values):
            return row
    return None


def _header(rows: list[list[str]]) -> tuple[list[str] | None, list[str] | None]:
    """Names and units; a row of units may stand below the names."""
    if not rows:
        return None, None
    last = [cell.strip("[]() ").lower() for cell in rows[-1]]
    is_units = all(cell in UNITS_MM or cell in _TIME_UNITS_S or cell == "" for cell in last)
    if is_units and len(rows) > 1:
        return rows[-2], last
    return rows[-1], None


def _number(text: str, *, decimal_comma: bool) -> float | None:
    """NaN for an empty cell, None for text."""
    if text.strip().lower() in _MISSING:
        return float("nan")
    try:
        value = float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        return None
    return value if np.isfinite(value) else float("nan")


def _columns(table: _Table, asked: tuple[str, str] | None, path: Path) -> tuple[int, int]:
    if asked is not None:
        found = [_asked_column(table, name, path) for name in asked]
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
        [i for i, name in enumerate(table.names) if pattern.search(_plain(name))]
        for pattern in (_ML_NAME, _AP_NAME)
    ]
    if [len(m) for m in matches] != [1, 1] or matches[0] == matches[1]:
        raise AnalysisError(
            f"{path} does not say clearly which columns are ML and AP (it has: "
            f"{', '.join(table.names)}); name them with --columns ML,AP."
        )
    return matches[0][0], matches[1][0]


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", " ")


def _asked_column(table: _Table, name: str, path: Path) -> int:
    names = [] if table.names is None else [n.strip().lower() for n in table.names]
    if name.strip().lower() in names:
        return names.index(name.strip().lower())
    if name.strip().isdigit() and 1 <= int(name) <= len(table.rows[0]):
        return int(name) - 1
    has = ", ".join(table.names) if table.names else f"{len(table.rows[0])} columns without names"
    raise AnalysisError(f'{path} has no column "{name.strip()}" (it has: {has}).')


def _name(table: _Table, column: int) -> str:
    return table.names[column] if table.names and column < len(table.names) else str(column + 1)


def _unit_of(table: _Table, column: int) -> str | None:
    """The unit that the header gives a column, if any."""
    if table.units is not None and column < len(table.units) and table.units[column]:
        return table.units[column]
    match = _UNIT_IN_NAME.search(_plain(_name(table, column)))
    return match.group(1) if match else None


def _factor(table: _Table, columns: tuple[int, int], unit: Unit | None, path: Path) -> Float64:
    """Millimetres of one unit in each column."""
    told: list[Unit | None] = [_length_unit(_unit_of(table, column)) for column in columns]
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


def _length_unit(name: str | None) -> Unit | None:
    for unit in UNITS_MM:
        if unit == name:
            return unit
    return None


def _time_column(table: _Table, cop: tuple[int, int]) -> int | None:
    if table.names is None:
        return None
    for column, name in enumerate(table.names):
        if column not in cop and _TIME_NAME.search(_plain(name)):
            return column
    return None


def _numbers(table: _Table, column: int, path: Path) -> Float64:
    values = np.empty(len(table.rows))
    for i, row in enumerate(table.rows):
        text = row[column] if column < len(row) else ""
        value = _number(text, decimal_comma=table.decimal_comma)
        if value is None:
            raise AnalysisError(
                f'Row {i + 1} of the numbers in {path} has "{text}" in the column '
                f"{_name(table, column)}; numbers and empty cells only can be read there."
            )
        values[i] = value
    if np.isnan(values).all():
        raise AnalysisError(f"The column {_name(table, column)} of {path} is empty.")
    return values


def _times(
    table: _Table, column: int | None, rate_hz: float | None, path: Path
) -> tuple[float, Float64]:
    if rate_hz is not None and not 1.0 <= rate_hz <= 100_000.0:
        raise AnalysisError(f"A rate of {rate_hz:g} Hz cannot be right; give samples per second.")
    if column is None:
        if rate_hz is None:
            raise AnalysisError(f"{path} has no time column; give its rate with --rate.")
        return rate_hz, np.arange(len(table.rows)) / rate_hz
    t_s = _numbers(table, column, path) * _time_factor(table, column)
    steps = np.diff(t_s)
    if np.isnan(t_s).any() or (steps <= 0.0).any():
        at = int(np.argmax(np.isnan(t_s[1:]) | ~(steps > 0.0))) + 2 if len(t_s) > 1 else 1
        raise AnalysisError(
            f"The times of {path} do not rise at row {at} of the numbers; sort or mend the table."
        )
    measured_hz = float(1.0 / np.median(steps)) if len(steps) else float("nan")
    if rate_hz is not None and abs(measured_hz / rate_hz - 1.0) > RATE_TOLERANCE:
        raise AnalysisError(
            f"--rate says {rate_hz:g} Hz and the time column of {path} says {measured_hz:.4g} Hz; one "
            "of them is wrong."
        )
    return (rate_hz if rate_hz is not None else _round_rate(measured_hz)), t_s


def _time_factor(table: _Table, column: int) -> float:
    return _TIME_UNITS_S.get(_unit_of(table, column) or "s", 1.0)


def _round_rate(measured_hz: float) -> float:
    """A rate as it was set: times are printed with few digits, rates are whole."""
    whole = round(measured_hz)
    return (
        float(whole)
        if whole and abs(measured_hz / whole - 1.0) < RATE_TOLERANCE / 10
        else measured_hz
    )
