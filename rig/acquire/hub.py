# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where everything meets, in order: bytes, requests, time.

Source and clients each have their threads; all of them post into one inbox, and only this loop
touches files, link and settings. So a change of settings has one place among the bytes, the same for
every client and for the recording.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rig.acquire.clients import ClientAsked, ClientJoined, ClientLeft, ClientLine, ClientMessage
from rig.acquire.link import Link, closed_status, same_but_counts
from rig.acquire.messages import (
    AddMarker,
    ChangeSettings,
    CloseSource,
    LinkStatus,
    MarkerAdded,
    Notice,
    OpenSource,
    RecordingStatus,
    Refused,
    Request,
    SendCommand,
    SettingsInForce,
    Shutdown,
    SourceSpec,
    StartRecording,
    StopRecording,
    StreamGrew,
    StreamMoved,
    StreamStarted,
)
from rig.acquire.reader import (
    ReaderMessage,
    SourceEnded,
    SourceGave,
    SourceNotOpen,
    SourceOpened,
    SourceReader,
)
from rig.acquire.sensel_maps import load_map
from rig.acquire.sources.make import make_source
from rig.acquire.sources.source import (
    MarkerFound,
    Opened,
    Received,
    Reopened,
    SettingsFound,
    SourceItem,
)
from rig.acquire.stream import SpoolFolder, Stream
from rig.acquire.taking import Taking
from rig.errors import LinkError, RecordingError, SettingsError, SolerigError
from rig.pipeline import PipelineSettings
from rig.record.wire_files import Int64

NO_ID = 0xFFFF_FFFF
"""A board that was never given a name: nobody knows whose map would be right."""
TICK_S = 0.05
STATUS_S = 0.4
RECORDING_STATUS_S = 0.5

HubMessage = ReaderMessage | ClientMessage | Shutdown
TakingWork = Callable[[Taking], None]


class Hub:
    """State of the acquisition process; `run` returns when it is told to end or nobody needs it.

    Parameters
    ----------
    spools : SpoolFolder
    idle_s : float
        Ends after so long without clients and recording.
    """

    def __init__(self, spools: SpoolFolder, idle_s: float) -> None:
        self.inbox: queue.SimpleQueue[HubMessage] = queue.SimpleQueue()
        self._spools = spools
        self._idle_s = idle_s
        self._clients: list[ClientLine] = []
        self._own_settings = PipelineSettings()
        self._settings = self._own_settings
        self._spec: SourceSpec | None = None
        self._reader: SourceReader | None = None
        self._opened: Opened | None = None
        self._link: Link | None = None
        self._stream: Stream | None = None
        self._taking: Taking | None = None
        self._mapped_board: int | None = None
        self._recording_sentence = ""
        self._stream_sentence = ""
        self._last_link = closed_status()
        self._link_told_s = self._recording_told_s = 0.0
        self._last_needed_s = time.monotonic()
        self._ending = False

    def run(self) -> None:
        """Until `Shutdown`, or until nobody needs this process."""
        next_tick_s = 0.0
        while not self._ending:
            now_s = time.monotonic()
            if now_s >= next_tick_s:
                self._tick(now_s)
                next_tick_s = now_s + TICK_S
            try:
                message = self.inbox.get(timeout=max(next_tick_s - time.monotonic(), 0.001))
            except queue.Empty:
                continue
            self._handle(message)
        self._close_source("the program ended")
        for client in self._clients:
            client.flush(timeout_s=0.5)
        self._spools.remove()

    def _handle(self, message: HubMessage) -> None:
        match message:
            case SourceGave():
                if message.reader is self._reader:
                    self._take(message.item)
                if isinstance(message.item, Received):
                    message.reader.handled(len(message.item.data))
            case ClientAsked():
                self._obey(message)
            case ClientJoined():
                self._welcome(message.client)
            case ClientLeft():
                self._clients = [c for c in self._clients if c is not message.client]
            case Shutdown():
                self._ending = True
            case SourceOpened() | SourceNotOpen() | SourceEnded():
                if message.reader is self._reader:  # not one that was closed meanwhile
                    self._follow_source(message)

    # requests

    def _obey(self, message: ClientAsked) -> None:
        try:
            self._answer(message.request)
        except SolerigError as error:
            message.client.tell(Refused(type(message.request).__name__, str(error)))

    def _answer(self, request: Request) -> None:
        match request:
            case OpenSource():
                self._open_source(request.spec)
            case CloseSource():
                self._close_source("the source was closed")
            case StartRecording():
                self._start_recording(request.folder)
            case StopRecording():
                self._stop_recording("asked")
            case AddMarker():
                self._add_marker(request.label)
            case ChangeSettings():
                self._client_changes_settings(request.settings)
            case SendCommand():
                self._send_command(request)
            case Shutdown():
                self._ending = True

    def _send_command(self, request: SendCommand) -> None:
        if self._link is None:
            raise LinkError("No board is connected. Connect one first.")
        self._link.command(request, time.monotonic())
        self._pass_on_commands()

    def _open_source(self, spec: SourceSpec) -> None:
        if self._taking is not None:
            raise LinkError("A recording is being taken. Stop it before connecting another source.")
        source = make_source(spec)
        self._close_source("another source was opened")
        self._spec = spec
        self._link = Link(spec, None, simulated=False, can_change_baud=False)
        self._reader = SourceReader(source, self.inbox.put)
        self._reader.start()
        self._tell_link(time.monotonic())

    def _close_source(self, reason: str) -> None:
        if self._taking is not None:
            self._stop_recording(reason)
        if self._reader is not None:
            self._reader.stop()
        if self._stream is not None:
            self._stream.close()
        self._reader = self._link = self._stream = self._opened = self._spec = None
        self._settings = self._own_settings
        self._mapped_board = None
        self._tell_link(time.monotonic())

    def _start_recording(self, folder: str) -> None:
        if self._taking is not None:
            raise RecordingError(f"A recording is already being taken in {self._taking.folder}.")
        if self._stream is None or self._link is None or self._opened is None or not self._spec:
            raise RecordingError(
                "Nothing is connected, so there is nothing to record. Connect first."
            )
        self._taking = Taking.start(
            folder, self._stream, self._settings, self._link.status, self._opened.anchor_ns
        )
        self._recording_sentence = ""
        self._tell_all(self._taking.moved)
        self._link.sync_pulse(time.monotonic())
        self._pass_on_commands()
        self._tell_recording(time.monotonic())

    def _stop_recording(self, reason: str) -> None:
        taking, self._taking = self._taking, None
        if taking is None or self._stream is None:
            return
        moved = self._to_spool()
        self._recording_sentence = taking.stop(reason) or self._recording_sentence
        if moved is not None:
            self._tell_all(moved)
        self._tell_recording(time.monotonic(), taking)

    def _add_marker(self, label: str) -> None:
        if self._stream is None:
            raise RecordingError(
                "Nothing is connected, so there is nothing to mark. Connect first."
            )
        if self._taking is not None:
            self._guard(lambda taking: taking.event({"type": "marker", "label": label}))
        self._tell_all(MarkerAdded(label, self._stream.wire_path, self._stream.length))

    def _client_changes_settings(self, settings: PipelineSettings) -> None:
        """What is set for a replayed or simulated person does not stay for the next real one."""
        if self._spec is None or self._spec.kind not in {"recording", "simulated"}:
            self._own_settings = settings
        self._change_settings(settings)

    def _change_settings(self, settings: PipelineSettings) -> None:
        self._settings = settings
        if self._stream is None:
            self._tell_all(SettingsInForce("", 0, settings))
            return
        if self._taking is not None:
            self._guard(lambda taking: taking.settings(settings))
        self._tell_all(SettingsInForce(self._stream.wire_path, self._stream.length, settings))

    # the source

    def _follow_source(self, message: SourceOpened | SourceNotOpen | SourceEnded) -> None:
        now_s = time.monotonic()
        match message:
            case SourceOpened() if message.again and self._link and self._stream:
                self._reopened(message.monotonic_ns)
                self._link.opened(message.opened.name, now_s)
                self._pass_on_commands()
            case SourceOpened():
                self._begin_stream(message, now_s)
            case SourceNotOpen():
                self._source_is_away(message)
            case SourceEnded():
                if self._link is not None:
                    self._link.ended(message.sentence)
        self._tell_link(now_s)

    def _begin_stream(self, message: SourceOpened, now_s: float) -> None:
        """The source is open for the first time: time begins."""
        opened, spec = message.opened, self._spec
        if spec is None:
            return
        simulated = spec.kind in {"simulated", "firmware"}
        simulated = simulated if opened.simulated is None else opened.simulated
        self._opened = opened
        self._settings = opened.settings or self._own_settings
        self._link = Link(
            spec, opened.hello, simulated, can_change_baud=message.reader.source.can_change_baud
        )
        self._stream = Stream(self._spools, spool_is_capped=spec.kind != "recording")
        self._link.opened(opened.name, now_s)
        self._pass_on_commands()
        self._tell_all(self._stream_started(self._stream, self._link))

    def _source_is_away(self, message: SourceNotOpen) -> None:
        if self._link is None:
            return
        newly = self._link.state not in {"searching", "lost"}
        if message.for_good:
            self._link.failed(message.sentence)
        else:
            self._link.not_open(message.sentence, was_open=message.was_open)
        if message.was_open and newly and self._taking is not None:
            lost = {"type": "link", "state": "lost", "sentence": message.sentence}
            self._guard(lambda taking: taking.event(lost))

    def _take(self, item: SourceItem) -> None:
        match item:
            case Received():
                self._take_bytes(item)
            case Reopened():
                self._reopened(item.monotonic_ns)
            case SettingsFound():
                self._change_settings(item.settings)
            case MarkerFound():
                self._add_marker(item.label)

    def _take_bytes(self, item: Received) -> None:
        if self._stream is None or self._link is None:
            return
        self._store(self._stream, item)
        self._tell_all(StreamGrew(self._stream.wire_path, self._stream.length))
        before = self._link.state
        blocks = self._link.take(item.data, time.monotonic())
        self._take_board_map(self._link)
        if self._taking is not None:
            for block in blocks:
                self._guard(lambda taking, segment=block.segment: taking.saw(segment))
        self._pass_on_commands()
        if self._link.state != before:
            self._tell_link(time.monotonic())
        if self._stream.spool_is_full:
            moved = self._to_spool()
            if moved is not None:
                self._tell_all(moved)

    def _take_board_map(self, link: Link) -> None:
        """A board that says who it is brings its own sensor map, before its first frame."""
        board = None if link.hello is None else link.hello.unique_id
        if board is None or board in (self._mapped_board, NO_ID):
            return
        self._mapped_board = board
        if self._spec is None or self._spec.kind in {"recording", "simulated"}:
            return
        try:
            kept = load_map(board)
        except SettingsError as error:
            self._tell_all(Refused("sensor map", str(error)))
            return
        if kept != self._settings.calibration.sensel_map:
            calibration = replace(self._settings.calibration, sensel_map=kept)
            self._change_settings(replace(self._settings, calibration=calibration))

    def _store(self, stream: Stream, item: Received) -> None:
        """Write; a file that takes no more is left for a fresh spool, a recording is then closed."""
        before = stream.length
        try:
            stream.write(item.data, item.arrivals)
            self._stream_sentence = ""
            return
        except RecordingError as error:
            self._recording_sentence = str(error)
        except OSError:
            pass  # a spool: nothing that was promised is lost, and another one is tried
        taken = stream.length - before
        rest = item.arrivals[item.arrivals[:, 0] > taken] - np.array([taken, 0])
        if self._taking is not None:
            self._stop_recording("the disk takes no more")
        elif (moved := self._to_spool()) is not None:
            self._tell_all(moved)
        if len(rest):
            self._store_rest(stream, item.data[taken:], rest)

    def _store_rest(self, stream: Stream, data: bytes, arrivals: Int64) -> None:
        """The second try; after it the bytes are given up, and that is said."""
        try:
            stream.write(data, arrivals)
        except (OSError, RecordingError) as error:
            self._stream_sentence = (
                f"The computer's disk takes no more ({error}); the live view stands still. Free some "
                "disk space."
            )

    def _reopened(self, monotonic_ns: int) -> None:
        if self._stream is None or self._link is None:
            return
        self._link.reopened()
        try:
            self._stream.link_reopened(monotonic_ns)
        except RecordingError as error:
            self._recording_sentence = str(error)
            self._stop_recording("the disk takes no more")
        except OSError as error:
            self._stream_sentence = f"The computer's disk takes no more ({error.strerror})."
        self._tell_all(StreamGrew(self._stream.wire_path, self._stream.length))

    def _to_spool(self) -> StreamMoved | None:
        """Go on in a fresh spool; None when no disk takes one (the stream then stays where it is)."""
        if self._stream is None:
            return None
        try:
            return self._stream.move_to_spool()
        except OSError as error:
            self._stream_sentence = f"The computer's disk takes no more ({error.strerror})."
            return None

    def _guard(self, work: TakingWork) -> None:
        """Do something with the recording; when it cannot be written, end it and say so."""
        if self._taking is None:
            return
        try:
            work(self._taking)
        except RecordingError as error:
            self._recording_sentence = str(error)
            self._stop_recording("the disk takes no more")

    def _pass_on_commands(self) -> None:
        if self._link is None:
            return
        if self._reader is not None:
            for command in self._link.outbox:
                self._reader.send(command)
        self._link.outbox.clear()
        for answer in self._link.answers:
            self._tell_all(answer)
        self._link.answers.clear()

    # telling

    def _tick(self, now_s: float) -> None:
        if self._link is not None:
            before = self._link.state
            self._link.tick(now_s)
            self._pass_on_commands()
            if self._link.state != before:
                self._tell_link(now_s)
        if now_s - self._link_told_s >= STATUS_S or not same_but_counts(
            self._link_status(), self._last_link
        ):
            self._tell_link(now_s)
        if self._taking is not None and now_s - self._recording_told_s >= RECORDING_STATUS_S:
            self._tell_recording(now_s)
        if self._clients or self._taking is not None:
            self._last_needed_s = now_s
        elif now_s - self._last_needed_s > self._idle_s:
            self._ending = True

    def _welcome(self, client: ClientLine) -> None:
        self._clients.append(client)
        if self._stream is not None and self._link is not None:
            client.tell(self._stream_started(self._stream, self._link))
            client.tell(StreamGrew(self._stream.wire_path, self._stream.length))
        else:
            client.tell(SettingsInForce("", 0, self._settings))
        client.tell(self._link_status())
        client.tell(self._recording_status(self._taking))

    def _stream_started(self, stream: Stream, link: Link) -> StreamStarted:
        return StreamStarted(stream.wire_path, stream.boundary, self._settings, link.hello)

    def _link_status(self) -> LinkStatus:
        status = self._link.status if self._link is not None else closed_status()
        if self._stream_sentence:
            return replace(status, sentence=self._stream_sentence)
        return status

    def _recording_status(self, taking: Taking | None) -> RecordingStatus:
        if taking is None:
            return RecordingStatus(
                recording=False,
                folder="",
                duration_s=0.0,
                bytes_written=0,
                free_disk_bytes=0,
                sentence=self._recording_sentence,
            )
        return taking.status(recording=taking is self._taking, sentence=self._recording_sentence)

    def _tell_link(self, now_s: float) -> None:
        self._last_link, self._link_told_s = self._link_status(), now_s
        self._tell_all(self._last_link)

    def _tell_recording(self, now_s: float, taking: Taking | None = None) -> None:
        self._recording_told_s = now_s
        self._tell_all(self._recording_status(taking or self._taking))

    def _tell_all(self, notice: Notice) -> None:
        for client in self._clients:
            client.tell(notice)
