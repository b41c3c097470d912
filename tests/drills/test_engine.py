# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables themselves: whatever is signalled, in whatever order."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.contact.results import ContactResult
from rig.drills.engine import drill_stage, drill_state
from rig.drills.registry import DRILLS
from rig.drills.repetitions import Repetition
from rig.drills.table import Drill, Signal
from rig.layout import Foot
from rig.settings import DRILL_NAMES, DrillSettings, Participant


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


NOTHING_SEEN = ContactResult(
    (), (), np.zeros(2, bool), np.zeros(2, bool), np.zeros(2, bool), ("none", "none")
)


def _told(memory, _loads, _contact):
    """The next signals of a list."""
    return memory[1:], memory[0]


def _signal(name, at_s):
    done = Repetition("any", Foot.LEFT, at_s - 0.5, at_s, "none")
    return Signal(name, at_s, done)


def _follow(loads_of, name, told, state=None):
    """The table of a drill fed with lists of signals, one list a block: (state, result) of each."""
    drill = DRILLS[name]
    table = Drill(drill.name, drill.initial, drill.moves, drill.begin, _told, lambda *_: None)
    at = replace(drill_state(DrillSettings(name), Participant()), drill=table, memory=told)
    if state is not None:
        at = replace(at, state=state)
    no_frames = loads_of(np.zeros(0), np.zeros((0, 2)))
    for _ in told:
        at, result = drill_stage(at, no_frames, NOTHING_SEEN)
        yield at, result


def _signals(drill):
    return [*sorted({row.signal for row in drill.moves}), "nonsense"]


@pytest.mark.parametrize("name", DRILL_NAMES)
def test_each_signal_in_each_state_has_a_row_or_changes_nothing(loads_of, name):
    drill = DRILLS[name]
    rows = {(row.state, row.signal): row for row in drill.moves}
    states = {row.state for row in drill.moves}
    for state, signal in itertools.product(states, _signals(drill)):
        ((after, result),) = _follow(loads_of, name, [[_signal(signal, 1.0)]], state)
        row = rows.get((state, signal))
        assert after.state == result.state == (state if row is None else row.target)
        counted = row is not None and row.counts
        assert result.count == len(result.repetitions) == counted


@pytest.mark.parametrize("name", DRILL_NAMES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_whatever_is_signalled_the_count_never_falls(loads_of, name, data):
    drill = DRILLS[name]
    blocks = data.draw(
        st.lists(st.lists(st.sampled_from(_signals(drill)), max_size=6), max_size=12)
    )
    times = itertools.count(1)
    told = [[_signal(signal, float(next(times))) for signal in block] for block in blocks]
    rows = {(row.state, row.signal): row for row in drill.moves}
    state, ends, count = drill.initial, [], 0
    for block, (_, result) in zip(told, _follow(loads_of, name, told), strict=True):
        for signal in block:
            row = rows.get((state, signal.name))
            if row is not None:
                state = row.target
                ends += [signal.t_s] if row.counts else []
        assert result.state == state
        assert count <= result.count == len(ends)
        count = result.count
        assert [r.end_s for r in result.repetitions] == ends[len(ends) - len(result.repetitions) :]
