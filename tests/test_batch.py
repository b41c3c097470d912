# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole streams in pieces of any size lead to what the pipeline makes of them by hand."""

import numpy as np
import pytest

from rig.batch import SettingsAt, WholeStream, outputs, stream_of
from rig.pipeline import Pipeline, PipelineSettings
from rig.record import Recording, RecordingInfo, RecordingWriter, SourceInfo
from rig.record.json_form import settings_to_json
from rig.settings import DrillSettings
from rig.simulate.person import simulate_session

READ_BYTES = 1000


@pytest.fixture(scope="module")
def session():
    return simulate_session("hopping", 3.0, 3)


def _settings(session, drill):
    return PipelineSettings(session.participant, session.calibration, DrillSettings(drill, "right"))


@pytest.fixture(scope="module")
def stream(session):
    """Reads of 1,000 bytes, the link reopened in the same nanosecond after the 40th, and one change
    within a read, two at one byte between reads."""
    ends = [*range(READ_BYTES, len(session.stream), READ_BYTES), len(session.stream)]
    arrivals = [[end, 10**9 + 13_000_000 * place] for place, end in enumerate(ends)]
    arrivals.insert(40, arrivals[39])
    changes = ((60_345, "stance"), (90_000, "pony"), (90_000, "hopping"))
    return WholeStream(
        session.stream,
        np.array(arrivals, np.int64),
        _settings(session, "hopping"),
        None,
        tuple(SettingsAt(at, _settings(session, drill)) for at, drill in changes),
    )


def _by_hand(stream):
    pipeline, done = Pipeline(stream.settings, stream.hello), 0
    for change in stream.changes:
        yield pipeline.push(stream.wire[done : change.offset], stream.arrivals)
        pipeline.change_settings(change.settings)
        done = change.offset
    yield pipeline.push(stream.wire[done:], stream.arrivals)
    yield pipeline.finish()


def _gathered(results):
    blocks = [b for output in results for b in output.blocks]
    times = np.concatenate([b.loads.force.t_s for b in blocks])
    forces = np.concatenate([b.loads.foot_force_n for b in blocks])
    events = [repr(e) for b in blocks for e in b.contact.events]
    repetitions = [repr(r) for b in blocks for r in b.drill.repetitions]
    return times.tobytes(), forces.tobytes(), events, repetitions, results[-1].faults


@pytest.mark.parametrize("piece_bytes", [777, READ_BYTES, 1 << 20])
def test_the_size_of_the_pieces_changes_nothing(stream, piece_bytes):
    by_hand = _gathered(list(_by_hand(stream)))
    assert _gathered([output for output, _ in outputs(stream, piece_bytes)]) == by_hand
    assert len(by_hand[2]) > 10


def test_a_link_reopened_between_two_reads_starts_a_segment(stream):
    blocks = [b for output, _ in outputs(stream, 777) for b in output.blocks]
    assert max(b.loads.force.segment.index for b in blocks) == 1


def test_every_byte_is_told_as_done(stream):
    done = [bytes_done for _, bytes_done in outputs(stream, 50_000)]
    assert done == sorted(done)
    assert {60_345, 90_000, len(stream.wire)} <= set(done)
    assert [bytes_done for _, bytes_done in outputs(WholeStream(b"", stream.arrivals[:0]))] == [0]


def test_pieces_end_where_packets_do(stream):
    first = next(iter(outputs(stream, 50_000)))[1]
    assert first == bytes(stream.wire).rindex(0, 0, 50_000) + 1


def test_a_recording_keeps_its_settings_and_their_changes(tmp_path, session):
    first, then = _settings(session, "stance"), _settings(session, "hopping")
    info = RecordingInfo(
        *(
            "id",
            "0.1.0",
            "2026-11-22T12:00:00+01:00",
            1,
            1,
            "",
            SourceInfo("serial", "a", simulated=False),
        ),
        *("insoles_16", 266.7, first.participant, first.calibration, first.drill),
    )
    with RecordingWriter(tmp_path / "r", info) as writer:
        writer.write(b"\0" * 30, 100)
        change = settings_to_json(then.participant, then.calibration, then.drill)
        writer.event({"type": "settings"} | change)
    stream = stream_of(Recording.open(tmp_path / "r"))
    assert (bytes(stream.wire), stream.settings, stream.changes) == (
        b"\0" * 30,
        first,
        (SettingsAt(30, then),),
    )
