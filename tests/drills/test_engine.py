# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables themselves, and cuts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.drills.registry import DRILLS
from rig.settings import DRILL_NAMES


def test_every_drill_has_a_table():
    assert tuple(DRILLS) == DRILL_NAMES


@pytest.mark.parametrize("name", DRILL_NAMES)
def test_every_state_can_be_reached_and_left(name):
    drill = DRILLS[name]
    sources = {row.state for row in drill.moves}
    targets = {row.target for row in drill.moves} | {drill.initial}
    assert sources == targets
    assert any(row.counts for row in drill.moves)
    keys = [(row.state, row.signal) for row in drill.moves]
    assert len(keys) == len(set(keys))


def test_an_unknown_signal_moves_nothing():
    assert DRILLS["hopping"].move("on the ground", "nonsense") is None


def _wander(seed, n=9000):
    """Shifts, lifts, taps and hops in no order at all."""
    rng = np.random.default_rng(seed)
    left = np.zeros(n)
    total = np.zeros(n)
    at = 0
    while at < n:
        length = int(rng.choice([60, 150, 300, 900, 2500]))
        left[at : at + length] = rng.choice([0.0, 0.02, 0.08, 0.5, 0.9, 0.98, 1.0])
        total[at : at + length] = rng.choice([0.0, 1.0, 1.0, 1.0, 2.2])
        at += length
    kernel = np.ones(25) / 25.0
    left, total = np.convolve(left, kernel, "same"), np.convolve(total, kernel, "same")
    heel = np.clip(np.sin(np.arange(n) / 300.0), 0.0, 1.0) * 0.4
    return left * total, (1.0 - left) * total, heel


@pytest.mark.parametrize("drill", DRILL_NAMES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_cuts_change_nothing(perform, drill, data):
    left, right, heel = _wander(data.draw(st.integers(0, 9999), label="seed"))
    cuts = data.draw(st.lists(st.integers(1, len(left) - 1), max_size=30), label="cuts")
    if data.draw(st.booleans(), label="a stretch frame by frame"):
        at = data.draw(st.integers(1, len(left) - 200))
        cuts += list(range(at, at + 150))
    heels = {"heel_left": heel * left, "heel_right": heel * right}
    whole, whole_results = perform(drill, left, right, **heels)
    parts, part_results = perform(drill, left, right, cuts=cuts, **heels)
    assert repr(parts) == repr(whole)
    for what in ("set_faults", "cues"):
        told, told_whole = (
            [repr(x) for r in of for x in getattr(r, what)] for of in (part_results, whole_results)
        )
        assert sorted(told) == sorted(told_whole)
    assert part_results[-1].count == whole_results[-1].count
    assert part_results[-1].state == whole_results[-1].state
    assert part_results[-2].state == whole_results[-2].state
    assert part_results[-2].heel_alarm == whole_results[-2].heel_alarm
