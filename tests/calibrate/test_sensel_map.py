# SPDX-License-Identifier: GPL-3.0-or-later
"""Swapped wires and absent pads are mended in software, live and in what a recording keeps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.analysis import analyse_recording, analysis_json
from rig.calibrate.calibration import Calibration
from rig.calibrate.foot_force import pad_weights
from rig.calibrate.sensel_map import identity_map, mapped_counts
from rig.calibrate.tare import tare_from_counts
from rig.errors import SettingsError
from rig.layout import Foot, Region, insole_layout
from rig.layout.insole import PAD_AREA_MM2
from rig.pipeline import Pipeline, PipelineOutput, PipelineSettings
from rig.record import Recording
from rig.record.json_form import settings_from_json, settings_to_json
from rig.settings import DrillSettings
from rig.simulate.person import SimulatedSession, simulate_session
from rig.simulate.recorded import write_session

SWAPPED = (1, 0, *range(2, 32))
LEFT_BALL_ONLY = tuple(i if 7 <= i < 12 else -1 for i in range(32))


@pytest.fixture(scope="module")
def session() -> SimulatedSession:
    return simulate_session(motion="pony", seconds=4, seed=3, rate_hz=200)


def analysed(session: SimulatedSession, calibration: Calibration, piece: int = 1 << 20):
    wanted = PipelineSettings(session.participant, calibration, DrillSettings("pony", "right"))
    pipeline = Pipeline(wanted)
    arrivals = np.array([[len(session.stream), 0]])
    outputs: list[PipelineOutput] = [
        pipeline.push(session.stream[at : at + piece], arrivals)
        for at in range(0, len(session.stream), piece)
    ]
    return [b for o in (*outputs, pipeline.finish()) for b in o.blocks]


def joined(blocks, pick):
    return np.concatenate([pick(b) for b in blocks])


def pads(blocks):
    return joined(blocks, lambda b: b.loads.force.pad_force_n)


def test_columns_follow_the_map_and_absent_pads_read_nothing():
    counts = np.arange(64, dtype=np.uint16).reshape(2, 32)
    ordered = mapped_counts(counts, (-1, 0, *range(2, 31), 1))
    assert ordered[:, 0].tolist() == [0, 0]
    assert ordered[:, 1].tolist() == [0, 32]
    assert ordered[:, 31].tolist() == [1, 33]
    assert mapped_counts(counts, identity_map(32)) is counts
    assert counts[0, 0] == 0
    assert counts[1, 0] == 32


def test_swapped_wires_mended_by_the_map_give_the_forces_of_right_wires(session):
    right = pads(analysed(session, session.calibration))
    tare = list(session.calibration.tare_force_n)
    tare[0], tare[1] = tare[1], tare[0]
    # the same bytes read through a map that swaps HB and HM: as if two wires had been swapped
    swapped = replace(session.calibration, sensel_map=SWAPPED, tare_force_n=tuple(tare))
    mended = pads(analysed(session, swapped))
    np.testing.assert_array_equal(mended[:, 0, 0], right[:, 0, 1])
    np.testing.assert_array_equal(mended[:, 0, 1], right[:, 0, 0])
    np.testing.assert_array_equal(mended[:, :, 2:], right[:, :, 2:])
    assert not np.array_equal(right[:, 0, 0], right[:, 0, 1])


def test_absent_pads_are_undefined_and_others_take_over_their_area(session):
    calibration = replace(session.calibration, sensel_map=LEFT_BALL_ONLY)
    blocks = analysed(session, calibration)
    force = pads(blocks)
    assert np.isnan(force[:, Foot.LEFT, :7]).all()
    assert np.isnan(force[:, Foot.RIGHT]).all()
    weights = pad_weights(265.0, replace(calibration, sensel_map=LEFT_BALL_ONLY))
    sole_mm2 = insole_layout(265.0).tributary_mm2.sum()
    assert weights[Foot.LEFT].sum() * PAD_AREA_MM2 == pytest.approx(
        sole_mm2 * calibration.body_weight_gain, rel=1e-9
    )
    assert not weights[Foot.RIGHT].any()
    loads = joined(blocks, lambda b: b.loads.foot_force_n)
    ball = joined(blocks, lambda b: b.loads.region_force_n)[:, Foot.LEFT, Region.BALL]
    np.testing.assert_array_equal(loads[:, Foot.LEFT], ball)
    expected = (force[:, Foot.LEFT, 7:12] * weights[Foot.LEFT, 7:12]).sum(axis=1)
    assert loads[:, Foot.LEFT] == pytest.approx(expected)
    assert np.isnan(loads[:, Foot.RIGHT]).all()
    events = [e for b in blocks for e in b.contact.events]
    assert events
    assert {e.foot for e in events} == {Foot.LEFT}


@settings(max_examples=8, deadline=None)
@given(piece=st.integers(40, 5000))
def test_a_partial_insole_is_the_same_however_the_stream_is_cut(session, piece):
    calibration = replace(session.calibration, sensel_map=LEFT_BALL_ONLY)
    whole, cut = analysed(session, calibration), analysed(session, calibration, piece)
    for pick in (
        lambda b: b.loads.force.pad_force_n,
        lambda b: b.loads.foot_force_n,
        lambda b: b.loads.foot_cop_mm,
    ):
        np.testing.assert_array_equal(joined(whole, pick), joined(cut, pick))


def test_a_floating_channel_without_a_sensor_saturates_nothing(session):
    counts = np.zeros((50, 32), np.uint16)
    counts[:, 20] = 1023
    calibration = replace(session.calibration, sensel_map=LEFT_BALL_ONLY)
    tared = tare_from_counts(np.repeat(counts, 8, axis=0), session.hello, calibration)
    assert tared.tare_force_n[20] == 0.0
    with pytest.raises(SettingsError, match="press"):
        tare_from_counts(np.repeat(counts, 8, axis=0), session.hello, session.calibration)


def test_an_analysis_of_a_partial_insole_says_so(session, tmp_path):
    folder = tmp_path / "recording"
    folder.mkdir()
    calibration = replace(session.calibration, sensel_map=LEFT_BALL_ONLY)
    write_session(folder, replace(session, calibration=calibration))
    content = analysis_json(analyse_recording(Recording.open(folder)))
    assert {c["foot"] for c in content["contacts"]} <= {"left"}
    assert any("27 of 32 sensors are not there" in note for note in content["notes"])


def test_recordings_keep_the_map(session):
    calibration = replace(session.calibration, sensel_map=SWAPPED)
    drill = DrillSettings("pony", "right")
    stored = settings_to_json(session.participant, calibration, drill)
    assert settings_from_json(stored)["calibration"] == calibration
    del stored["calibration"]["sensel_map"]  # as recordings from before there were maps
    assert settings_from_json(stored)["calibration"].sensel_map == tuple(range(32))


@pytest.mark.parametrize(
    ("sensel_map", "named"),
    [
        (tuple(range(31)), "31 entries"),
        ((32, *range(1, 32)), "no sample 32"),
        ((-2, *range(1, 32)), "no sample -2"),
        ((1, *range(1, 32)), "share sample 1"),
    ],
)
def test_an_impossible_map_is_refused(sensel_map, named):
    with pytest.raises(SettingsError, match=named):
        Calibration(sensel_map=sensel_map)


def test_gains_of_regions_and_feet_stand_upon_the_areas():
    plain = pad_weights(265.0, Calibration(body_weight_gain=1.5))
    gains = Calibration(
        body_weight_gain=1.5,
        region_gain=(0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.3),
        foot_gain=(1.1, 0.9),
    )
    ratio = pad_weights(265.0, gains) / plain
    left = [0.88] * 4 + [1.1] * 12
    right = [0.9] * 12 + [1.17] * 4
    np.testing.assert_allclose(ratio, [left, right])
