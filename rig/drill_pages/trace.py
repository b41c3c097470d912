# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person does a drill, now and then badly; what the real pipeline saw of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rig.contact.results import ContactEvent
from rig.drills.faults import Fault
from rig.drills.repetitions import Repetition
from rig.errors import AnalysisError
from rig.layout import Foot, foot_length_mm
from rig.layout.foot import Float64
from rig.pipeline import BlockResult, Pipeline, PipelineSettings
from rig.settings import DrillName, DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.person import SimulatedSession, simulate_session

BLOCK_FRAMES = 10
"""Frames a block: states are known after each, as in the dashboard."""
SIZE, PART = 1.4, 0.35


@dataclass(frozen=True, slots=True)
class Example:
    """What to show of a drill: a simulated fault, and the time around the repetition's end.

    `code` is what the rules call the fault that `simulated` makes.
    """

    simulated: str
    code: str
    seconds: float
    before_s: float
    after_s: float
    seed: int = 15


EXAMPLES: dict[DrillName, Example] = {
    "stance": Example("DRIFT", "DRIFT", 75.0, 12.0, 1.5),
    "change-of-support": Example("EARLY-PULL", "EARLY-PULL", 30.0, 1.6, 0.7),
    "pony": Example("PARTIAL", "PARTIAL", 15.0, 0.7, 0.8),
    "forward-change": Example("TOE-LAND", "TOE-LAND", 20.0, 0.9, 0.6),
    "tapping": Example("HEEL-FIRST", "HEEL-FIRST", 15.0, 0.3, 0.2, seed=12),
    "hopping": Example("HEEL-LOAD", "HEEL", 15.0, 0.6, 0.3),
    "lunge": Example("REAR", "REAR", 15.0, 0.7, 0.4),
    "switch": Example("DOUBLE-SUPPORT", "DOUBLE-SUPPORT", 15.0, 0.5, 0.45, seed=12),
    "running-lunge": Example("LONG", "LONG", 20.0, 0.65, 0.25),
}
"""Each drill's fault that its force shows best; times and sizes are design choices."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What the pipeline made of a session.

    Attributes
    ----------
    u : (n, 2)
        Force of each foot in body weights.
    region : (n, 2, 4)
        The same by `Region`.
    y : (n, 2)
        The CoP's place along each foot in foot lengths; NaN where a foot bears too little.
    states : (time, name) pairs
        The drill's state from each time on.
    """

    t_s: Float64
    u: Float64
    region: Float64
    y: Float64
    states: tuple[tuple[float, str], ...]
    events: tuple[ContactEvent, ...]
    repetitions: tuple[Repetition, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One repetition to draw; `fault` None where it is clean, `foot` the one whose regions are shown."""

    repetition: Repetition
    fault: Fault | None
    foot: Foot
    from_s: float
    to_s: float


def traced(drill: DrillName) -> Trace:
    """A session with some faulty repetitions of the drill's example, analysed."""
    example = EXAMPLES[drill]
    behaviour = (BehaviourFault(example.simulated, SIZE, PART),)
    session = simulate_session(drill, example.seconds, example.seed, behaviour=behaviour)
    return trace_of(session)


def trace_of(session: SimulatedSession) -> Trace:
    """What the pipeline says of a session whose bytes come in small blocks."""
    person = session.participant
    drill = DrillSettings(session.drill, session.side)
    pipeline = Pipeline(PipelineSettings(person, session.calibration, drill))
    blocks = list(_blocks(session, pipeline))
    seen = [b for b in blocks if len(b.loads)]
    weight_n = session.truth.body_weight_n
    states: list[tuple[float, str]] = []
    for block in seen:
        if not states or states[-1][1] != block.drill.state:
            states.append((float(block.loads.force.t_s[-1]), block.drill.state))
    return Trace(
        np.concatenate([b.loads.force.t_s for b in seen]),
        np.concatenate([b.loads.foot_force_n for b in seen]) / weight_n,
        np.concatenate([b.loads.region_force_n for b in seen]) / weight_n,
        np.concatenate([b.loads.foot_cop_mm[..., 1] for b in seen])
        / foot_length_mm(person.shoe_size_eu),
        tuple(states),
        tuple(event for b in blocks for event in b.contact.events),
        tuple(r for b in blocks for r in b.drill.repetitions),
    )


def _blocks(session: SimulatedSession, pipeline: Pipeline) -> list[BlockResult]:
    size = len(session.stream)
    arrivals = np.array([[size, 10**10]], np.int64)
    cuts = [0, *session.packet_end_offsets[::BLOCK_FRAMES].tolist(), size]
    outputs = [pipeline.push(session.stream[a:b], arrivals) for a, b in pairwise(cuts)]
    return [block for out in (*outputs, pipeline.finish()) for block in out.blocks]


def shown(drill: DrillName, trace: Trace) -> tuple[Shown, Shown]:
    """A clean repetition with clean neighbours and one with the example's fault and few others, of one
    side where there are such.

    Raises
    ------
    AnalysisError
        The session does not show both.
    """
    example = EXAMPLES[drill]
    from_s, to_s = float(trace.t_s[0]) + example.before_s, float(trace.t_s[-1]) - example.after_s
    all_of = [r for r in trace.repetitions if from_s <= r.end_s <= to_s]
    faulty = [r for r in all_of if any(f.code == example.code for f in r.faults)]
    clean = [
        r
        for place, r in enumerate(all_of)
        if place >= 2 and not any(other.faults for other in all_of[place - 1 : place + 2])
    ] or [r for r in all_of if not r.faults]
    if not faulty or not clean:
        raise AnalysisError(f"This person's {drill} shows no {example.code} beside a clean one.")
    bad = max(faulty, key=lambda r: (-len(r.faults), _of(r, example).severity == "fault"))
    good = next((r for r in clean if r.side == bad.side), clean[0])
    fault = _of(bad, example)
    relation = 0 if fault.foot is None else (bad.side - fault.foot) % 2
    return (
        _shown(example, good, None, Foot((good.side + relation) % 2)),
        _shown(example, bad, fault, Foot((bad.side + relation) % 2)),
    )


def _of(repetition: Repetition, example: Example) -> Fault:
    return next(f for f in repetition.faults if f.code == example.code)


def _shown(example: Example, repetition: Repetition, fault: Fault | None, foot: Foot) -> Shown:
    end_s = repetition.end_s
    return Shown(repetition, fault, foot, end_s - example.before_s, end_s + example.after_s)
