# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig export`: a recording as a file that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from rig.cli.options import ForceOption, RecordingArgument
from rig.cli.outputs import refuse_existing_file, refuse_own_files, say
from rig.cli.progress import over_bytes

Format = Literal["csv"]


def export(
    recording: RecordingArgument,
    out: Annotated[
        Path, typer.Option(help="File to write; events go to NAME.events.csv beside it.")
    ],
    _form: Annotated[Format, typer.Option("--format", help="File format.")] = "csv",
    force: ForceOption = False,
) -> None:
    """Write a recording's forces, CoP and contacts as CSV, and its events beside it."""
    from rig.export.csv import export_csv
    from rig.record.recording import Recording
    from rig.record.silence import refuse_without_bytes

    opened = Recording.open(recording)
    refuse_without_bytes(opened)
    refuse_own_files(out, recording)
    refuse_existing_file(out, force=force)
    out.parent.mkdir(parents=True, exist_ok=True)
    with over_bytes("Exporting", len(opened.wire)) as progress:
        export_csv(opened, out, progress=progress)
    say(Console(stderr=True), f"{out} and its events are written.")
