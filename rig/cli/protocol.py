# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig protocol`: balance tests, guided in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.options import ForceOption, ShoeOption, SideOption, WeightOption
from rig.cli.outputs import json_text, refuse_full_folder
from rig.errors import SettingsError

if TYPE_CHECKING:
    from rig.balance.protocol import Protocol

CHANGES_SHOWN = (
    "time_s",
    "velocity_mm_s",
    "rms_ap_mm",
    "rms_ml_mm",
    "ellipse_area_mm2",
    "maximum_excursion_percent",
    "directional_control_percent",
    "left_peak_percent",
    "right_peak_percent",
)
app = typer.Typer(
    name="protocol",
    no_args_is_help=True,
    help="Balance tests: list, show, run with spoken cues, compare two visits.",
)
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="One of 'solerig protocol list', or a TOML file.")
]


@app.command("list")
def list_protocols() -> None:
    """The balance tests that there are."""
    from rig.balance.protocol_file import own_protocols

    table = Table("name", "what it is", box=None)
    for protocol in own_protocols():
        table.add_row(protocol.key, protocol.about)
    Console().print(table)


@app.command()
def show(name: NameArgument) -> None:
    """One balance test: conditions, times, trial rule, stance and source."""
    protocol = _protocol(name)
    console = Console(soft_wrap=True)
    console.print(f"{protocol.title}: {protocol.about}")
    practice = f", {protocol.practice} for practice" if protocol.practice else ""
    settling = f", after {protocol.settle_s:g} s of settling" if protocol.settle_s else ""
    console.print(f"Trials: {protocol.trial_rule}{practice}{settling}. Source: {protocol.source}.")
    table = Table("condition", "s", "eyes", "ground", "feet", "spotter", "says", box=None)
    for condition in protocol.conditions:
        table.add_row(
            condition.key,
            f"{condition.seconds:g}",
            condition.eyes,
            condition.surface,
            condition.feet,
            "yes" if condition.needs_spotter else "",
            f"{condition.template.says} {condition.says}",
        )
    console.print(table)


@app.command()
def run(
    name: NameArgument,
    out: Annotated[Path, typer.Option(help="New folder: a recording a trial, and the summary.")],
    source: Annotated[
        str,
        typer.Option(help="auto, a port, a pyserial URL, simulated, firmware, or a recording."),
    ] = "auto",
    weight: WeightOption = None,
    shoe: ShoeOption = 42.0,
    side: SideOption = "right",
    height: Annotated[
        float | None,
        typer.Option(min=80.0, max=250.0, help="Height in cm; limits of stability need it."),
    ] = None,
    age: Annotated[
        float | None, typer.Option(min=1.0, max=120.0, help="Age in years; norms need it.")
    ] = None,
    shuffle: Annotated[
        int | None,
        typer.Option(metavar="SEED", help="Conditions in an order drawn by this number."),
    ] = None,
    floor: Annotated[
        Path | None,
        typer.Option(metavar="RECORDING", help="30 s of dead weight: the rig's own noise."),
    ] = None,
    norms: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Your own tables of norms (TOML).")
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder with this person's earlier visits, to show their values beside the new.",
        ),
    ] = None,
    speak: Annotated[
        bool, typer.Option("--speak", help="Say the cues aloud with the system's voice.")
    ] = False,
    auto_start: Annotated[
        bool,
        typer.Option("--auto-start", help="Simulated people only: nobody needs to press a key."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON, for programs.")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Guide through a balance test; leave a recording a trial, summary.json and summary.csv.

    Keys: SPACE goes on (spotter ready, start), e eyes opened, a arms moved, s stop the trial,
    d discard the last trial, m mark, q quit. Research and technique feedback; no diagnosis and no
    prediction of falls. Single-leg, eyes-closed and foam tests need a spotter and something to grasp.
    """
    from rig.balance.history import visits_in
    from rig.balance.norms import all_norms
    from rig.cli.protocol_session import Asked, Beside, run_protocol
    from rig.cli.protocol_summary import show_summary

    protocol = _protocol(name)
    if auto_start and source != "simulated":
        raise SettingsError(
            "--auto-start is for simulated people; a real one needs a hand on SPACE."
        )
    refuse_full_folder(out, force=force)
    beside = Beside(all_norms(norms), () if history is None else visits_in(history, out))
    asked = Asked(
        protocol=protocol,
        out=out,
        source=source,
        weight_kg=weight,
        shoe_size_eu=shoe,
        side=side,
        height_mm=None if height is None else 10.0 * height,
        age_years=age,
        seed=shuffle,
        floor_velocity_mm_s=None if floor is None else _floor(floor),
        speak=speak,
        auto_start=auto_start,
        force=force,
    )
    content = run_protocol(asked, beside, Console(stderr=True, soft_wrap=True))
    if as_json:
        typer.echo(json_text(content), nl=False)
    else:
        show_summary(content, Console(soft_wrap=True))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="The earlier visit: a folder of 'protocol run'.")],
    after: Annotated[Path, typer.Argument(help="The later visit.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every measure as JSON, for programs.")
    ] = False,
) -> None:
    """What changed between two visits, beside what repeated trials alone would show (MDC95)."""
    from rig.balance.change import changes_json, left_out
    from rig.balance.history import read_summary

    visits = [read_summary(folder) for folder in (before, after)]
    rows, without = changes_json(*visits), left_out(*visits)
    if as_json:
        content = {"schema": "solerig-balance-change-1", "changes": rows, "left_out": without}
        typer.echo(json_text(content), nl=False)
        return
    table = Table("condition", "measure", "before", "after", "change", "MDC95", "flags", box=None)
    for row in rows:
        if row["measure"] not in CHANGES_SHOWN:
            continue
        numbers = [row["before"], row["after"], row["change"], row["mdc95"]]
        table.add_row(
            row["condition"],
            row["measure"],
            *("-" if number is None else f"{number:.2f}" for number in numbers),
            " ".join(row["flags"]),
        )
    console = Console(soft_wrap=True)
    console.print(table)
    for sentence in without:
        console.print(f"Left out: {sentence}.", markup=False)
    if any(row["flags"] for row in rows):
        console.print(
            "Flagged trials may differ for another reason than the person: see MEASURES.md."
        )
    console.print(
        "A change within MDC95 is no more than repeated trials show. Trials of one day know nothing of "
        "what differs between days, so the true limit is larger. MDC95 needs three trials in each visit."
    )


def _protocol(name: str) -> Protocol:
    from rig.balance.protocol import find_protocol
    from rig.balance.protocol_file import own_protocols, read_protocols

    path = Path(name)
    if path.suffix != ".toml":
        return find_protocol(own_protocols(), name)
    found = read_protocols(path)
    if len(found) != 1:
        raise SettingsError(f"{path} holds {len(found)} protocols; give a file with one.")
    return found[0]


def _floor(recording: Path) -> float:
    from rig.analysis.balance import stance_of_recording
    from rig.record.recording import Recording

    return stance_of_recording(Recording.open(recording)).sway.measures["velocity_mm_s"]
