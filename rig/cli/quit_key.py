# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether somebody pressed q, without waiting for it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rig.cli.keys import Keys


class QuitKey:
    """While entered, q is read from a terminal; elsewhere nobody can press it."""

    def __init__(self) -> None:
        self._keys = Keys()

    def __enter__(self) -> Self:
        self._keys.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._keys.__exit__(kind, error, trace)

    def pressed(self) -> bool:
        """True once q was pressed."""
        return self._keys.pressed() == "q"
