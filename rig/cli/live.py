# SPDX-License-Identifier: GPL-3.0-or-later
"""What the live commands share: an acquisition of their own and a loop over it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console

from rig.acquire.client import AcquisitionClient
from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.meeting_place import RUNTIME_VARIABLE
from rig.acquire.messages import SourceKind, SourceSpec
from rig.acquire.ports import candidate_ports
from rig.errors import LinkError, SolerigError

POLL_EVERY_S = 0.02
IDLE_S = 2.0
"""A command's own acquisition ends so long after the command is gone, however it went."""
HELLO_WAIT_S = 20.0
"""An Uno resets and boots for 2 s, and four bauds are tried: design choice."""
ANSWER_WAIT_S = 5.0
NO_WISHES = SourceSpec()


@contextmanager
def own_acquisition() -> Iterator[tuple[LiveSession, dict[str, str]]]:
    """A live session on an acquisition process of its own, which ends with it.

    Others (a dashboard that is open already) keep theirs. The environment beside the session is the
    one in which another process finds the same acquisition.
    """
    with tempfile.TemporaryDirectory(prefix="solerig-", ignore_cleanup_errors=True) as runtime:
        environment = os.environ | {RUNTIME_VARIABLE: runtime}
        client = AcquisitionClient.start(Path(runtime), idle_s=IDLE_S, outlives_clients=False)
        session = LiveSession(client)
        try:
            yield session, environment
        finally:
            session.shutdown()
            session.close()


@contextmanager
def ended_gently() -> Iterator[None]:
    """A closed terminal or a polite kill ends a recording as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {name: signal.signal(name, interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def source_spec(source: str, wishes: SourceSpec = NO_WISHES) -> SourceSpec:
    """From what was typed: auto, simulated, firmware, a recording's folder, or a port.

    Of the `wishes` a simulated person obeys all, a board its rate.

    Raises
    ------
    LinkError
        A port that is not there: a command gives up on it at once, where the window waits for a board
        to be plugged in.
    SolerigError
        A folder that is not a recording.
    """
    named: dict[str, SourceKind] = {
        "auto": "auto",
        "simulated": "simulated",
        "firmware": "firmware",
    }
    if source in named:
        return replace(wishes, kind=named[source])
    if (Path(source) / "recording.json").is_file():
        return SourceSpec(kind="recording", address=str(Path(source).absolute()))
    if Path(source).is_dir():
        raise SolerigError(
            f"{source} is a folder, but not a recording: it holds no recording.json."
        )
    if _is_absent(source):
        raise LinkError(_absent_sentence(source))
    return SourceSpec(kind="serial", address=source, rate_hz=wishes.rate_hz)


def _is_absent(port: str) -> bool:
    """Whether a port is known not to be there: where ports are files. URLs and COM7 are none."""
    return os.name == "posix" and "://" not in port and not Path(port).exists()


def _absent_sentence(port: str) -> str:
    found = candidate_ports()
    here = ", ".join(c.device + (" (maybe a board)" if c.plausible else "") for c in found)
    return (
        f"There is no port {port}. Ports here: {here or 'none'}. Plug the board in and name its port, "
        "or use auto, simulated, firmware, or a recording's folder."
    )


def updates(session: LiveSession, seconds: float | None) -> Iterator[LiveUpdate]:
    """Every drain of the stream for so long; for ever when `seconds` is None.

    Raises `SolerigError` with the sentence of anything that acquisition refuses.
    """
    end_s = None if seconds is None else time.monotonic() + seconds
    while end_s is None or time.monotonic() < end_s:
        newest = session.poll()
        if newest.refusals:
            raise SolerigError(newest.refusals[0].sentence)
        yield newest
        time.sleep(POLL_EVERY_S)


def wait_until_streaming(session: LiveSession, console: Console) -> None:
    """Raises `LinkError` with the link's own sentence when nothing comes."""
    sentence = ""
    with console.status("Connecting") as line:
        for newest in updates(session, HELLO_WAIT_S):
            sentence = newest.link.sentence
            line.update(sentence or "Connecting")
            if newest.link.state == "streaming" and newest.link.frames > 0:
                return
            if newest.link.state == "refused":
                raise LinkError(sentence)
    raise LinkError(
        f"Nothing came in {HELLO_WAIT_S:.0f} s, so this was given up. {sentence} "
        "'solerig doctor' looks for the cause."
    )


def start_recording(session: LiveSession, folder: Path) -> None:
    """Raises `SolerigError` with the reason when it does not begin."""
    session.start_recording(folder)
    for newest in updates(session, ANSWER_WAIT_S):
        if newest.recording.recording:
            return
    raise SolerigError(f"The recording in {folder} did not begin; try again.")


def stop_recording(session: LiveSession) -> LiveUpdate:
    """Ask for the end and wait until the files are closed; the newest state before and after."""
    last = session.poll()
    session.stop_recording()
    for newest in updates(session, ANSWER_WAIT_S):
        if not newest.recording.recording:
            break
    return last
