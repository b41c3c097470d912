# SPDX-License-Identifier: GPL-3.0-or-later
"""Times between contacts: flight, cadence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rig.contact.results import Contact

LONGEST_INTERVAL_S = 2.0
"""A longer wait between two steps is a pause, not a slow step (design choice)."""


def flight_times_s(contacts: Iterable[Contact]) -> list[float]:
    """Times with no foot on the ground: from the last OFF to the next ON of either foot.

    Parameters
    ----------
    contacts : Contact
        In any order. Support phases do not say when a foot left the ground and are left out.

    Returns
    -------
    list of float
        Seconds, in order of time. A stretch whose OFF or ON nobody saw is no flight.
    """
    on_ground = sorted(
        (c for c in contacts if c.kind != "support"),
        key=lambda c: -math.inf if c.on_s is None else c.on_s,
    )
    flights: list[float] = []
    until_s = math.inf
    for place, contact in enumerate(on_ground):
        if place and contact.on_s is not None and contact.on_s > until_s:
            flights.append(contact.on_s - until_s)
            until_s = -math.inf
        off_s = math.inf if contact.off_s is None else contact.off_s
        until_s = off_s if place == 0 else max(until_s, off_s)
    return flights


def cadence_per_min(moments_s: Sequence[float]) -> float:
    """Steps a minute: 60 over the mean time from one step to the next.

    Parameters
    ----------
    moments_s : sequence of float
        When each step began, in order: ONs of both feet, landings of hops, ends of taps, changes of
        support. Intervals above 2 s are pauses and do not count.

    Returns
    -------
    float
        NaN with fewer than two steps.
    """
    intervals = [b - a for a, b in pairwise(moments_s) if 0.0 < b - a <= LONGEST_INTERVAL_S]
    return 60.0 * len(intervals) / math.fsum(intervals) if intervals else math.nan
