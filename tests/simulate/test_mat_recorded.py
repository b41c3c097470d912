# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat session on disk: it opens as a recording, and its truth says where the feet were."""

import json

import numpy as np
import pytest

from rig.record.recording import Recording
from rig.simulate.mat_recorded import mat_truth_json, write_mat_dense, write_mat_session
from rig.simulate.mat_session import simulate_mat_session
from rig.wire.packets import LayoutId, unpack_hello


@pytest.fixture(scope="module")
def session():
    return simulate_mat_session("tapping", 6.0, 3, stepping=True)


def test_it_opens_again(tmp_path, session):
    write_mat_session(tmp_path / "mat", session)
    recording = Recording.open(tmp_path / "mat")
    assert recording.info.layout_name == "mat_16x16"
    assert recording.info.drill.name == "tapping"
    assert recording.info.source.simulated
    assert bytes(recording.wire) == session.stream
    assert unpack_hello(bytes.fromhex(recording.info.hello_hex)).layout_id == LayoutId.MAT_16X16


def test_a_movement_that_is_no_coached_drill_is_free(tmp_path):
    write_mat_session(tmp_path / "mat", simulate_mat_session("quiet", 0.5, 3))
    assert Recording.open(tmp_path / "mat").info.drill.name == "free"


def test_its_truth_tells_each_placement(session):
    truth = json.loads(json.dumps(mat_truth_json(session), allow_nan=False))
    assert truth["rig"] == "mat16"
    assert truth["placements"][0] == {
        "from_s": 0.0,
        "left": {"x_mm": 119.0, "y_mm": 67.5, "toe_out_deg": 7.0},
        "right": {"x_mm": 281.0, "y_mm": 67.5, "toe_out_deg": 7.0},
    }
    starts = [stand["from_s"] for stand in truth["placements"]]
    assert len(starts) >= 3
    assert starts == sorted(starts)
    assert len(truth["contacts"]) == len(session.truth.truth.contacts)


def test_its_dense_truth_is_in_the_mat_frame(tmp_path, session):
    write_mat_dense(tmp_path / "dense.npz", session)
    with np.load(tmp_path / "dense.npz") as dense:
        np.testing.assert_allclose(dense["heel_mm"], session.truth.heel_mm, rtol=1e-6)
        np.testing.assert_allclose(dense["cop_mm"], session.truth.cop_mm, rtol=1e-6)
        assert dense["t_s"].shape == dense["axis_deg"].shape[:1]
