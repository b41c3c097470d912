# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig compare`: a recording against a force plate, or another reference."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.options import RecordingArgument
from rig.cli.outputs import json_text, say
from rig.errors import SettingsError


def compare(
    recording: RecordingArgument,
    reference: Annotated[
        Path, typer.Argument(help="CSV of the reference: force, CoP, sync line over time.")
    ],
    columns: Annotated[
        str,
        typer.Option(
            help="Which column is which, by name or number from 1: time, force, left, right, ml, ap, "
            "sync; needed where names do not tell.",
            metavar="ROLE=COLUMN,...",
        ),
    ] = "",
    unit: Annotated[
        Literal["mm", "cm", "m"] | None,
        typer.Option(help="Unit of the reference's CoP; not needed where the header says it."),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="The reference's samples per second; not needed with a time column."),
    ] = None,
    flip: Annotated[
        str,
        typer.Option(
            help="Signs to turn over: force, ml, ap (we want upward, right, forward).",
            metavar="NAME,...",
        ),
    ] = "",
    on: Annotated[
        Literal["both", "left", "right"],
        typer.Option("--foot", help="Which feet stood on the reference."),
    ] = "both",
    sync: Annotated[
        bool, typer.Option("--sync/--no-sync", help="Align by the sync edge where there is one.")
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, for programs.")
    ] = False,
) -> None:
    """Compare a recording with a force plate's export: force, CoP, contacts, and how sure that is.

    How to take such trials is told in rig/compare/PROTOCOL.md.
    """
    from rig.compare import compare as compare_both
    from rig.compare import comparison_json, read_reference
    from rig.compare.recording_traces import recording_traces
    from rig.record.recording import Recording

    table = read_reference(reference, _roles(columns), unit, rate, _words(flip))
    traces = recording_traces(Recording.open(recording))
    content = comparison_json(compare_both(traces, table, on, use_sync=sync))
    if as_json:
        typer.echo(json_text(content), nl=False)
        return
    show(content, Console())


def show(content: dict[str, Any], console: Console) -> None:
    """Print a comparison (`comparison_json`) for people."""
    taken = ", ".join(f"{role}: {name}" for role, name in content["reference"]["columns"].items())
    say(console, f"Reference columns: {taken}")
    say(console, _aligned(content["alignment"]))
    console.print(
        f"Compared over {content['overlap_s']:.1f} s at the {content['compared_at']}'s samples; "
        "differences are ours minus the reference's.",
        soft_wrap=True,
    )
    differences = Table("quantity", "RMSE", "bias", "95 % limits", box=None)
    correlations = Table("quantity", "ICC(2,1) [95 %]", "ICC(3,1) [95 %]", box=None)
    for quantity in content["quantities"]:
        name = quantity["name"].rsplit("_", 1)[0].replace("_", " ") + f" {quantity['unit']}"
        _rows(differences, correlations, name, quantity["raw"])
        if quantity["centred"] is not None:
            _rows(differences, correlations, f"{name}, means removed", quantity["centred"])
    console.print(differences)
    console.print(correlations)
    _show_contacts(content["contacts"], console)
    for warning in content["warnings"]:
        say(console, f" {warning}", before="Caution:", style="yellow")


def _show_contacts(contacts: list[dict[str, Any]], console: Console) -> None:
    if not any(contact["reference_contacts"] or contact["our_contacts"] for contact in contacts):
        console.print("No contact begins and ends within what both saw.")
        return
    events = Table(
        "contacts",
        "at",
        "found",
        "missed",
        "extra",
        "ON ms",
        "OFF ms",
        "time ms",
        "peak N",
        box=None,
    )
    for contact in contacts:
        events.add_row(
            contact["what"],
            contact["rule"],
            str(contact["matched"]),
            str(contact["missed"]),
            str(contact["extra"]),
            _spread(contact["on"]["mean_s"], contact["on"]["sd_s"], 1000.0),
            _spread(contact["off"]["mean_s"], contact["off"]["sd_s"], 1000.0),
            _difference(contact["contact_time_s"], 1000.0),
            _difference(contact["peak_force_n"], 1.0),
        )
    console.print(events)
    console.print(
        "Mean and (SD) of ours minus the reference's, by thresholds on the reference's force; ON/OFF "
        "are those of our own rule. --json has the ICC of times and peaks.",
        soft_wrap=True,
    )


def _aligned(found: dict[str, Any]) -> str:
    lag = f"the reference begins at {found['lag_s']:.4f} s of the recording"
    if found["method"] == "sync edge":
        said = f"Aligned by the sync edge ({found['edges']} edges): {lag} ± {_ms(found['se_s'])} ms"
        if found["force_offset_s"] is not None:
            said += f"; our force comes {_ms(found['force_offset_s'])} ms after the reference's"
    else:
        said = (
            f"Aligned by the best lag of {found['signal']}, not by a sync edge: {lag}, scatter "
            f"{_ms(found['se_s'])} ms (correlation {found['correlation']:.3f}, second best "
            f"{_number(found['second_correlation'], 3)})"
        )
    if found["drift_ppm"] is None:
        return said + "; clock drift not estimated, taken as 0."
    return said + (
        f"; the recording's clock runs {found['drift_ppm']:+.0f} ± "
        f"{found['drift_half_width_ppm']:.0f} ppm against the reference's."
    )


def _rows(differences: Table, correlations: Table, name: str, found: dict[str, Any]) -> None:
    limits = f"{found['limits_low']:+.1f} to {found['limits_high']:+.1f}"
    differences.add_row(name, f"{found['rmse']:.1f}", f"{found['bias']:+.1f}", limits)
    correlations.add_row(name, _icc(found["icc_2_1"]), _icc(found["icc_3_1"]))


def _icc(icc: dict[str, Any]) -> str:
    interval = f"{_number(icc['low'], 3)} to {_number(icc['high'], 3)}"
    return f"{_number(icc['value'], 3)} \\[{interval}]"


def _spread(mean: float | None, sd: float | None, factor: float) -> str:
    if mean is None:
        return "-"
    return f"{mean * factor:+.1f} ({'-' if sd is None else f'{sd * factor:.1f}'})"


def _difference(found: dict[str, Any] | None, factor: float) -> str:
    return "-" if found is None else _spread(found["bias"], found["sd"], factor)


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000.0:.1f}"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _roles(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _words(text):
        role, is_said, column = part.partition("=")
        if not is_said or not column.strip():
            raise SettingsError(f'--columns wants ROLE=COLUMN, such as force=Fz; not "{part}".')
        found[role.strip().lower()] = column.strip()
    return found
