# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark says, and how long something takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    ratio: float
    compared_with: str


def best_seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """Shortest of some runs: what the work costs when nothing else gets in its way."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
