# SPDX-License-Identifier: GPL-3.0-or-later
"""The added drill among the dashboard's."""

import pytest
from PyQt6.QtCore import Qt

from dashboard.drill_model import DrillReadout
from dashboard.widgets.drill_chooser import DrillChooser
from rig.drills.repetitions import DrillResult, Repetition
from rig.layout import Foot
from rig.settings import DRILL_NAMES, DrillSettings


@pytest.fixture
def chooser(qtbot):
    chooser = DrillChooser()
    qtbot.addWidget(chooser)
    return chooser


def test_it_is_chosen_like_the_others_and_has_a_side(chooser, qtbot):
    assert list(chooser.drill_buttons) == [*DRILL_NAMES, "heel-raise"]
    button = chooser.drill_buttons["heel-raise"]
    assert button.text() == "Heel raise"
    with qtbot.waitSignal(chooser.chosen) as chosen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == [DrillSettings("heel-raise", "right")]
    assert chooser.side_buttons["left"].isEnabled()
    with qtbot.waitSignal(chooser.chosen) as chosen:
        chooser.choose_next()
    assert chosen.args == [DrillSettings("stance", "right")]


def test_the_panel_shows_its_count_and_its_measure():
    readout = DrillReadout(DrillSettings("heel-raise"))
    raised = Repetition("heel-raise", Foot.RIGHT, 1.0, 2.9, "none", {"held_s": 1.9})
    readout.push(DrillResult("heel-raise", (raised,), 1, "standing", None), 3.0, 3.0)
    assert (readout.words.counted, readout.count) == ("raises", 1)
    assert (readout.words.measure_title, readout.measure_text) == ("Heel up", "1.9")


def test_a_drill_that_is_not_installed_bears_its_name():
    words = DrillReadout(DrillSettings("from-elsewhere")).words
    assert (words.title, words.uses_side) == ("from-elsewhere", False)
