# SPDX-License-Identifier: GPL-3.0-or-later
"""The live client on a real acquisition process."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import SourceSpec
from rig.errors import LinkError, SettingsError
from rig.export.blocks import outputs
from rig.pipeline import BlockResult
from rig.record import Recording
from rig.settings import DrillSettings, Participant
from rig.wire.packets import Command, Result

STANCE = SourceSpec(kind="simulated", drill="stance", seed=5)
PATIENCE_S = 20.0


class Watcher:
    """Polls and keeps everything."""

    def __init__(self, session: LiveSession) -> None:
        self.session = session
        self.blocks: list[BlockResult] = []
        self.updates: list[LiveUpdate] = []

    def step(self, max_bytes: int = 1 << 14) -> LiveUpdate:
        update = self.session.poll(max_bytes, wait_s=0.01)
        if update.stream_restarted:
            self.blocks.clear()
        self.blocks += update.blocks
        self.updates.append(update)
        return update

    def until(self, condition: Callable[[], object]) -> LiveUpdate:
        deadline = time.monotonic() + PATIENCE_S
        self.step()
        while not condition():
            assert time.monotonic() < deadline, self.updates[-1]
            self.step()
        return self.updates[-1]

    @property
    def frames(self) -> int:
        return sum(len(b.loads) for b in self.blocks)

    @property
    def t_s(self) -> np.ndarray:
        return np.concatenate([b.loads.force.t_s for b in self.blocks])

    @property
    def refusals(self) -> list[str]:
        return [r.sentence for u in self.updates for r in u.refusals]


@pytest.fixture
def watch(runtime: Path) -> Iterator[Callable[[], Watcher]]:
    sessions: list[LiveSession] = []

    def one_more() -> Watcher:
        sessions.append(LiveSession.start(runtime))
        return Watcher(sessions[-1])

    yield one_more
    for session in sessions:
        session.shutdown()
        session.close()
    assert not (runtime / "acquisition.json").exists()
    assert (runtime / "acquisition.log").read_text() == ""


def test_recorded_live_and_replayed_results_are_equal_to_the_bit(
    watch: Callable[[], Watcher], tmp_path: Path
) -> None:
    watcher = watch()
    live = watcher.session
    live.open_source(SourceSpec(kind="simulated", drill="hopping", seed=5))
    watcher.until(lambda: watcher.frames > 200)
    live.start_recording(tmp_path / "r")
    watcher.until(lambda: watcher.updates[-1].recording.recording)
    until = watcher.frames + 1_500
    watcher.until(lambda: watcher.frames > until)
    live.choose_drill(DrillSettings("stance"))
    watcher.until(lambda: watcher.updates[-1].settings.drill.name == "stance")
    live.stop_recording()
    watcher.until(lambda: not watcher.updates[-1].recording.recording)

    recording = Recording.open(tmp_path / "r")
    batch = [b for output, _ in outputs(recording) for b in output.blocks]
    again = watch()
    again.session.open_source(SourceSpec(kind="recording", address=str(tmp_path / "r"), speed=0.0))
    again.until(lambda: again.updates[-1].link.state == "ended" and not again.session.unread_bytes)
    for name in ("t_s", "pad_force_n", "flags", "frame_number"):
        expected = np.concatenate([getattr(b.loads.force, name) for b in batch])
        found = np.concatenate([getattr(b.loads.force, name) for b in again.blocks])
        assert np.array_equal(expected, found), name
    for name in ("foot_force_n", "foot_cop_mm", "cop_mm"):
        expected = np.concatenate([getattr(b.loads, name) for b in batch])
        found = np.concatenate([getattr(b.loads, name) for b in again.blocks])
        assert np.array_equal(expected, found, equal_nan=True), name
    contacts = [c for b in batch for c in b.contact.contacts]
    assert contacts == [c for b in again.blocks for c in b.contact.contacts]
    assert len(contacts) >= 2
    assert again.updates[-1].link.simulated


def test_live_forces_are_the_recordings(watch: Callable[[], Watcher], tmp_path: Path) -> None:
    watcher = watch()
    watcher.session.open_source(STANCE)
    watcher.until(lambda: watcher.frames > 100)
    watcher.session.start_recording(tmp_path / "r")
    watcher.until(lambda: watcher.updates[-1].recording.bytes_written > 30_000)
    watcher.session.stop_recording()
    watcher.until(lambda: not watcher.updates[-1].recording.recording)
    recorded = [b for output, _ in outputs(Recording.open(tmp_path / "r")) for b in output.blocks]
    numbers = np.concatenate([b.loads.force.frame_number for b in watcher.blocks])
    live_n = np.concatenate([b.loads.foot_force_n for b in watcher.blocks])
    recorded_n = np.concatenate([b.loads.foot_force_n for b in recorded])
    first = np.flatnonzero((live_n == recorded_n[0]).all(axis=1))
    assert any(np.array_equal(live_n[i : i + len(recorded_n)], recorded_n) for i in first)
    assert np.all(np.diff(numbers) == 1)
    weight_n = watcher.updates[-1].settings.participant.body_weight_n
    assert weight_n == pytest.approx(70.0 * 9.80665)
    assert live_n.sum(axis=1).mean() == pytest.approx(weight_n, rel=0.1)


def test_a_client_that_slept_jumps_to_the_present(watch: Callable[[], Watcher]) -> None:
    watcher = watch()
    watcher.session.open_source(STANCE)
    watcher.until(lambda: watcher.frames > 100)
    time.sleep(3.0)
    update = watcher.until(lambda: any(u.skipped_bytes for u in watcher.updates))
    skipped = sum(u.skipped_bytes for u in watcher.updates)
    watcher.until(lambda: watcher.session.unread_bytes < 4_000)
    numbers = np.concatenate([b.loads.force.frame_number for b in watcher.blocks])
    holes = np.diff(numbers)
    assert (holes > 1).sum() == 1
    assert update.link.hello is not None
    lost = skipped / (update.link.hello.scan_bytes + 4)
    assert holes.max() == pytest.approx(lost, abs=5)
    assert update.link.lost_frames == 0


def test_a_marker_a_command_and_a_refusal_come_back(
    watch: Callable[[], Watcher], tmp_path: Path
) -> None:
    watcher = watch()
    live = watcher.session
    live.stop_recording()
    with pytest.raises(SettingsError, match="Connect the board"):
        live.tare()
    live.open_source(STANCE)
    watcher.until(lambda: watcher.frames > 50)
    live.mark("eyes closed")
    update = watcher.until(lambda: watcher.updates[-1].markers)
    assert update.markers[0].label == "eyes closed"
    live.send_command(Command.IDENTIFY, (2,))
    update = watcher.until(lambda: watcher.updates[-1].answers)
    reply = update.answers[0].reply
    assert reply is not None
    assert (reply.result, reply.value) == (Result.DONE, 2)
    live.send_command(Command.SET_RATE)
    watcher.until(lambda: any("takes 1 values" in r for r in watcher.refusals))
    live.close_source()
    watcher.until(lambda: watcher.updates[-1].link.state == "closed")


def test_tare_of_a_standing_person_is_refused_and_weighing_sets_the_gain(
    watch: Callable[[], Watcher],
) -> None:
    watcher = watch()
    live = watcher.session
    live.open_source(STANCE)
    watcher.until(lambda: watcher.frames > 50)
    live.tare()
    assert live.measuring == ("tare", 0.0)
    with pytest.raises(SettingsError, match="still running"):
        live.weigh(700.0)
    watcher.until(lambda: any("hang free" in r for r in watcher.refusals))
    live.change_participant(Participant(1_400.0, "typed"))
    watcher.until(lambda: watcher.updates[-1].settings.participant.body_weight_n == 1_400.0)
    before = live.settings.calibration.body_weight_gain
    live.weigh(2.0 * 70.0 * 9.80665)
    watcher.until(lambda: live.settings.calibration.body_weight_gain != before)
    assert live.settings.calibration.body_weight_gain == pytest.approx(2.0 * before, rel=0.1)
    assert live.settings.participant.body_weight_n == 2.0 * 70.0 * 9.80665
    assert live.settings.participant.body_weight_source == "typed"


def test_the_end_of_acquisition_is_said(watch: Callable[[], Watcher]) -> None:
    first, second = watch(), watch()
    first.session.shutdown()
    with pytest.raises(LinkError, match="has ended"):
        second.until(lambda: False)


def test_a_second_wish_does_not_undo_the_first(watch: Callable[[], Watcher]) -> None:
    watcher = watch()
    watcher.session.open_source(STANCE)
    watcher.until(lambda: watcher.frames > 100)
    participant = Participant(600.0, "typed", 38.0)
    watcher.session.change_participant(participant)
    watcher.session.choose_drill(DrillSettings("hopping", "left"))
    watcher.until(lambda: watcher.session.settings.drill.name == "hopping")
    assert watcher.session.settings.participant == participant
    assert watcher.session.settings.drill == DrillSettings("hopping", "left")
