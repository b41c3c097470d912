# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings played again through the process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rig.acquire.link_status import closed_status
from rig.acquire.messages import MarkerAdded, OpenSource, SourceSpec, StreamStarted
from rig.acquire.taking import describe
from rig.pipeline import PipelineSettings
from rig.record import Recording, RecordingWriter
from rig.record.json_form import settings_to_json
from rig.settings import DrillSettings
from rig.simulate.live import LiveSimulation
from rig.wire.frames import SegmentCause
from rig.wire.framing import frame_packet
from rig.wire.packets import Command, pack_command

Join = Callable[[], Any]
HOPPING = DrillSettings("hopping", "left")


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """4 s in reads of 20 ms: a board that is pulled out and comes back, a change, a marker."""
    folder = tmp_path / "taken"
    settings = PipelineSettings()
    with RecordingWriter(folder, describe(settings, closed_status(), (10**18, 10**12))) as writer:
        for run, first_s in enumerate((0.0, 7.0)):
            board = LiveSimulation("stance", seed=run)
            board.receive(frame_packet(pack_command(Command.START)))
            if run:
                writer.link_reopened(10**12 + int(first_s * 1e9))
            for i in range(100):
                t_s = (i + 1) * 0.02
                writer.write(board.produce(t_s), 10**12 + int((first_s + t_s) * 1e9))
                if run == 0 and i == 60:
                    writer.event({"type": "marker", "label": "m"})
                    stored = settings_to_json(settings.participant, settings.calibration, HOPPING)
                    writer.event({"type": "settings"} | stored)
        writer.stop()
    return folder


@pytest.mark.parametrize("speed", [0.0, 20.0])
def test_a_replay_gives_the_same_bytes_arrivals_settings_and_markers(
    join: Join, taken: Path, speed: float
) -> None:
    recording = Recording.open(taken)
    follower = join()
    follower.client.request(
        OpenSource(SourceSpec(kind="recording", address=str(taken), speed=speed))
    )
    follower.until_state("ended")
    follower.until(lambda: len(follower.data) == len(recording.wire), "all bytes")
    assert bytes(follower.data) == bytes(recording.wire)
    assert np.array_equal(np.vstack(follower.arrivals), recording.arrivals)
    causes = {b.segment.index: b.segment.cause for b in follower.blocks}
    assert list(causes.values()) == [SegmentCause.FIRST, SegmentCause.LINK_REOPENED]
    (change,) = follower.settings
    (stored,) = recording.settings_changes()
    assert (change.offset, change.settings.drill) == (stored.offset, HOPPING)
    (marker,) = [n for n in follower.notices if isinstance(n, MarkerAdded)]
    assert (marker.label, marker.offset) == ("m", stored.offset)
    assert follower.link.frames == sum(len(b) for b in follower.blocks)


def test_a_cut_recording_is_played_to_its_end(join: Join, taken: Path) -> None:
    wire = (taken / "wire.bin").read_bytes()
    (taken / "wire.bin").write_bytes(wire[: len(wire) // 3])
    (taken / "arrivals.bin").unlink()
    follower = join()
    follower.client.request(OpenSource(SourceSpec(kind="recording", address=str(taken), speed=0.0)))
    follower.until_state("ended")
    follower.until(lambda: len(follower.data) == len(wire) // 3, "all bytes")
    assert follower.frames > 1_000


def test_what_is_no_recording_is_refused_in_words(join: Join, tmp_path: Path) -> None:
    follower = join()
    address = str(tmp_path / "nothing")
    follower.client.request(OpenSource(SourceSpec(kind="recording", address=address)))
    assert "no recording at" in follower.until_state("refused").sentence
    follower.client.request(OpenSource(SourceSpec(kind="recording")))
    follower.until(lambda: any("name is missing" in r for r in follower.refusals), "a refusal")


def test_settings_of_a_replay_do_not_stay(join: Join, taken: Path) -> None:
    follower = join()
    follower.client.request(OpenSource(SourceSpec(kind="recording", address=str(taken), speed=0.0)))
    follower.until_state("ended")
    follower.client.request(OpenSource(SourceSpec(kind="serial", address="loop://")))
    follower.until_state("waiting_for_hello")
    started = [n for n in follower.notices if isinstance(n, StreamStarted)]
    assert started[-1].settings == PipelineSettings()
