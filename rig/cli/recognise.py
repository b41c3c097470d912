# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig recognise`: which drill was done when, whatever the recording says of itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from rig.cli.options import RecordingArgument
from rig.cli.outputs import json_text
from rig.cli.progress import over_bytes


def recognise(
    recording: RecordingArgument,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the stretches as JSON, for programs.")
    ] = False,
) -> None:
    """Name the drill in each stretch of a recording, to split a visit into sets."""
    from rig.analysis.recognise import recognise_recording, recognition_json
    from rig.record.recording import Recording
    from rig.record.silence import refuse_without_frames

    opened = Recording.open(recording)
    with over_bytes("Recognising", len(opened.wire)) as progress:
        content = recognition_json(recognise_recording(opened, progress=progress))
    refuse_without_frames(opened, len(content["stretches"]))
    content["simulated"] = opened.info.source.simulated
    if as_json:
        typer.echo(json_text(content), nl=False)
        return
    show(content, Console(soft_wrap=True))


def show(content: dict[str, Any], console: Console) -> None:
    """Print a recognition (`recognition_json`) for people."""
    if content["simulated"]:
        console.print("[bold yellow](simulated)[/]")
    for stretch in content["stretches"]:
        side = f" {stretch['side']}" if stretch["side"] else ""
        fits = f", fits {100.0 * stretch['confidence']:.0f} %"
        console.print(
            f"{stretch['from_s']:.1f} to {stretch['to_s']:.1f} s: [bold]{stretch['drill']}[/]{side}"
            f"{'' if stretch['drill'] == 'unknown' else fits}"
        )
