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
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64, Int64
from rig.contact.results import ContactEvent, ContactResult, EventKind, LoadBlock
from rig.drills.frames import Frames, Stretch, joined, largest, no_frames, smallest
from rig.layout import Foot

HISTORY_S = 6.0
"""Longer than a pull of any drill; what began before is not judged (design choice)."""
_MOST_EVENTS = 64
_CHUNK_FRAMES = 512
MOST_KEPT = 0.06
RECENT_S = 2.0
"""FSRs go on reading up to so much of what they bore in the last seconds (design choice)."""
STANDS_BW = 0.7
MOST_SCALE = 0.15
"""Insoles that are calibrated do not differ from one by more (design choices)."""


class Chunk(NamedTuple):
    """n frames as they came.

    Attributes
    ----------
    lost : (n,) int64
        Frames lost just before each; `lost_frames` together.
    weighed : (3, n + 1, 2) or None
        Running sums over frames in which somebody stands, before the first and after each, in body
        weights: left squared and left times right; right squared and left; right and nothing.
    """

    frames: Frames
    lost: Int64
    first_s: float
    last_s: float
    lost_frames: int
    weighed: Float64 | None = None

    def until(self, t_s: float) -> int:
        """How many of these frames there are until a time, itself included."""
        return self.frames.until(t_s)


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
            events += tuple(e for e in contact.events if e.kind is _ON or e.kind is _OFF)
        if loads is None or len(loads) == 0:
            return self._with(self.chunks, events, self.newest_s)
        chunk = _chunk(loads, self)
        chunks = self.chunks
        while chunks and len(chunks[-1].lost) <= len(chunk.lost) <= _CHUNK_FRAMES // 2:
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


_ON, _OFF = EventKind.FOOT_ON, EventKind.FOOT_OFF
_DECIDED_AT_S = attrgetter("decided_at_s")


def _chunk(loads: LoadBlock, history: History) -> Chunk:
    t_s, lost = loads.force.t_s, loads.force.lost_before
    frames = Frames(
        t_s,
        loads.foot_force_n,
        loads.region_force_n,
        loads.foot_cop_ap_mm,
        history.body_weight_n,
        history.foot_length_mm,
    )
    weighed = None
    if history.weighs:
        before = history.chunks[-1].weighed if history.chunks else None
        weighed = _weighed(frames, np.zeros((3, 2)) if before is None else before[:, -1])
    return Chunk(frames, lost, float(t_s[0]), float(t_s[-1]), int(lost.sum()), weighed)


def _weighed(frames: Frames, carry: Float64) -> Float64:
    """Running sums, one frame after the other, so that they are equal however the stream is cut."""
    left, right = frames.u(Foot.LEFT), frames.u(Foot.RIGHT)
    total = left + right
    if not smallest(total) > STANDS_BW:
        stands = total > STANDS_BW
        left, right = np.where(stands, left, 0.0), np.where(stands, right, 0.0)
    terms = np.empty((3, len(left) + 1, 2))
    terms[:, 0] = carry
    np.multiply(left, left, out=terms[0, 1:, 0])
    np.multiply(left, right, out=terms[0, 1:, 1])
    np.multiply(right, right, out=terms[1, 1:, 0])
    terms[1, 1:, 1], terms[2, 1:, 0], terms[2, 1:, 1] = left, right, 0.0
    for pair in terms.view(np.complex128)[..., 0]:
        # each sum waits for the one before: two at a time, as one complex number, take as long as one
        np.add.accumulate(pair, out=pair)
    return terms


def _joined(first: Chunk, second: Chunk) -> Chunk:
    weighed = None
    if first.weighed is not None and second.weighed is not None:
        weighed = np.concatenate((first.weighed, second.weighed[:, 1:]), axis=1)
    return Chunk(
        joined((first.frames, second.frames)),
        np.concatenate((first.lost, second.lost)),
        first.first_s,
        second.last_s,
        first.lost_frames + second.lost_frames,
        weighed,
    )


class View:
    """The last seconds before a judgement, from `since_s` to `due_s`."""

    __slots__ = ("_scales", "due_s", "history", "since_s")

    def __init__(self, history: History, since_s: float, due_s: float) -> None:
        self.history, self.since_s, self.due_s = history, since_s, due_s
        self._scales: tuple[float, float] | None = None

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
        known = bisect_right(events, self.due_s, key=_DECIDED_AT_S)
        return events[max(0, known - _MOST_EVENTS // 2) : known]

    def stretch(self, from_s: float, to_s: float, beyond: int = 0) -> Stretch:
        """Frames with from_s <= t < to_s and `beyond` more; none where the beginning is no longer
        known."""
        chunks, due_s = self.history.chunks, self.due_s
        if not self.since_s <= from_s <= to_s:
            return self._cut([])
        first = len(chunks) - 1
        while first > 0 and chunks[first].first_s > from_s:
            first -= 1
        if first >= 0 and chunks[first].last_s > min(to_s, due_s) and beyond <= 1:
            return _within(chunks[first], from_s, to_s, due_s, beyond)
        return self._cut(_pieces(chunks[max(first, 0) :], from_s, to_s, due_s, beyond))

    def _cut(self, pieces: list[Stretch]) -> Stretch:
        if len(pieces) == 1:
            return pieces[0]
        frames = joined(pieces) if pieces else no_frames(self.body_weight_n, self.foot_length_mm)
        return Stretch(frames, 0, len(frames.t_s))

    def last_s(self) -> float:
        """The newest frame that is seen; minus infinity where none is."""
        for chunk in reversed(self.history.chunks):
            if chunk.last_s <= self.due_s:
                return chunk.last_s
            if chunk.first_s <= self.due_s:
                return chunk.frames.t_s.item(chunk.until(self.due_s) - 1)
        return -np.inf

    def scales(self) -> tuple[float, float]:
        """What to scale each foot by, left and right, so that they carry one on the whole.

        The two insoles' gains differ by some per cent, which would show as a step of the total where the
        weight goes from one to the other. The scales are the least squares of scaled total less one over
        the frames in which somebody stands; where they cannot be told apart, they are 1.
        """
        if self._scales is None:
            self._scales = self._find_scales()
        return self._scales

    def _find_scales(self) -> tuple[float, float]:
        first = last = None
        for chunk in self.history.chunks:
            sums = chunk.weighed
            if sums is None or chunk.last_s < self.since_s or chunk.first_s > self.due_s:
                continue
            if first is None:
                first = sums[:, chunk.frames.place(self.since_s)]
            last = sums[:, chunk.until(self.due_s)]
        if first is None or last is None:
            return 1.0, 1.0
        (aa, ab), (bb, sum_a), (sum_b, _) = (last - first).tolist()
        return _foot_scales(aa, ab, bb, sum_a, sum_b)

    def lost(self, from_s: float, to_s: float) -> int:
        """Frames lost between two times, as far as they are remembered."""
        if not any(chunk.lost_frames for chunk in self.history.chunks):
            return 0
        t_s = np.concatenate([chunk.frames.t_s for chunk in self.history.chunks])
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
        events = self.events
        if not _any_off(events, from_s, to_s):
            return []
        down = _down(events)
        if down is None:
            return []
        flights = []
        for foot in Foot:
            for _, off_s in down[foot]:
                if not from_s <= off_s < to_s:
                    continue
                landed = [e.t_s for e in events if e.kind is _ON and e.t_s > off_s]
                if not landed:
                    continue
                other_on = any(begin <= off_s < end for begin, end in down[1 - foot])
                if not other_on or self._reads_rest(Foot(1 - foot), off_s, min(landed)):
                    flights.append((off_s, min(landed)))
        return flights

    def _reads_rest(self, foot: Foot, from_s: float, to_s: float) -> bool:
        """Whether a foot reads no more than its sensels may keep of what it bore before.

        In a small jump the foot that bore little comes ON just before: a tenth of that little then hides
        that it is in the air, where a part of what it bore earlier tells.
        """
        aloft = self.stretch(from_s, to_s).u(foot)
        if len(aloft) == 0:
            return False
        most = largest(aloft)
        if all(most > MOST_KEPT * chunk.frames.most_u(foot) for chunk in self.history.chunks):
            return False
        before = self.stretch(max(self.since_s, from_s - RECENT_S), from_s).u(foot)
        return bool(len(before) and most <= MOST_KEPT * largest(before))


def _within(chunk: Chunk, from_s: float, to_s: float, due_s: float, beyond: int) -> Stretch:
    """`View.stretch` where one chunk goes on after it, as nearly all do; `beyond` is 1 at most."""
    frames = chunk.frames
    start = frames.place(from_s)
    if to_s > due_s:
        stop = frames.until(due_s)
    else:
        stop = frames.place(to_s)
        if beyond and frames.t_s.item(stop) <= due_s:
            stop += 1
    return Stretch(frames, start, max(start, stop))


def _pieces(
    chunks: tuple[Chunk, ...], from_s: float, to_s: float, due_s: float, beyond: int
) -> list[Stretch]:
    """`View.stretch` in the pieces that lie in one chunk each."""
    pieces: list[Stretch] = []
    for chunk in chunks:
        if chunk.last_s < from_s:
            continue
        if chunk.first_s > due_s or (chunk.first_s >= to_s and beyond == 0):
            break
        t_s = chunk.frames.t_s
        start = 0 if chunk.first_s >= from_s else int(t_s.searchsorted(from_s))
        stop = len(t_s) if chunk.last_s < to_s else int(t_s.searchsorted(to_s))
        more = min(beyond, len(t_s) - stop)
        if chunk.last_s > due_s and (more or to_s > due_s):
            stop = min(stop + more, chunk.until(due_s))
        else:
            stop += more
        beyond -= more
        if stop > start:
            pieces.append(Stretch(chunk.frames, start, stop))
    return pieces


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


def _any_off(events: tuple[ContactEvent, ...], from_s: float, to_s: float) -> bool:
    for event in reversed(events):
        if event.decided_at_s < from_s:
            return False
        if event.kind is _OFF and from_s <= event.t_s < to_s:
            return True
    return False


def _down(
    events: tuple[ContactEvent, ...],
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]] | None:
    """When each foot was ON; None where a foot has no event."""
    stretches: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    on_s: list[float | None] = [-math.inf, -math.inf]
    for event in events:
        foot = event.foot
        if event.kind is _ON:
            on_s[foot] = event.t_s
            continue
        since_s = on_s[foot]
        if since_s is not None:
            stretches[foot].append((since_s, event.t_s))
            on_s[foot] = None
    for foot in Foot:
        since_s = on_s[foot]
        if since_s == -math.inf:
            return None
        if since_s is not None:
            stretches[foot].append((since_s, math.inf))
    return stretches
