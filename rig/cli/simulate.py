# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig simulate`: a recording of a simulated person, with the truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from rig.cli.options import ForceOption, ShoeOption, SideOption
from rig.cli.outputs import say, whole_folder, write_json
from rig.errors import SettingsError
from rig.simulate.catalogue import APPLICABLE, MOTIONS, QUANTITY

if TYPE_CHECKING:
    from rig.simulate.behaviour import BehaviourFault

LONGEST_S = 4 * 3600.0
HIGHEST_RATE_HZ = 2000
USUAL_SIZE = 1.2


def _lists() -> str:
    """Every motion and every fault, for somebody who has never seen them."""
    motions = [f"{name}: {about}" for name, about in MOTIONS.items()]
    faults = [
        f"{code}: {about} (in {', '.join(d for d, codes in APPLICABLE.items() if code in codes)})"
        for code, about in QUANTITY.items()
    ]
    return "\n\n".join(["NAME is one of:", *motions, "CODE, with what SIZE measures:", *faults])


EPILOG = _lists()


def _fault(text: str) -> BehaviourFault:
    """CODE or CODE:SIZE; HEEL alone means that the heel bears load."""
    from rig.simulate.behaviour import BehaviourFault

    code, _, size = text.upper().strip().partition(":")
    if not code:
        raise SettingsError(
            "--fault needs the code of a fault, as in --fault HEEL; solerig simulate --help lists them."
        )
    try:
        wanted = float(size) if size else USUAL_SIZE
    except ValueError as error:
        raise SettingsError(
            f'"{text}" is no fault: after the colon comes a number, as in {code}:{USUAL_SIZE:g}.'
        ) from error
    return BehaviourFault("HEEL-LOAD" if code == "HEEL" else code, wanted)


def simulate(
    motion: Annotated[
        str,
        typer.Argument(metavar="NAME", help="What the simulated person does; the list is below."),
    ],
    out: Annotated[Path, typer.Option(help="New folder for the recording and its truth.")],
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE[:SIZE]",
            help="What goes wrong in about a third of the repetitions, 1.2 times beyond its limit or "
            "SIZE times; may be given more than once. Without any, a heel comes down now and then.",
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1.0, max=LONGEST_S, help="How long.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same person and same bytes.")] = 1,
    rate: Annotated[int, typer.Option(min=50, max=HIGHEST_RATE_HZ, help="Frames a second.")] = 1000,
    side: SideOption = "right",
    profile: Annotated[
        str,
        typer.Option(
            help="Profile that the recording asks to be judged by (solerig drills profiles); the truth "
            "is that of the default one."
        ),
    ] = "default",
    weight: Annotated[float, typer.Option(min=20.0, max=200.0, help="Body mass in kg.")] = 70.0,
    shoe: ShoeOption = 42.0,
    force: ForceOption = False,
) -> None:
    """Write a recording of a simulated person, with the truth of every contact in truth.json.

    truth_dense.npz beside it holds the true forces and centres of pressure at 1,000 Hz.
    """
    from rig.drills.profile import load_profile
    from rig.simulate.person import simulate_session
    from rig.simulate.recorded import write_session
    from rig.simulate.truth import truth_json, write_dense

    thresholds = load_profile(profile)
    behaviour = tuple(_fault(text) for text in fault or ())
    console = Console(stderr=True, soft_wrap=True)
    with whole_folder(out, force=force) as draft, console.status("Simulating"):
        session = simulate_session(
            motion=motion,
            seconds=seconds,
            seed=seed,
            rate_hz=rate,
            side=side,
            body_mass_kg=weight,
            shoe_size_eu=shoe,
            behaviour=behaviour,
        )
        write_session(draft, session, thresholds)
        write_json(draft / "truth.json", truth_json(session))
        write_dense(draft / "truth_dense.npz", session.truth)
    say(console, f"{out}: {seconds:g} s of {motion}, simulated, truth in truth.json")
