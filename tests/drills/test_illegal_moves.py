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
