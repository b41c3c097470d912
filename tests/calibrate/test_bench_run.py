# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk over the bench: weights are noticed, wrong sensors are named, cuts change nothing."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.bench import bench_steps
from rig.calibrate.bench_run import (
    Fitted,
    LayOn,
    Passed,
    Refusal,
    bench_run,
    bench_state,
)
from rig.calibrate.sensel_map import identity_map
from rig.errors import SettingsError

RATE_HZ = 50
LOADS_N = (2.0, 5.0, 10.0, 20.0)
K_US, EXPONENT = 90.0, 0.96


def _weights(wire, k_us=K_US, wrong=None):
    """Frames of staff who do as they are told on one wire; `wrong` shows a load on another one."""
    frames = [np.zeros((RATE_HZ * 2, 32))]
    for load_n, way in bench_steps(LOADS_N):
        rm_g = k_us * load_n**EXPONENT * 1e-3
        part = np.zeros((RATE_HZ * 7, 32))
        part[:, wire if wrong is None else wrong] = 60_000 * rm_g / (1.0 + rm_g)
        frames += [np.zeros((RATE_HZ * 2, 32))] if way == "again" else []
        frames.append(part)
    return np.rint(np.concatenate([*frames, np.zeros((RATE_HZ * 2, 32))])).astype(np.uint16)


@pytest.fixture(scope="module")
def hello(make_hello):
    return make_hello(scan_rate_hz=RATE_HZ, adc_full_scale=60_000, bit_depth=16)


def _walk(state, counts, cuts=()):
    events = []
    for a, b in pairwise([0, *cuts, len(counts)]):
        state, found = bench_run(state, counts[a:b])
        events += found
    return state, events


def test_every_weight_is_asked_for_and_the_curve_comes_back(hello):
    state = bench_state((4,), hello, 0.0, identity_map(32), LOADS_N)
    end, events = _walk(state, _weights(4))
    asked = [(e.load_n, e.way) for e in events if isinstance(e, LayOn)]
    assert tuple(asked) == bench_steps(LOADS_N)
    (fitted,) = [e.curve for e in events if isinstance(e, Fitted)]
    assert (fitted.sensel, fitted.k_us) == (4, pytest.approx(K_US, rel=1e-3))
    assert fitted.exponent == pytest.approx(EXPONENT, rel=1e-3)
    assert end.is_over


def test_a_mended_wire_is_read_where_it_is(hello):
    swapped = [*range(32)]
    swapped[4], swapped[5] = 5, 4
    state = bench_state((4,), hello, 0.0, tuple(swapped), LOADS_N)
    _, events = _walk(state, _weights(5))
    assert [e.curve.sensel for e in events if isinstance(e, Fitted)] == [4]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (20, "left and right insoles or their plugs are swapped"),
        (6, "L_AM should feel the weight, but L_LD does"),
    ],
)
def test_a_weight_on_another_sensor_is_named(hello, wrong, words):
    state = bench_state((4,), hello, 0.0, identity_map(32), LOADS_N)
    end, events = _walk(state, _weights(4, wrong=wrong))
    refusals = [e for e in events if isinstance(e, Refusal)]
    assert refusals
    assert words in refusals[0].reason
    assert isinstance(events[-1], Passed)
    assert end.is_over


def test_a_dead_sensor_is_left_out_and_the_next_one_asked_for(hello):
    counts = np.concatenate((np.zeros((RATE_HZ * 92, 32), np.uint16), _weights(9)))
    state = bench_state((4, 9), hello, 0.0, identity_map(32), LOADS_N)
    _, events = _walk(state, counts)
    assert [e.sensel for e in events if isinstance(e, Passed)] == [4]
    assert [e.curve.sensel for e in events if isinstance(e, Fitted)] == [9]


def test_pads_without_a_sensor_are_not_asked_for(hello):
    without = (-1, *range(1, 32))
    assert bench_state((0, 1), hello, 0.0, without, LOADS_N).asked == (1,)
    with pytest.raises(SettingsError, match="three different loads"):
        bench_state((1,), hello, 0.0, without, (2.0, 5.0))


@settings(max_examples=15)
@given(data=st.data())
def test_cuts_change_nothing(hello, data):
    counts = _weights(4)
    cuts = sorted(data.draw(st.lists(st.integers(1, len(counts) - 1), max_size=8)))
    state = bench_state((4,), hello, 0.0, identity_map(32), LOADS_N)
    assert _walk(state, counts, cuts)[1] == _walk(state, counts)[1]
