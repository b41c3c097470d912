# SPDX-License-Identifier: GPL-3.0-or-later
"""Running avrdude so that nothing of it is left, however the run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


def run_avrdude(line: list[str], wait_s: float) -> tuple[bool, str]:
    """Whether it went well within `wait_s`, and all that was said.

    After a timeout a last line is added that tells of a programmer that does not respond: what avrdude
    itself said of the port is found before it.
    """
    with (
        _ended_politely(),
        subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as avrdude,
    ):
        try:
            said, _ = avrdude.communicate(timeout=wait_s)
        except subprocess.TimeoutExpired:
            _kill_group(avrdude)
            said, _ = avrdude.communicate()
            return False, f"{said}\navrdude error: programmer is not responding"
        except BaseException:  # Ctrl+C too: in a session of its own avrdude does not hear it
            _kill_group(avrdude)
            raise
    return avrdude.returncode == 0, said


def _kill_group(process: subprocess.Popen[str]) -> None:
    """Where avrdude is a wrapper script, the programme that it started ends as well."""
    if os.name != "posix":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Asked to end (also by closing the terminal), Solerig leaves by an exception, not at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heard = [kind for kind in kinds if signal.getsignal(kind) == signal.SIG_DFL]  # nohup ignores
    before = {kind: signal.signal(kind, _leave) for kind in heard}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _leave(kind: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + kind)
