# SPDX-License-Identifier: GPL-3.0-or-later
"""What the contact floor hands on: loads and CoP per frame, and contacts as they are decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

import numpy as np

from rig.calibrate.force_block import Float64, ForceBlock
from rig.calibrate.mat_force_block import AnyForceBlock
from rig.layout import Foot

if TYPE_CHECKING:
    from rig.contact.signals import FeetSignals

HeelTouch = Literal["none", "kiss", "load"]
ContactKind = Literal["foot", "tap", "support"]


@dataclass(frozen=True, slots=True, eq=False)
class LoadBlock:
    """n frames of loads, per frame and without memory.

    Attributes
    ----------
    force : ForceBlock or MatForceBlock
        Where the loads come from (times, flags, pads or cells).
    foot_force_n : (n, 2) float64
        Estimated force under each foot (tributary area x gain); raw, residual included. NaN
        for a foot without any sensor (`Calibration.sensel_map`).
    region_force_n : (n, 2, 4) float64
        The same by `Region`; sums to `foot_force_n`. NaN for a region without any sensor.
    foot_cop_mm : (n, 2, 2) float64
        Per foot in that foot's frame: [..., 0] ml (+ to the person's right), [..., 1] ap (+ forward
        from the heel edge). NaN where the foot bears less than 0.10 of the body weight
        (70 N without one).
    cop_mm : (n, 2) float64
        Both feet together in the body frame, on the stance template; NaN where either loaded foot's
        CoP or `share_left` is undefined. A foot below its ON threshold counts as lifted.
    share_left : (n,) float64
        s_L; NaN where both feet together bear at most 0.2 of the body weight.
    """

    force: AnyForceBlock
    foot_force_n: Float64
    region_force_n: Float64
    foot_cop_mm: Float64
    cop_mm: Float64
    share_left: Float64

    def __len__(self) -> int:
        return len(self.force)

    @property
    def foot_cop_ap_mm(self) -> Float64:
        """(n, 2) the ap of `foot_cop_mm`: drills ask for no more, and insoles need not find the rest."""
        return self.foot_cop_mm[..., 1]

    @property
    def insole_force(self) -> ForceBlock:
        """The pads behind the loads.

        Raises
        ------
        TypeError
            These are loads of a mat, which has cells and no pads.
        """
        if not isinstance(self.force, ForceBlock):
            raise TypeError("loads of a mat have no pads")
        return self.force


class EventKind(Enum):
    FOOT_ON = "foot_on"
    FOOT_OFF = "foot_off"
    HEEL_ON = "heel_on"
    HEEL_OFF = "heel_off"
    BALL_ON = "ball_on"
    BALL_OFF = "ball_off"
    HEEL_TOUCH = "heel_touch"
    SUPPORT_START = "support_start"
    SUPPORT_END = "support_end"


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """One decided event, back-dated to the crossing; `decided_at_s` is when it could be known.

    `value`: heel touch: 1 kiss, 2 load; FOOT_OFF: contact time in s; otherwise NaN. A foot or region
    found ON when data begin gives an ON at the first frame; one still ON when data end or break gives
    an OFF at the last frame, its value NaN. Their `Contact` has None there.
    """

    t_s: float
    foot: Foot
    kind: EventKind
    value: float
    decided_at_s: float


@dataclass(frozen=True, slots=True)
class Contact:
    """One foot on the ground from ON to OFF; None where it is open at an end of the data.

    `kind` "tap" is the tapping foot's in the tapping drill. In pony every contact is a "support": on
    and off are the crossings of s = 0.5, because toes may stay down.
    `contact_time_s` is None unless both ends are known. `peak_force_n` and `impulse_n_s` are of the
    force as read, residual included. `heel_share_max` is NaN where the foot never bore 0.10 of the
    body weight. `first_s` and `last_s` bound it in the data: on and off, or the first and last frame
    that showed it. `lost_frames` were lost between on and off or at them. `saturated`: a pad of this
    foot was, in `saturated_share` of the frames, so peak and impulse are lower bounds.
    """

    foot: Foot
    kind: ContactKind
    on_s: float | None
    off_s: float | None
    peak_force_n: float
    impulse_n_s: float
    heel_touch: HeelTouch
    heel_share_max: float
    heel_impulse_share: float
    lost_frames: int
    saturated: bool
    first_s: float = math.nan
    last_s: float = math.nan
    saturated_share: float = 0.0

    @property
    def contact_time_s(self) -> float | None:
        if self.on_s is None or self.off_s is None:
            return None
        return self.off_s - self.on_s


@dataclass(frozen=True, slots=True, eq=False)
class ContactResult:
    """What one block decided: events in the order of decision, contacts that ended, and the
    provisional state at the block's last frame (foot, heel, ball ON) for the screen."""

    events: tuple[ContactEvent, ...]
    contacts: tuple[Contact, ...]
    foot_on: np.ndarray
    """(2,) bool."""
    heel_on: np.ndarray
    """(2,) bool."""
    ball_on: np.ndarray
    """(2,) bool."""
    heel_touch_now: tuple[HeelTouch, HeelTouch]
    """Grade so far of each foot's open contact."""
    baseline_n: np.ndarray | None = None
    """(n, 2) float64: unloaded reading that each frame was read above, 0 where the drill has none."""
    support: Foot | None = None
    """Pony: the foot that bears more, after the block; None elsewhere and before anyone stood."""
    signals: FeetSignals | None = None
    """Each foot's signals of the block, frame by frame; None where there are no frames."""
