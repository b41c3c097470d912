# SPDX-License-Identifier: GPL-3.0-or-later
"""The fifteen principles: what is measured is counted, what cannot be is said to be so."""

from dataclasses import dataclass, field

import pytest

from rig.drills.principles import PRINCIPLES, STEP_RATE, PrincipleScore, score_sheet
from rig.settings import DRILL_NAMES


@dataclass(frozen=True)
class Seen:
    code: str
    severity: str = "fault"


@dataclass(frozen=True)
class Rep:
    end_s: float = 0.0
    faults: tuple[Seen, ...] = ()
    not_judged: tuple[str, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


def _sheet(drill: str, *reps: Rep) -> dict[int, PrincipleScore]:
    return {score.principle.number: score for score in score_sheet(drill, reps)}


def test_what_pressure_can_and_cannot_measure() -> None:
    by_kind: dict[str, list[int]] = {}
    for principle in PRINCIPLES:
        by_kind.setdefault(principle.measurable, []).append(principle.number)
    assert by_kind == {
        "measured": [2, 3, 4, 5, 12],
        "partly": [9, 13],
        "not measured": [1, 6, 7, 8, 10, 11, 14, 15],
    }
    assert [p.number for p in PRINCIPLES] == list(range(1, 16))


@pytest.mark.parametrize("drill", DRILL_NAMES)
def test_what_is_not_measured_has_no_score_and_a_reason(drill: str) -> None:
    sheet = _sheet(drill, Rep(faults=(Seen("HEEL"), Seen("DRIVE"))))
    for number in (1, 6, 7, 8, 10, 11, 14, 15):
        assert (sheet[number].judged, sheet[number].share) == (0, None)
        assert sheet[number].says.startswith("Not measured. ")
        assert len(sheet[number].says) > len("Not measured. ")


def test_faults_break_their_principles_alone() -> None:
    reps = (
        Rep(faults=(Seen("HEEL"),)),
        Rep(faults=(Seen("TOE-SHIFT"),)),
        Rep(faults=(Seen("LONG"), Seen("DRIVE"))),
        Rep(),
    )
    sheet = _sheet("running-lunge", *reps)
    kept = {n: (s.kept, s.judged) for n, s in sheet.items() if s.judged}
    assert kept == {2: (3, 4), 3: (2, 4), 4: (3, 4), 5: (3, 4), 13: (3, 4)}
    assert sheet[12].says == "Not asked of this drill."
    assert sheet[3].share == 0.5


def test_warnings_and_hints_break_nothing() -> None:
    reps = (Rep(faults=(Seen("HEEL", "warning"),)), Rep(faults=(Seen("HEEL", "hint"),)))
    assert _sheet("stance", *reps)[4].share == 1.0


def test_what_was_not_judged_is_not_kept() -> None:
    reps = (Rep(not_judged=("DRIVE",)), Rep(not_judged=("DRIVE",)), Rep())
    assert (_sheet("pony", *reps)[13].kept, _sheet("pony", *reps)[13].judged) == (1, 1)
    assert "Not judged in 2." in _sheet("pony", *reps)[13].says
    assert _sheet("pony", *reps[:2])[13].says == "Not judged yet."


def test_a_fault_that_was_seen_counts_though_other_rules_were_not_judged() -> None:
    rep = Rep(faults=(Seen("HEEL"),), not_judged=("HEEL-FIRST",))
    sheet = _sheet("lunge", rep)
    assert (sheet[4].kept, sheet[4].judged) == (0, 1)


def test_means_stand_beside_the_score() -> None:
    reps = [Rep(0.7 * i, measures={"contact_time_s": 0.2 + 0.02 * i}) for i in range(3)]
    sheet = _sheet("running-lunge", *reps)
    assert sheet[2].means == {"contact_time_s": pytest.approx(0.22)}
    # the working leg comes down every 0.7 s, so there are two steps in that time
    assert sheet[9].means == {STEP_RATE: pytest.approx(2 * 60.0 / 0.7)}
    assert sheet[9].share is None


def test_no_repetitions_are_no_marks() -> None:
    assert all(score.share is None for score in score_sheet("pony", ()))
