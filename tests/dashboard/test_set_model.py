# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets as the panel shows them, against repetitions made by hand and against the simulator's truth."""

import dataclasses

import pytest

from dashboard.drill_model import DRILL_WORDS
from dashboard.set_model import SetReadout, targets_of
from dashboard.views.drill_view import set_figure
from rig.drills.faults import Fault
from rig.drills.registry import find_drill
from rig.drills.repetitions import DrillResult, Repetition
from rig.errors import AnalysisError
from rig.layout import Foot
from rig.settings import DrillSettings

PONY = DrillSettings("pony")


def rep(end_s: float, *, clean: bool = True, side: Foot = Foot.RIGHT, drill="pony") -> Repetition:
    faults = () if clean else (Fault("HEEL", end_s, 1.2),)
    return Repetition(drill, side, end_s - 0.4, end_s, "none", faults=faults)


def result(*reps: Repetition, count: int = 0, drill="pony") -> DrillResult:
    return DrillResult(drill, reps, count, "", None)


def practised(
    readout: SetReadout, number: int, from_s: float = 1.0, dirty=(), count_before: int = 0
) -> float:
    """So many pulls, one a second; the newest time afterwards."""
    for k in range(number):
        done = rep(from_s + k, clean=k not in dirty, side=Foot(k % 2))
        readout.push(result(done, count=count_before + k + 1), from_s + k + 0.3)
    return from_s + number - 0.7


def figure(readout: SetReadout, count: int = 0) -> tuple[str, str, str]:
    return tuple(set_figure(readout, DRILL_WORDS[readout.drill.name], count))


def test_three_of_twelve_in_set_one_of_three():
    readout = SetReadout(PONY)
    assert figure(readout) == ("Set 1 of 3", "0", "of 12 changes")
    practised(readout, 3, dirty=(1,))
    assert figure(readout) == ("Set 1 of 3", "3", "of 12 changes")
    assert readout.pips == ["clean", "dirty", "clean", *["open"] * 9]
    # 0 and 2 left, 1 right
    assert readout.clean_text == "Clean: L 2 of 2, R 0 of 1"


def test_what_is_still_being_judged_is_counted_and_marked():
    readout = SetReadout(PONY)
    readout.push(result(rep(1.0), count=3), 1.2)
    assert readout.count == 3
    assert readout.pips[:4] == ["clean", "pending", "pending", "open"]


def test_a_rest_is_counted_down_and_then_over():
    readout = SetReadout(PONY)
    end_s = practised(readout, 12)
    assert readout.says == "Set 1: 12 of 12, 12 clean. Rest for a minute."
    # the last pull was at 12.0 s and it is 12.3 s: 59.7 s are left
    assert figure(readout) == ("Rest", "60", "s before set 2 of 3")
    readout.push(result(count=12), end_s + 20.0)
    assert figure(readout)[1] == "40"
    assert readout.pips == ["clean"] * 12
    readout.push(result(count=12), end_s + 62.0)
    assert readout.says == "A minute of rest is over. Set 2 may begin."
    assert figure(readout) == ("Set 2 of 3", "0", "of 12 changes")
    assert readout.pips == ["open"] * 12


def test_what_only_a_whole_set_shows_is_said_when_it_is_over():
    """Lefts bear 0.5 s and rights 0.4: 0.1 of a mean of 0.45 is 22 %. A change is of the foot before."""
    readout = SetReadout(PONY)
    for k in range(12):
        side = Foot(k % 2)
        measures = {"support_time_s": 0.5 if side is Foot.RIGHT else 0.4, "peak_force_n": 700.0}
        done = dataclasses.replace(rep(1.0 + k, side=side), measures=measures)
        readout.push(result(done, count=k + 1), 1.3 + k)
    assert readout.says == (
        "Set 1: 12 of 12, 12 clean. Rest for a minute. Sides differ by 22%: longer on the left."
    )
    # whoever does one more is told so, and still what was found
    readout.push(result(rep(13.0), count=13), 13.3)
    assert readout.says.startswith("Set 1 is over: stop and rest.")
    assert readout.says.endswith("Sides differ by 22%: longer on the left.")
    readout.push(result(count=13), 80.0)
    assert readout.says == "A minute of rest is over. Set 2 may begin."


def test_a_drill_of_ones_own_that_fails_does_not_keep_pain_from_stopping(monkeypatch):
    """Its mistake is said in the place of what the set showed."""

    def broken(_limits, _repetitions):
        raise AnalysisError("The drill of the package failed. Choose another drill.")

    failing = dataclasses.replace(find_drill("pony"), sum_up=broken)
    monkeypatch.setattr("dashboard.set_model.find_drill", lambda _name: failing)
    readout = SetReadout(PONY)
    practised(readout, 3)
    events = readout.press_pain()
    assert "pain" in [event.what for event in events]
    assert readout.says.endswith("The drill of the package failed. Choose another drill.")


def test_hops_in_no_rhythm_are_said_when_the_set_is_over():
    """0.4 and 0.6 s in turn: 0.1 to either side of 0.5."""
    readout = SetReadout(DrillSettings("hopping"))
    at_s = 1.0
    for k in range(12):
        at_s += 0.6 if k % 2 else 0.4
        readout.push(result(rep(at_s, drill="hopping"), count=k + 1, drill="hopping"), at_s + 0.3)
    assert readout.says.endswith("Uneven rhythm: times vary by 20%.")


def test_too_many_are_said_and_marked_and_few_marks_stand_for_many():
    readout = SetReadout(PONY)
    practised(readout, 14)
    assert readout.says == "Set 1 is over: stop and rest. That was repetition 14, of 12."
    assert readout.pips == [*["clean"] * 12, "extra", "extra"]
    practised(readout, 10, 15.0, count_before=14)
    assert readout.pips == [*["clean"] * 12, "extra", "extra", "extra"]


def test_a_key_ends_a_set_and_pain_ends_it_at_once():
    readout = SetReadout(PONY)
    practised(readout, 4)
    readout.press_stop()
    assert readout.running is not None
    readout.push(result(count=4), 8.0)
    assert readout.says.startswith("Set 1: 4 of 12, 4 clean.")
    practised(readout, 2, 80.0, count_before=4)
    events = readout.press_pain()
    assert [event.what for event in events] == ["closed", "pain"]
    assert events[0].result.ended == "pain"
    assert readout.running is None


def test_another_target_comes_with_the_settings_and_holds_by_themselves():
    fifteen = dataclasses.replace(
        PONY, thresholds=dataclasses.replace(PONY.thresholds, set_target=15)
    )
    readout = SetReadout(PONY)
    practised(readout, 2)
    (closed,) = readout.choose(fifteen)
    assert closed.result.ended == "another drill"
    assert figure(readout)[2] == "of 15 changes"
    readout.choose(DrillSettings("stance"))
    assert figure(readout)[2] == "of 6 holds"
    readout.choose_holds(1)
    assert figure(readout)[2] == "of 2 holds"
    assert (targets_of("pony"), targets_of("stance")) == ((10, 11, 12, 13, 14, 15), (1, 2, 3))


def test_a_profile_that_counts_pairs_asks_for_twice_as_many_pulls():
    pairs = dataclasses.replace(
        PONY, thresholds=dataclasses.replace(PONY.thresholds, rep_unit="pair")
    )
    readout = SetReadout(pairs)
    assert readout.goal == 24
    practised(readout, 23)
    assert readout.rest_left_s is None
    practised(readout, 1, 24.0, count_before=23)
    assert readout.goal == 24


def test_sets_that_begin_anew_do_not_wait_for_what_was_judged_before():
    readout = SetReadout(PONY)
    practised(readout, 5)
    readout.begin_anew()
    assert (readout.count, readout.now_s) == (0, 5.3)
    practised(readout, 1, 7.0, count_before=5)
    assert readout.count == 1


def test_free_movement_has_no_sets():
    readout = SetReadout(DrillSettings("free"))
    readout.push(result(count=0, drill="free"), 1.0)
    assert readout.pips == []
    assert figure(readout, 7)[:2] == ("Count", "7")


@pytest.mark.parametrize(("drill", "seconds"), [("tapping", 14.0), ("pony", 12.0)])
def test_the_set_of_a_simulated_drill_is_the_truths(play, drill, seconds):
    """Clean and dirty by the truth; the first twelve make the set."""
    played = play(drill, seconds, 3)
    readout = SetReadout(played.settings.drill)
    for block in played.blocks:
        if len(block.loads):
            readout.push(block.drill, float(block.loads.force.t_s[-1]))
    true = played.session.truth.repetitions
    assert len(true) > 12
    shown = readout.pips
    assert shown.count("clean") + shown.count("dirty") == 12
    dirty = sum(any(f.severity == "fault" for f in r.faults) for r in true[:12])
    assert shown.count("dirty") == dirty
