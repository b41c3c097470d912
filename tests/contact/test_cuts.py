# SPDX-License-Identifier: GPL-3.0-or-later
"""However loads are cut into blocks, contacts, events and baselines are equal to the bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

N = 6000


def _messy(seed, rate_hz=1000):
    """Hops, taps, rests, half-loaded feet, noise, residuals and holes, with no script behind them."""
    rng = np.random.default_rng(seed)
    t_s = np.cumsum(rng.choice([1, 1, 1, 1, 2], N)) / rate_hz
    t_s[N // 2 :] += rng.choice([0.0, 0.2, 0.5])
    feet = np.zeros((N, 2))
    for foot in range(2):
        at = 0
        while at < N:
            length = int(rng.integers(5, 400))
            kind = rng.integers(5)
            peak = rng.choice([25.0, 60.0, 350.0, 700.0, 1800.0])
            span = np.arange(min(length, N - at)) / length
            shape = (
                np.sin(np.pi * span),
                np.ones_like(span),
                np.zeros_like(span),
                1.0 - np.abs(2.0 * span - 1.0),
                0.5 - 0.5 * np.cos(np.pi * span),
            )[kind]
            feet[at : at + len(span), foot] = peak * shape
            at += length
        feet[:, foot] += rng.choice([0.0, 8.0, 30.0])
    feet += rng.choice([0.0, 0.4, 4.0]) * rng.standard_normal((N, 2))
    feet = np.maximum(feet, 0.0)
    heel = feet * np.clip(np.sin(t_s * rng.uniform(1, 20))[:, None], 0.0, 1.0) * 0.5
    lost = rng.integers(0, 2, N) * rng.integers(0, 3, N)
    return t_s, feet, heel, lost


def _facts(outcome):
    contacts, events, results = outcome
    baselines = np.concatenate([r.baseline_n for r in results])
    return [repr(c) for c in contacts], [repr(e) for e in events], baselines.tobytes()


@pytest.mark.parametrize("drill", ["stance", "change-of-support", "pony", "tapping", "hopping"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_cuts_change_nothing(loads_of, cut, contacts_of, drill, data):
    t_s, feet, heel, lost = _messy(data.draw(st.integers(0, 10_000), label="seed"))
    loads = loads_of(t_s, feet, heel, lost=lost)
    bounds = data.draw(st.lists(st.integers(1, N - 1), max_size=40), label="cuts")
    if data.draw(st.booleans(), label="a stretch frame by frame"):
        at = data.draw(st.integers(1, N - 200))
        bounds += list(range(at, at + 150))
    blocks = cut(loads, sorted({0, *bounds, N}))
    assert _facts(contacts_of(blocks, drill)) == _facts(contacts_of([loads], drill))


def test_blocks_in_which_nobody_stands_count_for_the_support(loads_of, cut, contacts_of):
    t_s, feet, heel, lost = _messy(459)
    loads = loads_of(t_s, feet, heel, lost=lost)
    blocks = cut(loads, [0, *range(415, 565), N])
    assert _facts(contacts_of(blocks, "pony")) == _facts(contacts_of([loads], "pony"))


def test_frame_by_frame(loads_of, cut, contacts_of):
    t_s, feet, heel, lost = _messy(3)
    loads = loads_of(t_s[:1500], feet[:1500], heel[:1500], lost=lost[:1500])
    whole = contacts_of([loads], "stance")
    assert len(whole[1]) > 4
    assert _facts(contacts_of(cut(loads, range(1501)), "stance")) == _facts(whole)
