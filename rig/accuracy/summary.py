# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in a few sentences, worked out from their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from rig.accuracy.standing import AP_TARGET_MM, FORCE_TARGET, STANDING, USUAL_LEVEL
from rig.accuracy.tables import Cell, Table

LEAST_RIGHT, COVERED = 99.0, (85.0, 99.0)


def summary(tables: Sequence[Table]) -> list[str]:
    """One sentence or two for each table that can be put into one."""
    by_key = {table.key: table for table in tables}
    said = []
    for key, say in _SAYINGS.items():
        if key in by_key:
            said += say(by_key[key])
    return said


def _numbers(table: Table, head: str) -> list[float]:
    return [cell for cell in table.column(head) if isinstance(cell, float | int)]


def _row(table: Table, first: str) -> dict[str, Cell]:
    row = next(row for row in table.rows if row[0] == first)
    return {column.head: cell for column, cell in zip(table.columns, row, strict=True)}


def _standing(table: Table) -> list[str]:
    usual = _row(table, USUAL_LEVEL)
    stances = " and ".join(
        f"in {motion} stance force is {usual[f'{motion}: force % BW']} % of body weight off and CoP AP "
        f"{usual[f'{motion}: CoP AP mm']} mm (RMS)"
        for motion in STANDING
    )
    met = "met" if usual["target met"] == "yes" else "missed: the error budget names its bound"
    line = (
        f"After bench, stances and visit check, {stances}. The target of {FORCE_TARGET:g} % and "
        f"{AP_TARGET_MM:g} mm is {met} over all subjects; {usual['alone']} are within it by themselves."
    )
    return [line]


def _coverage(table: Table) -> list[str]:
    covered = _numbers(table, "covered %")
    low, high = COVERED
    outside = [row for row in table.rows if not low <= _as_number(row[4]) <= high]
    verdict = (
        f"all of it within the wanted {low:g} to {high:g} %"
        if not outside
        else "outside the wanted range: "
        + ", ".join(f"{row[0]} {row[1]}, {row[2]} ({row[4]} %)" for row in outside)
    )
    line = (
        f"The 95 % ellipse holds the true CoP in {min(covered):g} to {max(covered):g} % of frames by "
        f"rig, stance, and one foot or both; {verdict}."
    )
    return [line]


def _as_number(cell: Cell) -> float:
    return cell if isinstance(cell, float | int) else float("nan")


def _loads(table: Table) -> list[str]:
    ap, force = _numbers(table, "foot CoP AP mm"), _numbers(table, "force % BW")
    line = (
        f"While moving, the CoP of a foot is {min(ap):g} to {max(ap):g} mm off forwards and "
        f"{min(_numbers(table, 'foot CoP ML mm')):g} to {max(_numbers(table, 'foot CoP ML mm')):g} mm "
        f"sideways, and the force {min(force):g} to {max(force):g} % of body weight, most in hops and "
        "landings, where peaks read low: sixteen discs are calibrated standing."
    )
    return [line]


def _events(table: Table) -> list[str]:
    return [_found(table, "on insoles at 1,000 Hz")]


def _mat_events(table: Table) -> list[str]:
    return [_found(table, "on mats")]


def _found(table: Table, where: str) -> str:
    missed, extra = sum(_numbers(table, "missed")), sum(_numbers(table, "extra"))
    worst = {
        name: max((abs(v) for v in _numbers(table, f"{name} worst")), default=0.0)
        for name in ("ON", "OFF")
    }
    return (
        f"Of {sum(_numbers(table, 'contacts')):.0f} contacts {where} {missed:.0f} were missed and "
        f"{extra:.0f} were found that were none; the worst ON is {worst['ON']:g} ms off, the worst OFF "
        f"{worst['OFF']:g} ms."
    )


def _heels(table: Table) -> list[str]:
    heads = [column.head for column in table.columns]
    every = dict(zip(heads, next(row for row in table.rows if row[1] == "all"), strict=True))
    line = (
        f"Heel touch on insoles: {every['kiss seen %']} % of kisses and {every['load seen %']} % of "
        f"loads are seen; of contacts without a touch {every['false kiss %']} % are given a kiss and "
        f"{every['false load %']} % a load."
    )
    return [line]


def _hard(table: Table) -> list[str]:
    unnoticed = []
    for row in table.rows[1:]:
        cells = {column.head: cell for column, cell in zip(table.columns, row, strict=True)}
        live = max(_or_none(cells["health finds"]), _or_none(cells["visit refuses"]))
        if live < 0.9 * _or_none(cells["sessions"]):
            unnoticed.append(
                f"{cells['fault']} (CoP AP {cells['foot CoP AP mm']} mm, force "
                f"{cells['force % BW']} % BW)"
            )
    whole = _row(table, "none")
    return [
        "Not surely noticed by sensor health or a refused visit check, so their effect is stated: "
        + "; ".join(unnoticed)
        + f". With all sensors whole: CoP AP {whole['foot CoP AP mm']} mm, force "
        f"{whole['force % BW']} % BW."
    ]


def _or_none(cell: Cell) -> float:
    return cell if isinstance(cell, float | int) else 0.0


def _segmentation(table: Table) -> list[str]:
    right, swapped = _numbers(table, "right %"), _numbers(table, "swapped %")
    verdict = "met" if min(right) >= LEAST_RIGHT and max(swapped) == 0.0 else "missed"
    line = (
        f"On mats at least {min(right):g} % of the frames of each movement tell the feet rightly "
        f"apart, and {max(swapped):g} % at most swap them silently: the target of {LEAST_RIGHT:g} % and "
        f"none is {verdict}."
    )
    return [line]


_SAYINGS = {
    "standing": _standing,
    "coverage": _coverage,
    "loads": _loads,
    "events": _events,
    "heels": _heels,
    "hard-faults": _hard,
    "mat-events": _mat_events,
    "segmentation": _segmentation,
}
