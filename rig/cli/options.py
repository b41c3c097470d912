# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several commands share, said the same way everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def participant(weight_kg: float | None, shoe_size_eu: float) -> Participant:
    """From what was typed; raises `SettingsError` for what cannot be."""
    weight_n = None if weight_kg is None else body_weight_n(weight_kg)
    source: BodyWeightSource = "unknown" if weight_kg is None else "typed"
    return Participant(body_weight_n=weight_n, body_weight_source=source, shoe_size_eu=shoe_size_eu)
