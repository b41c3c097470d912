# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme: how much was done, what may be done now, and what must be said before it.

Drills once or twice daily, three sets of each, for at least a week before running in Pose, and before
a run; barefoot on forgiving ground (S. McPhail's beginner's guide to Pose running, which also warns of
the load on Achilles tendon and calf). The locks are a design choice: hopping, lunge and switch open to
a newcomer after a pain-free confirmation and one clean set of taps. A report of pain stops everything
until somebody confirms that the pain is gone; so does a damaged line of the log, for it may have been
such a report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from rig.drills.guide import GUIDE
from rig.drills.set_plan import SETS, SetResult
from rig.errors import SettingsError
from rig.record.programme_log import ProgrammeEntry
from rig.settings import Side
from rig.thresholds import FEWEST

LOCKED_AT_FIRST: tuple[str, ...] = ("hopping", "lunge", "switch")
MOST_ROUNDS_A_DAY = 2
DAYS_BEFORE_RUNNING = 7
WEEK_DAYS = 7
ON_THE_MOVE: tuple[str, ...] = ("forward-change", "hopping", "lunge", "switch", "running-lunge")

STRENUOUS = (
    "These drills are strenuous. At the wrong time after an injury they do harm: ask your therapist "
    "first. Stop on pain."
)
CALF_AND_ACHILLES = (
    "This drill loads the Achilles tendon and the calf, and harms them when done badly. Lift the ankle "
    "with the hamstring, do not push off with the calf, and let the ankle be loose between contacts."
)
TRIP = "On a cable: mind that you do not trip over it, and use the plug that pulls off."
BAREFOOT = "Best barefoot or in thin socks, on ground that gives."
LOADS_THE_CALF: tuple[str, ...] = ("hopping", "lunge", "switch", "running-lunge")


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of one drill, on one side where it has one, was done in some days."""

    sets: int = 0
    repetitions: int = 0
    clean: int = 0
    held_s: float = 0.0

    def with_set(self, entry: ProgrammeEntry) -> Dose:
        """One set more."""
        return Dose(
            self.sets + 1,
            self.repetitions + entry.repetitions,
            self.clean + entry.clean,
            self.held_s + entry.held_s,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a participant stands.

    Attributes
    ----------
    today, week : dict
        Dose by (drill, side), side empty for drills of both feet; the week is the last seven days,
        today included.
    days_practised : int
        Different days since the beginning on which a set was done.
    in_pain : bool
        Pain was reported (or a line of the log is damaged) and nobody has confirmed since that it is
        gone.
    pain_free, clean_taps : bool
        Confirmed; a clean set of taps was done.
    """

    today: dict[tuple[str, str], Dose]
    week: dict[tuple[str, str], Dose]
    days_practised: int
    in_pain: bool
    damaged: bool
    pain_free: bool
    clean_taps: bool

    @property
    def may_run(self) -> bool:
        """Enough days of drills for running in Pose, and no pain."""
        return self.days_practised >= DAYS_BEFORE_RUNNING and not self.in_pain


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a drill may begin; `because` is why not, `warnings` are said before it begins."""

    allowed: bool
    because: str
    warnings: tuple[str, ...]


def standing(entries: Iterable[ProgrammeEntry], now: datetime) -> Standing:
    """Sum up a log; `now` has its offset from UTC, for days are the participant's own.

    Raises
    ------
    SettingsError
        `now` says no offset from UTC.
    """
    if now.tzinfo is None:
        raise SettingsError("The programme needs the time with its offset from UTC.")
    today = now.date()
    doses: tuple[dict[tuple[str, str], Dose], dict[tuple[str, str], Dose]] = ({}, {})
    days: set[date] = set()
    in_pain = damaged = pain_free = clean_taps = False
    for entry in entries:
        if entry.kind == "pain-free":
            pain_free, in_pain, damaged = True, False, False
        elif entry.kind in ("pain", "damaged"):
            in_pain, pain_free, damaged = True, False, damaged or entry.kind == "damaged"
        elif entry.repetitions > 0:
            day = entry.at.date()
            days.add(day)
            clean_taps = clean_taps or _is_clean_taps(entry)
            for dose, since in zip(doses, (today, today - timedelta(WEEK_DAYS - 1)), strict=True):
                if since <= day <= today:
                    key = (entry.drill, entry.side)
                    dose[key] = dose.get(key, Dose()).with_set(entry)
    return Standing(*doses, len(days), in_pain, damaged, pain_free, clean_taps)


def permission(drill: str, side: Side | None, where: Standing) -> Permission:
    """May this drill begin, and what must be said before it does?"""
    because = _because(drill, where)
    return Permission(not because, because, _warnings(drill, side, where))


def cautions(drill: str) -> tuple[str, ...]:
    """What must be said before a drill whoever does it, known or not."""
    checks = ((drill in LOADS_THE_CALF, CALF_AND_ACHILLES), (drill in ON_THE_MOVE, TRIP))
    return tuple(words for holds, words in checks if holds)


def set_entry(
    result: SetResult, side: Side | None, at: datetime, recording: str = ""
) -> ProgrammeEntry:
    """A closed set as a line of the log; `side` None for drills of both feet."""
    held = (getattr(r, "measures", {}).get("hold_time_s", 0.0) for r in result.repetitions)
    return ProgrammeEntry(
        kind="set",
        at=at,
        drill=result.drill,
        side=side or "",
        repetitions=len(result.repetitions),
        clean=sum(r.clean for r in result.repetitions),
        target=result.goal,
        extra=result.extra,
        held_s=float(sum(held)),
        ended=result.ended or "data ended",
        recording=recording,
    )


def _is_clean_taps(entry: ProgrammeEntry) -> bool:
    """A whole set of taps, not one of them dirty."""
    whole = entry.drill == "tapping" and entry.ended == "target" and entry.repetitions >= FEWEST
    return whole and entry.clean == entry.repetitions


def _because(drill: str, where: Standing) -> str:
    if where.damaged:
        return (
            "A line of the programme's log is damaged and may have been a report of pain. Confirm that "
            "there is no pain to go on."
        )
    if where.in_pain:
        return "Pain was reported. Stop, and go on only when somebody confirms that it is gone."
    if drill not in LOCKED_AT_FIRST:
        return ""
    missing = []
    if not where.pain_free:
        missing.append("confirm that there is no pain")
    if not where.clean_taps:
        missing.append(f"do one clean set of {FEWEST} taps or more")
    if not missing:
        return ""
    return f"{GUIDE[drill].title} is locked for a newcomer: first {' and '.join(missing)}."


def _warnings(drill: str, side: Side | None, where: Standing) -> tuple[str, ...]:
    done = where.today.get((drill, side or ""), Dose()).sets
    a_round = 1 if drill == "stance" else SETS
    rounds = ceil(done / a_round)
    enough = done >= MOST_ROUNDS_A_DAY * a_round
    left = DAYS_BEFORE_RUNNING - where.days_practised
    days = "1 more day" if left == 1 else f"{left} more days"
    leg = f" on the {side}" if side else ""
    checks = (
        (where.days_practised == 0, STRENUOUS),
        (where.days_practised == 0, BAREFOOT),
        *((True, words) for words in cautions(drill)),
        (
            drill == "running-lunge" and left > 0,
            f"This is running: practise the other drills on {days} first.",
        ),
        (
            enough,
            f"{rounds} rounds of this drill were done{leg} today; more than two a day is too much.",
        ),
    )
    return tuple(words for holds, words in checks if holds)
