# SPDX-License-Identifier: GPL-3.0-or-later
"""What calibration hands on: newtons, frame by frame, on the recording's time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
import numpy.typing as npt

from rig.wire.frames import Segment

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
UInt32 = npt.NDArray[np.uint32]


class FrameFlag(IntFlag):
    """Per-frame remarks; exported as one decimal bitmask, so numbers are never reused."""

    FRAMES_LOST_BEFORE = 1
    SATURATED = 2
    """At least one pad, of either foot, at or above 0.95 of the highest count that its divider can
    reach: its force is a lower bound."""
    SEGMENT_START = 4
    NO_BODY_WEIGHT = 8
    NO_BODY_WEIGHT_GAIN = 16
    TEMPLATE_STANCE = 32
    """X and Y of both feet assume the drawn stance template (insoles do not know where they are)."""
    SYNC_IN = 64
    SYNC_OUT = 128


@dataclass(frozen=True, slots=True, eq=False)
class ForceBlock:
    """n frames in newtons; one segment.

    Attributes
    ----------
    t_s : (n,) float64
        Seconds since the recording's first frame.
    frame_number, end_offset : (n,) int64
        As `FrameBlock`.
    pad_force_n : (n, 2, 16) float64
        What each pad's own area feels, tare removed, never below 0; NaN where there is no sensor.
    flags : (n,) uint32
        `FrameFlag` bits.
    lost_before : (n,) int64
        Frames lost just before each frame.
    """

    segment: Segment
    t_s: Float64
    frame_number: Int64
    end_offset: Int64
    pad_force_n: Float64
    flags: UInt32
    lost_before: Int64

    def __len__(self) -> int:
        return len(self.t_s)
