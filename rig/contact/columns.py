# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts and events as columns and rows for files."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rig.calibrate.force_block import Float64
from rig.contact.results import Contact, ContactEvent
from rig.layout import Foot

EventRow = tuple[float, str, str, float]
"""Time, foot in words, event, value (NaN where there is none)."""


def contact_columns(contacts: Iterable[Contact], t_s: Float64) -> np.ndarray:
    """Whether each foot is on the ground at each frame.

    Parameters
    ----------
    contacts : Contact
        Decided contacts, taps included. In pony these are support phases, so the column says which
        foot bears more.
    t_s : (n,) float64
        Times of the frames, ascending.

    Returns
    -------
    (n, 2) uint8
        1 inside [on, off), 0 outside. A contact open at an end of the data reaches to its first or
        last frame.
    """
    columns = np.zeros((len(t_s), 2), np.uint8)
    for contact in contacts:
        start = int(np.searchsorted(t_s, contact.first_s, side="left"))
        side = "right" if contact.off_s is None else "left"
        stop = int(np.searchsorted(t_s, contact.last_s, side=side))
        columns[start:stop, contact.foot] = 1
    return columns


def event_rows(events: Iterable[ContactEvent]) -> list[EventRow]:
    """Rows in order of time: `t_s`, foot ("left", "right"), event, value."""
    ordered = sorted(events, key=lambda e: (e.t_s, e.foot, e.kind.value))
    return [(e.t_s, Foot(e.foot).name.lower(), e.kind.value, e.value) for e in ordered]
