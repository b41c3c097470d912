# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated person who does heel raises: two of three well, then one too short or with help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from rig.simulate.load_field import posture_height
from rig.simulate.phrases import (
    BOTH_FEET,
    WORKING,
    Phrase,
    hold,
    lift,
    move,
    on_one_leg,
    set_down,
)
from rig.simulate.script_parts import Performer

FLAT = on_one_leg(WORKING, posture_height("flat"), sway=0.2)
RAISED = on_one_leg(WORKING, posture_height("ball"), sway=0.2)
HELPED = replace(RAISED, load_bw=(0.7, 0.3))


def heel_raises(who: Performer) -> Iterator[Phrase]:
    yield hold(BOTH_FEET, 2.0)
    yield lift(BOTH_FEET, FLAT, 1.0)
    for top, seconds in cycle(
        ((RAISED, 2.0), (RAISED, 1.6), (RAISED, 0.1), (RAISED, 2.0), (RAISED, 1.6), (HELPED, 2.0))
    ):
        yield hold(FLAT, who.jitter())
        yield move(FLAT, RAISED, 0.7 * who.jitter())
        if top is HELPED:
            yield set_down(RAISED, HELPED, 0.3)
        yield hold(top, seconds * who.jitter())
        if top is HELPED:
            yield lift(HELPED, RAISED, 0.3)
        yield move(RAISED, FLAT, 0.7 * who.jitter())
