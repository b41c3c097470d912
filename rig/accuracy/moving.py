# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills, walking and running on insoles: forces, CoP, events and heels, by motion and by rate."""

from __future__ import annotations

from collections.abc import Sequence

from rig.accuracy.event_errors import (
    EVENT_COLUMNS,
    Matched,
    event_cells,
    matched,
)
from rig.accuracy.load_errors import LOAD_COLUMNS, LoadErrors, load_cells, load_errors, pooled
from rig.accuracy.sessions import Seen, on_insoles
from rig.accuracy.tables import Table, table
from rig.settings import DRILL_NAMES

MOTIONS: tuple[str, ...] = (
    *DRILL_NAMES,
    "walking",
    "running",
    "forefoot-running",
)
RATED_MOTIONS = ("change-of-support", "tapping", "hopping", "walking", "running")
RATES_HZ = (1000, 500, 200, 100)


def both_errors(found: Seen) -> tuple[LoadErrors, Matched]:
    """What one session gives to the tables."""
    return load_errors(found), matched(found.contacts, found.truth.contacts)


def by_motion(
    seeds: Sequence[int], seconds: float, motions: Sequence[str] = MOTIONS
) -> tuple[Table, Table]:
    """Loads and events at 1,000 Hz."""
    loads, events = [], []
    for motion in motions:
        each = [both_errors(on_insoles(motion, seed, seconds)) for seed in seeds]
        loads.append((motion, *load_cells(pooled([e for e, _ in each]))))
        events.append((motion, *event_cells([m for _, m in each])))
    return (
        table(
            "loads",
            "Force and centre of pressure while moving, insoles at 1,000 Hz",
            "Root mean squares over subjects, after bench, stances and visit check, with all default "
            "sensor faults. Force is that of both feet together. The CoP of a foot is in its own frame; "
            "that of both assumes the drawn stance template. Each counts while it bears 0.10 body "
            "weights or more.",
            [("motion", None), *LOAD_COLUMNS],
            loads,
        ),
        table(
            "events",
            "Contacts, insoles at 1,000 Hz",
            "Times found less true times: the truth is where the true force crosses the same "
            "thresholds. Pony has supports in place of contacts, which end where both feet bear alike. "
            "A contact that was cut in two counts as one found and one extra.",
            [("motion", None), *EVENT_COLUMNS],
            events,
        ),
    )


def by_rate(
    seeds: Sequence[int],
    seconds: float,
    rates_hz: Sequence[int] = RATES_HZ,
    motions: Sequence[str] = RATED_MOTIONS,
) -> Table:
    """What rate is enough?"""
    rows = []
    for rate_hz in rates_hz:
        each = [
            both_errors(on_insoles(motion, seed, seconds, rate_hz))
            for motion in motions
            for seed in seeds
        ]
        loads = load_cells(pooled([e for e, _ in each]))
        rows.append((f"{rate_hz} Hz", *loads[:3], *event_cells([m for _, m in each])))
    return table(
        "rates",
        "What rate is enough? Insoles, by scan rate",
        f"The same subjects and movements ({', '.join(motions)}) at each rate, pooled.",
        [("rate", None), *LOAD_COLUMNS[:3], *EVENT_COLUMNS],
        rows,
    )
