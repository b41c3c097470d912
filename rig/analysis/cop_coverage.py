# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the 95 % ellipse hold the true CoP? `python -m rig.analysis.cop_coverage` asks simulated people.

Each stands on both feet with the load on the heels, flat, and on the balls, through insoles with all
default faults. The truth is the centroid of the field, so it knows nothing of pads. A model is not a
force plate: good coverage says that the propagation fits the model.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64
from rig.calibrate.force_stage import ForceState, force_stage
from rig.contact.cop_error import cop_error
from rig.contact.error_propagation import error_ellipse
from rig.contact.load_stage import load_stage, load_state
from rig.simulate.board import adc_counts, simulated_hello
from rig.simulate.body import TrueLoads, true_loads
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.pads import pad_force_n, pad_integrals
from rig.simulate.person import SimulatedPerson
from rig.simulate.phrases import DENSE_RATE_HZ, Motion
from rig.simulate.sensors import BASIC_FAULTS, CHANNELS, SensorBank, SensorFaults
from rig.simulate.sway import EYES_OPEN, SINGLE_LEG, DenseSway, SwaySource
from rig.wire.frames import FrameBlock, Segment, SegmentCause
from rig.wire.packets import Hello

STANCES: dict[str, float] = {"heel": 0.20, "flat": 0.46, "ball": 0.74}
"""CoP of an average foot in foot lengths."""
ACCEPTANCE_SEEDS = range(50_000, 50_200)
"""Nothing was tuned on them; whoever changes the error model judges it on others."""
LIFTED_S, SETTLE_S, SECONDS = 1.0, 2.0, 3.0
EVERY = 20
"""Frames between those that are judged: 50 a second."""
CHI2_95 = -2.0 * np.log(0.05)
Calibrate = Callable[[SimulatedPerson, Hello], Calibration]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Frames of one subject in one stance; the last axis is left, right, both.

    Attributes
    ----------
    error_mm : (n, 3, 2) float64
        Measured less true CoP.
    covariance_mm2 : (n, 3, 2, 2) float64
    force_error_n, force_sd_n : (n, 3) float64
        The third is the total.
    """

    error_mm: Float64
    covariance_mm2: Float64
    force_error_n: Float64
    force_sd_n: Float64

    @property
    def inside(self) -> np.ndarray:
        """(n, 3) whether the 95 % ellipse holds the true CoP."""
        solved = np.linalg.solve(self.covariance_mm2, self.error_mm[..., None])[..., 0]
        return (self.error_mm * solved).sum(axis=-1) <= CHI2_95

    @property
    def area_mm2(self) -> Float64:
        return error_ellipse(self.covariance_mm2).area_mm2


def calibrated_in_full(person: SimulatedPerson, hello: Hello) -> Calibration:
    """Bench and stances by staff, then the participant's visit check."""
    return calibrate_like_a_clinic(hello, person.subject, person.faults)


def calibrated_by_weight(person: SimulatedPerson, hello: Hello) -> Calibration:
    """Tare and body-weight gain, no bench."""
    return person.calibrated(hello)


def judged(
    seed: int,
    posture_y: float,
    calibrate: Calibrate = calibrated_in_full,
    faults: SensorFaults = BASIC_FAULTS,
) -> Judged:
    """One subject in one stance; size and weight go by the seed."""
    size, mass_kg = 36.0 + seed % 11, 50.0 + (seed * 7) % 45
    person = SimulatedPerson(seed, "right", mass_kg, size, faults)
    hello = simulated_hello(DENSE_RATE_HZ, person.board_id)
    calibration = calibrate(person, hello)
    truth = _standing(person, posture_y)
    bank = SensorBank(person.traits, faults)
    bank.conductance_us(np.zeros((round(LIFTED_S * DENSE_RATE_HZ), CHANNELS)))
    sensed = bank.conductance_us(pad_force_n(truth, pad_integrals(person.subject.field)))
    counts = adc_counts(hello, sensed, person.traits, faults, np.random.default_rng([seed, 9]))
    chosen = slice(round(SETTLE_S * DENSE_RATE_HZ), None, EVERY)
    block = _frames(counts[chosen], hello)
    _, force = force_stage(ForceState(calibration, body_weight_known=True), block, _times(block))
    _, loads = load_stage(load_state(person.participant, calibration), force)
    error = cop_error(loads, calibration, person.participant)
    measured = np.concatenate((loads.foot_cop_mm, loads.cop_mm[:, None]), axis=1)
    true = np.concatenate((truth.foot_cop_mm, truth.cop_mm[:, None]), axis=1)[chosen]
    return Judged(
        error_mm=measured - true,
        covariance_mm2=np.concatenate(
            (error.foot_covariance_mm2, error.covariance_mm2[:, None]), axis=1
        ),
        force_error_n=_with_total(loads.foot_force_n) - _with_total(truth.foot_force_n[chosen]),
        force_sd_n=np.column_stack((error.force_sd_n, error.total_force_sd_n)),
    )


def _with_total(feet_n: Float64) -> Float64:
    return np.column_stack((feet_n, feet_n.sum(axis=1)))


def _standing(person: SimulatedPerson, posture_y: float) -> TrueLoads:
    n = round((SETTLE_S + SECONDS) * DENSE_RATE_HZ)
    motion = Motion(np.full((n, 2), 0.5), np.full((n, 2), posture_y), np.ones(n))
    both, single = (
        DenseSway(SwaySource(kind, np.random.default_rng([person.subject.seed, s])), DENSE_RATE_HZ)
        for kind, s in ((EYES_OPEN, 20), (SINGLE_LEG, 21))
    )
    return true_loads(person.subject, motion, both.next(n), single.next(n))


def _frames(counts: np.ndarray, hello: Hello) -> FrameBlock:
    n = len(counts)
    number = np.arange(n, dtype=np.int64)
    return FrameBlock(
        segment=Segment(0, hello, SegmentCause.HELLO, clock_continues=False),
        frame_number=number,
        board_us=number * (EVERY * 1_000_000 // DENSE_RATE_HZ),
        inputs=np.zeros(n, np.uint8),
        counts=counts.astype(np.uint16),
        end_offset=number + 1,
    )


def _times(block: FrameBlock) -> Float64:
    return block.board_us * np.float64(1e-6)


def report(seeds: Iterable[int], calibrate: Calibrate = calibrated_in_full) -> str:
    """Coverage, mean area and errors of each stance as a printed table."""
    made: dict[int, Calibration] = {}

    def once(person: SimulatedPerson, hello: Hello) -> Calibration:
        seed = person.subject.seed
        if seed not in made:
            made[seed] = calibrate(person, hello)
        return made[seed]

    lines = [
        "stance  of     covered  area mm2  AP rms  ML rms  force error/sd rms",
    ]
    subjects = tuple(seeds)
    for name, posture_y in STANCES.items():
        runs = [judged(seed, posture_y, once) for seed in subjects]
        pooled = np.concatenate([run.inside for run in runs]).mean()
        lines.append(f"{name:7} all    {100 * pooled:6.1f} %")
        for column, of in enumerate(("left", "right", "both")):
            inside = np.concatenate([run.inside[:, column] for run in runs])
            area = np.concatenate([run.area_mm2[:, column] for run in runs])
            error = np.concatenate([run.error_mm[:, column] for run in runs])
            ml, ap = np.sqrt((error**2).mean(axis=0))
            z = np.concatenate([(r.force_error_n / r.force_sd_n)[:, column] for r in runs])
            lines.append(
                f"{name:7} {of:6} {100 * inside.mean():6.1f} % {area.mean():8.0f} {ap:7.1f} {ml:7.1f}"
                f" {np.sqrt((z**2).mean()):8.2f}"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=len(ACCEPTANCE_SEEDS))
    parser.add_argument("--by-weight", action="store_true", help="no bench, no visit check")
    parser.add_argument("--first-seed", type=int, default=ACCEPTANCE_SEEDS.start)
    asked = parser.parse_args()
    calibrate = calibrated_by_weight if asked.by_weight else calibrated_in_full
    print(report(range(asked.first_seed, asked.first_seed + asked.subjects), calibrate))


if __name__ == "__main__":
    main()
