# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts found against contacts that were: times, misses, and the grade of the heel's touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rig.contact.results import Contact
from rig.simulate.truth_model import TrueContact


@dataclass(frozen=True, slots=True)
class Matched:
    """Contacts of a session: pairs of what was found and what was, and the rest of both."""

    pairs: tuple[tuple[Contact, TrueContact], ...]
    missed: tuple[TrueContact, ...]
    extra: tuple[Contact, ...]


def matched(found: Iterable[Contact], true: Iterable[TrueContact]) -> Matched:
    """Pair contacts of the same foot that lie over each other, largest overlap first."""
    ours, theirs = list(found), list(true)
    overlaps = [
        (_overlap_s(contact, other), i, j)
        for i, contact in enumerate(ours)
        for j, other in enumerate(theirs)
        if contact.foot == other.foot
    ]
    left, right = set(range(len(ours))), set(range(len(theirs)))
    pairs = []
    for overlap_s, i, j in sorted(overlaps, reverse=True):
        if overlap_s > 0.0 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((ours[i], theirs[j]))
    pairs.sort(key=lambda pair: (_start_s(pair[1]), pair[1].foot))
    return Matched(
        tuple(pairs),
        tuple(theirs[j] for j in sorted(right)),
        tuple(ours[i] for i in sorted(left)),
    )


def _overlap_s(found: Contact, true: TrueContact) -> float:
    return min(_end_s(found), _end_s(true)) - max(_start_s(found), _start_s(true))


def _start_s(contact: Contact | TrueContact) -> float:
    """Where a time is open or withheld, the first frame that showed the contact."""
    if contact.on_s is not None:
        return contact.on_s
    return contact.first_s if isinstance(contact, Contact) else 0.0


def _end_s(contact: Contact | TrueContact) -> float:
    if contact.off_s is not None:
        return contact.off_s
    return contact.last_s if isinstance(contact, Contact) else 1e9


@dataclass(frozen=True, slots=True)
class TimeErrors:
    """Milliseconds, found less true; NaN where nothing could be compared."""

    count: int
    mean_ms: float
    sd_ms: float
    worst_ms: float


def time_errors(off_s: Sequence[float]) -> TimeErrors:
    """Sum up differences in seconds."""
    if not off_s:
        return TimeErrors(0, np.nan, np.nan, np.nan)
    off = 1000.0 * np.array(off_s)
    worst = off[np.argmax(np.abs(off))]
    return TimeErrors(len(off), float(off.mean()), float(off.std()), float(worst))


def differences_s(all_matched: Sequence[Matched], name: str) -> list[float]:
    """Found less true of `on_s`, `off_s` or `contact_time_s`, where both are known."""
    both = [
        (getattr(ours, name), getattr(theirs, name))
        for one in all_matched
        for ours, theirs in one.pairs
    ]
    return [ours - theirs for ours, theirs in both if ours is not None and theirs is not None]


def peak_errors(all_matched: Sequence[Matched]) -> list[float]:
    """Relative errors of contacts' peak forces."""
    return [
        ours.peak_force_n / theirs.peak_force_n - 1.0
        for one in all_matched
        for ours, theirs in one.pairs
    ]


EVENT_COLUMNS: tuple[tuple[str, int | None], ...] = (
    ("contacts", 0),
    ("missed", 0),
    ("extra", 0),
    ("ON mean ms", 1),
    ("ON sd", 1),
    ("ON worst", 1),
    ("OFF mean ms", 1),
    ("OFF sd", 1),
    ("OFF worst", 1),
    ("contact time mean ms", 1),
    ("contact time sd", 1),
    ("peak force bias %", 1),
    ("peak force sd %", 1),
)


def event_cells(all_matched: Sequence[Matched]) -> tuple[float, ...]:
    """As `EVENT_COLUMNS`."""
    on, off, contact = (
        time_errors(differences_s(all_matched, name))
        for name in ("on_s", "off_s", "contact_time_s")
    )
    peaks = 100.0 * np.array(peak_errors(all_matched) or [np.nan])
    return (
        float(sum(len(m.pairs) + len(m.missed) for m in all_matched)),
        float(sum(len(m.missed) for m in all_matched)),
        float(sum(len(m.extra) for m in all_matched)),
        on.mean_ms,
        on.sd_ms,
        on.worst_ms,
        off.mean_ms,
        off.sd_ms,
        off.worst_ms,
        contact.mean_ms,
        contact.sd_ms,
        float(peaks.mean()),
        float(peaks.std()),
    )


@dataclass(frozen=True, slots=True)
class HeelCounts:
    """Contacts by the true grade of their heel touch (none, kiss, load: rows) and the one found."""

    of: tuple[tuple[int, int, int], ...]

    def share(self, true: str, *found: str) -> float:
        """Percentage of contacts of a true grade that were given one of these; NaN without any."""
        row = self.of[GRADES.index(true)]
        return 100.0 * sum(row[GRADES.index(f)] for f in found) / sum(row) if sum(row) else np.nan

    def count(self, true: str) -> int:
        """Contacts of a true grade."""
        return sum(self.of[GRADES.index(true)])


GRADES = ("none", "kiss", "load")


def heel_counts(all_matched: Sequence[Matched]) -> HeelCounts:
    """Of all feet that bear the body; taps are not judged by their heels."""
    counts = np.zeros((3, 3), np.int64)
    for one in all_matched:
        for ours, theirs in one.pairs:
            if theirs.kind != "tap":
                counts[GRADES.index(theirs.heel_touch), GRADES.index(ours.heel_touch)] += 1
    return HeelCounts(tuple((int(a), int(b), int(c)) for a, b, c in counts))
