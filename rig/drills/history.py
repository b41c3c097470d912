# SPDX-License-Identifier: GPL-3.0-or-later
"""The last seconds of both feet, from which repetitions are judged once they are complete.

Blocks are kept as they came and joined only when something is judged. A judgement sees what lay
within `HISTORY_S` before it was due, and nothing later, however the stream was cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.contact.results import ContactEvent, ContactResult, EventKind, LoadBlock
from rig.layout import Foot, Region
from rig.layout.insole import SENSOR_REGIONS, SENSOR_XY

HISTORY_S = 6.0
"""Longer than a pull of any drill; what began before is not judged (design choice)."""
_MOST_EVENTS = 64
MOST_KEPT = 0.06
RECENT_S = 2.0
"""FSRs go on reading up to so much of what they bore in the last seconds (design choice)."""
REGION_Y: Float64 = np.array(
    [float(np.mean(SENSOR_XY[region == SENSOR_REGIONS, 1])) for region in Region]
)
"""Mean y of each region's pads: where a foot's CoP lies that bears too little for a place of its own."""


class Frames(NamedTuple):
    """n frames.

    Attributes
    ----------
    u : (n, 2)
        Force of each foot in body weights.
    region : (n, 2, 4)
        The same by `Region`.
    moment : (n, 2)
        u times the CoP's y in foot lengths.
    lost : (n,) int64
        Frames lost just before each.
    """

    t_s: Float64
    u: Float64
    region: Float64
    moment: Float64
    lost: Int64


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """`blocks` in the order of time; `events` are the newest ONs and OFFs of both feet."""

    body_weight_n: float
    foot_length_mm: float
    blocks: tuple[Frames, ...] = ()
    events: tuple[ContactEvent, ...] = ()
    newest_s: float = -np.inf

    def with_block(self, loads: LoadBlock | None, contact: ContactResult) -> History:
        """One block later; older ones are let go by `trimmed`."""
        events = self.events + tuple(
            e for e in contact.events if e.kind in (EventKind.FOOT_ON, EventKind.FOOT_OFF)
        )
        if loads is None or len(loads) == 0:
            return replace(self, events=events)
        frames = _frames(loads, self.body_weight_n, self.foot_length_mm)
        return replace(
            self,
            blocks=(*self.blocks, frames),
            events=events,
            newest_s=float(frames.t_s[-1]),
        )

    def trimmed(self) -> History:
        """Without the blocks that no later judgement can see."""
        oldest_s = self.newest_s - HISTORY_S
        blocks = tuple(b for b in self.blocks if b.t_s[-1] >= oldest_s)
        return replace(self, blocks=blocks, events=self.events[-_MOST_EVENTS:])

    def view(self, due_s: float, looks_back_s: float = HISTORY_S) -> View:
        """What a judgement sees that is due at a time."""
        due_s = min(due_s, self.newest_s)
        since_s = due_s - min(looks_back_s, HISTORY_S)
        parts = [
            _between(b, since_s, due_s)
            for b in self.blocks
            if b.t_s[-1] >= since_s and b.t_s[0] <= due_s
        ]
        frames = _NO_FRAMES if not parts else parts[0] if len(parts) == 1 else _joined(parts)
        events = tuple(e for e in self.events if e.decided_at_s <= due_s)[-_MOST_EVENTS // 2 :]
        return View(frames, events, self.body_weight_n, since_s)


def _between(frames: Frames, since_s: float, due_s: float) -> Frames:
    first = int(frames.t_s.searchsorted(since_s, side="left"))
    last = int(frames.t_s.searchsorted(due_s, side="right"))
    kept = slice(first, last)
    return Frames(
        frames.t_s[kept],
        frames.u[kept],
        frames.region[kept],
        frames.moment[kept],
        frames.lost[kept],
    )


STANDS_BW = 0.7
MOST_SCALE = 0.15
"""Insoles that are calibrated do not differ from one by more (design choices)."""


def _foot_scales(left: Float64, right: Float64) -> tuple[float, float]:
    stands = left + right > STANDS_BW
    a, b = left[stands], right[stands]
    aa, ab, bb = float((a * a).sum()), float((a * b).sum()), float((b * b).sum())
    sum_a, sum_b = float(a.sum()), float(b.sum())
    determinant = aa * bb - ab * ab
    if determinant <= 0.05 * aa * bb:
        return 1.0, 1.0
    scales = (sum_a * bb - sum_b * ab) / determinant, (sum_b * aa - sum_a * ab) / determinant
    return (
        min(max(scales[0], 1.0 - MOST_SCALE), 1.0 + MOST_SCALE),
        min(max(scales[1], 1.0 - MOST_SCALE), 1.0 + MOST_SCALE),
    )


_NO_FRAMES = Frames(
    np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2, 4)), np.zeros((0, 2)), np.zeros(0, np.int64)
)


def _joined(blocks: list[Frames]) -> Frames:
    return Frames(
        np.concatenate([b.t_s for b in blocks]),
        np.concatenate([b.u for b in blocks]),
        np.concatenate([b.region for b in blocks]),
        np.concatenate([b.moment for b in blocks]),
        np.concatenate([b.lost for b in blocks]),
    )


def _frames(loads: LoadBlock, body_weight_n: float, foot_length_mm: float) -> Frames:
    u = loads.foot_force_n / body_weight_n
    region = loads.region_force_n / body_weight_n
    y = loads.foot_cop_mm[..., 1] / foot_length_mm
    by_region = region[..., 0] * REGION_Y[0]
    for place in range(1, len(REGION_Y)):
        by_region = by_region + region[..., place] * REGION_Y[place]
    moment = np.where(np.isnan(y), by_region, u * y)
    return Frames(loads.force.t_s, u, region, moment, loads.force.lost_before)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Frames of the last seconds before a judgement; nothing before `since_s` is known."""

    frames: Frames
    events: tuple[ContactEvent, ...]
    body_weight_n: float
    since_s: float

    def part(self, from_s: float, to_s: float) -> slice:
        """Frames with from_s <= t < to_s; none where the beginning is no longer known."""
        if not self.since_s <= from_s <= to_s:
            return slice(0, 0)
        t_s = self.frames.t_s
        return slice(int(t_s.searchsorted(from_s)), int(t_s.searchsorted(to_s)))

    def share(self, part: slice, foot: Foot) -> Float64:
        """(n,) a foot's part of the load; NaN where both bear no more than 0.2 body weights."""
        u = self.frames.u[part]
        total = u[:, 0] + u[:, 1]
        share = np.full(len(total), np.nan)
        return np.divide(u[:, foot], total, out=share, where=total > 0.2)

    def total(self) -> Float64:
        """(n,) both feet in body weights, each foot scaled so that they carry one on the whole.

        The two insoles' gains differ by some per cent, which would show as a step of the total where the
        weight goes from one to the other. The scales are the least squares of scaled total less one over
        the frames in which somebody stands; where they cannot be told apart, they are 1.
        """
        left, right = self.frames.u[:, 0], self.frames.u[:, 1]
        scale_left, scale_right = _foot_scales(left, right)
        return scale_left * left + scale_right * right

    def lost(self, from_s: float, to_s: float) -> int:
        """Frames lost between two times, as far as they are remembered."""
        t_s = self.frames.t_s
        first = int(t_s.searchsorted(from_s, side="right"))
        last = int(t_s.searchsorted(to_s, side="right"))
        return int(self.frames.lost[first : last + 1].sum())

    def flights(self, from_s: float, to_s: float) -> list[tuple[float, float]]:
        """(OFF, ON) of each time between in which neither foot was ON; of whom no event is known,
        nothing is said."""
        down = self._down()
        if down is None:
            return []
        ons = sorted(e.t_s for e in self.events if e.kind is EventKind.FOOT_ON)
        flights = []
        for foot in Foot:
            for _, off_s in down[foot]:
                if not from_s <= off_s < to_s:
                    continue
                landed = [t for t in ons if t > off_s]
                if not landed:
                    continue
                other_on = any(begin <= off_s < end for begin, end in down[1 - foot])
                if not other_on or self._reads_rest(Foot(1 - foot), off_s, landed[0]):
                    flights.append((off_s, landed[0]))
        return flights

    def _reads_rest(self, foot: Foot, from_s: float, to_s: float) -> bool:
        """Whether a foot reads no more than its sensels may keep of what it bore before.

        In a small jump the foot that bore little comes ON just before: a twentieth of its peak then
        hides that it is in the air, where what it bore earlier would tell.
        """
        before = self.part(max(self.since_s, from_s - RECENT_S), from_s)
        aloft = self.part(from_s, to_s)
        if before.stop == before.start or aloft.stop == aloft.start:
            return False
        u = self.frames.u
        return bool(u[aloft, foot].max() <= MOST_KEPT * u[before, foot].max())

    def _down(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]] | None:
        """When each foot was ON; None where a foot has no event."""
        stretches: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
        for foot in Foot:
            own = [e for e in self.events if e.foot == foot]
            if not own:
                return None
            on_s: float | None = -np.inf if own[0].kind is EventKind.FOOT_OFF else None
            for event in own:
                if event.kind is EventKind.FOOT_ON:
                    on_s = event.t_s
                elif on_s is not None:
                    stretches[foot].append((on_s, event.t_s))
                    on_s = None
            if on_s is not None:
                stretches[foot].append((on_s, np.inf))
        return stretches
