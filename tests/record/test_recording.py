# SPDX-License-Identifier: GPL-3.0-or-later
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.errors import RecordingError
from rig.record import Recording, RecordingInfo, RecordingWriter
from rig.record.json_form import info_from_json, info_to_json, settings_to_json
from rig.record.wire_files import fit_arrivals
from rig.settings import DrillSettings


@pytest.fixture
def taken(tmp_path: Path, info: RecordingInfo) -> Path:
    """Three reads, a reopened link, a marker, a change of drill."""
    folder = tmp_path / "taken"
    with RecordingWriter(folder, info) as writer:
        writer.write(b"\x01\x02\x00", 5_001)
        writer.write(b"\x03\x04", 5_002)
        writer.link_reopened(5_003)
        writer.event({"type": "marker", "label": "eyes closed", "monotonic_ns": 5_004})
        drill = DrillSettings("hopping", "right")
        change = settings_to_json(info.participant, info.calibration, drill)
        writer.event({"type": "settings"} | change)
        writer.write(b"\x00\x09", 5_005)
        writer.stop()
    return folder


def test_everything_comes_back(taken: Path, info: RecordingInfo) -> None:
    recording = Recording.open(taken)
    assert recording.info == info
    assert bytes(recording.wire) == b"\x01\x02\x00\x03\x04\x00\x09"
    assert recording.arrivals.tolist() == [[3, 5_001], [5, 5_002], [5, 5_003], [7, 5_005]]
    assert [e["type"] for e in recording.events] == ["link", "marker", "settings", "stop"]
    assert (recording.events[1]["offset"], recording.events[1]["monotonic_ns"]) == (5, 5_004)
    (change,) = recording.settings_changes()
    assert (change.offset, change.drill) == (5, DrillSettings("hopping", "right"))
    assert (change.participant, change.calibration) == (info.participant, info.calibration)
    assert recording.stopped
    assert recording.damaged_event_lines == 0


def test_the_files_are_as_the_format_says(taken: Path) -> None:
    stored = (taken / "arrivals.bin").read_bytes()
    assert stored == struct.pack("<QqQqQqQq", 3, 5001, 5, 5002, 5, 5003, 7, 5005)
    assert json.loads((taken / "recording.json").read_text())["schema"] == "solerig.recording/1"
    assert {p.name for p in taken.iterdir()} == {
        "recording.json",
        "wire.bin",
        "arrivals.bin",
        "events.jsonl",
    }


def test_info_survives_json_exactly(info: RecordingInfo) -> None:
    assert info_from_json(json.loads(json.dumps(info_to_json(info))), "here") == info


@pytest.mark.parametrize("name", ["wire.bin", "arrivals.bin", "events.jsonl"])
def test_opens_with_any_file_cut_at_any_byte(taken: Path, name: str) -> None:
    whole = (taken / name).read_bytes()
    for cut in range(len(whole)):
        (taken / name).write_bytes(whole[:cut])
        recording = Recording.open(taken)
        assert bytes(recording.wire) == b"\x01\x02\x00\x03\x04\x00\x09"[: len(recording.wire)]
        assert recording.arrivals[-1:, 0].tolist() == [len(recording.wire)] * min(
            1, len(recording.arrivals)
        )
        assert all(c.offset <= len(recording.wire) for c in recording.settings_changes())
        if name == "events.jsonl":
            assert not recording.stopped or cut == len(whole) - 1
            assert recording.damaged_event_lines <= 1


@pytest.mark.parametrize("name", ["wire.bin", "arrivals.bin", "events.jsonl"])
def test_opens_without_a_file(taken: Path, name: str) -> None:
    (taken / name).unlink()
    recording = Recording.open(taken)
    if name == "wire.bin":
        assert len(recording.wire) == 0
        assert recording.arrivals[:, 0].tolist() == [0]
    if name == "arrivals.bin":
        assert recording.arrivals.tolist() == [[7, recording.info.anchor_monotonic_ns]]
    if name == "events.jsonl":
        assert recording.events == ()
        assert not recording.stopped


def test_opens_while_it_is_being_taken(tmp_path: Path, info: RecordingInfo) -> None:
    with RecordingWriter(tmp_path / "r", info) as writer:
        assert len(Recording.open(tmp_path / "r").wire) == 0
        writer.write(b"abc", 1)
        assert bytes(Recording.open(tmp_path / "r").wire) == b"abc"


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        ('{"schema": "solerig.recording/2"}', "Update Solerig"),
        ('{"schema": "solerig.recording/1"}', "damaged"),
        ("[1]", "damaged"),
        ("{}", "damaged"),
        ('{"schema": null}', "damaged"),
        ("{", "damaged"),
        ("\udcff", "damaged"),
    ],
)
def test_what_cannot_be_opened_says_why(taken: Path, stored: str, says: str) -> None:
    (taken / "recording.json").write_bytes(stored.encode(errors="surrogateescape"))
    with pytest.raises(RecordingError, match=says):
        Recording.open(taken)


@pytest.mark.parametrize("entry", ["participant", "calibration", "drill", "source", None])
def test_an_entry_of_the_future_is_refused(taken: Path, entry: str | None) -> None:
    path = taken / "recording.json"
    stored = json.loads(path.read_text())
    (stored[entry] if entry else stored)["from_the_future"] = 1
    path.write_text(json.dumps(stored))
    with pytest.raises(RecordingError, match=r"from_the_future|newer"):
        Recording.open(taken)


def test_wrong_places_say_why(taken: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordingError, match="is a file"):
        Recording.open(taken / "wire.bin")
    with pytest.raises(RecordingError, match="no recording at"):
        Recording.open(tmp_path / "nowhere")
    with pytest.raises(RecordingError, match=r"holds no recording\.json"):
        Recording.open(tmp_path / "empty")


def test_nothing_is_overwritten(taken: Path, info: RecordingInfo) -> None:
    before = {p.name: p.read_bytes() for p in taken.iterdir()}
    with pytest.raises(RecordingError, match="already holds files"):
        RecordingWriter(taken, info)
    with pytest.raises(RecordingError, match="cannot be written"):
        RecordingWriter(taken / "wire.bin" / "below", info)
    assert {p.name: p.read_bytes() for p in taken.iterdir()} == before


def test_a_full_disk_keeps_what_was_taken(tmp_path: Path, info: RecordingInfo) -> None:
    resource = pytest.importorskip("resource", reason="POSIX file size limits stand in for a disk")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with RecordingWriter(tmp_path / "r", info) as writer:
        writer.write(b"x" * 6_000, 1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
        try:
            with pytest.raises(RecordingError, match="Free some disk space"):
                writer.write(b"y" * 6_000, 2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert writer.length == 8_192
    recording = Recording.open(tmp_path / "r")
    assert bytes(recording.wire) == b"x" * 6_000 + b"y" * 2_192
    assert recording.arrivals.tolist() == [[6_000, 1], [8_192, 1]]


@given(
    reads=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10)), max_size=20),
    wire_length=st.integers(0, 600),
)
def test_arrivals_always_cover_the_wire(reads: list[tuple[int, int]], wire_length: int) -> None:
    grown = np.cumsum(np.array(reads, dtype=np.int64).reshape(-1, 2), axis=0)
    fitted = fit_arrivals(grown, wire_length, 77)
    assert (np.diff(fitted, axis=0) >= 0).all()
    assert (fitted[-1, 0] if len(fitted) else 0) == wire_length
    whole = int((grown[:, 0] <= wire_length).sum())
    assert np.array_equal(fitted[:whole], grown[:whole])


def test_arrivals_that_run_backwards_are_left_out() -> None:
    damaged = np.array([[10, 1], [5, 2], [20, 3]], dtype=np.int64)
    assert fit_arrivals(damaged, 20, 0).tolist() == [[10, 1], [20, 1]]
