# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of both feet as they came, and what rules read of them.

A rule looks at some tenths of a second, and the next one at nearly the same: shares, loads and moments
are worked out for all frames at once when they are first asked for, and kept beside them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rig.calibrate.force_block import Float64
from rig.layout import Foot, Region
from rig.layout.insole import SENSOR_REGIONS, SENSOR_XY

REGION_Y: Float64 = np.array(
    [float(np.mean(SENSOR_XY[region == SENSOR_REGIONS, 1])) for region in Region]
)
"""Mean y of each region's pads: where a foot's CoP lies that bears too little for a place of its own."""
_HEEL_Y, _ARCH_Y, _BALL_Y, _TOES_Y = REGION_Y.tolist()
SHARE_LEAST_BW = 0.2
_FEW = 8
"""Fewer numbers numpy adds one after the other, which a loop does in a third of the time."""


class Frames:
    """n frames; what is kept beside them is never changed.

    Attributes
    ----------
    force_n : (n, 2)
        Of each foot.
    region_n : (n, 2, 4)
        The same by `Region`.
    cop_ap_mm : (n, 2)
        NaN where a foot bears too little.
    """

    __slots__ = (
        "_moments",
        "_most_us",
        "_shares",
        "_span_s",
        "_total_n",
        "_us",
        "body_weight_n",
        "cop_ap_mm",
        "foot_length_mm",
        "force_n",
        "region_n",
        "t_s",
    )

    def __init__(
        self,
        t_s: Float64,
        force_n: Float64,
        region_n: Float64,
        cop_ap_mm: Float64,
        body_weight_n: float,
        foot_length_mm: float,
    ) -> None:
        self.t_s = t_s
        self.force_n = force_n
        self.region_n = region_n
        self.cop_ap_mm = cop_ap_mm
        self.body_weight_n = body_weight_n
        self.foot_length_mm = foot_length_mm
        self._span_s: tuple[float, float] | None = None
        self._us: list[Float64 | None] = [None, None]
        self._most_us: list[float | None] = [None, None]
        self._shares: list[Float64 | None] = [None, None]
        self._moments: list[Float64 | None] = [None, None]
        self._total_n: Float64 | None = None

    def place(self, t_s: float) -> int:
        """The first frame at a time or later; guessed first, as frames mostly come at one rate."""
        guess = self._guess(t_s)
        if guess and self.t_s.item(guess - 1) < t_s <= self.t_s.item(guess):
            return guess
        return int(self.t_s.searchsorted(t_s))

    def until(self, t_s: float) -> int:
        """How many frames there are until a time, itself included; likewise."""
        guess = self._guess(t_s)
        if guess and self.t_s.item(guess - 1) <= t_s < self.t_s.item(guess):
            return guess
        return int(self.t_s.searchsorted(t_s, "right"))

    def _guess(self, t_s: float) -> int:
        """0 for none."""
        if self._span_s is None:
            self._span_s = (self.t_s.item(0), self.t_s.item(-1)) if len(self.t_s) else (0.0, 0.0)
        first_s, last_s = self._span_s
        if not first_s < t_s < last_s:
            return 0
        last = len(self.t_s) - 1
        return min(int((t_s - first_s) / (last_s - first_s) * last) + 1, last)

    def u(self, foot: Foot) -> Float64:
        """(n,) force of a foot in body weights."""
        column = self._us[foot]
        if column is None:
            column = self._us[foot] = self.force_n[:, foot] / self.body_weight_n
        return column

    def most_u(self, foot: Foot) -> float:
        """The largest of them."""
        most = self._most_us[foot]
        if most is None:
            most = self._most_us[foot] = float(np.maximum.reduce(self.u(foot)))
        return most

    def share(self, foot: Foot) -> Float64:
        """(n,) a foot's part of the load; NaN where both bear no more than 0.2 body weights."""
        column = self._shares[foot]
        if column is None:
            if self._total_n is None:
                total_n = self.force_n[:, 0] + self.force_n[:, 1]
                stands = total_n > SHARE_LEAST_BW * self.body_weight_n
                self._total_n = np.where(stands, total_n, np.nan)
            column = self._shares[foot] = self.force_n[:, foot] / self._total_n
        return column

    def moment(self, start: int, stop: int, foot: Foot) -> float:
        """Sum of a foot's force times its place over a few frames, in newtons times mm; where it has no
        CoP, by region."""
        column = self._moments[foot]
        if column is None:
            column = self._moments[foot] = self.force_n[:, foot] * self.cop_ap_mm[:, foot]
        moments = column[start:stop]
        if stop - start >= _FEW:
            total = float(np.add.reduce(moments))
            if not math.isnan(total):
                return total
        total = 0.0
        for moment, region_n in zip(
            moments.tolist(), self.region_n[start:stop, foot].tolist(), strict=True
        ):
            total += self._by_region(*region_n) if math.isnan(moment) else moment
        return total

    def _by_region(self, heel_n: float, arch_n: float, ball_n: float, toes_n: float) -> float:
        by_region = heel_n * _HEEL_Y + arch_n * _ARCH_Y + ball_n * _BALL_Y + toes_n * _TOES_Y
        return by_region * self.foot_length_mm


def sum_of(values: Float64) -> float:
    """As numpy adds them."""
    if len(values) >= _FEW:
        return float(np.add.reduce(values))
    total = 0.0
    for value in values.tolist():
        total += value
    return total


def largest(values: Float64) -> float:
    """Of at least one; NaN where one is. For so few numpy's `argmax` takes a third of `max`'s time."""
    return values.item(int(values.argmax()))


def smallest(values: Float64) -> float:
    """Of at least one; NaN where one is."""
    return values.item(int(values.argmin()))


def joined(parts: Sequence[Frames | Stretch]) -> Frames:
    """Frames of at least one part, one after the other, as their own."""
    first = parts[0]
    return Frames(
        np.concatenate([part.t_s for part in parts]),
        np.concatenate([part.force_n for part in parts]),
        np.concatenate([part.region_n for part in parts]),
        np.concatenate([part.cop_ap_mm for part in parts]),
        first.body_weight_n,
        first.foot_length_mm,
    )


def no_frames(body_weight_n: float, foot_length_mm: float) -> Frames:
    """None at all."""
    none = np.zeros((0, 2))
    return Frames(np.zeros(0), none, np.zeros((0, 2, 4)), none, body_weight_n, foot_length_mm)


class Stretch:
    """Frames `start` to `stop` (half open); in body weights and foot lengths where asked for.

    Drills that packages add rely on `t_s`, `u`, `region`, `share`, `cop_ap_mm` and `foot_length_mm`.
    """

    __slots__ = ("frames", "start", "stop")

    def __init__(self, frames: Frames, start: int, stop: int) -> None:
        self.frames, self.start, self.stop = frames, start, stop

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def t_s(self) -> Float64:
        """(n,)"""
        return self.frames.t_s[self.start : self.stop]

    @property
    def force_n(self) -> Float64:
        """(n, 2) of each foot."""
        return self.frames.force_n[self.start : self.stop]

    @property
    def region_n(self) -> Float64:
        """(n, 2, 4) the same by `Region`."""
        return self.frames.region_n[self.start : self.stop]

    @property
    def cop_ap_mm(self) -> Float64:
        """(n, 2); NaN where a foot bears too little."""
        return self.frames.cop_ap_mm[self.start : self.stop]

    @property
    def body_weight_n(self) -> float:
        return self.frames.body_weight_n

    @property
    def foot_length_mm(self) -> float:
        return self.frames.foot_length_mm

    def place(self, t_s: float) -> int:
        """The first of these frames at a time or later."""
        return min(max(self.frames.place(t_s) - self.start, 0), self.stop - self.start)

    def u(self, foot: Foot) -> Float64:
        """(n,) force of a foot in body weights."""
        return self.frames.u(foot)[self.start : self.stop]

    def region(self, foot: Foot, region: Region) -> Float64:
        """(n,) force of a foot's region in body weights."""
        region_n = self.frames.region_n[self.start : self.stop, foot, region]
        return region_n / self.frames.body_weight_n

    def share(self, foot: Foot) -> Float64:
        """(n,) a foot's part of the load; NaN where both bear no more than 0.2 body weights."""
        return self.frames.share(foot)[self.start : self.stop]

    def moment(self, start: int, stop: int, foot: Foot) -> float:
        """Sum of a foot's force times its place over a few of these frames, in newtons times mm; where
        it has no CoP, by region."""
        stop = min(self.start + stop, self.stop)
        return self.frames.moment(self.start + start, stop, foot)
