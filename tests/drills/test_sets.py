# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets: counted, closed, rested after, never exceeded without a word, however the stream is cut."""

from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rig.drills.set_plan import SetPlan, SideCount, usual_plan
from rig.drills.sets import KeyPressed, SetEvent, SetState, finish_sets, set_stage, sets_in
from rig.errors import SettingsError
from rig.layout import Foot
from rig.thresholds import Thresholds


@dataclass(frozen=True)
class Rep:
    end_s: float
    clean: bool = True
    side: Foot = Foot.RIGHT


def _run(
    plan: SetPlan, reps: list[Rep], keys: tuple[KeyPressed, ...] = (), until_s: float | None = None
) -> tuple[SetState, list[SetEvent]]:
    """All at once; the data end at `until_s`, or go on."""
    state, events = set_stage(
        SetState(plan), tuple(reps), keys, 1e6 if until_s is None else until_s
    )
    return state, list(events)


def _every(seconds: float, count: int, from_s: float = 1.0) -> list[Rep]:
    return [Rep(from_s + seconds * i) for i in range(count)]


def _whats(events: list[SetEvent]) -> list[str]:
    return [e.what for e in events]


def test_a_set_closes_at_its_target_with_clean_and_dirty_by_side() -> None:
    reps = [Rep(0.5 * i, clean=i % 3 != 0, side=Foot(i % 2)) for i in range(12)]
    state, events = _run(usual_plan("pony"), reps, until_s=6.0)
    (closed,) = [e for e in events if e.what == "closed"]
    assert closed.at_s == 5.5
    assert closed.result is not None
    assert closed.result.ended == "target"
    # 0, 3, 6, 9 are dirty: 0 and 6 left, 3 and 9 right
    assert closed.result.by_side() == {Foot.LEFT: SideCount(4, 2), Foot.RIGHT: SideCount(4, 2)}
    assert "12 of 12, 8 clean" in closed.says
    assert state.open_set is None


def test_five_seconds_without_a_repetition_close_a_set() -> None:
    _, events = _run(usual_plan("tapping"), _every(1.0, 7), until_s=20.0)
    (closed,) = [e for e in events if e.what == "closed"]
    assert closed.at_s == 7.0 + 5.0
    assert closed.result is not None
    assert closed.result.ended == "pause"
    assert not closed.result.whole_and_clean


def test_what_comes_after_the_target_is_counted_and_said() -> None:
    state, events = _run(usual_plan("hopping"), _every(0.4, 15), until_s=8.0)
    over = [e for e in events if e.what == "over target"]
    assert len(over) == 3
    assert "repetition 13, of 12" in over[0].says
    assert state.done[0].extra == 3
    assert len(state.done[0].repetitions) == 15
    assert state.open_set is None


def test_no_target_is_above_fifteen_nor_below_ten() -> None:
    assert SetPlan("hopping", 15).target == 15
    for target in (9, 16):
        with pytest.raises(SettingsError, match="10 to 15"):
            SetPlan("hopping", target)
    with pytest.raises(SettingsError, match="1 to 3"):
        SetPlan("stance", 4, 1)


def test_rest_is_asked_for_and_missed_rest_is_said() -> None:
    reps = _every(0.5, 12, 1.0) + _every(0.5, 12, 40.0) + _every(0.5, 12, 140.0)
    _, events = _run(usual_plan("tapping"), reps, until_s=200.0)
    told = [
        (e.what, e.at_s) for e in events if e.what in ("too little rest", "rest over", "closed")
    ]
    assert told == [
        ("closed", 6.5),
        ("too little rest", 40.0),
        ("closed", 45.5),
        ("rest over", 105.5),
        ("closed", 145.5),
    ]
    assert "34 s of rest" in next(e.says for e in events if e.what == "too little rest")


def test_after_three_sets_nothing_goes_by_in_silence() -> None:
    reps = [r for k in range(3) for r in _every(0.5, 10, 1.0 + 70.0 * k)]
    _, events = _run(SetPlan("tapping", 10), [*reps, Rep(147.0)])
    assert _whats(events)[-2:] == ["all sets done", "over target"]
    assert events[-1].says == "All 3 sets are done: stop. That was repetition 11, of 10."


def test_a_fourth_set_is_one_of_its_own_and_wholly_too_much() -> None:
    reps = [r for k in range(4) for r in _every(0.5, 10, 1.0 + 70.0 * k)] + [Rep(216.0)]
    state, events = _run(SetPlan("tapping", 10), reps)
    assert [(s.number, len(s.repetitions), s.extra) for s in state.done] == [
        (1, 10, 0),
        (2, 10, 0),
        (3, 10, 0),
        (4, 11, 11),
    ]
    assert _whats(events).count("all sets done") == 1
    assert _whats(events).count("over target") == 11
    fourth = [e.says for e in events if e.number == 4]
    assert fourth[0] == "All 3 sets are done: stop. That was repetition 1 of a set more."
    assert fourth[-1] == "All 3 sets are done: stop. That was repetition 11, of 10."


def test_a_profile_may_count_pairs_and_set_the_target() -> None:
    limits = Thresholds(set_target=10, rep_unit="pair")
    assert usual_plan("tapping", limits) == SetPlan("tapping", 10, unit="pair")
    turns = [Rep(0.5 * i, side=Foot(i % 2)) for i in range(20)]
    state, events = _run(usual_plan("pony", limits), [*turns, Rep(10.0)])
    (done,) = state.done
    assert (done.ended, len(done.repetitions), done.extra, done.pairs) == ("target", 21, 1, True)
    assert [e.says for e in events[:4]] == ["0 and a half", "1", "1 and a half", "2"]
    closed = next(e for e in events if e.what == "closed")
    assert (closed.at_s, closed.says) == (
        9.5,
        "Set 1: 20 of 20 pulls, 20 clean. Rest for a minute.",
    )
    over = next(e for e in events if e.what == "over target")
    assert over.says.endswith("That was pull 21, of 20.")
    # of one foot alone no pair is ever whole
    state, _ = _run(usual_plan("pony", limits), _every(0.5, 30), until_s=15.0)
    assert state.open_set is not None
    # where one foot works, or a hold is asked of each, there are no pairs
    state, _ = _run(usual_plan("hopping", limits), _every(0.5, 10))
    assert [s.ended for s in state.done] == ["target"]
    assert usual_plan("stance", limits) == usual_plan("stance")


def test_the_stance_asks_three_holds_of_each_leg() -> None:
    legs = [Foot.LEFT, Foot.LEFT, Foot.LEFT, Foot.LEFT, Foot.RIGHT, Foot.RIGHT, Foot.RIGHT]
    reps = [Rep(40.0 * (i + 1), side=leg) for i, leg in enumerate(legs)]
    state, events = _run(usual_plan("stance"), reps)
    (over,) = [e for e in events if e.what == "over target"]
    assert over.at_s == 160.0
    assert "hold 4 on the left leg" in over.says
    (closed,) = [e for e in events if e.what == "closed"]
    assert closed.at_s == 280.0
    assert state.done[0].ended == "target"


def test_stop_closes_the_set_where_it_stands() -> None:
    _, events = _run(usual_plan("tapping"), _every(0.5, 6), (KeyPressed("stop", 2.2),), 10.0)
    (closed,) = [e for e in events if e.what == "closed"]
    assert closed.result is not None
    assert (closed.result.ended, closed.at_s) == ("stop", 2.2)
    assert [r.end_s for r in closed.result.repetitions] == [1.0, 1.5, 2.0]
    assert _whats(events)[-3:] == ["over target"] * 3


def test_pain_stops_at_once_and_for_good() -> None:
    state = SetState(usual_plan("tapping"))
    state, _ = set_stage(state, (Rep(1.0),), (), 1.2)
    state, events = set_stage(state, (), (KeyPressed("pain", 1.3),), 1.3)
    assert state.stopping == "pain"
    assert events == ()
    state, events = set_stage(state, (), (), 3.0)
    assert _whats(list(events)) == ["closed", "pain"]
    state, events = set_stage(state, (Rep(30.0),), (), 31.0)
    assert [e.says for e in events] == ["Pain was reported: stop. That was repetition 2, of 12."]
    assert state.stopping == "pain"


def test_pain_before_the_first_set_counts_nothing_and_says_so() -> None:
    state, events = _run(usual_plan("tapping"), [Rep(9.0)], (KeyPressed("pain", 2.0),))
    assert _whats(events) == ["pain", "over target"]
    assert state.done == ()


def test_a_set_that_the_data_end_in_is_closed() -> None:
    state, _ = _run(usual_plan("tapping"), _every(0.5, 4), until_s=3.0)
    state, events = finish_sets(state)
    assert _whats(list(events)) == ["closed"]
    assert state.done[0].ended == "data ended"


def test_the_sets_of_a_whole_recording() -> None:
    found = sets_in(usual_plan("tapping"), _every(0.5, 12) + _every(0.5, 4, 30.0))
    assert [(s.ended, len(s.repetitions)) for s in found] == [("target", 12), ("data ended", 4)]


@given(
    gaps=st.lists(st.floats(-0.3, 9.0), min_size=1, max_size=45),
    late=st.lists(st.floats(0.05, 0.9), min_size=45, max_size=45),
    keys=st.lists(st.tuples(st.floats(0.0, 120.0), st.sampled_from(["stop", "pain"])), max_size=3),
    cuts=st.lists(st.floats(0.0, 200.0), max_size=40),
)
def test_events_do_not_depend_on_the_cut(gaps, late, keys, cuts) -> None:
    ends = [sum(gaps[: i + 1]) for i in range(len(gaps))]
    # a repetition that is still judged holds back those after it
    told = accumulate((end + wait for end, wait in zip(ends, late, strict=False)), max)
    known = [
        (at_s, Rep(end, clean=i % 4 != 0))
        for i, (at_s, end) in enumerate(zip(told, ends, strict=True))
    ]
    assume(all(at_s - rep.end_s <= 1.2 for at_s, rep in known))
    pressed = [KeyPressed(key, at_s) for at_s, key in keys]
    end_s = max([known_s for known_s, _ in known] + [k.at_s for k in pressed]) + 0.1

    def fed(bounds: list[float]) -> tuple[SetState, list[SetEvent]]:
        state, events, before = SetState(usual_plan("tapping")), [], -1.0
        for now_s in bounds:
            reps = tuple(rep for known_s, rep in known if before < known_s <= now_s)
            new_keys = tuple(k for k in pressed if before < k.at_s <= now_s)
            state, new = set_stage(state, reps, new_keys, now_s)
            events += new
            before = now_s
        state, new = finish_sets(state)
        return state, events + list(new)

    whole = fed([end_s])
    cut_up = fed([*sorted(c for c in cuts if c < end_s), end_s])
    assert cut_up[1] == whole[1]
    assert cut_up[0].done == whole[0].done
