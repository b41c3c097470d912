# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: contacts to repetitions of the drill in force.

Decision delay: that of the contact events a drill waits for; each drill's file says which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rig.contact.results import ContactResult, LoadBlock
from rig.drills.free import FREE
from rig.drills.hopping import HOPPING
from rig.drills.pony import PONY
from rig.drills.repetitions import DrillResult, Repetition
from rig.drills.stance import STANCE
from rig.drills.table import Drill, Signal
from rig.drills.tapping import TAPPING
from rig.settings import DrillSettings, Participant

DRILLS: dict[str, Drill] = {drill.name: drill for drill in (STANCE, PONY, TAPPING, HOPPING)}


@dataclass(frozen=True, slots=True)
class DrillState:
    """Where the drill stands; `count` runs on until the drill or its side is changed."""

    drill: Drill
    memory: Any
    state: str
    count: int = 0


def drill_state(settings: DrillSettings, participant: Participant) -> DrillState:
    """Before the first frame of a drill."""
    drill = DRILLS.get(settings.name, FREE)
    return DrillState(drill, drill.begin(settings.side, participant), drill.initial)


def drill_stage(
    state: DrillState, loads: LoadBlock, contact: ContactResult
) -> tuple[DrillState, DrillResult]:
    """Repetitions that one block completes."""
    return _step(state, loads, contact)


def finish_drill(state: DrillState, contact: ContactResult) -> tuple[DrillState, DrillResult]:
    """Repetitions that the end of the data completes; `contact` is what finishing contacts gave."""
    return _step(state, None, contact)


def _step(
    state: DrillState, loads: LoadBlock | None, contact: ContactResult
) -> tuple[DrillState, DrillResult]:
    memory, signals = state.drill.watch(state.memory, loads, contact)
    now, repetitions = _moved(state.drill, state.state, signals)
    state = replace(state, memory=memory, state=now, count=state.count + len(repetitions))
    return state, DrillResult(
        drill=state.drill.name,
        repetitions=tuple(repetitions),
        count=state.count,
        state=now,
        heel_alarm=state.drill.alarm(memory, now, contact),
    )


def _moved(drill: Drill, state: str, signals: list[Signal]) -> tuple[str, list[Repetition]]:
    repetitions = []
    for signal in signals:
        row = drill.move(state, signal.name)
        if row is None:
            continue
        state = row.target
        if row.counts and signal.repetition is not None:
            repetitions.append(signal.repetition)
    return state, repetitions
