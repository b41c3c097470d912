# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk of a standing calibration: what it asks for and when, however the frames come."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.calibration import Calibration
from rig.calibrate.standing_run import (
    Again,
    Began,
    Ended,
    GivenUp,
    StandingState,
    Took,
    stance_steps,
    standing_run,
    visit_steps,
)
from rig.errors import SettingsError
from rig.layout import insole_layout
from rig.layout.insole import PAD_AREA_MM2

RATE_HZ = 100
WEIGHT_N = 700.0
EVEN_PAD_N = WEIGHT_N / (2.0 * insole_layout(265.0).tributary_mm2.sum() / PAD_AREA_MM2)


def _counts(pad_n, seconds):
    rm_g = 0.1 * pad_n
    return np.full((round(seconds * RATE_HZ), 32), round(1000.0 * rm_g / (1.0 + rm_g)), np.uint16)


SITS, STANDS = _counts(0.0, 4.0), _counts(EVEN_PAD_N, 40.0)


def _content(_name, _counts, _calibration):
    """Whatever was taken is good."""


def _unhappy(_name, _counts, _calibration):
    raise SettingsError("Stand still.")


@pytest.fixture(scope="module")
def start(make_hello):
    hello = make_hello(scan_rate_hz=RATE_HZ)
    plain = Calibration(mux_ohm=0.0)
    return lambda steps, judge=_content: StandingState(steps, hello, plain, 265.0, WEIGHT_N, judge)


def _walk(state, counts, cuts=()):
    events = []
    for a, b in pairwise([0, *cuts, len(counts)]):
        state, found = standing_run(state, counts[a:b])
        events += found
    return state, events


def _told(events):
    return [(type(e).__name__, e.step.name) for e in events if not isinstance(e, Ended)]


def test_a_visit_is_tare_stand_and_shift(start):
    end, events = _walk(start(visit_steps(2.0)), np.concatenate((SITS, STANDS)))
    assert _told(events) == [
        ("Began", "tare"),
        ("Began", "load"),
        ("Began", "shift"),
        ("Took", "shift"),
    ]
    assert isinstance(events[-1], Ended)
    assert end.is_over
    assert len(end.frames_of("shift")) == 10 * RATE_HZ


def test_frames_are_taken_only_after_the_sensors_have_settled(start):
    sits = np.concatenate((SITS, STANDS))
    sits[len(SITS) :, 0] = np.arange(len(STANDS)) % 1000  # tells frames apart
    end, _ = _walk(start(visit_steps(3.0)), sits)
    # somebody stands for half a second before the settling begins
    assert end.frames_of("shift")[0, 0] == round(3.5 * RATE_HZ)


def test_the_four_stances_follow_each_other(start):
    end, events = _walk(start(stance_steps(5.0)), np.concatenate((SITS, STANDS, STANDS)))
    assert [e.step.name for e in events if isinstance(e, Took)] == ["heel", "flat", "ball", "toes"]
    assert [len(counts) for _, counts in end.taken] == [5 * RATE_HZ] * 4


def test_a_preloaded_foot_is_told_of_after_a_while(start):
    pressed = _counts(0.3 * EVEN_PAD_N, 20.0)
    _, events = _walk(start(visit_steps()), pressed)
    assert [type(e) for e in events] == [Began, Again]
    assert "hang free" in events[-1].reason


def test_what_does_not_work_out_is_tried_three_times(start):
    end, events = _walk(start(visit_steps(1.0), _unhappy), np.concatenate((SITS, STANDS)))
    assert [type(e) for e in events[-3:]] == [Again, Took, GivenUp]
    assert sum(isinstance(e, Again) for e in events) == 2
    assert events[-1].reason == "Stand still."
    assert end.is_over


def test_nobody_comes(start):
    _, events = _walk(start(visit_steps()), _counts(0.0, 200.0))
    assert isinstance(events[-1], GivenUp)
    assert "Nobody stood" in events[-1].reason


@settings(max_examples=15)
@given(data=st.data())
def test_cuts_change_nothing(start, data):
    counts = np.concatenate((SITS, STANDS))
    counts[:, 3] += (np.arange(len(counts)) % 7).astype(np.uint16)
    cuts = sorted(data.draw(st.lists(st.integers(1, len(counts) - 1), max_size=8)))
    steps = visit_steps(2.0, with_single_leg=True)
    whole, expected = _walk(start(steps), counts)
    parts, events = _walk(start(steps), counts, cuts)
    assert events == expected
    assert parts.calibration == whole.calibration
    for (name, one), (other_name, other) in zip(parts.taken, whole.taken, strict=True):
        assert name == other_name
        np.testing.assert_array_equal(one, other)
