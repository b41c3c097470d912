# SPDX-License-Identifier: GPL-3.0-or-later
"""Mats: forces and CoP of both feet, contacts, and whether every frame knows which foot is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rig.accuracy.event_errors import EVENT_COLUMNS, event_cells, matched
from rig.accuracy.load_errors import (
    LOAD_COLUMNS,
    load_cells,
    load_errors,
    pooled,
)
from rig.accuracy.sessions import Seen, seen, side_of, through_pipeline
from rig.accuracy.tables import Table, table
from rig.calibrate.calibration import Calibration
from rig.calibrate.equilibration import equilibrate
from rig.calibrate.force_block import Float64, FrameFlag
from rig.calibrate.ghosting import cell_conductance_us, matrix_front_end
from rig.layout import foot_length_mm
from rig.settings import DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.bench import EQUILIBRATION_KPA, mat_bench, uniform_pressure
from rig.simulate.mat_field import random_stand
from rig.simulate.mat_rigs import MatRigName, mat_rig
from rig.simulate.mat_session import MatSession, simulate_mat_session
from rig.simulate.motions import drill_setting
from rig.simulate.population import drawn_build

RIGS: tuple[tuple[MatRigName, int], ...] = (("mat16", 200), ("mat16", 100), ("mat32", 60))
"""With scan rates."""
MOTIONS = ("quiet", "change-of-support", "tapping", "hopping", "stepping")
STEPPING = "change-of-support"
"""Done so that a foot comes down somewhere else each time."""
GAIN_STANCE_S, GAIN_FROM_S = 4.0, 1.0
NEVER_SEEN_BW, EVEN_BW = 0.05, 0.20
SHARE_OFF, UNEVEN = 0.08, 0.10


def on_mat(
    motion: str,
    seed: int,
    rig: MatRigName,
    seconds: float,
    rate_hz: int | None = None,
    behaviour: tuple[BehaviourFault, ...] = (),
) -> tuple[MatSession, Seen]:
    """One subject somewhere on an equilibrated mat; every other one with high arches, or barefoot."""
    mass_kg, shoe_eu = drawn_build(seed)
    layout = mat_rig(rig).layout
    length_mm = foot_length_mm(shoe_eu)
    session = simulate_mat_session(
        STEPPING if motion == "stepping" else motion,
        seconds,
        seed,
        rig,
        rate_hz,
        side=side_of(seed),
        body_mass_kg=mass_kg,
        shoe_size_eu=shoe_eu,
        behaviour=behaviour,
        placement=random_stand(layout, length_mm, np.random.default_rng([seed, 60])),
        stepping=motion == "stepping",
        barefoot=seed % 4 == 3,
        high_arch=seed % 2 == 1,
    )
    drill = DrillSettings(drill_setting(session.motion), session.side)
    return session, _seen(session, mat_calibration(rig, seed), drill)


def _seen(session: MatSession, calibration: Calibration, drill: DrillSettings) -> Seen:
    truth = session.truth
    blocks = through_pipeline(session.stream, session.participant, calibration, drill)
    own_frames = truth.truth.loads.foot_cop_mm
    return seen(blocks, truth.truth, own_frames, truth.cop_mm, session.participant, session.hello)


@lru_cache(maxsize=256)
def mat_calibration(rig: MatRigName, seed: int) -> Calibration:
    """A bladder on the whole mat gives every cell its curve, quiet stance the common gain."""
    force_n, holds = uniform_pressure(rig)
    run = mat_bench(force_n, seed, rig, holds=holds)
    front = matrix_front_end(run.hello, Calibration().mux_ohm)
    build = mat_rig(rig)
    medians = [
        np.median(
            cell_conductance_us(
                _grid(run.counts[run.rows(hold)], run.hello.adc_full_scale, rig), front
            ),
            axis=0,
        ).ravel()
        for hold in holds
    ]
    curves = equilibrate(EQUILIBRATION_KPA, np.array(medians), build.layout.cell_area_mm2).curves
    cells = Calibration(
        identifier=f"simulated-{rig}-{seed}",
        sensel_k_us=tuple(curve.k_us for curve in curves),
        sensel_exponent=tuple(curve.exponent for curve in curves),
    )
    mass_kg, shoe_eu = drawn_build(seed)
    quiet = simulate_mat_session(
        "quiet", GAIN_STANCE_S, seed, rig, body_mass_kg=mass_kg, shoe_size_eu=shoe_eu
    )
    stood = _seen(quiet, cells, DrillSettings("free", quiet.side))
    gain = stood.weight_n / float(stood.total_n[stood.t_s >= GAIN_FROM_S].mean())
    return replace(cells, body_weight_gain=gain, body_weight_gain_source="measured")


def _grid(counts: np.ndarray, full_scale: int, rig: MatRigName) -> Float64:
    layout = mat_rig(rig).layout
    return counts.reshape(len(counts), layout.rows, layout.columns) / full_scale


@dataclass(frozen=True, slots=True)
class Segmented:
    """Frames of a session by what was said of the two feet.

    `right`: each bears what it truly bears, or nobody has yet seen both; `ambiguous`: said not to be
    known; `wrong`: anything else, of which `swapped` gave the greater part of an uneven load to the
    other foot.
    """

    frames: int
    right: int
    ambiguous: int
    wrong: int
    swapped: int


def segmented(session: MatSession, found: Seen) -> Segmented:
    """Held against the load of each foot on the cells when their rows were read."""
    true_n = session.cell_force_n[found.frame_number].astype(np.float64).sum(axis=2)
    weight_n = found.weight_n
    unknown = (found.flags & np.uint32(FrameFlag.FEET_UNKNOWN)) != 0
    unseen = np.cumsum(true_n > NEVER_SEEN_BW * weight_n, axis=0).min(axis=1) == 0
    total = true_n.sum(axis=1)
    light = total < EVEN_BW * weight_n
    share = true_n[:, 0] / np.maximum(total, 1.0)
    off = np.abs(found.force_n[:, 0] / found.total_n - share)
    right = np.where(unknown, unseen | light, light | (off < SHARE_OFF))
    ambiguous = unknown & ~right
    swapped = ~light & (np.abs(share - 0.5) > UNEVEN) & (off > np.abs(2.0 * share - 1.0) * 0.5)
    return Segmented(
        len(right),
        int(right.sum()),
        int(ambiguous.sum()),
        int((~right & ~ambiguous).sum()),
        int((swapped & ~unknown).sum()),
    )


def mats(
    seeds: Sequence[int], seconds: float, motions: Sequence[str] = MOTIONS
) -> tuple[Table, Table, Table]:
    """Loads, contacts and segmentation of both mats."""
    loads, events, feet = [], [], []
    for rig, rate_hz in RIGS:
        rate = f"{rate_hz} Hz"
        for motion in motions:
            runs = [on_mat(motion, seed, rig, seconds, rate_hz) for seed in seeds]
            errors = pooled([load_errors(found) for _, found in runs])
            loads.append((rig, rate, motion, *load_cells(errors)))
            each = [matched(found.contacts, found.truth.contacts) for _, found in runs]
            events.append((rig, rate, motion, *event_cells(each)))
            feet.append((rig, rate, motion, *_shares([segmented(*run) for run in runs])))
    return (
        table(
            "mat-loads",
            "Force and centre of pressure on mats",
            f"Somewhere on the mat, toes out by -5 to 30 degrees, every other subject with high arches "
            f"and some of them barefoot; stepping is {STEPPING} with a foot that comes down elsewhere "
            "each time. Every cell has its curve from uniform pressure, quiet stance gives the common "
            "gain. The CoP of both feet is in the mat's own frame; that of a foot in the foot's, so "
            "where the foot was found to stand is part of its error.",
            [("rig", None), ("rate", None), ("motion", None), *LOAD_COLUMNS],
            loads,
        ),
        table(
            "mat-events",
            "Contacts on mats",
            "Times found less true times. A mat of less than 100 scans a second gives no times.",
            [("rig", None), ("rate", None), ("motion", None), *EVENT_COLUMNS],
            events,
        ),
        table(
            "segmentation",
            "Which foot is which on a mat",
            f"Percentage of frames. Right: the left foot's share of the load is within {SHARE_OFF:g} of "
            f"the truth, or the mat bears less than {EVEN_BW:g} body weights, or it is said that the "
            "feet are not known while only one of them was ever there. Ambiguous: said not to be known "
            "later on. Swapped: the greater part of an uneven load is given to the other foot in "
            "silence.",
            [
                ("rig", None),
                ("rate", None),
                ("motion", None),
                ("frames", 0),
                ("right %", 2),
                ("ambiguous %", 2),
                ("wrong %", 2),
                ("swapped %", 2),
            ],
            feet,
        ),
    )


def _shares(each: Sequence[Segmented]) -> tuple[float, ...]:
    frames = sum(one.frames for one in each)
    counts = [
        sum(getattr(one, name) for one in each)
        for name in ("right", "ambiguous", "wrong", "swapped")
    ]
    return (float(frames), *(100.0 * count / frames for count in counts))
