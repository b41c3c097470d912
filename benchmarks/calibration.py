# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a calibrated pair of insoles reads standing people, and what each sensor fault costs.

`python -m benchmarks.calibration [subjects]` prints RMS errors over simulated subjects that no
constant was tuned on. A model is not a force plate.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.divider import force_of_counts, look_up
from rig.calibrate.foot_force import pad_weights
from rig.layout import Foot, foot_length_mm, insole_layout
from rig.layout.foot import Float64
from rig.settings import body_weight_n
from rig.simulate.board import simulated_hello
from rig.simulate.body import Subject
from rig.simulate.clinic import (
    CLINIC_RATE_HZ,
    FLAT_Y,
    Clinic,
    calibrate_like_a_clinic,
    standing_loads,
    standing_pads_of,
)
from rig.simulate.phrases import POSE_Y, STAND_Y
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, SensorBank, SensorFaults, sensor_traits

FIRST_SEED = 10_000
"""Seeds below 1,000 are for tuning."""
QUIET_S = 20.0
LEFT_ONLY, BOTH = 1.0, 0.5
STANCES_TESTED = {
    "two feet, heel-heavy": (STAND_Y, BOTH),
    "two feet, flat": (FLAT_Y, BOTH),
    "one foot, flat": (FLAT_Y, LEFT_ONLY),
    "one foot, Pose": (POSE_Y, LEFT_ONLY),
}


@dataclass(frozen=True, slots=True)
class StandingError:
    """RMS over frames, of one subject in one stance."""

    force_bw: float
    cop_ap_mm: float
    cop_ml_mm: float


def subject(seed: int) -> Subject:
    """Somebody of 50 to 100 kg on size EU 42."""
    mass_kg = np.random.default_rng([seed, 5]).uniform(50.0, 100.0)
    return Subject(seed, body_weight_n(mass_kg), foot_length_mm(42.0), Foot.RIGHT)


def standing_errors(
    person: Subject, faults: SensorFaults, calibration: Calibration
) -> dict[str, StandingError]:
    """Errors in each stance, on sensors that have rested since the calibration."""
    hello = simulated_hello(CLINIC_RATE_HZ, person.seed)
    clinic = Clinic(sensor_traits(person.seed, faults), faults, hello, person.seed)
    table_n = force_of_counts(hello, calibration)
    weights = pad_weights(person.foot_length_mm, calibration)
    place_mm = insole_layout(person.foot_length_mm).place_mm
    errors = {}
    for place, (name, (posture_y, left)) in enumerate(STANCES_TESTED.items()):
        bank = SensorBank(clinic.traits, faults, CLINIC_RATE_HZ)
        loads = standing_loads(
            person, QUIET_S, posture_y, 300 + place, lambda t_s, s=left: 0.0 * t_s + s
        )
        counts = clinic.counts(bank, standing_pads_of(person, loads), 300 + place)
        # the first seconds belong to stepping on
        settled = slice(round(5.0 * CLINIC_RATE_HZ), None)
        pads_n = look_up(table_n, counts[settled]) - np.asarray(calibration.tare_force_n)
        pads_n = np.maximum(pads_n, 0.0).reshape(-1, 2, 16) * weights
        errors[name] = _compared(
            pads_n,
            place_mm,
            loads.foot_force_n[settled],
            loads.foot_cop_mm[settled],
            person.body_weight_n,
        )
    return errors


def _compared(
    pads_n: Float64, place_mm: Float64, true_n: Float64, true_cop_mm: Float64, weight_n: float
) -> StandingError:
    """Total force over body weight; CoP of the feet that bear load, weighted by it."""
    feet_n = pads_n.sum(axis=-1)
    moment = (pads_n[..., None] * place_mm).sum(axis=2)
    cop = np.divide(
        moment, feet_n[..., None], out=np.zeros_like(moment), where=feet_n[..., None] > 0
    )
    off = np.where(np.isnan(true_cop_mm), 0.0, cop - true_cop_mm)
    off = (off * true_n[..., None]).sum(axis=1) / true_n.sum(axis=1)[:, None]
    force_off = (feet_n.sum(axis=1) - true_n.sum(axis=1)) / weight_n
    return StandingError(
        float(np.sqrt((force_off**2).mean())),
        float(np.sqrt((off[:, 1] ** 2).mean())),
        float(np.sqrt((off[:, 0] ** 2).mean())),
    )


def pooled(
    seeds: Sequence[int], faults: SensorFaults = BASIC_FAULTS, **done: bool
) -> dict[str, StandingError]:
    """RMS over subjects; `done` as `calibrate_like_a_clinic` takes it."""
    found: dict[str, list[StandingError]] = {name: [] for name in STANCES_TESTED}
    for seed in seeds:
        person = subject(seed)
        hello = simulated_hello(CLINIC_RATE_HZ, seed)
        calibration = calibrate_like_a_clinic(hello, person, faults, **done)
        for name, error in standing_errors(person, faults, calibration).items():
            found[name].append(error)
    return {name: _rms(errors) for name, errors in found.items()}


def _rms(errors: list[StandingError]) -> StandingError:
    values = np.array([(e.force_bw, e.cop_ap_mm, e.cop_ml_mm) for e in errors])
    return StandingError(*np.sqrt((values**2).mean(axis=0)).tolist())


def budget() -> dict[str, SensorFaults]:
    """Perfect sensors with one fault of the default set each."""
    d = BASIC_FAULTS
    alone = {
        "none (the model's own)": {},
        "gain spread": {"gain_spread": d.gain_spread},
        "bridging": {"bridging_max": d.bridging_max},
        "power law": {"exponent": d.exponent},
        "hysteresis": {"hysteresis": d.hysteresis},
        "residual": {"residual_min": d.residual_min, "residual_max": d.residual_max},
        "creep": {"creep_per_decade": d.creep_per_decade},
        "dead zone": {"dead_zone_n": d.dead_zone_n},
        "saturation": {"saturation_n": d.saturation_n},
        "noise": {"noise_lsb": d.noise_lsb},
    }
    return {name: replace(NO_FAULTS, **sizes) for name, sizes in alone.items()}


def main() -> None:
    """Print the table of calibrations and the budget of faults."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seeds = range(FIRST_SEED, FIRST_SEED + subjects)
    print(f"{subjects} subjects; RMS: force in % of body weight / CoP AP / CoP ML in mm")
    print(" " * 28 + "".join(f"{name:>24}" for name in STANCES_TESTED))
    levels: dict[str, dict[str, bool]] = {
        "visit check alone": {"with_bench": False, "with_stances": False},
        "bench, visit": {"with_stances": False},
        "bench, stances, visit": {},
        "... and single-leg trials": {"with_single_leg": True},
    }
    for level, done in levels.items():
        _print_row(level, pooled(seeds, **done))
    print("One fault alone (bench, stances, visit):")
    for name, faults in budget().items():
        _print_row("  " + name, pooled(seeds, faults))


def _print_row(name: str, errors: dict[str, StandingError]) -> None:
    cells = (
        f"{100 * e.force_bw:.1f} / {e.cop_ap_mm:.1f} / {e.cop_ml_mm:.1f}" for e in errors.values()
    )
    print(f"{name:<28}" + "".join(f"{cell:>24}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
