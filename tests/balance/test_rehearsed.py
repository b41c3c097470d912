# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated motions that rehearse a whole test by themselves reach full trials in it."""

from dataclasses import replace

import numpy as np
import pytest

from rig.balance.protocol import find_protocol
from rig.balance.protocol_file import own_protocols
from rig.balance.runner import begin, press, take
from rig.balance.trial import Person
from rig.simulate.motions import motion_phrases


def by_itself(played, protocol, person, first_key_s=0.0):
    """Spotter and start as soon as they are asked for, as `--auto-start` does."""
    run, _ = begin(protocol, person)
    for block in played.blocks:
        run, _ = take(run, block)
        if run.now_s < first_key_s:
            continue
        if run.phase == "spotter":
            run, _ = press(run, "spotter_ready")
        elif run.phase == "ready":
            run, _ = press(run, "start")
        if run.phase == "done":
            break
    return run


@pytest.fixture(scope="module")
def leans(play):
    return play(motion_phrases("leaning", None), 114.0)


@pytest.mark.parametrize("first_key_s", [0.3, 1.8])
def test_leans_follow_the_cues_of_the_limits_of_stability(leans, first_key_s):
    """The first key comes when the stream is up; the leans take what that leaves as reaction time."""
    protocol = find_protocol(own_protocols(), "limits-of-stability")
    run = by_itself(leans, protocol, Person(leans.foot_length_mm, height_mm=1750.0), first_key_s)
    assert run.phase == "done"
    assert {trial.outcome for trial in run.trials} == {"time"}
    assert len(run.trials) == 8
    for trial in run.trials:
        assert 0.1 < trial.measures["reaction_time_s"] < 3.5
        assert 20.0 < trial.measures["maximum_excursion_percent"] < 110.0
        assert trial.measures["directional_control_percent"] > 30.0


def test_each_leg_is_held_for_all_of_its_trials(play):
    """Three of 45 s on the working (right) leg, then three on the other."""
    whole = find_protocol(own_protocols(), "single-leg-45")
    right_first = replace(whole, conditions=(whole.conditions[1], whole.conditions[0]))
    played = play(motion_phrases("leg-by-leg", None), 290.0)
    run = by_itself(played, right_first, Person(played.foot_length_mm))
    assert run.phase == "done"
    assert [trial.condition for trial in run.trials] == ["right-eyes-open"] * 3 + [
        "left-eyes-open"
    ] * 3
    np.testing.assert_allclose([trial.time_s for trial in run.trials], 45.0)
