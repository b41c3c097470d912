# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes of an added drill: told as its own, with the line, and never as Solerig's."""

import ast
import sys
from dataclasses import replace

import pytest

from rig.cli.__main__ import run
from rig.drills.api import Drill, DrillGuide, Judged, Move, OwnDrill, Repetition, Signal, no_alarm
from rig.drills.faults import Fault
from rig.drills.own_guard import guarded, place_of
from rig.drills.registry import added_drills, unknown_sentence
from rig.drills.table import PullJudged
from rig.errors import AnalysisError, SettingsError
from rig.layout import Foot

DONE = Repetition("odd", Foot.LEFT, 0.0, 1.0, "none")
FAULT = Fault("FAR", 1.0, 1.2)
DRILL = Drill(
    "odd",
    "here",
    (Move("here", "go", "here", counts=True),),
    lambda _settings, _participant: None,
    lambda memory, _loads, _contact: (memory, []),
    no_alarm,
)


def _gives(name, given):
    """The guarded function of a drill that gives this back."""
    drill = replace(DRILL, **{name: lambda *_: given})
    own = OwnDrill(drill, DrillGuide("Odd", "Aim.", "One.", (), "it."))
    return getattr(guarded(own, "oddities 1.0").drill, name)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("watch", [], "watch must return (memory, signals), with a list of Signal; it gave a list"),
        ("watch", None, "it gave None"),
        ("watch", (None, [], []), "it gave a tuple"),
        ("watch", (None, None), "its signals are None"),
        ("watch", (None, Signal("go", 1.0)), "its signals are a Signal"),
        ("watch", (None, ["go"]), "one signal is a str"),
        ("watch", (None, [Signal("go", 1.0, 3)]), 'repetition of the signal "go" is an int'),
        ("watch", (None, [Signal("go", 1.0, DONE, "1")]), 'due_s of the signal "go" is a str'),
        ("watch", (None, [Signal("go", 1.0, set_fault="FAR")]), "not a Fault"),
        ("judge", DONE, "judge must return what judging.judged gives: (repetition, learnt)"),
        ("judge", None, "it gave None"),
        ("judge", ((), DONE), "its repetition is a tuple"),
        ("judge", (DONE, None), "learnt is None, not a tuple"),
        ("judge_pull", (), "judge_pull must return a PullJudged; it gave a tuple"),
        ("alarm", "loud", "alarm must return None or one of none, kiss, load; it gave 'loud'"),
        ("alarm", True, "it gave a bool"),
        ("sum_up", None, "sum_up must return a tuple of Fault, empty where there is none"),
        ("sum_up", ("FAR",), "one of them is a str"),
    ],
)
def test_a_wrong_result_is_told_with_what_it_should_be(name, given, said):
    with pytest.raises(AnalysisError) as raised:
        _gives(name, given)(None, None, None)
    told = str(raised.value)
    assert told.startswith('The drill "odd" of the package oddities 1.0 failed: ')
    assert said in told
    assert "test_own_guard.py, line " in told


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("begin", None),
        ("begin", {"any": "thing"}),
        ("watch", ("memory", [Signal("go", 1.0, DONE, 2), Signal("x", 2.0, set_fault=FAULT)])),
        ("watch", (None, ())),
        ("judge", Judged(DONE, (1.0,))),
        ("judge", (DONE, ())),
        ("judge_pull", PullJudged((), {})),
        ("alarm", None),
        ("alarm", "kiss"),
        ("sum_up", (FAULT,)),
    ],
)
def test_a_right_result_goes_through_untouched(name, given):
    assert _gives(name, given)(None, None, None) is given


def _line(code, word):
    return next(n for n, line in enumerate(code.splitlines(), start=1) if word in line)


CODE = """
from rig.drills.api import Drill, DrillGuide, Move, OwnDrill, no_alarm
import json

def begin(settings, participant):
    return None

def helper(memory):
    return json.loads(memory)  # fails in another's file, called from here

def watch(memory, loads, contact):
    return helper("{")

OWN = OwnDrill(
    Drill("odd-drill", "here", (Move("here", "go", "here", counts=True),), begin, watch, no_alarm),
    DrillGuide("Odd", "Aim.", "One.", (), "it."),
)
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a package of one module on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(code):
        (tmp_path / "drill_that_fails.py").write_text(code, "utf-8")
        about = tmp_path / "fails-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: fails\nVersion: 1.0\n")
        points = "[solerig.drills]\nodd-drill = drill_that_fails:OWN\n"
        (about / "entry_points.txt").write_text(points)
        added_drills.cache_clear()
        return added_drills()

    yield write
    added_drills.cache_clear()
    sys.modules.pop("drill_that_fails", None)


def test_what_it_raises_has_its_place_in_the_package_s_own_file(install):
    drill = install(CODE).drills["odd-drill"].own.drill
    with pytest.raises(AnalysisError) as raised:
        drill.watch(None, None, None)
    place = f"(drill_that_fails.py, line {_line(CODE, 'fails in another')}, in helper)"
    assert place in str(raised.value)
    assert "JSONDecodeError" in str(raised.value)
    with pytest.raises(AnalysisError) as raised:
        drill.watch(None)
    place = f"(drill_that_fails.py, line {_line(CODE, 'def watch')}, in watch)"
    assert place in str(raised.value)


def test_the_command_line_tells_it_in_one_sentence_and_not_as_ours(install, tmp_path, capsys):
    install(CODE.replace('return helper("{")', "return []"))
    folder = str(tmp_path / "stands")
    assert run(["simulate", "flat-stance", "--seconds", "2", "--out", folder]) == 0
    capsys.readouterr()
    assert run(["analyse", folder, "--drill", "odd-drill"]) == 2
    said = capsys.readouterr().err
    assert "package fails 1.0 failed: watch must return (memory, signals)" in said
    assert "inside Solerig" not in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "\nx = nothing\n",
            "NameError: name 'nothing' is not defined (drill_that_fails.py, line 2).",
        ),
        ("def f():\n    1 / 0\nf()", "division by zero (drill_that_fails.py, line 2, in f)."),
        ("x = 1\nx = = 2", "drill_that_fails.py, line 2)."),
        ("OTHER = 3", "OWN'."),
    ],
)
def test_what_fails_at_import_has_its_place_and_ends_as_a_sentence(install, code, said):
    told = install(code).problems["odd-drill"]
    assert told.endswith(said)
    assert f"{told} What was recorded as odd-drill" in unknown_sentence("odd-drill")


def test_a_place_that_is_not_known_is_not_made_up():
    assert place_of(SettingsError("x"), "drill_that_fails") == ""
    with pytest.raises(ValueError, match="malformed") as raised:
        ast.literal_eval("f()")
    assert place_of(raised.value, None) == ""
