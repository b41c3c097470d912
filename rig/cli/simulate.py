# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig simulate`: a recording of a simulated person, with the truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rig.cli.options import ForceOption, ShoeOption, SideOption
from rig.cli.outputs import whole_folder, write_json
from rig.settings import DrillName

LONGEST_S = 4 * 3600.0
HIGHEST_RATE_HZ = 2000


def simulate(
    drill: Annotated[DrillName, typer.Argument(help="What the simulated person does.")],
    out: Annotated[Path, typer.Option(help="New folder for the recording and truth.json.")],
    seconds: Annotated[float, typer.Option(min=1.0, max=LONGEST_S, help="How long.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same person and same bytes.")] = 1,
    rate: Annotated[int, typer.Option(min=50, max=HIGHEST_RATE_HZ, help="Frames a second.")] = 1000,
    side: SideOption = "right",
    weight: Annotated[float, typer.Option(min=20.0, max=200.0, help="Body mass in kg.")] = 70.0,
    shoe: ShoeOption = 42.0,
    force: ForceOption = False,
) -> None:
    """Write a recording of a simulated person, and the truth of every contact in truth.json."""
    from rig.simulate.person import simulate_session
    from rig.simulate.recorded import write_session
    from rig.simulate.truth import truth_json

    console = Console(stderr=True, soft_wrap=True)
    with whole_folder(out, force=force) as draft, console.status("Simulating"):
        session = simulate_session(
            drill=drill,
            seconds=seconds,
            seed=seed,
            rate_hz=rate,
            side=side,
            body_mass_kg=weight,
            shoe_size_eu=shoe,
        )
        write_session(draft, session)
        write_json(draft / "truth.json", truth_json(session))
    console.print(f"{out}: {seconds:g} s of {drill}, simulated, truth in truth.json")
