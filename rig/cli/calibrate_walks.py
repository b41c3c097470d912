# SPDX-License-Identifier: GPL-3.0-or-later
"""What the calibration commands show while frames come in, and the loops over them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.status import Status

from rig.acquire.client import AcquisitionClient
from rig.acquire.raw_frames import RawFrames
from rig.acquire.sensel_maps import load_map
from rig.calibrate.bench_run import (
    BenchEvent,
    BenchState,
    Fitted,
    Holding,
    LayOn,
    Passed,
    Refusal,
    bench_run,
)
from rig.calibrate.calibration import Calibration
from rig.calibrate.divider import check_front_end, divider
from rig.calibrate.region_gains import STANCE_WORDS, STANCES
from rig.calibrate.standing_run import (
    Again,
    Began,
    Counts,
    Ended,
    GivenUp,
    StandingEvent,
    StandingState,
    Step,
    StepName,
    Took,
    standing_run,
)
from rig.cli.live import HELLO_WAIT_S, source_spec
from rig.cli.quit_key import QuitKey
from rig.errors import LinkError, SolerigError
from rig.layout.foot_picture import SENSEL_NAMES, sensel_words
from rig.wire.frames import FrameBlock
from rig.wire.packets import Hello

REHEARSALS = ("simulated", "firmware", "recording")
"""Kinds of source behind which no board is plugged in: what they give is kept nowhere."""
STEP_WORDS: dict[StepName, str] = {
    "tare": "Sit down and lift both feet, shoes laced, for two seconds.",
    "load": "Stand up on both insoles. Hold on to something with your fingertips if you like.",
    "shift": (
        "Shift your weight gently from foot to foot for ten seconds, both feet on the ground: a moment "
        "in the middle, then to the LEFT first, about two thirds of your weight, then right, and so on."
    ),
    "left leg": "Stand on the left leg alone for three seconds, holding on.",
    "right leg": "Stand on the right leg alone for three seconds, holding on.",
}
WAY_WORDS = {
    "up": "Bring the load to",
    "down": "Take weight off, down to",
    "again": "Take all off, wait a moment, then lay on",
}


@dataclass(slots=True)
class Opened:
    """A source from which frames come; `early` came before anybody asked for them."""

    frames: RawFrames
    hello: Hello
    rehearsal: bool
    early: list[FrameBlock]

    @property
    def board_id(self) -> str:
        return f"{self.hello.unique_id:08x}"


@contextmanager
def opened(source: str, rehearse: Callable[[Path], None]) -> Iterator[Opened]:
    """Raw frames of the source, through an acquisition process of its own.

    Parameters
    ----------
    rehearse
        Writes the recording that stands in for a person when `source` is "simulated".
    """
    spec = source_spec(source)
    with tempfile.TemporaryDirectory(prefix="solerig-", ignore_cleanup_errors=True) as place:
        played = spec
        if spec.kind == "simulated":
            rehearse(Path(place) / "walk")
            played = source_spec(str(Path(place) / "walk"))
        elif spec.kind == "recording":
            played = replace(spec, speed=0.0)
        client = AcquisitionClient.start(Path(place) / "runtime")
        frames = RawFrames(client)
        try:
            frames.open_source(played)
            hello, early = _first_frames(frames)
            check_front_end(hello)
            yield Opened(frames, hello, spec.kind in REHEARSALS, early)
        finally:
            frames.close()
            client.shutdown()
            client.close()


def _first_frames(frames: RawFrames) -> tuple[Hello, list[FrameBlock]]:
    """The hello, and what came until it was known: of a recording no frame may be missed."""
    early: list[FrameBlock] = []
    until_s = time.monotonic() + HELLO_WAIT_S
    while time.monotonic() < until_s:
        early += frames.poll()
        if frames.link.hello is not None and early:
            return frames.link.hello, early
    raise LinkError(frames.link.sentence or "No data came. Run 'solerig doctor'.")


def started_calibration(source: Opened) -> Calibration:
    """What a calibration begins with: the board's sensor map, and no gains."""
    if source.rehearsal:
        return Calibration(board_id=source.board_id)
    return Calibration(board_id=source.board_id, sensel_map=load_map(source.hello.unique_id))


def run_standing(source: Opened, state: StandingState, console: Console) -> StandingState | None:
    """The state at the end; None when somebody quit early.

    Raises
    ------
    SolerigError
        A measurement that did not work out, or a recording that ended before the walk.
    """
    with console.status("") as line, QuitKey() as quit_key:
        for counts in _counts(source, quit_key):
            state, events = standing_run(state, counts)
            for event in events:
                _say_standing(event, console)
            line.update(_standing_line(state))
            if state.is_over:
                return state
    if source.frames.link.state != "ended":
        return None
    raise SolerigError("The data ended before the walk did, so nothing was calibrated.")


def run_bench(
    source: Opened, state: BenchState, console: Console, keep: Callable[[Fitted], None]
) -> BenchState:
    """Bench until its end, or until somebody quits; `keep` hears of each curve at once."""
    with console.status("") as line, QuitKey() as quit_key:
        for counts in _counts(source, quit_key):
            state, events = bench_run(state, counts)
            for event in events:
                _say_bench(event, console)
                if isinstance(event, Fitted):
                    keep(event)
            if state.is_over:
                break
            _show_reading(state, line)
    return state


def _counts(source: Opened, quit_key: QuitKey) -> Iterator[Counts]:
    early, source.early = source.early, []
    for block in early:
        yield block.counts
    while not quit_key.pressed():
        blocks = source.frames.poll()
        for block in blocks:
            yield block.counts
        if source.frames.link.state == "ended" and not blocks:
            return


def step_words(step: Step) -> str:
    """What the person is to do now."""
    words = STANCE_WORDS[step.name] if step.name in STANCES else STEP_WORDS[step.name]
    if step.settle_s < 1.0 or step.name in ("left leg", "right leg"):
        return words
    return (
        f"{words} (It begins in {step.settle_s:.0f} s: under a new load the sensors creep, so keep both "
        "feet loaded until then.)"
    )


def _say_standing(event: StandingEvent, console: Console) -> None:
    match event:
        case Began(step):
            console.print(step_words(step))
        case Took(step):
            console.print(f"   Now: {step.name}, {step.seconds:.0f} s.")
        case Again(_, reason):
            console.print(f"   [yellow]{reason}[/]")
        case GivenUp(_, reason):
            raise SolerigError(f"{reason} Nothing was changed.")
        case Ended():
            console.print("All was taken.")


def _standing_line(state: StandingState) -> str:
    return f"{state.step.name}: {100 * state.progress:.0f} % (q quits)"


def _say_bench(event: BenchEvent, console: Console) -> None:
    match event:
        case LayOn(sensel, load_n, way):
            where = f"{sensel_words(sensel)}: " if way == "up" else ""
            grams = load_n / 9.80665 * 1000.0
            console.print(f"{where}{WAY_WORDS[way]} {load_n:g} N ({grams:.0f} g, puck included).")
        case Holding():
            console.print("   Leave it alone for five seconds.")
        case Refusal(_, reason):
            console.print(f"   [yellow]{reason}[/]")
        case Passed(_, reason):
            console.print(f"   [red]Left out: {reason}[/]")
        case Fitted(curve):
            console.print(
                f"   [green]{SENSEL_NAMES[curve.sensel]}[/]: strays {100 * curve.residual_sd:.1f} %, "
                f"hysteresis {100 * curve.hysteresis:.0f} %."
            )


def _show_reading(state: BenchState, line: Status) -> None:
    conductance_us = float(divider(state.reading, state.hello, state.mux_ohm))
    near_n = conductance_us / Calibration().fsr_k_us
    line.update(
        f"{SENSEL_NAMES[state.asked[state.place]]} reads {state.reading:.0f} counts, near "
        f"{near_n:.1f} N (q quits; what is done stays)"
    )
