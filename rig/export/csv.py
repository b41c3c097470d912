# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording as CSV: one row a frame, and its events in `NAME.events.csv` beside it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from rig.batch import PIECE_BYTES, outputs, stream_of
from rig.contact.results import LoadBlock
from rig.contact.withheld import times_withheld
from rig.export.contact_column import HOLD_S, ContactColumn
from rig.export.csv_events import EventCollector
from rig.export.csv_head import head_lines
from rig.export.csv_rows import RowPrinter, load_table
from rig.export.error_columns import ERROR_COLUMNS, error_table, settings_at
from rig.export.layout_columns import column_names
from rig.export.whole_files import written_whole
from rig.layout import Foot
from rig.pipeline import PipelineOutput
from rig.record import Recording
from rig.wire.packets import Hello, LayoutId

ROWS_AT_ONCE = 4_096
"""Rows printed by one format: more only costs memory."""


def events_path(out_path: Path) -> Path:
    """Where the events of `NAME.csv` go: `NAME.events.csv`."""
    return out_path.with_name(f"{out_path.stem}.events.csv")


def export_csv(
    recording: Recording,
    out_path: Path | str,
    progress: Callable[[int], object] | None = None,
    piece_bytes: int = PIECE_BYTES,
) -> int:
    """Write a recording as CSV; both files appear whole or not at all.

    Parameters
    ----------
    recording : Recording
    out_path : path
        An existing file is replaced.
    progress : callable, optional
        Told how many bytes of `recording.wire` are done.
    piece_bytes : int
        Bytes worked on at once; changes memory and speed, never the files.

    Returns
    -------
    int
        Rows written: the frames that were decoded.

    Raises
    ------
    RecordingError
        The files cannot be written, or the recording's changes of settings cannot be understood.
    """
    path = Path(out_path)
    collector, printer = EventCollector.of(recording), RowPrinter()
    rows = 0
    with written_whole(events_path(path), path) as (events_file, file):
        headed = False
        stream = stream_of(recording)
        for load, on_ground in _decided(outputs(stream, piece_bytes), collector, progress):
            if not headed:
                printer = RowPrinter(_write_head(file.write, recording, load))
                headed = True
            errors = error_table(load, settings_at(stream, load))
            table = np.concatenate((load_table(load, on_ground), errors), axis=1)
            for start in range(0, len(load), ROWS_AT_ONCE):
                file.write(printer.text(table[start : start + ROWS_AT_ONCE]))
            rows += len(load)
        if not headed:
            _write_head(file.write, recording, None)
        collector.write(events_file)
    return rows


def _write_head(
    write: Callable[[str], object], recording: Recording, load: LoadBlock | None
) -> tuple[str, ...]:
    """Write what stands above the rows; gives the names of their columns."""
    hello = load.force.segment.hello if load is not None else recording.hello
    layout = _layout(hello)
    names = (*column_names(layout), *ERROR_COLUMNS)
    write("\n".join((*head_lines(recording, hello), ",".join(names))) + "\n")
    return names


def _layout(hello: Hello | None) -> LayoutId:
    """That of the insoles where no board has named one that is known."""
    known = hello is not None and hello.layout_id in set(LayoutId)
    return LayoutId(hello.layout_id) if known and hello else LayoutId.INSOLES_16


def _decided(
    stream: Iterable[tuple[PipelineOutput, int]],
    collector: EventCollector,
    progress: Callable[[int], object] | None,
) -> Iterator[tuple[LoadBlock, np.ndarray]]:
    """Blocks whose contacts are decided, in order, with (n, 2) which foot is on the ground."""
    columns = [ContactColumn(foot) for foot in Foot]
    held: deque[LoadBlock] = deque()
    newest_s = 0.0
    for output, done in stream:
        for load in _gather(output, collector, columns):
            held.append(load)
            newest_s = float(load.force.t_s[-1])
        while held and held[0].force.t_s[-1] < newest_s - HOLD_S:
            yield _with_contacts(held.popleft(), columns)
        if progress is not None:
            progress(done)
    while held:
        yield _with_contacts(held.popleft(), columns)


def _gather(
    output: PipelineOutput, collector: EventCollector, columns: list[ContactColumn]
) -> Iterator[LoadBlock]:
    for block in output.blocks:
        collector.take_frames(block.loads.force)
        if not times_withheld(block.loads.force):
            collector.take_contacts(block.contact.events)
        for column in columns:
            column.take(block.contact.events)
        if len(block.loads):
            yield block.loads


def _with_contacts(load: LoadBlock, columns: list[ContactColumn]) -> tuple[LoadBlock, np.ndarray]:
    return load, np.column_stack([column.states(load.force.t_s) for column in columns])
