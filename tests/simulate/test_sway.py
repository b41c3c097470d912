# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway against the table of sizes, velocities and areas that its rows are known to yield."""

import numpy as np
import pytest

from rig.simulate.sway import (
    EYES_CLOSED,
    EYES_OPEN,
    FOAM,
    SINGLE_LEG,
    DenseSway,
    SwaySource,
)

TRIALS, TRIAL_SAMPLES = 120, 3000
EXPECTED = {
    "eyes open": (EYES_OPEN, 4.3, 2.8, 7.0, 215.0),
    "eyes closed": (EYES_CLOSED, 5.1, 3.1, 11.0, 290.0),
    "eyes closed on foam": (FOAM, 9.9, 6.9, 30.0, 1270.0),
    "single leg": (SINGLE_LEG, 5.7, 5.3, 35.0, 560.0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_thirty_second_means(name):
    condition, ap_mm, ml_mm, velocity_mm_s, area_mm2 = EXPECTED[name]
    sway = SwaySource(condition, np.random.default_rng(5)).next(TRIALS * TRIAL_SAMPLES)
    trials = sway.reshape(TRIALS, TRIAL_SAMPLES, 2)
    centred = trials - trials.mean(axis=1, keepdims=True)
    rms = np.sqrt((centred**2).mean(axis=1)).mean(axis=0)
    steps = np.diff(trials, axis=1)
    velocity = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1).mean() / 30.0
    areas = [18.82 * np.sqrt(np.linalg.det(np.cov(trial.T))) for trial in trials]
    assert rms == pytest.approx([ap_mm, ml_mm], rel=0.10)
    assert velocity == pytest.approx(velocity_mm_s, rel=0.10)
    assert np.mean(areas) == pytest.approx(area_mm2, rel=0.15)


def test_the_same_sway_however_it_is_drawn():
    whole = SwaySource(EYES_OPEN, np.random.default_rng(1)).next(100)
    source = SwaySource(EYES_OPEN, np.random.default_rng(1))
    pieces = np.concatenate([source.next(n) for n in (1, 30, 69)])
    np.testing.assert_allclose(pieces, whole, rtol=1e-12)


def test_dense_sway_passes_through_its_own_samples():
    coarse = SwaySource(SINGLE_LEG, np.random.default_rng(2)).next(41)
    dense = DenseSway(SwaySource(SINGLE_LEG, np.random.default_rng(2)), 1000)
    drawn = np.concatenate([dense.next(200), dense.next(200)])
    np.testing.assert_allclose(drawn[::10], coarse[:40], rtol=1e-12)
    np.testing.assert_allclose(drawn[5::10], 0.5 * (coarse[:40] + coarse[1:]), rtol=1e-9)
