# SPDX-License-Identifier: GPL-3.0-or-later
"""Free movement: whatever the person does that is none of the coached drills; nothing is counted.

Contacts follow the plain rules of a foot that bears the body. No heel is watched: walking lands on
it, and standing rests on it.
"""

from __future__ import annotations

from rig.contact.results import ContactResult, HeelTouch, LoadBlock
from rig.drills.table import Drill, Signal
from rig.settings import DrillSettings, Participant


def begin(_settings: DrillSettings, _participant: Participant) -> None:
    """There is nothing to remember."""


def watch(
    memory: None, _loads: LoadBlock | None, _contact: ContactResult
) -> tuple[None, list[Signal]]:
    """Nothing that happens means anything."""
    return memory, []


def alarm(_memory: None, _state: str, _contact: ContactResult) -> HeelTouch | None:
    """No heel is watched."""
    return None


FREE = Drill("free", "moving", (), begin, watch, alarm)
