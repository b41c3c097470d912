# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated person does in a test is chosen by the test, and said."""

from dataclasses import replace

import pytest

from rig.balance.protocol import find_protocol
from rig.balance.protocol_file import own_protocols
from rig.cli.protocol_rehearsal import rehearsal_said, rehearsed_motion
from rig.simulate.catalogue import MOTION_NAMES


def protocol(key):
    return find_protocol(own_protocols(), key)


@pytest.mark.parametrize(
    ("key", "motion", "side"),
    [
        ("quiet-stance", "quiet", "right"),
        ("romberg", "quiet", "right"),
        ("mctsib", "foam", "right"),
        ("single-leg", "leg-by-leg", "left"),
        ("single-leg-45", "leg-by-leg", "left"),
        ("tandem", "quiet", "right"),
        ("semi-tandem", "quiet", "right"),
        ("limits-of-stability", "leaning", "right"),
        ("weight-shift", "shifting", "right"),
    ],
)
def test_every_shipped_test_has_a_motion_that_fits(key, motion, side):
    assert rehearsed_motion(protocol(key), "right") == (motion, side)
    assert motion in MOTION_NAMES


def test_there_is_no_shipped_test_without_one():
    assert len(own_protocols()) == 9


def test_one_leg_alone_is_stood_on_throughout():
    whole = protocol("single-leg")
    right = replace(whole, conditions=tuple(c for c in whole.conditions if c.feet == "right"))
    assert rehearsed_motion(right, "left") == ("single-leg", "right")


def test_conditions_that_are_not_acted_are_named():
    assert "eyes-closed: the same" in rehearsal_said(protocol("romberg"), "quiet")
    assert "mean nothing" not in rehearsal_said(protocol("tandem"), "quiet")
    assert "leans to eight sides" in rehearsal_said(protocol("limits-of-stability"), "leaning")
