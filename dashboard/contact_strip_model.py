# SPDX-License-Identifier: GPL-3.0-or-later
"""Which foot, which region, when: contacts of the last ten seconds as spans to paint."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from rig.contact.results import ContactEvent, EventKind
from rig.layout import Foot

Lane = Literal["foot", "heel", "ball"]

_STARTS: dict[EventKind, Lane] = {
    EventKind.FOOT_ON: "foot",
    EventKind.HEEL_ON: "heel",
    EventKind.BALL_ON: "ball",
}
_ENDS: dict[EventKind, Lane] = {
    EventKind.FOOT_OFF: "foot",
    EventKind.HEEL_OFF: "heel",
    EventKind.BALL_OFF: "ball",
}
LANES: tuple[tuple[Foot, Lane], ...] = tuple(
    (foot, lane) for foot in Foot for lane in ("foot", "ball", "heel")
)


@dataclass(slots=True)
class Span:
    """From `on_s` to `off_s` on the stream's clock; infinite where an end is not known (yet)."""

    on_s: float
    off_s: float = math.inf


@dataclass(frozen=True, slots=True)
class HeelMark:
    """A heel touch of the support foot, at its back-dated place."""

    t_s: float
    foot: Foot
    load: bool


@dataclass(slots=True)
class ContactStrip:
    """Spans are kept by the events' own times, so what is decided late repaints the past."""

    window_s: float = 10.0
    spans: dict[tuple[Foot, Lane], deque[Span]] = field(init=False)
    heel_marks: deque[HeelMark] = field(default_factory=deque)
    newest_t_s: float = -math.inf

    def __post_init__(self) -> None:
        self.spans = {key: deque() for key in LANES}

    def clear(self) -> None:
        for spans in self.spans.values():
            spans.clear()
        self.heel_marks.clear()
        self.newest_t_s = -math.inf

    def push(self, events: tuple[ContactEvent, ...], newest_t_s: float) -> None:
        for event in events:
            self._take(event)
        self.newest_t_s = newest_t_s
        oldest = newest_t_s - self.window_s
        for spans in self.spans.values():
            while spans and spans[0].off_s < oldest:
                spans.popleft()
        while self.heel_marks and self.heel_marks[0].t_s < oldest:
            self.heel_marks.popleft()

    def _take(self, event: ContactEvent) -> None:
        if event.kind in _STARTS:
            self._start(event.foot, _STARTS[event.kind], event.t_s)
        elif event.kind in _ENDS:
            self._end(event.foot, _ENDS[event.kind], event.t_s)
        elif event.kind is EventKind.HEEL_TOUCH:
            self.heel_marks.append(HeelMark(event.t_s, event.foot, load=event.value >= 2.0))

    def _start(self, foot: Foot, lane: Lane, t_s: float) -> None:
        spans = self.spans[foot, lane]
        if not spans or math.isfinite(spans[-1].off_s):
            spans.append(Span(t_s))

    def _end(self, foot: Foot, lane: Lane, t_s: float) -> None:
        """An end without a start belongs to a contact that was open when the stream began."""
        spans = self.spans[foot, lane]
        if spans and math.isinf(spans[-1].off_s):
            spans[-1].off_s = t_s
        elif not spans:
            spans.append(Span(-math.inf, t_s))

    def painted(self, foot: Foot, lane: Lane) -> list[tuple[float, float]]:
        """Spans inside the window as ages in s: (from, to) with -window_s <= from < to <= 0."""
        ages = []
        for span in self.spans[foot, lane]:
            start = max(span.on_s - self.newest_t_s, -self.window_s)
            end = min(span.off_s - self.newest_t_s, 0.0)
            if end > start:
                ages.append((start, end))
        return ages
