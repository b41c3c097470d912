# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated recordings analysed and held against the simulator's truth, which knows no detector."""

import json
import math

import numpy as np
import pytest

from rig.analysis import SettingsAt, analyse, analysis_json
from rig.layout import Foot
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings, Participant
from rig.simulate.person import simulate_session

SEEDS = range(20)
SECONDS = 8.0
TOLERANCE_S = 0.010


def _analysed(drill, seed, seconds=SECONDS, **changes):
    side = "left" if seed % 2 else "right"
    session = simulate_session(drill, seconds, seed, side=side)
    configured = PipelineSettings(
        changes.get("participant", session.participant),
        session.calibration,
        DrillSettings(drill, side),
    )
    arrivals = np.array([[len(session.stream), 10**9]], np.int64)
    return session, analyse(session.stream, arrivals, configured)


def _by_foot(contacts, foot):
    ours = [c for c in contacts if c.foot == foot]
    return sorted(ours, key=lambda c: -math.inf if c.on_s is None else c.on_s)


def _assert_same_contacts(analysis, truth):
    for foot in Foot:
        found, true = _by_foot(analysis.contacts, foot), _by_foot(truth.contacts, foot)
        assert len(found) == len(true)
        for ours, theirs in zip(found, true, strict=True):
            assert ours.kind == theirs.kind
            for name in ("on_s", "off_s"):
                measured, expected = getattr(ours, name), getattr(theirs, name)
                if expected is None:
                    assert measured is None
                else:
                    assert measured == pytest.approx(expected, abs=TOLERANCE_S)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("drill", ["hopping", "tapping"])
def test_every_contact_is_found_within_ten_ms_and_none_besides(drill, seed):
    session, analysis = _analysed(drill, seed)
    _assert_same_contacts(analysis, session.truth)
    assert len(analysis.repetitions) == len(session.truth.repetitions)
    for ours, theirs in zip(analysis.repetitions, session.truth.repetitions, strict=True):
        assert ours.side == theirs.side
        assert ours.end_s == pytest.approx(theirs.end_s, abs=TOLERANCE_S)


@pytest.mark.parametrize("seed", range(8))
def test_support_phases_of_pony_match(seed):
    session, analysis = _analysed("pony", seed)
    _assert_same_contacts(analysis, session.truth)
    assert len(analysis.repetitions) == len(session.truth.repetitions)


@pytest.mark.parametrize("seed", range(4))
def test_holds_are_counted(seed):
    session, analysis = _analysed("stance", seed, 36.0)
    assert len(session.truth.repetitions) > 0
    assert len(analysis.repetitions) == len(session.truth.repetitions)
    for ours, theirs in zip(analysis.repetitions, session.truth.repetitions, strict=True):
        assert ours.side == theirs.side
        expected = theirs.measures["hold_time_s"]
        assert ours.measures["hold_time_s"] == pytest.approx(expected, abs=0.05)


def test_heel_touches_of_hops_agree_away_from_their_thresholds():
    """Pads see the heel's share with some error, so contacts near a limit are left out."""
    judged = 0
    for seed in range(6):
        session, analysis = _analysed("hopping", seed)
        for foot in Foot:
            pairs = zip(
                _by_foot(analysis.contacts, foot),
                _by_foot(session.truth.contacts, foot),
                strict=True,
            )
            for ours, theirs in pairs:
                share, impulse = theirs.heel_share_max, theirs.heel_impulse_share
                near = min(abs(share - 0.10), abs(share - 0.25), 2.0 * abs(impulse - 0.10))
                if not near < 0.03:
                    assert ours.heel_touch == theirs.heel_touch
                    judged += 1
    assert judged > 60


@pytest.fixture(scope="module")
def hops():
    return _analysed("hopping", 2)


def test_json_is_strict_and_complete(hops):
    _, analysis = hops
    content = json.loads(json.dumps(analysis_json(analysis), allow_nan=False))
    assert content["schema"] == "solerig.analysis/1"
    assert content["frames"] == 8000
    assert (content["lost_frames"], content["crc_errors"]) == (0, 0)
    assert content["rate_hz"] == pytest.approx(1000.0)
    assert content["duration_s"] == pytest.approx(7.999, abs=1e-5)
    assert content["drill"] == "hopping"
    assert content["repetition_count"] == len(content["repetitions"])
    first = content["contacts"][0]
    assert (first["on_s"], first["contact_time_s"]) == (None, None)
    assert {c["foot"] for c in content["contacts"]} == {"left", "right"}
    assert {"on_s", "off_s", "contact_time_s", "peak_force_n", "impulse_n_s", "heel_touch"} <= set(
        first
    )


def test_cadence_and_flights_are_those_of_the_true_hops(hops):
    session, analysis = hops
    content = analysis_json(analysis)
    landings = [r.end_s for r in session.truth.repetitions]
    expected = 60.0 * (len(landings) - 1) / (landings[-1] - landings[0])
    assert content["cadence_per_min"] == pytest.approx(expected, rel=0.01)
    flights = [r.measures["flight_time_s"] for r in session.truth.repetitions]
    assert content["flight_times_s"] == pytest.approx(flights, abs=TOLERANCE_S)


def test_mean_impulse_carries_the_body(hops):
    """Impulse over whole hops is the body weight times their time, up to the sensors' error."""
    session, analysis = hops
    foot = Foot.LEFT if session.side == "left" else Foot.RIGHT
    landed = [c for c in _by_foot(analysis.contacts, foot) if None not in (c.on_s, c.off_s)]
    span_s = landed[-1].on_s - landed[0].on_s
    mean_n = sum(c.impulse_n_s for c in landed[:-1]) / span_s
    assert mean_n == pytest.approx(session.participant.body_weight_n, rel=0.08)


def test_notes_say_what_is_not_known():
    _, analysis = _analysed("stance", 1, 2.0, participant=Participant())
    content = analysis_json(analysis)
    assert content["body_weight_n"] is None
    assert any("700 N" in note for note in content["notes"])


def test_no_bytes_give_nulls_and_no_error():
    analysis = analyse(b"", np.zeros((0, 2), np.int64), PipelineSettings())
    content = json.loads(json.dumps(analysis_json(analysis), allow_nan=False))
    assert content["frames"] == 0
    assert (content["rate_hz"], content["duration_s"], content["cadence_per_min"]) == (None,) * 3
    assert any("No frames" in note for note in content["notes"])


def test_a_change_of_settings_holds_from_its_byte_on():
    session = simulate_session("hopping", 6.0, 5, side="right")
    arrivals = np.array([[len(session.stream), 10**9]], np.int64)
    start = PipelineSettings(session.participant, session.calibration, DrillSettings("stance"))
    hopping = PipelineSettings(
        session.participant, session.calibration, DrillSettings("hopping", "right")
    )
    at = int(session.packet_end_offsets[1200])
    analysis = analyse(session.stream, arrivals, start, changes=[SettingsAt(at, hopping)])
    assert analysis.frames == 6000
    assert {r.drill for r in analysis.repetitions} == {"hopping"}
    assert len(analysis.repetitions) == len(session.truth.repetitions)


def test_progress_reaches_the_end(hops):
    session, _ = hops
    seen = []
    arrivals = np.array([[len(session.stream), 10**9]], np.int64)
    analyse(session.stream, arrivals, PipelineSettings(), progress=seen.append)
    assert seen[-1] == len(session.stream)
