# SPDX-License-Identifier: GPL-3.0-or-later
"""Coaching: cues, sets and programme together, on a simulated drill that a board might have sent."""

import dataclasses

import pytest

from dashboard.coaching_model import Coaching, is_person
from dashboard.live_model import NO_LINK
from dashboard.programme_model import Practice
from rig.drills.programme import CALF_AND_ACHILLES
from rig.record.programme_log import read_entries
from rig.settings import DrillSettings
from rig.simulate.behaviour import BehaviourFault

HOPPING = DrillSettings("hopping")


@pytest.fixture
def coaching(tmp_path) -> Coaching:
    return Coaching(Practice(tmp_path / "programme"))


def follow(coaching, played, change=lambda update: update, from_s=0.0, to_s=1e9, settings=None):
    """Block by block, as they come while it happens; the tones that are due after each."""
    tones = []
    for block in played.blocks:
        if len(block.loads) and from_s <= block.loads.force.t_s[0] < to_s:
            update = change(played.update(blocks=(block,)))
            if settings is not None:
                update = dataclasses.replace(update, settings=settings)
            coaching.push(update, float(block.loads.force.t_s[-1]))
            tones.append(coaching.take_tone())
    return [tone for tone in tones if tone is not None]


def test_only_a_board_carries_a_person(play):
    link = play("tapping", 20.0, 3).update().link
    assert not is_person(link)
    assert not is_person(dataclasses.replace(link, source_kind="recording", simulated=False))
    assert is_person(dataclasses.replace(link, source_kind="port", simulated=False))
    assert is_person(NO_LINK)


def test_a_set_of_taps_is_rewarded_closed_and_kept(coaching, play, on_board):
    played = play("tapping", 20.0, 3)
    coaching.name("P07")
    tones = follow(coaching, played, on_board)
    (entry,) = read_entries(coaching.practice.folder, "P07")
    assert (entry.drill, entry.side, entry.target, entry.ended) == (
        "tapping",
        "right",
        12,
        "target",
    )
    true = [r.end_s for r in played.session.truth.repetitions]
    # rewards before the twelfth (a hint has no tone), the set's own tone with it, warnings after it
    closed = tones.index("set")
    assert tones[:closed] == ["reward"] * closed
    assert 9 <= closed <= 11
    assert tones.count("warning") == pytest.approx(len(true) - 12, abs=1)
    assert "reward" not in tones[closed:]
    assert coaching.words.startswith("Set 1 is over: stop and rest.")
    coaching.sets.now_s += 20.0
    assert coaching.words.startswith("Today: 1 set (12 repetitions,")


def test_what_is_judged_as_the_data_end_belongs_to_the_set(coaching, play):
    played = play("pony", 6.0, 3)
    cut = len(played.blocks) // 2
    follow(coaching, played, to_s=played.blocks[cut].loads.force.t_s[0])
    ended = dataclasses.replace(played.update().link, state="ended")
    coaching.push(played.update(blocks=played.blocks[cut:], link=ended), 6.0)
    coaching.push(played.update(blocks=(), link=ended), 6.1)
    (done,) = coaching.sets.state.done
    assert (done.ended, done.extra) == ("data ended", 0)
    assert len(done.repetitions) >= 5


def test_the_same_foot_twice_is_shown_though_it_is_no_repetition(coaching, play):
    played = play("switch", 12.0, 3, (BehaviourFault("STUMBLE"),))
    (stumble, *_) = played.session.truth.set_faults
    follow(coaching, played, to_s=stumble.at_s + 0.2)
    picture = coaching.cues.current(stumble.at_s + 0.2)
    assert (picture.word, picture.side) == ("Same foot twice", stumble.foot.name)


def test_a_simulated_persons_sets_are_not_kept_and_it_is_said(coaching, play):
    coaching.name("P07")
    follow(coaching, play("tapping", 20.0, 3))
    assert read_entries(coaching.practice.folder, "P07") == ()
    assert coaching.words.endswith("No person practises here, so sets are not kept.")
    assert coaching.locks == []


def test_nobody_named_is_said(coaching, play, on_board):
    follow(coaching, play("tapping", 20.0, 3), on_board, to_s=2.0)
    assert coaching.words.endswith("Nobody is named (I), so sets are not kept.")


def test_a_locked_drill_leaves_free_movement_and_opens_with_taps_and_a_word(
    coaching, play, on_board
):
    coaching.name("P07")
    follow(coaching, play("tapping", 20.0, 3), on_board, to_s=0.1)
    in_force = coaching.ask(HOPPING)
    assert in_force.name == "free"
    assert coaching.drill == HOPPING
    assert not coaching.coaches
    assert coaching.gate.kind == "locked"
    assert "one clean set of 10 taps" in coaching.gate.sentences[0]
    assert set(coaching.locks) == {"hopping", "lunge", "switch"}
    coaching.pain_is_gone()
    assert coaching.due is None
    # tapping is chosen instead, a clean set is done, and hopping is open
    coaching.ask(play("tapping", 20.0, 3).settings.drill)
    follow(coaching, play("tapping", 20.0, 3), on_board)
    assert coaching.locks == []
    assert coaching.ask(HOPPING) == HOPPING


def test_an_opened_lock_asks_for_its_drill_by_itself(coaching, play, on_board):
    settings = dataclasses.replace(play("tapping", 20.0, 3).settings, drill=DrillSettings("free"))
    follow(coaching, play("tapping", 20.0, 3), on_board, to_s=0.1)
    coaching.ask(HOPPING)
    follow(coaching, play("tapping", 20.0, 3), on_board, 0.1, 0.2, settings)
    assert coaching.due is None
    coaching.practice.open_for_now(HOPPING)
    assert coaching.due == HOPPING
    assert coaching.ask(HOPPING) == HOPPING
    assert coaching.gate.kind == "caution"


def test_a_locked_drill_in_force_when_a_person_steps_on_is_taken_back(coaching, hopping, on_board):
    follow(coaching, hopping, to_s=0.5)
    assert coaching.due is None
    follow(coaching, hopping, on_board, 0.5, 0.6)
    assert coaching.due.name == "hopping"
    coaching.ask(coaching.due)
    assert coaching.gate.kind == "locked"


def test_pain_silences_everything_until_it_is_gone(coaching, play, on_board):
    played = play("tapping", 20.0, 3)
    coaching.name("P07")
    follow(coaching, played, on_board, to_s=6.0)
    assert coaching.sets.count >= 3
    coaching.pain()
    entries = read_entries(coaching.practice.folder, "P07")
    assert [e.kind for e in entries] == ["pain", "set"]
    assert entries[1].ended == "pain"
    assert coaching.gate.kind == "pain"
    assert follow(coaching, played, on_board, 6.0, 12.0) == []
    assert coaching.sets.running is None
    assert coaching.cues.current(12.0) is None
    coaching.pain_is_gone()
    assert coaching.gate is None or coaching.gate.kind == "caution"
    assert "reward" in follow(coaching, played, on_board, 12.0, 16.0)
    assert 0 < coaching.sets.count < 10


def test_the_calf_is_spoken_of_before_the_first_hop_and_not_after(coaching, hopping):
    follow(coaching, hopping, to_s=0.2)
    coaching.ask(HOPPING)
    assert coaching.gate.kind == "caution"
    assert CALF_AND_ACHILLES in coaching.gate.sentences
    follow(coaching, hopping, from_s=0.2)
    assert coaching.sets.count > 0
    assert coaching.gate is None


def test_another_person_takes_no_sets_of_the_one_before(coaching, play, on_board):
    played = play("tapping", 20.0, 3)
    coaching.name("P07")
    follow(coaching, played, on_board, to_s=6.0)
    done = coaching.sets.count
    coaching.name("P08")
    (entry,) = read_entries(coaching.practice.folder, "P07")
    assert entry.repetitions in (done, done - 1)
    assert coaching.sets.count == 0
    assert read_entries(coaching.practice.folder, "P08") == ()


def test_a_balance_test_is_not_disturbed(coaching, play, on_board):
    played = play("tapping", 20.0, 3)
    coaching.pause(paused=True)
    assert follow(coaching, played, on_board, to_s=8.0) == []
    assert coaching.sets.running is None
    coaching.pause(paused=False)
    assert "reward" in follow(coaching, played, on_board, 8.0, 12.0)


def test_a_stream_that_ends_closes_and_keeps_the_set(coaching, play, on_board):
    played = play("tapping", 20.0, 3)
    coaching.name("P07")
    follow(coaching, played, on_board, to_s=6.0)
    last = on_board(played.update(blocks=()))
    ended = dataclasses.replace(last, link=dataclasses.replace(last.link, state="lost"))
    coaching.push(ended, 7.0)
    (entry,) = read_entries(coaching.practice.folder, "P07")
    assert entry.ended == "data ended"


def test_a_log_that_cannot_be_written_is_told(coaching, play, on_board):
    coaching.name("P07")
    coaching.practice.folder.parent.mkdir(exist_ok=True)
    coaching.practice.folder.write_text("a file where the folder should be")
    follow(coaching, play("tapping", 20.0, 3), on_board)
    assert any("not kept" in problem for problem in coaching.problems)
