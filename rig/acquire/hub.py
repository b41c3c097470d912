# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where everything meets, in order: bytes, requests, time.

Source and clients each have their threads; all of them post into one inbox, and only this loop
touches files, link and settings. So a change of settings has one place among the bytes, the same for
every client and for the recording.
"""

from __future__ import annotations

import queue
import time
from dataclasses import replace

from rig.acquire.board_calibration import calibration_of_board
from rig.acquire.clients import ClientAsked, ClientJoined, ClientLeft, ClientLine, ClientMessage
from rig.acquire.keeper import Keeper, no_recording
from rig.acquire.link import Link
from rig.acquire.link_status import closed_status, same_but_counts
from rig.acquire.messages import (
    AddMarker,
    ChangeSettings,
    CloseSource,
    LinkStatus,
    Notice,
    OpenSource,
    Refused,
    Request,
    SendCommand,
    SettingsInForce,
    Shutdown,
    SourceSpec,
    StartRecording,
    StopRecording,
    StreamGrew,
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
from rig.acquire.sources.make import make_source
from rig.acquire.sources.source import (
    MarkerFound,
    Opened,
    Received,
    Reopened,
    SettingsFound,
    SourceItem,
)
from rig.acquire.stream import SpoolFolder
from rig.errors import LinkError, RecordingError, SettingsError, SolerigError
from rig.pipeline import PipelineSettings

TICK_S = 0.05
STATUS_S = 0.4
RECORDING_STATUS_S = 0.5

HubMessage = ReaderMessage | ClientMessage | Shutdown


class Hub:
    """State of the acquisition process; `run` returns when it is told to end or nobody needs it.

    Parameters
    ----------
    spools : SpoolFolder
    idle_s : float
        Ends after so long without clients and recording.
    outlives_clients : bool
        A recording goes on without clients. False for a command's own process: when the command is
        gone, nobody could reach the recording to end it, so it is closed after `idle_s`.
    """

    def __init__(
        self, spools: SpoolFolder, idle_s: float, *, outlives_clients: bool = True
    ) -> None:
        self.inbox: queue.SimpleQueue[HubMessage] = queue.SimpleQueue()
        self._spools = spools
        self._idle_s = idle_s
        self._outlives_clients = outlives_clients
        self._clients: list[ClientLine] = []
        self._own_settings = PipelineSettings()
        self._settings = self._own_settings
        self._spec: SourceSpec | None = None
        self._reader: SourceReader | None = None
        self._opened: Opened | None = None
        self._link: Link | None = None
        self._keeper: Keeper | None = None
        self._mapped_board: int | None = None
        self._last_link = closed_status()
        self._link_told_s = 0.0
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
                if self._keeper is not None:
                    self._keeper.stop("asked")
            case AddMarker():
                self._open_keeper("mark").marker(request.label)
            case ChangeSettings():
                self._client_changes_settings(request.settings)
            case SendCommand():
                self._send_command(request)
            case Shutdown():
                self._ending = True

    def _open_source(self, spec: SourceSpec) -> None:
        if self._keeper is not None and self._keeper.folder is not None:
            raise LinkError("A recording is being taken. Stop it before connecting another source.")
        source = make_source(spec)
        self._close_source("another source was opened")
        self._spec = spec
        self._link = Link(spec, None, simulated=False, can_change_baud=False)
        self._reader = SourceReader(source, self.inbox.put)
        self._reader.start()
        self._tell_link()

    def _close_source(self, reason: str) -> None:
        if self._reader is not None:
            self._reader.stop()
        if self._keeper is not None:
            self._keeper.close(reason)
        self._reader = self._link = self._keeper = self._opened = self._spec = None
        self._settings = self._own_settings
        self._mapped_board = None
        self._tell_link()

    def _start_recording(self, folder: str) -> None:
        keeper = self._open_keeper("record")
        if self._link is None or self._opened is None:
            return
        if self._link.state == "ended":
            raise RecordingError("This source has ended, so there is nothing to record.")
        keeper.start(folder, self._settings, self._link.status, self._opened.anchor_ns)
        self._link.sync_pulse(time.monotonic())
        self._pass_on_commands()

    def _client_changes_settings(self, settings: PipelineSettings) -> None:
        """What is set for a replayed or simulated person does not stay for the next real one."""
        if self._spec is None or self._spec.kind not in {"recording", "simulated", "firmware"}:
            self._own_settings = settings
        self._change_settings(settings)

    def _change_settings(self, settings: PipelineSettings) -> None:
        self._settings = settings
        if self._keeper is not None:
            self._keeper.settings(settings)
        else:
            self._tell_all(SettingsInForce("", 0, settings))

    def _send_command(self, request: SendCommand) -> None:
        if self._link is None:
            raise LinkError("No board is connected. Connect one first.")
        self._link.command(request, time.monotonic())
        self._pass_on_commands()

    def _open_keeper(self, what: str) -> Keeper:
        if self._keeper is None:
            raise RecordingError(
                f"Nothing is connected, so there is nothing to {what}. Connect first."
            )
        return self._keeper

    # the source

    def _follow_source(self, message: SourceOpened | SourceNotOpen | SourceEnded) -> None:
        if self._link is None:
            return
        match message:
            case SourceOpened() if message.again:
                self._reopened(message.monotonic_ns)
                self._link.opened(message.opened.name, time.monotonic())
                self._pass_on_commands()
            case SourceOpened():
                self._begin_stream(message)
            case SourceNotOpen():
                self._source_is_away(message, self._link)
            case SourceEnded():
                self._link.ended(message.sentence)
        self._tell_link()

    def _begin_stream(self, message: SourceOpened) -> None:
        """The source is open for the first time: time begins."""
        opened, spec = message.opened, self._spec
        if spec is None:
            return
        simulated = spec.kind in {"simulated", "firmware"}
        simulated = simulated if opened.simulated is None else opened.simulated
        can_change_baud = message.reader.source.can_change_baud
        link = Link(spec, opened.hello, simulated=simulated, can_change_baud=can_change_baud)
        self._opened, self._link = opened, link
        self._settings = opened.settings or self._own_settings
        try:
            keeper = Keeper(self._spools, self._tell_all, spool_is_capped=spec.kind != "recording")
        except RecordingError as error:
            link.failed(str(error))
            return
        self._keeper = keeper
        link.opened(opened.name, time.monotonic())
        self._pass_on_commands()
        self._tell_all(self._stream_started(keeper, link))

    def _source_is_away(self, message: SourceNotOpen, link: Link) -> None:
        newly = link.state not in {"searching", "lost"}
        if message.for_good:
            link.failed(message.sentence)
        else:
            link.not_open(message.sentence, was_open=message.was_open)
        if message.was_open and newly and self._keeper is not None:
            self._keeper.link_lost(message.sentence)

    def _take(self, item: SourceItem) -> None:
        if self._keeper is None or self._link is None:
            return
        match item:
            case Received():
                self._take_bytes(item, self._keeper, self._link)
            case Reopened():
                self._reopened(item.monotonic_ns)
            case SettingsFound():
                self._change_settings(item.settings)
            case MarkerFound():
                self._keeper.marker(item.label)

    def _take_bytes(self, item: Received, keeper: Keeper, link: Link) -> None:
        """First to the disk, then to whoever listens; only then are they looked at."""
        keeper.store(item)
        before = link.state
        blocks = link.take(item.data, time.monotonic())
        self._take_board_calibration(link)
        keeper.saw(blocks)
        self._pass_on_commands()
        if link.state != before:
            self._tell_link()

    def _take_board_calibration(self, link: Link) -> None:
        """A board that says who it is brings its map and its calibration, before its first frame."""
        board = None if link.hello is None else link.hello.unique_id
        if board is None or board == self._mapped_board:
            return
        self._mapped_board = board
        if self._spec is None or self._spec.kind in {"recording", "simulated"}:
            return
        try:
            kept = calibration_of_board(board, self._settings.calibration)
        except SettingsError as error:
            self._tell_all(Refused("calibration", str(error)))
            return
        if kept != self._settings.calibration:
            self._change_settings(replace(self._settings, calibration=kept))

    def _reopened(self, monotonic_ns: int) -> None:
        if self._keeper is not None and self._link is not None:
            self._link.reopened()
            self._keeper.link_reopened(monotonic_ns)

    def _pass_on_commands(self) -> None:
        if self._link is None:
            return
        commands, answers = self._link.taken_out()
        for command in commands:
            if self._reader is not None:
                self._reader.send(command)
        for answer in answers:
            self._tell_all(answer)

    # telling

    def _tick(self, now_s: float) -> None:
        if self._link is not None:
            self._link.tick(now_s)
            self._pass_on_commands()
        changed = not same_but_counts(self._link_status(), self._last_link)
        if changed or now_s - self._link_told_s >= STATUS_S:
            self._tell_link()
        if self._keeper is not None:
            self._keeper.tell_status(RECORDING_STATUS_S)
        records = self._keeper is not None and self._keeper.folder is not None
        if self._clients or (records and self._outlives_clients):
            self._last_needed_s = now_s
        elif now_s - self._last_needed_s > self._idle_s:
            self._ending = True

    def _welcome(self, client: ClientLine) -> None:
        """Tell a new client all that it has missed."""
        self._clients.append(client)
        keeper = self._keeper
        if keeper is not None and self._link is not None:
            client.tell(self._stream_started(keeper, self._link))
            client.tell(StreamGrew(keeper.stream.wire_path, keeper.stream.length))
        else:
            client.tell(SettingsInForce("", 0, self._settings))
        client.tell(self._link_status())
        client.tell(keeper.status if keeper is not None else no_recording())

    def _stream_started(self, keeper: Keeper, link: Link) -> StreamStarted:
        stream = keeper.stream
        return StreamStarted(stream.wire_path, stream.boundary, self._settings, link.hello)

    def _link_status(self) -> LinkStatus:
        status = self._link.status if self._link is not None else closed_status()
        full = self._keeper.stream_sentence if self._keeper is not None else ""
        return replace(status, sentence=full) if full else status

    def _tell_link(self) -> None:
        self._last_link, self._link_told_s = self._link_status(), time.monotonic()
        self._tell_all(self._last_link)

    def _tell_all(self, notice: Notice) -> None:
        for client in self._clients:
            client.tell(notice)
