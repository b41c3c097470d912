# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig record`: a recording without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.cli.live import (
    own_acquisition,
    source_spec,
    stop_recording,
    updates,
    wait_until_streaming,
)
from rig.cli.options import ForceOption, ShoeOption, SideOption, WeightOption, participant
from rig.cli.outputs import clear_recording
from rig.settings import DrillName, DrillSettings


def record(
    out: Annotated[Path, typer.Option(help="New folder for the recording.")],
    source: Annotated[
        str,
        typer.Option(help="auto, a port, a pyserial URL, simulated, firmware, or a recording."),
    ] = "auto",
    seconds: Annotated[
        float | None, typer.Option(min=0.5, help="How long; without it until Ctrl-C.")
    ] = None,
    drill: Annotated[DrillName, typer.Option(help="What will be done.")] = "stance",
    side: SideOption = "right",
    weight: WeightOption = None,
    shoe: ShoeOption = 42.0,
    rate: Annotated[int | None, typer.Option(min=50, help="Frames a second.")] = None,
    force: ForceOption = False,
) -> None:
    """Record from a board (or a simulated person) into a folder, without a window."""
    console = Console(stderr=True, soft_wrap=True)
    spec = source_spec(source, rate_hz=rate, drill=drill, side=side)
    person = participant(weight, shoe)
    clear_recording(out, force=force)
    with own_acquisition() as (session, _):
        session.open_source(spec)
        wait_until_streaming(session)
        if spec.kind not in ("simulated", "recording"):
            session.change_participant(person)
            session.choose_drill(DrillSettings(drill, side))
        session.start_recording(str(out.absolute()))
        try:
            _watch(session, seconds, console)
        except KeyboardInterrupt:
            console.print("Stopped by you.")
        newest = stop_recording(session)
    console.print(
        f"{out}: {newest.recording.duration_s:.1f} s recorded, {newest.link.lost_frames} frames lost. "
        f"Next: solerig analyse {out}"
    )


def _watch(session: LiveSession, seconds: float | None, console: Console) -> None:
    """Show how it goes; a recording that cannot go on ends with its own sentence."""
    with console.status("Recording") as line:
        for newest in updates(session, seconds):
            line.update(_how_it_goes(newest))


def _how_it_goes(newest: LiveUpdate) -> str:
    parts = [
        f"Recording {newest.recording.duration_s:6.1f} s",
        f"{newest.link.rate_hz:.0f} Hz",
        f"{newest.link.lost_frames} lost",
    ]
    if newest.blocks:
        left_n, right_n = newest.blocks[-1].loads.foot_force_n[-1]
        parts.append(f"left {left_n:4.0f} N, right {right_n:4.0f} N")
    if newest.link.state != "streaming":
        parts.append(newest.link.sentence)
    return " · ".join(parts)
