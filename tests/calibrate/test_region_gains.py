# SPDX-License-Identifier: GPL-3.0-or-later
"""Region gains from stances whose loads are made by hand."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.region_gains import (
    STANCES,
    UNKNOWN_SD,
    StanceTaken,
    solve_region_gains,
    stance_from_counts,
)
from rig.errors import SettingsError
from rig.layout import insole_layout
from rig.layout.insole import PAD_AREA_MM2

WEIGHT_N = 700.0
SHARES = {
    "heel": (0.70, 0.10, 0.15, 0.05),
    "flat": (0.45, 0.10, 0.35, 0.10),
    "ball": (0.10, 0.10, 0.65, 0.15),
    "toes": (0.02, 0.03, 0.60, 0.35),
}


def _taken(true_gain, shares=SHARES, names=STANCES):
    """What regions read by area when their true loads are the shares of half the weight a foot."""
    return [
        StanceTaken(
            name,
            np.broadcast_to(
                0.5 * WEIGHT_N * np.array(shares[name]) / np.reshape(true_gain, (2, 4)), (10, 2, 4)
            ),
        )
        for name in names
    ]


def test_one_gain_for_all_comes_back():
    found = solve_region_gains(_taken([0.8] * 8), WEIGHT_N)
    assert found.gain == pytest.approx([0.8] * 8, rel=1e-6)
    assert max(map(abs, found.residual.values())) < 1e-6


def test_regions_that_catch_less_get_more_and_totals_come_nearer():
    true = np.array([0.7, 0.8, 1.0, 0.8] * 2)
    taken = _taken(true)
    found = solve_region_gains(taken, WEIGHT_N)
    gain = np.array(found.gain)
    assert gain[:4] == pytest.approx(gain[4:], rel=1e-6)
    assert gain[0] < gain[3] < gain[2]
    common = WEIGHT_N / np.mean([t.region_n.sum(axis=(1, 2)).mean() for t in taken])
    for stance in taken:
        alone = stance.region_n.sum(axis=(1, 2)).mean() * common / WEIGHT_N - 1.0
        assert abs(found.residual[stance.name]) < abs(alone)


def test_a_region_that_never_bore_load_is_the_least_sure():
    shares = {name: (h, 0.0, m + b, t) for name, (h, m, b, t) in SHARES.items()}
    found = solve_region_gains(_taken([0.8] * 8, shares), WEIGHT_N)
    assert found.gain[1] == pytest.approx(0.8, rel=1e-6)
    assert (found.gain_sd[1], found.gain_sd[5]) == pytest.approx((UNKNOWN_SD, UNKNOWN_SD))
    assert max(np.delete(found.gain_sd, [1, 5])) < 0.98 * UNKNOWN_SD


def test_standard_errors_cover_the_feet_that_they_were_made_for():
    """Gains that scatter by 10 % are found again with a scatter of what is stated."""
    rng = np.random.default_rng(5)
    off = []
    for _ in range(300):
        true = np.clip(1.0 + UNKNOWN_SD * rng.standard_normal(8), 0.7, 1.3)
        found = solve_region_gains(_taken(true), WEIGHT_N)
        off.append((np.array(found.gain) / true - 1.0) / np.array(found.gain_sd))
    spread = np.sqrt((np.array(off) ** 2).mean(axis=0))
    assert 0.5 < spread.min() < spread.max() < 1.5


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (_taken([1.0] * 8, names=STANCES[:3]), "'toes' is missing"),
        (
            _taken([1.0] * 8, SHARES | {"heel": SHARES["flat"]}),
            "heel stance loads the heels hardly",
        ),
        (_taken([1.0] * 8, SHARES | {"toes": SHARES["flat"]}), "toes stance loads the toes hardly"),
        (_taken([7.0] * 8), "cannot be a person of 700 N"),
    ],
)
def test_stances_that_cannot_be_are_refused(taken, words):
    with pytest.raises(SettingsError, match=words):
        solve_region_gains(taken, WEIGHT_N)


def _counts(pad_n, n=5000):
    """Counts of a force on each pad: c = N Rm G / (1 + Rm G), G = 100 uS/N, no mux."""
    rm_g = np.broadcast_to(np.asarray(pad_n, float), (n, 32)) * 0.1
    return np.rint(1000.0 * rm_g / (1.0 + rm_g)).astype(np.uint16)


def test_regions_are_summed_by_area(make_hello):
    plain = Calibration(mux_ohm=0.0, tare_force_n=(0.5,) * 32)
    taken = stance_from_counts("flat", _counts(2.5), make_hello(), plain, 265.0)
    layout = insole_layout(265.0)
    heel_n = 2.0 * layout.tributary_mm2[:4].sum() / PAD_AREA_MM2
    assert taken.region_n.shape == (10, 2, 4)
    assert taken.region_n[:, :, 0] == pytest.approx(heel_n, rel=5e-3)  # counts are whole numbers


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (_counts(2.5, 2000), "Too few frames"),
        (_counts([0.01] * 16 + [5.0] * 16), "next to nothing"),
        (_counts(np.repeat([2.0, 3.0], 2500)[:, None] * np.ones(32)), "moved or stepped"),
        (np.zeros((5000, 16), np.uint16), "32 pads"),
    ],
)
def test_a_stance_that_cannot_be_is_refused(make_hello, counts, words):
    with pytest.raises(SettingsError, match=words):
        stance_from_counts("flat", counts, make_hello(), Calibration(mux_ohm=0.0), 265.0)
