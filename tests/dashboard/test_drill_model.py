# SPDX-License-Identifier: GPL-3.0-or-later
import math

import pytest

from dashboard.drill_model import ALARM_HOLD_S, ALARM_WORDS, DRILL_WORDS, DrillReadout
from rig.drills.repetitions import DrillResult, Repetition
from rig.layout import Foot
from rig.settings import DRILL_NAMES, DrillSettings


def result(
    count: int = 0, state: str = "", alarm="none", *repetitions: Repetition, drill="hopping"
) -> DrillResult:
    return DrillResult(drill, repetitions, count, state, alarm)


def repetition(drill: str, heel_touch="none", **measures: float) -> Repetition:
    return Repetition(drill, Foot.RIGHT, 1.0, 2.0, heel_touch, measures)


def test_a_heel_touch_stays_for_the_eye_and_then_goes():
    readout = DrillReadout(DrillSettings("hopping"))
    readout.push(result(alarm="load"), 1.0, now_s=100.0)
    readout.push(result(alarm="none"), 1.1, now_s=100.1)
    assert readout.alarm == "load"
    readout.settle(100.0 + ALARM_HOLD_S - 0.01)
    assert readout.alarm == "load"
    readout.settle(100.0 + ALARM_HOLD_S)
    assert readout.alarm == "none"


def test_a_load_replaces_a_kiss_at_once_and_a_kiss_does_not_soften_a_load():
    readout = DrillReadout(DrillSettings("hopping"))
    readout.push(result(alarm="kiss"), 1.0, now_s=10.0)
    readout.push(result(alarm="load"), 1.1, now_s=10.1)
    assert readout.alarm == "load"
    readout.push(result(alarm="kiss"), 1.2, now_s=10.2)
    assert readout.alarm == "load"


@pytest.mark.parametrize(
    ("drill", "measure", "text", "unit"),
    [
        ("pony", "support_time_s", "412", "ms"),
        ("tapping", "contact_time_s", "412", "ms"),
        ("hopping", "contact_time_s", "412", "ms"),
        ("stance", "hold_time_s", "0.4", "s"),
    ],
)
def test_each_drill_shows_its_own_time(drill, measure, text, unit):
    readout = DrillReadout(DrillSettings(drill))
    assert readout.measure_text not in ("0", "nan")
    completed = repetition(drill, **{measure: 0.4119})
    readout.push(result(1, "", "none", completed, drill=drill), 1.0, now_s=1.0)
    assert (readout.measure_text, readout.words.unit) == (text, unit)


def test_a_running_hold_counts_seconds_from_its_back_dated_beginning():
    readout = DrillReadout(DrillSettings("stance"))
    readout.push(result(state="enter", drill="stance"), 4.0, now_s=1.0)
    assert math.isnan(readout.measured_s)
    readout.push(result(state="hold left", drill="stance"), 4.5, now_s=1.5)
    # a hold is known half a second after it began
    assert readout.measured_s == pytest.approx(0.5)
    readout.push(result(state="hold left", drill="stance"), 7.0, now_s=4.0)
    assert readout.measured_s == pytest.approx(3.0)


def test_another_drill_starts_from_nothing_and_the_same_one_goes_on():
    readout = DrillReadout(DrillSettings("hopping"))
    readout.push(result(7, "in flight", "load"), 1.0, now_s=1.0)
    readout.choose(DrillSettings("hopping"))
    assert readout.count == 7
    readout.choose(DrillSettings("hopping", "left"))
    assert (readout.count, readout.alarm) == (0, None)


def test_no_heel_is_called_clear_while_none_is_watched():
    readout = DrillReadout(DrillSettings("stance"))
    readout.push(result(state="ready", alarm=None, drill="stance"), 1.0, now_s=1.0)
    assert readout.alarm is None
    readout.push(result(state="hold left", alarm="kiss", drill="stance"), 2.0, now_s=2.0)
    readout.push(result(state="ready", alarm=None, drill="stance"), 2.1, now_s=2.1)
    assert readout.alarm == "kiss"
    readout.settle(2.0 + ALARM_HOLD_S)
    assert readout.alarm is None


@pytest.mark.parametrize("drill", ["hopping", "tapping", "pony"])
def test_the_count_of_a_simulated_drill_is_that_of_the_truth(play, drill):
    played = play(drill, 9.0, 3)
    readout = DrillReadout(played.settings.drill)
    for block in played.blocks:
        readout.push(block.drill, 0.0, now_s=0.0)
    true = played.session.truth.repetitions
    assert len(true) >= 3
    # a repetition that ends in the last tenths may not be decided yet
    assert len(true) - 1 <= readout.count <= len(true)
    last = next(
        r for r in reversed(true[: readout.count]) if DRILL_WORDS[drill].measure in r.measures
    )
    assert readout.measured_s == pytest.approx(last.measures[DRILL_WORDS[drill].measure], abs=0.02)


def test_every_drill_and_grade_has_its_words():
    assert set(DRILL_WORDS) == {*DRILL_NAMES, "free"}
    assert len({words.word for words in ALARM_WORDS.values()}) == 3


def test_what_is_left_of_the_drill_before_says_nothing_about_this_one():
    readout = DrillReadout(DrillSettings("pony"))
    readout.push(result(12, "support left", "load", drill="pony"), 1.0, now_s=1.0)
    readout.choose(DrillSettings("tapping"))
    readout.push(result(12, "support left", "load", drill="pony"), 1.1, now_s=1.1)
    assert (readout.count, readout.alarm) == (0, None)
