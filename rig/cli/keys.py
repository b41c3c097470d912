# SPDX-License-Identifier: GPL-3.0-or-later
"""Single keys from a terminal, without waiting for them."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Self


class Keys:
    """While entered, keys are read one by one from a terminal; elsewhere nobody can press one."""

    def __init__(self) -> None:
        self._before: list[object] | None = None

    def __enter__(self) -> Self:
        if sys.platform != "win32" and sys.stdin.isatty():
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if sys.platform != "win32" and self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)  # type: ignore[arg-type] - as it was read

    @property
    def possible(self) -> bool:
        """There is a keyboard."""
        return sys.stdin.isatty()

    def pressed(self) -> str:
        """The next key that waits, as a lower-case letter; empty for none."""
        if sys.platform == "win32":
            import msvcrt

            return msvcrt.getwch().lower() if msvcrt.kbhit() else ""
        import select

        if self._before is None or not select.select([sys.stdin], [], [], 0.0)[0]:
            return ""
        # past Python's own buffer, in which further keys would hide from `select`
        return os.read(sys.stdin.fileno(), 1).decode(errors="ignore").lower()
