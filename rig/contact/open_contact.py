# SPDX-License-Identifier: GPL-3.0-or-later
"""A contact from its ON until it is decided, and what is reported of it meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from rig.contact.results import Contact, ContactEvent, ContactKind, EventKind, HeelTouch
from rig.contact.tally import NEVER, Tally, grade
from rig.layout import Foot


class Mark(NamedTuple):
    """Running integrals at a moment; two marks bound an impulse."""

    impulse_n_s: float = 0.0
    heel_impulse_n_s: float = 0.0
    lost: int = 0


class Decided(NamedTuple):
    """A contact with the time and foot that order it among others."""

    decided_at_s: float
    contact: Contact


@dataclass(slots=True)
class OpenContact:
    """A contact whose end is not decided yet."""

    on_s: float | None
    seen_s: float
    on: Mark
    summed: Tally
    known_since_s: float
    confirmed: bool = False
    reported: HeelTouch = "none"
    off_s: float | None = None
    off: Mark | None = None


class Findings(NamedTuple):
    """What one foot's block decided; lists that the stage sorts."""

    events: list[ContactEvent]
    contacts: list[Decided]


def report_on(foot: Foot, contact: OpenContact, decided_s: float, out: Findings) -> None:
    """Report that the contact is one, long enough not to be dropped."""
    contact.confirmed = True
    contact.known_since_s = max(contact.known_since_s, decided_s)
    out.events.append(ContactEvent(contact.seen_s, foot, EventKind.FOOT_ON, math.nan, decided_s))


def report_touch(
    foot: Foot, contact: OpenContact, graded: HeelTouch, not_before_s: float, out: Findings
) -> None:
    """Report a heel touch once, and once more when it turns out to be a load."""
    if graded in ("none", contact.reported):
        return
    summed = contact.summed
    known_s = summed.touch_known_s
    if graded == "load" and summed.heavy_known_s < NEVER:
        if contact.reported == "none" and summed.heavy_known_s > known_s:
            _touch_event(foot, contact, "kiss", max(known_s, not_before_s), out)
        known_s = max(known_s, summed.heavy_known_s)
    _touch_event(foot, contact, graded, max(known_s, not_before_s), out)


def _touch_event(
    foot: Foot, contact: OpenContact, graded: HeelTouch, decided_s: float, out: Findings
) -> None:
    contact.reported = graded
    value = 2.0 if graded == "load" else 1.0
    out.events.append(
        ContactEvent(contact.summed.touch_s, foot, EventKind.HEEL_TOUCH, value, decided_s)
    )


def decide(
    foot: Foot, kind: ContactKind, contact: OpenContact, end: Mark, at_s: float, out: Findings
) -> None:
    """Report the contact; `contact.off_s` None says that data ended first, at `at_s`."""
    impulse_n_s = end.impulse_n_s - contact.on.impulse_n_s
    heel_n_s = end.heel_impulse_n_s - contact.on.heel_impulse_n_s
    heel_impulse_share = heel_n_s / impulse_n_s if impulse_n_s > 0.0 else math.nan
    summed = contact.summed
    share_max = summed.heel_share_max
    result = Contact(
        foot=foot,
        kind=kind,
        on_s=contact.on_s,
        off_s=contact.off_s,
        peak_force_n=summed.peak_force_n,
        impulse_n_s=impulse_n_s,
        heel_touch=grade(summed, heel_impulse_share),
        heel_share_max=share_max if share_max > -math.inf else math.nan,
        heel_impulse_share=heel_impulse_share,
        lost_frames=end.lost - contact.on.lost,
        saturated=summed.saturated_frames > 0,
        saturated_share=summed.saturated_frames / max(summed.frames, 1),
        first_s=contact.seen_s,
        last_s=at_s if contact.off_s is None else contact.off_s,
    )
    report_touch(foot, contact, result.heel_touch, at_s, out)
    out.contacts.append(Decided(at_s, result))
    if kind == "support":
        return
    duration_s = result.contact_time_s
    off_s = at_s if result.off_s is None else result.off_s
    value = math.nan if duration_s is None else duration_s
    out.events.append(ContactEvent(off_s, foot, EventKind.FOOT_OFF, value, at_s))
