# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig analyse`: contacts, times and repetitions of a recording."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.options import RecordingArgument, drill_option
from rig.cli.outputs import json_text, say
from rig.cli.progress import over_bytes
from rig.cli.repetition_words import show_repetitions
from rig.cli.set_words import show_sets
from rig.errors import SettingsError
from rig.settings import DrillName, Side

SHOWN_CONTACTS = 40
SHOWN_FINDINGS = 20


def analyse(
    recording: RecordingArgument,
    drill: Annotated[
        DrillName | None,
        drill_option("Judge by this drill, whatever the recording says was done."),
    ] = None,
    side: Annotated[
        Side | None, typer.Option(help="Working side with --drill; else the recording's.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="Judge by this profile (solerig drills profiles), not by the recording's."
        ),
    ] = None,
    recognised: Annotated[
        bool,
        typer.Option(
            "--recognise",
            help="Judge each stretch by the drill that is recognised in it (solerig recognise), to "
            "split a visit into sets.",
        ),
    ] = False,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Print all fifteen principles for each set, with why.")
    ] = False,
    contacts: Annotated[
        bool,
        typer.Option("--contacts", help="Print each contact, where repetitions were found too."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, for programs.")
    ] = False,
) -> None:
    """Find contacts, times, repetitions and sets in a recording, and what the sets show of the
    fifteen principles."""
    from rig.analysis import analyse_recording, analysis_json
    from rig.analysis.judged_by import JudgedBy
    from rig.drills.profile import load_profile
    from rig.record.recording import Recording
    from rig.record.silence import refuse_without_frames

    opened = Recording.open(recording)
    if recognised and (drill or side):
        raise SettingsError(
            "--recognise finds drills and sides by itself; leave out --drill and --side."
        )
    thresholds = None if profile is None else load_profile(profile)
    judged = JudgedBy(drill, side, thresholds, recognised)
    with over_bytes("Analysing", len(opened.wire)) as progress:
        analysis = analyse_recording(opened, progress=progress, judged=judged)
    refuse_without_frames(opened, analysis.frames)
    content = analysis_json(analysis)
    if as_json:
        typer.echo(json_text(content), nl=False)
        return
    show(content, Console(), whole_sheet=sheet, contacts=contacts)


def show(
    content: dict[str, Any], console: Console, *, whole_sheet: bool = False, contacts: bool = False
) -> None:
    """Print an analysis (`analysis_json`) for people; the terminal wraps lines where it must.

    Without repetitions, contacts are what there is to see.
    """
    simulated = " [bold yellow](simulated)[/]" if content.get("simulated") else ""
    console.print(
        f"[bold]{content['drill']}[/]{simulated}: {content['duration_s'] or 0:.1f} s, "
        f"{content['frames']} frames, {content['lost_frames']} lost"
        f"{'' if len(content['drills']) > 1 else _done(content)}",
        soft_wrap=True,
    )
    if len(content["drills"]) > 1:
        from rig.drills.registry import is_one_sided

        for part in content["drills"]:
            side = f" {part['side']}" if is_one_sided(part["drill"]) else ""
            console.print(
                f"  {part['from_s']:.1f} to {part['to_s']:.1f} s: [bold]{part['drill']}[/]{side}"
                f"{_done(part)}",
                soft_wrap=True,
            )
    show_repetitions(content, console)
    show_sets(content.get("sets", ()), console, whole_sheet=whole_sheet)
    _show_sensors(content, console)
    if contacts or not content.get("repetitions"):
        _show_contacts(content["contacts"], console)
    for note in content.get("notes", ()):
        say(console, f" {note}", before="Note:", style="yellow")


def _show_contacts(found: list[dict[str, Any]], console: Console) -> None:
    table = Table("foot", "on s", "off s", "contact ms", "peak N", "impulse N s", "heel", box=None)
    for contact in found[:SHOWN_CONTACTS]:
        duration = contact["contact_time_s"]
        table.add_row(
            contact["foot"],
            _number(contact["on_s"], 3),
            _number(contact["off_s"], 3),
            _number(None if duration is None else 1000.0 * duration),
            _number(contact["peak_force_n"]),
            _number(contact["impulse_n_s"], 1),
            contact["heel_touch"],
        )
    console.print(table)
    left_out = len(found) - SHOWN_CONTACTS
    if left_out > 0:
        console.print(f"… and {left_out} more; --json prints all of them.")


def _show_sensors(content: dict[str, Any], console: Console) -> None:
    """What the forces were read with, and which sensors were not believed from when on."""
    if "calibration" in content:
        say(console, _calibration_words(content))
    findings = content.get("sensor_findings", ())
    for finding in findings[:SHOWN_FINDINGS]:
        say(console, f" {_number(finding['t_s'], 1)} s: {finding['said']}", before="Sensor, from")
    left_out = len(findings) - SHOWN_FINDINGS
    if left_out > 0:
        console.print(f"… and {left_out} more; --json prints all of them.")


def _calibration_words(content: dict[str, Any]) -> str:
    source = content["body_weight_gain_source"]
    scaled = {
        "default": "not scaled to the body weight",
        "insole": "scaled by the insoles' stances",
        "visit": "scaled by a visit check",
    }.get(source, f"scaled to the body weight: {source}")
    return f"Calibration in force: {content['calibration']}, {scaled}."


def _done(content: dict[str, Any]) -> str:
    count = content["repetition_count"]
    repetitions = "1 repetition" if count == 1 else f"{count} repetitions"
    return f", {repetitions}, cadence {_number(content['cadence_per_min'])} / min"


def _number(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
