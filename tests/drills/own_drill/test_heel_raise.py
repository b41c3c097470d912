# SPDX-License-Identifier: GPL-3.0-or-later
"""The drill against a simulated person, whose true loads are known, and against every cut."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.drills.api import DrillSettings, Foot, Region
from rig.pipeline import Pipeline, PipelineSettings
from rig.simulate.person import simulate_session


@cache
def performed(side, seconds=30.0):
    return simulate_session("heel-raise", seconds, seed=7, side=side)


def results(session, cuts=()):
    """What the drill says of a session whose bytes come in pieces, cut at these parts of it."""
    drill = DrillSettings("heel-raise", session.side)
    pipeline = Pipeline(PipelineSettings(session.participant, session.calibration, drill))
    size = len(session.stream)
    ends = np.array([[size, 10**10]])  # where the bytes end, and when they came in ns
    places = [0, *sorted(round(size * cut) for cut in cuts), size]
    pieces = pairwise(places)
    outputs = [pipeline.push(session.stream[a:b], ends) for a, b in pieces]
    return [block.drill for output in (*outputs, pipeline.finish()) for block in output.blocks]


def repetitions(drill_results):
    return [r for result in drill_results for r in result.repetitions]


def true_raises(session):
    """(up, down) of each raise by the loads that the simulated person really put on the ground."""
    foot = Foot.LEFT if session.side == "left" else Foot.RIGHT
    loads = session.truth.loads
    force_n = np.maximum(loads.foot_force_n[:, foot], 1.0)
    share = loads.region_force_n[:, foot, Region.HEEL] / force_n
    t_s, raises, up_s = session.truth.t_s, [], None
    for at_s, heel in zip(t_s, np.where(force_n > 300.0, share, 1.0), strict=True):
        if up_s is None and heel < 0.10:
            up_s = at_s
        elif up_s is not None and heel > 0.20:
            raises.append((up_s, at_s))
            up_s = None
    return raises


@pytest.mark.parametrize("side", ["left", "right"])
def test_every_raise_is_counted_when_it_ends(side):
    session = performed(side)
    true, found = true_raises(session), repetitions(results(session))
    assert len(true) >= 6
    assert [r.end_s for r in found] == pytest.approx([down for _, down in true], abs=0.1)
    assert all(r.side.name.lower() == side for r in found)


def test_short_holds_and_helped_ones_are_told_from_clean_ones():
    session = performed("right")
    found = repetitions(results(session))
    for (up_s, down_s), raised in zip(true_raises(session), found, strict=True):
        other_n = session.truth.loads.foot_force_n[:, Foot.LEFT]
        within = (session.truth.t_s >= up_s) & (session.truth.t_s < down_s)
        helped = other_n[within].mean() > 0.15 * session.truth.body_weight_n
        codes = {fault.code for fault in raised.faults}
        true = {"SHORT-HOLD": down_s - up_s < 1.0, "HELP": helped}
        assert codes == {code for code, holds in true.items() if holds}


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.floats(0.0, 1.0), max_size=30))
def test_cuts_change_nothing(cuts):
    session = performed("right", 12.0)
    whole, parts = results(session), results(session, cuts)
    assert repr(repetitions(parts)) == repr(repetitions(whole))
    assert (parts[-1].count, parts[-1].state) == (whole[-1].count, whole[-1].state)
