# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a mat's 95 % ellipse hold the true CoP? `python -m rig.analysis.mat_cop_coverage` asks people.

Simulated people step on a mat anywhere, are weighed in quiet stance, and then stand with the load on the
heels, flat, and on the balls; some are barefoot, some have high arches. The truth is the centroid of the
field, which knows nothing of cells. A model is not a force plate.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from rig.analysis.cop_coverage import CHI2_95, STANCES
from rig.calibrate.calibration import Calibration
from rig.calibrate.equilibration import equilibrate
from rig.calibrate.force_block import Float64
from rig.calibrate.ghosting import cell_conductance_us, matrix_front_end
from rig.calibrate.mat_force import MatForceState, mat_force_stage
from rig.calibrate.mat_tare import mat_body_weight_gain_from_counts
from rig.contact.error_propagation import error_ellipse
from rig.contact.mat_cop_error import mat_cop_error
from rig.contact.mat_stage import finish_mat_loads, joined_loads, mat_load_stage, mat_load_state
from rig.layout import Foot, foot_length_mm
from rig.settings import Participant, body_weight_n
from rig.simulate.body import TrueLoads, true_loads
from rig.simulate.mat_cells import MatCells, mat_counts
from rig.simulate.mat_feet import MatSubject, high_arched
from rig.simulate.mat_field import Stand, random_stand
from rig.simulate.mat_rigs import MatRig, mat_faults, mat_hello, mat_rig
from rig.simulate.phrases import DENSE_RATE_HZ, Motion
from rig.simulate.sensors import BASIC_FAULTS, SensorBank, SensorFaults, sensor_traits
from rig.simulate.sway import EYES_OPEN, SINGLE_LEG, DenseSway, SwaySource
from rig.wire.frames import FrameBlock, Segment, SegmentCause
from rig.wire.packets import Hello

ACCEPTANCE_SEEDS = range(20_000, 20_050)
ON_S, WEIGHED_S, LEAN_S, SETTLED_S, SECONDS = 1.0, 4.0, 4.5, 5.5, 2.5
"""On the mat from, weighed until, leaning from, settled from; and how long is judged."""
SHIFT_S = 0.5
BLADDER_KPA = (40.0, 80.0, 160.0)


@dataclass(frozen=True, slots=True, eq=False)
class MatJudged:
    """Frames of one subject in one stance; the last axis is left, right, both.

    Attributes
    ----------
    error_mm : (n, 3, 2) float64
        Measured less true CoP; both feet's in the mat's frame.
    covariance_mm2 : (n, 3, 2, 2) float64
    force_error_n, force_sd_n : (n, 3) float64
        The third is the total.
    """

    error_mm: Float64
    covariance_mm2: Float64
    force_error_n: Float64
    force_sd_n: Float64

    @property
    def defined(self) -> np.ndarray:
        """(n, 3) where a CoP is shown."""
        return np.asarray(~np.isnan(self.error_mm).any(axis=-1))

    @property
    def inside(self) -> np.ndarray:
        """(n, 3) whether the 95 % ellipse is shown and holds the true CoP."""
        covariance = np.where(np.isnan(self.covariance_mm2), np.eye(2), self.covariance_mm2)
        solved = np.linalg.solve(covariance, self.error_mm[..., None])[..., 0]
        return (self.error_mm * solved).sum(axis=-1) <= CHI2_95

    @property
    def area_mm2(self) -> Float64:
        return error_ellipse(self.covariance_mm2).area_mm2


def judged(
    seed: int,
    posture_y: float,
    rig: str = "mat16",
    *,
    equilibrated: bool = False,
    faults: SensorFaults = BASIC_FAULTS,
) -> MatJudged:
    """One subject in one stance; size, weight, shoes, arch and placement go by the seed."""
    build = mat_rig(rig)
    subject = MatSubject(
        seed,
        body_weight_n(50.0 + (seed * 7) % 45),
        foot_length_mm(36.0 + seed % 11),
        Foot.RIGHT,
        barefoot=seed % 2 == 0,
    )
    participant = Participant(subject.body_weight_n, "typed", 36.0 + seed % 11)
    truth = _leaning(subject, posture_y)
    if seed % 4 < 2:
        truth = high_arched(truth, subject)
    hello = mat_hello(build, build.rate_hz, 0x4D000000)
    stand = random_stand(build.layout, subject.foot_length_mm, np.random.default_rng(seed))
    ours = mat_faults(build, faults)
    cells = MatCells(build, subject.field, (stand,), ours, seed)
    scan_s = np.arange(round((SETTLED_S + SECONDS) * hello.scan_rate_hz)) / hello.scan_rate_hz
    force_n = cells.force_n(truth, scan_s, hello)
    conductance_us = cells.conductance_us(force_n, hello.scan_rate_hz)
    counts = mat_counts(build, conductance_us, hello, ours, seed)
    calibration = _equilibrated(build, hello, ours, seed) if equilibrated else Calibration()
    weighed = counts[(scan_s >= ON_S) & (scan_s < WEIGHED_S)]
    calibration = mat_body_weight_gain_from_counts(
        weighed, hello, calibration, subject.body_weight_n
    )
    loads = _loads(counts, scan_s, hello, calibration, participant)
    kept = np.flatnonzero(scan_s >= SETTLED_S)
    error = mat_cop_error(loads, calibration, participant)
    measured = np.concatenate((loads.foot_cop_mm, loads.cop_mm[:, None]), axis=1)
    at = np.rint(scan_s[kept] * DENSE_RATE_HZ).astype(np.int64)
    covariance = np.concatenate((error.foot_covariance_mm2, error.covariance_mm2[:, None]), axis=1)
    sd_n = np.column_stack((error.force_sd_n, error.total_force_sd_n))
    return MatJudged(
        error_mm=measured[kept] - _true_cop(truth, stand)[at],
        covariance_mm2=covariance[kept],
        force_error_n=_with_total(loads.foot_force_n[kept]) - _with_total(truth.foot_force_n[at]),
        force_sd_n=sd_n[kept],
    )


def _with_total(feet_n: Float64) -> Float64:
    return np.column_stack((feet_n, feet_n.sum(axis=1)))


def _leaning(subject: MatSubject, posture_y: float) -> TrueLoads:
    """Onto the empty mat, flat, and then leaning."""
    t_s = np.arange(round((SETTLED_S + SECONDS + 0.1) * DENSE_RATE_HZ)) / DENSE_RATE_HZ
    onto = np.clip((t_s - 0.3) / 0.4, 0.0, 1.0)
    lean = np.clip((t_s - WEIGHED_S) / SHIFT_S, 0.0, 1.0)
    y = STANCES["flat"] + (posture_y - STANCES["flat"]) * 0.5 * (1.0 - np.cos(np.pi * lean))
    motion = Motion(
        np.repeat(0.5 * onto[:, None], 2, axis=1), np.repeat(y[:, None], 2, axis=1), np.ones(len(y))
    )
    both, single = (
        DenseSway(SwaySource(kind, np.random.default_rng([subject.seed, s])), DENSE_RATE_HZ)
        for kind, s in ((EYES_OPEN, 20), (SINGLE_LEG, 21))
    )
    return true_loads(subject, motion, both.next(len(y)), single.next(len(y)))


def _true_cop(truth: TrueLoads, stand: Stand) -> Float64:
    """(n, 3, 2): each foot's in its own frame, both feet's in the mat's."""
    force = truth.foot_force_n[..., None]
    on_mat = [
        stand.of(foot).to_mat_mm(foot, truth.foot_cop_mm[:, foot] * _outward(foot)) for foot in Foot
    ]
    moment = np.nan_to_num(force * np.stack(on_mat, axis=1)).sum(axis=1)
    both = moment / np.maximum(force.sum(axis=1), 1e-9)
    return np.concatenate((truth.foot_cop_mm, both[:, None]), axis=1)


def _outward(foot: Foot) -> Float64:
    """From to the person's right, to lateral."""
    return np.array([1.0 if foot == Foot.RIGHT else -1.0, 1.0])


def _loads(
    counts: np.ndarray,
    scan_s: Float64,
    hello: Hello,
    calibration: Calibration,
    participant: Participant,
):
    number = np.arange(len(counts), dtype=np.int64)
    block = FrameBlock(
        segment=Segment(0, hello, SegmentCause.HELLO, clock_continues=False),
        frame_number=number,
        board_us=np.rint(scan_s * 1e6).astype(np.int64),
        inputs=np.zeros(len(counts), np.uint8),
        counts=counts.astype(np.uint16),
        end_offset=number + 1,
    )
    _, force = mat_force_stage(MatForceState(calibration, body_weight_known=True), block, scan_s)
    length_mm = foot_length_mm(participant.shoe_size_eu)
    state, decided = mat_load_stage(mat_load_state(participant, calibration, length_mm), force)
    return joined_loads([*decided, *finish_mat_loads(state)[1]])


def _equilibrated(build: MatRig, hello: Hello, faults: SensorFaults, seed: int) -> Calibration:
    """Curves of all cells from a bladder's pressures, each held for two seconds."""
    layout = build.layout
    traits = sensor_traits(seed, faults, layout.rows * layout.columns)
    front = matrix_front_end(hello, Calibration().mux_ohm)
    read_us = []
    for kpa in BLADDER_KPA:
        felt = np.full((20, layout.rows * layout.columns), kpa * 1e-3 * layout.cell_area_mm2)
        grid = SensorBank(traits, faults, 10.0).conductance_us(felt)[-4:]
        grid = grid.reshape(-1, layout.rows, layout.columns)
        counts = mat_counts(build, grid, hello, faults, seed).reshape(grid.shape)
        us = cell_conductance_us(counts * np.float64(1.0 / hello.adc_full_scale), front)
        read_us.append(np.median(us, axis=0).ravel())
    curves = equilibrate(BLADDER_KPA, np.array(read_us), layout.cell_area_mm2).curves
    return replace(
        Calibration(identifier="equilibrated"),
        sensel_k_us=tuple(c.k_us for c in curves),
        sensel_exponent=tuple(c.exponent for c in curves),
        sensel_gain_sd=tuple(c.residual_sd for c in curves),
    )


def report(seeds: Iterable[int], rig: str = "mat16", *, equilibrated: bool = False) -> str:
    """Coverage, mean area and errors of each stance as a printed table."""
    lines = [f"{rig}: stance of covered  area mm2  AP rms  ML rms  force error/sd rms  no CoP"]
    subjects = tuple(seeds)
    for name, posture_y in STANCES.items():
        runs = [judged(seed, posture_y, rig, equilibrated=equilibrated) for seed in subjects]
        defined = np.concatenate([run.defined for run in runs])
        inside = np.concatenate([run.inside for run in runs])
        lines.append(f"{name:5} all  {100 * inside[defined].mean():6.1f} %")
        for column, of in enumerate(("left", "right", "both")):
            seen = defined[:, column]
            area = np.concatenate([run.area_mm2[:, column] for run in runs])[seen]
            error = np.concatenate([run.error_mm[:, column] for run in runs])[seen]
            ml, ap = np.sqrt((error**2).mean(axis=0))
            z = np.concatenate([(r.force_error_n / r.force_sd_n)[:, column] for r in runs])
            lines.append(
                f"{name:5} {of:5} {100 * inside[seen, column].mean():6.1f} % {area.mean():8.0f} "
                f"{ap:7.1f} {ml:7.1f} {np.sqrt(np.nanmean(z**2)):8.2f} {100 * (~seen).mean():8.1f} %"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=len(ACCEPTANCE_SEEDS))
    parser.add_argument("--rig", default="mat16", choices=("mat16", "mat32"))
    parser.add_argument("--equilibrated", action="store_true", help="a curve for every cell")
    parser.add_argument("--first-seed", type=int, default=ACCEPTANCE_SEEDS.start)
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.subjects)
    print(report(seeds, asked.rig, equilibrated=asked.equilibrated))


if __name__ == "__main__":
    main()
