# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drills floor hands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from rig.contact.results import HeelTouch
from rig.drills.faults import Cue, Fault
from rig.layout import Foot


@dataclass(frozen=True, slots=True)
class Repetition:
    """One execution of a drill.

    `end_s` is the moment that completes it; `side` the working foot (hold, change of support: support
    foot; pony, switch: the foot that took the weight). `heel_touch` is that of the contact that the
    repetition ends where a landing or a shift of weight began it, "none" where it began by standing
    flat; in a hold it is that of the support foot. `measures` by name with its unit, e.g.
    `contact_time_s`, `support_time_s`, `flight_time_s`, `hold_time_s`.

    `not_judged`: codes of rules that need a baseline or a neighbour that does not exist, or something
    that the sensors did not show. `lost_frames` were lost in its course: it counts, but is marked.
    """

    drill: str
    side: Foot
    start_s: float
    end_s: float
    heel_touch: HeelTouch
    measures: dict[str, float] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    not_judged: tuple[str, ...] = ()
    lost_frames: int = 0

    @property
    def clean(self) -> bool:
        """Nothing that counts as a fault; warnings and hints do not."""
        return all(fault.severity != "fault" for fault in self.faults)


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What one block completed, and what the screen shows of the drill now.

    `drill` is the one that these frames belong to: around a change, blocks of the old drill and the
    settings of the new one may be seen together. `count` says at once what `repetitions` hold only
    when they have been judged, up to 1.2 s later.
    """

    drill: str
    repetitions: tuple[Repetition, ...]
    count: int
    state: str
    """The state's plain name, e.g. "hold left", "in flight"."""
    heel_alarm: HeelTouch | None
    """Grade of the heel touch on the foot that the drill watches, while it lasts and as far as the
    profile minds it; None in a state in which it watches none (waiting, or standing on both feet)."""
    set_faults: tuple[Fault, ...] = ()
    """Faults of the whole set, and what happened beside its repetitions."""
    cues: tuple[Cue, ...] = ()
