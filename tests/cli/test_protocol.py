# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig protocol` as a person meets it: lists, refusals, and a whole test with keys pressed."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from rig.balance.history import Visit
from rig.balance.measure_names import measure_names
from rig.balance.protocol_file import own_protocols, read_protocols
from rig.balance.runner import begin, press
from rig.balance.trial import Person
from rig.balance.voice import Voice
from rig.cli.__main__ import run
from rig.cli.protocol_session import Beside, written
from rig.cli.protocol_summary import show_summary
from rig.errors import SettingsError
from rig.record.recording import Recording

PATIENCE_S = 60.0
SHORT = """schema = "solerig-protocols-1"
[[protocol]]
key = "short"
title = "Short"
about = "For trying it out."
source = "none"
measure = "sway"
settle_s = 0.5
[[protocol.condition]]
key = "eyes-closed"
says = "Stand."
eyes = "closed"
seconds = 2.0
"""
RATIO = """
[[protocol.ratio]]
key = "{}"
measure = "{}"
of = "eyes-closed"
over = "eyes-closed"
"""


@pytest.fixture
def short(tmp_path: Path):
    """A protocol of one trial of two seconds, perhaps changed."""

    def write(*changed: str) -> Path:
        path = tmp_path / "short.toml"
        path.write_text(SHORT.replace(*changed) if changed else SHORT)
        return path

    return write


def test_every_protocol_is_listed_and_shown(capsys):
    assert run(["protocol", "list"]) == 0
    listed = capsys.readouterr().out
    for protocol in own_protocols():
        assert protocol.key in listed
        assert run(["protocol", "show", protocol.key]) == 0
        shown = capsys.readouterr().out
        assert protocol.source in shown.replace("\n", " ")
        assert all(condition.key in shown for condition in protocol.conditions)


def test_eyes_closed_and_foam_always_wait_for_a_spotter():
    conditions = [c for p in own_protocols() for c in p.conditions]
    risky = [c for c in conditions if c.eyes == "closed" or c.surface == "foam"]
    assert len(risky) >= 9
    assert all(c.needs_spotter for c in risky)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("seconds = 2.0", "seconds = 0.5"), "seconds must be"),
        (("seconds = 2.0", 'seconds = "two"'), "cannot be"),
        (("seconds = 2.0", ""), "does not say seconds"),
        (('eyes = "closed"', 'eyes = "shut"'), "choose open, closed"),
        (('eyes = "closed"', 'feet = "left"'), "only be held|can only"),
        (('eyes = "closed"', 'stance = "crouched"'), "no stance"),
        (('eyes = "closed"', 'stance = "tandem"'), "front"),
        (('eyes = "closed"', "direction_deg = 3.0"), "direction_deg"),
        (('measure = "sway"', 'measure = "limits"'), "direction_deg|settle"),
        (('measure = "sway"', 'measure = "dance"'), "choose sway"),
        (("settle_s = 0.5", "settel_s = 0.5"), "settel_s is not known"),
        (('key = "short"', ""), "does not say key"),
        (("solerig-protocols-1", "something"), "schema"),
        (("[[protocol]]", "[[protocol"), "not TOML"),
        (("[[protocol]]", "[protocol]"), r"\[\[protocol\]\]"),
        (("[[protocol.condition]]", "[protocol.condition]"), r"\[\[condition\]\]"),
        (("settle_s = 0.5", 'condition = ["a"]'), "not TOML"),
        (("[[protocol]]", 'stance = "q"\n[[protocol]]'), "stance.NAME"),
        (("[[protocol]]", 'stance.q = "q"\n[[protocol]]'), "stance.NAME"),
        (("[[protocol]]", '[stance.q]\nsays = "q"\nheel_x_mm = inf\n[[protocol]]'), "heel_x_mm"),
        (("[[protocol]]", '[stance.q]\nsays = "q"\nheel_x_mm = 9e4\n[[protocol]]'), "0 to 500"),
        (("[[protocol]]", '[stance.tandem]\nsays = "q"\n[[protocol]]'), "another name"),
        (("seconds = 2.0", "seconds = nan"), "seconds = nan"),
        (("seconds = 2.0", "seconds = 1" + "0" * 400), "seconds = 10+.* cannot be"),
        (("seconds = 2.0", "seconds = 1" + "0" * 5000), "not TOML"),
        (('key = "eyes-closed"', 'key = ""'), "a-z"),
        (('key = "eyes-closed"', 'key = "/../../../evil"'), "a-z"),
        (('key = "eyes-closed"', 'key = "a\\\\b"'), "a-z"),
        (('key = "short"', 'key = "Short test"'), "a-z"),
        (("seconds = 2.0", "seconds = 2.0" + RATIO.format("q", "no_such_mm")), "no_such_mm"),
        (("seconds = 2.0", "seconds = 2.0" + RATIO.format("q", "time_s")), "time_s"),
        (("seconds = 2.0", "seconds = 2.0" + 2 * RATIO.format("q", "path_mm")), "ratio twice"),
    ],
)
def test_a_wrong_protocol_is_refused_in_one_sentence(short, capsys, changed, says):
    path = short(*changed)
    with pytest.raises(SettingsError, match=says) as refusal:
        read_protocols(path)
    assert str(path) in str(refusal.value)
    assert run(["protocol", "show", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            SHORT.split("[[protocol.condition]]", maxsplit=1)[0] + 'condition = ["a"]\n',
            "[[condition]]",
        ),
        ('schema = "solerig-protocols-1"\nprotocol = "q"\n', "[[protocol]]"),
    ],
)
def test_a_word_is_no_table(short, capsys, text, says):
    assert run(["protocol", "show", str(short(SHORT, text))]) == 2
    assert says in capsys.readouterr().err


def test_solerigs_own_ratios_name_what_is_measured():
    ratios = [
        (protocol.measure, r.measure) for protocol in own_protocols() for r in protocol.ratios
    ]
    assert len(ratios) == 7
    assert all(measure in measure_names(kind) for kind, measure in ratios)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such-test"], "choose one of"),
        (["limits-of-stability", "--source", "simulated", "--auto-start"], "height"),
        (["romberg", "--source", "/dev/ttyACM0", "--auto-start"], "hand on SPACE"),
        (["romberg", "--source", "simulated"], "keyboard"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_happens(tmp_path, capsys, arguments, says):
    out = tmp_path / "out"
    assert run(["protocol", "run", *arguments, "--out", str(out)]) == 2
    assert says in capsys.readouterr().err
    assert not out.exists()


def test_a_test_runs_by_itself_on_a_simulated_person(short, tmp_path, capsys):
    out = tmp_path / "visit"
    asked = ["--source", "simulated", "--auto-start", "--json", "--age", "30"]
    assert run(["protocol", "run", str(short()), *asked, "--out", str(out)]) == 0
    printed = capsys.readouterr()
    content = json.loads(printed.out)
    assert content == json.loads((out / "summary.json").read_text())
    (trial,) = content["trials"]
    assert (trial["outcome"], trial["time_s"]) == ("time", pytest.approx(2.0))
    assert trial["measures"]["velocity_mm_s"] > 0.0
    assert content["complete"] is True
    (condition,) = content["conditions"]
    (flag,) = [f for f in condition["validity"]["flags"] if f["code"] == "too_short"]
    assert (condition["validity"]["valid"], flag["trials"]) == (False, [1])
    assert content["simulated"] == "eyes-closed"
    for cue in ("spotter ready", "Start.", "Stop.", "stands on both feet, eyes closed"):
        assert cue in printed.err
    with (out / "summary.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["outcome"] == "time"
    kept = Recording.open(out / trial["recording"])
    assert kept.stopped
    labels = [event.get("label") for event in kept.events if event["type"] == "marker"]
    assert labels == ["cue: start", "cue: end"]


def test_earlier_visits_stand_beside_a_new_one(short, tmp_path, capsys):
    asked = ["--source", "simulated", "--auto-start"]
    person = tmp_path / "person"
    first, second = (str(person / visit) for visit in ("first", "second"))
    assert run(["protocol", "run", str(short()), *asked, "--out", first]) == 0
    path = Path(first, "summary.json")
    content = json.loads(path.read_text())
    assert content["history"] == []
    content["date"] = "2026-03-05T10:00:00+00:00"
    content["conditions"][0]["measures"]["velocity_mm_s"] = 7.25
    path.write_text(json.dumps(content))
    capsys.readouterr()
    asked += ["--history", str(person)]
    assert run(["protocol", "run", str(short()), *asked, "--out", second]) == 0
    printed = capsys.readouterr().out
    assert "Flagged: eyes-closed, trial 1 (too_short)" in printed
    row = next(line for line in printed.splitlines() if "7.2" in line)
    assert "(flagged)" in row
    assert "2026-03-05" in row or "2026-03-04" in row  # in this machine's time zone
    history = json.loads(Path(second, "summary.json").read_text())["history"]
    values = {entry["measure"]: (entry["value"], entry["visit"]) for entry in history}
    assert values["velocity_mm_s"] == (7.25, "first")
    asked[-1] = str(tmp_path / "nobody")
    assert run(["protocol", "run", str(short()), *asked, "--out", second, "--force"]) == 2
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--norms", "--history"])
def test_a_damaged_file_beside_a_test_is_said_before_it_begins(short, tmp_path, capsys, option):
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "ours.toml").write_text('schema = "solerig-norms-1"\nnorm = ["x"]\n')
    (beside / "summary.json").write_text('{"schema": "solerig-balance-test-1"}')
    out = tmp_path / "out"
    asked = ["--source", "simulated", "--auto-start", "--age", "30", option, str(beside)]
    assert run(["protocol", "run", str(short()), *asked, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert str(beside) in told
    assert "inside Solerig" not in told
    assert not out.exists()


def test_what_was_measured_is_kept_even_if_an_earlier_visit_cannot_be_used(tmp_path):
    ended, _ = press(begin(own_protocols()[0], Person(265.0))[0], "quit")
    unusable = Visit("2026-03-05T10:00:00+00:00", "old", {})
    with pytest.raises(KeyError):
        written(tmp_path, ended, [], Beside(visits=(unusable,)))
    assert json.loads((tmp_path / "summary.json").read_text())["history"] == []
    assert (tmp_path / "summary.csv").is_file()


def test_a_norm_is_shown_with_its_measure_and_range_beside_history():
    content = {
        "protocol": {"measure": "hold"},
        "conditions": [
            {
                "key": "left",
                "trials": 3,
                "full_time_trials": 0,
                "time_s": 12.0,
                "measures": {"velocity_mm_s": None},
                "validity": {"valid": None, "flags": []},
            }
        ],
        "trials": [],
        "ratios": {},
        "ratios_valid": {},
        "history": [
            {
                "condition": "left",
                "measure": "time_s",
                "date": "2026-03-05T10:00:00",
                "value": 9.0,
                "valid": None,
            }
        ],
        "norms": [
            {
                "measure": "time_s",
                "conditions": ["left"],
                "age_years": [40.0, 49.0],
                "mean": 10.0,
                "range": [4.0, 16.0],
                "n": 30,
                "source": "A clinic [b]",
                "equipment": "stopwatch",
                "caveat": "Small.",
            }
        ],
        "wording": "No diagnosis.",
    }
    out = io.StringIO()
    show_summary(content, Console(file=out, width=200))
    row = next(line for line in out.getvalue().splitlines() if "2026-03-05" in line)
    assert row.split("  ")[0].strip() == "left"
    for text in ("2026-03-05: 9.0", "12.0", "mean 10, 4 to 16"):
        assert text in row
    assert (
        "Others aged 40-49, left, time_s: mean 10, 4 to 16 (n = 30, A clinic [b]" in out.getvalue()
    )


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_one_hand_on_the_keyboard_runs_a_test(short, tmp_path):
    """SPACE for the spotter and the start, e when the eyes open; then q."""
    out = tmp_path / "visit"
    path = short("seconds = 2.0", "seconds = 30.0")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "rig", "protocol", "run", str(path)]
    command += ["--source", "simulated", "--out", str(out)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(theirs)
        try:
            for awaited, key in (
                ("spotter ready?", b" "),
                ("Say when you are ready", b" "),
                ("Start.", b"e"),
                ("seconds.", b""),
            ):
                _read_until(process, awaited)
                os.write(ours, key)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
            os.close(ours)
    (trial,) = json.loads((out / "summary.json").read_text())["trials"]
    assert trial["outcome"] == "eyes_opened"
    assert trial["marks"][0]["label"] == "eyes_opened"
    kept = Recording.open(out / trial["recording"])
    labels = [event.get("label") for event in kept.events if event["type"] == "marker"]
    assert labels == ["cue: start", "eyes_opened", "cue: end"]


def _read_until(process, awaited):
    end = time.monotonic() + PATIENCE_S
    for line in process.stderr:
        assert time.monotonic() < end
        if awaited in line:
            return
    raise AssertionError(f"the command ended before it said {awaited!r}")


def _visit(folder: Path, times_s, outcome="time", key="tandem"):
    """A summary with a trial for each time, as 'protocol run' writes it."""
    trials = [
        {
            "condition": "left-in-front",
            "practice": False,
            "discarded": place == 3,
            "outcome": outcome,
            "time_s": time_s,
            "measures": {"velocity_mm_s": 2.0 * time_s, "f50_ap_hz": None},
        }
        for place, time_s in enumerate(times_s)
    ]
    content = {
        "schema": "solerig-balance-test-1",
        "protocol": {"key": key, "measure": "hold"},
        "person": {"foot_length_mm": 265.0},
        "conditions": [
            {
                "key": "left-in-front",
                "time_s": None,
                "measures": {"velocity_mm_s": 0.0, "f50_ap_hz": None},
            }
        ],
        "trials": trials,
    }
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(content))
    return str(folder)


def test_two_visits_are_compared_by_their_trials(tmp_path, capsys):
    """8 10 12 and 13 14 18 (a fourth was discarded): MDC95 = 1.96 sqrt(2) sqrt(5.5 / 3) = 3.753."""
    before = _visit(tmp_path / "a", [8.0, 10.0, 12.0, 99.0])
    after = _visit(tmp_path / "b", [13.0, 14.0, 18.0])
    assert run(["protocol", "compare", before, after, "--json"]) == 0
    time, velocity = json.loads(capsys.readouterr().out)["changes"]
    assert (time["measure"], time["change"], time["beyond"]) == ("time_s", 5.0, True)
    assert time["mdc95"] == pytest.approx(3.753, abs=5e-4)
    assert velocity["mdc95"] == pytest.approx(2.0 * time["mdc95"])
    assert run(["protocol", "compare", before, after]) == 0
    assert "3.75" in capsys.readouterr().out


def test_visits_that_were_not_made_alike_are_not_compared(tmp_path, capsys):
    before = _visit(tmp_path / "a", [8.0, 10.0, 12.0])
    after = Path(_visit(tmp_path / "b", [13.0, 14.0, 18.0]), "summary.json")
    original = json.loads(after.read_text())

    def compared(change, *options):
        content = json.loads(json.dumps(original))
        change(content)
        after.write_text(json.dumps(content))
        code = run(["protocol", "compare", before, str(after), *options])
        return code, capsys.readouterr()

    for change, says in (
        (lambda c: c["person"].update(foot_length_mm=240.0), "foot_length_mm 265.0 and 240.0"),
        (lambda c: c["protocol"].update(trial_rule="best of 3"), "trial_rule"),
        (lambda c: c["conditions"][0].update(seconds=60.0), "no condition done alike"),
        (lambda c: c["conditions"][0].update(surface="foam"), "no condition done alike"),
        (lambda c: c.pop("trials"), "trials is missing"),
    ):
        code, printed = compared(change)
        assert code == 2
        assert says in printed.err
    other = {**original["conditions"][0], "key": "right-in-front"}
    code, printed = compared(lambda c: c["conditions"].append(other), "--json")
    assert code == 0
    assert "right-in-front" in json.loads(printed.out)["left_out"][0]


def test_a_change_says_what_speaks_against_its_trials(tmp_path, capsys):
    before = _visit(tmp_path / "a", [8.0, 10.0, 12.0])
    after = Path(_visit(tmp_path / "b", [13.0, 14.0, 18.0]), "summary.json")
    content = json.loads(after.read_text())
    content["trials"][1]["validity"] = {
        "valid": False,
        "flags": [{"code": "saturated", "says": "A sensor was at its limit."}],
    }
    after.write_text(json.dumps(content))
    assert run(["protocol", "compare", before, str(after), "--json"]) == 0
    time_s, velocity = json.loads(capsys.readouterr().out)["changes"]
    assert (time_s["flags"], velocity["flags"]) == ([], ["saturated"])
    assert run(["protocol", "compare", before, str(after)]) == 0
    assert "saturated" in capsys.readouterr().out


def test_visits_with_few_trials_or_other_tests_are_not_judged(tmp_path, capsys):
    before = _visit(tmp_path / "a", [8.0, 10.0])
    after = _visit(tmp_path / "b", [13.0, 14.0, 18.0], outcome="step")
    assert run(["protocol", "compare", before, after, "--json"]) == 0
    (time,) = json.loads(capsys.readouterr().out)["changes"]
    assert (time["change"], time["mdc95"], time["beyond"]) == (6.0, None, None)
    other = _visit(tmp_path / "c", [1.0], key="semi-tandem")
    assert run(["protocol", "compare", before, other]) == 2
    assert "different tests" in capsys.readouterr().err
    assert run(["protocol", "compare", before, str(tmp_path)]) == 2


@pytest.mark.skipif(os.name != "posix", reason="a script for the voice")
def test_the_systems_voice_says_the_cues(tmp_path, monkeypatch):
    said = tmp_path / "said.txt"
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n/bin/cat >> {said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = Voice()
    voice.say("Ten seconds left.")
    end = time.monotonic() + PATIENCE_S
    while not (said.exists() and said.read_text() == "Ten seconds left."):
        assert time.monotonic() < end
        time.sleep(0.02)
    voice.hush()


def test_a_system_without_a_voice_is_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SettingsError, match="No voice"):
        Voice()
