# SPDX-License-Identifier: GPL-3.0-or-later
from dashboard.message_model import Message, MessageLine


def test_the_links_own_sentence_stands_when_nothing_else_is_said():
    line = MessageLine(standing=Message("Frames are coming."))
    assert line.current(0.0).sentence == "Frames are coming."
    line.say("Tare taken.", "done", 1.0)
    assert line.current(2.0) == Message("Tare taken.", "done")
    assert line.current(60.0).sentence == "Frames are coming."


def test_a_problem_is_not_pushed_away_by_a_note():
    line = MessageLine()
    line.say("The disk is full.", "problem", 1.0)
    line.say("Marker set.", "note", 2.0)
    assert line.current(3.0).sentence == "The disk is full."
    line.say("Another problem.", "problem", 4.0)
    assert line.current(5.0).sentence == "Another problem."


def test_an_empty_sentence_says_nothing():
    line = MessageLine()
    line.say("Marker set.", "note", 1.0)
    line.say("", "note", 1.1)
    assert line.current(1.2).sentence == "Marker set."
