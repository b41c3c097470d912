# SPDX-License-Identifier: GPL-3.0-or-later
"""The last seconds of both feet, from which repetitions are judged once they are complete.

Frames are kept as they came; small blocks are joined to chunks, so that frames that come one by one
cost no more to look through. A judgement sees what lay within `HISTORY_S` before it was due, and
nothing later, however the stream was cut.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.contact.results import ContactEvent, ContactResult, EventKind, LoadBlock
from rig.layout import Foot, Region
from rig.layout.insole import SENSOR_REGIONS, SENSOR_XY

HISTORY_S = 6.0
"""Longer than a pull of any drill; what began before is not judged (design choice)."""
_MOST_EVENTS = 64
_CHUNK_FRAMES = 512
MOST_KEPT = 0.06
RECENT_S = 2.0
"""FSRs go on reading up to so much of what they bore in the last seconds (design choice)."""
REGION_Y: Float64 = np.array(
    [float(np.mean(SENSOR_XY[region == SENSOR_REGIONS, 1])) for region in Region]
)
"""Mean y of each region's pads: where a foot's CoP lies that bears too little for a place of its own."""
_REGION_Y: tuple[float, ...] = tuple(REGION_Y.tolist())
SHARE_LEAST_BW = 0.2
STANDS_BW = 0.7
MOST_SCALE = 0.15
"""Insoles that are calibrated do not differ from one by more (design choices)."""


class Chunk(NamedTuple):
    """n frames as they came.

    Attributes
    ----------
    force_n : (n, 2)
        Of each foot.
    region_n : (n, 2, 4)
        The same by `Region`.
    cop_ap_mm : (n, 2)
        NaN where a foot bears too little.
    lost : (n,) int64
        Frames lost just before each; `lost_frames` together.
    weighed : (5, n + 1) or None
        Running sums over frames in which somebody stands, before the first and after each:
        left squared, left times right, right squared, left, right, in body weights.
    """

    t_s: Float64
    force_n: Float64
    region_n: Float64
    cop_ap_mm: Float64
    lost: Int64
    first_s: float
    last_s: float
    lost_frames: int
    weighed: Float64 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """`chunks` in the order of time; `events` are the newest ONs and OFFs of both feet.

    `weighs`: the sums from which the feet's scales come are kept (`View.total`).
    """

    body_weight_n: float
    foot_length_mm: float
    weighs: bool = False
    chunks: tuple[Chunk, ...] = ()
    events: tuple[ContactEvent, ...] = ()
    newest_s: float = -np.inf

    def with_block(self, loads: LoadBlock | None, contact: ContactResult) -> History:
        """One block later; what is older is let go by `trimmed`."""
        events = self.events
        if contact.events:
            events += tuple(e for e in contact.events if e.kind in _ENDS)
        if loads is None or len(loads) == 0:
            return self._with(self.chunks, events, self.newest_s)
        chunk = _chunk(loads, self)
        chunks = self.chunks
        while chunks and len(chunks[-1].t_s) <= len(chunk.t_s) <= _CHUNK_FRAMES // 2:
            chunk, chunks = _joined(chunks[-1], chunk), chunks[:-1]
        return self._with((*chunks, chunk), events, chunk.last_s)

    def trimmed(self) -> History:
        """Without what no later judgement can see."""
        oldest_s = self.newest_s - HISTORY_S
        kept = 0
        while kept < len(self.chunks) and self.chunks[kept].last_s < oldest_s:
            kept += 1
        if kept == 0 and len(self.events) <= _MOST_EVENTS:
            return self
        return self._with(self.chunks[kept:], self.events[-_MOST_EVENTS:], self.newest_s)

    def _with(
        self, chunks: tuple[Chunk, ...], events: tuple[ContactEvent, ...], newest_s: float
    ) -> History:
        return History(
            self.body_weight_n, self.foot_length_mm, self.weighs, chunks, events, newest_s
        )

    def view(self, due_s: float, looks_back_s: float = HISTORY_S) -> View:
        """What a judgement sees that is due at a time."""
        due_s = min(due_s, self.newest_s)
        return View(self, due_s - min(looks_back_s, HISTORY_S), due_s)


_ENDS = (EventKind.FOOT_ON, EventKind.FOOT_OFF)


def _chunk(loads: LoadBlock, history: History) -> Chunk:
    t_s, lost = loads.force.t_s, loads.force.lost_before
    weighed = None
    if history.weighs:
        before = history.chunks[-1].weighed if history.chunks else None
        carry = np.zeros(5) if before is None else before[:, -1]
        weighed = _weighed(loads.foot_force_n / history.body_weight_n, carry)
    return Chunk(
        t_s,
        loads.foot_force_n,
        loads.region_force_n,
        loads.foot_cop_ap_mm,
        lost,
        float(t_s[0]),
        float(t_s[-1]),
        int(lost.sum()),
        weighed,
    )


def _weighed(u: Float64, carry: Float64) -> Float64:
    """Running sums, one frame after the other, so that they are equal however the stream is cut."""
    stands = u[:, 0] + u[:, 1] > STANDS_BW
    left, right = np.where(stands, u[:, 0], 0.0), np.where(stands, u[:, 1], 0.0)
    terms = np.empty((5, len(u) + 1))
    terms[:, 0] = carry
    np.multiply(left, left, out=terms[0, 1:])
    np.multiply(left, right, out=terms[1, 1:])
    np.multiply(right, right, out=terms[2, 1:])
    terms[3, 1:], terms[4, 1:] = left, right
    for term in terms:  # one by one: numpy sums rows of an array frame by frame, ten times as slow
        np.cumsum(term, out=term)
    return terms


def _joined(first: Chunk, second: Chunk) -> Chunk:
    weighed = None
    if first.weighed is not None and second.weighed is not None:
        weighed = np.concatenate((first.weighed, second.weighed[:, 1:]), axis=1)
    return Chunk(
        np.concatenate((first.t_s, second.t_s)),
        np.concatenate((first.force_n, second.force_n)),
        np.concatenate((first.region_n, second.region_n)),
        np.concatenate((first.cop_ap_mm, second.cop_ap_mm)),
        np.concatenate((first.lost, second.lost)),
        first.first_s,
        second.last_s,
        first.lost_frames + second.lost_frames,
        weighed,
    )


class Stretch(NamedTuple):
    """Frames of a view, as they came; in body weights and foot lengths where asked for.

    Drills that packages add rely on `t_s`, `u`, `region`, `share`, `cop_ap_mm` and `foot_length_mm`.
    """

    t_s: Float64
    force_n: Float64
    region_n: Float64
    cop_ap_mm: Float64
    body_weight_n: float
    foot_length_mm: float

    def __len__(self) -> int:
        return len(self.t_s)

    def u(self, foot: Foot) -> Float64:
        """(n,) force of a foot in body weights."""
        return self.force_n[:, foot] / self.body_weight_n

    def region(self, foot: Foot, region: Region) -> Float64:
        """(n,) force of a foot's region in body weights."""
        return self.region_n[:, foot, region] / self.body_weight_n

    def moment(self, part: slice, foot: Foot) -> float:
        """Sum of a foot's force times its place over a few frames, in newtons times mm; where it has no
        CoP, by region."""
        force_n, place_mm = self.force_n[part, foot], self.cop_ap_mm[part, foot]
        total = float(np.add.reduce(force_n * place_mm))
        if not math.isnan(total):
            return total
        total = 0.0
        heel_y, arch_y, ball_y, toes_y = _REGION_Y
        for force, place, (heel, arch, ball, toes) in zip(
            force_n.tolist(), place_mm.tolist(), self.region_n[part, foot].tolist(), strict=True
        ):
            if math.isnan(place):
                by_region = heel * heel_y + arch * arch_y + ball * ball_y + toes * toes_y
                total += by_region * self.foot_length_mm
            else:
                total += force * place
        return total

    def share(self, foot: Foot) -> Float64:
        """(n,) a foot's part of the load; NaN where both bear no more than 0.2 body weights."""
        total_n = self.force_n[:, 0] + self.force_n[:, 1]
        share = np.empty(len(total_n))
        share.fill(np.nan)
        stands = total_n > SHARE_LEAST_BW * self.body_weight_n
        return np.divide(self.force_n[:, foot], total_n, out=share, where=stands)


def _nothing(history: History) -> Stretch:
    none = np.zeros((0, 2))
    return Stretch(
        np.zeros(0),
        none,
        np.zeros((0, 2, 4)),
        none,
        history.body_weight_n,
        history.foot_length_mm,
    )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The last seconds before a judgement, from `since_s` to `due_s`."""

    history: History
    since_s: float
    due_s: float

    @property
    def body_weight_n(self) -> float:
        return self.history.body_weight_n

    @property
    def foot_length_mm(self) -> float:
        return self.history.foot_length_mm

    @property
    def events(self) -> tuple[ContactEvent, ...]:
        """The newest ONs and OFFs that were decided by then."""
        events = self.history.events
        known = bisect_right(events, self.due_s, key=lambda event: event.decided_at_s)
        return events[max(0, known - _MOST_EVENTS // 2) : known]

    def stretch(self, from_s: float, to_s: float, beyond: int = 0) -> Stretch:
        """Frames with from_s <= t < to_s and `beyond` more; none where the beginning is no longer
        known."""
        if not self.since_s <= from_s <= to_s:
            return _nothing(self.history)
        pieces: list[tuple[Chunk, slice]] = []
        for chunk in self._chunks_from(from_s):
            if chunk.last_s < from_s:
                continue
            if chunk.first_s > self.due_s or (chunk.first_s >= to_s and beyond == 0):
                break
            t_s = chunk.t_s
            start = 0 if chunk.first_s >= from_s else int(t_s.searchsorted(from_s))
            stop = len(t_s) if chunk.last_s < to_s else int(t_s.searchsorted(to_s))
            more = min(beyond, len(t_s) - stop)
            if chunk.last_s > self.due_s and (more or to_s > self.due_s):
                stop = min(stop + more, int(t_s.searchsorted(self.due_s, side="right")))
            else:
                stop += more
            beyond -= more
            if stop > start:
                pieces.append((chunk, slice(start, stop)))
        return _cut(self.history, pieces)

    def _chunks_from(self, from_s: float) -> tuple[Chunk, ...]:
        """The chunks from that of a time on; most stretches asked for are new."""
        chunks = self.history.chunks
        first = len(chunks) - 1
        while first > 0 and chunks[first].first_s > from_s:
            first -= 1
        return chunks[max(first, 0) :]

    def last_s(self) -> float:
        """The newest frame that is seen; minus infinity where none is."""
        for chunk in reversed(self.history.chunks):
            if chunk.first_s <= self.due_s:
                return float(chunk.t_s[int(chunk.t_s.searchsorted(self.due_s, side="right")) - 1])
        return -np.inf

    def scales(self) -> tuple[float, float]:
        """What to scale each foot by, left and right, so that they carry one on the whole.

        The two insoles' gains differ by some per cent, which would show as a step of the total where the
        weight goes from one to the other. The scales are the least squares of scaled total less one over
        the frames in which somebody stands; where they cannot be told apart, they are 1.
        """
        first = last = None
        for chunk in self.history.chunks:
            sums = chunk.weighed
            if sums is None or chunk.last_s < self.since_s or chunk.first_s > self.due_s:
                continue
            if first is None:
                first = sums[:, int(chunk.t_s.searchsorted(self.since_s))]
            last = sums[:, int(chunk.t_s.searchsorted(self.due_s, side="right"))]
        if first is None or last is None:
            return 1.0, 1.0
        return _foot_scales(*(last - first).tolist())

    def lost(self, from_s: float, to_s: float) -> int:
        """Frames lost between two times, as far as they are remembered."""
        if not any(chunk.lost_frames for chunk in self.history.chunks):
            return 0
        t_s = np.concatenate([chunk.t_s for chunk in self.history.chunks])
        lost = np.concatenate([chunk.lost for chunk in self.history.chunks])
        seen = slice(
            int(t_s.searchsorted(self.since_s)), int(t_s.searchsorted(self.due_s, "right"))
        )
        t_s, lost = t_s[seen], lost[seen]
        first = int(t_s.searchsorted(from_s, side="right"))
        last = int(t_s.searchsorted(to_s, side="right"))
        return int(lost[first : last + 1].sum())

    def flights(self, from_s: float, to_s: float) -> list[tuple[float, float]]:
        """(OFF, ON) of each time between in which neither foot was ON; of whom no event is known,
        nothing is said."""
        if not self._any_off(from_s, to_s):
            return []
        events = self.events
        down = _down(events)
        if down is None:
            return []
        ons = sorted(e.t_s for e in events if e.kind is EventKind.FOOT_ON)
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

        In a small jump the foot that bore little comes ON just before: a tenth of that little then hides
        that it is in the air, where a part of what it bore earlier tells.
        """
        before = self.stretch(max(self.since_s, from_s - RECENT_S), from_s).u(foot)
        aloft = self.stretch(from_s, to_s).u(foot)
        return bool(len(before) and len(aloft) and aloft.max() <= MOST_KEPT * before.max())

    def _any_off(self, from_s: float, to_s: float) -> bool:
        for event in reversed(self.history.events):
            if event.decided_at_s < from_s:
                return False
            if event.kind is EventKind.FOOT_OFF and from_s <= event.t_s < to_s:
                return True
        return False


def _cut(history: History, pieces: list[tuple[Chunk, slice]]) -> Stretch:
    if not pieces:
        return _nothing(history)
    if len(pieces) == 1:
        chunk, part = pieces[0]
        columns = chunk.t_s[part], chunk.force_n[part], chunk.region_n[part], chunk.cop_ap_mm[part]
    else:
        columns = (
            np.concatenate([chunk.t_s[part] for chunk, part in pieces]),
            np.concatenate([chunk.force_n[part] for chunk, part in pieces]),
            np.concatenate([chunk.region_n[part] for chunk, part in pieces]),
            np.concatenate([chunk.cop_ap_mm[part] for chunk, part in pieces]),
        )
    return Stretch(*columns, history.body_weight_n, history.foot_length_mm)


def _foot_scales(
    aa: float, ab: float, bb: float, sum_a: float, sum_b: float
) -> tuple[float, float]:
    determinant = aa * bb - ab * ab
    if determinant <= 0.05 * aa * bb:
        return 1.0, 1.0
    scales = (sum_a * bb - sum_b * ab) / determinant, (sum_b * aa - sum_a * ab) / determinant
    return (
        min(max(scales[0], 1.0 - MOST_SCALE), 1.0 + MOST_SCALE),
        min(max(scales[1], 1.0 - MOST_SCALE), 1.0 + MOST_SCALE),
    )


def _down(
    events: tuple[ContactEvent, ...],
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]] | None:
    """When each foot was ON; None where a foot has no event."""
    stretches: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for foot in Foot:
        own = [e for e in events if e.foot == foot]
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
