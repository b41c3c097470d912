# SPDX-License-Identifier: GPL-3.0-or-later
"""A progress bar on standard error, so that what a command prints stays clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

ProgressCallback = Callable[[int], None]
"""Told how much of the total is done so far."""


@contextmanager
def over_bytes(title: str, total: int) -> Iterator[ProgressCallback]:
    """Give a callback that takes the number done so far of `total`; shown only on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=max(total, 1))
        yield lambda done: bar.update(task, completed=done)
