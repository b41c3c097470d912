# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig programme`: what a participant has practised, what is locked, and what pain stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.options import RecordingArgument
from rig.cli.outputs import json_text, say
from rig.cli.practice import keep_sets, now
from rig.settings import SIDES, DrillName, Side

if TYPE_CHECKING:
    from rig.drills.programme import Dose, Standing
    from rig.record.programme_log import EntryKind

MOST_NAMED = 12
"""Of the pseudonyms that are known; more are counted (design choice)."""
app = typer.Typer(
    name="programme",
    no_args_is_help=True,
    help="Drills of the day and week by participant: dose, locks, pain.",
)
PseudonymArgument = Annotated[
    str, typer.Argument(metavar="PSEUDONYM", help="A code such as P07, never a name.")
]


@app.command()
def show(
    pseudonym: PseudonymArgument,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, for programs.")
    ] = False,
) -> None:
    """Today's and this week's sets, what is locked, and what to mind."""
    from rig.drills.programme import standing
    from rig.record.programme_log import known_pseudonyms, programme_folder, read_entries

    entries = read_entries(programme_folder(), pseudonym)
    content = standing_json(standing(entries, now())) | {"known": bool(entries)}
    if as_json:
        typer.echo(json_text(content), nl=False)
        return
    console = Console(soft_wrap=True)
    if not entries:
        say(console, _unknown_words(pseudonym, known_pseudonyms(programme_folder())))
    _print(content, console)


@app.command()
def pain(pseudonym: PseudonymArgument) -> None:
    """Report pain: every drill stops until it is confirmed to be gone."""
    _append(pseudonym, "pain")
    typer.echo("Stop. Every drill is locked until somebody confirms that the pain is gone.")


@app.command("pain-free")
def pain_free(pseudonym: PseudonymArgument) -> None:
    """Confirm that there is no pain."""
    _append(pseudonym, "pain-free")
    typer.echo(f"Noted: {pseudonym} is free of pain.")


@app.command()
def add(
    pseudonym: PseudonymArgument,
    recording: RecordingArgument,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway",
            help="Also what is simulated, copied, not closed, or in somebody else's programme.",
        ),
    ] = False,
) -> None:
    """Put a recording's sets into a participant's programme, on the day of the recording.

    A recording is taken once; adding it again changes nothing.
    """
    from rig.record.recording import Recording

    typer.echo(keep_sets(pseudonym, Recording.open(recording), anyway=anyway))


def _unknown_words(pseudonym: str, known: tuple[str, ...]) -> str:
    """A typing error in a pseudonym must not pass for a newcomer."""
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    others = f"{', '.join(known[:MOST_NAMED])}{more}" if known else "nobody"
    return (
        f"Nothing is known of {pseudonym} here; known: {others}. What follows is what holds for "
        "anybody new."
    )


def standing_json(where: Standing) -> dict[str, Any]:
    """As plain JSON values."""
    from rig.drills.programme import permission
    from rig.drills.registry import drill_names

    permissions = {
        drill: [permission(drill, side, where) for side in _sides(drill)] for drill in drill_names()
    }
    return {
        "schema": "solerig.programme_standing/1",
        "today": _doses(where.today),
        "week": _doses(where.week),
        "days_practised": where.days_practised,
        "in_pain": where.in_pain,
        "may_run": where.may_run,
        "locked": {drill: p[0].because for drill, p in permissions.items() if not p[0].allowed},
        "warnings": {
            drill: list(dict.fromkeys(words for side in p for words in side.warnings))
            for drill, p in permissions.items()
        },
    }


def _sides(drill: DrillName) -> tuple[Side | None, ...]:
    """A drill of one foot has a dose on each."""
    from rig.drills.registry import is_one_sided

    return SIDES if is_one_sided(drill) else (None,)


def _print(content: dict[str, Any], console: Console) -> None:
    from rig.drills.registry import drill_title

    table = Table("when", "drill", "sets", "repetitions", "clean", "held s", box=None)
    for when in ("today", "week"):
        for dose in content[when]:
            drill = f"{drill_title(dose['drill'])} {dose['side']}".strip()
            numbers = (str(dose[key]) for key in ("sets", "repetitions", "clean"))
            table.add_row(when, drill, *numbers, f"{dose['held_s']:.0f}")
    if content["week"]:
        console.print(table)
    else:
        console.print("Nothing was practised in the last seven days.")
    days = content["days_practised"]
    enough = "enough for running in Pose" if content["may_run"] else "of 7 before running in Pose"
    console.print(f"Days practised: {days}, {enough}.")
    for because in dict.fromkeys(content["locked"].values()):
        say(console, f" {because}", before="Locked:", style="yellow")
    drills_of: dict[str, list[str]] = {}
    for drill, warnings in content["warnings"].items():
        for words in warnings:
            drills_of.setdefault(words, []).append(drill_title(drill))
    for words, drills in drills_of.items():
        whose = "" if len(drills) == len(content["warnings"]) else f" ({', '.join(drills)})"
        say(console, f" {words}", before=f"Caution{whose}:", style="yellow")


def _doses(doses: dict[tuple[str, str], Dose]) -> list[dict[str, Any]]:
    return [
        {
            "drill": drill,
            "side": side,
            "sets": dose.sets,
            "repetitions": dose.repetitions,
            "clean": dose.clean,
            "held_s": dose.held_s,
        }
        for (drill, side), dose in sorted(doses.items())
    ]


def _append(pseudonym: str, kind: EntryKind) -> None:
    from rig.record.programme_log import ProgrammeEntry, append_entry, programme_folder

    append_entry(programme_folder(), pseudonym, ProgrammeEntry(kind, now()))
