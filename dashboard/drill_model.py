# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drill panel says: count, time on the ground, heel alarm and the state's name."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from dashboard.undefined import UNDEFINED
from rig.contact.results import HeelTouch
from rig.drills.registry import added_drill
from rig.drills.repetitions import DrillResult
from rig.drills.stance import SETTLE_S
from rig.settings import DrillName, DrillSettings

ALARM_HOLD_S = 1.5
"""A heel touch lasts some 100 ms; the alarm stays long enough for a coach to look up (design choice)."""
_GRADES: tuple[HeelTouch | None, ...] = (None, "none", "kiss", "load")


@dataclass(frozen=True, slots=True)
class DrillWords:
    """How a drill is named and which measure of a repetition the panel shows."""

    title: str
    counted: str
    measure: str
    measure_title: str
    unit: str
    uses_side: bool


DRILL_WORDS: dict[DrillName, DrillWords] = {
    "stance": DrillWords("Pose stance", "holds", "hold_time_s", "Hold time", "s", uses_side=False),
    "change-of-support": DrillWords(
        "Change support", "pulls", "lifted_time_s", "Lifted time", "ms", uses_side=False
    ),
    "pony": DrillWords("Pony", "changes", "support_time_s", "Support time", "ms", uses_side=False),
    "forward-change": DrillWords(
        "Forward change", "pulls", "lifted_time_s", "Lifted time", "ms", uses_side=False
    ),
    "tapping": DrillWords(
        "Tapping", "taps", "contact_time_s", "Contact time", "ms", uses_side=True
    ),
    "hopping": DrillWords(
        "Hopping", "hops", "contact_time_s", "Contact time", "ms", uses_side=True
    ),
    "lunge": DrillWords(
        "Front lunge", "lunges", "contact_time_s", "Contact time", "ms", uses_side=True
    ),
    "switch": DrillWords(
        "Switch", "changes", "contact_time_s", "Contact time", "ms", uses_side=False
    ),
    "running-lunge": DrillWords(
        "Running lunge", "pulls", "contact_time_s", "Contact time", "ms", uses_side=True
    ),
    "free": DrillWords(
        "Free movement", "repetitions", "contact_time_s", "Contact time", "ms", uses_side=False
    ),
}


def drill_words(name: DrillName) -> DrillWords:
    """Of any drill; one that is not installed here bears its name and is free movement otherwise."""
    own = added_drill(name)
    if own is None:
        return DRILL_WORDS.get(name) or replace(DRILL_WORDS["free"], title=name)
    return DrillWords(
        own.guide.title,
        own.counted,
        own.measure,
        own.measure_title,
        own.measure_unit,
        uses_side=own.one_sided,
    )


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """Colour alone would not reach everybody: each state has a word and a sentence as well."""

    word: str
    sentence: str


ALARM_WORDS: dict[HeelTouch, AlarmWords] = {
    "none": AlarmWords("OK", "heel clear"),
    "kiss": AlarmWords("KISS", "heel brushed"),
    "load": AlarmWords("HEEL", "heel loaded"),
}


@dataclass(slots=True)
class DrillReadout:
    """Follows `DrillResult` block by block; `now_s` is the host's monotonic clock, since the alarm is
    held for the eye and not for the data."""

    drill: DrillSettings
    count: int = 0
    state: str = ""
    measured_s: float = math.nan
    alarm: HeelTouch | None = None
    """None: the drill watches no heel now."""
    _watched: HeelTouch | None = None
    _alarm_until_s: float = -math.inf
    _hold_since_s: float | None = None

    @property
    def words(self) -> DrillWords:
        return drill_words(self.drill.name)

    def choose(self, drill: DrillSettings) -> None:
        """A new drill starts from nothing; the same one again changes nothing."""
        if drill != self.drill:
            self.drill = drill
            self.clear()

    def clear(self) -> None:
        self.count, self.state, self.measured_s = 0, "", math.nan
        self.alarm, self._watched, self._alarm_until_s = None, None, -math.inf
        self._hold_since_s = None

    def push(self, result: DrillResult, t_s: float, now_s: float) -> None:
        """One block's result; `t_s` is the time of its last frame. What still belongs to the drill
        before this one says nothing about this one."""
        if result.drill != self.drill.name:
            return
        self.count, self.state = result.count, result.state
        for repetition in result.repetitions:
            self.measured_s = repetition.measures.get(self.words.measure, math.nan)
        self._follow_hold(t_s)
        self._raise(result.heel_alarm, now_s)

    def _follow_hold(self, t_s: float) -> None:
        """A hold is counted when it ends, but its seconds are watched while it runs; it began
        `SETTLE_S` before it could be known."""
        if self.drill.name != "stance" or not self.state.startswith("hold"):
            self._hold_since_s = None
            return
        if self._hold_since_s is None:
            self._hold_since_s = t_s - SETTLE_S
        self.measured_s = t_s - self._hold_since_s

    def _raise(self, grade: HeelTouch | None, now_s: float) -> None:
        """A worse grade replaces a milder one at once, a milder one waits until the hold is over."""
        self._watched = None if grade is None else "none"
        self.settle(now_s)
        if grade not in (None, "none") and _severity(grade) >= _severity(self.alarm):
            self.alarm, self._alarm_until_s = grade, now_s + ALARM_HOLD_S

    def settle(self, now_s: float) -> None:
        """Let a held alarm go when its time is over; call it every screen frame."""
        if now_s >= self._alarm_until_s:
            self.alarm = self._watched

    @property
    def measure_text(self) -> str:
        if math.isnan(self.measured_s):
            return UNDEFINED
        if self.words.unit == "ms":
            return f"{1000.0 * self.measured_s:.0f}"
        return f"{self.measured_s:.1f}"


def _severity(grade: HeelTouch | None) -> int:
    return _GRADES.index(grade)
