# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig record` as a person meets it: real processes, interruptions and trouble included."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rig.analysis import analyse_recording
from rig.cli.__main__ import run
from rig.drills.profile import load_profile
from rig.record import programme_log
from rig.record.programme_log import read_entries
from rig.record.recording import Recording
from rig.settings import DrillSettings

PATIENCE_S = 30.0


def _record(out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rig", "record", "--source", "simulated", "--out", str(out)]
    return subprocess.Popen([*command, *more], stderr=subprocess.DEVNULL)


def _until(condition) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def _is_growing(out: Path) -> bool:
    wire = out / "wire.bin"
    return wire.is_file() and wire.stat().st_size > 20_000


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_polite_end_closes_the_recording(tmp_path: Path, number: str) -> None:
    out = tmp_path / "r"
    with _record(out) as process:
        try:
            _until(lambda: _is_growing(out))
            process.send_signal(getattr(signal, number))
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
    assert Recording.open(out).stopped


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_key_stops_everything_for_pain(tmp_path: Path) -> None:
    """A marker first, then the pain, which ends the recording and stands in it."""
    out = tmp_path / "r"
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "rig", "record", "--source", "simulated", "--out", str(out)]
    with subprocess.Popen(command, stdin=theirs, stderr=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        try:
            _until(lambda: _is_growing(out))
            os.write(ours, b"mp")
            said = process.communicate(timeout=PATIENCE_S)[1]
            assert process.returncode == 0
        finally:
            process.kill()
            os.close(ours)
    assert "P stops everything for pain" in said
    assert "Stop. The pain is marked" in said
    assert [m.label for m in analyse_recording(Recording.open(out)).markers] == ["marker", "pain"]


def test_a_killed_command_leaves_no_recording_running(tmp_path: Path) -> None:
    out = tmp_path / "r"
    process = _record(out)
    _until(lambda: _is_growing(out))
    process.kill()
    process.wait()
    _until(lambda: Recording.open(out).stopped)
    length = len(Recording.open(out).wire)
    time.sleep(0.5)
    assert len(Recording.open(out).wire) == length


def test_weight_and_shoe_reach_the_simulated_person(tmp_path: Path) -> None:
    out = tmp_path / "r"
    told = ["--weight", "95", "--shoe", "36", "--drill", "tapping", "--side", "left"]
    assert run(["record", "--source", "simulated", "--seconds", "1", "--out", str(out), *told]) == 0
    info = Recording.open(out).info
    assert info.participant.body_weight_n == pytest.approx(95.0 * 9.80665)
    assert info.participant.shoe_size_eu == 36.0
    assert (info.drill.name, info.drill.side) == ("tapping", "left")


def test_the_profile_is_kept_whole_and_free_movement_is_none_of_the_drills(tmp_path: Path) -> None:
    out = tmp_path / "r"
    told = ["--seconds", "1", "--out", str(out), "--drill", "pony", "--profile", "strict"]
    assert run(["record", "--source", "simulated", *told]) == 0
    assert Recording.open(out).info.drill == DrillSettings("pony", "right", load_profile("strict"))
    free = ["--seconds", "1", "--out", str(tmp_path / "free"), "--drill", "free"]
    assert run(["record", "--source", "simulated", *free]) == 0
    assert Recording.open(tmp_path / "free").info.drill.name == "free"


def test_a_locked_drill_is_recorded_when_asked_for_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # where the files lie differs from system to system
    monkeypatch.setattr(programme_log, "programme_folder", lambda: tmp_path / "log")
    out = tmp_path / "r"
    told = ["--seconds", "1", "--out", str(out), "--drill", "hopping", "--participant", "P07"]
    assert run(["record", "--source", "simulated", *told]) == 2
    said = capsys.readouterr().err
    assert "Hopping is locked for a newcomer" in said
    assert "--anyway" in said
    assert run(["programme", "pain", "P07"]) == 0
    assert run(["record", "--source", "simulated", *told]) == 2
    assert "Pain was reported" in capsys.readouterr().err
    assert not out.exists()
    assert run(["record", "--source", "simulated", *told, "--anyway"]) == 0
    said = capsys.readouterr().err
    assert "Locked: Pain was reported" in said
    assert "Achilles" in said
    assert "Nobody practised" in said
    assert [e.kind for e in read_entries(tmp_path / "log", "P07")] == ["pain"]


def test_a_place_that_cannot_be_written_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "r"
    assert run(["record", "--source", "simulated", "--seconds", "60", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert str(out) in said
    assert "recorded, 0 frames lost" not in said


def test_force_takes_the_old_recording_only_when_the_new_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r"
    simulated = ["record", "--source", "simulated", "--seconds", "1", "--out", str(out), "--force"]
    assert run(simulated) == 0
    first = (out / "wire.bin").read_bytes()
    absent = ["record", "--source", str(tmp_path / "no-board"), "--out", str(out), "--force"]
    with monkeypatch.context() as hasty:
        hasty.setattr("rig.cli.live.HELLO_WAIT_S", 1.0)
        assert run(absent) == 2
    assert (out / "wire.bin").read_bytes() == first
    assert run(simulated) == 0
    assert Recording.open(out).info.uuid
    assert [e.name for e in tmp_path.iterdir()] == ["r"]


def test_a_recording_is_recorded_again_to_its_end(tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert run(["simulate", "hopping", "--seconds", "2", "--out", str(first)]) == 0
    assert run(["record", "--source", str(first), "--out", str(again)]) == 0
    assert Recording.open(again).stopped


def test_export_never_overwrites_what_was_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r"
    assert run(["simulate", "hopping", "--seconds", "1", "--out", str(out)]) == 0
    before = (out / "wire.bin").read_bytes()
    assert run(["export", str(out), "--out", str(out / "wire.bin"), "--force"]) == 2
    assert "part of the recording" in capsys.readouterr().err
    assert (out / "wire.bin").read_bytes() == before
    assert run(["export", str(out), "--out", str(tmp_path / "new" / "a.csv")]) == 0


def test_replay_opens_the_window_and_plays(tmp_path: Path) -> None:
    """The window is real but unseen; it must not end by itself, as it would on an unknown option."""
    out = tmp_path / "r"
    assert run(["simulate", "hopping", "--seconds", "30", "--out", str(out)]) == 0
    runtime = tmp_path / "runtime"
    seen = os.environ | {
        "DISPLAY": ":none",
        "QT_QPA_PLATFORM": "offscreen",
        "SOLERIG_RUNTIME_DIR": str(runtime),
    }
    command = [sys.executable, "-m", "rig", "replay", str(out)]
    process = subprocess.Popen(command, env=seen, stderr=subprocess.PIPE, start_new_session=True)
    try:
        _until(lambda: list(runtime.glob("**/wire.bin")) or process.poll() is not None)
        _until(lambda: any(map(_has_bytes, runtime.glob("**/wire.bin"))) or process.poll())
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _has_bytes(wire: Path) -> bool:
    return wire.stat().st_size > 0
