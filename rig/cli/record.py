# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig record`: a recording without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import SimulatedRig, SourceSpec
from rig.calibrate import store
from rig.calibrate.calibration import Calibration
from rig.cli.keys import Keys
from rig.cli.live import (
    ended_gently,
    own_acquisition,
    source_spec,
    start_recording,
    stop_recording,
    updates,
    wait_until_streaming,
)
from rig.cli.options import (
    ForceOption,
    ShoeOption,
    SideOption,
    WeightOption,
    drill_option,
    participant,
)
from rig.cli.outputs import refuse_unless_recording, room_for_recording, say
from rig.cli.practice import ask_programme, caution, keep_sets
from rig.drills.profile import load_profile
from rig.drills.programme import cautions
from rig.errors import RecordingError, SettingsError
from rig.record.recording import Recording
from rig.settings import STANDARD_GRAVITY_M_S2, DrillName, DrillSettings, Participant

SIMULATED_MASS_KG = 70.0
SETTLING_S = 0.2
SAME_PERSON_WITHIN = 0.05
SIMULATED_FREE = "walking"
"""What a simulated person does in free movement."""
PLAYED_AS_IT_IS = (
    "A recording that is played keeps its own profile and participant. Judge it by another profile with "
    "'solerig analyse --profile', and put it into a programme with 'solerig programme add'."
)
KEYS_SAID = "Keys: M sets a marker, Q ends the recording, P stops everything for pain."
PAIN_SAID = "Stop. The pain is marked in the recording; practise no further until it is gone."
KINDS_THAT_KNOW_WHO_STANDS_THERE = ("simulated", "firmware", "recording")


def record(
    out: Annotated[Path, typer.Option(help="New folder for the recording.")],
    source: Annotated[
        str,
        typer.Option(help="auto, a port, a pyserial URL, simulated, firmware, or a recording."),
    ] = "auto",
    seconds: Annotated[
        float | None, typer.Option(min=0.5, help="How long; without it until Q or Ctrl-C.")
    ] = None,
    drill: Annotated[DrillName, drill_option("What will be done.")] = "stance",
    side: SideOption = "right",
    weight: WeightOption = None,
    shoe: ShoeOption = 42.0,
    rig: Annotated[
        SimulatedRig, typer.Option(help="With --source firmware: what its board is wired to.")
    ] = "insoles",
    rate: Annotated[int | None, typer.Option(min=50, help="Frames a second.")] = None,
    calibration: Annotated[
        str,
        typer.Option(
            help="kept (what is in force for this board), none, or a file of 'solerig calibrate'."
        ),
    ] = "kept",
    profile: Annotated[
        str | None,
        typer.Option(help="Profile that judges the drill (solerig drills profiles)."),
    ] = None,
    pseudonym: Annotated[
        str | None,
        typer.Option(
            "--participant",
            metavar="PSEUDONYM",
            help="Whose drill this is (a code such as P07, never a name): what their programme locks "
            "is refused, and the sets are put into it.",
        ),
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Record a drill that the programme locks, for research."),
    ] = False,
    force: ForceOption = False,
) -> None:
    """Record from a board (or a simulated person) into a folder, without a window."""
    console = Console(stderr=True, soft_wrap=True)
    wishes = SourceSpec(
        rate_hz=rate,
        drill=SIMULATED_FREE if drill == "free" else drill,
        side=side,
        body_mass_kg=weight or SIMULATED_MASS_KG,
        shoe_size_eu=shoe,
        rig=rig,
    )
    person = participant(weight, shoe)
    spec = source_spec(source, wishes)
    refuse_unless_recording(out, force=force)
    if spec.kind == "recording" and (profile or pseudonym):
        raise SettingsError(PLAYED_AS_IT_IS)
    chosen_drill = DrillSettings(drill, side, load_profile(profile or "default"))
    if pseudonym is not None:
        ask_programme(pseudonym, drill, side, console, anyway=anyway)
    elif spec.kind not in KINDS_THAT_KNOW_WHO_STANDS_THERE:
        caution(cautions(drill), console)
    with ended_gently(), own_acquisition() as (session, _):
        session.open_source(spec)
        wait_until_streaming(session, console)
        chosen = _choose_calibration(session, calibration, console)
        if spec.kind not in KINDS_THAT_KNOW_WHO_STANDS_THERE:
            session.change_participant(weighed(person, chosen, console))
        if spec.kind != "recording":
            session.choose_drill(chosen_drill)
        with room_for_recording(out):
            start_recording(session, out)
        try:
            with Keys() as keys:
                _watch(session, seconds, console, keys)
        except KeyboardInterrupt:
            console.print("Stopped by you.")
        newest = stop_recording(session)
    say(
        console,
        f"{out}: {_recorded_s(out):.1f} s recorded, {newest.link.lost_frames} frames lost. "
        f"Next: solerig analyse {out}",
    )
    if pseudonym is not None and spec.kind in KINDS_THAT_KNOW_WHO_STANDS_THERE:
        say(console, f"Nobody practised: nothing goes into the programme of {pseudonym}.")
    elif pseudonym is not None:
        say(console, keep_sets(pseudonym, Recording.open(out), anyway=False))


def _choose_calibration(session: LiveSession, choice: str, console: Console) -> Calibration:
    """Take what was chosen, and say what holds.

    Raises
    ------
    SettingsError
        Neither a known word nor a file of a calibration.
    """
    # what the board brought with it lies in the stream that is still being read
    for _ in updates(session, SETTLING_S):
        pass
    present = session.settings.calibration
    if choice == "none":
        chosen = Calibration(sensel_map=present.sensel_map)
    elif choice != "kept":
        chosen = replace(store.load_calibration(Path(choice)), sensel_map=present.sensel_map)
    else:
        chosen = present
    if chosen != present:
        session.change_calibration(chosen)
    for sentence in store.sentences(chosen, datetime.now(UTC).astimezone().date()):
        say(console, sentence)
    return chosen


def weighed(person: Participant, calibration: Calibration, console: Console) -> Participant:
    """With the visit check's weight where none was typed; a typed one that differs is remarked on."""
    visit_n = calibration.visit_weight_n
    if visit_n is None:
        return person
    visit_kg = visit_n / STANDARD_GRAVITY_M_S2
    if person.body_weight_n is None:
        console.print(f"Body weight {visit_kg:.1f} kg, from the visit check.")
        return replace(person, body_weight_n=visit_n, body_weight_source="typed")
    if abs(person.body_weight_n / visit_n - 1.0) > SAME_PERSON_WITHIN:
        console.print(
            f"[yellow]The visit check was with a person of {visit_kg:.1f} kg: its gains may be somebody "
            "else's. Make a visit check with this person, or record with --calibration none.[/]"
        )
    return person


def _watch(session: LiveSession, seconds: float | None, console: Console, keys: Keys) -> None:
    """Show how it goes until the time is over, a key says stop, or the source has ended.

    Raises
    ------
    RecordingError
        Acquisition had to end the recording (the disk is full, say).
    """
    if keys.possible:
        console.print(KEYS_SAID)
    with console.status("Recording") as line:
        for newest in updates(session, seconds):
            if _ends(session, keys.pressed(), console):
                return
            line.update(_how_it_goes(newest))
            if not newest.recording.recording:
                raise RecordingError(
                    f"{newest.recording.sentence or 'The recording ended by itself.'} "
                    f"What was taken until then is in {newest.recording.folder}."
                )
            if newest.link.state == "ended":
                return


def _ends(session: LiveSession, key: str, console: Console) -> bool:
    """Heed one key: m sets a marker; p says pain, and ends the recording as q does."""
    if key == "m":
        session.mark("marker")
    elif key == "p":
        session.mark("pain")
        console.print(PAIN_SAID)
    return key in ("p", "q")


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
