# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts in a reference's force, and which of ours each of them is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rig.calibrate.force_block import Float64
from rig.compare.agreement import Agreement, agreement
from rig.contact.results import Contact

SHORTEST_S, SHORTEST_GAP_S = 0.040, 0.030
"""As for our own contacts: shorter ones are dropped, shorter gaps closed (design choice)."""
PLATE_THRESHOLDS_N = (20.0, 40.0)
"""In use on plates; 40 N in Sensors 2023, 23:2736."""


class Span(NamedTuple):
    """One contact, on the recording's clock."""

    on_s: float
    off_s: float
    peak_n: float

    @property
    def contact_time_s(self) -> float:
        return self.off_s - self.on_s


@dataclass(frozen=True, slots=True)
class EventErrors:
    """Ours minus the reference's, in s; NaN where nothing matched."""

    n: int
    mean_s: float
    sd_s: float
    largest_s: float


@dataclass(frozen=True, slots=True)
class ContactComparison:
    """Contacts of one foot, or of whichever is down, by one pair of thresholds.

    Attributes
    ----------
    rule : str
        Thresholds on the reference's force: one for ON and OFF, or ON/OFF.
    missed, extra : int
        Of the reference's and of ours without a partner.
    """

    what: str
    rule: str
    reference_contacts: int
    our_contacts: int
    matched: int
    missed: int
    extra: int
    on: EventErrors
    off: EventErrors
    contact_time_s: Agreement | None
    peak_force_n: Agreement | None


def reference_spans(t_s: Float64, force_n: Float64, on_n: float, off_n: float) -> list[Span]:
    """Contacts whose ON and OFF both lie in the data, at linearly interpolated crossings.

    Parameters
    ----------
    t_s : (n,) float64
        On the recording's clock.
    on_n, off_n : float
        A contact begins where the force reaches `on_n`, and ends where it falls below `off_n`.
    """
    known = np.isfinite(force_n)
    t_s, force_n = t_s[known], force_n[known]
    state = np.where(force_n >= on_n, 1, np.where(force_n < off_n, 0, -1))
    told = np.flatnonzero(state >= 0)
    change = told[1:][state[told][1:] != state[told][:-1]]
    ons = [int(at) for at in change if state[at] == 1]
    offs = [int(at) for at in change if state[at] == 0]
    pairs = [(on, next((off for off in offs if off > on), None)) for on in ons]
    raw = [
        (_crossing_s(t_s, force_n, on, on_n), _crossing_s(t_s, force_n, off, off_n), on, off)
        for on, off in pairs
        if off is not None
    ]
    joined: list[tuple[float, float, int, int]] = []
    for span in raw:
        if joined and span[0] - joined[-1][1] < SHORTEST_GAP_S:
            joined[-1] = (joined[-1][0], span[1], joined[-1][2], span[3])
        else:
            joined.append(span)
    return [
        Span(on_s, off_s, float(force_n[on:off].max()))
        for on_s, off_s, on, off in joined
        if off_s - on_s >= SHORTEST_S
    ]


def _crossing_s(t_s: Float64, force_n: Float64, at: int, level_n: float) -> float:
    """Where the line from the sample before `at` meets `level_n`."""
    before, after = float(force_n[at - 1]), float(force_n[at])
    part = (level_n - before) / (after - before) if after != before else 1.0
    return float(t_s[at - 1] + min(max(part, 0.0), 1.0) * (t_s[at] - t_s[at - 1]))


def spans_of(contacts: Iterable[Contact]) -> list[Span]:
    """Ours that have both ends; none of them is a support phase."""
    return [
        Span(c.on_s, c.off_s, c.peak_force_n)
        for c in contacts
        if c.on_s is not None and c.off_s is not None and c.kind != "support"
    ]


def anybody_down(contacts: Iterable[Contact], t_s: Float64, total_n: Float64) -> list[Span]:
    """Stretches with at least one foot on the ground; those open at an end of the data are left out."""
    known = sorted(
        (-math.inf if c.on_s is None else c.on_s, math.inf if c.off_s is None else c.off_s)
        for c in contacts
        if c.kind != "support"
    )
    joined: list[tuple[float, float]] = []
    for on_s, off_s in known:
        if joined and on_s - joined[-1][1] < SHORTEST_GAP_S:
            joined[-1] = (joined[-1][0], max(joined[-1][1], off_s))
        else:
            joined.append((on_s, off_s))
    return [
        Span(on_s, off_s, _highest(t_s, total_n, on_s, off_s))
        for on_s, off_s in joined
        if math.isfinite(on_s) and math.isfinite(off_s)
    ]


def _highest(t_s: Float64, force_n: Float64, on_s: float, off_s: float) -> float:
    first, last = np.searchsorted(t_s, (on_s, off_s))
    part = force_n[first : max(last, first + 1)]
    return float(part.max()) if len(part) else math.nan


def compare_contacts(
    what: str, rule: str, ours: list[Span], reference: list[Span], window: tuple[float, float]
) -> ContactComparison:
    """Match contacts and judge them.

    Parameters
    ----------
    window : (float, float)
        Recording times that both saw; contacts that reach out of it are left out on both sides, unless
        they are the partner of one within.
    """
    pairs = _pairs(ours, reference)
    within = [(o, r) for o, r in pairs if _inside(r, window) or _inside(o, window)]
    lone_ours = [s for s in ours if _inside(s, window) and all(s is not o for o, _ in pairs)]
    lone_theirs = [s for s in reference if _inside(s, window) and all(s is not r for _, r in pairs)]
    return ContactComparison(
        what=what,
        rule=rule,
        reference_contacts=len(within) + len(lone_theirs),
        our_contacts=len(within) + len(lone_ours),
        matched=len(within),
        missed=len(lone_theirs),
        extra=len(lone_ours),
        on=_errors([o.on_s - r.on_s for o, r in within]),
        off=_errors([o.off_s - r.off_s for o, r in within]),
        contact_time_s=_agreement([(o.contact_time_s, r.contact_time_s) for o, r in within]),
        peak_force_n=_agreement([(o.peak_n, r.peak_n) for o, r in within]),
    )


def _inside(span: Span, window: tuple[float, float]) -> bool:
    return span.on_s >= window[0] and span.off_s <= window[1]


def _pairs(ours: list[Span], reference: list[Span]) -> list[tuple[Span, Span]]:
    """One to one, the longest common time first."""
    common = []
    first = 0
    for place, theirs in enumerate(reference):
        while first < len(ours) and ours[first].off_s < theirs.on_s:
            first += 1
        for other in range(first, len(ours)):
            if ours[other].on_s > theirs.off_s:
                break
            together = min(ours[other].off_s, theirs.off_s) - max(ours[other].on_s, theirs.on_s)
            common.append((together, other, place))
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    out = []
    for _, other, place in sorted(common, reverse=True):
        if other not in taken_ours and place not in taken_theirs:
            taken_ours.add(other)
            taken_theirs.add(place)
            out.append((ours[other], reference[place]))
    return sorted(out)


def _errors(differences: list[float]) -> EventErrors:
    if not differences:
        return EventErrors(0, math.nan, math.nan, math.nan)
    values = np.array(differences)
    sd = float(values.std(ddof=1)) if len(values) > 1 else math.nan
    return EventErrors(len(values), float(values.mean()), sd, float(np.abs(values).max()))


def _agreement(pairs: list[tuple[float, float]]) -> Agreement | None:
    table = np.array(pairs).reshape(-1, 2)
    return agreement(table[:, 0], table[:, 1], series=False)
