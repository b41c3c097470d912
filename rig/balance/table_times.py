# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of a table's rows: which column holds them, and the rate that they keep.

Times are printed with few digits, so single steps say little of the rate (60 Hz in whole milliseconds
steps by 16 and 17). The rate comes from a line through all times; a rate as people set it, 60 or
59.94, is taken where every printed time agrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.balance.definitions import Float64
from rig.balance.number_table import (
    TIME_UNITS_S,
    NumberTable,
    column_name,
    column_numbers,
    plain,
    unit_of,
)
from rig.balance.preprocessing import IRREGULAR, MOST_MISSING
from rig.errors import AnalysisError

RATE_TOLERANCE = 0.002
"""Design choice: 59.94 Hz is often called 60 Hz; clocks differ by far less."""
LEAST_HZ, MOST_HZ = 5.0, 100_000.0
"""Design choice: beyond these it is a mistyped rate, or times in another unit."""
CLOCK_TOLERANCE = 0.01
RISING_ROWS = 100
"""Design choices for a column that may be a time: what of it may contradict a rate, and how many rows
rise by chance."""
ROUNDED = 0.6
"""Share of the last printed digit by which a time may stray: half a digit, and a tenth for the fit."""
_TIME_NAME = re.compile(
    r"^t([^a-z]|$)|^(s|ms|min)$|(^|[^a-z])(time|zeit|temps|tiempo|timestamps?|elapsed|clock"
    r"|secs?|seconds?|msec|milliseconds|minutes)([^a-z]|$)"
)
_COUNTER_NAME = re.compile(
    r"(^|[^a-z])(frames?|samples?|index|rows?|no|nr|n|count(er)?|packets?|bild|id)([^a-z]|$)|#"
)
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RowTimes:
    """`t_s` (n,) in s: on the rate's own grid where the printed times keep one."""

    rate_hz: float
    t_s: Float64


def row_times(
    table: NumberTable, column: int | None, rate_hz: float | None, *, on_grid: bool = False
) -> tuple[float, Float64]:
    """Rate in Hz and (n,) times in s, of a column (None: there is none) or of the rate.

    Times are as they are printed, or `on_grid` on that of the rate if they keep it within their digits.

    Raises
    ------
    AnalysisError
        Neither is given, they contradict each other, or times do not rise.
    """
    if rate_hz is not None and not LEAST_HZ <= rate_hz <= MOST_HZ:
        raise AnalysisError(f"A rate of {rate_hz:g} Hz cannot be right; give samples per second.")
    if column is None:
        if rate_hz is None:
            raise AnalysisError(f"{table.path} has no time column; give its rate with --rate.")
        return rate_hz, np.arange(len(table.rows)) / rate_hz
    t_s = _rising(table, column)
    if len(t_s) < 2:
        raise AnalysisError(f"{table.path} has one row of numbers; a rate needs more.")
    digit_s = _last_digit(table, column) * _time_factor(table, column)
    found = even_times(t_s, digit_s, rate_hz)
    _refuse_rate(table, found.rate_hz, rate_hz, digit_s / float(t_s[-1] - t_s[0]))
    return found.rate_hz, found.t_s if on_grid else t_s


def even_times(t_s: Float64, digit_s: float, told_hz: float | None = None) -> RowTimes:
    """The rate of rising times (n,), and the times on its grid where they keep it.

    Parameters
    ----------
    digit_s : float
        Value of the last digit with which the times were printed.
    told_hz : float, optional
        A rate that is taken where the times agree with it.
    """
    plain_index, counted = np.arange(len(t_s)), _counted(t_s, digit_s)
    in_order = [plain_index, counted]
    agreed = told_hz is not None and _spread(t_s, plain_index, 1.0 / told_hz) < 0.999 * digit_s
    few = counted[-1] + 1 - len(t_s) <= MOST_MISSING * len(t_s)
    if few and not agreed and _misfit(t_s, counted) < 0.5 * _misfit(t_s, plain_index):
        # digits as coarse as the period hide a missing row, unless the others fit far better without
        in_order.reverse()
    for index in in_order:
        period_s = _slope(index, t_s)
        allowed_s = 2.0 * (ROUNDED * digit_s + IRREGULAR / 2.0 * period_s)
        if _spread(t_s, index, period_s) <= allowed_s:
            rate_hz = _as_set(t_s, index, digit_s, told_hz)
            return RowTimes(rate_hz, t_s[0] + index / rate_hz)
    return RowTimes(float(counted[-1] / (t_s[-1] - t_s[0])), t_s)


def time_column(table: NumberTable, others: Collection[int]) -> int | None:
    """The column that is called time and is none of `others`."""
    if table.names is None:
        return None
    for column, name in enumerate(table.names):
        if column not in others and _TIME_NAME.search(plain(name)):
            return column
    return None


def refuse_unnamed_time(table: NumberTable, others: Collection[int], rate_hz: float | None) -> None:
    """Check `rate_hz` against columns besides `others` that rise as only a time does.

    Raises
    ------
    AnalysisError
        One of them contradicts it as a time in s, in ms and in us.
    """
    if rate_hz is None:
        return
    for column in set(range(len(table.rows[0]))) - set(others):
        values = _known_numbers(table, column)
        if not _looks_like_time(values, column_name(table, column) if table.names else ""):
            continue
        own_hz = even_times(values, _last_digit(table, column)).rate_hz
        if all(abs(own_hz / f / rate_hz - 1.0) > CLOCK_TOLERANCE for f in (1.0, 1e-3, 1e-6)):
            raise AnalysisError(
                f"--rate says {rate_hz:g} Hz, and the column {column_name(table, column)} of "
                f"{table.path} rises evenly, in seconds as a time at {own_hz:.4g} Hz would; name it "
                "in the header (time_s, or frame for a counter), or mend the rate."
            )


def _known_numbers(table: NumberTable, column: int) -> Float64:
    """(n,) numbers of any column, (0,) where it holds text."""
    try:
        return column_numbers(table, column)
    except AnalysisError:
        return np.zeros(0)


def _looks_like_time(values: Float64, name: str) -> bool:
    """Rises all the way, and neither is a counter nor called one."""
    if len(values) < RISING_ROWS or _COUNTER_NAME.search(plain(name)):
        return False
    steps = np.diff(values)
    return bool((steps > 0.0).all() and not (steps == 1.0).all())


def _rising(table: NumberTable, column: int) -> Float64:
    t_s = column_numbers(table, column) * _time_factor(table, column)
    steps = np.diff(t_s)
    if np.isnan(t_s).any() or (steps <= 0.0).any():
        at = int(np.argmax(np.isnan(t_s[1:]) | ~(steps > 0.0))) + 2 if len(t_s) > 1 else 1
        raise AnalysisError(
            f"The times of {table.path} do not rise at row {at} of the numbers; sort or mend the table."
        )
    return t_s


def _refuse_rate(
    table: NumberTable, measured_hz: float, told_hz: float | None, rounding: float
) -> None:
    if not LEAST_HZ <= measured_hz <= MOST_HZ:
        raise AnalysisError(
            f"The times of {table.path} say {measured_hz:.3g} Hz, which cannot be right; name their "
            "unit in the header, for example time_ms."
        )
    if told_hz is not None and abs(measured_hz / told_hz - 1.0) > RATE_TOLERANCE + rounding:
        raise AnalysisError(
            f"--rate says {told_hz:g} Hz and the time column of {table.path} says {measured_hz:.4g} Hz; "
            "one of them is wrong."
        )


def _time_factor(table: NumberTable, column: int) -> float:
    return TIME_UNITS_S.get(unit_of(table, column) or "s", 1.0)


def _last_digit(table: NumberTable, column: int) -> float:
    """Value of the last digit of the most exactly printed number of a column."""
    return 10.0 ** min(
        _exponent(row[column], table.decimal_comma) for row in table.rows if column < len(row)
    )


def _exponent(text: str, decimal_comma: bool) -> int:
    digits, _, power = text.strip().lower().partition("e")
    _, _, decimals = digits.partition("," if decimal_comma else ".")
    return int(power or 0) - len(decimals)


def _counted(t_s: Float64, digit_s: float) -> Indices:
    """(n,) number of each row when steps longer than a period are rows left out."""
    steps = np.diff(t_s)
    middle = float(np.median(steps))
    period_s = float(steps[steps <= max(1.5 * middle, middle + digit_s)].mean())
    index = np.arange(len(t_s))
    for _ in range(3):
        rows = np.maximum(np.rint(steps / period_s), 1.0).astype(np.int64)
        index = np.concatenate(([0], np.cumsum(rows)))
        period_s = float((t_s[-1] - t_s[0]) / index[-1])
    return index


def _slope(index: Indices, t_s: Float64) -> float:
    """Least-squares period of times (n,) that rise with `index`."""
    away = index - index.mean()
    return float((away * (t_s - t_s.mean())).sum() / (away**2).sum())


def _spread(t_s: Float64, index: Indices, period_s: float) -> float:
    """How far apart times lie that should all be one when the period is taken off."""
    return float(np.ptp(t_s - index * period_s))


def _misfit(t_s: Float64, index: Indices) -> float:
    return _spread(t_s, index, _slope(index, t_s))


def _as_set(t_s: Float64, index: Indices, digit_s: float, told_hz: float | None) -> float:
    """The rate that was told or is usual, if the times agree with it as well as with their own."""
    own_s = _slope(index, t_s)
    rounding_s = max(digit_s, _spread(t_s, index, own_s)) + 1e-9 * float(np.abs(t_s).max())
    for rate_hz in _usual(1.0 / own_s, told_hz):
        if rate_hz > 0.0 and _spread(t_s, index, 1.0 / rate_hz) <= rounding_s:
            return rate_hz
    return 1.0 / own_s


def _usual(rate_hz: float, told_hz: float | None) -> Iterator[float]:
    if told_hz is not None:
        yield told_hz
    yield float(round(rate_hz))
    yield round(rate_hz * 1.001) / 1.001
    yield from (round(rate_hz, 1), round(rate_hz, 2))
