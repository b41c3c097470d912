# SPDX-License-Identifier: GPL-3.0-or-later
"""Each drill stays within the ranges of its description, read off the true forces."""

from itertools import pairwise

import numpy as np
import pytest

from rig.layout import Foot
from rig.simulate.motions import PROGRAMME_S, programme_drill_at

SEEDS = range(8)


def _runs(condition):
    """Start and end of each run of True, in samples."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], condition.astype(int), [0]))))
    return edges[::2], edges[1::2]


def _inner(starts, ends, count):
    """Only runs that touch neither end."""
    keep = (starts > 0) & (ends < count)
    return starts[keep], ends[keep]


@pytest.mark.parametrize("seed", SEEDS)
def test_hops(seed, loads_of, body_weight_n):
    load = loads_of("hopping", seed).foot_force_n[3000:] / body_weight_n
    starts, ends = _inner(*_runs(load[:, Foot.RIGHT] > 1e-6), len(load))
    contact_ms, period_ms = ends - starts, np.diff(starts)
    assert contact_ms.min() >= 199
    assert contact_ms.max() <= 301
    assert 2.0 * 0.98 <= 1000.0 / period_ms.mean() <= 3.0 * 1.02
    assert 0.02 <= period_ms.std() / period_ms.mean() <= 0.06
    assert load[:, Foot.LEFT].max() == 0.0
    for start, end, period in zip(starts[:-1], ends[:-1], period_ms, strict=True):
        peak = load[start:end, Foot.RIGHT].max()
        assert peak == pytest.approx(0.5 * np.pi * period / (end - start), rel=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_hops_land_on_the_ball(seed, loads_of):
    loads = loads_of("hopping", seed)
    force = loads.foot_force_n[3000:, Foot.RIGHT]
    heel = loads.region_force_n[3000:, Foot.RIGHT, 0]
    landing = np.flatnonzero((force[:-1] == 0.0) & (force[1:] > 0.0)) + 8
    landing = landing[landing < len(force)]
    assert (heel[landing] / force[landing]).max() < 0.10


@pytest.mark.parametrize("seed", SEEDS)
def test_hopping_starts_quietly_on_two_feet(seed, loads_of, body_weight_n):
    load = loads_of("hopping", seed).foot_force_n[:1500] / body_weight_n
    assert np.abs(load - 0.5).max() < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_taps(seed, loads_of, body_weight_n):
    load = loads_of("tapping", seed).foot_force_n / body_weight_n
    starts, ends = _inner(*_runs(load[:, Foot.RIGHT] > 1e-9), len(load))
    peaks = [load[s:e, Foot.RIGHT].max() for s, e in zip(starts, ends, strict=True)]
    assert starts[0] >= 1500
    assert min(peaks) >= 0.12
    assert max(peaks) <= 0.40
    assert (ends - starts).min() >= 59
    assert (ends - starts).max() <= 181
    assert 1.0 <= 1000.0 / np.diff(starts).mean() <= 3.0
    assert load[:, Foot.LEFT].min() >= 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_pony(seed, loads_of, body_weight_n):
    load = loads_of("pony", seed).foot_force_n / body_weight_n
    assert np.abs(load[:1500] - 0.5).max() < 0.16
    right = load[1500:, Foot.RIGHT] > 0.5
    assert right[200]
    changes = np.flatnonzero(np.diff(right.astype(int)))
    support_ms = np.diff(changes)
    assert support_ms.min() >= 295
    assert support_ms.max() <= 705
    for start, end in pairwise(changes):
        trailing = load[1500 + start : 1500 + end].min()
        assert 0.045 <= trailing <= 0.105
    assert load[2000:].min() >= 0.045


@pytest.mark.parametrize("seed", SEEDS)
def test_stance(seed, loads_of, body_weight_n):
    load = loads_of("stance", seed, 36).foot_force_n / body_weight_n
    assert np.abs(load[:5900] - 0.5).max() < 0.12
    holds = [_runs(load[:, foot] == 0.0) for foot in (Foot.LEFT, Foot.RIGHT)]
    (left_up, left_down), (right_up, _) = holds
    assert len(left_up) == 1
    assert 9_000 <= (left_down - left_up)[0] <= 12_000
    assert right_up[0] > left_down[0] + 5_000


def test_some_supports_touch_with_the_heel_and_most_do_not(loads_of):
    shares = []
    for seed in SEEDS:
        loads = loads_of("hopping", seed)
        force = loads.foot_force_n[3000:, Foot.RIGHT]
        heel = loads.region_force_n[3000:, Foot.RIGHT, 0]
        starts, ends = _inner(*_runs(force > 70.0), len(force))
        shares += [(heel[s:e] / force[s:e]).max() for s, e in zip(starts, ends, strict=True)]
    touched = np.mean(np.array(shares) >= 0.10)
    assert 0.08 <= touched <= 0.24
    assert np.mean(np.array(shares) >= 0.25) >= 0.02


def test_programme_is_announced_as_it_is_done(loads_of, body_weight_n):
    assert [programme_drill_at(t) for t in (0.0, 9.99, 10.0, 18.0, 26.0, PROGRAMME_S)] == [
        "stance",
        "stance",
        "pony",
        "tapping",
        "hopping",
        "stance",
    ]
    load = loads_of(None, 5, 72).foot_force_n / body_weight_n
    for drill_start_s in (0, 10, 18, 26, 34, 44, 52, 60, 68):
        around = load[max(0, drill_start_s * 1000 - 20) : drill_start_s * 1000 + 20]
        assert np.abs(around - 0.5).max() < 0.12, "both feet quiet where one drill follows another"
    flying = load.sum(axis=1) < 0.05
    times = np.flatnonzero(flying) / 1000.0
    assert {programme_drill_at(t) for t in times} == {"hopping"}


def test_nothing_jumps_between_phrases(loads_of, body_weight_n):
    """A half-sine of 3 BW over 0.2 s rises by at most 0.05 BW a millisecond."""
    load = loads_of(None, 6, 72).foot_force_n / body_weight_n
    assert np.abs(np.diff(load, axis=0)).max() < 0.06


def test_feet_leave_and_meet_the_ground_briskly(loads_of, body_weight_n):
    """From 0.15 BW to nothing along a quarter of a sine of 80 ms: 0.1 BW takes 37 ms."""
    load = loads_of("stance", 3, 24).foot_force_n[:, Foot.LEFT] / body_weight_n
    lifted = int(np.flatnonzero(load == 0.0)[0])
    landed = int(np.flatnonzero(load == 0.0)[-1])
    quarter_ms = 80.0 * 2.0 / np.pi * np.arcsin(0.1 / 0.15)
    assert np.flatnonzero(load[:lifted] > 0.1)[-1] == pytest.approx(lifted - quarter_ms, abs=3)
    assert np.flatnonzero(load[landed:] > 0.1)[0] == pytest.approx(quarter_ms, abs=3)
