# SPDX-License-Identifier: GPL-3.0-or-later
"""Repetitions (`repetitions` of an analysis's JSON), for people: which were not clean, and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from rig.cli.outputs import say

SHOWN_REPETITIONS = 20

Repetition = dict[str, Any]


def show_repetitions(content: dict[str, Any], console: Console) -> None:
    """How many were clean, each that was not, how often each fault occurred, what was not judged."""
    repetitions = content.get("repetitions", ())
    if repetitions:
        clean = sum(r.get("clean", True) for r in repetitions)
        console.print(f"{clean} of {len(repetitions)} repetitions clean")
    _show_totals(content, console)
    _show_each(repetitions, console)
    _show_not_judged(repetitions, console)


def _show_totals(content: dict[str, Any], console: Console) -> None:
    found = [fault for r in content.get("repetitions", ()) for fault in r.get("faults", ())]
    found += content.get("set_faults", ())
    faults = Counter((fault["code"], fault["severity"]) for fault in found)
    for (code, severity), count in sorted(faults.items()):
        console.print(f"  {code}: {count} ({severity})")


def _show_each(repetitions: list[Repetition], console: Console) -> None:
    """Those with a fault, by their place among all."""
    told = [(n, r) for n, r in enumerate(repetitions, 1) if r.get("faults")]
    if not told:
        return
    table = Table("no.", "s", "side", "what was found, at, times its limit", box=None)
    for number, repetition in told[:SHOWN_REPETITIONS]:
        start_s, end_s = repetition["start_s"], repetition["end_s"]
        began = "-" if start_s is None else f"{start_s:.2f}"
        found = ", ".join(_fault(fault) for fault in repetition["faults"])
        table.add_row(str(number), f"{began} to {end_s:.2f}", repetition["side"], found)
    console.print(table)
    left_out = len(told) - SHOWN_REPETITIONS
    if left_out > 0:
        console.print(f"… and {left_out} more; --json prints all of them, with their numbers.")


def _fault(fault: dict[str, Any]) -> str:
    mild = "" if fault["severity"] == "fault" else f" ({fault['severity']})"
    return f"{fault['code']} {fault['at_s']:.2f} s {fault['size']:.2f} x{mild}"


def _show_not_judged(repetitions: list[Repetition], console: Console) -> None:
    codes = Counter(code for r in repetitions for code in r.get("not_judged", ()))
    if codes:
        which = ", ".join(f"{code} in {count}" for code, count in sorted(codes.items()))
        say(
            console,
            f" {which} of {len(repetitions)} repetitions: what the rule compares with was not there "
            "or not seen.",
            before="Not judged:",
        )
