# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a mat while it is built: `python hardware_schematics/check_mat.py [--row N]`.

Without `--row` it says which columns do not rest where they should, then names the cells that are
pressed, and at the end the rows and columns that never answered. With `--row` it scans that row alone,
so often that a multimeter sees the row's line move. Counts are raw; nothing becomes newtons here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rig.acquire.client import AcquisitionClient
from rig.acquire.raw_frames import RawFrames
from rig.cli.live import HELLO_WAIT_S, source_spec
from rig.errors import SettingsError, SolerigError
from rig.wire.packets import Command, Hello, RigKind

REST_S = 1.0
REST_COUNTS = 40  # as the firmware's self-test: a column rests at its reference within so much
PRESSED_COUNTS = 60  # about 6 % of the range (design choice)
# one row, at a rate that the slowest conversions just hold: its line is driven four fifths of the time
ROW_CELLS_HZ = 7_840


@dataclass(slots=True)
class Watch:
    """What has answered so far."""

    rest: NDArray[np.float64]  # (rows, columns)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    last: tuple[int, int] | None = None  # the cell named last, until nothing is pressed


def empty_counts(hello: Hello) -> float:
    """What an empty cell reads: the reference's share of full scale, 0 in the cheap build."""
    return hello.reference_permille / 1000 * hello.adc_full_scale


def rest_words(rest: NDArray[np.float64], empty: float) -> list[str]:
    """What is wrong before anything is pressed; `rest` is (rows, columns), in counts."""
    off = np.abs(rest - empty) > REST_COUNTS
    bad_columns = [int(c) for c in np.flatnonzero(off.all(axis=0))]
    off[:, bad_columns] = False
    bad_rows = [int(r) for r in np.flatnonzero(off.any(axis=1) & (off.mean(axis=1) > 0.5))]
    off[bad_rows] = False
    words = [
        f"Column {c} rests at {np.median(rest[:, c]):.0f} counts, not near {empty:.0f}."
        for c in bad_columns
    ]
    words += [f"Row {r} reads pressed along its whole length." for r in bad_rows]
    words += [f"Row {r}, column {c} reads pressed at rest." for r, c in np.argwhere(off)]
    return words


def pressed_cell(counts: NDArray[np.float64], rest: NDArray[np.float64]) -> tuple[int, int] | None:
    """Row and column of the cell that rose most, if any rose enough."""
    rise = counts - rest
    row, column = np.unravel_index(int(rise.argmax()), rise.shape)
    return (int(row), int(column)) if rise[row, column] >= PRESSED_COUNTS else None


def silent_words(watch: Watch) -> list[str]:
    """The rows and columns that never answered."""
    words = []
    for kind, heard, count in zip(
        ("Rows", "Columns"), (watch.rows, watch.columns), watch.rest.shape, strict=True
    ):
        silent = [str(n) for n in range(count) if n not in heard]
        if silent:
            words.append(f"{kind} that have not answered: {', '.join(silent)}.")
    return words


@contextmanager
def opened(source: str) -> Iterator[RawFrames]:
    """Raw frames of the board, through an acquisition process of its own."""
    with tempfile.TemporaryDirectory(prefix="solerig-", ignore_cleanup_errors=True) as runtime:
        client = AcquisitionClient.start(Path(runtime))
        frames = RawFrames(client)
        try:
            frames.open_source(source_spec(source))
            yield frames
        finally:
            frames.close()
            client.shutdown()
            client.close()


def mat_hello(frames: RawFrames) -> Hello:
    """The board's hello; raises `SettingsError` for anything but a mat."""
    hello = frames.wait_for_hello(HELLO_WAIT_S)
    if hello.rig_kind == RigKind.INSOLES:
        raise SettingsError(
            "This board scans insoles. Flash it for your mat (solerig flash --rig mat16), or walk the "
            "insoles with 'solerig doctor --board'."
        )
    return hello


def drive_row(frames: RawFrames, hello: Hello, row: int, seconds: float) -> None:
    """Scan one row alone for a while."""
    if not 0 <= row < hello.row_count:
        raise SettingsError(f"There is no row {row}; this mat has rows 0 to {hello.row_count - 1}.")
    frames.command(Command.STOP)
    frames.command(Command.SET_REGION, row, 1, 0, hello.column_count)
    frames.command(Command.SET_RATE, ROW_CELLS_HZ // hello.column_count)
    frames.command(Command.START)
    wanted = (row, 1, ROW_CELLS_HZ // hello.column_count)
    until_s = time.monotonic() + HELLO_WAIT_S
    while _scanned(frames.link.hello) != wanted:
        frames.poll()
        if time.monotonic() > until_s:
            raise SettingsError(
                "The board did not take the row. Unplug it, plug it in and try again."
            )
    print(f"Row {row} alone, {wanted[2]} times a second. Measure its line now.", flush=True)
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        frames.poll()


def _scanned(hello: Hello | None) -> tuple[int, int, int] | None:
    return hello and (hello.first_row, hello.row_count, hello.scan_rate_hz)


def watch_mat(frames: RawFrames, hello: Hello, seconds: float) -> bool:
    """Report rest, then every pressed cell; True when all rows and columns answered."""
    shape = (hello.row_count, hello.column_count)
    watch = Watch(_mean(frames, shape, REST_S))
    wrong = rest_words(watch.rest, empty_counts(hello))
    print(f"{shape[0]} rows, {shape[1]} columns, {hello.scan_rate_hz} scans a second.")
    print("\n".join(wrong) if wrong else "At rest: every cell reads empty.", flush=True)
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s and len(watch.rows) + len(watch.columns) < sum(shape):
        for block in frames.poll():
            _look(watch, block.counts[-1].reshape(shape).astype(np.float64))
    print(f"{frames.link.frames} frames, {frames.link.lost_frames} lost.")
    silent = silent_words(watch)
    print("\n".join(silent) if silent else "Every row and every column has answered.")
    return not wrong and not silent


def _mean(frames: RawFrames, shape: tuple[int, int], seconds: float) -> NDArray[np.float64]:
    until_s, seen = time.monotonic() + seconds, []
    while time.monotonic() < until_s or not seen:
        seen += [block.counts for block in frames.poll()]
    return np.concatenate(seen).mean(axis=0).reshape(shape)


def _look(watch: Watch, counts: NDArray[np.float64]) -> None:
    rows, columns = np.nonzero(counts - watch.rest >= PRESSED_COUNTS)
    watch.rows.update(rows.tolist())
    watch.columns.update(columns.tolist())
    cell = pressed_cell(counts, watch.rest)
    if cell is not None and cell != watch.last:
        print(f"row {cell[0]}, column {cell[1]}: {counts[cell]:.0f} counts", flush=True)
    watch.last = cell


def parser() -> argparse.ArgumentParser:
    reads = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reads.add_argument("--source", default="auto", help="auto, a port or a pyserial URL")
    reads.add_argument("--row", type=int, help="scan this row alone")
    reads.add_argument("--seconds", type=float, default=60.0, help="how long")
    return reads


def main(arguments: list[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        with opened(chosen.source) as frames:
            hello = mat_hello(frames)
            if chosen.row is not None:
                drive_row(frames, hello, chosen.row, chosen.seconds)
                return 0
            print("Take your hands and feet off the mat for a second.", flush=True)
            return 0 if watch_mat(frames, hello, chosen.seconds) else 1
    except SolerigError as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
