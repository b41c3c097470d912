# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat on the screen, from a simulated person's bytes."""

import numpy as np
import pytest

from dashboard.live_model import LiveModel
from dashboard.mat_map_model import UNKNOWN_FEET, on_mat
from dashboard.views.feet_view import FeetView
from rig.acquire.keeper import no_recording
from rig.acquire.link_status import closed_status
from rig.acquire.live_update import LiveUpdate
from rig.layout import Foot
from rig.pipeline import Pipeline, PipelineSettings
from rig.simulate.mat_session import simulate_mat_session


def update_of(motion, seed=3):
    session = simulate_mat_session(motion, 1.0, seed)
    settings = PipelineSettings(session.participant, session.calibration)
    pipeline = Pipeline(settings, session.hello)
    arrivals = np.array([[len(session.stream), 1_000_000_000]])
    blocks = (*pipeline.push(session.stream, arrivals).blocks, *pipeline.finish().blocks)
    update = LiveUpdate(
        blocks, closed_status(), no_recording(), settings, (), (), (), 0, stream_restarted=False
    )
    return session, update


def test_a_mat_shows_its_cells_and_both_feet_where_they_stand():
    session, update = update_of("quiet")
    model = LiveModel()
    model.push(update, 100.0)
    assert model.mat is not None
    assert model.mat.pressure_kpa.shape == (16, 16)
    assert model.mat.sentence == ""
    newest = int(update.blocks[-2].loads.force.frame_number[-1])
    true_kpa = session.cell_force_n[newest].sum(axis=0).reshape(16, 16) * 1000.0 / 625.0
    assert np.corrcoef(model.mat.pressure_kpa.ravel(), true_kpa.ravel())[0, 1] > 0.95
    for foot in Foot:
        outline = model.mat.outlines_mm[foot]
        assert outline is not None
        assert np.hypot(*(outline[0] - session.truth.heel_mm[0, foot])) < 20.0
    np.testing.assert_allclose(model.mat.cop_mm[2], session.truth.cop_mm[-1], atol=12.0)
    assert model.pressure_scale.top >= np.nanmax(model.mat.pressure_kpa)


def test_a_foot_that_nobody_can_name_has_no_outline_and_the_person_is_told(qtbot):
    _, update = update_of("single-leg")
    model, view = LiveModel(), FeetView()
    qtbot.addWidget(view)
    model.push(update, 100.0)
    assert model.mat is not None
    assert model.mat.outlines_mm == (None, None)
    view.draw(model, 100.0)
    assert view.maps.currentWidget() is view.mat
    assert view.mat.sentence == UNKNOWN_FEET


@pytest.mark.parametrize(
    ("turn_deg", "expected"),
    [(0.0, (110.0, 250.0)), (90.0, (300.0, 40.0)), (-90.0, (-100.0, 60.0))],
)
def test_places_of_a_foot_lie_on_the_mat(turn_deg, expected):
    # 10 mm to the right of the axis and 200 mm ahead of a heel at (100, 50)
    place = on_mat(np.array([10.0, 200.0]), np.array([100.0, 50.0]), turn_deg)
    np.testing.assert_allclose(place, expected, atol=1e-9)
