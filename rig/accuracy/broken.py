# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken, swapped and misplaced sensors: who notices, and what they do to force and CoP until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from rig.accuracy.load_errors import LoadErrors, load_errors, pooled
from rig.accuracy.sessions import clinic_calibration, on_insoles, simulated_person
from rig.accuracy.tables import Table, table
from rig.accuracy.walked import walk_notices
from rig.calibrate.health_results import MASKING
from rig.calibrate.tare import tare_from_counts
from rig.calibrate.visit_check import SHIFT_S, visit_check
from rig.errors import SettingsError
from rig.simulate.bench import seated, stood_on
from rig.simulate.body import BLOCK_SAMPLES, Body, Subject, TrueLoads, join_loads
from rig.simulate.hard_faults import HARD_FAULT_KINDS, WIRE_FAULTS, HardFault, settled_faults
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.sensors import BASIC_FAULTS, CHANNELS, SensorFaults

SESSION = "change-of-support"
"""Feet come and go, which is what sensor health needs to see."""
RATE_HZ = 200
VISIT_RATE_HZ = 100
SLIPPED_S = 300.0
"""Before the session begins: a slip takes minutes to matter."""
STANDS_S, WAITS_S = 20.0, 1.0
"""Before the check under load, as it asks; then still on both feet."""
SHIFT_RESTS_S = 2.0
"""Of the simulated shift, before it begins."""
WORDS: dict[str, str] = {
    "dead": "open wire",
    "stuck-low": "shorted to ground",
    "stuck-high": "shorted sensor",
    "bridged": "two wires touch",
    "swapped": "two wires swapped",
    "feet-swapped": "left and right plug swapped",
    "noisy": "loose contact, 20 LSB",
    "wrong-size": "insole of EU 39",
    "preload": "laced with 8 % of body weight a sole",
    "slip": "insole has slipped for 5 minutes, 0.02 foot lengths each",
}


@dataclass(frozen=True, slots=True)
class Noticed:
    """What one subject's session with one fault gives.

    `found_s`: when sensor health masked a broken sensor, None where it did not; `wronged`: good sensors
    that it masked.
    """

    errors: LoadErrors
    found_s: float | None
    wronged: int


def with_fault(fault: HardFault | None) -> SensorFaults:
    """The default set and one thing broken."""
    return BASIC_FAULTS if fault is None else replace(BASIC_FAULTS, hard=(fault,))


def broken_session(seed: int, fault: HardFault | None, seconds: float) -> Noticed:
    """A session on insoles that were whole when they were calibrated."""
    found = on_insoles(
        SESSION,
        seed,
        seconds,
        RATE_HZ,
        with_fault(fault),
        calibration=clinic_calibration(seed),
    )
    ours = broken_sensels(seed, fault)
    masked = [f for f in found.findings if f.kind in MASKING]
    times = [f.t_s for f in masked if f.sensel in ours]
    return Noticed(
        load_errors(found),
        min(times) if times else None,
        len({f.sensel for f in masked if f.sensel not in ours}),
    )


def broken_sensels(seed: int, fault: HardFault | None) -> tuple[int, ...]:
    """Which sensors a subject's fault concerns; none for what concerns a whole insole."""
    if fault is None:
        return ()
    groups = BASIC_FAULTS.pads.sensels_by_foot
    return settled_faults((fault,), seed, groups, CHANNELS)[0].sensels


def visit_says(seed: int, fault: HardFault | None) -> str:
    """What tare and visit check say of it: "refused", or the first word of the verdict."""
    subject = simulated_person(seed).subject
    loads = _visit_loads(subject)
    faults = with_fault(fault)
    lifted = stood_on(seated(loads).first(3 * DENSE_RATE_HZ), subject, seed, VISIT_RATE_HZ, faults)
    shift = stood_on(loads, subject, seed, VISIT_RATE_HZ, faults)
    weight_n, length_mm = subject.body_weight_n, subject.foot_length_mm
    try:
        tared = tare_from_counts(
            lifted.counts, lifted.hello, clinic_calibration(seed), length_mm, weight_n
        )
        found = visit_check(
            shift.counts[round(STANDS_S * VISIT_RATE_HZ) :],
            shift.hello,
            tared,
            weight_n,
            length_mm,
            first_side=subject.working,
        )
    except SettingsError:
        return "refused"
    return found.verdict.partition(":")[0].lower()


def _visit_loads(subject: Subject) -> TrueLoads:
    """Stands still, then shifts gently from side to side."""
    parts = []
    for motion, from_s, seconds in (
        ("quiet", 0.0, STANDS_S),
        ("shifting", SHIFT_RESTS_S - WAITS_S, WAITS_S + SHIFT_S),
    ):
        body, first = Body(subject, motion, occasion=2), round(from_s * DENSE_RATE_HZ)
        last = first + round(seconds * DENSE_RATE_HZ)
        loads = join_loads([body.next_block() for _ in range(last // BLOCK_SAMPLES + 1)])
        columns = {f.name: getattr(loads, f.name)[first:last] for f in fields(TrueLoads)}
        parts.append(TrueLoads(**columns))
    return join_loads(parts)


def hard_faults(
    seeds: Sequence[int], seconds: float, kinds: Sequence[str] = HARD_FAULT_KINDS
) -> Table:
    """One row a fault; the first is none at all."""
    faults: list[HardFault | None] = [None]
    faults += [HardFault(kind, _since_s(kind)) for kind in HARD_FAULT_KINDS if kind in kinds]
    return table(
        "hard-faults",
        "Broken, swapped and misplaced sensors",
        f"Each fault alone in {SESSION} on insoles that were whole when they were calibrated; the "
        "sensor is drawn by lot. Sensor health: sessions in which the program masked the broken "
        "sensor, and after how long. Visit check: sessions in which tare or check refused, or called "
        "the insoles usable or poor in place of good. Walk: sessions in which pressing sensor after "
        "sensor ('solerig doctor --board') finds it. The errors are those of the whole session, before "
        "and after it was noticed; compare them with the first row. What nobody notices is only stated: "
        "its bound is its row.",
        [
            ("fault", None),
            ("what", None),
            ("sessions", 0),
            ("health finds", 0),
            ("after s", 1),
            ("good ones masked", 0),
            ("visit refuses", 0),
            ("visit warns", 0),
            ("walk finds", 0),
            ("force % BW", 1),
            ("foot CoP AP mm", 1),
            ("foot CoP ML mm", 1),
            ("worst subject AP mm", 1),
        ],
        [_hard_row(fault, seeds, seconds) for fault in faults],
    )


def _since_s(kind: str) -> float:
    return -SLIPPED_S if kind == "slip" else 0.0


def _hard_row(
    fault: HardFault | None, seeds: Sequence[int], seconds: float
) -> tuple[str | float | None, ...]:
    runs = [broken_session(seed, fault, seconds) for seed in seeds]
    said = [visit_says(seed, fault) for seed in seeds]
    errors = pooled([run.errors for run in runs])
    times = [run.found_s for run in runs if run.found_s is not None]
    by_hand = (fault is not None and fault.kind in WIRE_FAULTS) or _feet_swapped(fault)
    walked = sum(walk_notices(seed, with_fault(fault)) for seed in seeds) if by_hand else None
    return (
        "none" if fault is None else fault.kind,
        "all sensors whole" if fault is None else WORDS[fault.kind],
        float(len(runs)),
        float(len(times)) if fault is not None and fault.kind in WIRE_FAULTS else None,
        float(np.median(times)) if times else None,
        float(sum(run.wronged for run in runs)),
        float(said.count("refused")),
        float(len(said) - said.count("refused") - said.count("good")),
        None if walked is None else float(walked),
        100.0 * errors.force_bw,
        errors.foot_ap_mm,
        errors.foot_ml_mm,
        max(run.errors.foot_ap_mm for run in runs),
    )


def _feet_swapped(fault: HardFault | None) -> bool:
    return fault is not None and fault.kind == "feet-swapped"
