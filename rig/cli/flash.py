# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig flash`: put the firmware on the board, and hear from it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from rig.acquire.flash_run import flash_board
from rig.acquire.flashing import BoardName, RigName
from rig.wire.packets import RigKind

INSOLES_NEXT = "solerig doctor --board"
MAT_NEXT = "python hardware_schematics/check_mat.py"


def flash(
    board: Annotated[
        BoardName | None,
        typer.Option(help="Which board; without it the USB port is asked."),
    ] = None,
    rig: Annotated[RigName, typer.Option(help="What is wired to it.")] = "insoles",
    port: Annotated[
        str | None, typer.Option(help="Its port; without it the only likely one.")
    ] = None,
    old_bootloader: Annotated[
        bool, typer.Option("--old-bootloader", help="Only the old Nano's 57,600 baud.")
    ] = False,
    radio: Annotated[
        bool, typer.Option("--radio", help="For a serial radio module at 115,200 baud, 200 Hz.")
    ] = False,
) -> None:
    """Flash the firmware (compiled here, or the image that came along), then ask for its hello."""
    console = Console(soft_wrap=True)
    with console.status("Flashing"):
        hello = flash_board(
            board, rig, port, console.print, old_bootloader=old_bootloader, radio=radio
        )
    next_step = INSOLES_NEXT if hello.rig_kind == RigKind.INSOLES else MAT_NEXT
    console.print(
        f"[green]The board answers:[/] firmware {hello.firmware_version}, {hello.sensel_count} sensels, "
        f"{hello.scan_rate_hz} Hz. Next: {next_step}"
    )
