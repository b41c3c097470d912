# SPDX-License-Identifier: GPL-3.0-or-later
"""What the live commands share: an acquisition of their own and a loop over it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rig.acquire.live import LiveSession
from rig.acquire.live_update import LiveUpdate
from rig.acquire.meeting_place import RUNTIME_VARIABLE
from rig.acquire.messages import SourceKind, SourceSpec
from rig.errors import LinkError, SolerigError
from rig.settings import DrillName, Side

POLL_EVERY_S = 0.02
HELLO_WAIT_S = 20.0
"""An Uno resets and boots for 2 s, and four bauds are tried: design choice."""
STOP_WAIT_S = 5.0


@contextmanager
def own_acquisition() -> Iterator[tuple[LiveSession, dict[str, str]]]:
    """A live session on an acquisition process of its own, which ends with it.

    Others (a dashboard that is open already) keep theirs. The environment beside the session is the
    one in which another process finds the same acquisition.
    """
    with tempfile.TemporaryDirectory(prefix="solerig-", ignore_cleanup_errors=True) as runtime:
        environment = os.environ | {RUNTIME_VARIABLE: runtime}
        session = LiveSession.start(Path(runtime))
        try:
            yield session, environment
        finally:
            session.shutdown()
            session.close()


def source_spec(
    source: str,
    *,
    rate_hz: int | None = None,
    drill: DrillName | None = None,
    side: Side = "right",
) -> SourceSpec:
    """From what was typed: auto, simulated, firmware, a recording's folder, or a port.

    Raises
    ------
    SolerigError
        A folder that is not a recording.
    """
    named: dict[str, SourceKind] = {
        "auto": "auto",
        "simulated": "simulated",
        "firmware": "firmware",
    }
    if source in named:
        return SourceSpec(kind=named[source], rate_hz=rate_hz, drill=drill, side=side)
    if (Path(source) / "recording.json").is_file():
        return SourceSpec(kind="recording", address=str(Path(source).absolute()))
    if Path(source).is_dir():
        raise SolerigError(
            f"{source} is a folder, but not a recording: it holds no recording.json."
        )
    return SourceSpec(kind="serial", address=source, rate_hz=rate_hz)


def updates(session: LiveSession, seconds: float | None) -> Iterator[LiveUpdate]:
    """Every drain of the stream for so long; for ever when `seconds` is None."""
    end_s = None if seconds is None else time.monotonic() + seconds
    while end_s is None or time.monotonic() < end_s:
        yield session.poll()
        time.sleep(POLL_EVERY_S)


def wait_until_streaming(session: LiveSession) -> LiveUpdate:
    """Raises `LinkError` with the link's own sentence when nothing comes."""
    newest = session.poll()
    for newest in updates(session, HELLO_WAIT_S):
        if newest.link.state == "streaming" and newest.link.frames > 0:
            return newest
        if newest.link.state == "refused" or newest.refusals:
            break
    refusal = newest.refusals[0].sentence if newest.refusals else newest.link.sentence
    raise LinkError(refusal or "No data came. Plug the board in and run 'solerig doctor'.")


def stop_recording(session: LiveSession) -> LiveUpdate:
    """Ask for the end and wait until the files are closed; the newest state before and after."""
    last = session.poll()
    session.stop_recording()
    for newest in updates(session, STOP_WAIT_S):
        if not newest.recording.recording:
            break
    return last
