# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pads of a lifted foot still read: tracked, and taken off only after a deliberate lift.

Every time a foot has been off the ground for 80 ms its pads' readings are followed with a time constant
of 5 s. This drift is not taken off all the time, because most of it is the residual of the last peak,
which is there under an unloaded foot and not under a loaded one: to take it off makes peaks read too
low, and the contact stage already reads slow drills above the same baseline, so it would count twice.
Only when a foot's drift exceeds its bound is a lift of two seconds asked for; the drift of that lift is
taken off once the foot is down again, so that nothing changes under a foot that is being watched for
touching down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.calibrate.health_results import HealthKind
from rig.calibrate.health_rules import SAMPLE_HZ
from rig.calibrate.health_windows import PADS_A_FOOT, SENSELS
from rig.layout import Foot, Region
from rig.layout.insole import SENSOR_REGIONS

OFF_SAMPLES = round(0.080 * SAMPLE_HZ)
TIME_CONSTANT_S = 5.0
LIFT_SAMPLES = 2 * SAMPLE_HZ
DRIFT_BOUND_N = 5.0
"""Sum of a foot's pads, 35 to 50 N of foot force: about the 5 % of the body weight that a tare
accepts at most (design choice)."""
STOOD_N = 20.0
"""Sum of a foot's pads from which it stands again after a lift."""
OTHER_BEARS_N = 20.0
"""Mean sum of the other foot's pads while a lift counts: somebody who sits has both feet on the ground,
lightly and steadily (design choice)."""
HEEL_PART = 0.1
"""Of the drift that the heel's pads must read: a whole insole drifts, but a rear foot that drags or
rests on its toes, steadily and lightly, bears nothing on its heel (design choice)."""
HEEL = SENSOR_REGIONS == Region.HEEL
_T = TypeVar("_T")
RESTING_SD_N = 0.5
"""A foot in the air reads steadily; one whose toes stay down does not (design choice)."""
DriftFound = tuple[Foot, HealthKind, float]


@dataclass(frozen=True, slots=True, eq=False)
class DriftState:
    """`drift_n`, `zero_n` (32,): tracked, and taken off; `off_samples` (2,) since each foot was lifted.

    `asked`: a lift was asked for; `lifted_n` (32,): what that lift showed, for when the foot is down.
    """

    drift_n: Float64 = field(default_factory=lambda: np.zeros(SENSELS))
    zero_n: Float64 = field(default_factory=lambda: np.zeros(SENSELS))
    off_samples: tuple[int, int] = (0, 0)
    asked: tuple[bool, bool] = (False, False)
    lifted_n: tuple[Float64 | None, Float64 | None] = (None, None)


def follow_drift(
    state: DriftState, pads_n: Float64, feet_n: Float64, off: Int64
) -> tuple[DriftState, list[DriftFound]]:
    """One more window; found are (foot, DRIFTED or REZEROED, newtons on pads).

    Parameters
    ----------
    pads_n : (m, 32)
        Of believed pads above `zero_n`, 0 of the others.
    feet_n : (m, 2)
        Their sum by foot.
    off : (2, m) int64
        `off_samples` of `feet_n`.
    """
    found: list[DriftFound] = []
    before = state.off_samples
    since = _since_before(off[0], before[0]), _since_before(off[1], before[1])
    now = since[0].item(-1), since[1].item(-1)
    if now != before:
        state = replace(state, off_samples=now)
    for foot in Foot:
        state = _follow_foot(state, foot, pads_n, feet_n, since[foot], found)
    return state, found


def _follow_foot(
    state: DriftState,
    foot: Foot,
    read_n: Float64,
    feet_n: Float64,
    since: Int64,
    found: list[DriftFound],
) -> DriftState:
    settled = (since > OFF_SAMPLES).nonzero()[0]
    pads = slice(foot * PADS_A_FOOT, (foot + 1) * PADS_A_FOOT)
    if len(settled) and _rests(feet_n.take(settled, axis=0), foot):
        mean_n = np.add.reduce(read_n[settled, pads]) / len(settled)
        drift_n = state.drift_n.copy()
        gain = -np.expm1(-float(len(settled)) / (SAMPLE_HZ * TIME_CONSTANT_S))
        drift_n[pads] += gain * (mean_n - drift_n[pads])
        state = replace(state, drift_n=drift_n)
        if state.asked[foot] and since[-1] >= LIFT_SAMPLES:
            state = replace(state, lifted_n=_with(state.lifted_n, foot, value=mean_n))
        total_n = float(drift_n[pads].sum())
        heel_n = float(drift_n[pads][HEEL].sum())
        if not state.asked[foot] and total_n > DRIFT_BOUND_N and heel_n > HEEL_PART * total_n:
            found.append((foot, HealthKind.DRIFTED, total_n))
            return replace(state, asked=_with(state.asked, foot, value=True))
    lifted_n = state.lifted_n[foot]
    if lifted_n is None or since[-1] >= LIFT_SAMPLES or feet_n[:, foot].max() <= STOOD_N:
        return state
    return _rezeroed(state, foot, lifted_n, pads, found)


def _since_before(off: Int64, before: int) -> Int64:
    """The same counted from before the window: for `before` samples at its start."""
    if before == 0 or off[0] == 0:
        return off
    return np.where(off == np.arange(1, len(off) + 1), off + before, off)


def _rests(feet_n: Float64, foot: Foot) -> bool:
    """Whether the foot reads steadily in these samples (m, 2), m > 0, while the other bears the body."""
    own_n = feet_n[:, foot]
    off_mean_n = own_n - np.add.reduce(own_n) / len(own_n)
    steady = math.sqrt(np.add.reduce(off_mean_n * off_mean_n) / len(own_n)) <= RESTING_SD_N
    return steady and np.add.reduce(feet_n[:, 1 - foot]) / len(own_n) > OTHER_BEARS_N


def _rezeroed(
    state: DriftState, foot: Foot, lifted_n: Float64, pads: slice, found: list[DriftFound]
) -> DriftState:
    found.append((foot, HealthKind.REZEROED, float(lifted_n.sum())))
    zero_n, drift_n = state.zero_n.copy(), state.drift_n.copy()
    zero_n[pads] += lifted_n
    drift_n[pads] = 0.0
    return replace(
        state,
        zero_n=zero_n,
        drift_n=drift_n,
        asked=_with(state.asked, foot, value=False),
        lifted_n=_with(state.lifted_n, foot, value=None),
    )


def _with(pair: tuple[_T, _T], foot: Foot, *, value: _T) -> tuple[_T, _T]:
    """The pair with one foot's value changed."""
    return (value, pair[1]) if foot == Foot.LEFT else (pair[0], value)
