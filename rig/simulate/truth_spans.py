# SPDX-License-Identifier: GPL-3.0-or-later
"""When a true force is on and off: crossings on straight lines between dense samples."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rig.layout import Foot
from rig.layout.foot import Float64


@dataclass(frozen=True, slots=True)
class Span:
    """Samples [first, end) and the interpolated times of their bounds, None at an open end."""

    first: int
    end: int
    on_s: float | None
    off_s: float | None


def hysteresis_spans(
    t_s: Float64,
    force_n: Float64,
    on_n: float,
    off_n: float,
    shortest_contact_s: float,
    shortest_flight_s: float,
) -> list[Span]:
    """Where a force is ON: from rising through `on_n` to falling through `off_n`.

    Crossings are interpolated linearly. Flights shorter than `shortest_flight_s` are no flights, and
    then contacts shorter than `shortest_contact_s` are no contacts.

    Parameters
    ----------
    t_s, force_n : (n,) float64
    """
    rises = np.flatnonzero((force_n[:-1] < on_n) & (force_n[1:] >= on_n)) + 1
    falls = np.flatnonzero((force_n[:-1] > off_n) & (force_n[1:] <= off_n)) + 1
    spans: list[Span] = []
    start: tuple[int, float | None] | None = (0, None) if force_n[0] >= on_n else None
    edges = sorted([(int(i), True) for i in rises] + [(int(i), False) for i in falls])
    for index, rising in edges:
        if rising and start is None:
            start = (index, crossing_s(t_s, force_n, index, on_n))
        elif not rising and start is not None:
            off_s = crossing_s(t_s, force_n, index, off_n)
            spans.append(Span(start[0], index, start[1], off_s))
            start = None
    if start is not None:
        spans.append(Span(start[0], len(t_s), start[1], None))
    joined = _without_short_flights(spans, shortest_flight_s)
    return [s for s in joined if not _shorter(s.on_s, s.off_s, shortest_contact_s)]


def crossing_s(t_s: Float64, value: Float64, index: int, level: float) -> float:
    """When a signal passed `level` between samples index - 1 and index, on a straight line."""
    before, after = float(value[index - 1]), float(value[index])
    part = (level - before) / (after - before)
    return float(t_s[index - 1] + part * (t_s[index] - t_s[index - 1]))


def _without_short_flights(spans: list[Span], shortest_s: float) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and _shorter(joined[-1].off_s, span.on_s, shortest_s):
            last = joined.pop()
            joined.append(Span(last.first, span.end, last.on_s, span.off_s))
        else:
            joined.append(span)
    return joined


def _shorter(start_s: float | None, end_s: float | None, limit_s: float) -> bool:
    return start_s is not None and end_s is not None and end_s - start_s < limit_s


def longest_run(condition: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Where the longest run of True begins, and its length; (0, 0) for none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], condition.astype(np.int8), [0]))))
    if len(edges) == 0:
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(lengths.argmax())
    return int(edges[2 * longest]), int(lengths[longest])


def support_spans(t_s: Float64, share: Float64) -> list[list[Span]]:
    """Per foot, the spans in which it bears more than half, where the share swung by 0.3 or more.

    `share` (n,) is the left foot's.
    """
    left = share >= 0.5
    changes = np.flatnonzero(left[1:] != left[:-1]) + 1
    bounds = [0, *(int(c) for c in changes), len(share)]
    kept = [0]
    for first, end in pairwise(bounds[1:]):
        before, after = share[kept[-1] : first], share[first:end]
        swing = (before.max() - after.min()) if left[kept[-1]] else (after.max() - before.min())
        if left[first] != left[kept[-1]] and swing >= 0.3:
            kept.append(first)
    times = [None, *(crossing_s(t_s, share, i, 0.5) for i in kept[1:]), None]
    ends = [*kept[1:], len(share)]
    spans: list[list[Span]] = [[], []]
    for i, (first, end) in enumerate(zip(kept, ends, strict=True)):
        foot = Foot.LEFT if left[first] else Foot.RIGHT
        spans[foot].append(Span(first, end, times[i], times[i + 1]))
    return spans


def gaps(spans: list[Span], count: int) -> list[tuple[Span | None, Span | None]]:
    """Neighbours of each stretch without contact, None at the data's ends."""
    around: list[tuple[Span | None, Span | None]] = list(
        zip([None, *spans], [*spans, None], strict=True)
    )
    if spans and spans[0].first == 0:
        around = around[1:]
    if spans and spans[-1].end == count:
        around = around[:-1]
    return around
