# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do beside a drill, in sessions of simulated people that are cut up and joined anew.

Counts are checked against the simulator's truth. A splice of two sessions is a sudden step of the
loads, which may itself complete the repetition that it cuts; nothing else may come of it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from rig.drills.repetitions import Repetition
from rig.drills.sets import KeyPressed, SetPlan, SetState, finish_sets, set_stage
from rig.pipeline import BlockResult, Pipeline, PipelineSettings
from rig.settings import DRILL_NAMES, DrillName, DrillSettings
from rig.simulate.person import SimulatedSession, simulate_session
from rig.simulate.population import drawn_build
from rig.simulate.session_stream import session_stream

RATE_HZ = 200
SEED = 20_031
SECONDS = {"stance": 20.0}
USUAL_SECONDS = 9.0
DECIDED_S = 0.2
"""A repetition is counted this long after its end at the latest."""
each_drill = pytest.mark.parametrize("drill", DRILL_NAMES)

Run = tuple[list[Repetition], list[BlockResult]]


@cache
def _session(motion: str, seconds: float) -> SimulatedSession:
    mass_kg, shoe_eu = drawn_build(SEED)
    return simulate_session(
        motion, seconds, SEED, RATE_HZ, "left", body_mass_kg=mass_kg, shoe_size_eu=shoe_eu
    )


@cache
def _drilled(drill: DrillName) -> SimulatedSession:
    return _session(drill, SECONDS.get(drill, USUAL_SECONDS))


def _counts(motion: str, seconds: float) -> np.ndarray:
    return _session(motion, seconds).counts


def _off_the_rig(seconds: float) -> np.ndarray:
    return np.zeros((round(seconds * RATE_HZ), 32), np.int64)


def _run(drill: DrillName, *parts: np.ndarray, arrives: np.ndarray | None = None) -> Run:
    """The drill's pipeline over samples of the same person's insoles, one part after another."""
    session = _drilled(drill)
    counts = np.concatenate(parts)
    scan_us = session.scan_us[0] + 1_000_000 // RATE_HZ * np.arange(len(counts), dtype=np.int64)
    came = np.ones(len(counts), bool) if arrives is None else arrives
    sent = session_stream(session.hello, scan_us, counts, came, 0.0, lambda us: us * 1e-6)
    return _through(drill, sent.stream)


def _through(drill: DrillName, stream: bytes) -> Run:
    session = _drilled(drill)
    settings = DrillSettings(drill, session.side)
    pipeline = Pipeline(PipelineSettings(session.participant, session.calibration, settings))
    arrivals = np.array([[len(stream), 10**9]], np.int64)
    outputs = [pipeline.push(stream, arrivals), pipeline.finish()]
    blocks = [block for output in outputs for block in output.blocks]
    repetitions = [r for block in blocks for r in block.drill.repetitions]
    assert blocks[-1].drill.count == len(repetitions)
    return repetitions, blocks


def _true_ends(drill: DrillName) -> list[float]:
    return [r.end_s for r in _drilled(drill).truth.repetitions if r.end_s is not None]


def _what_was_wrong(repetition: Repetition) -> tuple[list[str], str]:
    """Without the rules that need a baseline of the person's own."""
    relative = ("HOP-UP", "DRIVE")
    codes = [f.code for f in repetition.faults if f.code not in relative]
    return codes, repetition.heel_touch


@each_drill
def test_a_set_after_a_rest_on_both_feet_is_judged_as_the_first_was(drill: DrillName) -> None:
    done = _drilled(drill).counts
    rest_s = 8.0
    begins_s = len(done) / RATE_HZ + rest_s
    repetitions, _ = _run(drill, done, _counts("quiet", rest_s), done)
    first, _ = _run(drill, done)
    again = [r for r in repetitions if r.end_s > begins_s]
    if drill == "pony" and len(again) < len(first):
        # which foot bears more in the rest is chance, and with it whether the first shift is a change
        assert len(again) == len(first) - 1
        again, first = again[1:], first[2:]
    assert [_what_was_wrong(r) for r in again] == [_what_was_wrong(r) for r in first]
    ends = [r.end_s - begins_s for r in again]
    assert ends == pytest.approx([r.end_s for r in first], abs=2.0 / RATE_HZ)


@each_drill
def test_a_minute_on_both_feet_counts_nothing(drill: DrillName) -> None:
    repetitions, blocks = _run(drill, _counts("quiet", 60.0))
    assert repetitions == []
    assert all(block.drill.heel_alarm in (None, "none") for block in blocks)
    assert [cue for block in blocks for cue in block.drill.cues] == []


@each_drill
@pytest.mark.parametrize("part", [0.45, 0.62, 0.8])
def test_who_stops_half_way_and_stands_keeps_what_was_done(drill: DrillName, part: float) -> None:
    done = _drilled(drill).counts
    stop_s = part * len(done) / RATE_HZ
    repetitions, blocks = _run(drill, done[: round(stop_s * RATE_HZ)], _counts("quiet", 60.0))
    _is_what_was_done(drill, repetitions, stop_s)
    assert blocks[-1].drill.heel_alarm in (None, "none")


@each_drill
@pytest.mark.parametrize("part", [0.45, 0.62, 0.8])
def test_who_steps_off_and_on_again_starts_anew(drill: DrillName, part: float) -> None:
    done = _drilled(drill).counts
    stop_s = part * len(done) / RATE_HZ
    away_s = 5.0
    repetitions, _ = _run(drill, done[: round(stop_s * RATE_HZ)], _off_the_rig(away_s), done)
    back_s = stop_s + away_s
    _is_what_was_done(drill, [r for r in repetitions if r.end_s < back_s], stop_s)
    again = [r.end_s - back_s for r in repetitions if r.end_s >= back_s]
    whole, _ = _run(drill, done)
    assert again == pytest.approx([r.end_s for r in whole], abs=2.0 / RATE_HZ)


def _is_what_was_done(drill: DrillName, repetitions: list[Repetition], stop_s: float) -> None:
    """The true ones; that which the splice cuts may have been completed by it."""
    ends = [r.end_s for r in repetitions]
    true = [t for t in _true_ends(drill) if t < stop_s]
    sure = [t for t in true if t < stop_s - DECIDED_S]
    assert len(sure) <= len(ends) <= len(true) + 1
    assert ends[: len(sure)] == pytest.approx(sure, abs=0.08)
    assert all(end < stop_s + DECIDED_S for end in ends)


@each_drill
def test_walking_on_the_rig_is_no_clean_repetition(drill: DrillName) -> None:
    repetitions, _ = _run(drill, _counts("walking", 15.0))
    # the first leads out of standing, which is not judged
    assert [r for r in repetitions[1:] if r.clean] == []


@each_drill
def test_sitting_down_and_standing_up_is_no_repetition(drill: DrillName) -> None:
    assert _run(drill, _counts("sitting", 15.0))[0] == []


def _longest_contact(session: SimulatedSession) -> tuple[float, float]:
    """ON and OFF of the longest contact that repetitions are judged by and that ends well before all."""
    if session.drill == "stance":
        (hold,) = session.truth.repetitions
        assert hold.start_s is not None
        assert hold.end_s is not None
        return hold.start_s, hold.end_s
    both = session.drill in ("change-of-support", "pony", "forward-change", "switch")
    whole = [
        (c.on_s, c.off_s)
        for c in session.truth.contacts
        if c.on_s is not None and c.off_s is not None and (both or c.foot == session.truth.working)
    ]
    return max(whole[:-2] or whole, key=lambda c: c[1] - c[0])


@each_drill
def test_a_dropout_of_100_ms_in_a_contact_keeps_the_repetition_and_marks_it(
    drill: DrillName,
) -> None:
    on_s, off_s = _longest_contact(_drilled(drill))
    done = _drilled(drill).counts
    gone_s = 0.5 * (on_s + off_s) - 0.05
    at = round(gone_s * RATE_HZ)
    arrives = np.ones(len(done), bool)
    arrives[at : at + RATE_HZ // 10] = False
    whole, _ = _run(drill, done)
    repetitions, _ = _run(drill, done, arrives=arrives)
    assert [r.end_s for r in repetitions] == pytest.approx([r.end_s for r in whole], abs=0.02)
    assert all(r.lost_frames == 0 for r in whole)
    marked = [r for r in repetitions if r.lost_frames > 0]
    assert len(marked) in (1, 2)
    for repetition in marked:
        assert repetition.lost_frames == RATE_HZ // 10
        # a hop is judged by the contact before its flight
        assert repetition.end_s > gone_s
        assert repetition.end_s - off_s < 1.0


@each_drill
def test_a_stream_that_ends_within_a_repetition_gives_those_before_it(drill: DrillName) -> None:
    session = _drilled(drill)
    stream, seconds = session.stream, len(session.counts) / RATE_HZ
    whole, _ = _through(drill, stream)
    for part in np.linspace(0.3, 0.97, 9):
        length = round(part * len(stream))
        end_s = part * seconds
        found, _ = _through(drill, stream[:length])
        before = [r for r in whole if r.end_s < end_s - DECIDED_S]
        assert len(before) <= len(found) <= len(before) + 2
        held = drill == "stance" and len(found) == 1 and len(whole) == 1
        if held and whole[0].end_s > found[0].end_s:
            # what was held until the data ended is scored
            assert found[0].end_s == pytest.approx(end_s, abs=0.05)
            continue
        ends = [r.end_s for r in found]
        assert ends == pytest.approx([r.end_s for r in whole[: len(found)]], abs=1e-9)


@each_drill
def test_the_pain_key_closes_the_set_where_it_stands(drill: DrillName) -> None:
    repetitions, _ = _run(drill, _drilled(drill).counts)
    pressed_s = repetitions[len(repetitions) // 2].end_s - 0.01
    plan = SetPlan(drill, 3, 1) if drill == "stance" else SetPlan(drill)
    state = SetState(plan)
    key = KeyPressed("pain", pressed_s)
    state, _ = set_stage(state, (), (key,), pressed_s)
    assert state.stopping == "pain"
    state, events = set_stage(state, tuple(repetitions), (), pressed_s + 60.0)
    before = [r for r in repetitions if r.end_s < pressed_s][: plan.target]
    counted = [r for s in state.done for r in s.repetitions]
    assert [r.end_s for r in counted[: len(before)]] == [r.end_s for r in before]
    assert "pain" in [e.what for e in events]
    assert finish_sets(state)[0].open_set is None
