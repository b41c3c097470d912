# SPDX-License-Identifier: GPL-3.0-or-later
"""Standing on insoles and mats: shares by hand, templates by geometry, jumps, and what a mat knows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rig.balance.load import load_json, load_symmetry_percent
from rig.balance.oddities import jumps
from rig.balance.signals import (
    FootChange,
    StanceSignals,
    gaps_of,
    join_signals,
    signals_of,
    standing_between,
    without_gaps,
)
from rig.balance.stance_assessment import Circumstances, assess_stance
from rig.balance.stances import SHOULDER_WIDTH, StanceTemplate, body_cop_mm
from rig.calibrate.force_block import FrameFlag
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.mat_session import simulate_mat_session


@pytest.fixture
def still():
    """Two frames: left 300 N, right 100 N; each CoP 10 mm outwards and 120 mm ahead of the heel."""
    region = np.array([[150.0, 30.0, 90.0, 30.0], [40.0, 10.0, 50.0, 0.0]])
    return StanceSignals(
        t_s=np.array([0.0, 0.01]),
        cop_mm=np.zeros((2, 2)),
        foot_cop_mm=np.tile([[-10.0, 120.0], [10.0, 120.0]], (2, 1, 1)),
        foot_force_n=np.tile([300.0, 100.0], (2, 1)),
        region_force_n=np.tile(region, (2, 1, 1)),
        lost_before=np.zeros(2, np.int64),
        flags=np.full(2, FrameFlag.TEMPLATE_STANCE, np.uint32),
    )


def test_loads_worked_by_hand(still):
    found = load_json(still)
    assert (found["symmetry_percent"], found["asymmetry_percent"]) == (75.0, 25.0)
    assert found["left"] == {
        "force_n": 300.0,
        "heel_percent": 50.0,
        "midfoot_percent": 10.0,
        "ball_percent": 30.0,
        "toes_percent": 10.0,
    }
    assert found["right"]["ball_percent"] == 50.0


def test_shares_of_nothing_are_unknown(still):
    unknown = replace(still, foot_force_n=np.full((2, 2), np.nan))
    assert math.isnan(load_symmetry_percent(unknown.foot_force_n))
    assert load_json(unknown)["asymmetry_percent"] is None


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        # heels 45 mm from the middle: -(45 + 10) * 0.75 + (45 + 10) * 0.25, and 120 ahead
        (StanceTemplate("together", "", 45.0, 0.0), (-27.5, 120.0)),
        # heel to toe, left in front by a foot's length of 260 mm
        (StanceTemplate("tandem", "", 0.0, 0.0, 1.0, Foot.LEFT), (-5.0, 120.0 + 0.75 * 260.0)),
        # both feet turned outwards by 90 degrees: what was ahead is outwards, what was outwards behind
        (StanceTemplate("turned", "", 50.0, 90.0), (-170.0 * 0.5, -10.0)),
        (SHOULDER_WIDTH, (0.0, 0.0)),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_the_cop_on_a_template_worked_by_hand(still, template, expected):
    assert body_cop_mm(still, template, 260.0) == pytest.approx(np.tile(expected, (2, 1)))


def test_a_jump_is_seen_and_sway_is_not():
    t_s = np.arange(3000) / 100.0
    sway = 20.0 * np.column_stack((np.sin(2 * np.pi * t_s), np.cos(2 * np.pi * t_s)))
    assert not jumps(sway, 100.0)
    sway[1500:] += (0.0, 90.0)
    assert jumps(sway, 100.0)


def test_who_stood_and_stepped():
    left, right = Foot.LEFT, Foot.RIGHT
    changes = [
        FootChange(0.0, left, on=True),
        FootChange(0.0, right, on=True),
        FootChange(5.0, left, on=False),
        FootChange(8.0, left, on=True),
    ]
    assert standing_between(changes, 1.0, 4.0).at_start == (True, True)
    assert not standing_between(changes, 1.0, 4.0).lifted
    alone = standing_between(changes, 5.5, 7.5)
    assert (alone.feet, alone.lifted, alone.stepped) == ((False, True), False, False)
    whole = standing_between(changes, 1.0, 9.0)
    assert (whole.lifted, whole.stepped) == (True, True)


def test_only_a_foot_seen_on_both_sides_of_a_gap_stood_through_it():
    gaps = gaps_of(np.array([4.9, 5.0, 5.5, 5.6]))
    assert gaps == [(5.0, 5.5)]
    left = [FootChange(5.0, Foot.LEFT, on=False), FootChange(5.5, Foot.LEFT, on=True)]
    right = [FootChange(5.0, Foot.RIGHT, on=False)]
    assert without_gaps([*left, *right], gaps, 6.0) == right
    assert without_gaps(right, gaps, 5.55) == []


def test_nobody_and_nothing_are_refused(still):
    nobody = standing_between([], 0.0, 1.0)
    with pytest.raises(AnalysisError, match="Nobody"):
        assess_stance(still, nobody, Circumstances(100.0, 260.0))
    with pytest.raises(AnalysisError, match="no frames"):
        assess_stance(still.cut(slice(0, 0)), nobody, Circumstances(100.0, 260.0))


def test_a_mat_sees_where_the_feet_stand():
    """No assumed width, and AP sway as the insoles' simulated people have it."""
    session = simulate_mat_session("quiet", 12.0, 10_001)
    settings = PipelineSettings(session.participant, session.calibration, DrillSettings("stance"))
    pipeline = Pipeline(settings)
    pushed = pipeline.push(session.stream, np.array([[len(session.stream), 0]]))
    blocks = [b for b in (*pushed.blocks, *pipeline.finish().blocks) if len(b.loads)]
    signals = join_signals([signals_of(b.loads) for b in blocks]).between(2.0, 12.0)
    both = replace(standing_between([], 0.0, 0.0), at_start=(True, True))
    around = Circumstances(float(session.hello.scan_rate_hz), 265.0, StanceTemplate("x", "", 9.0))
    found = assess_stance(signals, both, around).to_json()
    assert found["stance"] == {"feet": "both", "template": "measured", "ml": None}
    assert 1.0 < found["measures"]["rms_ap_mm"] < 15.0
    assert found["load"]["symmetry_percent"] == pytest.approx(50.0, abs=6.0)
