# SPDX-License-Identifier: GPL-3.0-or-later
"""How well simulated insoles measure sway, and which fault spoils it: run `python -m
benchmarks.sway_error`.

Each simulated person stands for 35 s; the last 30 are measured through sensors, packets and pipeline,
and by the true CoP through the same filter. Errors are relative, in percent: the mean over people says
how far a fault biases, the others are the root mean square and the largest.

A number after the command sets how many people, a word behind it what they do (quiet, eyes-closed,
foam, single-leg).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from rig.balance.assessment import assess
from rig.balance.signals import join_signals, signals_of, standing_between
from rig.balance.stance_assessment import Circumstances, assess_stance
from rig.calibrate.calibration import Calibration
from rig.layout import Foot
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.body import Subject
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.person import SimulatedSession, simulate_session
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, SensorFaults

FIRST_SEED = 10_000
PEOPLE = 20
SETTLE_S, MEASURED_S = 5.0, 30.0
RATE_HZ = 200
MEASURES = ("velocity_mm_s", "rms_ap_mm", "rms_ml_mm")
PERFECT_PADS = replace(NO_FAULTS, scan_skew_us=BASIC_FAULTS.scan_skew_us)
"""Perfect pads in the right places; that there are only sixteen a foot stays."""
ALONE: dict[str, SensorFaults] = {
    "no fault (sixteen pads a foot)": PERFECT_PADS,
    "bridging 0-20 %": replace(PERFECT_PADS, bridging_max=BASIC_FAULTS.bridging_max),
    "gain spread 6 %": replace(PERFECT_PADS, gain_spread=BASIC_FAULTS.gain_spread),
    "exponent 0.9-1.1": replace(PERFECT_PADS, exponent=BASIC_FAULTS.exponent),
    "hysteresis 10 %": replace(PERFECT_PADS, hysteresis=BASIC_FAULTS.hysteresis),
    "residual 0-4 %": replace(PERFECT_PADS, residual_max=BASIC_FAULTS.residual_max),
    "creep 5 % a decade": replace(PERFECT_PADS, creep_per_decade=BASIC_FAULTS.creep_per_decade),
    "dead zone 0.2 N": replace(PERFECT_PADS, dead_zone_n=BASIC_FAULTS.dead_zone_n),
    "saturation from 60 N": replace(PERFECT_PADS, saturation_n=BASIC_FAULTS.saturation_n),
    "noise 0.5-1 LSB": replace(PERFECT_PADS, noise_lsb=BASIC_FAULTS.noise_lsb),
    "timing": replace(
        PERFECT_PADS, jitter_us=BASIC_FAULTS.jitter_us, clock_ppm=BASIC_FAULTS.clock_ppm
    ),
}
Calibrate = Callable[[SimulatedSession, SensorFaults], Calibration]


def by_visit(session: SimulatedSession, _faults: SensorFaults) -> Calibration:
    """Tare and quiet stance alone."""
    return session.calibration


def by_clinic(session: SimulatedSession, faults: SensorFaults) -> Calibration:
    """Bench, four stances, and the visit check."""
    weight_n = session.participant.body_weight_n
    if weight_n is None:
        raise ValueError("simulated people know their weight")
    subject = Subject(session.seed, weight_n, session_foot_mm(session), Foot.RIGHT)
    return calibrate_like_a_clinic(session.hello, subject, faults)


def session_foot_mm(session: SimulatedSession) -> float:
    from rig.contact.load_stage import participant_foot_length_mm

    return participant_foot_length_mm(session.participant)


def errors_percent(
    seed: int, faults: SensorFaults, calibrate: Calibrate, motion: str = "quiet"
) -> np.ndarray:
    """(3,) relative errors of `MEASURES` of one person."""
    session = simulate_session(motion, SETTLE_S + MEASURED_S, seed, RATE_HZ, faults=faults)
    alone = motion == "single-leg"
    measured = through_insoles(session, calibrate(session, faults), alone=alone)
    truth = session.truth
    kept = truth.t_s >= SETTLE_S
    cop_mm = truth.loads.foot_cop_mm[:, Foot.RIGHT] if alone else truth.loads.cop_mm
    true = assess(truth.t_s[kept], cop_mm[kept], 1000.0, out_rate_hz=100.0).measures
    return np.array([100.0 * (measured[name] / true[name] - 1.0) for name in MEASURES])


def through_insoles(
    session: SimulatedSession, calibration: Calibration, *, alone: bool = False
) -> dict[str, float]:
    """The sway of a session's bytes: of both feet, or of the right one that stands alone."""
    settings = PipelineSettings(session.participant, calibration, DrillSettings("stance"))
    pipeline = Pipeline(settings)
    arrivals = np.array([[len(session.stream), 0]])
    blocks = [*pipeline.push(session.stream, arrivals).blocks]
    signals = join_signals([signals_of(b.loads) for b in blocks if len(b.loads)])
    part = signals.between(SETTLE_S, SETTLE_S + MEASURED_S)
    standing = standing_between((), 0.0, 0.0)
    stood = replace(standing, at_start=(not alone, True))
    around = Circumstances(float(session.rate_hz), session_foot_mm(session))
    return assess_stance(part, stood, around).sway.measures


def rows(people: int, motion: str) -> Iterator[tuple[str, np.ndarray]]:
    """What, and the errors (people, 3)."""
    seeds = range(FIRST_SEED, FIRST_SEED + people)
    plans: list[tuple[str, SensorFaults, Calibrate]] = [
        (name, faults, by_visit) for name, faults in ALONE.items()
    ]
    plans += [
        ("all faults, calibrated by quiet stance", BASIC_FAULTS, by_visit),
        ("all faults, calibrated as in a clinic", BASIC_FAULTS, by_clinic),
    ]
    for name, faults, calibrate in plans:
        yield (name, np.array([errors_percent(s, faults, calibrate, motion) for s in seeds]))


def main() -> None:
    """Print the table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    motion = sys.argv[2] if len(sys.argv) > 2 else "quiet"
    print(f"{people} people, {motion}, {MEASURED_S:g} s; mean, rms and largest error in percent")
    print(f"{'':<42}{'velocity':>22}{'RMS AP':>22}{'RMS ML':>22}")
    for name, errors in rows(people, motion):
        means, sizes = errors.mean(axis=0), np.sqrt((errors**2).mean(axis=0))
        worst = np.abs(errors).max(axis=0)
        cells = [f"{m:+.1f} {s:6.1f} {w:6.1f}" for m, s, w in zip(means, sizes, worst, strict=True)]
        print(f"{name:<42}{cells[0]:>22}{cells[1]:>22}{cells[2]:>22}", flush=True)


if __name__ == "__main__":
    main()
