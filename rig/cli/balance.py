# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig balance`: sway of a recording, or of anybody's table of CoP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.outputs import RECORDING_FILES, json_text, say
from rig.errors import SettingsError

SHOWN = (
    "duration_s",
    "rms_ap_mm",
    "rms_ml_mm",
    "range_ap_mm",
    "range_ml_mm",
    "path_mm",
    "velocity_mm_s",
    "velocity_ap_mm_s",
    "velocity_ml_mm_s",
    "sway_area_rate_mm2_s",
    "ellipse_area_mm2",
    "mean_frequency_hz",
)


def balance(
    file: Annotated[
        Path, typer.Argument(help="A recording (folder), or a CSV with the centre of pressure.")
    ],
    rate: Annotated[
        float | None, typer.Option(help="CSV: samples per second; not needed with a time column.")
    ] = None,
    unit: Annotated[
        Literal["mm", "cm", "m"] | None,
        typer.Option(
            help="CSV: unit of the centre of pressure; not needed where the header says it."
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="CSV: the columns ML,AP by name or number from 1; needed where names do not tell.",
            metavar="ML,AP",
        ),
    ] = None,
    filtered: Annotated[
        bool,
        typer.Option("--filter/--no-filter", help="Low-pass at 10 Hz (default), or as it is."),
    ] = True,
    ellipse: Annotated[
        Literal["chi2", "prieto", "f-prediction"],
        typer.Option(help="Which 95 % ellipse is reported as ellipse_area_mm2."),
    ] = "chi2",
    duration: Annotated[
        Literal["n", "n-1"],
        typer.Option(help="Duration as N/fs, or from the first to the last sample, (N-1)/fs."),
    ] = "n",
    from_s: Annotated[
        float | None, typer.Option("--from", min=0.0, help="Recording: first second used.")
    ] = None,
    to_s: Annotated[
        float | None, typer.Option("--to", min=0.0, help="Recording: last second used.")
    ] = None,
    floor: Annotated[
        Path | None,
        typer.Option(
            help="Recording: another recording, of 30 s of dead weight, to measure the rig's own noise.",
            metavar="RECORDING",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, for programs.")
    ] = False,
) -> None:
    """Measure sway: path, velocity, area, frequencies, with how they were computed.

    Research and technique feedback; no diagnosis and no prediction of falls.
    """
    from rig.balance.assessment import assess_table
    from rig.balance.cop_csv import read_cop_csv
    from rig.balance.definitions import Definitions

    definitions = Definitions(ellipse, duration)
    if file.is_dir():
        _refuse_table_options(rate, unit, columns)
        content = _of_recording(file, definitions, from_s, to_s, floor, filtered=filtered)
    else:
        if file.name in RECORDING_FILES:
            raise SettingsError(
                f"{file} is one file of a recording; give its folder, {file.parent}."
            )
        _refuse_recording_options(from_s, to_s, floor)
        table = read_cop_csv(file, unit, rate, _pair(columns))
        assessed = assess_table(table, definitions, filtered=filtered)
        content = {**assessed.to_json(), "table": table.source_json()}
    if as_json:
        typer.echo(json_text(content), nl=False)
        return
    show(content, Console())


def show(content: dict[str, Any], console: Console) -> None:
    """Print an assessment for people."""
    done = content["preprocessing"]
    filtered = f"low-pass {done['low_pass_hz']:g} Hz" if done["filtered"] else "not filtered"
    settling_s = done["settling_s"]
    cut = f" after {settling_s:g} s of settling" if settling_s else ""
    console.print(
        f"{done['samples']} samples at {done['rate_hz']:g} Hz{cut}, {filtered}; 95 % ellipse: "
        f"{content['definitions']['ellipse']}",
        soft_wrap=True,
    )
    if "table" in content:
        taken = content["table"]
        console.print(
            f"ML: {taken['columns']['ml']}, AP: {taken['columns']['ap']} ({taken['columns_from']}); "
            f"{taken['unit']} ({taken['unit_from']}); rate from {taken['rate_from']}",
            soft_wrap=True,
            markup=False,
        )
    table = Table("measure", "value", box=None)
    for name in SHOWN:
        value = content["measures"][name]
        table.add_row(
            name, "-" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"
        )
    console.print(table)
    _show_standing(content, console)
    console.print("--json prints all measures and their definitions.")
    for flag in content["validity"]["flags"]:
        say(console, f" {flag['says']}", before="Caution:", style="yellow")


def _show_standing(content: dict[str, Any], console: Console) -> None:
    """What only a recording knows."""
    if "stance" not in content:
        return
    stance, load = content["stance"], content["load"]
    symmetry = load["symmetry_percent"]
    if stance["feet"] == "both" and symmetry is not None:
        console.print(f"Left foot {symmetry:.0f} % of the load, right foot {100 - symmetry:.0f} %.")
    else:
        console.print(f"Stood on: {stance['feet']}.")
    for side in ("left", "right"):
        if load[side]["heel_percent"] is not None:
            console.print(
                f"{side.capitalize()} foot: heel {load[side]['heel_percent']:.0f} %, "
                f"ball {load[side]['ball_percent']:.0f} % of its load."
            )
    if stance["ml"] is not None:
        console.print(f"ML: {stance['ml']}.", soft_wrap=True)
    floor = content["noise_floor"]["velocity_mm_s"]
    if floor is not None:
        console.print(f"A dead weight shows {floor:.2g} mm/s on this rig.")


def _of_recording(
    folder: Path,
    definitions: Any,
    from_s: float | None,
    to_s: float | None,
    floor: Path | None,
    *,
    filtered: bool,
) -> dict[str, Any]:
    from rig.analysis.balance import assess_recording, stance_of_recording
    from rig.record.recording import Recording

    floor_velocity_mm_s = None
    if floor is not None:
        dead = stance_of_recording(Recording.open(floor), definitions, filtered=filtered)
        floor_velocity_mm_s = dead.sway.measures["velocity_mm_s"]
    return assess_recording(
        Recording.open(folder),
        definitions,
        from_s,
        to_s,
        filtered=filtered,
        floor_velocity_mm_s=floor_velocity_mm_s,
    )


def _refuse_recording_options(from_s: float | None, to_s: float | None, floor: Path | None) -> None:
    if from_s is not None or to_s is not None:
        raise SettingsError("--from and --to cut a recording; cut a table before you give it.")
    if floor is not None:
        raise SettingsError("--floor is for recordings; measure a dead weight's table by itself.")


def _pair(columns: str | None) -> tuple[str, str] | None:
    if columns is None:
        return None
    parts = columns.split(",")
    if len(parts) != 2 or not all(part.strip() for part in parts):
        raise SettingsError(f'--columns wants two, ML,AP; "{columns}" is something else.')
    return parts[0], parts[1]


def _refuse_table_options(rate: float | None, unit: str | None, columns: str | None) -> None:
    if (rate, unit, columns) != (None, None, None):
        raise SettingsError(
            "A recording knows its rate, unit and columns; --rate, --unit and --columns are for "
            "tables."
        )
