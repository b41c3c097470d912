# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers out of anybody's table: comma, semicolon or tab, point or decimal comma, header or none."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rig.balance.definitions import Float64
from rig.errors import AnalysisError

TIME_UNITS_S = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "µs", "microseconds"), 1e-6),
    **dict.fromkeys(("min", "minutes"), 60.0),
}
_UNITS = frozenset(
    {
        "",
        "mm",
        "cm",
        "m",
        "in",
        "inch",
        "um",
        "n",
        "kn",
        "nm",
        "n.m",
        "v",
        "mv",
        "kg",
        "deg",
        "%",
        "hz",
    }
    | set(TIME_UNITS_S)
)
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "-", "none"})
_UNIT_IN_NAME = re.compile(
    r"(?:^|[^a-zµ])(" + "|".join(["mm", "cm", "m", "kn", "n", "mv", "v", *TIME_UNITS_S]) + r")\W*$"
)


@dataclass(frozen=True, slots=True)
class NumberTable:
    """A table as it stands in a file: texts, and what its header says of them.

    Attributes
    ----------
    names, units : list of str, optional
        None where there is no header, or no row of units below it.
    """

    path: Path
    names: list[str] | None
    units: list[str] | None
    rows: list[list[str]]
    decimal_comma: bool


def read_number_table(path: Path, wanted: str) -> NumberTable:
    """Read any text table: comma, semicolon, tab or spaces, point or decimal comma, header or none.

    Parameters
    ----------
    wanted : str
        What the table should hold, for messages.

    Raises
    ------
    AnalysisError
        No text, or no rows of numbers.
    """
    lines = _text(path).splitlines()
    told = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not told:
        raise AnalysisError(f"{path} holds no rows; give a table of {wanted}.")
    delimiter = _delimiter(told)
    cells = [_cells(line, delimiter) for line in told]
    decimal_comma = delimiter != "," and _decimal_comma(cells)
    counts = [_numbers_in(row, decimal_comma=decimal_comma) for row in cells]
    if not any(counts):
        raise AnalysisError(f"{path} holds text and no rows of numbers; give a table of {wanted}.")
    first = _end_of_header(cells, counts)
    names, units = _header(cells[:first])
    _refuse_extra_cells(path, cells[first:], names)
    return NumberTable(path, names, units, cells[first:], decimal_comma)


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


def _numbers_in(texts: list[str], *, decimal_comma: bool) -> int:
    values = [_number(text, decimal_comma=decimal_comma) for text in texts]
    return sum(value is not None and not np.isnan(value) for value in values)


def _end_of_header(cells: list[list[str]], counts: list[int]) -> int:
    """The row that the numbers begin with, text among them or not.

    Names are all different; a row of the numbers may be nothing but text too, but then of one word
    ("ERR,ERR"). Below the names a row of units may stand.
    """
    full = (
        i
        for i, (row, count) in enumerate(zip(cells, counts, strict=True))
        if count and count + sum(text.lower() in _MISSING for text in row) == len(row)
    )
    end = next(full, len(cells))
    texts = [i for i in range(end) if not counts[i] and not _all_missing(cells[i])]
    names = [i for i in texts if _all_different(cells[i])]
    # without such names, the header is whatever text stands at the very top
    first = names[-1] + 1 if names else sum(i == at for at, i in enumerate(texts))
    while first in texts and _are_units(cells[first]):
        first += 1
    return first


def _all_different(texts: list[str]) -> bool:
    return len(texts) > 1 and len({text.lower() for text in texts}) == len(texts)


def _refuse_extra_cells(path: Path, rows: list[list[str]], names: list[str] | None) -> None:
    """More cells than columns: a decimal comma between commas, or two rows in one line."""
    width = len(rows[0]) if names is None else max(len(names), 1)
    for i, row in enumerate(rows):
        if len(row) > width and any(row[width:]):
            says = "the first row" if names is None else "the header"
            raise AnalysisError(
                f"Row {i + 1} of the numbers in {path} has {len(row)} cells and {says} has {width}; "
                "if commas are decimal there, separate the cells by semicolons."
            )


def _all_missing(texts: list[str]) -> bool:
    """A row of the numbers before anything was measured; no header is empty."""
    return all(text.lower() in _MISSING for text in texts)


def _header(rows: list[list[str]]) -> tuple[list[str] | None, list[str] | None]:
    """Names and units; a row of units may stand below the names."""
    if not rows:
        return None, None
    if len(rows) > 1 and _are_units(rows[-1]):
        return rows[-2], [_bare(cell) for cell in rows[-1]]
    return rows[-1], None


def _are_units(texts: list[str]) -> bool:
    return all(_bare(cell) in _UNITS for cell in texts)


def _bare(cell: str) -> str:
    return cell.strip("[]() ").lower()


def _number(text: str, *, decimal_comma: bool) -> float | None:
    """NaN for an empty cell, None for text."""
    if text.strip().lower() in _MISSING:
        return float("nan")
    if "_" in text:
        # Python reads 1_5 as 15; in a table it is a slip of the pen
        return None
    try:
        value = float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        return None
    return value if np.isfinite(value) else float("nan")


def plain(name: str) -> str:
    """A name as it is compared: small letters, underscores as spaces."""
    return name.strip().lower().replace("_", " ")


def asked_column(table: NumberTable, name: str) -> int:
    """The column of a name, or of a number from 1; `AnalysisError` where there is none."""
    names = [] if table.names is None else [n.strip().lower() for n in table.names]
    if names.count(name.strip().lower()) > 1:
        raise AnalysisError(
            f'{table.path} has several columns "{name.strip()}"; give their numbers from 1.'
        )
    if name.strip().lower() in names:
        return names.index(name.strip().lower())
    if name.strip().isdigit() and 1 <= int(name) <= len(table.rows[0]):
        return int(name) - 1
    has = ", ".join(table.names) if table.names else f"{len(table.rows[0])} columns without names"
    raise AnalysisError(f'{table.path} has no column "{name.strip()}" (it has: {has}).')


def column_name(table: NumberTable, column: int) -> str:
    """As the header has it, its number from 1 without one."""
    return table.names[column] if table.names and column < len(table.names) else str(column + 1)


def unit_of(table: NumberTable, column: int) -> str | None:
    """The unit that the header gives a column, if any."""
    if table.units is not None and column < len(table.units) and table.units[column]:
        return table.units[column]
    match = _UNIT_IN_NAME.search(plain(column_name(table, column)))
    return match.group(1) if match else None


def column_numbers(table: NumberTable, column: int) -> Float64:
    """(n,) numbers, NaN for empty cells; `AnalysisError` where there is text, or nothing at all."""
    values = np.empty(len(table.rows))
    for i, row in enumerate(table.rows):
        text = row[column] if column < len(row) else ""
        value = _number(text, decimal_comma=table.decimal_comma)
        if value is None:
            raise AnalysisError(
                f'Row {i + 1} of the numbers in {table.path} has "{text}" in the column '
                f"{column_name(table, column)}; numbers and empty cells only can be read there."
            )
        values[i] = value
    if np.isnan(values).all():
        raise AnalysisError(f"The column {column_name(table, column)} of {table.path} is empty.")
    return values
