# SPDX-License-Identifier: GPL-3.0-or-later
"""The real process, a simulated person, real files; nothing is replaced."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rig
from rig.acquire.client import AcquisitionClient
from rig.acquire.messages import (
    AddMarker,
    ChangeSettings,
    CloseSource,
    MarkerAdded,
    OpenSource,
    RecordingStatus,
    Refused,
    SettingsInForce,
    Shutdown,
    SourceSpec,
    StartRecording,
    StopRecording,
)
from rig.errors import LinkError
from rig.pipeline import PipelineSettings
from rig.record import Recording
from rig.settings import DrillSettings
from rig.wire.decoder import Decoder
from rig.wire.frames import FrameBlock

Join = Callable[[], Any]
STANCE = OpenSource(SourceSpec(kind="simulated", drill="stance", seed=3))


def frames_of(recording: Recording) -> list[FrameBlock]:
    decoder = Decoder(recording.hello)
    return [b for b in decoder.feed(recording.wire) if isinstance(b, FrameBlock)]


def board_us(blocks: list[FrameBlock]) -> np.ndarray:
    return np.concatenate([b.board_us for b in blocks])


def test_a_simulated_person_is_streamed(join: Join) -> None:
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(500)
    link = follower.until_state("streaming")
    assert link.simulated
    assert link.hello.scan_rate_hz == 1_000
    assert link.lost_frames == link.damaged_packets == 0
    follower.until(lambda: 900 < follower.link.rate_hz < 1_100, "the rate")
    assert np.all(np.diff(board_us(follower.blocks)) == 1_000)


def test_recording_starts_in_the_middle_and_loses_no_frame(join: Join, tmp_path: Path) -> None:
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(200)
    follower.client.request(StartRecording(str(tmp_path / "r")))
    started = follower.until_told(RecordingStatus)
    assert started.recording
    follower.until_frames(700)
    follower.client.request(AddMarker("here"))
    follower.until_told(MarkerAdded)
    drill = PipelineSettings(drill=DrillSettings("tapping", "left"))
    follower.client.request(ChangeSettings(drill))
    follower.until_told(SettingsInForce)
    follower.client.request(StopRecording())
    follower.until(lambda: stopped(follower), "the stop")
    follower.until_frames(follower.frames + 200)
    assert np.all(np.diff(np.concatenate([b.frame_number for b in follower.blocks])) == 1)

    recording = Recording.open(tmp_path / "r")
    assert recording.stopped
    assert recording.hello is not None
    recorded = frames_of(recording)
    numbers = np.concatenate([b.frame_number for b in recorded])
    assert np.all(np.diff(numbers) == 1)
    assert bytes(recording.wire) in bytes(follower.data)
    assert recording.info.source.simulated
    (change,) = recording.settings_changes()
    assert change.drill == drill.drill
    marker = next(e for e in recording.events if e["type"] == "marker")
    assert 0 < marker["offset"] <= change.offset <= len(recording.wire)
    pulses = np.concatenate([b.inputs for b in recorded]) != 0
    assert 45 <= pulses[:500].sum() <= 55


def stopped(follower: Any) -> bool:
    told = [n for n in follower.notices if isinstance(n, RecordingStatus)]
    return not told[-1].recording


def test_kill_of_acquisition_loses_less_than_half_a_second(join: Join, tmp_path: Path) -> None:
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(100)
    follower.client.request(StartRecording(str(tmp_path / "r")))
    follower.until_frames(800)
    os.kill(follower.client.process, signal.SIGKILL)
    killed_ns = time.monotonic_ns()
    recording = Recording.open(tmp_path / "r")
    assert not recording.stopped
    blocks = frames_of(recording)
    last_arrival_ns = int(recording.arrivals[-1, 1])
    assert killed_ns - last_arrival_ns < 500_000_000
    recorded_s = (blocks[-1].board_us[-1] - blocks[0].board_us[0]) / 1e6
    taken_s = (last_arrival_ns - int(recording.arrivals[0, 1])) / 1e9
    assert abs(recorded_s - taken_s) < 0.5


def test_wire_cut_anywhere_in_its_last_packet_opens(join: Join, tmp_path: Path) -> None:
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(50)
    follower.client.request(StartRecording(str(tmp_path / "r")))
    follower.until_frames(250)
    os.kill(follower.client.process, signal.SIGKILL)
    wire_path = tmp_path / "r" / "wire.bin"
    whole = wire_path.read_bytes()
    whole = whole[: whole.rindex(b"\x00") + 1]
    last_packet = whole.rindex(b"\x00", 0, len(whole) - 1) + 1
    wire_path.write_bytes(whole)
    frames = sum(len(b) for b in frames_of(Recording.open(tmp_path / "r")))
    for cut in range(last_packet, len(whole)):
        wire_path.write_bytes(whole[:cut])
        recording = Recording.open(tmp_path / "r")
        assert sum(len(b) for b in frames_of(recording)) == frames - 1
        assert recording.arrivals[-1, 0] == cut


CLIENT_TO_KILL = """
import sys, time
from rig.acquire.client import AcquisitionClient
from rig.acquire.messages import LinkStatus, OpenSource, SourceSpec, StartRecording
client = AcquisitionClient.start(idle_s=1.0)
client.request(OpenSource(SourceSpec(kind="simulated", drill="stance", seed=3)))
while not any(isinstance(n, LinkStatus) and n.frames > 100 for n in client.poll(0.1)):
    pass
client.request(StartRecording(sys.argv[1]))
print("recording", flush=True)
time.sleep(60.0)
"""


def test_recording_outlives_a_client_that_is_killed(
    runtime: Path, tmp_path: Path, follow: Callable[[AcquisitionClient], Any]
) -> None:
    command = [sys.executable, "-c", CLIENT_TO_KILL, str(tmp_path / "r")]
    path = {"PYTHONPATH": str(Path(rig.__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | path) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"recording\n"
        killed.kill()
    time.sleep(1.5)  # longer than an idle process lives
    follower = follow(AcquisitionClient.attach())
    follower.until_frames(100)
    follower.client.request(StopRecording())
    follower.until(lambda: stopped(follower), "the stop")
    recording = Recording.open(tmp_path / "r")
    numbers = np.concatenate([b.frame_number for b in frames_of(recording)])
    assert np.all(np.diff(numbers) == 1)
    assert len(numbers) > 1_400
    follower.client.shutdown()


def test_an_idle_process_ends_and_leaves_nothing(join: Join, runtime: Path) -> None:
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(50)
    follower.client.close()
    deadline = time.monotonic() + 10.0
    while (runtime / "acquisition.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.2)
    left = sorted(p.name for p in runtime.iterdir())
    assert left == ["acquisition.lock", "acquisition.log"]


def test_two_clients_see_equal_frames_and_settings(join: Join) -> None:
    first, second = join(), join()
    first.client.request(STANCE)
    for i in range(4):
        first.until_frames(100 * (i + 1))
        drill = DrillSettings("hopping", "left" if i % 2 else "right")
        second.client.request(ChangeSettings(PipelineSettings(drill=drill)))
    first.until(lambda: len(first.settings) == 4, "four changes")
    second.until(lambda: len(second.settings) == 4, "four changes")
    assert first.settings == second.settings
    first.client.request(CloseSource())
    first.until_state("closed")
    second.until_state("closed")
    assert first.data == second.data
    assert np.array_equal(board_us(first.blocks), board_us(second.blocks))


def test_a_stopped_client_holds_nobody_up(join: Join, runtime: Path) -> None:
    follower, sleeper = join(), join()
    follower.client.request(STANCE)
    follower.until_frames(1_500)
    assert np.all(np.diff(board_us(follower.blocks)) == 1_000)
    assert len(sleeper.notices) == 0
    sleeper.until_frames(1_500)
    assert np.all(np.diff(board_us(sleeper.blocks)) == 1_000)


def test_what_cannot_be_done_is_refused_in_words(join: Join, tmp_path: Path) -> None:
    follower = join()
    follower.client.request(StartRecording(str(tmp_path / "r")))
    assert "Connect first" in follower.until_told(Refused).sentence
    follower.client.request(STANCE)
    follower.until_frames(10)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    follower.client.request(StartRecording(str(tmp_path / "full")))
    assert "already holds files" in follower.until_told(Refused).sentence
    follower.client.request(StartRecording(str(tmp_path / "r")))
    follower.until_told(RecordingStatus)
    follower.client.request(STANCE)
    assert "Stop it before" in follower.until_told(Refused).sentence
    follower.until_frames(follower.frames + 50)


def test_the_key_is_for_this_user_alone(join: Join, runtime: Path) -> None:
    join()
    assert (runtime / "acquisition.json").stat().st_mode & 0o077 == 0


def test_a_full_disk_ends_the_recording_and_keeps_what_was_taken(
    join: Join, tmp_path: Path
) -> None:
    resource = pytest.importorskip(
        "resource", reason="a POSIX file size limit stands in for a disk"
    )
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(50)
    follower.client.request(StartRecording(str(tmp_path / "r")))
    follower.until_told(RecordingStatus)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(follower.client.process, resource.RLIMIT_FSIZE, (60_000, hard))
    follower.until(lambda: stopped(follower), "the recording's end")
    told = [n for n in follower.notices if isinstance(n, RecordingStatus)]
    assert "Free some disk space" in told[-1].sentence
    follower.until_frames(follower.frames + 600)
    assert np.all(np.diff(board_us(follower.blocks)) == 1_000)
    recording = Recording.open(tmp_path / "r")
    assert len(recording.wire) == 60_000
    assert recording.events[-1]["reason"] == "the disk takes no more"
    assert np.all(np.diff(np.concatenate([b.frame_number for b in frames_of(recording)])) == 1)


def test_one_that_is_just_ending_is_replaced(join: Join) -> None:
    processes = []
    for _ in range(3):
        follower = join()
        processes.append(follower.client.process)
        follower.client.request(Shutdown())
        follower.client.close()
    assert len(set(processes)) >= 2
    follower = join()
    follower.client.request(STANCE)
    follower.until_frames(10)


def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "acquisition.lock").mkdir()
    with pytest.raises(LinkError, match=r"did not start\. It said: .* cannot be used"):
        AcquisitionClient.start(tmp_path, wait_s=10.0)
