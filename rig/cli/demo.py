# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig demo`: the whole live path on a simulated person, seen or unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from rig.acquire.live import LiveSession
from rig.acquire.messages import SourceSpec
from rig.cli.checks import has_display
from rig.cli.dashboard import open_window
from rig.cli.live import (
    own_acquisition,
    start_recording,
    stop_recording,
    updates,
    wait_until_streaming,
)
from rig.cli.options import ForceOption
from rig.cli.outputs import say, whole_folder, write_json
from rig.errors import SolerigError

DEFAULT_SECONDS = 24.0
"""Stance, pony, and into the tapping: the picture shows a drill under way."""
PICTURE_SIZE = "1920x1080"
PICTURE_BEFORE_END_S = 5.0
"""So that the picture shows what is being recorded, though the window itself starts late."""
PICTURE_COUNTED = 5
"""So many repetitions are on the picture, however late the window starts; a demo shorter than usual may
see none, and does not wait for them."""
PICTURE_WAIT_S = 60.0
"""A cold start of Qt on a slow disk; design choice."""


def demo(
    out: Annotated[
        Path, typer.Option(help="Folder for what a headless demo leaves behind.")
    ] = Path("demo_output"),
    seconds: Annotated[
        float, typer.Option(min=2.0, max=3600.0, help="How long a headless demo records.")
    ] = DEFAULT_SECONDS,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: leave the recording and a picture.")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Show Solerig on a simulated person doing the drills; no hardware needed.

    With a display the window opens. Without one, or with --headless, the same path runs unseen and
    leaves recording/, recording.csv, summary.json and dashboard.png.
    """
    if not headless and has_display():
        raise typer.Exit(open_window(["--source", "simulated"]))
    console = Console(stderr=True, soft_wrap=True)
    if not headless:
        console.print("No display here, so the demo runs headless.")
    with whole_folder(out, force=force) as draft:
        _record(draft, seconds, console)
        summary = _derive(draft, console)
    say(
        console,
        f"{out}: {summary['frames']} frames, {summary['lost_frames']} lost, "
        f"{summary['repetition_count']} repetitions. Look at {out / 'dashboard.png'}.",
    )


def _record(draft: Path, seconds: float, console: Console) -> None:
    """The person moves, acquisition records, the real window watches and is photographed."""
    with (
        own_acquisition() as (session, environment),
        console.status("Recording the simulated person"),
    ):
        session.open_source(SourceSpec(kind="simulated"))
        wait_until_streaming(session, console)
        start_recording(session, draft / "recording")
        window = _start_window(draft / "dashboard.png", seconds, environment)
        try:
            for _ in updates(session, seconds):
                pass
            _await_picture(session, window, draft / "dashboard.png")
            stop_recording(session)
        finally:
            window.kill()
            window.communicate()


def _start_window(
    picture: Path, seconds: float, environment: dict[str, str]
) -> subprocess.Popen[str]:
    after_s = max(1.0, seconds - PICTURE_BEFORE_END_S)
    counted = PICTURE_COUNTED if seconds >= DEFAULT_SECONDS else 0
    arguments = ["--screenshot", str(picture), "--after", f"{after_s:g}", "--size", PICTURE_SIZE]
    arguments += ["--counted", f"{counted}"]
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", *arguments],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )


def _await_picture(session: LiveSession, window: subprocess.Popen[str], picture: Path) -> None:
    """Go on listening, and so recording, until the window has taken its picture."""
    for _ in updates(session, PICTURE_WAIT_S):
        if window.poll() is not None:
            break
    if picture.is_file():
        return
    window.kill()
    said = window.stderr.read() if window.stderr is not None else ""
    last = (said.strip().splitlines() or ["it did not answer"])[-1]
    raise SolerigError(
        f"The window could not be drawn ({last}). 'solerig doctor' says what is missing."
    )


def _derive(draft: Path, console: Console) -> dict[str, Any]:
    """Everything else comes from the recording, by the commands' own path."""
    from rig.analysis import analyse_recording, analysis_json
    from rig.export.csv import export_csv
    from rig.record.recording import Recording

    with console.status("Analysing and exporting"):
        recording = Recording.open(draft / "recording")
        export_csv(recording, draft / "recording.csv")
        summary = analysis_json(analyse_recording(recording))
        write_json(draft / "summary.json", summary)
    return summary
