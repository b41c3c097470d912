# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of a simulated person, or of simulated weights, that follow a calibration's walk."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import rig
from rig.calibrate.bench import BENCH_LOADS_N, HOLD_S, bench_steps
from rig.calibrate.calibration import Calibration
from rig.calibrate.region_gains import LOADED_WAIT_S, STANCE_S, STANCE_SETTLE_S, STANCES
from rig.calibrate.visit_check import SHIFT_S, SINGLE_LEG_S
from rig.layout import Foot
from rig.layout.foot import Float64
from rig.record.info import RecordingInfo, SourceInfo
from rig.record.writer import RecordingWriter
from rig.settings import DrillSettings, Participant
from rig.simulate.board import Int64, hello_bytes, scan_bytes, simulated_hello, tick_times_us
from rig.simulate.body import Subject
from rig.simulate.clinic import (
    CLINIC_RATE_HZ,
    FLAT_Y,
    STANCE_Y,
    Clinic,
    gentle_shift,
    standing_pads_n,
)
from rig.simulate.phrases import STAND_Y
from rig.simulate.sensors import CHANNELS, SensorBank, SensorFaults, sensor_traits
from rig.wire.packets import HelloReason, pack_hello

SEATED_S = 4.0
SLACK_S = 0.5
"""The walk sees that somebody stands after so long."""
ARRIVAL_FRAMES = 4


def write_bench_walk(
    folder: Path,
    seed: int,
    faults: SensorFaults,
    sensels: tuple[int, ...],
    loads_n: tuple[float, ...] = BENCH_LOADS_N,
) -> None:
    """Staff lay every weight on every asked sensel, as the bench asks for them."""
    clinic = _clinic(seed, faults)
    off, on = round(1.5 * CLINIC_RATE_HZ), round((HOLD_S + 2.0) * CLINIC_RATE_HZ)
    force = []
    for sensel in sensels:
        load = [np.zeros(off)]
        for load_n, way in bench_steps(loads_n):
            load += [np.zeros(off)] if way == "again" else []
            load.append(np.full(on, load_n))
        pads = np.zeros((sum(map(len, load)), CHANNELS))
        pads[:, sensel] = np.concatenate(load)
        force.append(pads)
    bank = SensorBank(clinic.traits.on_bench(), faults, CLINIC_RATE_HZ)
    _write(folder, clinic, clinic.counts(bank, np.concatenate(force), 200), Participant())


def write_stances_walk(
    folder: Path, person: Subject, faults: SensorFaults, loaded_wait_s: float = LOADED_WAIT_S
) -> None:
    """The person sits, stands up, and takes the four stances one after the other."""
    settle_s = [loaded_wait_s + SLACK_S] + [min(STANCE_SETTLE_S, loaded_wait_s)] * 3
    force = [_seated()]
    for place, (name, wait_s) in enumerate(zip(STANCES, settle_s, strict=True)):
        force.append(standing_pads_n(person, wait_s + STANCE_S, STANCE_Y[name], 80 + place))
    _write_person(folder, person, faults, force)


def write_visit_walk(
    folder: Path,
    person: Subject,
    faults: SensorFaults,
    loaded_wait_s: float = LOADED_WAIT_S,
    *,
    with_single_leg: bool = False,
) -> None:
    """The person sits, stands up, shifts from foot to foot, and perhaps stands on each leg."""
    force = [
        _seated(),
        standing_pads_n(person, loaded_wait_s + SLACK_S, STAND_Y, 90),
        standing_pads_n(person, SHIFT_S, STAND_Y, 91, gentle_shift),
    ]
    for foot in Foot if with_single_leg else ():
        share = 1.0 if foot == Foot.LEFT else 0.0
        force.append(
            standing_pads_n(
                person, 2.0 + SINGLE_LEG_S, FLAT_Y, 92 + foot, lambda t_s, s=share: 0.0 * t_s + s
            )
        )
    _write_person(folder, person, faults, force)


def _seated() -> Float64:
    return np.zeros((round(SEATED_S * CLINIC_RATE_HZ), CHANNELS))


def _clinic(seed: int, faults: SensorFaults) -> Clinic:
    hello = simulated_hello(CLINIC_RATE_HZ, 0x51000000 + seed % 0x1000000)
    return Clinic(sensor_traits(seed, faults), faults, hello, seed)


def _write_person(
    folder: Path, person: Subject, faults: SensorFaults, force: list[Float64]
) -> None:
    clinic = _clinic(person.seed, faults)
    bank = SensorBank(clinic.traits, faults, CLINIC_RATE_HZ)
    counts = clinic.counts(bank, np.concatenate(force), 201)
    participant = Participant(person.body_weight_n, "typed", foot_length_mm=person.foot_length_mm)
    _write(folder, clinic, counts, participant)


def _write(folder: Path, clinic: Clinic, counts: Int64, participant: Participant) -> None:
    """One recording, as acquisition would have taken it."""
    hello = clinic.dense_hello
    board_us = tick_times_us(1_000_000, 0, len(counts), CLINIC_RATE_HZ)
    anchor_ns = time.monotonic_ns()
    info = RecordingInfo(
        uuid=str(uuid.uuid4()),
        software_version=rig.__version__,
        started_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        anchor_wall_ns=time.time_ns(),
        anchor_monotonic_ns=anchor_ns,
        hello_hex=pack_hello(hello).hex(),
        source=SourceInfo("simulated", f"simulated clinic, seed {clinic.seed}", simulated=True),
        layout_name="insoles-16",
        foot_length_mm=participant.foot_length_mm or 265.0,
        participant=participant,
        calibration=Calibration(),
        drill=DrillSettings(),
    )
    with RecordingWriter(folder, info) as writer:
        writer.write(hello_bytes(hello, HelloReason.BOOT, 900_000), anchor_ns)
        for start in range(0, len(counts), ARRIVAL_FRAMES):
            part = slice(start, start + ARRIVAL_FRAMES)
            numbers = np.arange(start, min(start + ARRIVAL_FRAMES, len(counts)))
            stream = scan_bytes(hello, numbers, board_us[part], 0 * numbers, counts[part])
            writer.write(stream, anchor_ns + int(board_us[part][-1]) * 1000)
        writer.stop("end of the simulated walk", anchor_ns + int(board_us[-1]) * 1000)
