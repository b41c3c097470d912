# SPDX-License-Identifier: GPL-3.0-or-later
"""What `solerig doctor --board` says: event by event, the table, and what its sensor map changes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from rig.calibrate.board_walk import Asked, Press, Rested, WalkEvent
from rig.calibrate.calibration import SENSELS, WIRED_AS_DRAWN
from rig.calibrate.sensel_map import ABSENT, SenselMap
from rig.calibrate.walk_findings import Finding
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES, foot_picture, sensel_words

PADS_A_FOOT = SENSELS // 2
VERDICT_WORDS = {
    "ok": "[green]ok[/]",
    "swapped": "[yellow]wrong wire[/]",
    "dead": "[red]no answer[/]",
    "stuck": "[red]stuck[/]",
    "doubled": "[red]two on one wire[/]",
    "bridged": "[red]wires touch[/]",
}
WHAT_TO_DO = {
    "ok": "",
    "swapped": "mended by the sensor map, or swap the wires",
    "dead": "look for an open wire, a loose crimp, or a sensor put in backwards into its clamp",
    "stuck": "look for a short between the sensor's two legs, or for something pressing on it",
    "doubled": "both sensors sit on one channel: find the wire that is in the wrong row",
    "bridged": "a second sensor answered too: look for touching wires, or for a second finger",
}


def say_event(event: WalkEvent, console: Console, timeout_s: float) -> None:
    match event:
        case Rested():
            for sample in event.shorted:
                console.print(f"[red]{SENSEL_NAMES[sample]}'s wire reads pressed at rest.[/]")
            for sample in event.noisy:
                console.print(f"[red]{SENSEL_NAMES[sample]}'s wire is restless at rest.[/]")
        case Asked():
            foot, channel = divmod(event.asked, PADS_A_FOOT)
            console.print(foot_picture(Foot(foot), channel), markup=False, highlight=False)
            console.print(
                f"Press {sensel_words(event.asked)}, hold it for half a second, let go. "
                f"(Goes on by itself; skipped after {timeout_s:g} s; q quits.)"
            )
        case Press():
            console.print(_press_words(event))


def _press_words(press: Press) -> str:
    name = SENSEL_NAMES[press.asked]
    if press.sample is None:
        return f"   [red]{name}: nothing answered in time; skipped.[/]"
    if press.sample == press.asked:
        return f"   [green]{name} answered.[/]"
    return f"   [yellow]{name} was pressed, {SENSEL_NAMES[press.sample]}'s wire answered.[/]"


def findings_table(found: Sequence[Finding]) -> Table:
    table = Table("sensor", "answered on", "change", "state", "what to do", box=None)
    for f in found:
        wire = "-" if f.sample is None else SENSEL_NAMES[f.sample]
        change = "-" if f.sample is None else f"{f.change_counts:.0f}"
        table.add_row(
            SENSEL_NAMES[f.sensel], wire, change, VERDICT_WORDS[f.verdict], WHAT_TO_DO[f.verdict]
        )
    return table


def map_words(found: Sequence[Finding], sensel_map: SenselMap, path: str) -> list[str]:
    """What the map that was kept changes, what it hides, and how to undo it."""
    silent = [SENSEL_NAMES[f.sensel] for f in found if f.sample is None]
    hidden = [SENSEL_NAMES[s] for s, sample in enumerate(sensel_map) if sample == ABSENT]
    words = []
    if kept := [name for name in silent if name not in hidden]:
        words.append(f"Did not answer, and still count as there: {', '.join(kept)}.")
    if sensel_map == WIRED_AS_DRAWN:
        words.append("No sensor map is needed: no wire is in another's place.")
        return words
    if hidden:
        words.append(
            f"The sensor map hides {len(hidden)} of {len(sensel_map)} sensors as not there: "
            f"{', '.join(hidden)}."
        )
    pressed = {f.sensel for f in found if f.sample is not None}
    before = [
        SENSEL_NAMES[s]
        for s, sample in enumerate(sensel_map)
        if sample not in (s, ABSENT) and s not in pressed
    ]
    if before:
        words.append(f"Kept from an earlier walk: {', '.join(before)}.")
    if swaps := swap_words(found):
        words.append(swaps)
    words.append(
        f"The sensor map is in {path}; live views and recordings use it from now on. To undo it: "
        "solerig doctor --board --forget-map, or delete that file."
    )
    return words


def swap_words(found: Sequence[Finding]) -> str:
    """Which wires sit in each other's place, pair by pair; empty where none does."""
    wire_of = {f.sensel: f.sample for f in found if f.verdict == "swapped" and f.sample is not None}
    words = []
    for sensel, wire in wire_of.items():
        if wire_of.get(wire) != sensel:
            words.append(f"{SENSEL_NAMES[sensel]} on {SENSEL_NAMES[wire]}'s wire")
        elif sensel < wire:
            words.append(f"{SENSEL_NAMES[sensel]} with {SENSEL_NAMES[wire]}")
    return f"Swapped wires: {'; '.join(words)}." if words else ""
