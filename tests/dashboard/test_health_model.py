# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window says of sensors and of the CoP's error, from blocks of the real pipeline."""

import dataclasses

import numpy as np
import pytest

from dashboard.cop_error_model import CopEllipses
from dashboard.health_model import HEALTHY, HealthBoard, HealthNote
from rig.calibrate.health_results import HealthFinding, HealthKind
from rig.layout import Foot

HL, MT1 = 2, 7


@pytest.fixture(scope="module")
def standing(play):
    """A block in which both feet bear the body."""
    played = play("stance", 3.0, 3)
    return played, played.blocks[len(played.blocks) // 2].loads


def with_findings(loads, *findings):
    return dataclasses.replace(loads, force=dataclasses.replace(loads.force, findings=findings))


def finding(kind, sensel=HL, foot=Foot.LEFT):
    return HealthFinding(1.0, foot, sensel, kind, float("nan"))


def test_all_is_well_at_first(standing):
    played, loads = standing
    board = HealthBoard()
    board.push(loads, played.settings)
    assert board.note == HealthNote(HEALTHY, "good", ())


def test_a_dead_sensor_is_said_with_its_effect_and_crossed_out(standing):
    played, loads = standing
    board = HealthBoard()
    board.push(loads, played.settings)
    board.push(with_findings(loads, finding(HealthKind.DEAD)), played.settings)
    assert board.note.sentence.startswith("Left foot, the outer side of the heel (HL): the sensor")
    assert "mm off" in board.note.sentence
    assert (board.note.state, board.note.masked) == ("bad", ((0, HL),))
    board.push(with_findings(loads, finding(HealthKind.ANSWERS)), played.settings)
    assert board.note == HealthNote()


def test_a_drift_asks_for_a_lift_before_all_else(standing):
    played, loads = standing
    board = HealthBoard()
    drift = finding(HealthKind.DRIFTED, sensel=None)
    block = with_findings(loads, drift, finding(HealthKind.DEAD, MT1))
    board.push(block, played.settings)
    said = "The left insole has drifted. Lift the left foot for two seconds. (+1)"
    assert board.note.sentence == said
    board.push(with_findings(loads, finding(HealthKind.REZEROED, sensel=None)), played.settings)
    assert "MT1" in board.note.sentence
    board.clear()
    assert board.note == HealthNote()


def test_ellipses_lie_about_the_dots_and_keep_to_ten_a_second(standing):
    played, loads = standing
    ellipses = CopEllipses()
    assert np.isnan(ellipses.around_mm).all()
    ellipses.push(loads, played.settings)
    around = ellipses.around_mm
    assert np.isfinite(around).all()
    assert around.mean(axis=1) == pytest.approx(0.0, abs=0.6)
    assert 1.0 < np.abs(around).max() < 40.0
    ellipses.push(loads, played.settings)
    assert ellipses.around_mm is around
    ellipses.clear()
    assert np.isnan(ellipses.around_mm).all()
