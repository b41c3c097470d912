# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme: dose, locks, pain, and the words before a drill."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rig.drills.programme import (
    CALF_AND_ACHILLES,
    STRENUOUS,
    TRIP,
    Dose,
    permission,
    set_entry,
    standing,
)
from rig.drills.set_plan import usual_plan
from rig.drills.sets import SetState, set_stage
from rig.errors import SettingsError
from rig.layout import Foot
from rig.record.programme_log import EntryKind, ProgrammeEntry

NOW = datetime(2026, 3, 20, 18, 0, tzinfo=UTC)


def _set(
    drill: str, days_ago: int = 0, clean: int = 12, side: str = "", ended: str = "target"
) -> ProgrammeEntry:
    return ProgrammeEntry("set", NOW - timedelta(days_ago), drill, side, 12, clean, 12, ended=ended)


def _said(kind: EntryKind) -> ProgrammeEntry:
    return ProgrammeEntry(kind, NOW)


TAPS = _set("tapping", side="right")


@pytest.mark.parametrize("drill", ["hopping", "lunge", "switch"])
@pytest.mark.parametrize(
    ("entries", "allowed"),
    [
        ((), False),
        ((TAPS,), False),
        ((_said("pain-free"),), False),
        ((TAPS, _said("pain-free")), True),
        ((_said("pain-free"), TAPS), True),
        ((_set("tapping", clean=11), _said("pain-free")), False),
        ((_set("tapping", ended="pause"), _said("pain-free")), False),
        ((_set("pony"), _said("pain-free")), False),
        ((TAPS, _said("pain-free"), _said("pain")), False),
        ((TAPS, _said("pain-free"), _said("pain"), _said("pain-free")), True),
        ((TAPS, _said("pain-free"), _said("damaged")), False),
    ],
)
def test_locks(drill: str, entries: tuple[ProgrammeEntry, ...], allowed: bool) -> None:
    assert permission(drill, None, standing(entries, NOW)).allowed is allowed


def test_a_newcomer_may_do_the_basic_drills_after_a_word_of_caution() -> None:
    for drill in ("stance", "change-of-support", "pony", "forward-change", "tapping"):
        told = permission(drill, None, standing((), NOW))
        assert told.allowed
        assert STRENUOUS in told.warnings


def test_a_lock_says_what_opens_it() -> None:
    because = permission("hopping", None, standing((), NOW)).because
    assert "no pain" in because
    assert "clean set of 10 taps" in because
    half = permission("hopping", None, standing((TAPS,), NOW)).because
    assert "taps" not in half


def test_pain_stops_every_drill_until_it_is_gone() -> None:
    where = standing((TAPS, _said("pain")), NOW)
    assert not permission("stance", None, where).allowed
    assert "Pain was reported" in permission("stance", None, where).because
    assert not where.may_run


def test_the_calf_is_warned_before_every_drill_that_loads_it() -> None:
    where = standing((TAPS, _said("pain-free")), NOW)
    for drill in ("hopping", "lunge", "switch", "running-lunge"):
        assert {CALF_AND_ACHILLES, TRIP} <= set(permission(drill, None, where).warnings)
    for drill in ("stance", "pony", "tapping"):
        assert not {CALF_AND_ACHILLES, TRIP} & set(permission(drill, None, where).warnings)


def test_doses_of_the_day_and_of_seven_days_by_side() -> None:
    entries = (
        _set("tapping", 7, side="left"),
        _set("tapping", 6, clean=10, side="left"),
        _set("tapping", 0, clean=9, side="left"),
        _set("tapping", 0, side="right"),
    )
    where = standing(entries, NOW)
    assert where.today[("tapping", "left")] == Dose(1, 12, 9)
    assert where.week[("tapping", "left")] == Dose(2, 24, 19)
    assert where.week[("tapping", "right")] == Dose(1, 12, 12)
    assert where.days_practised == 3


def test_days_are_the_participants_own() -> None:
    east = timezone(timedelta(hours=10))
    # 23:30 of the day before by UTC, but 9:30 of this day where the participant is
    early = ProgrammeEntry("set", datetime(2026, 3, 20, 9, 30, tzinfo=east), "pony", "", 12, 12, 12)
    where = standing((early,), datetime(2026, 3, 20, 20, 0, tzinfo=east))
    assert where.today[("pony", "")].sets == 1
    with pytest.raises(SettingsError, match="offset"):
        standing((), datetime(2026, 3, 20))


def test_more_than_twice_a_day_is_said_and_not_forbidden() -> None:
    six = permission("pony", None, standing([_set("pony")] * 6, NOW))
    assert six.allowed
    assert any("2 rounds" in words for words in six.warnings)
    five = permission("pony", None, standing([_set("pony")] * 5, NOW))
    assert not any("rounds" in words for words in five.warnings)


def test_a_week_of_days_before_running() -> None:
    six = [_set("pony", days) for days in range(6)]
    assert not standing(six, NOW).may_run
    where = standing(six, NOW)
    assert any("1 more day" in words for words in permission("running-lunge", None, where).warnings)
    assert standing([*six, _set("pony", 8)], NOW).may_run


@dataclass(frozen=True)
class Held:
    end_s: float
    side: Foot
    clean: bool = True
    measures: dict[str, float] = field(default_factory=lambda: {"hold_time_s": 20.0})


def test_a_closed_set_becomes_a_line_of_the_log() -> None:
    holds = tuple(Held(30.0 * i, Foot(i % 2), clean=i != 2) for i in range(1, 7))
    state, _ = set_stage(SetState(usual_plan("stance")), holds, (), 300.0)
    entry = set_entry(state.done[0], None, NOW, "a-recording")
    assert (entry.drill, entry.side, entry.repetitions, entry.clean) == ("stance", "", 6, 5)
    assert (entry.target, entry.extra, entry.held_s) == (6, 0, pytest.approx(120.0))
    assert (entry.ended, entry.recording, entry.at) == ("target", "a-recording", NOW)
