# SPDX-License-Identifier: GPL-3.0-or-later
"""A small part of `python -m benchmarks.drill_table`: faults on purpose, on calibrated insoles."""

from itertools import pairwise

import numpy as np
import pytest

from rig.analysis import analyse, analysis_json
from rig.batch import WholeStream
from rig.pipeline import PipelineSettings
from rig.settings import DRILL_NAMES, DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.clinic import calibrate_like_a_clinic
from rig.simulate.person import SimulatedPerson, simulate_session
from rig.simulate.sensors import BASIC_FAULTS

SEED = 20_011
FAULTS = {
    "stance": "TOE-SHIFT",
    "change-of-support": "EARLY-PULL",
    "pony": "PARTIAL",
    "forward-change": "TOE-LAND",
    "tapping": "LONG",
    "hopping": "TOE-LAND",
    "lunge": "REAR",
    "switch": "DOUBLE-SUPPORT",
    "running-lunge": "TOE-SHIFT",
}


@pytest.fixture(scope="module", params=DRILL_NAMES)
def done(request):
    """A session with 0.8 of a fault's limit in half of the repetitions, or 1.2 of it: both analysed."""
    pairs = []
    for size, side in ((0.8, "left"), (1.2, "right")):
        fault = BehaviourFault(FAULTS[request.param], size, 0.5)
        seconds = 26.0 if request.param == "stance" else 12.0
        session = simulate_session(request.param, seconds, SEED, side=side, behaviour=(fault,))
        arrivals = np.array([[len(session.stream), 10**10]], np.int64)
        drill = DrillSettings(session.drill, session.side)
        person = SimulatedPerson(SEED, side, 70.0, 42.0, BASIC_FAULTS)
        calibration = calibrate_like_a_clinic(session.hello, person.subject, BASIC_FAULTS)
        settings = PipelineSettings(session.participant, calibration, drill)
        pairs.append(
            (session, analyse(WholeStream(session.stream, arrivals, settings, session.hello)))
        )
    return FAULTS[request.param], pairs


def test_every_true_repetition_is_found_and_no_other(done):
    for session, analysis in done[1]:
        true = [r for r in session.truth.repetitions if r.end_s is not None]
        assert len(true) >= 1
        # one that ends with the data may not be decided yet
        late = [r for r in true if r.end_s > session.truth.t_s[-1] - 0.2]
        assert len(true) - len(late) <= len(analysis.repetitions) <= len(true)
        for one, found in zip(true, analysis.repetitions, strict=False):
            assert found.side == one.side
            assert found.end_s == pytest.approx(one.end_s, abs=0.08)


def test_the_fault_is_found_where_it_is_and_nowhere_else(done):
    code, pairs = done
    asked = 0
    for session, analysis in pairs:
        for one, found in zip(session.truth.repetitions, analysis.repetitions, strict=False):
            truly = [f for f in one.faults if f.code == code]
            assert bool(truly) == any(f.code == code for f in found.faults)
            asked += bool(truly)
    assert asked >= 1


def test_an_analysis_says_what_was_wrong(done):
    code, pairs = done
    content = analysis_json(pairs[1][1])
    for entry, found in zip(content["repetitions"], pairs[1][1].repetitions, strict=True):
        assert (
            entry["clean"] == found.clean == all(f["severity"] != "fault" for f in entry["faults"])
        )
        assert entry["not_judged"] == list(found.not_judged)
        assert entry["lost_frames"] == 0
        assert [f["code"] for f in entry["faults"]] == [f.code for f in found.faults]
    faults = [f for r in content["repetitions"] for f in r["faults"] if f["code"] == code]
    assert faults
    assert all(f["size"] >= 1.0 and f["numbers"] for f in faults)
    ends = [r["end_s"] for r in content["repetitions"]]
    assert all(b > a for a, b in pairwise(ends))
