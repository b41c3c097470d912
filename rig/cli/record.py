# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig record`: a recording without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import SourceSpec
from rig.cli.live import (
    ended_gently,
    own_acquisition,
    source_spec,
    start_recording,
    stop_recording,
    updates,
    wait_until_streaming,
)
from rig.cli.options import ForceOption, ShoeOption, SideOption, WeightOption, participant
from rig.cli.outputs import refuse_unless_recording, room_for_recording
from rig.errors import RecordingError
from rig.record.recording import Recording
from rig.settings import DrillName, DrillSettings

SIMULATED_MASS_KG = 70.0
KINDS_THAT_KNOW_WHO_STANDS_THERE = ("simulated", "firmware", "recording")


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
    wishes = SourceSpec(
        rate_hz=rate,
        drill=drill,
        side=side,
        body_mass_kg=weight or SIMULATED_MASS_KG,
        shoe_size_eu=shoe,
    )
    spec = source_spec(source, wishes)
    person = participant(weight, shoe)
    refuse_unless_recording(out, force=force)
    with ended_gently(), own_acquisition() as (session, _):
        session.open_source(spec)
        wait_until_streaming(session, console)
        if spec.kind not in KINDS_THAT_KNOW_WHO_STANDS_THERE:
            session.change_participant(person)
            session.choose_drill(DrillSettings(drill, side))
        with room_for_recording(out):
            start_recording(session, out)
        try:
            _watch(session, seconds, console)
        except KeyboardInterrupt:
            console.print("Stopped by you.")
        newest = stop_recording(session)
    console.print(
        f"{out}: {_recorded_s(out):.1f} s recorded, {newest.link.lost_frames} frames lost. "
        f"Next: solerig analyse {out}"
    )


def _watch(session: LiveSession, seconds: float | None, console: Console) -> None:
    """Show how it goes until the time is over or the source has ended.

    Raises
    ------
    RecordingError
        Acquisition had to end the recording (the disk is full, say).
    """
    with console.status("Recording") as line:
        for newest in updates(session, seconds):
            line.update(_how_it_goes(newest))
            if not newest.recording.recording:
                raise RecordingError(
                    f"{newest.recording.sentence or 'The recording ended by itself.'} "
                    f"What was taken until then is in {newest.recording.folder}."
                )
            if newest.link.state == "ended":
                return


def _how_it_goes(newest: LiveUpdate) -> str:
    parts = [
        f"Recording {newest.recording.duration_s:6.1f} s",
        f"{newest.link.rate_hz:.0f} Hz",
        f"{newest.link.lost_frames} lost",
    ]
    loaded = [block.loads.foot_force_n for block in newest.blocks if len(block.loads)]
    if loaded:
        left_n, right_n = loaded[-1][-1]
        parts.append(f"left {left_n:4.0f} N, right {right_n:4.0f} N")
    if newest.link.state != "streaming":
        parts.append(newest.link.sentence)
    return " · ".join(parts)


def _recorded_s(out: Path) -> float:
    """From the first arrival to the last, as they stand on the disk."""
    arrivals = Recording.open(out).arrivals
    return float(arrivals[-1, 1] - arrivals[0, 1]) / 1e9 if len(arrivals) else 0.0
