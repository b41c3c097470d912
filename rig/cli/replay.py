# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig replay`: a recording through the live path again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from rig.acquire.messages import SourceSpec
from rig.cli.checks import has_display
from rig.cli.dashboard import open_window
from rig.cli.live import own_acquisition, updates
from rig.cli.options import RecordingArgument
from rig.record.recording import Recording
from rig.record.silence import refuse_without_bytes


def replay(
    recording: RecordingArgument,
    speed: Annotated[
        float, typer.Option(min=0.0, help="1 is real time, 0 as fast as it goes.")
    ] = 1.0,
    headless: Annotated[bool, typer.Option("--headless", help="Without a window.")] = False,
) -> None:
    """Play a recording as if it were live: in the window, or as lines of text without a display."""
    opened = Recording.open(recording)
    refuse_without_bytes(opened)
    if not headless and has_display():
        arguments = ["--source", str(recording), "--speed", str(speed)]
        raise typer.Exit(open_window(arguments))
    _as_text(SourceSpec(kind="recording", address=str(opened.folder.absolute()), speed=speed))


def _as_text(spec: SourceSpec) -> None:
    console = Console(soft_wrap=True)
    with own_acquisition() as (session, _):
        session.open_source(spec)
        newest = session.poll()
        for newest in updates(session, None):
            for block in newest.blocks:
                for event in block.contact.events:
                    console.print(
                        f"{event.t_s:9.3f} s  {event.foot.name.lower():5}  {event.kind.value}"
                    )
            if newest.link.state in ("ended", "refused") and not newest.blocks:
                break
    console.print(f"{newest.link.frames} frames, {newest.link.lost_frames} lost.")
