# SPDX-License-Identifier: GPL-3.0-or-later
"""What calibration hands on of a mat: newtons of each cell, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.force_block import Float64, ForceBlock, Int64, UInt32
from rig.layout.mat import MatLayout
from rig.wire.frames import Segment

FRAME_ARRAYS = ("t_s", "frame_number", "end_offset", "cell_force_n", "flags", "lost_before")


@dataclass(frozen=True, slots=True, eq=False)
class MatForceBlock:
    """n frames of a mat in newtons; one segment.

    Attributes
    ----------
    t_s, frame_number, end_offset, flags, lost_before : (n,)
        As `ForceBlock`.
    layout : MatLayout
        Where the cells are.
    cell_force_n : (n, rows, columns) float64
        What each scanned cell bears, ghosts and tare removed, never below 0.
    count_n : float
        What one count is worth in an empty cell.
    """

    segment: Segment
    t_s: Float64
    frame_number: Int64
    end_offset: Int64
    layout: MatLayout
    cell_force_n: Float64
    flags: UInt32
    lost_before: Int64
    count_n: float = 0.0

    def __len__(self) -> int:
        return len(self.t_s)

    def cut(self, part: slice) -> MatForceBlock:
        """Frames `part` (start, stop and no step) alone."""
        return replace(self, **{name: getattr(self, name)[part] for name in FRAME_ARRAYS})

    def at(self, frames: npt.NDArray[np.int64]) -> MatForceBlock:
        """Some of the frames."""
        return replace(self, **{name: getattr(self, name)[frames] for name in FRAME_ARRAYS})


AnyForceBlock = ForceBlock | MatForceBlock
"""Of whichever rig; all but the forces themselves have the same names."""
