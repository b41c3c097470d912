# SPDX-License-Identifier: GPL-3.0-or-later
"""The balance page: guided by the runner's words, run with one key, and blind to the CoP."""

import csv
import json
import os
from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt

from dashboard.balance_model import BalanceModel
from dashboard.views.balance_view import BalanceView
from rig.balance.protocol import Protocol, find_protocol
from rig.balance.protocol_file import own_protocols
from rig.balance.trial import Person


def short(key: str, seconds: float, settle_s: float) -> Protocol:
    """A protocol with its first condition alone, and little time."""
    protocol = find_protocol(own_protocols(), key)
    condition = replace(protocol.conditions[0], seconds=seconds)
    return replace(
        protocol, conditions=(condition,), trials=1, practice=0, settle_s=settle_s, ratios=()
    )


@pytest.fixture
def standing(play):
    """Both feet on the ground for some six seconds."""
    return play("stance", 9.0, 10_500)


@pytest.fixture
def page(window):
    """Opened on a window, with a short test of each kind."""
    protocols = (short("quiet-stance", 2.0, 0.5), short("limits-of-stability", 3.0, 1.0))
    page = BalanceView(window, window.source, protocols)
    page.resize(1280, 800)
    page.fit(1.0)
    page.show()
    yield page
    page.close()


def feed(page, played, from_s, to_s):
    page.take(played.update(from_s, to_s))


def test_a_trial_is_guided_and_its_summary_kept(page, standing, qtbot, tmp_path):
    page.begin_test()
    assert page.heading.text() == "Ready?"
    assert "still" in page.words.text()
    feed(page, standing, 0.0, 1.0)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert page.heading.text() == "Get ready"
    feed(page, standing, 1.0, 2.0)
    assert page.heading.text() == "Stand still"
    assert page.seconds.text() in ("1", "2")
    assert not page.target.isVisible()
    feed(page, standing, 2.0, 5.0)
    assert page.heading.text() == "Done"
    assert "2.0 s, full time" in page.trials.text()
    assert "mm" not in page.trials.text()
    (written,) = (tmp_path / "recordings").glob("*_balance_quiet-stance")
    content = json.loads((written / "summary.json").read_text())
    assert [t["outcome"] for t in content["trials"]] == ["time"]
    with (written / "summary.csv").open() as file:
        assert [row["outcome"] for row in csv.DictReader(file)] == ["time"]


def test_a_key_ends_the_trial(page, standing, qtbot):
    page.begin_test()
    feed(page, standing, 0.0, 1.0)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    feed(page, standing, 1.0, 2.5)
    assert page.buttons["arms_moved"].isEnabled()
    assert not page.chooser.isEnabled()
    qtbot.keyClick(page, Qt.Key.Key_A)
    feed(page, standing, 2.5, 3.0)
    assert "arms moved" in page.trials.text()
    assert page.chooser.isEnabled()


def test_limits_of_stability_need_a_height_a_spotter_and_show_the_target(page, standing, qtbot):
    page.chooser.setCurrentIndex(1)
    page.begin_test()
    assert "height" in page.words.text()
    page.height_cm.setValue(175.0)
    page.begin_test()
    assert page.heading.text() == "Spotter ready?"
    feed(page, standing, 0.0, 0.5)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert page.words.text().startswith("Lean forward.")
    qtbot.keyClick(page, Qt.Key.Key_Space)
    feed(page, standing, 0.5, 2.5)
    assert page.heading.text() == "Lean"
    assert page.target.isVisible()
    assert "of the way" in page.target.accessibleDescription()


@pytest.mark.skipif(os.name != "posix", reason="a script for the voice")
def test_the_cues_are_spoken_only_while_the_box_is_ticked(page, tmp_path, monkeypatch, qtbot):
    said = tmp_path / "said.txt"
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n/bin/cat >> {said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    page.begin_test()
    assert not said.exists()
    page.press("quit")
    page.speak.setChecked(True)
    page.begin_test()
    instruction = page.words.text()
    qtbot.waitUntil(lambda: said.exists() and instruction in said.read_text(), timeout=20_000)
    page.speak.setChecked(False)
    before = said.read_text()
    page.press("quit")
    assert said.read_text() == before


def test_a_system_without_a_voice_says_so_and_unticks_the_box(page, monkeypatch):
    monkeypatch.setenv("PATH", "")
    page.speak.setChecked(True)
    assert not page.speak.isChecked()
    assert "No voice" in page.words.text()


def test_a_stream_that_breaks_off_ends_the_test_in_words(standing):
    model = BalanceModel()
    model.start(short("quiet-stance", 2.0, 0.5), Person(265.0))
    model.push(standing.update(0.0, 1.0))
    model.go_on()
    model.push(standing.update(1.0, 1.8))
    assert model.under_way
    lost = standing.update(1.8, 1.9)
    link = replace(lost.link, state="lost", sentence="The cable came off.")
    model.push(replace(lost, link=link))
    assert not model.under_way
    assert (model.heading, model.words) == ("Stream lost", "The cable came off.")


def test_b_opens_the_page_over_the_window(window, qtbot):
    page = window.open_balance()
    assert page.isModal()
    assert page.chooser.count() == len(own_protocols())
    page.close()


def test_pain_ends_the_test_and_stands_on_the_page_beneath(window, standing, qtbot):
    page = window.open_balance()
    page.begin_test()
    feed(page, standing, 0.0, 1.0)
    page.go_on()
    feed(page, standing, 1.0, 7.0)
    assert page.model.under_way
    qtbot.mouseClick(page.pain, Qt.MouseButton.LeftButton)
    assert not page.isVisible()
    assert window.source.model.coaching.gate.kind == "pain"
    assert not window.source.model.coaching.paused
    assert page.model.run.phase == "done"


def test_pain_has_the_key_that_it_has_beneath(page, qtbot):
    with qtbot.waitSignal(page.pained):
        qtbot.keyClick(page, Qt.Key.Key_P)
    assert not page.isVisible()


def test_escape_leaves_the_page_as_closing_it_does(window, qtbot):
    page = window.open_balance()
    assert window.source.model.coaching.paused
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert not window.source.model.coaching.paused
