# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig dashboard`: the window, as a program of its own (`rig` never imports Qt)."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from rig.cli.checks import has_display
from rig.errors import SolerigError


def dashboard(
    source: Annotated[
        str | None,
        typer.Option(help="auto, simulated, firmware, a port, a pyserial URL or a recording."),
    ] = None,
) -> None:
    """Open the window; without --source it asks."""
    raise typer.Exit(open_window([] if source is None else ["--source", source]))


def open_window(arguments: list[str]) -> int:
    """Run the window until it is closed; its exit code."""
    if not has_display():
        raise SolerigError(
            "There is no display to open a window on. 'solerig demo --headless' and 'solerig record' "
            "work without one."
        )
    return subprocess.run([sys.executable, "-m", "dashboard", *arguments], check=False).returncode
