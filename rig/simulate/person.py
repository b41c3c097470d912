# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person does something: the bytes a board would send, and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.tare import body_weight_gain_from_counts, tare_from_counts
from rig.errors import SettingsError
from rig.layout import foot_length_mm
from rig.layout.foot import Float64
from rig.settings import DrillName, Participant, Side, body_weight_n
from rig.simulate.behaviour import BehaviourFault, check_behaviour
from rig.simulate.board import (
    MAX_SCAN_RATE_HZ,
    MIN_SCAN_RATE_HZ,
    Int64,
    Scanner,
    SensedBody,
    adc_counts,
    simulated_hello,
    tick_times_us,
)
from rig.simulate.body import BLOCK_SAMPLES, Body, Subject, join_loads, working_foot
from rig.simulate.motions import drill_setting, motion_kind
from rig.simulate.pads import pad_force_n, pad_integrals
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import (
    BASIC_FAULTS,
    CHANNELS,
    SensorBank,
    SensorFaults,
    SensorTraits,
    sensor_traits,
)
from rig.simulate.session_stream import session_stream
from rig.simulate.truth import Truth, find_truth
from rig.wire.packets import Hello

BOOT_US = 1_200_000
"""Board time of a session's first scan: boot, the host's hello, and its START."""
TARE_S = 2.0
QUIET_STANCE_S = 5.0
_CALIBRATION_OCCASION = 1


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSession:
    """What a recording of a simulated person holds, and what really happened.

    Attributes
    ----------
    stream : bytes
        HELLO, then SCANs with a STATUS once a second, as after START.
    packet_end_offsets : (packets,) int64
        Offset in `stream` just after each packet.
    packet_sent_s : (packets,) float64
        True (host) seconds since the first scan at which each packet has crossed the wire; negative
        for the hello.
    scan_us : (n,) int64
        Board time of each scan, lost ones included.
    conductance_us : (n, 32) float64
        Each FSR at the moment of its conversion, lost scans included.
    counts : (n, 32) int64
        What the ADC made of them.
    drill : DrillName
        What the recording says: the motion's own name where it is a coached drill, else "free".
    """

    motion: str
    drill: DrillName
    side: Side
    seed: int
    rate_hz: int
    participant: Participant
    calibration: Calibration
    hello: Hello
    stream: bytes
    packet_end_offsets: Int64
    packet_sent_s: Float64
    scan_us: Int64
    conductance_us: Float64
    counts: Int64
    behaviour: tuple[BehaviourFault, ...]
    truth: Truth


def simulate_session(
    motion: str,
    seconds: float,
    seed: int,
    rate_hz: int = 1000,
    side: Side = "right",
    body_mass_kg: float = 70.0,
    shoe_size_eu: float = 42.0,
    faults: SensorFaults = BASIC_FAULTS,
    behaviour: tuple[BehaviourFault, ...] = (),
) -> SimulatedSession:
    """Let a simulated person do one thing on simulated insoles.

    The same arguments give the same bytes. The person, their movement and the truth depend on the
    seed, not on the rate.

    Parameters
    ----------
    motion : str
        One of `rig.simulate.motions.MOTION_NAMES`.
    behaviour : tuple of BehaviourFault
        What goes wrong on purpose, and only that. Without any, a heel comes down now and then, as it
        does to people who learn a drill.

    Raises
    ------
    SettingsError
        No such motion or fault, or a duration or a rate that cannot be simulated.
    """
    _check(motion, seconds, rate_hz)
    check_behaviour(motion, behaviour)
    person = SimulatedPerson(seed, side, body_mass_kg, shoe_size_eu, faults)
    hello = simulated_hello(rate_hz, person.board_id)
    scanner, sensed = person.scanner(motion, BOOT_US, keep_truth=True, behaviour=behaviour)
    scans = max(1, round(seconds * rate_hz))
    scan_us = tick_times_us(BOOT_US, 0, scans, rate_hz)
    conductance_us = scanner.conductance_us(hello, scan_us)
    counts = scanner.counts(hello, conductance_us, scan_us)
    sent = session_stream(
        hello,
        scan_us,
        counts,
        scanner.arrives(scan_us),
        scanner.skew_us(rate_hz) * CHANNELS,
        scanner.true_s,
    )
    return SimulatedSession(
        motion=motion,
        drill=drill_setting(motion),
        side=side,
        seed=seed,
        rate_hz=rate_hz,
        participant=person.participant,
        calibration=person.calibrated(hello),
        hello=hello,
        stream=sent.stream,
        packet_end_offsets=sent.end_offsets,
        packet_sent_s=sent.sent_s,
        scan_us=scan_us,
        conductance_us=conductance_us,
        counts=counts,
        behaviour=behaviour,
        truth=_truth(person, motion, sensed, scans / rate_hz),
    )


class SimulatedPerson:
    """A subject on their own pair of insoles; what sessions and live simulations have in common."""

    def __init__(
        self, seed: int, side: Side, body_mass_kg: float, shoe_size_eu: float, faults: SensorFaults
    ) -> None:
        length_mm = foot_length_mm(shoe_size_eu)
        weight_n = body_weight_n(body_mass_kg)
        self.participant = Participant(weight_n, "typed", shoe_size_eu)
        self.subject = Subject(seed, weight_n, length_mm, working_foot(side))
        self.faults = faults
        self.traits: SensorTraits = sensor_traits(seed, faults)
        self.board_id = 0x51000000 + seed % 0x1000000

    def scanner(
        self,
        motion: str | None,
        origin_us: int,
        keep_truth: bool = False,
        behaviour: tuple[BehaviourFault, ...] = (),
    ) -> tuple[Scanner, SensedBody]:
        """The person begins the motion when the board's clock shows `origin_us`."""
        bank = SensorBank(self.traits, self.faults)
        body = Body(self.subject, motion, behaviour=behaviour)
        sensed = SensedBody(body, bank, keep_truth)
        return Scanner(sensed, self.traits, self.faults, self.subject.seed, origin_us), sensed

    def calibrated(self, hello: Hello) -> Calibration:
        """Tare with both feet lifted, then quiet stance, through these same sensors."""
        bank = SensorBank(self.traits, self.faults)
        noise = np.random.default_rng([self.subject.seed, 7])
        lifted = bank.conductance_us(np.zeros((round(TARE_S * DENSE_RATE_HZ), CHANNELS)))
        body = Body(self.subject, "stance", _CALIBRATION_OCCASION)
        blocks = ceil(QUIET_STANCE_S * DENSE_RATE_HZ / BLOCK_SAMPLES)
        loads = join_loads([body.next_block() for _ in range(blocks)])
        loads = loads.first(round(QUIET_STANCE_S * DENSE_RATE_HZ))
        standing = bank.conductance_us(
            pad_force_n(loads, pad_integrals(self.subject.field, self.faults.pads))
        )
        lifted_counts, standing_counts = (
            adc_counts(hello, microsiemens, self.traits, self.faults, noise)
            for microsiemens in (lifted, standing)
        )
        at_dense_rate = replace(hello, scan_rate_hz=DENSE_RATE_HZ)
        started = Calibration(identifier=f"simulated-{self.subject.seed}")
        tared = tare_from_counts(
            lifted_counts,
            at_dense_rate,
            started,
            self.subject.foot_length_mm,
            self.subject.body_weight_n,
        )
        return body_weight_gain_from_counts(
            standing_counts,
            at_dense_rate,
            tared,
            self.subject.body_weight_n,
            self.subject.foot_length_mm,
        )


def _truth(person: SimulatedPerson, motion: str, sensed: SensedBody, seconds: float) -> Truth:
    """The dense truth from the first scan to the last, on the board's clock."""
    board_rate = 1.0 + person.faults.clock_ppm * 1e-6
    samples = int(seconds / board_rate * DENSE_RATE_HZ) + 1
    t_s = np.arange(samples) / DENSE_RATE_HZ * board_rate
    subject = person.subject
    return find_truth(
        t_s,
        sensed.truth(samples),
        motion,
        subject.working,
        subject.body_weight_n,
        subject.field,
    )


def _check(motion: str, seconds: float, rate_hz: int) -> None:
    motion_kind(motion)
    if not 0.1 <= seconds <= 24 * 3600.0:
        raise SettingsError(f"{seconds:g} s cannot be simulated; choose 0.1 s to 24 hours.")
    check_rate(rate_hz)


def check_rate(rate_hz: int) -> None:
    """Refuse a rate that the simulated board would refuse."""
    if not MIN_SCAN_RATE_HZ <= rate_hz <= MAX_SCAN_RATE_HZ:
        raise SettingsError(
            f"The simulated board scans at {MIN_SCAN_RATE_HZ} to {MAX_SCAN_RATE_HZ} Hz, not at "
            f"{rate_hz} Hz; choose another rate."
        )
