# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of `solerig`, in the order a newcomer needs them."""

from __future__ import annotations

from typing import Annotated

import typer

import rig
from rig.cli import (
    accuracy,
    analyse,
    balance,
    calibrate,
    compare,
    dashboard,
    demo,
    doctor,
    drills,
    export,
    flash,
    ports,
    programme,
    protocol,
    recognise,
    record,
    replay,
    simulate,
    template,
)

app = typer.Typer(
    name="solerig",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Pressure insoles for Pose drills and stance: record, watch, analyse, export.\n\n"
    "New here? Try 'solerig demo'. With a board plugged in: 'solerig dashboard'. "
    "Something does not work: 'solerig doctor'.\n\n"
    "Technique feedback and research use; not a medical device.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"solerig {rig.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for command in (
    demo.demo,
    dashboard.dashboard,
    ports.ports,
    doctor.doctor,
    flash.flash,
    template.template,
    record.record,
    replay.replay,
    simulate.simulate,
    analyse.analyse,
    recognise.recognise,
    balance.balance,
    compare.compare,
    export.export,
    accuracy.accuracy,
):
    app.command(epilog=simulate.EPILOG if command is simulate.simulate else None)(command)
app.add_typer(drills.app, name="drills")
app.add_typer(calibrate.app)
app.add_typer(protocol.app)
app.add_typer(programme.app)
