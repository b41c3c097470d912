# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a balance test for people: values, and beside them earlier ones and others' means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from rig.balance.history import SHOWN, value_of

EARLIER_SHOWN = 5
FLAGGED = " (flagged)"


def show_summary(content: Mapping[str, Any], console: Console) -> None:
    """Print the summary of a test for people."""
    shown = SHOWN[content["protocol"]["measure"]]
    table = Table("condition", "trials", *shown, box=None)
    for condition in content["conditions"]:
        count = f"{condition['full_time_trials']} of {condition['trials']} full"
        texts = [_number(value_of(condition, measure)) for measure in shown]
        table.add_row(condition["key"], count, *texts)
    console.print(table)
    _show_flags(content, console)
    for key, value in content["ratios"].items():
        flagged = FLAGGED if content["ratios_valid"][key] is False else ""
        console.print(f"{key}: {'-' if value is None else f'{value:.2f}'}{flagged}")
    _show_history(content, console)
    for norm in content["norms"]:
        ages = f"{norm['age_years'][0]:.0f}-{norm['age_years'][1]:.0f}"
        console.print(
            f"Others aged {ages}, {', '.join(norm['conditions'])}, {norm['measure']}: "
            f"{_norm_text(norm)} (n = {norm['n']}, {norm['source']}; {norm['equipment']}). "
            f"{norm['caveat']}",
            markup=False,  # a source may hold [brackets]
        )
    console.print(content["wording"])


def _show_flags(content: Mapping[str, Any], console: Console) -> None:
    """What speaks against the values above, each reason once a condition."""
    for condition in content["conditions"]:
        for flag in condition["validity"]["flags"]:
            numbers = ", ".join(str(number) for number in flag["trials"])
            console.print(
                f"Flagged: {condition['key']}, trial {numbers} ({flag['code']}): {flag['says']}",
                markup=False,
            )
    for trial in content["trials"]:
        if trial["refusal"] and not trial["discarded"]:
            console.print(
                f"Not measured: {trial['condition']}, trial {trial['number']}: {trial['refusal']}",
                markup=False,
            )


def _show_history(content: Mapping[str, Any], console: Console) -> None:
    """Each value with the same person's earlier ones and, where there are any, others' beside it."""
    if not content["history"]:
        return
    table = Table("condition", "measure", "earlier visits", "now", "others", box=None)
    for condition in content["conditions"]:
        for measure in SHOWN[content["protocol"]["measure"]]:
            earlier = [
                f"{entry['date'][:10]}: {_number(entry['value'])}"
                + (FLAGGED if entry["valid"] is False else "")
                for entry in content["history"]
                if (entry["condition"], entry["measure"]) == (condition["key"], measure)
            ]
            if not earlier:
                continue
            others = [
                _norm_text(norm)
                for norm in content["norms"]
                if norm["measure"] == measure and condition["key"] in norm["conditions"]
            ]
            table.add_row(
                condition["key"],
                measure,
                ", ".join(earlier[-EARLIER_SHOWN:]),
                _number(value_of(condition, measure)),
                "; ".join(others) or "-",
            )
    console.print(table)


def _norm_text(norm: Mapping[str, Any]) -> str:
    spread = "" if norm["range"] is None else f", {norm['range'][0]:g} to {norm['range'][1]:g}"
    return f"mean {norm['mean']:g}{spread}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
