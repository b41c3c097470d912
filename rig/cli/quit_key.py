# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether somebody pressed q, without waiting for it."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self


class QuitKey:
    """While entered, single keys are read from a terminal; elsewhere nobody can press one."""

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

    def pressed(self) -> bool:
        """True once q was pressed."""
        if sys.platform == "win32":
            import msvcrt

            return msvcrt.kbhit() and msvcrt.getwch().lower() == "q"
        import select

        if self._before is None or not select.select([sys.stdin], [], [], 0.0)[0]:
            return False
        return sys.stdin.read(1).lower() == "q"
