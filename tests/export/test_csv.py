# SPDX-License-Identifier: GPL-3.0-or-later
"""Exported files read again and held against the pipeline and the simulator."""

import csv
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rig.analysis import analyse_recording, analysis_json
from rig.batch import outputs, stream_of
from rig.calibrate.force_block import FrameFlag
from rig.contact.cop_error import cop_error
from rig.errors import RecordingError
from rig.export.csv import events_path, export_csv
from rig.export.csv_head import head_lines
from rig.export.csv_rows import decimals_of
from rig.export.error_columns import ERROR_COLUMNS
from rig.export.layout_columns import column_names
from rig.layout import Foot, foot_length_mm
from rig.layout.insole import SENSOR_NAMES
from rig.record import Recording, RecordingInfo, RecordingWriter, SourceInfo
from rig.record.json_form import settings_to_json
from rig.settings import DrillSettings
from rig.simulate.board import hello_bytes, scan_bytes
from rig.simulate.person import SimulatedSession, simulate_session
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock
from rig.wire.packets import HelloReason

SECONDS = 6.0
LOST = slice(2_000, 2_005)
START_NS = 10**12


@pytest.fixture(scope="module")
def session() -> SimulatedSession:
    return simulate_session("hopping", SECONDS, seed=4)


@pytest.fixture(scope="module")
def recording(session: SimulatedSession, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Six seconds of hopping in reads of 100 packets; five scans lost, a marker, a change of side."""
    folder = tmp_path_factory.mktemp("export") / "hopping"
    info = RecordingInfo(
        uuid="1",
        software_version="0",
        started_at="2026-11-22T12:00:00+01:00",
        anchor_wall_ns=0,
        anchor_monotonic_ns=START_NS,
        hello_hex="",
        source=SourceInfo("simulated", "seed 4", simulated=True),
        layout_name="insoles_16",
        foot_length_mm=foot_length_mm(42.0),
        participant=session.participant,
        calibration=session.calibration,
        drill=DrillSettings("hopping", "right"),
    )
    ends = session.packet_end_offsets.tolist()
    packets = [session.stream[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    del packets[LOST]
    with RecordingWriter(folder, info) as writer:
        for i in range(0, len(packets), 100):
            writer.write(b"".join(packets[i : i + 100]), START_NS + i * 1_000_000)
            if i == 3_000:
                writer.event({"type": "marker", "label": 'said "ouch", left'})
            if i == 4_000:
                change = DrillSettings("hopping", "left")
                stored = settings_to_json(session.participant, session.calibration, change)
                writer.event({"type": "settings"} | stored)
        writer.stop()
    return Recording.open(folder)


@pytest.fixture(scope="module")
def exported(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csv") / "hopping.csv"
    done: list[int] = []
    rows = export_csv(recording, path, done.append)
    assert done == sorted(done)
    assert done[-1] == len(recording.wire)
    assert rows == frames_in(recording)
    return path


def frames_in(recording: Recording) -> int:
    items = Decoder(recording.hello).feed(recording.wire)
    return sum(len(i) for i in items if isinstance(i, FrameBlock))


def read(path: Path) -> tuple[dict[str, str], list[str], np.ndarray]:
    """Head, column names, numbers with NaN for what is missing."""
    lines = path.read_text().splitlines()
    head = dict(line[1:].partition(":")[::2] for line in lines if line.startswith("#"))
    names, *rows = [line.split(",") for line in lines if not line.startswith("#")]
    numbers = np.array([[float(c) if c else np.nan for c in row] for row in rows])
    return {k: v.strip() for k, v in head.items()}, names, numbers


def test_the_numbers_are_the_pipelines(recording: Recording, exported: Path) -> None:
    _, names, numbers = read(exported)
    assert tuple(names) == (*column_names(), *ERROR_COLUMNS)
    loads = [
        b.loads for out, _ in outputs(stream_of(recording)) for b in out.blocks if len(b.loads)
    ]
    expected: dict[str, np.ndarray] = {
        "t_s": np.concatenate([b.force.t_s for b in loads]),
        "flags": np.concatenate([b.force.flags for b in loads]).astype(float),
        "X_mm": np.concatenate([b.cop_mm[:, 0] for b in loads]),
        "Y_mm": np.concatenate([b.cop_mm[:, 1] for b in loads]),
    }
    for foot in Foot:
        letter = foot.name[0]
        expected[f"{letter}_F_N"] = np.concatenate([b.foot_force_n[:, foot] for b in loads])
        expected[f"{letter}_copx_mm"] = np.concatenate([b.foot_cop_mm[:, foot, 0] for b in loads])
        expected[f"{letter}_copy_mm"] = np.concatenate([b.foot_cop_mm[:, foot, 1] for b in loads])
        pads = np.concatenate([b.force.pad_force_n[:, foot] for b in loads])
        expected[f"{letter}_HB_N"], expected[f"{letter}_T5_N"] = pads[:, 0], pads[:, 15]
    errors = [cop_error(b, recording.info.calibration, recording.info.participant) for b in loads]
    foot_covariance = np.concatenate([e.foot_covariance_mm2 for e in errors])
    covariance = np.concatenate([e.covariance_mm2 for e in errors])
    expected["R_F_sd_N"] = np.concatenate([e.force_sd_n[:, 1] for e in errors])
    expected["F_sd_N"] = np.concatenate([e.total_force_sd_n for e in errors])
    expected["R_copy_sd_mm"] = np.sqrt(foot_covariance[:, 1, 1, 1])
    expected["X_sd_mm"] = np.sqrt(covariance[:, 0, 0])
    sds = np.sqrt(covariance[:, 0, 0] * covariance[:, 1, 1])
    expected["XY_r"] = covariance[:, 0, 1] / sds
    for name, values in expected.items():
        printed = numbers[:, names.index(name)]
        assert np.array_equal(np.isnan(printed), np.isnan(values)), name
        precision = 0.501 * 10.0 ** -decimals_of(name)
        assert np.nanmax(np.abs(printed - values)) <= precision, name


def test_lost_frames_have_no_row_and_the_next_one_says_so(
    session: SimulatedSession, recording: Recording, exported: Path
) -> None:
    _, names, numbers = read(exported)
    t_s, flags = numbers[:, names.index("t_s")], numbers[:, names.index("flags")].astype(int)
    assert len(t_s) == len(session.scan_us) - 5
    (hole,) = np.flatnonzero(np.diff(t_s) > 0.0015)
    assert t_s[hole + 1] - t_s[hole] == pytest.approx(0.006, abs=2e-6)
    said = np.flatnonzero(flags & FrameFlag.FRAMES_LOST_BEFORE)
    assert said.tolist() == [hole + 1]
    assert flags[0] & FrameFlag.SEGMENT_START


def test_contact_columns_agree_with_the_truth(session: SimulatedSession, exported: Path) -> None:
    _, names, numbers = read(exported)
    t_s = numbers[:, names.index("t_s")]
    change_s = t_s[3_900:4_300]
    for foot, name in ((Foot.LEFT, "L_contact"), (Foot.RIGHT, "R_contact")):
        column = numbers[:, names.index(name)]
        assert set(np.unique(column)) <= {0.0, 1.0}
        true = np.zeros(len(t_s), dtype=bool)
        for contact in session.truth.contacts:
            if contact.foot == foot:
                on_s = -1.0 if contact.on_s is None else contact.on_s
                off_s = np.inf if contact.off_s is None else contact.off_s
                true |= (t_s >= on_s) & (t_s < off_s)
        wrong = (column == 1.0) != true
        wrong &= (t_s < change_s[0]) | (t_s > change_s[-1])
        edges = max(1, int(np.abs(np.diff(true.astype(int))).sum()))
        assert wrong.sum() <= 10 * edges


def test_events_stand_beside_in_the_order_of_time(exported: Path) -> None:
    with events_path(exported).open(newline="") as file:
        header, *rows = csv.reader(file)
    assert events_path(exported).name == "hopping.events.csv"
    assert header == ["t_s", "foot", "event", "value"]
    times = [float(r[0]) for r in rows]
    assert times == sorted(times)
    kinds = {r[2] for r in rows}
    assert {"foot_on", "foot_off", "segment", "marker", "settings", "frames_lost"} <= kinds
    (marker,) = [r for r in rows if r[2] == "marker"]
    assert marker[3] == 'said "ouch", left'
    assert float(marker[0]) == pytest.approx(3.1, abs=0.02)
    (lost,) = [r for r in rows if r[2] == "frames_lost"]
    assert lost[3] == "5"
    (change,) = [r for r in rows if r[2] == "settings"]
    assert change[3] == "drill hopping left"
    for row in rows:
        if row[2] == "foot_off" and row[3]:
            assert 0.0 < float(row[3]) < 2.0


def test_the_head_says_what_the_numbers_need(session: SimulatedSession, exported: Path) -> None:
    head, _, _ = read(exported)
    assert head["schema"] == "solerig.csv/1"
    assert head["simulated"] == "yes"
    assert float(head["BW_N"]) == pytest.approx(70.0 * 9.80665, abs=0.01)
    assert head["fs_hz"] == "1000"
    assert len(head["tare_N"].split()) == 32
    assert (head["drill"], head["side"]) == ("hopping", "right")
    assert "1 frames_lost_before" in head["flags"]
    assert head["footwear"] == ""


def test_the_head_says_how_the_ellipse_comes_from_the_errors(exported: Path) -> None:
    """chi2.ppf(0.95, 2) = -2 ln 0.05 = 5.991, and its root 2.448."""
    head, _, _ = read(exported)
    times = float(re.findall(r"half axes are ([0-9.]+) times", head["ellipse"])[0])
    assert times == pytest.approx(math.sqrt(-2.0 * math.log(0.05)), abs=0.005)


def test_verdicts_and_foot_gains_stand_in_the_head_where_there_are_any(
    recording: Recording,
) -> None:
    plain = head_lines(recording, recording.hello)
    assert not [line for line in plain if "verdict" in line or "foot_gain" in line]
    checked = replace(
        recording.info.calibration,
        insole_verdict="Doubtful in 1 respect:\n4 sensors saturate early.",
        visit_verdict="Both feet within 5 %.",
        foot_gain=(1.25, 0.96),
    )
    told = replace(recording, info=replace(recording.info, calibration=checked))
    lines = head_lines(told, told.hello)
    assert set(plain) < set(lines)
    assert "#insole_verdict: Doubtful in 1 respect: 4 sensors saturate early." in lines
    assert "#visit_verdict: Both feet within 5 %." in lines
    assert "#foot_gain: 1.25 0.96" in lines


def test_the_export_does_not_depend_on_the_pieces(
    recording: Recording, exported: Path, tmp_path: Path
) -> None:
    export_csv(recording, tmp_path / "again.csv", piece_bytes=5_000)
    assert (tmp_path / "again.csv").read_bytes() == exported.read_bytes()
    again = events_path(tmp_path / "again.csv").read_bytes()
    assert again == events_path(exported).read_bytes()


def test_a_dead_sensor_stands_in_flags_columns_and_events(
    session: SimulatedSession, recording: Recording, tmp_path: Path
) -> None:
    """The second metatarsal of the hopping foot reads nothing from the start."""
    counts = session.counts.copy()
    dead = 16 + SENSOR_NAMES.index("MT2")
    counts[:, dead] = 0
    n = len(counts)
    stream = hello_bytes(session.hello, HelloReason.BOOT, 0) + scan_bytes(
        session.hello, np.arange(n), session.scan_us, np.zeros(n, np.int64), counts
    )
    with RecordingWriter(tmp_path / "dead", recording.info) as writer:
        writer.write(stream, START_NS)
        writer.stop()
    out = tmp_path / "dead.csv"
    export_csv(Recording.open(tmp_path / "dead"), out)
    _, names, numbers = read(out)
    masked = numbers[:, names.index("flags")].astype(int) & FrameFlag.SENSOR_MASKED != 0
    assert (np.isnan(numbers[:, names.index("R_MT2_N")]) == masked).all()
    assert 0.3 < masked.mean() < 0.9
    with events_path(out).open(newline="") as file:
        found = [row for row in csv.reader(file) if row[2].startswith("sensor_")]
    ((t_s, foot, event, value),) = found
    assert (foot, event, value) == ("right", "sensor_dead", "R_MT2")
    assert float(t_s) == pytest.approx(numbers[masked.argmax(), 0])
    analysis = analysis_json(analyse_recording(Recording.open(tmp_path / "dead")))
    (entry,) = analysis["sensor_findings"]
    assert (entry["sensor"], entry["finding"]) == ("R_MT2", "dead")
    assert any("broken" in note for note in analysis["notes"])


def test_nothing_is_left_of_an_export_that_failed(recording: Recording, tmp_path: Path) -> None:
    resource = pytest.importorskip(
        "resource", reason="a POSIX file size limit stands in for a disk"
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(RecordingError, match="Free some disk space"):
            export_csv(recording, tmp_path / "out.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_recording_exports_its_head(recording: Recording, tmp_path: Path) -> None:
    RecordingWriter(tmp_path / "empty", recording.info).close()
    assert export_csv(Recording.open(tmp_path / "empty"), tmp_path / "empty.csv") == 0
    head, names, numbers = read(tmp_path / "empty.csv")
    assert head["fs_hz"] == ""
    assert tuple(names) == (*column_names(), *ERROR_COLUMNS)
    assert numbers.size == 0
