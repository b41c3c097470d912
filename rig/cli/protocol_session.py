# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a balance test on a live source: frames and keys in, cues and recordings out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import SourceSpec
from rig.balance.history import Visit, earlier_values
from rig.balance.norms import Norm, matching_norms, norm_json
from rig.balance.protocol import Protocol
from rig.balance.run_state import Cue, Key, Run, seen
from rig.balance.runner import begin, press, take
from rig.balance.summary import summary, summary_csv
from rig.balance.target import lean_now
from rig.balance.trial import Person
from rig.balance.voice import Voice
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
from rig.cli.options import participant
from rig.cli.outputs import RECORDING_FILES, write_json
from rig.cli.protocol_rehearsal import rehearsal_said, rehearsed_motion
from rig.cli.record import KINDS_THAT_KNOW_WHO_STANDS_THERE, SIMULATED_MASS_KG
from rig.contact.load_stage import participant_foot_length_mm
from rig.errors import LinkError, SettingsError
from rig.settings import DrillSettings, Side

KEYS: dict[str, Key] = {
    "e": "eyes_opened",
    "a": "arms_moved",
    "s": "stopped",
    "d": "discard",
    "m": "mark",
    "q": "quit",
}
KEYS_SAID = (
    "SPACE goes on · e eyes opened · a arms moved · s stop · d discard the last trial · m mark · "
    "q quit"
)
SIMULATED = ("simulated", "firmware")
MARKING_KEYS = ("eyes_opened", "arms_moved", "stopped", "mark")
BELL_CUES = ("start", "ten_seconds_left", "end")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    protocol: Protocol
    out: Path
    source: str
    weight_kg: float | None
    shoe_size_eu: float
    side: Side
    height_mm: float | None
    age_years: float | None
    seed: int | None
    floor_velocity_mm_s: float | None
    speak: bool
    auto_start: bool
    force: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What may stand beside this test's values: others' and the person's own of earlier visits."""

    norms: Sequence[Norm] = ()
    visits: Sequence[Visit] = ()


@dataclass(slots=True)
class _Teller:
    """Cues for eyes and ears, and marks of them for whoever opens the recording."""

    console: Console
    voice: Voice | None
    session: LiveSession

    def tell(self, cues: Sequence[Cue]) -> None:
        for cue in cues:
            loud = cue.kind in BELL_CUES
            self.console.print(f"[bold]{cue.says}[/]" if loud else cue.says)
            if loud and self.console.is_terminal:
                self.console.bell()
            if loud:
                self.session.mark(f"cue: {cue.kind}")
        if self.voice is not None:
            self.voice.tell(cues)


@dataclass(slots=True)
class _Recordings:
    """One recording a trial, from the person's start key to the trial's end."""

    session: LiveSession
    out: Path
    current: Path | None = None
    folders: list[str] = field(default_factory=list)

    def follow(self, run: Run) -> None:
        """Record while a trial is under way."""
        under_way = run.phase in ("settling", "lifting", "measuring")
        if under_way and self.current is None and run.next_up is not None:
            condition, number, practice = run.next_up
            kind = "practice" if practice else "trial"
            stem = f"{len(run.trials) + 1:02d}-{condition.key}-{kind}-{number}"
            self.current = self._unused(stem)
            start_recording(self.session, self.current)
        elif not under_way and self.current is not None:
            self.stop(len(run.trials))

    def stop(self, trials: int) -> None:
        """Close it; a trial that was given up before its clock ran leaves none."""
        if self.current is None:
            return
        stop_recording(self.session)
        if len(self.folders) < trials:
            self.folders.append(self.current.name)
        else:
            shutil.rmtree(self.current)
        self.current = None

    def _unused(self, stem: str) -> Path:
        """A folder of an earlier run with --force makes room if it is a recording and nothing else."""
        folder = self.out / stem
        if folder.is_dir():
            foreign = [e.name for e in folder.iterdir() if e.name not in RECORDING_FILES]
            if foreign:
                raise SettingsError(f"{folder} holds {foreign[0]}; choose another --out.")
            shutil.rmtree(folder)
        return folder


def run_protocol(asked: Asked, beside: Beside, console: Console) -> dict[str, Any]:
    """Guide through the test and write what came of it; the summary comes back.

    Raises
    ------
    LinkError
        The link ended in the middle; what was done until then is kept and written.
    SettingsError
        Nobody can press a key, or the protocol needs something that is not known.
    """
    person = participant(asked.weight_kg, asked.shoe_size_eu)
    known = Person(participant_foot_length_mm(person), asked.height_mm, asked.age_years)
    begin(asked.protocol, known)  # refuses before a board is opened
    voice = Voice() if asked.speak else None
    spec = source_spec(asked.source, _wishes(asked))
    with Keys() as keys, ended_gently(), own_acquisition() as (session, _):
        if not (keys.possible or asked.auto_start):
            raise SettingsError(
                "No keyboard: start 'solerig protocol run' in a terminal of its own."
            )
        session.open_source(spec)
        wait_until_streaming(session, console)
        if spec.kind not in KINDS_THAT_KNOW_WHO_STANDS_THERE:
            session.change_participant(person)
        if spec.kind != "recording":
            session.choose_drill(DrillSettings("stance", asked.side))
        rehearsed = spec.drill if spec.kind in SIMULATED else None
        if rehearsed is not None:
            console.print(rehearsal_said(asked.protocol, rehearsed))
        console.print(KEYS_SAID)
        teller = _Teller(console, voice, session)
        recordings = _Recordings(session, asked.out)
        asked.out.mkdir(parents=True, exist_ok=True)
        run, lost = _loop(asked, known, session, keys, teller, recordings)
    content = written(asked.out, run, recordings.folders, beside, rehearsed)
    if lost:
        raise LinkError(f"{lost} What was done until then is in {asked.out}.")
    return content


def _wishes(asked: Asked) -> SourceSpec:
    motion, side = rehearsed_motion(asked.protocol, asked.side)
    return SourceSpec(
        drill=motion,
        side=side,
        body_mass_kg=asked.weight_kg or SIMULATED_MASS_KG,
        shoe_size_eu=asked.shoe_size_eu,
    )


def _loop(
    asked: Asked,
    person: Person,
    session: LiveSession,
    keys: Keys,
    teller: _Teller,
    recordings: _Recordings,
) -> tuple[Run, str]:
    """Until the test is over; the run, and why the link ended if it did."""
    run, cues = begin(asked.protocol, person, asked.seed, asked.floor_velocity_mm_s)
    teller.tell(cues)
    lost = ""
    try:
        with teller.console.status("") as line:
            for newest in updates(session, None):
                lost = _lost(newest)
                if lost:
                    break
                run = _take_all(run, newest, teller)
                run = _keys(run, keys.pressed(), teller, auto_start=asked.auto_start)
                recordings.follow(run)
                line.update(_how_it_goes(run))
                if run.phase == "done":
                    break
    except KeyboardInterrupt:
        run, cues = press(run, "quit")
        teller.tell(cues)
    recordings.stop(len(run.trials))
    return run, lost


def _how_it_goes(run: Run) -> str:
    """What may be seen while a trial runs: the time, and nothing of the CoP but while leaning."""
    if run.phase in ("spotter", "ready"):
        return "SPACE: spotter ready" if run.phase == "spotter" else "SPACE: start"
    left_s = run.seconds_left
    text = run.phase if left_s is None else f"{left_s:.0f} s left"
    lean = lean_now(run)
    return text if lean is None else f"{text} · {lean.along_percent:.0f} % of the way"


def _take_all(run: Run, newest: LiveUpdate, teller: _Teller) -> Run:
    for block in newest.blocks:
        run, cues = take(run, seen(block.loads, block.contact))
        teller.tell(cues)
    return run


def _keys(run: Run, pressed: str, teller: _Teller, *, auto_start: bool) -> Run:
    key = KEYS.get(pressed)
    if pressed == " " or (auto_start and not pressed):
        key = "spotter_ready" if run.phase == "spotter" else "start"
    if key is None:
        return run
    if key in MARKING_KEYS and run.phase in ("settling", "lifting", "measuring"):
        teller.session.mark(key)
    run, cues = press(run, key)
    teller.tell(cues)
    return run


def _lost(newest: LiveUpdate) -> str:
    """Why no more frames come that belong to this test."""
    if newest.stream_restarted:
        return "The stream began anew in the middle of the test."
    if newest.link.state in ("ended", "refused"):
        return newest.link.sentence or "The source came to its end."
    return ""


def written(
    out: Path, run: Run, folders: Sequence[str], beside: Beside, rehearsed: str | None = None
) -> dict[str, Any]:
    """Write summary.json and summary.csv; the content of the first.

    `rehearsed` is the motion of a simulated person, which the summary keeps: nobody stood there.
    What was measured is on the disk before anything of others or of earlier visits is looked at.
    """
    content = summary(run)
    for trial, folder in zip(content["trials"], folders, strict=False):
        trial["recording"] = folder
    content["date"] = datetime.now().astimezone().isoformat(timespec="seconds")
    content |= {"simulated": rehearsed, "norms": [], "history": []}
    write_json(out / "summary.json", content)
    (out / "summary.csv").write_text(summary_csv(run), encoding="utf-8")
    content["norms"] = _norms(run, beside.norms)
    content["history"] = [entry.to_json() for entry in earlier_values(beside.visits, content)]
    write_json(out / "summary.json", content)
    return content


def _norms(run: Run, norms: Sequence[Norm]) -> list[dict[str, Any]]:
    """Footnotes, each once, with the conditions of this test that it stands beside."""
    found: dict[str, dict[str, Any]] = {}
    for condition in run.protocol.conditions:
        for norm, band in matching_norms(norms, run.protocol, condition.key, run.person.age_years):
            note = found.setdefault(norm.key, {**norm_json(norm, band), "conditions": []})
            note["conditions"].append(condition.key)
    return list(found.values())
