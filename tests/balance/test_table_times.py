# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates and times out of printed times: what was set is found again, whatever digits are left."""

import numpy as np
import pytest

from rig.balance.table_times import even_times

RATES_HZ = (10.0, 25.0, 30.0, 50.0, 59.94, 60000 / 1001, 60.0, 64.0, 75.0, 90.0, 100.0, 120.0,
            128.0, 200.0, 240.0, 250.0, 256.0, 300.0, 500.0, 1000.0)  # fmt: skip
PRINTED = [
    (rate_hz, digits)
    for rate_hz in RATES_HZ
    for digits in (2, 3, 4, 6)
    if 10.0**-digits <= 1.0 / rate_hz * (1.0 + 1e-9)
]


def _printed(t_s, digits):
    return np.array([float(f"{t:.{digits}f}") for t in t_s])


@pytest.mark.parametrize(("rate_hz", "digits"), PRINTED)
@pytest.mark.parametrize("start_s", [0.0, 17.3])
def test_printed_times_give_the_rate_that_was_set(rate_hz, digits, start_s):
    """Times within half a digit leave the rate open by a digit over the whole time."""
    t_s = start_s + np.arange(round(30 * rate_hz)) / rate_hz
    found = even_times(_printed(t_s, digits), 10.0**-digits)
    usual = rate_hz in (59.94, 60000 / 1001)
    assert found.rate_hz == pytest.approx(rate_hz, rel=1e-5 if usual else 1e-12)
    assert np.abs(found.t_s - t_s).max() <= 1.5 * 10.0**-digits
    steps = np.diff(found.t_s) * rate_hz
    assert np.allclose(steps, 1.0, atol=1e-4)


@pytest.mark.parametrize(
    ("rate_hz", "digits"), [(60, 3), (60, 2), (75, 3), (64, 3), (100, 2), (1000, 3)]
)
def test_rows_left_out_are_found(rate_hz, digits):
    """Every 97th row is not there, and a tenth of a second in the middle."""
    index = np.arange(30 * rate_hz)
    middle = len(index) // 2
    kept = index[(index % 97 != 5) & ((index < middle) | (index >= middle + rate_hz // 10))]
    found = even_times(_printed(kept / rate_hz, digits), 10.0**-digits)
    assert found.rate_hz == rate_hz
    assert np.array_equal(np.rint(found.t_s * rate_hz), kept)


@pytest.mark.parametrize("rate_hz", [50, 100])
@pytest.mark.parametrize("lost", [(700,), (700, 2100), (5, 6, 900)])
def test_single_rows_left_out_are_found_in_coarse_times(rate_hz, lost):
    """At 100 Hz two decimals are a whole period."""
    kept = np.delete(np.arange(3000), lost)
    for told_hz in (None, float(rate_hz)):
        found = even_times(_printed(kept / rate_hz, 2), 0.01, told_hz)
        assert found.rate_hz == rate_hz
        assert np.array_equal(np.rint(found.t_s * rate_hz), kept)


def test_a_told_rate_decides_between_coarse_digits_and_missing_rows():
    """Two decimals print 97 Hz just as 100 Hz with rows left out."""
    assert even_times(_printed(np.arange(2910) / 97.0, 2), 0.01, 97.0).rate_hz == 97.0


def test_a_told_rate_is_taken_where_the_times_agree():
    t_s = _printed(np.arange(1800) / 59.94, 3)
    assert even_times(t_s, 1e-3, 59.94).rate_hz == 59.94


@pytest.mark.parametrize("change", [0.02, 0.09])
def test_a_clock_that_changes_midway_keeps_its_own_times(change):
    steps = np.where(np.arange(2999) < 1500, 0.01, 0.01 * (1.0 - change))
    t_s = np.concatenate(([0.0], np.cumsum(steps)))
    found = even_times(_printed(t_s, 5), 1e-5)
    assert np.allclose(found.t_s, t_s, atol=1e-5)
    assert found.rate_hz == pytest.approx(2999 / t_s[-1], rel=1e-6)
