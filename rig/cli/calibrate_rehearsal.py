# SPDX-License-Identifier: GPL-3.0-or-later
"""Who stands in for staff and participant when `solerig calibrate` is tried without a board."""

from __future__ import annotations

from pathlib import Path

from rig.layout import Foot
from rig.simulate.body import Subject
from rig.simulate.clinic_walks import write_bench_walk, write_stances_walk, write_visit_walk
from rig.simulate.sensors import BASIC_FAULTS

SIMULATED_SEED = 1


def rehearse_bench(folder: Path, asked: tuple[int, ...], loads_n: tuple[float, ...]) -> None:
    """Simulated weights, laid on as the bench asks for them."""
    write_bench_walk(folder, SIMULATED_SEED, BASIC_FAULTS, asked, loads_n)


def rehearse_stances(folder: Path, weight_n: float, length_mm: float, wait_s: float) -> None:
    """A simulated person sits, stands up, and takes the four stances."""
    person = Subject(SIMULATED_SEED, weight_n, length_mm, Foot.RIGHT)
    write_stances_walk(folder, person, BASIC_FAULTS, wait_s)


def rehearse_visit(
    folder: Path, weight_n: float, length_mm: float, wait_s: float, *, single_leg: bool
) -> None:
    """A simulated person sits, stands up, and shifts from foot to foot."""
    person = Subject(SIMULATED_SEED, weight_n, length_mm, Foot.RIGHT)
    write_visit_walk(folder, person, BASIC_FAULTS, wait_s, with_single_leg=single_leg)
