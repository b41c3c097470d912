# SPDX-License-Identifier: GPL-3.0-or-later
"""The only bridge between the live stream and the window: a timer drains, the model takes it in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from dashboard.drill_model import drill_words
from dashboard.live_model import LiveModel
from dashboard.recording_model import new_recording_folder
from rig.acquire.live_update import LiveUpdate
from rig.acquire.messages import SourceSpec
from rig.drills.registry import added_drills
from rig.errors import SolerigError
from rig.settings import DrillSettings, Participant
from rig.thresholds import Thresholds

FRAME_MS = 16
"""60 frames a second."""


class LiveStream(Protocol):
    """What the window asks of a stream; `rig.acquire.live.LiveSession` is one. Nothing here waits."""

    @property
    def measuring(self) -> tuple[str, float] | None: ...
    def poll(self) -> LiveUpdate: ...
    def open_source(self, spec: SourceSpec) -> None: ...
    def close_source(self) -> None: ...
    def start_recording(self, folder: Path) -> None: ...
    def stop_recording(self) -> None: ...
    def mark(self, label: str) -> None: ...
    def choose_drill(self, drill: DrillSettings) -> None: ...
    def change_participant(self, participant: Participant) -> None: ...
    def tare(self) -> None: ...
    def weigh(self, body_weight_n: float) -> None: ...
    def close(self) -> None: ...


class LiveSource(QObject):
    """Drains the stream once a screen frame and tells the window to draw.

    `join` gives a stream and may take seconds, so it runs in a thread. Every request a person makes
    goes through `_ask`: what cannot be done becomes a sentence in the message bar.
    """

    drained = pyqtSignal()
    joined = pyqtSignal()
    updated = pyqtSignal(object)
    """Each `LiveUpdate`, for pages that follow the stream themselves."""
    _came = pyqtSignal(object)

    def __init__(self, join: Callable[[], LiveStream], recordings: Path) -> None:
        super().__init__()
        self.model = LiveModel()
        self._join_stream = join
        self._stream: LiveStream | None = None
        self._joining = False
        self._open_when_joined: SourceSpec | None = None
        self._simulated = SourceSpec(kind="simulated")
        self.recordings = recordings
        self._markers_set = 0
        self._thresholds: Thresholds | None = None
        self._restored: DrillSettings | None = None
        self._came.connect(self._take_stream)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.drain)

    def start(self, open_first: SourceSpec | None = None) -> None:
        """Begin drawing, and join the stream; then open a source if one was named."""
        for problem in added_drills().problems.values():
            self.model.messages.say(problem, "problem", time.monotonic())
        self._timer.start()
        self._join(open_first)

    def drain(self) -> None:
        """One screen frame: take what has come, then have it drawn."""
        if self._stream is not None:
            now_s = time.monotonic()
            try:
                update = self._stream.poll()
                self.model.push(update, now_s, self._stream.measuring)
                self.updated.emit(update)
                self._ask_what_is_due()
            except SolerigError as error:
                self._lose_stream(error)
        self.drained.emit()

    def open_source(self, spec: SourceSpec) -> None:
        if spec.kind == "simulated":
            self._simulated = spec
        if self._stream is None:
            self._join(spec)
        else:
            self._ask(lambda stream: stream.open_source(spec))

    def close_source(self) -> None:
        self._ask(lambda stream: stream.close_source())

    def start_or_stop_recording(self) -> None:
        if self.model.recording.recording:
            self.stop_recording()
            return
        folder = new_recording_folder(self.recordings, self.model.settings.drill, datetime.now())
        self._ask(lambda stream: stream.start_recording(folder), f"Recording to {folder}")

    def stop_recording(self) -> None:
        folder = self.model.recording.folder
        self._ask(lambda stream: stream.stop_recording(), f"Recording kept in {folder}")

    def mark(self) -> None:
        self._markers_set += 1
        self._ask(lambda stream: stream.mark(f"marker {self._markers_set}"))

    def tare(self) -> None:
        self._ask(lambda stream: stream.tare(), measures=True)

    def weigh(self, body_weight_n: float) -> None:
        self._ask(lambda stream: stream.weigh(body_weight_n), measures=True)

    def choose_drill(self, drill: DrillSettings) -> None:
        """A simulated person does what is chosen; a recording is never broken off for it. A locked
        drill leaves free movement in force."""
        drill = self.model.coaching.ask(drill)
        link, does = self.model.link, (self._simulated.drill, self._simulated.side)
        simulated = link.source_kind == "simulated" and link.state == "streaming"
        if not simulated or does == (drill.name, drill.side):
            self._ask(lambda stream: stream.choose_drill(drill))
        elif self.model.recording.recording:
            said = (
                "While a recording runs, the simulated person goes on; only the analysis changes."
            )
            self._ask(lambda stream: stream.choose_drill(drill), said)
        else:
            self._simulated = replace(self._simulated, drill=drill.name, side=drill.side)
            title = drill_words(drill.name).title
            said = f"The simulated person starts anew with {title}. (Source: all drills in turn.)"
            self._ask(lambda stream: stream.open_source(self._simulated), said)

    def choose_thresholds(self, thresholds: Thresholds) -> None:
        """What counts as a fault, in whatever drill."""
        self._thresholds = thresholds
        coaching = self.model.coaching
        drill = coaching.ask(replace(coaching.drill, thresholds=thresholds))
        self._ask(lambda stream: stream.choose_drill(drill))

    def note_in_recording(self, label: str) -> None:
        """A marker that says what happened, where something is being recorded."""
        if self.model.recording.recording:
            self._ask(lambda stream: stream.mark(label))

    def change_participant(self, participant: Participant) -> None:
        self._ask(lambda stream: stream.change_participant(participant))

    def leave(self) -> None:
        """Let go of the stream. Acquisition goes on while it records or others listen, and otherwise
        ends by itself."""
        self._timer.stop()
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _ask_what_is_due(self) -> None:
        """What no person has to ask for: a lock that opens or comes, and a profile that a simulated
        person, who begins each drill with the default one, does not know of."""
        due = self.model.coaching.due
        if due is not None:
            self.choose_drill(due)
            return
        drill, chosen = self.model.settings.drill, self._thresholds
        simulated = self.model.link.source_kind in ("simulated", "firmware")
        if not simulated or chosen is None or drill.thresholds == chosen:
            self._restored = None
        elif drill != self._restored:
            self._restored = drill
            self._ask(lambda stream: stream.choose_drill(replace(drill, thresholds=chosen)))

    def _join(self, open_first: SourceSpec | None) -> None:
        self._open_when_joined = open_first
        if not self._joining:
            self._joining = True
            threading.Thread(target=self._join_in_thread, name="join stream", daemon=True).start()

    def _join_in_thread(self) -> None:
        came: LiveStream | SolerigError
        try:
            came = self._join_stream()
        except SolerigError as error:
            came = error
        self._came.emit(came)

    def _take_stream(self, came: LiveStream | SolerigError) -> None:
        self._joining = False
        if isinstance(came, SolerigError):
            self.model.messages.say(str(came), "problem", time.monotonic())
            return
        self._stream = came
        if self._open_when_joined is not None:
            self.open_source(self._open_when_joined)
        self.joined.emit()

    def _lose_stream(self, error: SolerigError) -> None:
        self.model.lose_stream()
        self.model.messages.say(str(error), "problem", time.monotonic())
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _ask(
        self, request: Callable[[LiveStream], None], said: str = "", *, measures: bool = False
    ) -> None:
        """`measures`: the person stands on the insoles, so a refusal is shown large as well."""
        now_s = time.monotonic()
        tell = self.model.end_measuring if measures else self.model.messages.say
        if self._stream is None:
            tell("Nothing is connected yet. Choose a source first.", "problem", now_s)
            return
        try:
            request(self._stream)
        except SolerigError as error:
            tell(str(error), "problem", now_s)
        else:
            self.model.messages.say(said, "note", now_s)
