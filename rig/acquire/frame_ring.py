# SPDX-License-Identifier: GPL-3.0-or-later
"""The last frames of a stream, as contiguous arrays found by frame index.

Every row is written twice into storage of twice the capacity, so that any stretch of up to
`capacity` frames lies in one piece and a picture can be drawn from it without copying.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[Any]]


class FrameRing:
    """A fixed number of frames in named columns.

    Frames are counted from 0 at the first one appended; the index of a frame never changes, so a
    consumer keeps the index up to which it has read and learns what it missed. One thread writes and
    reads.

    Parameters
    ----------
    capacity : int
        Frames that are kept.
    columns : mapping of name to (shape, dtype)
        Shape of one frame's entry: `()` for a number, `(2,)` for one number a foot.

    Raises
    ------
    ValueError
        The capacity is not positive.
    """

    def __init__(
        self, capacity: int, columns: Mapping[str, tuple[tuple[int, ...], npt.DTypeLike]]
    ) -> None:
        if capacity <= 0:
            raise ValueError(f"a ring needs room for at least one frame, not {capacity}")
        self.capacity = capacity
        self._storage: Columns = {
            name: np.zeros((2 * capacity, *shape), dtype)
            for name, (shape, dtype) in columns.items()
        }
        self._stop = 0

    @property
    def stop_index(self) -> int:
        """Index that the next frame will get: the number of frames appended so far."""
        return self._stop

    @property
    def start_index(self) -> int:
        """Index of the oldest frame still here."""
        return max(self._stop - self.capacity, 0)

    def append(self, **arrays: npt.ArrayLike) -> None:
        """Append n frames: every column, each as (n, *shape).

        Raises
        ------
        ValueError
            A column is missing, unknown, of another length or of another shape.
        """
        if arrays.keys() != self._storage.keys():
            raise ValueError(f"columns must be {sorted(self._storage)}, not {sorted(arrays)}")
        new = {name: np.asarray(values) for name, values in arrays.items()}
        frames = {len(values) for values in new.values()}
        if len(frames) != 1:
            raise ValueError(f"columns differ in length: {sorted(frames)}")
        for name, values in new.items():
            if values.shape[1:] != self._storage[name].shape[1:]:
                raise ValueError(f"{name} must be (n, *{self._storage[name].shape[1:]})")
        n = frames.pop()
        kept = min(n, self.capacity)
        first = (self._stop + n - kept) % self.capacity
        before_end = min(kept, self.capacity - first)
        for name, values in new.items():
            self._write(self._storage[name], values[n - kept :], first, before_end)
        self._stop += n

    def view(self, start_index: int, stop_index: int) -> tuple[Columns, int]:
        """Frames `start_index` up to, not including, `stop_index`, as far as they are here.

        Returns
        -------
        columns : dict of name to (n, *shape)
            Read-only views of the ring, good until the next `append`.
        missed : int
            Frames at the beginning of the stretch that had already been overwritten.
        """
        stop = min(stop_index, self._stop)
        start = max(start_index, self.start_index)
        missed = max(min(start, stop) - max(start_index, 0), 0)
        n = max(stop - start, 0)
        offset = start % self.capacity
        views = {name: column[offset : offset + n] for name, column in self._storage.items()}
        for column in views.values():
            column.flags.writeable = False
        return views, missed

    def latest(self, n: int) -> Columns:
        """The newest n frames, fewer when there are not so many; views as in `view`."""
        return self.view(max(self._stop - n, self.start_index), self._stop)[0]

    def _write(
        self, column: npt.NDArray[Any], values: npt.NDArray[Any], first: int, before_end: int
    ) -> None:
        for copy in (0, self.capacity):
            column[copy + first : copy + first + before_end] = values[:before_end]
            column[copy : copy + len(values) - before_end] = values[before_end:]
