# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets and their score sheets (`sets` of an analysis's JSON), for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from rig.cli.outputs import say

SHOWN_SETS = 12
SETS_ABREAST = 6
"""Of a score sheet: more columns are no longer read."""

Set = dict[str, Any]


def show_sets(sets: Sequence[Set], console: Console, *, whole_sheet: bool) -> None:
    """A line a set, what happened in it, and what it shows of the principles."""
    if not sets:
        return
    table = Table("set", "drill", "s", "done", "over", "clean left", "right", "ended", box=None)
    for done in sets[:SHOWN_SETS]:
        table.add_row(
            str(done["number"]),
            _drill(done),
            f"{done['started_s']:.1f}-{_seconds(done['ended_s'])}",
            _amount(done),
            str(done["extra"] or "-"),
            *(_clean(done["by_side"][side]) for side in ("left", "right")),
            done["ended"],
        )
    console.print(table)
    if len(sets) > SHOWN_SETS:
        console.print(f"… and {len(sets) - SHOWN_SETS} sets more; --json prints all of them.")
    for done in sets[:SHOWN_SETS]:
        for event in done["said"]:
            say(console, f" {event['at_s']:.1f} s: {event['says']}", before=_name(done, sets) + ",")
        if done["with_lost_frames"]:
            lost = (
                f" frames were lost in {done['with_lost_frames']} of its repetitions; they count."
            )
            say(console, lost, before=_name(done, sets) + ":")
    if whole_sheet:
        for done in sets:
            _show_sheet(done, console)
    else:
        _show_kept(sets, console)


def _show_kept(sets: Sequence[Set], console: Console) -> None:
    """Principles that were judged, sets abreast; which ones cannot be, in a line."""
    abreast = sets[:SETS_ABREAST]
    table = Table("principle, kept in", *(_name(done, sets) for done in abreast), box=None)
    for place, principle in enumerate(abreast[0]["principles"]):
        scores = [done["principles"][place] for done in abreast]
        if any(score["judged"] for score in scores):
            says = f"{principle['number']}. {principle['principle']}"
            table.add_row(says, *(_kept(score) for score in scores))
    if table.row_count:
        console.print(table)
    blind = [p["number"] for p in abreast[0]["principles"] if p["measurable"] == "not measured"]
    numbers = f"{', '.join(str(n) for n in blind[:-1])} and {blind[-1]}"
    say(console, f"Pressure does not measure principles {numbers}; --sheet says why.")


def _show_sheet(done: Set, console: Console) -> None:
    """All fifteen of one set."""
    say(console, f" {_drill(done)}", before=f"\nSet {done['number']}:", style="bold")
    for score in done["principles"]:
        means = ", ".join(_mean(name, value) for name, value in score["means"].items())
        says = f" {score['principle']} {score['says']}"
        say(console, f"{says} {means}".rstrip(), before=f"  {score['number']:2}.")


def _mean(name: str, value: float) -> str:
    """A measure's mean, its unit taken from its name."""
    for ending, unit in (("_per_min", "a minute"), ("_s", "s"), ("_share_max", "of the load")):
        if name.endswith(ending):
            digits = 0 if unit == "a minute" else 3
            what = name.removesuffix(ending).replace("_", " ")
            return f"Mean {what}: {value:.{digits}f} {unit}."
    return f"Mean {name.replace('_', ' ')}: {value:.3g}."


def _kept(score: dict[str, Any]) -> str:
    return f"{score['kept']} of {score['judged']}" if score["judged"] else "-"


def _amount(done: Set) -> str:
    """What was done of what was to be done."""
    unit = {"pair": " pulls", "hold a leg": " holds"}.get(done["unit"], "")
    return f"{done['repetitions'] - done['extra']} of {done['goal']}{unit}"


def _clean(count: dict[str, int]) -> str:
    whole = count["clean"] + count["dirty"]
    return f"{count['clean']} of {whole}" if whole else "-"


def _drill(done: Set) -> str:
    return f"{done['drill']} {done['side'] or ''}".rstrip()


def _name(done: Set, among: Sequence[Set]) -> str:
    """By its number, and by its drill where there are several."""
    several = len({_drill(other) for other in among}) > 1
    return f"{_drill(done).capitalize()} {done['number']}" if several else f"Set {done['number']}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
