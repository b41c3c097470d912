# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows that are found all at once say what each of them says alone, and what its samples say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.health_windows import off_samples, windows_of

LENGTHS = st.lists(st.sampled_from([1, 24, 25, 60, 200]), min_size=1, max_size=4)


def _samples(seed, m):
    """Counts that jump, rest, move together and stay, and something that rises with them."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 600, (m, 32)) * (rng.random(32) < 0.5)
    counts[:, 3] = counts[:, 2] = np.linspace(50, 400, m)
    counts[:, 9] = counts[:, 8] + 5
    counts[:, 16 + 2] = counts[:, 2]
    counts[:, 20] = 300
    return counts.astype(np.uint16), counts * 0.01


def _facts(window):
    return [
        value if isinstance(value, bool | list) else value.tolist()
        for value in (getattr(window, name) for name in window.__slots__)
    ]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), lengths=LENGTHS)
def test_all_at_once_is_one_by_one(seed, lengths):
    bounds = [0, *np.cumsum(lengths).tolist()]
    counts, pads_n = _samples(seed, bounds[-1])
    together = windows_of(counts, pads_n, bounds)
    for window, start, stop in zip(together, bounds[:-1], bounds[1:], strict=True):
        (alone,) = windows_of(counts[start:stop], pads_n[start:stop], [0, stop - start])
        assert _facts(window) == _facts(alone)


@pytest.mark.parametrize("seed", range(5))
def test_jumps_are_counted_by_quarter_seconds(seed):
    counts, pads_n = _samples(seed, 110)
    (window,) = windows_of(counts, pads_n, [0, 110])
    for sensel in range(32):
        told = 0
        for part in counts[:100, sensel].astype(int).reshape(4, 25):
            first = np.diff(part)
            second = np.diff(first)
            if (first**2).mean() >= 100.0:
                told += (second**2).mean() >= 2.0 * (first**2).mean()
            else:
                told -= 1
        assert window.restless[sensel] == told


def test_only_a_pair_of_one_foot_that_moves_alike_is_bridged():
    counts, pads_n = _samples(3, 200)
    (window,) = windows_of(counts, pads_n, [0, 200])
    assert window.bridged == [(2, 3)]


def test_feet_are_off_from_the_start_of_their_window():
    feet_n = np.array([[0.0, 50.0], [0.0, 0.0], [50.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(off_samples(feet_n), [[1, 2, 0, 1, 2], [0, 1, 2, 3, 4]])
    np.testing.assert_array_equal(
        off_samples(feet_n, np.array([0, 4])), [[1, 2, 0, 1, 1], [0, 1, 2, 3, 1]]
    )
