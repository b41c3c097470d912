# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk over the sensors: who answered, against presses that the test makes by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.calibrate.board_walk import Asked, Press, Rested, WalkState, walk, walk_state
from rig.calibrate.sensel_map import ABSENT, check_sensel_map, identity_map
from rig.calibrate.walk_findings import (
    Finding,
    can_be_mapped,
    findings,
    has_answer,
    mending_map,
)

RATE_HZ = 200
REST_S, PRESS_S, PAUSE_S = 1.2, 0.4, 0.4
AS_DRAWN = identity_map(32)


def pressed(
    samples: list[tuple[int, ...]], heights: float = 300.0, residual: float = 0.04
) -> np.ndarray:
    """Counts of a maker who presses once per entry; each entry lists the samples that answer."""
    rng = np.random.default_rng(1)
    rest, press, pause = (round(s * RATE_HZ) for s in (REST_S, PRESS_S, PAUSE_S))
    counts = np.zeros((rest + len(samples) * (press + pause), 32))
    for turn, answering in enumerate(samples):
        start = rest + turn * (press + pause)
        for sample in answering:
            counts[start : start + press, sample] += heights
            counts[start + press :, sample] += heights * residual
    counts += rng.normal(0.0, 1.0, counts.shape)
    return np.clip(np.rint(counts), 0, 1023).astype(np.uint16)


def walked(
    counts: np.ndarray, asked: tuple[int, ...], piece: int = 10_000, state: WalkState | None = None
):
    state = state or walk_state(asked, RATE_HZ, timeout_s=2.0)
    events = []
    for at in range(0, len(counts), piece):
        state, found = walk(state, counts[at : at + piece])
        events += found
    return state, events


def outcome(events):
    rested = next(e for e in events if isinstance(e, Rested))
    return findings(rested, [e for e in events if isinstance(e, Press)])


def test_right_wires_answer_one_by_one():
    state, events = walked(pressed([(i,) for i in range(16)]), tuple(range(16)))
    assert state.is_over
    assert [e.asked for e in events if isinstance(e, Asked)] == list(range(16))
    found = outcome(events)
    assert [(f.sensel, f.sample, f.verdict) for f in found] == [(i, i, "ok") for i in range(16)]
    assert found[3].change_counts == pytest.approx(300, abs=3)
    assert mending_map(found, AS_DRAWN, whole=False) == tuple(range(32))


def test_two_swapped_wires_are_named_and_mapped():
    order = [(0,), (9,), (2,), (3,), (4,), (5,), (6,), (7,), (8,), (1,)]
    _, events = walked(pressed(order), tuple(range(10)))
    found = outcome(events)
    assert [(f.sensel, f.sample) for f in found if f.verdict == "swapped"] == [(1, 9), (9, 1)]
    expected = [*range(32)]
    expected[1], expected[9] = 9, 1
    assert mending_map(found, AS_DRAWN, whole=False) == tuple(expected)


def test_a_dead_sensor_is_passed_over_after_its_time():
    counts = pressed([(0,), (), (), (), (), (1,)])
    _, events = walked(counts, (0, 5, 1))
    found = outcome(events)
    assert [f.verdict for f in found] == ["ok", "dead", "ok"]
    sensel_map = mending_map(found, AS_DRAWN, whole=False)
    assert sensel_map == tuple(range(32))  # a missed press is no proof that nothing is there
    subset = mending_map(found, AS_DRAWN, whole=True)
    assert subset == tuple(i if i in (0, 1, 5) else -1 for i in range(32))
    assert has_answer(found)


def test_a_silent_sensor_gives_its_wire_to_the_one_that_answered_on_it():
    _, events = walked(pressed([(), (), (), (), (1,)]), (1, 2))
    assert [f.verdict for f in outcome(events)] == ["dead", "swapped"]
    sensel_map = mending_map(outcome(events), AS_DRAWN, whole=False)
    assert sensel_map == (0, -1, 1, *range(3, 32))


def answered(**samples: int | None) -> list[Finding]:
    """Findings by hand: s3=5 says that sensor 3 answered on sample 5, None that it stayed silent."""
    sensels = {int(name[1:]): sample for name, sample in samples.items()}
    return [
        Finding(s, "dead" if sample is None else "ok" if s == sample else "swapped", sample, 300.0)
        for s, sample in sensels.items()
    ]


STORED = (1, 0, ABSENT, *range(3, 32))
"""Sensors 0 and 1 swapped, 2 not there, from an earlier walk."""


@pytest.mark.parametrize(
    ("found", "changed"),
    [
        (answered(s16=16, s17=17), {}),  # the other foot alone
        (answered(s16=17, s17=16), {16: 17, 17: 16}),
        (answered(s0=1), {}),  # left early, after the first of the swapped pair
        (answered(s0=None), {}),  # a missed press is no proof
        (answered(s0=0, s1=1), {0: 0, 1: 1}),  # the wires were put right
        (answered(s0=0), {0: 0, 1: 1}),  # one of them was pressed: the other goes back to its own
        (answered(s2=2), {2: 2}),  # it was fitted meanwhile
        (answered(s2=None), {}),
        (answered(s16=0, s17=16), {16: 0, 17: 16, 1: ABSENT}),  # 1's wire is 16's, its own is 0's
    ],
)
def test_a_walk_over_a_part_leaves_the_rest_as_it_was_kept(
    found: list[Finding], changed: dict[int, int]
) -> None:
    expected = tuple(changed.get(s, wire) for s, wire in enumerate(STORED))
    assert mending_map(found, STORED, whole=False) == expected


def test_a_declared_subset_keeps_the_swap_of_a_sensor_that_was_missed() -> None:
    found = answered(s0=None, s2=None, s5=5)
    assert mending_map(found, STORED, whole=True) == tuple(
        {0: 1, 2: 2, 5: 5}.get(s, ABSENT) for s in range(32)
    )


@st.composite
def walks(draw: st.DrawFn) -> tuple[list[Finding], tuple[int, ...]]:
    stored = draw(st.permutations(range(8)))
    absent = draw(st.sets(st.integers(0, 7)))
    asked = draw(st.permutations(range(8)))[: draw(st.integers(1, 8))]
    samples = draw(st.permutations(range(8)))[: len(asked)]
    silent = draw(st.sets(st.sampled_from(asked)))
    found = [
        Finding(s, "dead" if s in silent else "ok", None if s in silent else sample, 300.0)
        for s, sample in zip(asked, samples, strict=True)
    ]
    return found, tuple(ABSENT if s in absent else wire for s, wire in enumerate(stored))


@given(walks(), st.booleans())
def test_whatever_was_kept_every_answer_counts_and_no_wire_serves_two(
    walked_over: tuple[list[Finding], tuple[int, ...]], whole: bool
) -> None:
    found, stored = walked_over
    sensel_map = mending_map(found, stored, whole=whole)
    check_sensel_map(sensel_map, 8)
    taken = {f.sample for f in found if f.sample is not None}
    for finding in found:
        if finding.sample is not None:
            assert sensel_map[finding.sensel] == finding.sample
    asked = {f.sensel for f in found}
    for s in set(range(8)) - asked:
        if whole:
            assert sensel_map[s] == ABSENT
        elif stored[s] not in taken:
            assert sensel_map[s] == stored[s]


def test_nothing_answered_is_told_from_something_answered():
    _, events = walked(pressed([(), (), (), (), (), ()]), (0,))
    assert not has_answer(outcome(events))


def test_a_shorted_wire_is_named_at_rest_and_does_not_lead():
    counts = pressed([(0,), (1,)])
    counts[:, 7] = 930
    quiet = np.repeat(counts[-50:], 10, axis=0)
    state, events = walked(np.concatenate((counts, quiet)), (0, 1, 7))
    assert events[0] == Rested(shorted=(7,), noisy=())
    assert state.is_over
    assert [(f.sensel, f.verdict) for f in outcome(events)] == [(0, "ok"), (1, "ok"), (7, "stuck")]


def test_a_loose_wire_is_named_and_does_not_lead():
    counts = pressed([(0,), (1,)]).astype(np.int64)
    swing = np.random.default_rng(2).normal(0.0, 60.0, -(-len(counts) // 10))
    counts[:, 4] = np.clip(100 + np.repeat(swing, 10)[: len(counts)], 0, 250)
    _, events = walked(counts.astype(np.uint16), (0, 1))
    assert events[0] == Rested(shorted=(), noisy=(4,))
    assert [f.verdict for f in outcome(events)] == ["ok", "ok"]


def test_one_wire_that_answers_twice_and_a_bridge_cannot_be_mapped():
    _, events = walked(pressed([(0,), (0,)]), (0, 1))
    doubled = outcome(events)
    assert [f.verdict for f in doubled] == ["doubled", "doubled"]
    assert not can_be_mapped(doubled)
    _, events = walked(pressed([(2, 3), (4,)]), (2, 4))
    bridged = outcome(events)
    assert [f.verdict for f in bridged] == ["bridged", "ok"]
    assert not can_be_mapped(bridged)


def test_a_sensor_that_stays_pressed_is_stuck_and_the_walk_goes_on():
    counts = pressed([(0,), (), (), (1,)])
    first = round(REST_S * RATE_HZ)
    counts[first:, 0] = 300
    _, events = walked(counts, (0, 1))
    assert [(f.sensel, f.sample, f.verdict) for f in outcome(events)] == [
        (0, 0, "stuck"),
        (1, 1, "ok"),
    ]


def test_light_touches_count_and_noise_does_not():
    _, events = walked(pressed([(0,), (1,)], heights=30.0), (0, 1))
    assert [f.verdict for f in outcome(events)] == ["ok", "ok"]
    _, events = walked(pressed([(), (), (), (), (), (), (), ()]), (0, 1))
    assert [f.verdict for f in outcome(events)] == ["dead", "dead"]


def test_a_knock_shorter_than_a_tenth_of_a_second_is_no_press():
    counts = pressed([(), (), (), (), (), (), ()])
    start = round((REST_S + 0.2) * RATE_HZ)
    counts[start : start + 16, 6] = 400
    _, events = walked(counts, (0,))
    assert [f.verdict for f in outcome(events)] == ["dead"]


def test_a_foot_without_multiplexer_is_ignored():
    counts = pressed([(7,)])
    counts[:, 16:] = np.random.default_rng(3).integers(0, 1023, (len(counts), 16))
    state = walk_state((7,), RATE_HZ, 2.0, ignored=tuple(range(16, 32)))
    _, events = walked(counts, (7,), state=state)
    found = outcome(events)
    assert events[0] == Rested((), ())
    assert [f.verdict for f in found] == ["ok"]
    assert mending_map(found, AS_DRAWN, whole=True) == tuple(7 if i == 7 else -1 for i in range(32))


@settings(max_examples=15, deadline=None)
@given(piece=st.integers(1, 500))
def test_however_the_stream_is_cut(piece):
    counts = pressed([(0,), (2,), (1,), (3, 4)])
    assert walked(counts, (0, 1, 2, 3), piece)[1] == walked(counts, (0, 1, 2, 3))[1]
