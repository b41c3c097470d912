# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills of the simulated person through the real pipeline, and real windows without a display."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import dataclasses
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication

from dashboard.appearance import dress
from dashboard.live_model import NO_RECORDING, LiveModel
from dashboard.live_source import LiveSource, LiveStream
from dashboard.window import Window
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import LinkStatus
from rig.errors import LinkError
from rig.pipeline import BlockResult, Pipeline, PipelineSettings
from rig.settings import DrillName, DrillSettings
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.person import SimulatedSession, simulate_session

SCREEN_FRAME_BYTES = 16 * 56


@dataclasses.dataclass(frozen=True)
class Played:
    """A drill that went through the pipeline in pieces of about one screen frame."""

    session: SimulatedSession
    settings: PipelineSettings
    blocks: tuple[BlockResult, ...]

    def update(self, from_s: float = 0.0, to_s: float = np.inf, **changes: object) -> LiveUpdate:
        """What one drain would bring: blocks whose frames begin in [from_s, to_s)."""
        chosen = tuple(
            b for b in self.blocks if len(b.loads) and from_s <= b.loads.force.t_s[0] < to_s
        )
        frames = sum(len(b.loads) for b in chosen)
        update = LiveUpdate(
            blocks=chosen,
            link=streaming_link(self.session, frames),
            recording=NO_RECORDING,
            settings=self.settings,
            markers=(),
            refusals=(),
            answers=(),
            skipped_bytes=0,
            stream_restarted=False,
        )
        return dataclasses.replace(update, **changes)


def streaming_link(session: SimulatedSession, frames: int) -> LinkStatus:
    return LinkStatus(
        state="streaming",
        sentence="Frames are coming.",
        source_kind="simulated",
        source_name="simulated person",
        simulated=True,
        hello=session.hello,
        frames=frames,
        lost_frames=0,
        damaged_packets=0,
        rate_hz=float(session.hello.scan_rate_hz),
        board_frames_sent=frames,
        board_frames_dropped=0,
        supply_mv=5000,
    )


@cache
def _play(
    drill: DrillName, seconds: float, seed: int, behaviour: tuple[BehaviourFault, ...] = ()
) -> Played:
    session = simulate_session(drill, seconds, seed, behaviour=behaviour)
    settings = PipelineSettings(
        session.participant, session.calibration, DrillSettings(drill, session.side)
    )
    pipeline = Pipeline(settings)
    blocks: list[BlockResult] = []
    for start in range(0, len(session.stream), SCREEN_FRAME_BYTES):
        piece = session.stream[start : start + SCREEN_FRAME_BYTES]
        arrivals = np.array([[start + len(piece), 1_000_000 * start]])
        blocks += pipeline.push(piece, arrivals).blocks
    return Played(session, settings, tuple(blocks))


@pytest.fixture(scope="session")
def play() -> Callable[..., Played]:
    """`play(drill, seconds, seed, behaviour)`; the same arguments are worked out once."""
    return _play


@pytest.fixture(scope="session")
def hopping() -> Played:
    return _play("hopping", 9.0, 3)


@pytest.fixture
def model(hopping: Played) -> LiveModel:
    """Has seen a whole hopping drill just now."""
    model = LiveModel()
    model.push(hopping.update(), time.monotonic())
    return model


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the window keeps, and whose programme it reads, is never the user's own in a test."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def on_board() -> Callable[[LiveUpdate], LiveUpdate]:
    """The same frames, as if a board had sent what a person did."""

    def change(update: LiveUpdate) -> LiveUpdate:
        link = dataclasses.replace(update.link, source_kind="port", simulated=False)
        return dataclasses.replace(update, link=link)

    return change


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[Window]:
    """A real window on a source that nobody has joined; tests push into its model."""

    def nothing_to_join() -> LiveStream:
        raise LinkError("There is no stream in this test.")

    dress(qapp)
    window = Window(LiveSource(nothing_to_join, tmp_path / "recordings"))
    window.show()
    yield window
    window.source.model.recording = NO_RECORDING
    window.close()
    window.deleteLater()
