# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig calibrate`: bench and stances by staff, the visit check by the participant."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rig.calibrate import store
from rig.calibrate.bench import BENCH_LOADS_N
from rig.calibrate.bench_run import bench_state, check_loads
from rig.calibrate.calibration import Calibration
from rig.calibrate.insole_calibration import (
    expired_days,
    expiry_sentence,
    with_insole,
)
from rig.calibrate.region_gains import (
    LOADED_WAIT_S,
    STANCES,
    solve_region_gains,
    stance_from_counts,
)
from rig.calibrate.standing_run import (
    Counts,
    StandingState,
    StepName,
    stance_steps,
    visit_steps,
)
from rig.calibrate.visit_check import (
    single_leg_rows,
    visit_check,
)
from rig.cli.board_check import asked_sensels
from rig.cli.calibrate_keep import BenchKeeper, keep_insole, keep_visit, newest, today
from rig.cli.calibrate_rehearsal import rehearse_bench, rehearse_stances, rehearse_visit
from rig.cli.calibrate_walks import (
    opened,
    run_bench,
    run_standing,
    started_calibration,
)
from rig.cli.options import ShoeOption
from rig.cli.outputs import refuse_unwritable, say
from rig.errors import SettingsError
from rig.layout import Foot, foot_length_mm
from rig.settings import body_weight_n

SourceOption = Annotated[
    str, typer.Option(help="auto, a port, a pyserial URL, simulated, firmware, or a recording.")
]
InsoleOption = Annotated[
    str | None,
    typer.Option("--insole", help="What is written on the insoles; without it the board's own id."),
]
LEAST_KG, MOST_KG = 10.0, 300.0
WeightOption = Annotated[
    float | None,
    typer.Option(
        "--weight",
        min=LEAST_KG,
        max=MOST_KG,
        help="Body weight in kilograms, as the scales show it, clothed; asked for where it is left out.",
    ),
]
WaitOption = Annotated[
    float,
    typer.Option("--wait", min=0.0, max=120.0, help="Seconds on both feet before it begins."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Write the calibration there too ('solerig record' takes it)."),
]

app = typer.Typer(
    name="calibrate",
    no_args_is_help=True,
    help="Calibrate insoles (bench, stances: staff, every 30 days); check them at each visit (visit).",
)


@app.command()
def bench(
    source: SourceOption = "auto",
    insole: InsoleOption = None,
    sensors: Annotated[
        str, typer.Option(help="Only these, such as L_HB,R_MT1; without it all of both feet.")
    ] = "",
    loads: Annotated[
        str, typer.Option(help="Weights in newtons, puck included, with commas between them.")
    ] = ",".join(f"{load_n:g}" for load_n in BENCH_LOADS_N),
    out: OutOption = None,
) -> None:
    """Known weights on one sensor after the other. May be left early and gone on with later."""
    console = Console(stderr=True, soft_wrap=True)
    asked = asked_sensels("both", [name.strip() for name in sensors.split(",") if name.strip()])
    loads_n = _loads(loads)
    refuse_unwritable(out)
    with opened(source, lambda folder: rehearse_bench(folder, asked, loads_n)) as live:
        base, before = started_calibration(live), newest(insole, live)
        state = bench_state(asked, live.hello, base.mux_ohm, base.sensel_map, loads_n)
        console.print(
            "Lay the weights through a soft puck of 12 mm that covers the sensor and nothing else. "
            "Begin with nothing on the insoles."
        )
        keeper = BenchKeeper(before, base, out, live.rehearsal)
        try:
            run_bench(live, state, console, keeper.keep)
        finally:
            keeper.tell(console)


@app.command()
def stances(
    weight: WeightOption = None,
    source: SourceOption = "auto",
    insole: InsoleOption = None,
    shoe: ShoeOption = 42.0,
    wait: WaitOption = LOADED_WAIT_S,
    out: OutOption = None,
) -> None:
    """Heel, flat, ball and toe stance: how much of the load each region's sensors catch."""
    console = Console(stderr=True, soft_wrap=True)
    refuse_unwritable(out)
    weight_n, length_mm = _weight_n(weight), foot_length_mm(shoe)
    with opened(
        source,
        lambda folder: rehearse_stances(folder, weight_n, length_mm, wait),
    ) as live:
        base, before, hello = started_calibration(live), newest(insole, live), live.hello

        def judge(name: StepName, counts: Counts, tared: Calibration) -> None:
            if name in STANCES:
                stance_from_counts(name, counts, hello, tared, length_mm)

        state = StandingState(
            stance_steps(wait), hello, with_insole(base, before), length_mm, weight_n, judge
        )
        ended = run_standing(live, state, console)
    if ended is None:
        console.print("Stopped by you; nothing was changed.")
        return
    taken = [
        stance_from_counts(name, ended.frames_of(name), hello, ended.calibration, length_mm)
        for name in STANCES
    ]
    after = replace(
        before,
        made_on=before.made_on if before.curves else today().isoformat(),
        region=solve_region_gains(taken, weight_n),
        stance_weight_n=weight_n,
        stance_weight_source="typed",
    )
    keep_insole(after, base, console, out, rehearsal=live.rehearsal)


@app.command()
def visit(
    weight: WeightOption = None,
    source: SourceOption = "auto",
    insole: InsoleOption = None,
    shoe: ShoeOption = 42.0,
    wait: WaitOption = LOADED_WAIT_S,
    single_leg: Annotated[
        bool, typer.Option("--single-leg", help="Stand on each leg too: never ask a frail person.")
    ] = False,
    out: OutOption = None,
) -> None:
    """Tare seated, then ten seconds of shifting from foot to foot: both feet's gains for today."""
    console = Console(stderr=True, soft_wrap=True)
    refuse_unwritable(out)
    weight_n, length_mm = _weight_n(weight), foot_length_mm(shoe)
    with opened(
        source,
        lambda folder: rehearse_visit(folder, weight_n, length_mm, wait, single_leg=single_leg),
    ) as live:
        base, before, hello = started_calibration(live), newest(insole, live), live.hello
        stored = base
        if before.version:
            stored = with_insole(base, before)
            if warning := expiry_sentence(before, store.renewals(before), today()):
                say(console, "", before=warning, style="yellow")

        def judge(name: StepName, counts: Counts, tared: Calibration) -> None:
            if name == "shift":
                visit_check(counts, hello, tared, weight_n, length_mm, first_side=Foot.LEFT)
            else:
                foot = Foot.LEFT if name == "left leg" else Foot.RIGHT
                single_leg_rows(counts, hello, tared, length_mm, foot)

        steps = visit_steps(wait, with_single_leg=single_leg)
        state = StandingState(steps, hello, stored, length_mm, weight_n, judge)
        ended = run_standing(live, state, console)
    if ended is None:
        console.print("Stopped by you; nothing was changed.")
        return
    found = visit_check(
        ended.frames_of("shift"),
        hello,
        ended.calibration,
        weight_n,
        length_mm,
        first_side=Foot.LEFT,
        single_leg_counts=[counts for name, counts in ended.taken if name != "shift"],
    )
    keep_visit(ended.calibration, found, console, out, rehearsal=live.rehearsal)


@app.command()
def show() -> None:
    """What is calibrated, what is in force for each board, and what has run out."""
    console = Console(soft_wrap=True)
    table = Table("insoles", "calibrated", "sensors", "verdict", "holds", box=None)
    for name in store.insole_names():
        for version in store.insole_versions(name):
            days = expired_days(version, store.renewals(version), today())
            holds = "yes" if days == 0 else f"ran out {days} days ago"
            table.add_row(name, version.made_on, f"{len(version.curves)}", version.verdict, holds)
    console.print(table if table.row_count else "No insoles were calibrated on this computer yet.")
    for board in store.boards():
        kept = store.in_force(board)
        if kept is not None:
            words = " ".join(store.sentences(kept, today())) or "its sensor curves and gains"
            say(console, f"Board {board}: {words}")


@app.command()
def forget(
    board: Annotated[str, typer.Argument(help="The board's id, as 'calibrate show' prints it.")],
) -> None:
    """Read a board with default gains again; what was calibrated stays on disk."""
    console = Console(stderr=True, soft_wrap=True)
    if not store.forget_in_force(board):
        raise SettingsError(
            f"No calibration was in force for board {board}; 'solerig calibrate show' lists the boards."
        )
    say(console, f"Board {board} is read with default gains from now on.")


def _loads(text: str) -> tuple[float, ...]:
    try:
        loads_n = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise SettingsError(
            f"'{text}' are no weights: give newtons with commas between them, such as 2,5,10,20."
        ) from error
    check_loads(loads_n)
    return loads_n


def _weight_n(weight_kg: float | None) -> float:
    """Newtons; asked for where somebody sits at the terminal.

    Raises
    ------
    SettingsError
        Nobody there to ask, or a weight that nobody has.
    """
    if weight_kg is not None:
        return body_weight_n(weight_kg)
    if not sys.stdin.isatty():
        raise SettingsError("--weight is needed: the body weight in kilograms, clothed.")
    question = "Body weight in kilograms, as the scales show it, clothed"
    typed_kg: float = typer.prompt(question, type=float)
    if not LEAST_KG <= typed_kg <= MOST_KG:
        raise SettingsError(f"A body weight is {LEAST_KG:g} to {MOST_KG:g} kg, not {typed_kg:g}.")
    return body_weight_n(typed_kg)
