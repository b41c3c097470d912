# SPDX-License-Identifier: GPL-3.0-or-later
"""What calibration hands on: newtons, frame by frame, on the recording's time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
import numpy.typing as npt

from rig.calibrate.health_results import HealthFinding
from rig.wire.frames import Segment

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
UInt32 = npt.NDArray[np.uint32]
SenselMask = tuple[bool, ...]
"""True for each sensel that is not believed, in the order of the pads; empty: all are believed."""


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
    SENSOR_MASKED = 256
    """At least one sensor is not believed: it bears nothing, and its neighbours stand for it."""
    SATURATED_LEFT = 512
    SATURATED_RIGHT = 1024
    """Which foot's pads SATURATED speaks of; neither where that cannot be said."""
    SNEAK_PATH = 2048
    """A mat's cell reads less than an empty one can: current goes where the circuit has no path."""
    FEET_UNKNOWN = 4096
    """A mat does not know which foot is which here: nothing is said of single feet, X and Y hold."""
    EVENT_TIMES_WITHHELD = 8192
    """A mat of less than 100 scans a second: its times of events are too rough to be given."""
    HEEL_ZONE_ONLY = 16384
    """Regions are bands of a mat's cells, so the heel is a zone of whole cells, not a sensor."""
    FOOT_PLACE_ASSUMED = 32768
    """A mat has not seen the whole of a foot where it stands: regions and the foot's CoP are rough."""
    LOAD_ELSEWHERE = 65536
    """A mat bears something that belongs to neither foot."""


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
        What each pad's own area feels, tare removed, never below 0; NaN where there is no sensor, or
        one that is masked.
    flags : (n,) uint32
        `FrameFlag` bits.
    lost_before : (n,) int64
        Frames lost just before each frame.
    masks : tuple of SenselMask
        Those in force in this block, one after the other; none: all sensels are believed.
    mask_starts : tuple of int
        First frame of each mask in this block; the first is 0.
    findings : tuple of HealthFinding
        What was found out about sensors by this block, in the order of time.
    """

    segment: Segment
    t_s: Float64
    frame_number: Int64
    end_offset: Int64
    pad_force_n: Float64
    flags: UInt32
    lost_before: Int64
    masks: tuple[SenselMask, ...] = ()
    mask_starts: tuple[int, ...] = ()
    findings: tuple[HealthFinding, ...] = ()

    def __len__(self) -> int:
        return len(self.t_s)

    def borne_n(self, weights: Float64) -> Float64:
        """(2, 16, n) newtons on pads times their `weights` (2, 16), in memory of their own."""
        rows_n = np.ascontiguousarray(np.moveaxis(self.pad_force_n, 0, -1))
        return rows_n * weights[..., None]

    def mask_runs(self) -> Iterator[tuple[slice, SenselMask]]:
        """The frames in runs under one mask each; one run where there is none, however short."""
        starts = self.mask_starts or (0,)
        masks = self.masks or ((),)
        stops = (*starts[1:], len(self))
        for start, stop, mask in zip(starts, stops, masks, strict=True):
            yield slice(start, stop), mask

    def cut(self, part: slice) -> ForceBlock:
        """Frames `part` (start, stop and no step) alone, without the findings."""
        start, stop, _ = part.indices(len(self))
        before = [place for place, at in enumerate(self.mask_starts) if at <= start]
        kept = [place for place, at in enumerate(self.mask_starts) if start < at < stop]
        places = before[-1:] + kept
        return ForceBlock(
            segment=self.segment,
            t_s=self.t_s[part],
            frame_number=self.frame_number[part],
            end_offset=self.end_offset[part],
            pad_force_n=self.pad_force_n[part],
            flags=self.flags[part],
            lost_before=self.lost_before[part],
            masks=tuple(self.masks[place] for place in places),
            mask_starts=tuple(max(self.mask_starts[place] - start, 0) for place in places),
        )
