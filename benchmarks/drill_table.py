# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills against simulated people: repetitions, and each fault by how far it is beyond its threshold.

    python -m benchmarks.drill_table [--levels default:3 hard:1] [--first-seed 10000] [--processes 2]
                                     [--out PAGE]

Sessions are judged by the truth of the simulator, which shares no code with the drills. A repetition of
the truth counts towards recall where its own size is 1.1 or more, and towards false alarms where it has
no such fault in a session that was asked for 0.8.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from textwrap import wrap

import numpy as np

from rig.analysis import Analysis, analyse
from rig.batch import WholeStream
from rig.calibrate.calibration import Calibration
from rig.drills.repetitions import Repetition
from rig.pipeline import PipelineSettings
from rig.settings import DRILL_NAMES, SIDES, DrillName, DrillSettings, Side
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.catalogue import APPLICABLE
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.person import SimulatedPerson, SimulatedSession, simulate_session
from rig.simulate.sensors import BASIC_FAULTS, HARD_SET, NO_FAULTS, SensorFaults
from rig.simulate.truth_model import TrueRepetition

SIZES = (0.8, 1.2)
SHARE = 0.5
MASS_KG, SHOE_SIZE_EU = 70.0, 42.0
SECONDS: dict[str, float] = {"stance": 45.0}
USUAL_SECONDS = 20.0
LATE_SECONDS = 26.0
"""Faults relative to the person's own need twelve repetitions before them."""
LATE = {("hopping", "HOP-UP"), ("running-lunge", "DRIVE")}
SET_CODES = {"ASYM", "RHYTHM", "STUMBLE", "PUT-DOWN"}
LEVELS: dict[str, SensorFaults] = {"none": NO_FAULTS, "default": BASIC_FAULTS, "hard": HARD_SET}


@dataclass(frozen=True, slots=True)
class Job:
    """What one cell is made of."""

    level: str
    drill: DrillName
    code: str
    subjects: int
    first_seed: int


@dataclass(slots=True)
class Cell:
    """Counts of one fault of one drill at one level."""

    asked: int = 0
    found: int = 0
    spared: int = 0
    alarmed: int = 0
    sets: int = 0
    exact: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.asked if self.asked else math.nan

    @property
    def alarms(self) -> float:
        return self.alarmed / self.spared if self.spared else math.nan


def analysed(session: SimulatedSession) -> Analysis:
    """A session through the whole pipeline, with its own calibration."""
    arrivals = np.array([[len(session.stream), 10**10]], np.int64)
    drill = DrillSettings(session.drill, session.side)
    settings = PipelineSettings(session.participant, session.calibration, drill)
    return analyse(WholeStream(session.stream, arrivals, settings, session.hello))


def code_of(asked: str) -> str:
    """The rule's code of a behaviour: kiss and load are grades of HEEL."""
    return "HEEL" if asked.startswith("HEEL-") and asked != "HEEL-FIRST" else asked


def matched(
    true: Iterable[TrueRepetition], found: Iterable[Repetition]
) -> list[tuple[TrueRepetition, Repetition | None]]:
    """Each true repetition with the one that ended on the same side within 80 ms, if any."""
    rest = list(found)
    pairs: list[tuple[TrueRepetition, Repetition | None]] = []
    for one in true:
        at_s = math.inf if one.end_s is None else one.end_s
        near = [r for r in rest if r.side == one.side and abs(r.end_s - at_s) < 0.080]
        if near:
            rest.remove(near[0])
        pairs.append((one, near[0] if near else None))
    return pairs


def judge_session(cell: Cell, session: SimulatedSession, asked: BehaviourFault, name: str) -> None:
    """Add one session to a cell."""
    analysis = analysed(session)
    code, truth = code_of(asked.code), session.truth
    cell.sets += 1
    true = [r for r in truth.repetitions if r.end_s is not None]
    last_s = float(truth.t_s[-1])
    decided = [r for r in true if r.end_s is not None and r.end_s < last_s - 0.2]
    if len(decided) <= len(analysis.repetitions) <= len(true):
        cell.exact += 1
    else:
        cell.misses.append(f"{name}: {len(analysis.repetitions)} repetitions, true {len(true)}")
    if asked.code in SET_CODES:
        _judge_set(cell, code, session, analysis, name)
        return
    for one, found in matched(decided, analysis.repetitions):
        if found is None or code in one.not_judged:
            continue
        truly = [f for f in one.faults if f.code == code]
        seen = [f for f in found.faults if f.code == code]
        if asked.code == "HEEL-LOAD":
            truly = [f for f in truly if f.numbers["grade"] == 2.0]
            seen = [f for f in seen if f.numbers["grade"] == 2.0]
        if truly and truly[0].size >= 1.1:
            cell.asked += 1
            cell.found += bool(seen)
            if not seen:
                what = f"{name} at {one.end_s:.2f} s: {truly[0].size:.2f} {truly[0].numbers}"
                cell.misses.append(f"missed {what} not judged {found.not_judged}")
        elif not truly and asked.size < 1.0:
            cell.spared += 1
            cell.alarmed += bool(seen)
            if seen:
                cell.misses.append(
                    f"alarm {name} at {one.end_s:.2f} s: {seen[0].size:.2f} {seen[0].numbers}"
                )


def _judge_set(
    cell: Cell, code: str, session: SimulatedSession, analysis: Analysis, name: str
) -> None:
    truly = [f for f in session.truth.set_faults if f.code == code]
    seen = [f for f in analysis.set_faults if f.code == code]
    if code in ("STUMBLE", "PUT-DOWN"):
        cell.asked += len(truly)
        cell.found += min(len(seen), len(truly))
        cell.spared += len(session.truth.repetitions)
        cell.alarmed += max(0, len(seen) - len(truly))
        if len(seen) != len(truly):
            cell.misses.append(f"{name}: {len(seen)} of {len(truly)} {code}")
        return
    hard = [f for f in seen if f.severity == "fault"]
    real = [f for f in truly if f.severity == "fault"]
    if any(f.size >= 1.1 for f in real):
        cell.asked += 1
        cell.found += bool(hard)
    elif not real:
        cell.spared += 1
        cell.alarmed += bool(hard)
    if bool(hard) != bool(real):
        cell.misses.append(f"{name}: found {seen}, true {truly}")


def cell_of(job: Job) -> Cell:
    """All sessions of one cell: each subject on either side, one below the threshold and one beyond."""
    cell = Cell()
    seconds = SECONDS.get(job.drill, USUAL_SECONDS)
    seconds = LATE_SECONDS if (job.drill, job.code) in LATE else seconds
    faults = LEVELS[job.level]
    for number in range(job.subjects):
        for size in SIZES:
            side: Side = SIDES[(number + (size > 1.0)) % 2]
            seed = job.first_seed + 17 * number
            behaviour = BehaviourFault(job.code, size, SHARE)
            session = simulate_session(
                job.drill, seconds, seed, side=side, faults=faults, behaviour=(behaviour,)
            )
            session = replace(session, calibration=_by_clinic(session, faults))
            judge_session(cell, session, behaviour, f"{job.drill} {job.code}:{size} seed {seed}")
    return cell


def cells(jobs: list[Job], processes: int) -> dict[tuple[str, str], Cell]:
    """All cells of one level; how many processes share them changes nothing."""
    table: dict[tuple[str, str], Cell] = {}
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        done = pool.map(cell_of, jobs) if processes > 1 else map(cell_of, jobs)
        for job, cell in zip(jobs, done, strict=True):
            table[job.drill, job.code] = cell
            sys.stderr.write(f"{time.strftime('%H:%M')} {row(job.drill, job.code, cell)}\n")
            for miss in cell.misses[:MOST_CASES]:
                sys.stderr.write(f"    {miss}\n")
            sys.stderr.flush()
    return table


def _by_clinic(session: SimulatedSession, faults: SensorFaults) -> Calibration:
    """Bench and stances by staff, tare and visit check by the participant."""
    person = SimulatedPerson(session.seed, session.side, MASS_KG, SHOE_SIZE_EU, faults)
    return calibrate_like_a_clinic(session.hello, person.subject, faults)


def row(drill: str, code: str, cell: Cell) -> str:
    """One line of the table."""
    return (
        f"| {drill} | {code} | {cell.exact}/{cell.sets} | {_part(cell.found, cell.asked)} "
        f"| {_part(cell.alarmed, cell.spared)} |"
    )


def _part(some: int, of: int) -> str:
    return f"{some / of:.3f} ({some}/{of})" if of else "-"


_HEEL_READ_LOW = (
    "nearly all from one subject (seed 60102), whose kisses of 0.12 are read as none; its sensors were "
    "not looked at one by one."
)
_AT_THE_LIMIT = "read 0.1 to 4 % beyond the limit where truth lies within it; not traced further."
_ALIKE = (
    "all from one subject (seed 60068): its two heel pads, of sensors without noise or spread, count "
    "alike within four counts for six windows, so health takes them for bridged and masks them. Real "
    "sensors differ by more."
)
_PONY_SIDES = (
    "true sizes of 0.97 and more are now and then read as 1.00 to 1.02. Insoles that read apart move "
    "the moment at which both feet bear alike; they are scaled so that the feet add up to the body's "
    "weight, which leaves the two some 1 % apart where the weight goes over, and a side's supports a "
    "millisecond too long."
)
CAUSES: dict[tuple[str, str, str], str] = {
    ("default", "pony", "ASYM"): _PONY_SIDES,
    ("hard", "stance", "HEEL-LOAD"): "one touch in 19, " + _AT_THE_LIMIT,
    ("hard", "pony", "PARTIAL"): "two subjects (seeds 60102 and 60136), " + _AT_THE_LIMIT,
    ("hard", "switch", "HEEL-KISS"): _HEEL_READ_LOW,
    ("none", "hopping", "HEEL-KISS"): _ALIKE,
    ("none", "hopping", "HEEL-LOAD"): _ALIKE,
}
"""By level, drill and fault: why a cell is weak, as far as its cases were looked at."""
LEAST, MOST_ALARMS = 0.95, 0.03
MOST_CASES = 12
HEAD = """<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
# How well the drills judge simulated people

Made by `python -m benchmarks.drill_table --levels {levels} --first-seed {seed} --out PAGE`;
`--processes 2` changes nothing but the time.

People, their faults and the truth come from the simulator, whose truth is worked out from dense force
fields by code that shares nothing with the drills. Insoles were calibrated by simulated staff (bench,
stances) and by the participant (tare, shift). Each subject does every drill on either side: half of the
repetitions have the fault, at 0.8 times its threshold on one side and at 1.2 times on the other.
"Recall" counts repetitions whose true size is 1.1 or more; "false alarms" those without the fault in the
sessions at 0.8. ASYM and RHYTHM are counted by sets. Seeds below 1,000 were used for tuning. Passing
shows that the code fits the model, not people.

What the sizes do not say:

- HEEL-FIRST is the larger of two quantities: how far back the first contact lies, and how long the heel
  bears before the ball. In forward-change the simulated foot rolls from its heel to flat, and 1.2 is a
  lead of 12 ms, read 1 ms short with a standard deviation of 0.6 ms. It bears 0.4 body weights after
  80 ms: chosen without a source, as the best told of 80, 100 and 120 ms on tuning seeds, so that cell
  flatters. Of landings in 100 and 120 ms by twenty of the subjects for tuning, 1.00 and 0.96 were told,
  with false alarms of 0.004 and 0.012. A foot that comes down flat and slowly (0.4 body weights in a
  quarter of a second), the heel bearing a little more than the ball, has such a lead too, which is not
  told: over twelve of those subjects it was read 1.8 ms short with a standard deviation of 2.8 ms.
- ASYM in pony: simulated people keep time to 4 %, so sets that were asked for 0.8 truly come to 0.6 to
  1.0. The symmetry index of their support times is read with a standard deviation of 0.003, or 0.015 of
  the limit: of 249 such sets for tuning, four with true sizes of 0.974 to 0.996 were told as beyond it.
- LOW-PULL at 1.2 keeps 0.12 body weights on the ground; at 0.8 the foot is lifted. What lies between the
  0.03 body weights of the true OFF and a tenth of the foot's last peak is not told from a lifted foot.
  With the hard set, sensors that keep 4 to 6 % of the body's weight read 0.15 to 0.16 of those 0.12, as
  long as the foot has not been off the ground for them to be read alone. At the limit of 0.15 such
  repetitions are lost: of thirty subjects 57 of 60 sets (in place) and 53 of 60 (forward) were exact.
- OVER-PULLED and LOW-PULL are a hint and a warning; they make no repetition dirty.
"""


def page_of(level: str, subjects: int, table: dict[tuple[str, str], Cell]) -> list[str]:
    """The section of one level."""
    exact, sets = sum(c.exact for c in table.values()), sum(c.sets for c in table.values())
    lines = [
        "",
        f"## Sensor faults: {level}",
        "",
        f"{subjects} subjects a cell. Repetitions exact in {exact} of {sets} sets (wanted: 99 %).",
        "",
        "| drill | fault | repetitions exact | recall at 1.2 | false alarms at 0.8 |",
        "|---|---|---|---|---|",
        *(row(drill, code, cell) for (drill, code), cell in table.items()),
    ]
    weak = [(key, c) for key, c in table.items() if c.recall < LEAST or c.alarms > MOST_ALARMS]
    lines += ["", f"Recall under {LEAST:.2f}, or alarms over {MOST_ALARMS:.2f}:", ""]
    for key, cell in weak:
        why = CAUSES.get((level, *key), "Cause not yet found; the first case: " + _first(cell))
        said = f"{key[0]} {key[1]}: {why}"
        lines += wrap(said, 108, initial_indent="- ", subsequent_indent="  ")
    return lines if weak else [*lines, "None."]


def _first(cell: Cell) -> str:
    return cell.misses[0] if cell.misses else "none kept."


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--first-seed", type=int, default=10_000)
    parser.add_argument(
        "--levels", nargs="*", default=["default:3"], help="none, default, hard; with :SUBJECTS"
    )
    parser.add_argument("--drills", nargs="*", default=list(DRILL_NAMES))
    parser.add_argument("--codes", nargs="*", default=None)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    lines = [HEAD.format(levels=" ".join(given.levels), seed=given.first_seed)]
    for asked in given.levels:
        level, _, number = asked.partition(":")
        subjects = int(number or 3)
        jobs = [
            Job(level, drill, code, subjects, given.first_seed)
            for drill in given.drills
            for code in APPLICABLE[drill]
            if given.codes is None or code in given.codes
        ]
        lines += page_of(level, subjects, cells(jobs, given.processes))
        if given.out is not None:
            given.out.write_text("\n".join(lines) + "\n")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
