# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectrum, diffusion and entropy against processes whose answers are known."""

import math

import numpy as np
import pytest
from pyentrp import entropy
from scipy import integrate, signal

from rig.balance.diffusion import diffusion, mean_squared_displacement
from rig.balance.entropy import sample_entropy, sway_entropy
from rig.balance.spectrum import sway_spectrum

RATE_HZ = 100.0


def fractional_brownian(hurst: float, count: int, step_s: float, rng: np.random.Generator):
    """Exact fractional Brownian motion of unit variance at 1 s (circulant embedding, Davies & Harte
    1987): E (x[t + d] - x[t])^2 = d^(2 H)."""
    lag = np.arange(count + 1, dtype=np.float64)
    gamma = 0.5 * (
        np.abs(lag + 1) ** (2 * hurst) - 2 * lag ** (2 * hurst) + np.abs(lag - 1) ** (2 * hurst)
    )
    row = np.concatenate((gamma, gamma[-2:0:-1]))
    weights = np.maximum(np.fft.fft(row).real, 0.0)
    noise = rng.standard_normal(len(row)) + 1j * rng.standard_normal(len(row))
    steps = np.fft.fft(np.sqrt(weights / len(row)) * noise).real[:count]
    return np.cumsum(steps) * step_s**hurst


def mean_and_error(values):
    return np.mean(values), np.std(values, ddof=1) / math.sqrt(len(values))


@pytest.mark.parametrize("hurst", [0.3, 0.5, 0.7])
def test_fractional_brownian_motion_gives_its_own_exponent(hurst):
    """The mean over realizations lies within four of its standard errors, which are small enough to
    tell these exponents apart."""
    rng = np.random.default_rng(10_010)
    found = [diffusion(fractional_brownian(hurst, 6000, 0.01, rng), RATE_HZ) for _ in range(40)]
    mean, error = mean_and_error([f.hurst_short for f in found])
    # 600 intervals of a second each: the finite record biases a logarithm by about 1 / (2 * 60)
    assert mean == pytest.approx(hurst, abs=4.0 * error + 1.0 / 120.0)
    assert error < 0.02


def test_brownian_motion_gives_its_diffusion_coefficient():
    """E MSD = d, so D = 1/2 in the short region, without bias."""
    rng = np.random.default_rng(10_011)
    walks = rng.standard_normal((60, 6000)).cumsum(axis=1) * 0.1
    mean, error = mean_and_error([diffusion(walk, RATE_HZ).short_mm2_s for walk in walks])
    assert mean == pytest.approx(0.5, abs=4.0 * error)
    assert error < 0.03


def test_displacements_worked_by_hand():
    assert mean_squared_displacement(np.array([0.0, 1.0, 3.0, 6.0]), 2) == pytest.approx(
        [(1 + 4 + 9) / 3, (9 + 25) / 2]
    )


def test_two_straight_regions_cross_where_they_were_made_to():
    """A bounded process: MSD of an Ornstein-Uhlenbeck process is 2 v (1 - exp(-d / tau)); the fitted
    lines of the exact curve are what the estimate must come to on average."""
    tau_s, variance = 0.5, 4.0
    keep = math.exp(-0.01 / tau_s)
    rng = np.random.default_rng(10_012)
    noise = rng.standard_normal((40, 8000)) * math.sqrt(variance * (1.0 - keep**2))
    walks = signal.lfilter([1.0], [1.0, -keep], noise, axis=1)[:, 2000:]
    lag_s = np.arange(1, 1001) * 0.01
    exact = 2.0 * variance * (1.0 - np.exp(-lag_s / tau_s))
    slope = np.polyfit(lag_s[lag_s < 1.0], exact[lag_s < 1.0], 1)[0]
    mean, error = mean_and_error([diffusion(walk, RATE_HZ).short_mm2_s for walk in walks])
    assert mean == pytest.approx(slope / 2.0, abs=4.0 * error)
    crossing, crossing_error = mean_and_error(
        [diffusion(walk, RATE_HZ).critical_time_s for walk in walks]
    )
    assert 0.0 < crossing < 2.0
    assert crossing_error < 0.2


def test_too_short_for_diffusion_and_spectrum_says_nothing():
    short = np.random.default_rng(1).standard_normal(1500)
    assert math.isnan(diffusion(short, RATE_HZ).short_mm2_s)
    assert math.isnan(sway_spectrum(short, RATE_HZ).f50_hz)


def test_white_noise_fills_its_band_evenly():
    """Flat power from 0.15 to 5 Hz: f50, f95, centroid and dispersion are those of a uniform band.

    Over n independent Welch estimates a share p of the power has a standard error of
    sqrt(p (1 - p) / (bins * n)) of the band.
    """
    noise = np.random.default_rng(10_013).standard_normal(400_000)
    found = sway_spectrum(noise, RATE_HZ)
    low, high = 0.15, 5.0
    segments, bins = 400_000 / 2000, (high - low) / 0.05
    error = (high - low) / math.sqrt(segments * bins)
    assert found.f50_hz == pytest.approx(low + 0.50 * (high - low), abs=4 * 0.5 * error + 0.05)
    assert found.f95_hz == pytest.approx(low + 0.95 * (high - low), abs=4 * 0.22 * error + 0.05)
    m0, m1, m2 = (integrate.quad(lambda f, k=k: f**k, low, high)[0] for k in (0, 1, 2))
    assert found.centroid_hz == pytest.approx(math.sqrt(m2 / m0), abs=2 * error + 0.025)
    assert found.dispersion == pytest.approx(math.sqrt(1 - m1**2 / (m0 * m2)), abs=2 * error + 0.01)


def test_the_spectrum_agrees_with_a_plain_periodogram_average():
    """SciPy's own short-time transform, averaged by hand, holds the same shares of power."""
    t_s = np.arange(6000) / RATE_HZ
    sway = np.sin(2 * np.pi * 0.3 * t_s) + 0.5 * np.sin(2 * np.pi * 1.2 * t_s)
    pieces = np.stack([sway[at : at + 2000] for at in (0, 1000, 2000, 3000, 4000)])
    frequency_hz, power = signal.periodogram(pieces, RATE_HZ, window="hann", detrend="constant")
    band = (frequency_hz >= 0.15) & (frequency_hz <= 5.0)
    held = np.cumsum(power.mean(axis=0)[band])
    expected = [frequency_hz[band][np.argmax(held >= p * held[-1])] for p in (0.5, 0.95)]
    found = sway_spectrum(sway, RATE_HZ)
    assert [found.f50_hz, found.f95_hz] == pytest.approx(expected)
    assert found.f50_hz == pytest.approx(0.3, abs=0.05)
    assert found.f95_hz == pytest.approx(1.2, abs=0.05)


@pytest.mark.parametrize("seed", [10_020, 10_021, 10_022])
@pytest.mark.parametrize("kind", ["white", "walk", "sine"])
def test_sample_entropy_agrees_with_a_published_implementation(seed, kind):
    """PyEntropy (Donets and others) counts the same templates, for m = 0, 1 and 2."""
    rng = np.random.default_rng(seed)
    series = {
        "white": rng.standard_normal(600),
        "walk": rng.standard_normal(600).cumsum(),
        "sine": np.sin(np.arange(600) / 7.0) + 0.1 * rng.standard_normal(600),
    }[kind]
    theirs = entropy.sample_entropy(series, 3, 0.2 * series.std())[2]
    assert sample_entropy(series) == pytest.approx(theirs, rel=1e-12)


def test_white_noise_has_the_entropy_of_independent_samples():
    """Two independent normal samples lie within r with probability erf(r / 2); -ln of it is the
    entropy. The count of A matches has a relative standard error below 1 / sqrt(A) * 3 (templates
    share samples)."""
    series = np.random.default_rng(10_030).standard_normal(4000)
    expected = -math.log(math.erf(0.2 / 2.0))
    matches = 4000**2 / 2 * math.erf(0.1) ** 3
    assert sample_entropy(series) == pytest.approx(expected, abs=4.0 * 3.0 / math.sqrt(matches))


def test_a_regular_series_worked_by_hand():
    """0 1 0 1 0 1: of length 2 there are (01 10 01 10), two pairs match; of length 3 also two."""
    assert sample_entropy(np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])) == pytest.approx(0.0)


def test_entropy_is_taken_at_one_rate_whatever_the_recordings():
    t_s = np.arange(60 * 200) / 200.0
    rng = np.random.default_rng(10_031)
    phases = rng.uniform(0, 2 * np.pi, 40)
    tones = np.linspace(0.1, 3.0, 40)
    sway = np.sin(2 * np.pi * np.outer(t_s, tones) + phases).sum(axis=1)
    fast, slow = sway_entropy(sway, 200.0), sway_entropy(sway[::2], 100.0)
    assert fast == pytest.approx(slow, rel=0.02)
    assert math.isnan(sway_entropy(sway[:100], 10.0))


def test_entropy_of_hours_is_left_out():
    """Pairs grow with the square of the time: a day would take hours to count."""
    noise = np.random.default_rng(10_032).standard_normal(36_001)
    assert math.isnan(sway_entropy(noise, 20.0))
    assert math.isfinite(sway_entropy(noise[:4000], 20.0))


def test_a_motion_that_comes_back_exactly_has_no_exponent():
    """Its displacement is 2 a^2 (1 - cos(w lag)) / 2, which is zero at whole periods."""
    t_s = np.arange(6000) / 100.0
    found = diffusion(5.0 * np.sin(2 * np.pi * 0.5 * t_s), 100.0)
    assert math.isnan(found.hurst_long)
    assert math.isnan(found.hurst_short)
