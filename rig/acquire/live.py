# SPDX-License-Identifier: GPL-3.0-or-later
"""A live client: what a window or a command needs of the stream, without waiting for anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from rig.acquire.client import AcquisitionClient
from rig.acquire.keeper import no_recording
from rig.acquire.link_status import closed_status
from rig.acquire.live_update import LiveUpdate
from rig.acquire.measuring import Measuring, visit_tare, visit_weight
from rig.acquire.messages import (
    AddMarker,
    ChangeSettings,
    CloseSource,
    CommandAnswered,
    LinkStatus,
    MarkerAdded,
    Notice,
    OpenSource,
    RecordingStatus,
    Refused,
    SendCommand,
    SettingsInForce,
    SourceSpec,
    StartRecording,
    StopRecording,
    StreamStarted,
)
from rig.acquire.tail import Missing, Piece, StreamTail, TailItem
from rig.calibrate.calibration import Calibration
from rig.calibrate.tare import TARE_S
from rig.drills.registry import with_own_thresholds
from rig.errors import SettingsError
from rig.pipeline import BlockResult, Pipeline, PipelineSettings
from rig.settings import DrillSettings, Participant
from rig.wire.packets import DELIMITER, Command, Hello

POLL_BYTES = 16_384
"""At most so much is worked on in one poll: 0.2 s of frames at 1 kHz, a few milliseconds of work."""
LATEST_S = 2.0
"""A live client further behind than this jumps forward."""
KEPT_S = 0.5
"""And goes on so far before the end."""
WEIGH_S = 3.0
MEASUREMENT_NAMES = {"tare": "Tare", "weigh": "The body-weight measurement"}


@dataclass(slots=True)
class _Drained:
    """What one poll gathers."""

    blocks: list[BlockResult] = field(default_factory=list)
    markers: list[MarkerAdded] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    answers: list[CommandAnswered] = field(default_factory=list)
    skipped_bytes: int = 0
    restarted: bool = False


class LiveSession:
    """Tails the stream through its own `Pipeline`; every request goes to acquisition.

    Requests return at once; what became of them comes with a later `poll`.
    """

    def __init__(self, client: AcquisitionClient) -> None:
        self._client = client
        self._tail = StreamTail()
        self._pipeline: Pipeline | None = None
        self._fed = 0
        self._finished = False
        self._link = closed_status()
        self._recording = no_recording()
        self._settings = PipelineSettings()
        self._wanted: PipelineSettings | None = None
        """Asked for and not yet come by in the stream: a second wish builds on the first."""
        self._measuring: Measuring | None = None

    @staticmethod
    def start(runtime: Path | None = None) -> LiveSession:
        """Join the acquisition process, starting it where none runs; raises `LinkError`."""
        return LiveSession(AcquisitionClient.start(runtime))

    def poll(self, max_bytes: int = POLL_BYTES, wait_s: float = 0.0) -> LiveUpdate:
        """All that happened since the last poll, and the next frames.

        Parameters
        ----------
        max_bytes : int
            Stream bytes worked on at most.
        wait_s : float
            Wait so long for something to happen; a window never waits.

        Raises
        ------
        LinkError
            The acquisition process has ended.
        """
        drained = _Drained()
        for notice in self._client.poll(0.0 if self._tail.unread else wait_s):
            self._hear(notice, drained)
        self._jump_if_late(drained)
        for item in self._tail.read(max_bytes):
            self._work_on(item, drained)
        self._finish_if_ended(drained)
        self._end_measuring(drained)
        return LiveUpdate(
            blocks=tuple(drained.blocks),
            link=self._link,
            recording=self._recording,
            settings=self._settings,
            markers=tuple(drained.markers),
            refusals=tuple(drained.refusals),
            answers=tuple(drained.answers),
            skipped_bytes=drained.skipped_bytes,
            stream_restarted=drained.restarted,
        )

    @property
    def link(self) -> LinkStatus:
        return self._link

    @property
    def settings(self) -> PipelineSettings:
        """In force where this client's work has come to."""
        return self._settings

    @property
    def unread_bytes(self) -> int:
        """Of the stream, known to this client and not yet worked on."""
        return self._tail.unread

    @property
    def measuring(self) -> tuple[str, float] | None:
        """Which measurement runs ("tare" or "weigh") and how far it is, 0 to 1."""
        return (self._measuring.name, self._measuring.progress) if self._measuring else None

    def open_source(self, spec: SourceSpec) -> None:
        self._client.request(OpenSource(spec))

    def close_source(self) -> None:
        self._client.request(CloseSource())

    def start_recording(self, folder: Path | str) -> None:
        self._client.request(StartRecording(str(Path(folder).absolute())))

    def stop_recording(self) -> None:
        self._client.request(StopRecording())

    def mark(self, label: str) -> None:
        self._client.request(AddMarker(label))

    def choose_drill(self, drill: DrillSettings) -> None:
        """Its own thresholds are filled in, so that a recording stores all of them."""
        self._change(replace(self._newest_settings, drill=with_own_thresholds(drill)))

    def change_participant(self, participant: Participant) -> None:
        self._change(replace(self._newest_settings, participant=participant))

    def change_calibration(self, calibration: Calibration) -> None:
        self._change(replace(self._newest_settings, calibration=calibration))

    def send_command(
        self, command: Command, arguments: tuple[int, ...] = (), data: bytes = b""
    ) -> None:
        self._client.request(SendCommand(int(command), arguments, data))

    def tare(self) -> None:
        """Take the next 2 s, feet lifted, as what each pad reads without load; a mat is empty meanwhile.

        Raises
        ------
        SettingsError
            No frames come. What the frames themselves do not allow comes as a refusal "tare".
        """
        hello, settings = self._streaming_hello("tare"), self._newest_settings
        self._measuring = Measuring(
            "tare",
            TARE_S,
            hello,
            lambda counts: visit_tare(counts, hello, settings.calibration, settings.participant),
        )

    def weigh(self, body_weight_n: float) -> None:
        """Note `body_weight_n` and take the next 3 s of quiet stance as it; raises as `tare`."""
        hello = self._streaming_hello("weigh")
        self.change_participant(
            replace(
                self._newest_settings.participant,
                body_weight_n=body_weight_n,
                body_weight_source="typed",
            )
        )
        settings = self._newest_settings
        self._measuring = Measuring(
            "weigh",
            WEIGH_S,
            hello,
            lambda counts: visit_weight(
                counts, hello, settings.calibration, settings.participant, body_weight_n
            ),
        )

    def shutdown(self) -> None:
        """End the acquisition process; when this returns, a recording is closed and its file whole."""
        self._client.shutdown()

    def close(self) -> None:
        """Leave; a recording goes on."""
        self._tail.close()
        self._client.close()

    def _change(self, settings: PipelineSettings) -> None:
        """Ask for other settings; they are ours as soon as the stream says where they begin."""
        self._wanted = settings
        self._client.request(ChangeSettings(settings))

    @property
    def _newest_settings(self) -> PipelineSettings:
        return self._settings if self._wanted is None else self._wanted

    def _streaming_hello(self, name: str) -> Hello:
        if self._link.state != "streaming" or self._link.hello is None:
            raise SettingsError(
                f"{MEASUREMENT_NAMES[name]} needs frames, and none come. Connect the board first."
            )
        if self._measuring is not None:
            raise SettingsError(f"{MEASUREMENT_NAMES[self._measuring.name]} is still running.")
        return self._link.hello

    def _hear(self, notice: Notice, drained: _Drained) -> None:
        match notice:
            case LinkStatus():
                self._link = notice
            case RecordingStatus():
                self._recording = notice
            case MarkerAdded():
                drained.markers.append(notice)
            case Refused():
                drained.refusals.append(notice)
            case CommandAnswered():
                drained.answers.append(notice)
            case _:
                self._tail.take(notice)

    def _jump_if_late(self, drained: _Drained) -> None:
        """Skip what is too old to be shown; a replayed recording is shown whole."""
        hello = self._link.hello
        if hello is None or self._link.source_kind == "recording":
            return
        bytes_a_second = hello.scan_rate_hz * (hello.scan_bytes + 4)
        unread = self._tail.unread
        if unread <= LATEST_S * bytes_a_second:
            return
        reopened = False
        for item in self._tail.read(unread - int(KEPT_S * bytes_a_second)):
            if isinstance(item, Piece):
                drained.skipped_bytes += len(item.data)
                reopened |= bool((np.diff(item.arrivals[:, 0], prepend=0) == 0).any())
            else:
                self._work_on(item, drained)
        # ends the packet that had begun, so that it is not joined with what comes after the jump
        last_ns = self._tail.last_ns
        self._push(Piece(bytes([DELIMITER]), np.array([[1, last_ns]])), drained)
        if reopened:
            self._push(Piece(b"", np.array([[0, last_ns + 1]])), drained)

    def _work_on(self, item: TailItem, drained: _Drained) -> None:
        match item:
            case Piece():
                self._push(item, drained)
            case Missing():
                drained.skipped_bytes += item.size
            case StreamStarted():
                self._pipeline = Pipeline(item.settings, item.hello)
                self._settings = item.settings
                self._wanted = None
                self._fed, self._finished = 0, False
                self._measuring = None
                drained.blocks.clear()
                drained.restarted = True
            case SettingsInForce():
                self._settings = item.settings
                if item.settings == self._wanted:
                    self._wanted = None
                if self._pipeline is not None:
                    self._pipeline.change_settings(item.settings)

    def _push(self, piece: Piece, drained: _Drained) -> None:
        if self._pipeline is None:
            return
        if self._measuring is not None:
            self._measuring.take(piece.data)
        arrivals = piece.arrivals + np.array([self._fed, 0])
        self._fed += len(piece.data)
        try:
            drained.blocks += self._pipeline.push(piece.data, arrivals).blocks
        except SettingsError as error:
            # a board that this version records but cannot analyse; said once, recording goes on
            self._pipeline = None
            drained.refusals.append(Refused("analysis", str(error)))

    def _finish_if_ended(self, drained: _Drained) -> None:
        """A source that has come to its end closes what is open, once."""
        ended = self._link.state == "ended" and not self._tail.unread
        if ended and not self._finished and self._pipeline is not None:
            self._finished = True
            drained.blocks += self._pipeline.finish().blocks

    def _end_measuring(self, drained: _Drained) -> None:
        measuring = self._measuring
        if measuring is None or not (measuring.is_complete or measuring.is_late):
            return
        self._measuring = None
        name = MEASUREMENT_NAMES[measuring.name]
        if measuring.is_late:
            sentence = f"{name} was given up: too few frames came. Check the link and try again."
            drained.refusals.append(Refused(measuring.name, sentence))
            return
        try:
            self._change(replace(self._newest_settings, calibration=measuring.result()))
        except SettingsError as error:
            drained.refusals.append(Refused(measuring.name, str(error)))
