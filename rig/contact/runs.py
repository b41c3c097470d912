# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of frames for which something holds, found once a block and then asked event by event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
import numpy.typing as npt


class Runs:
    """Runs of true values among (n,), n > 0."""

    __slots__ = ("_edges", "_end")

    def __init__(self, condition: npt.NDArray[np.bool_]) -> None:
        changes = (condition[1:] != condition[:-1]).nonzero()[0]
        changes += 1
        edges = changes.tolist()
        self._edges: list[int] = [0, *edges] if condition[0] else edges
        self._end = len(condition)

    def next(self, at: int) -> int:
        """The first true place from `at` on, n where there is none."""
        passed = bisect_right(self._edges, at)
        if passed % 2:  # an odd number of edges lies behind a place within a run
            return at
        return self._edges[passed] if passed < len(self._edges) else self._end

    def before(self, at: int) -> int:
        """The last true place before `at`, -1 where there is none."""
        passed = bisect_left(self._edges, at)
        if passed % 2:
            return at - 1
        return self._edges[passed - 1] - 1 if passed else -1

    def end(self, at: int) -> int:
        """The first place behind the run that `at` lies in."""
        passed = bisect_right(self._edges, at)
        return self._edges[passed] if passed < len(self._edges) else self._end
