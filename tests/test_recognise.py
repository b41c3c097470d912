# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognition of the drills from simulated movement; seeds here were used for no threshold."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from rig.analysis.drill_rules import DESCRIPTIONS, Rule, at_least, at_most
from rig.analysis.movement import movement_of
from rig.analysis.recognise import UNKNOWN, Stretch, recognise, recognition_json
from rig.batch import SettingsAt, WholeStream
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.pipeline import PipelineSettings
from rig.settings import DrillSettings, Participant, Side
from rig.simulate.person import simulate_session
from rig.simulate.population import drawn_build
from rig.simulate.session_stream import session_stream

NO_ARRIVALS = np.zeros((0, 2), np.int64)
SIDED = ("stance", "tapping", "hopping", "lunge")


def _stream(motion: str, seed: int, side: Side, seconds: float = 12.0) -> WholeStream:
    mass_kg, shoe_eu = drawn_build(seed)
    session = simulate_session(
        motion, seconds, seed, 200, side, body_mass_kg=mass_kg, shoe_size_eu=shoe_eu
    )
    settings = PipelineSettings(session.participant, session.calibration)
    return WholeStream(session.stream, NO_ARRIVALS, settings)


def _seconds(stretches: tuple[Stretch, ...]) -> dict[tuple[str, Foot | None], float]:
    lengths: dict[tuple[str, Foot | None], float] = {}
    for stretch in stretches:
        name = (stretch.drill, stretch.side)
        lengths[name] = lengths.get(name, 0.0) + stretch.to_s - stretch.from_s
    return lengths


@pytest.mark.parametrize(
    ("drill", "side"),
    [(d.drill, "left") for d in DESCRIPTIONS] + [(drill, "right") for drill in SIDED],
)
def test_each_drill_is_named_with_its_foot(drill: str, side: Side) -> None:
    seed = {"left": 13_000, "right": 13_001}[side]
    stretches = recognise(_stream(drill, seed, side, 15.0 if drill == "stance" else 12.0))
    lengths = _seconds(stretches)
    foot = Foot.LEFT if side == "left" else Foot.RIGHT
    own = lengths.pop((drill, foot if drill in SIDED else None), 0.0)
    # people stand for 1.5 s first, before the stance for 6 s
    assert own >= (6.0 if drill == "stance" else 8.0)
    assert set(lengths) <= {(UNKNOWN, None)}


@pytest.mark.parametrize(
    "motion", ["walking", "running", "forefoot-running", "sitting", "quiet", "shifting"]
)
def test_what_is_no_drill_is_unknown(motion: str) -> None:
    (stretch,) = recognise(_stream(motion, 13_002, "right"))
    assert (stretch.drill, stretch.side) == (UNKNOWN, None)
    assert stretch.confidence > 0.5
    assert stretch.to_s - stretch.from_s == pytest.approx(12.0, abs=0.1)


@pytest.mark.parametrize("kind", ["white", "wandering", "bursts", "nothing"])
def test_noise_is_unknown(kind: str) -> None:
    session = simulate_session("quiet", 10.0, 13_003, 200)
    rng = np.random.default_rng(13_003)
    shape = session.counts.shape
    counts = {
        "white": rng.integers(0, 1024, shape),
        "wandering": np.clip(np.cumsum(rng.normal(0.0, 8.0, shape), axis=0) + 200.0, 0, 1023),
        "bursts": (rng.random((shape[0] // 20, 1)) < 0.3).repeat(20, axis=0)
        * rng.integers(0, 900, shape),
        "nothing": rng.integers(0, 2, shape),
    }[kind].astype(np.int64)
    arrives = np.ones(shape[0], bool)
    sent = session_stream(
        session.hello, session.scan_us, counts, arrives, 0.0, lambda us: us * 1e-6
    )
    settings = PipelineSettings(session.participant, session.calibration)
    stretches = recognise(WholeStream(sent.stream, NO_ARRIVALS, settings))
    assert {s.drill for s in stretches} == {UNKNOWN}


def test_a_visit_is_split_into_its_sets() -> None:
    # the same person's sets one after another on one board's clock
    parts = (("tapping", 12.0), ("quiet", 6.0), ("hopping", 12.0))
    sessions = [simulate_session(name, seconds, 13_004, 200) for name, seconds in parts]
    counts = np.concatenate([s.counts for s in sessions])
    first = sessions[0]
    ticks_us = first.scan_us[0] + 5000 * np.arange(len(counts), dtype=np.int64)
    arrives = np.ones(len(counts), bool)
    sent = session_stream(first.hello, ticks_us, counts, arrives, 0.0, lambda us: us * 1e-6)
    settings = PipelineSettings(first.participant, first.calibration)
    stretches = recognise(WholeStream(sent.stream, NO_ARRIVALS, settings))
    assert [s.drill for s in stretches] == ["tapping", UNKNOWN, "hopping"]
    assert stretches[0].to_s == pytest.approx(12.0, abs=0.5)
    # hops begin after 1.5 s of standing
    assert stretches[2].from_s == pytest.approx(19.5, abs=0.5)
    for before, after in pairwise(stretches):
        assert before.to_s == pytest.approx(after.from_s)


def test_what_the_recording_says_of_itself_is_not_asked() -> None:
    stream = _stream("pony", 13_005, "right", 10.0)
    drills = (DrillSettings("tapping", "left"), DrillSettings("stance"))
    labelled = replace(
        stream,
        settings=replace(stream.settings, drill=drills[0]),
        changes=(SettingsAt(len(stream.wire) // 2, replace(stream.settings, drill=drills[1])),),
    )
    assert {s.drill for s in recognise(labelled)} == {s.drill for s in recognise(stream)}
    assert "pony" in {s.drill for s in recognise(labelled)}


def test_an_unknown_body_weight_is_taken_from_the_movement() -> None:
    stream = _stream("hopping", 13_006, "left")
    known = movement_of(stream)
    light = Participant(shoe_size_eu=stream.settings.participant.shoe_size_eu)
    unknown = movement_of(replace(stream, settings=replace(stream.settings, participant=light)))
    assert np.nanmean(unknown.u) == pytest.approx(np.nanmean(known.u), rel=0.1)
    stretches = recognise(replace(stream, settings=replace(stream.settings, participant=light)))
    assert ("hopping", Foot.LEFT) in {(s.drill, s.side) for s in stretches}


def test_the_pieces_that_a_stream_is_read_in_change_nothing() -> None:
    session = simulate_session("switch", 5.0, 13_007, 1000)
    settings = PipelineSettings(session.participant, session.calibration)
    stream = WholeStream(session.stream, NO_ARRIVALS, settings)
    whole = movement_of(stream)
    pieces = movement_of(stream, piece_bytes=5000)
    for name in ("t_s", "u", "heel_share", "y", "on_s", "off_s", "flights"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name), err_msg=name)


def test_missing_frames_leave_open_what_was_done() -> None:
    session = simulate_session("tapping", 12.0, 13_008, 200)
    arrives = np.ones(len(session.scan_us), bool)
    arrives[1200:2200] = False  # from 6 to 11 s
    sent = session_stream(
        session.hello, session.scan_us, session.counts, arrives, 0.0, lambda us: us * 1e-6
    )
    settings = PipelineSettings(session.participant, session.calibration)
    movement = movement_of(WholeStream(sent.stream, NO_ARRIVALS, settings))
    lost = np.isnan(movement.u[:, 0])
    assert lost.sum() == pytest.approx(500, abs=3)
    assert 6.0 < movement.t_s[lost][0] - movement.t_s[0] + 0.01 < 6.1


def test_no_frames_are_no_stretches() -> None:
    assert recognise(WholeStream(b"", NO_ARRIVALS)) == ()
    assert recognition_json(()) == {"schema": "solerig.recognition/1", "stretches": []}


def test_a_slow_mat_is_refused() -> None:
    from rig.simulate.mat_session import simulate_mat_session

    session = simulate_mat_session("pony", 3.0, 13_009, rate_hz=30)
    settings = PipelineSettings(session.participant, session.calibration)
    with pytest.raises(AnalysisError, match="less than 100"):
        recognise(WholeStream(session.stream, NO_ARRIVALS, settings))


def test_rules_have_soft_edges() -> None:
    rule = Rule("y", 1.0, 2.0, 4.0, 8.0)
    kept = [rule.kept(v) for v in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, np.nan)]
    assert kept == [0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.75, 0.0, 0.0]
    assert [at_least("y", 1.0, 2.0).kept(v) for v in (1.0, 1.25, 1e9)] == [0.0, 0.25, 1.0]
    assert [at_most("y", 1.0, 2.0).kept(v) for v in (-1e9, 1.25, 2.0)] == [1.0, 0.75, 0.0]


def test_a_recognition_as_json() -> None:
    stretches = (
        Stretch(0.0, 2.0, UNKNOWN, None, 0.9),
        Stretch(2.0, 9.5, "lunge", Foot.LEFT, 0.8),
    )
    assert recognition_json(stretches)["stretches"][1] == {
        "from_s": 2.0,
        "to_s": 9.5,
        "drill": "lunge",
        "side": "left",
        "confidence": 0.8,
    }
