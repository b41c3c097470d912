# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do beside the drills, drawn by hand, is given no drill's name."""

from __future__ import annotations

import numpy as np
import pytest

from rig.analysis.movement import GRID_HZ, Movement
from rig.analysis.recognise import UNKNOWN, recognised
from rig.calibrate.force_block import Float64
from rig.layout import Foot

SECONDS = 20.0
ON_BW = 0.06
T_S = (np.arange(round(SECONDS * GRID_HZ)) + 0.5) / GRID_HZ


def _movement(left: Float64, right: Float64, heel_share: float, y: float) -> Movement:
    """Feet that bear `left` and `right` body weights, always at the same place on the sole."""
    u = np.column_stack((left, right))
    bears = u >= 0.10
    contacts = []
    for foot in Foot:
        edges = np.flatnonzero(np.diff((u[:, foot] > ON_BW).astype(np.int8)))
        if len(edges) and u[0, foot] > ON_BW:
            edges = edges[1:]
        for on, off in edges[: len(edges) // 2 * 2].reshape(-1, 2).tolist():
            contacts.append((T_S[on], foot, T_S[off], u[on : off + 1, foot].max()))
    rows = np.array(sorted(contacts)).reshape(-1, 4)
    up = np.flatnonzero(np.diff(np.concatenate(([0], (u < ON_BW).all(axis=1), [0]))))
    flights = T_S[np.minimum(up, len(T_S) - 1)].reshape(-1, 2)
    return Movement(
        t_s=T_S,
        u=u,
        heel_share=np.where(bears, heel_share, np.nan),
        y=np.where(bears, y, np.nan),
        foot=rows[:, 1].astype(np.int64),
        on_s=rows[:, 0],
        off_s=rows[:, 2],
        peak_bw=rows[:, 3],
        landing_heel=np.full(len(rows), heel_share),
        roll=np.full(len(rows), 0.03),
        flights=flights,
    )


def _half_sines(period_s: float, contact_s: float, late_s: float = 0.0) -> Float64:
    """Contacts whose mean over a period is one body weight."""
    phase = np.mod(T_S - late_s, period_s) / contact_s
    shape = np.where(phase < 1.0, np.sin(np.pi * np.minimum(phase, 1.0)), 0.0)
    return 0.5 * np.pi * period_s / contact_s * shape


def _jumps_on_both_feet() -> Movement:
    both = 0.5 * _half_sines(0.6, 0.28)
    return _movement(both, both, 0.02, 0.72)


def _squats() -> Movement:
    both = 0.5 * (1.0 + 0.25 * np.sin(2.0 * np.pi * 0.4 * T_S))
    return _movement(both, both, 0.5, 0.40)


def _stands_up_from_a_chair() -> Movement:
    """Once in 5 s: a fifth of the weight on the feet, then 1.2 times it, then all of it."""
    total = np.interp(
        np.mod(T_S, 5.0), [0.0, 1.0, 1.5, 2.0, 4.0, 5.0], [0.2, 0.2, 1.2, 1.0, 1.0, 0.2]
    )
    return _movement(0.5 * total, 0.5 * total, 0.45, 0.42)


def _steps_on_the_spot() -> Movement:
    """As if climbing stairs, on the whole sole."""
    left = np.clip(0.5 + 0.9 * np.sin(2.0 * np.pi * 0.8 * T_S), 0.0, 1.0)
    return _movement(left, 1.0 - left, 0.35, 0.48)


def _runs_heel_first() -> Movement:
    left, right = 0.5 * _half_sines(0.68, 0.26), 0.5 * _half_sines(0.68, 0.26, 0.34)
    return _movement(left, right, 0.95, 0.62)


def _stands_flat_on_one_leg() -> Movement:
    right = 1.0 + 0.02 * np.sin(2.0 * np.pi * T_S)
    return _movement(np.zeros_like(right), right, 0.40, 0.50)


def _noise() -> Movement:
    rng = np.random.default_rng(3)
    return _movement(rng.random(len(T_S)), rng.random(len(T_S)), 0.2, 0.6)


@pytest.mark.parametrize(
    "done",
    [
        _jumps_on_both_feet,
        _squats,
        _stands_up_from_a_chair,
        _steps_on_the_spot,
        _runs_heel_first,
        _stands_flat_on_one_leg,
        _noise,
    ],
)
def test_what_is_no_drill_has_no_name(done) -> None:
    assert {s.drill for s in recognised(done())} == {UNKNOWN}


def test_the_same_on_the_balls_of_the_feet_has_one() -> None:
    """The drawings above miss a drill by what they say, not by how they are drawn."""
    right = 1.0 + 0.02 * np.sin(2.0 * np.pi * T_S)
    held = _movement(np.zeros_like(right), right, 0.05, 0.68)
    assert {(s.drill, s.side) for s in recognised(held)} == {("stance", Foot.RIGHT)}
    hops = _movement(np.zeros_like(T_S), _half_sines(0.5, 0.26), 0.02, 0.72)
    assert {(s.drill, s.side) for s in recognised(hops)} == {("hopping", Foot.RIGHT)}
    steps = 0.5 * _half_sines(0.66, 0.23), 0.5 * _half_sines(0.66, 0.23, 0.33)
    run = _movement(*steps, 0.02, 0.72)
    assert {s.drill for s in recognised(run)} == {"running-lunge"}
