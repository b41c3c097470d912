# SPDX-License-Identifier: GPL-3.0-or-later
import dataclasses

import pytest

from dashboard.link_model import STALE_AFTER_S, badge_of, link_figures, no_data_sentence
from dashboard.live_model import NO_LINK


@pytest.fixture
def link(hopping):
    return hopping.update().link


def figure(link, title: str, age_s: float | None = 0.1):
    return next(f for f in link_figures(link, age_s) if f.title == title)


@pytest.mark.parametrize(
    ("kind", "simulated", "word"),
    [
        ("simulated", True, "SIMULATED"),
        ("firmware", True, "SIMULATED"),
        ("serial", False, "REAL"),
        ("auto", False, "REAL"),
        ("recording", False, "REPLAY"),
        ("recording", True, "REPLAY (SIM)"),
    ],
)
def test_nobody_takes_a_simulation_for_a_person(link, kind, simulated, word):
    changed = dataclasses.replace(link, source_kind=kind, simulated=simulated)
    assert badge_of(changed).word == word


def test_without_a_source_there_is_nothing_to_claim():
    assert badge_of(NO_LINK).word == "NO SOURCE"
    assert figure(NO_LINK, "Rate", None).value == "\N{EM DASH}"
    assert figure(NO_LINK, "Supply", None).value == "\N{EM DASH}"
    assert figure(NO_LINK, "Data age", None).value == "\N{EM DASH}"


def test_lost_frames_are_counted_and_rated(link):
    assert figure(link, "Lost").severity == "good"
    few = dataclasses.replace(link, frames=9990, lost_frames=10)
    assert (figure(few, "Lost").value, figure(few, "Lost").severity) == ("10 (0.10 %)", "warning")
    many = dataclasses.replace(link, frames=950, lost_frames=50)
    assert (figure(many, "Lost").value, figure(many, "Lost").severity) == ("50 (5.00 %)", "bad")


def test_a_rate_below_what_the_board_promised_is_marked(link):
    assert figure(link, "Rate").value == "1000 Hz"
    slow = dataclasses.replace(link, rate_hz=900.0)
    assert figure(slow, "Rate").severity == "warning"


def test_a_low_supply_is_marked(link):
    assert figure(link, "Supply").value == "5.00 V"
    low = dataclasses.replace(link, supply_mv=4300)
    assert figure(low, "Supply").severity == "warning"


def test_an_unknown_board_is_named_by_its_number(link):
    unknown = dataclasses.replace(link, hello=dataclasses.replace(link.hello, board=250))
    assert figure(unknown, "Board").value.startswith("Board 250 ")


def test_old_data_say_how_old_they_are(link):
    assert no_data_sentence(STALE_AFTER_S) == ""
    assert no_data_sentence(2.04) == "no data since 2.0 s"
    assert no_data_sentence(600.0) == "no data since 10 min"
    assert no_data_sentence(None) == "no data yet"
    assert figure(link, "Data age", 0.2).value == "live"
    assert figure(link, "Data age", 3.0).severity == "bad"
