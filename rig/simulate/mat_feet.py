# SPDX-License-Identifier: GPL-3.0-or-later
"""Feet on a mat: bare or not, arched or not, stepping from place to place; and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rig.errors import SettingsError
from rig.layout.foot import Float64, Foot
from rig.layout.mat import MatLayout
from rig.simulate.body import Subject, TrueLoads
from rig.simulate.load_field import LoadField, load_field
from rig.simulate.mat_field import FootPlacement, Stand, has_room
from rig.simulate.phrases import DENSE_RATE_HZ
from rig.simulate.truth import Truth, find_truth

BAREFOOT_NARROWING = 0.6
"""Kernel widths of a bare foot over those of a shod one (design choice)."""
_MID, _ARCH_TO = 1, {0: 0.47, 5: 0.20, 6: 0.33}
"""Heel, MT4 and MT5 take over the midfoot's load, in parts that leave the centre of pressure."""
_AIRBORNE_N, _AIRBORNE_S = 1.0, 0.060
_STEP_MM, _STEP_DEG, _STEP_TRIES = 25.0, 6.0, 100
"""Standard deviations of where a foot comes down again (design choices)."""


@dataclass(frozen=True, slots=True)
class MatSubject(Subject):
    """Who stands on the mat, in shoes or barefoot."""

    barefoot: bool = False

    @property
    def field(self) -> LoadField:
        narrowing = BAREFOOT_NARROWING if self.barefoot else 1.0
        return load_field(self.foot_length_mm, self.seed, narrowing)


@dataclass(frozen=True, slots=True, eq=False)
class MatTruth:
    """What really happened on the mat; n dense samples.

    Attributes
    ----------
    truth : Truth
        Contacts, repetitions and loads as for insoles, each foot in its own frame; its `t_s` (n,) is
        board seconds since the first scan.
    heel_mm : (n, 2, 2) float64
        Each foot's heel edge in the mat frame; a foot in the air is where it will come down or came
        from.
    axis_deg : (n, 2) float64
        Each foot's long axis, clockwise from straight ahead.
    foot_cop_mm : (n, 2, 2) float64
        Of each foot in the mat frame; NaN where it bears less than 0.10 of the body weight.
    cop_mm : (n, 2) float64
        Of both together in the mat frame; NaN in flight.
    stands : of Stand
        Where the feet were put, and from when on.
    """

    truth: Truth
    heel_mm: Float64
    axis_deg: Float64
    foot_cop_mm: Float64
    cop_mm: Float64
    stands: tuple[Stand, ...]


def high_arched(loads: TrueLoads, subject: Subject) -> TrueLoads:
    """The same movement on feet whose midfoot bears nothing."""
    kernels = loads.kernel_force_n.copy()
    for kernel, part in _ARCH_TO.items():
        kernels[:, :, kernel] += part * kernels[:, :, _MID]
    kernels[:, :, _MID] = 0.0
    foot_cop = _places_mm(kernels, subject.field) * np.array([[-1.0, 1.0], [1.0, 1.0]])
    foot_cop[np.isnan(loads.foot_cop_mm)] = np.nan
    return replace(
        loads,
        kernel_force_n=kernels,
        region_force_n=kernels @ subject.field.regions,
        foot_cop_mm=foot_cop,
    )


def _places_mm(kernel_force_n: Float64, field: LoadField) -> Float64:
    """(n, 2, 2) centroid of each foot's field in the foot frame, lateral and forward."""
    total = kernel_force_n.sum(axis=2, keepdims=True)
    moment = kernel_force_n @ field.centroid_mm
    return np.divide(moment, total, out=np.full_like(moment, np.nan), where=total > 1e-9)


def stands_for(placement: Stand | tuple[Stand, ...]) -> tuple[Stand, ...]:
    """One or several stands in the order of their times.

    Raises
    ------
    SettingsError
        None at all, or not in order from time 0 on.
    """
    stands = (placement,) if isinstance(placement, Stand) else placement
    times = [stand.from_s for stand in stands]
    if not stands or times[0] > 0.0 or times != sorted(times):
        raise SettingsError(
            "Placements on a mat must begin at 0 s and follow one another in time; put them in order."
        )
    return stands


def stepping_stands(
    first: Stand, loads: TrueLoads, subject: Subject, layout: MatLayout
) -> tuple[Stand, ...]:
    """A foot that was in the air comes down somewhere near, and turned a little.

    It moves in the middle of its flight; where there is no room it keeps its place.
    """
    rng = np.random.default_rng([subject.seed, 47])
    flights = sorted(
        (middle_s, foot) for foot in Foot for middle_s in _flights(loads.foot_force_n[:, foot])
    )
    stands = [first]
    for middle_s, foot in flights:
        for _ in range(_STEP_TRIES):
            stand = replace(_stepped(stands[-1], foot, rng), from_s=middle_s)
            if has_room(stand, layout, subject.foot_length_mm):
                stands.append(stand)
                break
    return tuple(stands)


def _flights(force_n: Float64) -> list[float]:
    """Middle of each stretch without load, in seconds; those at the ends of the data left out."""
    airborne = (force_n < _AIRBORNE_N).astype(np.int8)
    edges = np.flatnonzero(np.diff(airborne)) + 1
    if airborne[0]:
        edges = edges[1:]
    spans = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=False)
    return [
        0.5 * (start + end) / DENSE_RATE_HZ
        for start, end in spans
        if end - start >= _AIRBORNE_S * DENSE_RATE_HZ
    ]


def _stepped(stand: Stand, foot: Foot, rng: np.random.Generator) -> Stand:
    old = stand.of(foot)
    across, ahead = rng.normal(0.0, _STEP_MM, 2)
    turned = float(np.clip(old.toe_out_deg + rng.normal(0.0, _STEP_DEG), -5.0, 30.0))
    return stand.with_foot(foot, FootPlacement(old.x_mm + across, old.y_mm + ahead, turned))


def mat_truth(
    loads: TrueLoads,
    subject: Subject,
    stands: tuple[Stand, ...],
    motion: str,
    clock_ppm: float,
) -> MatTruth:
    """All that can be said of loads whose first sample lies under the first scan."""
    true_s = np.arange(len(loads)) / DENSE_RATE_HZ
    heel, axis = np.empty((len(loads), 2, 2)), np.empty((len(loads), 2))
    cop = _places_mm(loads.kernel_force_n, subject.field)
    ends = [*(stand.from_s for stand in stands[1:]), np.inf]
    for stand, end_s in zip(stands, ends, strict=True):
        at = (true_s >= stand.from_s) & (true_s < end_s)
        for foot in Foot:
            place = stand.of(foot)
            heel[at, foot] = place.x_mm, place.y_mm
            axis[at, foot] = place.axis_deg(foot)
            cop[at, foot] = place.to_mat_mm(foot, cop[at, foot])
    force = loads.foot_force_n
    moment = np.where(force[:, :, None] > 1e-9, force[:, :, None] * cop, 0.0).sum(axis=1)
    total = force.sum(axis=1)[:, None]
    both = np.divide(moment, total, out=np.full_like(moment, np.nan), where=total > 1e-9)
    cop[force < 0.10 * subject.body_weight_n] = np.nan
    on_board_s = true_s * (1.0 + clock_ppm * 1e-6)
    truth = find_truth(
        on_board_s, loads, motion, subject.working, subject.body_weight_n, subject.field
    )
    return MatTruth(truth, heel, axis, cop, both, stands)
