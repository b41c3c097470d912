# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated sessions through the program's own pipeline, beside their truth frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rig.batch import WholeStream, outputs
from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, ForceBlock, Int64, UInt32
from rig.calibrate.health_results import HealthFinding
from rig.contact.results import Contact
from rig.contact.withheld import times_withheld, without_times
from rig.drills.repetitions import Repetition
from rig.pipeline import BlockResult, PipelineSettings
from rig.settings import DrillSettings, Participant, Side
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.board import simulated_hello
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.person import SimulatedPerson, simulate_session
from rig.simulate.population import drawn_build
from rig.simulate.sensors import BASIC_FAULTS, SensorFaults
from rig.simulate.truth_model import Truth
from rig.wire.packets import Hello

FIRST_SEED = 10_000
"""Seeds below 1,000 are for tuning."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the program made of a session, and what really happened; n frames.

    Attributes
    ----------
    force_n, true_force_n : (n, 2) float64
        Of each foot.
    total_n : (n,) float64
        Measured, of both feet.
    foot_cop_mm, true_foot_cop_mm : (n, 2, 2) float64
        Of each foot in its own frame, ML and AP.
    cop_mm, true_cop_mm : (n, 2) float64
        Of both: on the stance template, or on the mat.
    contacts : of Contact
        Without times where a rig is too slow to give any.
    """

    weight_n: float
    t_s: Float64
    frame_number: Int64
    flags: UInt32
    force_n: Float64
    total_n: Float64
    foot_cop_mm: Float64
    cop_mm: Float64
    true_force_n: Float64
    true_foot_cop_mm: Float64
    true_cop_mm: Float64
    contacts: tuple[Contact, ...]
    repetitions: tuple[Repetition, ...]
    findings: tuple[HealthFinding, ...]
    truth: Truth


def side_of(seed: int) -> Side:
    """The working foot of a subject."""
    return "left" if seed % 2 else "right"


def simulated_person(seed: int, faults: SensorFaults = BASIC_FAULTS) -> SimulatedPerson:
    """The subject of a seed on insoles of their own size."""
    mass_kg, shoe_eu = drawn_build(seed)
    return SimulatedPerson(seed, side_of(seed), mass_kg, shoe_eu, faults)


def clinic_calibration(seed: int, faults: SensorFaults = BASIC_FAULTS, **done: bool) -> Calibration:
    """Bench, stances and visit check of a subject; `done` as `calibrate_like_a_clinic` takes it."""
    person = simulated_person(seed, faults)
    return calibrate_like_a_clinic(
        simulated_hello(1000, person.board_id), person.subject, faults, **done
    )


def on_insoles(
    motion: str,
    seed: int,
    seconds: float,
    rate_hz: int = 1000,
    faults: SensorFaults = BASIC_FAULTS,
    behaviour: tuple[BehaviourFault, ...] = (),
    calibration: Calibration | None = None,
) -> Seen:
    """One subject's session on calibrated insoles.

    Parameters
    ----------
    calibration
        None: the one that a clinic would have made with these very sensors.
    """
    mass_kg, shoe_eu = drawn_build(seed)
    session = simulate_session(
        motion, seconds, seed, rate_hz, side_of(seed), mass_kg, shoe_eu, faults, behaviour
    )
    blocks = through_pipeline(
        session.stream,
        session.participant,
        calibration or clinic_calibration(seed, faults),
        DrillSettings(session.drill, session.side),
    )
    loads = session.truth.loads
    return seen(
        blocks, session.truth, loads.foot_cop_mm, loads.cop_mm, session.participant, session.hello
    )


def through_pipeline(
    stream: bytes, participant: Participant, calibration: Calibration, drill: DrillSettings
) -> list[BlockResult]:
    """All blocks of a stream of bytes."""
    arrivals = np.array([[len(stream), 0]], np.int64)
    whole = WholeStream(stream, arrivals, PipelineSettings(participant, calibration, drill))
    return [block for output, _ in outputs(whole) for block in output.blocks]


def seen(
    blocks: Sequence[BlockResult],
    truth: Truth,
    true_foot_cop_mm: Float64,
    true_cop_mm: Float64,
    participant: Participant,
    hello: Hello,
) -> Seen:
    """Blocks and truth side by side, the truth linear between its samples.

    Parameters
    ----------
    true_foot_cop_mm, true_cop_mm : (m, 2, 2), (m, 2)
        On the grid of the truth, in the frames of what was measured.
    """
    with_frames = [block.loads for block in blocks if len(block.loads)]
    t_s = np.concatenate([loads.force.t_s for loads in with_frames])
    force_n = np.concatenate([loads.foot_force_n for loads in with_frames])
    totals = [getattr(loads, "total_force_n", loads.foot_force_n.sum(1)) for loads in with_frames]
    # a lost first scan moves the recording's zero
    first = with_frames[0].force.frame_number[0] / hello.scan_rate_hz
    contacts = [
        without_times(contact) if with_frames and times_withheld(with_frames[0].force) else contact
        for block in blocks
        for contact in block.contact.contacts
    ]
    insole = [loads.force for loads in with_frames if isinstance(loads.force, ForceBlock)]
    return Seen(
        weight_n=participant.body_weight_n or np.nan,
        t_s=t_s,
        frame_number=np.concatenate([loads.force.frame_number for loads in with_frames]),
        flags=np.concatenate([loads.force.flags for loads in with_frames]),
        force_n=force_n,
        total_n=np.concatenate(totals),
        foot_cop_mm=np.concatenate([loads.foot_cop_mm for loads in with_frames]),
        cop_mm=np.concatenate([loads.cop_mm for loads in with_frames]),
        true_force_n=at_times(t_s + first, truth.t_s, truth.loads.foot_force_n),
        true_foot_cop_mm=at_times(t_s + first, truth.t_s, true_foot_cop_mm),
        true_cop_mm=at_times(t_s + first, truth.t_s, true_cop_mm),
        contacts=tuple(contacts),
        repetitions=tuple(r for block in blocks for r in block.drill.repetitions),
        findings=tuple(f for force in insole for f in force.findings),
        truth=truth,
    )


def at_times(t_s: Float64, true_s: Float64, values: Float64) -> Float64:
    """(n, ...) of (m, ...) at other times; NaN beside one."""
    flat = values.reshape(len(values), -1)
    columns = [np.interp(t_s, true_s, column) for column in flat.T]
    return np.stack(columns, axis=-1).reshape(len(t_s), *values.shape[1:])
