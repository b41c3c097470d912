# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person moves on a mat: the bytes its board would send, and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import Calibration
from rig.errors import SettingsError
from rig.layout import foot_length_mm
from rig.layout.foot import Float64
from rig.layout.mat import MatLayout, mat_layout
from rig.settings import Participant, Side, body_weight_n
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.board import Int64, LossBursts, tick_times_us
from rig.simulate.body import BLOCK_SAMPLES, Body, TrueLoads, join_loads, working_foot
from rig.simulate.hard_faults import WIRE_FAULTS, HardFault, settled_faults
from rig.simulate.mat_cells import (
    MatCells,
    contacts_of_mat,
    mat_counts,
    scan_span_us,
    wires_of_mat,
)
from rig.simulate.mat_feet import (
    MatSubject,
    MatTruth,
    high_arched,
    mat_truth,
    stands_for,
    stepping_stands,
)
from rig.simulate.mat_field import Stand, template_stand
from rig.simulate.mat_rigs import MatPart, MatRig, MatRigName, mat_faults, mat_hello, mat_rig
from rig.simulate.person import BOOT_US
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import BASIC_FAULTS, SensorFaults
from rig.simulate.session_stream import session_stream
from rig.wire.packets import Hello

LOWEST_RATE_HZ = 10
LONGEST_S = 600.0
"""Every cell of every scan is kept."""
_LOADED_N = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class MatSession:
    """What a recording of a mat holds, and what really happened.

    Attributes
    ----------
    hello : Hello
        Its `first_row`, `row_count`, `first_column` and `column_count` say which cells are samples.
    stream, packet_end_offsets, packet_sent_s
        As `rig.simulate.person.SimulatedSession` has them.
    scan_us : (n,) int64
        Board time of each scan, lost ones included.
    counts : (n, samples) int64
    conductance_us : (n, rows, columns) float64
        Of every cell of the whole mat when its row was read.
    cell_force_n : (n, 2, rows * columns) float32
        True load of each foot on every cell of the whole mat when its row was read.
    truth : MatTruth
    """

    motion: str
    side: Side
    seed: int
    rate_hz: int
    rig: MatRigName
    participant: Participant
    calibration: Calibration
    hello: Hello
    layout: MatLayout
    stream: bytes
    packet_end_offsets: Int64
    packet_sent_s: Float64
    scan_us: Int64
    counts: Int64
    conductance_us: Float64
    cell_force_n: npt.NDArray[np.float32]
    behaviour: tuple[BehaviourFault, ...]
    truth: MatTruth

    def labels(self, least_n: float = 0.5) -> npt.NDArray[np.int8]:
        """(n, samples) whose foot each sample's cell bears: 0 left, 1 right, -1 nobody's.

        A cell under both feet is the one's that loads it more; below `least_n` it is nobody's.
        """
        force = self.cell_force_n[:, :, self.layout.sensel]
        owner = np.argmax(force, axis=1).astype(np.int8)
        owner[force.sum(axis=1) < least_n] = -1
        return owner


def simulate_mat_session(
    motion: str,
    seconds: float,
    seed: int,
    rig: MatRigName = "mat16",
    rate_hz: int | None = None,
    side: Side = "right",
    body_mass_kg: float = 70.0,
    shoe_size_eu: float = 42.0,
    faults: SensorFaults = BASIC_FAULTS,
    behaviour: tuple[BehaviourFault, ...] = (),
    *,
    placement: Stand | tuple[Stand, ...] | None = None,
    stepping: bool = False,
    barefoot: bool = False,
    high_arch: bool = False,
    part: MatPart | None = None,
) -> MatSession:
    """Let a simulated person move on a simulated mat.

    The same arguments give the same bytes; the person, their movement and their feet depend on the
    seed and not on the mat.

    Parameters
    ----------
    motion
        One of `rig.simulate.motions.MOTION_NAMES`.
    rate_hz
        None: the mat's usual rate.
    faults
        As for insoles; `rig.simulate.mat_rigs.mat_faults` says what becomes of them on a mat. Hard
        faults are those of wires and cells, drawn from the cells that are loaded. Pads, jitter and what
        concerns a shoe have no meaning here.
    behaviour
        What goes wrong on purpose.
    placement
        Where the feet stand: the drawn template in the middle of the mat by default. Several stands
        follow one another at their `from_s`.
    stepping
        A foot comes down somewhere else after each time in the air.
    barefoot
        Narrow pressure peaks.
    high_arch
        Nothing under the midfoot: what it would bear goes to heel and ball.
    part
        First row, rows, first column, columns that are scanned; None is the whole mat.

    Raises
    ------
    SettingsError
        No such motion or mat, a hard fault that no mat can have, or a duration, rate, region or
        placement that cannot be simulated.
    """
    build = mat_rig(rig)
    rate_hz = rate_hz or build.rate_hz
    _check(seconds, rate_hz, build)
    subject = MatSubject(
        seed,
        body_weight_n(body_mass_kg),
        foot_length_mm(shoe_size_eu),
        working_foot(side),
        barefoot,
    )
    hello = mat_hello(build, rate_hz, 0x4D000000 + seed % 0x1000000, part)
    layout = mat_layout(hello)
    scans = max(1, round(seconds * rate_hz))
    scan_us = tick_times_us(BOOT_US, 0, scans, rate_hz)

    def true_s(board_us: Float64 | Int64) -> Float64:
        return (board_us - BOOT_US) / (1e6 + faults.clock_ppm)

    loads = _moved(Body(subject, motion, behaviour=behaviour), true_s(scan_us[-1:])[0] + 0.1)
    if high_arch:
        loads = high_arched(loads, subject)
    stands = stands_for(
        template_stand(build.layout, subject.foot_length_mm) if placement is None else placement
    )
    if stepping:
        stands = stepping_stands(stands[0], loads, subject, build.layout)
    ours = mat_faults(build, faults)
    cells = MatCells(build, subject.field, stands, ours, seed)
    force_n = cells.force_n(loads, true_s(scan_us), hello)
    hard = _settled(faults.hard, force_n, seed)
    conductance_us = cells.conductance_us(force_n, rate_hz)
    conductance_us = wires_of_mat(conductance_us, true_s(scan_us), hard)
    counts = mat_counts(build, conductance_us, hello, ours, seed)
    counts = contacts_of_mat(counts, true_s(scan_us), hard, hello, seed)[:, layout.sensel]
    arrives = ~LossBursts(faults, np.random.default_rng([seed, 6])).hit(true_s(scan_us))
    span_us = scan_span_us(hello, ours)
    sent = session_stream(hello, scan_us, counts, arrives, span_us, true_s)
    dense = loads.first(int(scans / rate_hz / (1.0 + faults.clock_ppm * 1e-6) * DENSE_RATE_HZ) + 1)
    return MatSession(
        motion=motion,
        side=side,
        seed=seed,
        rate_hz=rate_hz,
        rig=rig,
        participant=Participant(subject.body_weight_n, "typed", shoe_size_eu),
        calibration=Calibration(identifier=f"simulated-{seed}"),
        hello=hello,
        layout=layout,
        stream=sent.stream,
        packet_end_offsets=sent.end_offsets,
        packet_sent_s=sent.sent_s,
        scan_us=scan_us,
        counts=counts,
        conductance_us=conductance_us,
        cell_force_n=force_n,
        behaviour=behaviour,
        truth=mat_truth(dense, subject, stands, motion, faults.clock_ppm),
    )


def _moved(body: Body, seconds: float) -> TrueLoads:
    """At least so many seconds of true loads."""
    blocks = ceil(seconds * DENSE_RATE_HZ / BLOCK_SAMPLES) + 1
    return join_loads([body.next_block() for _ in range(blocks)])


def _settled(
    hard: tuple[HardFault, ...], force_n: npt.NDArray[np.float32], seed: int
) -> tuple[HardFault, ...]:
    of_shoes = sorted({fault.kind for fault in hard} - set(WIRE_FAULTS))
    if of_shoes:
        raise SettingsError(
            f"A mat has no {', '.join(of_shoes)}; choose among {', '.join(WIRE_FAULTS)}."
        )
    loaded = np.flatnonzero((force_n > _LOADED_N).any(axis=(0, 1)))
    return settled_faults(hard, seed, (tuple(loaded.tolist()),), force_n.shape[2])


def _check(seconds: float, rate_hz: int, build: MatRig) -> None:
    if not 0.1 <= seconds <= LONGEST_S:
        raise SettingsError(
            f"{seconds:g} s cannot be simulated on a mat; choose 0.1 to {LONGEST_S:g} s."
        )
    if not LOWEST_RATE_HZ <= rate_hz <= build.highest_hz:
        raise SettingsError(
            f"The simulated {build.name} scans at {LOWEST_RATE_HZ} to {build.highest_hz} Hz, not at "
            f"{rate_hz} Hz; choose another rate."
        )
