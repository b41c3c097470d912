# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drills floor hands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from rig.contact.results import HeelTouch
from rig.layout import Foot


@dataclass(frozen=True, slots=True)
class Repetition:
    """One execution of a drill.

    `t_s` is the moment that completes it; `side` the working foot (hold: support foot; pony: the
    foot that took the weight). `heel_touch` is that of the contact that the repetition ends where a
    landing or a shift of weight began it, "none" where it began by standing flat; in a hold it is that
    of the support foot. `measures` by name with its unit, e.g. `contact_time_s`,
    `support_time_s`, `flight_time_s`, `hold_time_s`.
    """

    drill: str
    side: Foot
    start_s: float
    end_s: float
    heel_touch: HeelTouch
    measures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What one block completed, and what the screen shows of the drill now.

    `drill` is the one that these frames belong to: around a change, blocks of the old drill and the
    settings of the new one may be seen together.
    """

    drill: str
    repetitions: tuple[Repetition, ...]
    count: int
    state: str
    """The state's plain name, e.g. "hold left", "in flight"."""
    heel_alarm: HeelTouch | None
    """Grade of the heel touch on the foot that the drill watches, while it lasts; None in a state in
    which it watches none (waiting, or standing on both feet)."""
