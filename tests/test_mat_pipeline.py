# SPDX-License-Identifier: GPL-3.0-or-later
"""A mat's bytes to two feet, contacts and files, against the simulated person's own truth.

Tracking and errors were tuned on seeds below 1,000, and those from 10,000 on have been looked at since.
Seeds from 20,000 on were not used for either: they judge.
"""

from __future__ import annotations

import csv
import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from rig.analysis import analyse_recording
from rig.analysis.json_form import analysis_json
from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import FrameFlag
from rig.contact.mat_stage import joined_loads
from rig.export.csv import events_path, export_csv
from rig.pipeline import Pipeline, PipelineSettings
from rig.record import Recording
from rig.settings import DrillSettings
from rig.simulate.mat_field import random_stand
from rig.simulate.mat_recorded import write_mat_session
from rig.simulate.mat_rigs import mat_rig
from rig.simulate.mat_session import simulate_mat_session

SECOND = 1_000_000_000


def simulated(motion, seed, rig="mat16", seconds=6.0, **wanted):
    layout = mat_rig(rig).layout
    stand = random_stand(layout, 265.0, np.random.default_rng(seed))
    return simulate_mat_session(motion, seconds, seed, rig, placement=stand, **wanted)


def outputs_of(session, bounds=(), drill="free"):
    # the film's own strength is what a visit's body-weight gain takes up
    build = mat_rig(session.rig)
    gain = 2500.0 / build.layout.cell_area_mm2 / build.film_k_us
    calibration = Calibration(body_weight_gain=gain, body_weight_gain_source="measured")
    settings = PipelineSettings(
        session.participant, calibration, DrillSettings(drill, session.side)
    )
    pipeline = Pipeline(settings, session.hello)
    stream, blocks = session.stream, []
    for start, stop in pairwise((0, *bounds, len(stream))):
        blocks += pipeline.push(stream[start:stop], np.array([[len(stream), SECOND]])).blocks
    return [*blocks, *pipeline.finish().blocks]


def loads_of(blocks):
    return joined_loads([b.loads for b in blocks if len(b.loads)])


def truly(session, loads):
    """(n, 2) newtons of each foot when each frame was read."""
    return session.cell_force_n[loads.force.frame_number].astype(np.float64).sum(axis=2)


def seen_of(session):
    """Loads, which frames were handed to a foot wrongly, and which were said to be unknown."""
    loads = loads_of(outputs_of(session))
    true_n, weight_n = truly(session, loads), session.participant.body_weight_n
    total = true_n.sum(axis=1)
    share = true_n[:, 0] / np.maximum(total, 1.0)
    off = np.abs(loads.foot_force_n[:, 0] / loads.total_force_n - share)
    uneven = (total > 0.2 * weight_n) & (np.abs(share - 0.5) > 0.1)
    swapped = uneven & (off > np.abs(2.0 * share - 1.0) * 0.5)
    return loads, swapped, (loads.force.flags & FrameFlag.FEET_UNKNOWN) != 0


@pytest.mark.parametrize("motion", ["hopping", "change-of-support"])
def test_a_foot_that_comes_down_elsewhere_is_unknown_rather_than_the_other(motion):
    swapped = unknown = 0
    # of seeds below 1,000, these once hopped onto the other foot's place and took its name
    for seed in (1, 2, 4, 20_020, 20_021):
        session = simulated(motion, seed, seconds=8.0, stepping=True)
        _, wrong, said = seen_of(session)
        swapped += np.count_nonzero(wrong)
        unknown += np.count_nonzero(said)
    assert swapped == 0
    assert (unknown > 0) == (motion == "hopping")


CASES = [
    ("quiet", {}),
    ("quiet", {"high_arch": True}),
    ("change-of-support", {}),
    ("change-of-support", {"high_arch": True, "barefoot": True}),
    ("change-of-support", {"stepping": True}),
    ("tapping", {}),
    ("tapping", {"high_arch": True}),
    ("hopping", {}),
]


@pytest.mark.parametrize("rig", ["mat16", "mat32"])
@pytest.mark.parametrize(("motion", "wanted"), CASES)
def test_feet_are_told_apart_and_never_swapped(motion, wanted, rig):
    right = swapped = said = frames = 0
    for seed in (20_000, 20_001) if rig == "mat16" else (20_002,):
        session = simulated(motion, seed, rig, seconds=5.0, **wanted)
        loads = loads_of(outputs_of(session))
        true_n = truly(session, loads)
        weight_n = session.participant.body_weight_n
        unknown = (loads.force.flags & FrameFlag.FEET_UNKNOWN) != 0
        # until both feet have touched the mat, nobody can say which one is there
        unseen = np.cumsum(true_n > 0.05 * weight_n, axis=0).min(axis=1) == 0
        total = true_n.sum(axis=1)
        share = true_n[:, 0] / np.maximum(total, 1.0)
        off = np.abs(loads.foot_force_n[:, 0] / loads.total_force_n - share)
        told = (total < 0.2 * weight_n) | (off < 0.08)
        right += np.count_nonzero((told & ~unknown) | (unknown & unseen))
        uneven = (total > 0.2 * weight_n) & (np.abs(share - 0.5) > 0.1)
        swapped += np.count_nonzero(uneven & (off > np.abs(2.0 * share - 1.0) * 0.5))
        said += np.count_nonzero(unknown & ~unseen)
        frames += len(loads)
    assert swapped == 0
    assert right >= 0.99 * frames
    assert said <= 0.01 * frames


@pytest.mark.parametrize("rig", ["mat16", "mat32"])
def test_where_the_body_and_the_feet_stand_is_measured(rig):
    session = simulated("quiet", 20_002, rig)
    loads, truth = loads_of(outputs_of(session)), session.truth
    at = np.searchsorted(truth.truth.t_s, loads.force.t_s).clip(0, len(truth.truth.t_s) - 1)
    assert np.abs(np.nanmean(loads.cop_mm - truth.cop_mm[at], axis=0)).max() < 8.0
    assert np.abs(loads.heel_mm[-1] - truth.heel_mm[0]).max() < 12.0
    outward = truth.axis_deg[0] * np.array([-1.0, 1.0])
    assert np.abs(loads.toe_out_deg[-1] - outward).max() < 6.0


def test_cuts_change_no_bit():
    session = simulated("change-of-support", 20_003, seconds=3.0, stepping=True)
    rng = np.random.default_rng(5)
    whole = outputs_of(session)
    cut = outputs_of(session, np.sort(rng.integers(1, len(session.stream), 40)).tolist())
    one, other = loads_of(whole), loads_of(cut)
    for name in ("foot_force_n", "region_force_n", "foot_cop_mm", "cop_mm", "total_force_n"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    events = [[e for b in blocks for e in b.contact.events] for blocks in (whole, cut)]
    assert [repr(e) for e in events[0]] == [repr(e) for e in events[1]]
    assert len(events[0]) > 4


def test_taps_on_a_mat_are_counted():
    session = simulated("tapping", 20_004, seconds=10.0)
    taps = [r for b in outputs_of(session, drill="tapping") for r in b.drill.repetitions]
    true_taps = [r for r in session.truth.truth.repetitions if (r.end_s or 0.0) < 9.9]
    # the first taps are those by which the tapping foot is first seen
    assert len(true_taps) - 3 <= len(taps) <= len(true_taps)
    assert len(taps) >= 8


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A recording of each mat; `mat32` scans below 100 Hz."""

    def write(rig, motion):
        folder = tmp_path_factory.mktemp(rig) / "recording"
        session = simulated(motion, 20_005, rig, seconds=4.0)
        write_mat_session(folder, session)
        return session, Recording.open(folder)

    return write


def test_a_recording_is_analysed_and_exported(recorded, tmp_path):
    _, recording = recorded("mat16", "change-of-support")
    analysis = analyse_recording(recording)
    assert analysis.mat_frames == analysis.frames > 700
    assert analysis.contacts
    assert not analysis.event_times_withheld
    assert analysis_json(analysis)["rig"] == "mat"
    out = tmp_path / "mat.csv"
    assert export_csv(recording, out) == analysis.frames
    with out.open(encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    cells = [float(rows[-1][f"M_r{r:02d}_c{c:02d}_N"]) for r in range(16) for c in range(16)]
    feet = float(rows[-1]["L_F_N"]) + float(rows[-1]["R_F_N"])
    assert sum(cells) == pytest.approx(feet, rel=0.1)
    assert float(rows[-1]["L_heelx_mm"]) < float(rows[-1]["R_heelx_mm"])
    assert {"L_copx_mm", "R_toeout_deg", "X_mm", "flags"} <= rows[-1].keys()
    assert "foot_on" in events_path(out).read_text(encoding="utf-8")


def test_a_slow_mat_gives_no_times_of_events(recorded, tmp_path):
    _, recording = recorded("mat32", "change-of-support")
    analysis = analyse_recording(recording)
    assert analysis.event_times_withheld
    assert analysis.contacts
    assert all(c.on_s is None and c.off_s is None for c in analysis.contacts)
    assert not analysis.events
    assert any("less than 100 times a second" in note for note in analysis_json(analysis)["notes"])
    out = tmp_path / "slow.csv"
    export_csv(recording, out)
    assert "foot_on" not in events_path(out).read_text(encoding="utf-8")


def test_settings_that_change_within_a_window_lose_no_frame():
    session = simulated("quiet", 20_006, seconds=1.0)
    pipeline = Pipeline(PipelineSettings(session.participant), session.hello)
    at = int(session.packet_end_offsets[15])
    arrivals = np.array([[len(session.stream), SECOND]])
    blocks = list(pipeline.push(session.stream[:at], arrivals).blocks)
    pipeline.change_settings(
        dataclasses.replace(pipeline.settings, calibration=Calibration(body_weight_gain=2.0))
    )
    blocks += pipeline.push(session.stream[at:], arrivals).blocks
    blocks += pipeline.finish().blocks
    loads = loads_of(blocks)
    assert np.all(np.diff(loads.force.end_offset) > 0)
    assert len(loads) == 200
    before, after = loads.foot_force_n[:10].sum(), loads.foot_force_n[-10:].sum()
    assert after == pytest.approx(2.0 * before, rel=0.1)
