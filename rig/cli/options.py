# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several commands share, said the same way everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from rig.errors import SettingsError
from rig.settings import BodyWeightSource, Participant, Side, body_weight_n

SideOption = Annotated[
    Side, typer.Option(help="Working foot: the one that taps, hops or is held first.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Replace what Solerig wrote there before.")
]
WeightOption = Annotated[
    float | None,
    typer.Option(
        "--weight",
        min=10.0,
        max=300.0,
        help="Body weight in kilograms, as the scales show it, clothed.",
    ),
]
ShoeOption = Annotated[float, typer.Option("--shoe", help="EU shoe size.")]
RecordingArgument = Annotated[
    Path, typer.Argument(help="A recording: the folder that holds wire.bin.")
]


def _known_drill(name: str | None) -> str | None:
    """Refuse a drill that is not there while the command is still being read."""
    from rig.drills.registry import check_drill_name

    try:
        return None if name is None else check_drill_name(name)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error


def _drill_names() -> list[str]:
    from rig.drills.registry import drill_names

    return [*drill_names(), "free"]


def drill_option(says: str) -> Any:
    """`--drill`: any drill that is installed, or free movement."""
    return typer.Option(
        help=f"{says} One of 'solerig drills list', or free.",
        metavar="NAME",
        callback=_known_drill,
        autocompletion=_drill_names,
    )


def participant(weight_kg: float | None, shoe_size_eu: float) -> Participant:
    """From what was typed; raises `SettingsError` for what cannot be."""
    weight_n = None if weight_kg is None else body_weight_n(weight_kg)
    source: BodyWeightSource = "unknown" if weight_kg is None else "typed"
    return Participant(body_weight_n=weight_n, body_weight_source=source, shoe_size_eu=shoe_size_eu)
