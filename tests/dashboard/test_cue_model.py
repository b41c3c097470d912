# SPDX-License-Identifier: GPL-3.0-or-later
"""Cues: what is seen, what is heard, and what comes too late for the ear."""

import re
from pathlib import Path

import pytest

import rig.drills
from dashboard.cue_model import CUE_HOLD_S, CueBoard, StreamClock
from dashboard.cue_words import CUE_WORDS, cue_words
from rig.drills.faults import Cue
from rig.drills.guide import GUIDE
from rig.layout import Foot
from rig.simulate.behaviour import BehaviourFault


def cue(what: str = "good", severity="reward", decided_s: float = 1.0, side=Foot.RIGHT) -> Cue:
    return Cue(what, decided_s - 0.03, decided_s, severity, side)


def test_every_code_that_the_drills_give_has_words():
    source = "".join(p.read_text("utf-8") for p in Path(rig.drills.__path__[0]).glob("*.py"))
    codes = set(re.findall(r'Fault\(\s*"([A-Z]+(?:-[A-Z]+)*)"', source))
    codes |= set(re.findall(r'beyond\(\s*"([A-Z]+(?:-[A-Z]+)*)"', source))
    codes |= {code for guide in GUIDE.values() for code, *_ in guide.rules}
    assert len(codes) > 15
    assert codes <= set(CUE_WORDS)


def test_words_are_few_and_differ_and_an_unknown_code_is_not_hidden():
    assert len(set(CUE_WORDS.values())) == len(CUE_WORDS)
    assert max(len(words) for words in CUE_WORDS.values()) <= 22
    assert cue_words("KNEE-IN") == "Knee in"


def test_a_cue_is_held_for_the_eye_and_then_goes():
    board = CueBoard()
    assert board.push([cue()], 1.0, 0.0, now_s=50.0) == "reward"
    seen = board.current(50.0 + CUE_HOLD_S - 0.01)
    assert seen is not None
    assert (seen.word, seen.side, seen.kind) == ("Good", "RIGHT", "reward")
    assert board.current(50.0 + CUE_HOLD_S) is None


def test_errors_come_before_rewards():
    board = CueBoard()
    both = [cue("LONG", "fault", side=None), cue()]
    assert board.push(both, 1.0, 0.0, now_s=5.0) == "fault"
    assert board.push([cue(decided_s=1.5)], 1.5, 0.0, now_s=5.5) == "reward"
    seen = board.current(5.6)
    assert seen is not None
    assert (seen.word, seen.side) == ("Too long on the ground", "")
    board.push([cue(decided_s=3.0)], 3.0, 0.0, now_s=7.0)
    assert board.current(7.0).word == "Good"
    board.push([cue("HEEL", "warning", 3.1)], 3.1, 0.0, now_s=7.1)
    assert board.current(7.1).kind == "warning"


@pytest.mark.parametrize(
    ("newest_s", "lag_s", "heard"),
    [(1.02, 0.0, True), (1.25, 0.04, True), (1.25, 0.06, False), (1.0, 0.5, False)],
)
def test_what_comes_late_is_seen_and_not_heard(newest_s, lag_s, heard):
    board = CueBoard()
    tone = board.push([cue("HEEL", "fault", 1.0)], newest_s, lag_s, now_s=9.0)
    assert (tone is not None) == heard
    assert board.current(9.0).word == "Heel touched"


@pytest.mark.parametrize(
    ("what", "severity", "tone"),
    [
        ("good", "reward", "reward"),
        ("HEEL", "fault", "fault"),
        ("HEEL", "warning", "warning"),
        ("HEEL-FIRST", "fault", "heel first"),
        ("TOE-LAND", "fault", "toes"),
        ("HEEL-FIRST", "hint", None),
    ],
)
def test_each_kind_has_its_tone_and_a_hint_has_none(what, severity, tone):
    assert CueBoard().push([cue(what, severity)], 1.0, 0.0, now_s=1.0) == tone


def test_lag_is_measured_against_the_quickest_delivery():
    clock = StreamClock()
    assert clock.lag_s(0.10, 1000.10) == 0.0
    assert clock.lag_s(0.20, 1000.50) == pytest.approx(0.3, abs=0.01)
    assert clock.lag_s(0.50, 1000.50) == 0.0


def test_a_board_that_runs_slow_is_not_taken_for_late():
    """A ceramic resonator 5,000 ppm slow loses 5 ms a second: 3 s in ten minutes."""
    clock = StreamClock()
    lags = [clock.lag_s(0.995 * s, float(s)) for s in range(600)]
    assert max(lags) < 0.01


def test_a_simulated_fault_is_called_by_its_name(play):
    played = play("tapping", 14.0, 11, (BehaviourFault("HEEL-FIRST", 1.3, 1.0),))
    board, tones, words = CueBoard(), [], []
    for block in played.blocks:
        newest_s = float(block.loads.force.t_s[-1]) if len(block.loads) else 0.0
        tones.append(board.push(block.drill.cues, newest_s, 0.0, newest_s))
        seen = board.current(newest_s)
        words += [] if seen is None else [(seen.word, seen.side)]
    true = [r for r in played.session.truth.repetitions if r.faults]
    assert len(true) >= 5
    assert tones.count("heel first") == pytest.approx(len(true), abs=1)
    assert set(words) == {("Heel first", "RIGHT")}
