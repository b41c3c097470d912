# SPDX-License-Identifier: GPL-3.0-or-later
"""The real firmware image, a real pseudo-terminal, pyserial and the acquisition process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rig.acquire.firmware_source import FirmwareInLoop
from rig.acquire.live import LiveSession
from rig.acquire.messages import OpenSource, SourceSpec, StartRecording, StopRecording
from rig.record import Recording
from rig.wire.frames import SegmentCause

Join = Callable[[], Any]


def test_three_seconds_of_the_real_image_lose_nothing(runtime: Path) -> None:
    session = LiveSession.start(runtime)
    try:
        session.open_source(SourceSpec(kind="firmware", drill="stance", seed=2))
        blocks = []
        while sum(len(b.loads) for b in blocks) < 3_000:
            update = session.poll(wait_s=0.1)
            assert update.link.state != "refused", update.link.sentence
            assert not update.refusals
            blocks += update.blocks
        link = update.link
        assert link.simulated
        assert link.lost_frames == link.damaged_packets == link.board_frames_dropped == 0
        assert all(b.loads.force.lost_before.sum() == 0 for b in blocks)
        total_n = np.concatenate([b.loads.foot_force_n.sum(axis=1) for b in blocks])
        weight_n = update.settings.participant.body_weight_n
        assert weight_n is not None
        assert abs(total_n[500:].mean() / weight_n - 1.0) < 0.1
    finally:
        session.shutdown()
        session.close()


def test_a_board_that_loses_its_power_resumes(join: Join, tmp_path: Path) -> None:
    link = tmp_path / "board"
    follower = join()
    with FirmwareInLoop(pty_link=link) as board:
        follower.client.request(OpenSource(SourceSpec(kind="serial", address=str(link))))
        follower.until_frames(300)
        follower.client.request(StartRecording(str(tmp_path / "r")))
        follower.until_frames(600)
        board.kill()
        follower.until_state("lost")
    before = follower.frames
    with FirmwareInLoop(pty_link=link):
        follower.until_frames(before + 500)
        follower.client.request(StopRecording())
        follower.until(lambda: (tmp_path / "r" / "events.jsonl").read_text().count("stop"))
    segments = {b.segment.index: b.segment for b in follower.blocks}
    assert [s.cause for s in segments.values()][-1] is SegmentCause.LINK_REOPENED
    assert not segments[max(segments)].clock_continues
    recording = Recording.open(tmp_path / "r")
    assert (np.diff(recording.arrivals[:, 0], prepend=0) == 0).sum() == 1
    assert [e["type"] for e in recording.events].count("segment") == 2
