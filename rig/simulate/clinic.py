# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated clinic: staff calibrate a pair of insoles, then a participant comes for a visit check.

Everything goes through the same sensors, divider and ADC as a session does, and through the functions
of `rig.calibrate` that a real calibration uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from rig.calibrate.bench import HOLD_S, bench_steps, fit_curve, hold_from_counts
from rig.calibrate.calibration import Calibration
from rig.calibrate.insole_calibration import InsoleCalibration, with_insole
from rig.calibrate.region_gains import (
    LOADED_WAIT_S,
    STANCE_S,
    STANCE_SETTLE_S,
    STANCES,
    StanceName,
    solve_region_gains,
    stance_from_counts,
)
from rig.calibrate.tare import TARE_S, tare_from_counts
from rig.calibrate.visit_check import (
    SHIFT_S,
    SINGLE_LEG_S,
    VisitCheck,
    visit_check,
    with_visit_check,
)
from rig.layout import Foot
from rig.layout.foot import Float64
from rig.settings import body_weight_n
from rig.simulate.board import Int64, adc_counts
from rig.simulate.body import Subject, TrueLoads, true_loads
from rig.simulate.load_field import load_field, posture_height
from rig.simulate.pads import pad_force_n, pad_integrals
from rig.simulate.phrases import STAND_Y, Motion
from rig.simulate.sensors import (
    CHANNELS,
    SensorBank,
    SensorFaults,
    SensorTraits,
    sensor_traits,
)
from rig.simulate.sway import EYES_OPEN, SINGLE_LEG, DenseSway, SwaySource
from rig.wire.packets import Hello

CLINIC_RATE_HZ = 100
"""Standing, sitting and weights are slow: a tenth of the dense rate shows all of them."""
STAFF_MASS_KG = 72.0
_STAFF_SEED_STEP = 500_000
FLAT_Y = posture_height("flat")
_BALL_Y = posture_height("ball")
STANCE_Y: dict[StanceName, float] = {
    "heel": STAND_Y,
    "flat": FLAT_Y,
    "ball": 0.5 * (posture_height("pose") + _BALL_Y),
    "toes": 0.5 * (_BALL_Y + posture_height("toe_off")),
}
SHIFT_HZ = 0.2
SHIFT_SHARE = 0.2
"""Gentle: the left foot bears 0.3 to 0.7."""
SIMULATED_DAY = date(2000, 1, 1)
"""A simulated calibration has no day of its own; the same arguments give the same calibration."""
ShareOfTime = Callable[[Float64], Float64]


@dataclass(frozen=True, slots=True, eq=False)
class Clinic:
    """One pair of insoles on one board, to be stood on by any subject whose feet it fits."""

    traits: SensorTraits
    faults: SensorFaults
    hello: Hello
    seed: int

    @property
    def dense_hello(self) -> Hello:
        """What the procedures are told: frames come at the clinic's own rate."""
        return replace(self.hello, scan_rate_hz=CLINIC_RATE_HZ)

    def counts(self, bank: SensorBank, force_n: Float64, occasion: int) -> Int64:
        """Samples of true pad forces (n, 32) at `CLINIC_RATE_HZ`."""
        noise = np.random.default_rng([self.seed, 70, occasion])
        conductance_us = bank.conductance_us(force_n)
        return adc_counts(self.dense_hello, conductance_us, self.traits, self.faults, noise)


@lru_cache(maxsize=512)
def calibrate_like_a_clinic(
    hello: Hello,
    participant: Subject,
    faults: SensorFaults,
    *,
    staff: Subject | None = None,
    with_bench: bool = True,
    with_stances: bool = True,
    with_single_leg: bool = False,
) -> Calibration:
    """Bench and stances by staff, tare and visit check by the participant.

    Parameters
    ----------
    hello
        Of the simulated board; its scan rate plays no part.
    participant
        The seed of the sensors is the participant's, as in a simulated session.
    staff
        Who does the stances; by default a person of 72 kg with other feet of the same size.
    with_bench, with_stances, with_single_leg
        What is done; the visit check always is.
    """
    clinic = Clinic(sensor_traits(participant.seed, faults), faults, hello, participant.seed)
    started = Calibration(identifier=f"simulated-{participant.seed}")
    insole = InsoleCalibration(
        insole_id=f"simulated-{participant.seed}",
        board_id=f"{hello.unique_id:08x}",
        made_on=SIMULATED_DAY.isoformat(),
        sensels=CHANNELS,
    )
    if with_bench:
        insole = bench(clinic, insole)
    if with_stances:
        insole = stances(clinic, insole, started, staff or staff_for(participant))
    calibration = with_insole(started, insole) if with_bench or with_stances else started
    return visit(clinic, calibration, participant, with_single_leg=with_single_leg)[0]


def staff_for(participant: Subject) -> Subject:
    """Somebody else with feet of the same size."""
    return Subject(
        participant.seed + _STAFF_SEED_STEP,
        body_weight_n(STAFF_MASS_KG),
        participant.foot_length_mm,
        participant.working,
    )


def bench(clinic: Clinic, insole: InsoleCalibration) -> InsoleCalibration:
    """Known weights on every sensel, as the bench asks for them."""
    bank = SensorBank(clinic.traits.on_bench(), clinic.faults, CLINIC_RATE_HZ)
    hello, mux_ohm = clinic.dense_hello, Calibration().mux_ohm
    holds = []
    for place, (load_n, way) in enumerate(bench_steps()):
        if way == "again":
            clinic.counts(bank, np.zeros((2 * CLINIC_RATE_HZ, CHANNELS)), 100)
        resting = np.full((round(HOLD_S * CLINIC_RATE_HZ), CHANNELS), load_n)
        counts = clinic.counts(bank, resting, 101 + place)
        holds.append(
            [
                hold_from_counts(counts[:, s], s, load_n, way, hello, mux_ohm)
                for s in range(CHANNELS)
            ]
        )
    curves = tuple(fit_curve([step[s] for step in holds]) for s in range(CHANNELS))
    return replace(insole, curves=curves)


def stances(
    clinic: Clinic, insole: InsoleCalibration, started: Calibration, person: Subject
) -> InsoleCalibration:
    """Heel-biased, flat, ball and toe-leaning stance, each after 20 s under load."""
    bank = SensorBank(clinic.traits, clinic.faults, CLINIC_RATE_HZ)
    tared = _tared(clinic, bank, with_insole(started, insole), person, occasion=10)
    wait_s = LOADED_WAIT_S if clinic.faults.creep_per_decade else STANCE_SETTLE_S
    taken = []
    for place, name in enumerate(STANCES):
        seconds = (STANCE_SETTLE_S if place else wait_s) + STANCE_S
        force_n = standing_pads_n(person, seconds, STANCE_Y[name], occasion=20 + place)
        counts = clinic.counts(bank, force_n, 20 + place)[-round(STANCE_S * CLINIC_RATE_HZ) :]
        taken.append(
            stance_from_counts(name, counts, clinic.dense_hello, tared, person.foot_length_mm)
        )
    return replace(
        insole,
        region=solve_region_gains(taken, person.body_weight_n),
        stance_weight_n=person.body_weight_n,
        stance_weight_source="typed",
    )


def visit(
    clinic: Clinic,
    calibration: Calibration,
    person: Subject,
    *,
    with_single_leg: bool = False,
) -> tuple[Calibration, VisitCheck]:
    """Tare seated, stand, shift from foot to foot, perhaps stand on each leg."""
    bank = SensorBank(clinic.traits, clinic.faults, CLINIC_RATE_HZ)
    tared = _tared(clinic, bank, calibration, person, occasion=30)
    wait_s = LOADED_WAIT_S if clinic.faults.creep_per_decade else STANCE_SETTLE_S
    before = standing_pads_n(person, wait_s, STAND_Y, occasion=31)
    clinic.counts(bank, before, 31)
    shift = standing_pads_n(person, SHIFT_S, STAND_Y, occasion=32, left_share=gentle_shift)
    shift_counts = clinic.counts(bank, shift, 32)
    alone = []
    for foot in Foot if with_single_leg else ():
        share = 1.0 if foot == Foot.LEFT else 0.0
        pads_n = standing_pads_n(
            person, SINGLE_LEG_S, FLAT_Y, 33 + foot, lambda t_s, s=share: 0.0 * t_s + s
        )
        alone.append(clinic.counts(bank, pads_n, 33 + foot))
    found = visit_check(
        shift_counts,
        clinic.dense_hello,
        tared,
        person.body_weight_n,
        person.foot_length_mm,
        first_side=Foot.LEFT,
        single_leg_counts=alone,
    )
    return with_visit_check(tared, found, SIMULATED_DAY), found


def standing_pads_n(
    person: Subject,
    seconds: float,
    posture_y: float,
    occasion: int,
    left_share: ShareOfTime | None = None,
) -> Float64:
    """What perfect pads feel of somebody who stands so, (n, 32)."""
    return standing_pads_of(
        person, standing_loads(person, seconds, posture_y, occasion, left_share)
    )


def standing_loads(
    person: Subject,
    seconds: float,
    posture_y: float,
    occasion: int,
    left_share: ShareOfTime | None = None,
) -> TrueLoads:
    """The truth of somebody who stands quietly, at `CLINIC_RATE_HZ`.

    Parameters
    ----------
    posture_y
        As `rig.simulate.load_field.posture_shares` takes it, the same for both feet.
    occasion
        Tells apart different stances of one person: their sways are independent.
    left_share
        The left foot's share of the body weight at times (n,) in seconds; half of it by default.
    """
    n = round(seconds * CLINIC_RATE_HZ)
    t_s = np.arange(n) / CLINIC_RATE_HZ
    left = np.full(n, 0.5) if left_share is None else left_share(t_s)
    by_side = np.column_stack((left, 1.0 - left))
    by_role = by_side if person.working == Foot.LEFT else by_side[:, ::-1]
    motion = Motion(by_role, np.full((n, 2), posture_y), np.ones(n))
    both, single = (
        DenseSway(
            SwaySource(kind, np.random.default_rng([person.seed, 71, occasion, which])),
            CLINIC_RATE_HZ,
        ).next(n)
        for which, kind in enumerate((EYES_OPEN, SINGLE_LEG))
    )
    return true_loads(person, motion, both, single)


def standing_pads_of(person: Subject, loads: TrueLoads) -> Float64:
    """What perfect pads feel of these loads, (n, 32)."""
    return pad_force_n(loads, _integrals(person.foot_length_mm, person.seed))


@lru_cache(maxsize=256)
def _integrals(foot_length_mm: float, seed: int) -> Float64:
    return pad_integrals(load_field(foot_length_mm, seed))


def gentle_shift(t_s: Float64) -> Float64:
    """The left foot's share: first a second in the middle, then to the left and back, and so on."""
    moving = np.clip(t_s - 1.0, 0.0, None)
    return 0.5 + SHIFT_SHARE * np.sin(2.0 * np.pi * SHIFT_HZ * moving)


def _tared(
    clinic: Clinic, bank: SensorBank, calibration: Calibration, person: Subject, occasion: int
) -> Calibration:
    lifted = clinic.counts(bank, np.zeros((round(TARE_S * CLINIC_RATE_HZ), CHANNELS)), occasion)
    return tare_from_counts(
        lifted, clinic.dense_hello, calibration, person.foot_length_mm, person.body_weight_n
    )
