# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes to results in one path, however the bytes come."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.errors import SettingsError
from rig.pipeline import Pipeline, PipelineSettings
from rig.settings import DrillSettings
from rig.simulate.person import simulate_session
from rig.wire.encoder import encode_scans
from rig.wire.framing import frame_packet
from rig.wire.packets import RigKind, pack_hello

SECOND = 1_000_000_000


@pytest.fixture(scope="session")
def hopping():
    return simulate_session("hopping", 5.0, 3)


@pytest.fixture(scope="session")
def stance():
    return simulate_session("stance", 3.0, 4)


def _settings(session):
    return PipelineSettings(
        session.participant, session.calibration, DrillSettings(session.drill, session.side)
    )


def _arrivals(*entries):
    return np.array(entries, np.int64).reshape(-1, 2)


def _collected(outputs):
    """Everything a stream led to, in a form that is equal only when it is equal to the bit."""
    blocks = [b for o in outputs for b in o.blocks]
    arrays = [
        np.concatenate([getattr(b.loads, name) for b in blocks]).tobytes()
        for name in ("foot_force_n", "region_force_n", "foot_cop_mm", "cop_mm", "share_left")
    ]
    force = [
        np.concatenate([getattr(b.loads.force, name) for b in blocks]).tobytes()
        for name in ("t_s", "pad_force_n", "flags", "lost_before", "frame_number", "end_offset")
    ]
    events = [repr(e) for b in blocks for e in b.contact.events]
    contacts = [repr(c) for b in blocks for c in b.contact.contacts]
    repetitions = [repr(r) for b in blocks for r in b.drill.repetitions]
    packets = [
        [h for o in outputs for h in o.hellos],
        [s for o in outputs for s in o.statuses],
    ]
    return arrays, force, events, contacts, repetitions, packets, outputs[-1].faults


def _run(stream, arrivals, configured, bounds=None):
    pipeline = Pipeline(configured)
    bounds = [0, len(stream)] if bounds is None else bounds
    outputs = [pipeline.push(stream[a:b], arrivals) for a, b in pairwise(bounds)]
    return [*outputs, pipeline.finish()]


def test_every_frame_comes_through_once(stance):
    outputs = _run(stance.stream, _arrivals([len(stance.stream), SECOND]), _settings(stance))
    t_s = np.concatenate([b.loads.force.t_s for o in outputs for b in o.blocks])
    np.testing.assert_allclose(t_s, np.arange(3000) / 1000.0, atol=2e-6)
    assert outputs[-1].faults.lost_frames == 0
    assert len(outputs[0].hellos) == 1


def test_quiet_stance_bears_the_body_weight(stance):
    outputs = _run(stance.stream, _arrivals([len(stance.stream), SECOND]), _settings(stance))
    total = np.concatenate([b.loads.foot_force_n for o in outputs for b in o.blocks]).sum(axis=1)
    assert stance.participant.body_weight_n is not None
    assert total.mean() == pytest.approx(stance.participant.body_weight_n, rel=0.05)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_cuts_change_nothing(hopping, data):
    stream = hopping.stream
    ends = np.linspace(600, len(stream), 40).astype(np.int64)
    arrivals = np.column_stack((ends, SECOND + 1_000_000 * np.arange(40)))
    cuts = data.draw(st.lists(st.integers(1, len(stream) - 1), max_size=60))
    expected = _collected(_run(stream, arrivals, _settings(hopping)))
    bounds = sorted({0, *cuts, len(stream)})
    assert _collected(_run(stream, arrivals, _settings(hopping), bounds)) == expected
    assert len(expected[4]) > 3


def test_reads_of_a_live_port_give_the_same(hopping):
    """Each read comes with its own arrival only, as acquisition hands them over."""
    stream = hopping.stream
    bounds = [*range(0, len(stream), 977), len(stream)]
    table = _arrivals(*((end, SECOND + 977_000 * k) for k, end in enumerate(bounds[1:])))
    pipeline = Pipeline(_settings(hopping))
    live = [
        pipeline.push(stream[a:b], table[k : k + 1]) for k, (a, b) in enumerate(pairwise(bounds))
    ]
    live.append(pipeline.finish())
    assert _collected(live) == _collected(_run(stream, table, _settings(hopping)))


def _damaged(session):
    """A stream whose link was reopened after half of it, 3 s later, into a board that restarted."""
    half = len(session.stream) // 2
    stream = session.stream[:half] + session.stream
    table = _arrivals(
        [half, SECOND], [half, 4 * SECOND], [half + 200, 4 * SECOND + 1], [len(stream), 9 * SECOND]
    )
    return stream, table, half


@pytest.mark.parametrize("offset", [-1, 0, 1, 500])
def test_a_reopened_link_begins_a_segment_placed_by_its_arrival(hopping, offset):
    stream, table, half = _damaged(hopping)
    outputs = _run(stream, table, _settings(hopping), [0, half + offset, len(stream)])
    blocks = [b for o in outputs for b in o.blocks if len(b.loads)]
    first = next(b for b in blocks if b.loads.force.segment.index == 1)
    assert first.loads.force.t_s[0] == pytest.approx(3.0, abs=1e-6)
    assert _collected(outputs) == _collected(_run(stream, table, _settings(hopping)))


def test_contacts_are_left_open_where_the_board_restarted(hopping):
    stream, table, _ = _damaged(hopping)
    outputs = _run(stream, table, _settings(hopping))
    contacts = [c for o in outputs for b in o.blocks for c in b.contact.contacts]
    for contact in contacts:
        if contact.contact_time_s is not None:
            assert contact.contact_time_s < 0.5
    assert sum(c.on_s is None for c in contacts) == 4
    times = np.concatenate([b.loads.force.t_s for o in outputs for b in o.blocks])
    assert np.all(np.diff(times) > 0.0)


def test_another_drill_starts_anew_and_leaves_contacts_open(hopping):
    stream = hopping.stream
    half = len(stream) * 3 // 4
    table = _arrivals([len(stream), SECOND])
    pipeline = Pipeline(_settings(hopping))
    before = pipeline.push(stream[:half], table)
    changed = dataclasses.replace(_settings(hopping), drill=DrillSettings("pony"))
    pipeline.change_settings(changed)
    after = pipeline.push(stream[half:], table)
    assert before.blocks[-1].drill.count >= 3
    assert len(after.blocks[0].loads) == 0
    assert after.blocks[1].drill.count < before.blocks[-1].drill.count
    kinds = {c.kind for b in after.blocks[1:] for c in b.contact.contacts}
    assert kinds <= {"support"}
    assert pipeline.settings == changed


def test_another_calibration_alone_keeps_contacts_and_count(stance):
    stream = stance.stream
    table = _arrivals([len(stream), SECOND])
    pipeline = Pipeline(_settings(stance))
    half = len(stream) // 2
    before = pipeline.push(stream[:half], table)
    doubled = dataclasses.replace(
        stance.calibration, body_weight_gain=2.0 * stance.calibration.body_weight_gain
    )
    pipeline.change_settings(dataclasses.replace(_settings(stance), calibration=doubled))
    after = pipeline.push(stream[half:], table)
    last = pipeline.finish()
    ratio = after.blocks[0].loads.foot_force_n[0] / before.blocks[-1].loads.foot_force_n[-1]
    np.testing.assert_allclose(ratio, 2.0, rtol=0.1)
    contacts = [c for b in (*after.blocks, *last.blocks) for c in b.contact.contacts]
    assert len(contacts) == 2
    assert all(c.first_s == 0.0 for c in contacts)


def test_a_hello_given_beforehand_reads_a_stream_without_one(stance):
    at = int(stance.packet_end_offsets[0])
    stream = stance.stream[at:]
    pipeline = Pipeline(_settings(stance), stance.hello)
    output = pipeline.push(stream, _arrivals([len(stream), SECOND]))
    assert sum(len(b.loads) for b in output.blocks) == 3000


def test_a_mat_of_unknown_cells_is_refused_in_words(stance):
    hello = dataclasses.replace(stance.hello, rig_kind=RigKind.MAT)
    stream = frame_packet(pack_hello(hello)) + encode_scans(
        hello, [0], [0], [0], np.zeros((1, hello.sensel_count), int)
    )
    with pytest.raises(SettingsError, match="no mat that this version knows"):
        Pipeline(PipelineSettings()).push(stream, _arrivals([len(stream), SECOND]))


def test_nothing_leads_to_nothing():
    pipeline = Pipeline(PipelineSettings())
    assert pipeline.push(b"", _arrivals()).blocks == ()
    assert pipeline.finish().blocks == ()
