# SPDX-License-Identifier: GPL-3.0-or-later
"""However the stream is cut, the drills find the same; and whatever feet do, they stay in order."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.drills.registry import DRILLS
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DRILL_NAMES, DrillSettings
from rig.simulate.person import simulate_session
from rig.simulate.session_stream import session_stream

RATE_HZ = 200


def _holes(data, n):
    """(kept frames, frames lost before each): now and then some are missing, also more than 0.3 s."""
    there = np.ones(n, bool)
    for _ in range(data.draw(st.integers(0, 3), label="holes")):
        at = data.draw(st.integers(1, n - 1))
        there[at : at + data.draw(st.sampled_from([1, 40, 100, 350, 1500]))] = False
    keep = np.flatnonzero(there)
    return keep, np.diff(keep, prepend=-1) - 1


@pytest.mark.parametrize("drill", DRILL_NAMES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_cuts_change_nothing(perform, wander, drill, data):
    left, right, heel = wander(data.draw(st.integers(0, 9999), label="seed"))
    keep, lost = _holes(data, len(left))
    cuts = data.draw(st.lists(st.integers(1, len(keep) - 1), max_size=30), label="cuts")
    if data.draw(st.booleans(), label="a stretch frame by frame"):
        at = data.draw(st.integers(1, len(keep) - 1))
        cuts += [cut for cut in range(at, at + 150) if cut < len(keep)]
    feet = {"heel_left": heel * left, "heel_right": heel * right, "keep": keep, "lost": lost}
    whole, whole_results = perform(drill, left, right, **feet)
    parts, part_results = perform(drill, left, right, cuts=cuts, **feet)
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


@pytest.mark.parametrize("drill", DRILL_NAMES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_feet_do_repetitions_stay_in_order(perform, wander, drill, data):
    left, right, heel = wander(data.draw(st.integers(0, 9999), label="seed"))
    keep, lost = _holes(data, len(left))
    repetitions, results = perform(
        drill,
        left,
        right,
        heel_left=heel * left,
        heel_right=heel * right,
        keep=keep,
        lost=lost,
        cuts=range(100, len(keep), 100),
    )
    counts = [r.count for r in results]
    assert counts == sorted(counts)
    assert counts[-1] == len(repetitions)
    states = {row.state for row in DRILLS[drill].moves}
    assert {r.state for r in results} <= states
    ends = [r.end_s for r in repetitions]
    assert all(b > a for a, b in pairwise(ends))
    assert all(not r.start_s > r.end_s for r in repetitions)


@pytest.fixture(scope="module", params=DRILL_NAMES)
def session(request):
    return simulate_session(request.param, 14.0 if request.param == "stance" else 5.0, 7, RATE_HZ)


def _pushed(session, stream, bounds):
    """All that the drill said, in a form that is equal only when it is equal to the bit."""
    drill = DrillSettings(session.drill, session.side)
    pipeline = Pipeline(PipelineSettings(session.participant, session.calibration, drill))
    arrivals = np.array([[len(stream), 10**9]], np.int64)
    outputs = [pipeline.push(stream[a:b], arrivals) for a, b in pairwise(bounds)]
    results = [b.drill for o in [*outputs, pipeline.finish()] for b in o.blocks]
    repetitions = [repr(r) for result in results for r in result.repetitions]
    beside = [
        sorted(repr(x) for result in results for x in getattr(result, what))
        for what in ("set_faults", "cues")
    ]
    return repetitions, beside, results[-1].count, results[-1].state


@settings(max_examples=4, deadline=None)
@given(
    hole=st.integers(200, 800),
    lost=st.sampled_from([1, 20, 80]),
    cuts=st.lists(st.floats(0.0, 1.0), max_size=30),
    single=st.floats(0.0, 1.0),
)
def test_pushes_of_single_bytes_change_nothing(session, hole, lost, cuts, single):
    arrives = np.ones(len(session.counts), bool)
    arrives[hole : hole + lost] = False
    sent = session_stream(
        session.hello, session.scan_us, session.counts, arrives, 0.0, lambda us: us * 1e-6
    )
    length = len(sent.stream)
    at = round(single * (length - 300))
    bounds = sorted({0, *(round(c * length) for c in cuts), *range(at, at + 300), length})
    whole = _pushed(session, sent.stream, [0, length])
    assert _pushed(session, sent.stream, bounds) == whole
    if lost < 0.3 * RATE_HZ:  # a longer gap in the only pull leaves open what the feet did
        assert whole[2] >= 1
