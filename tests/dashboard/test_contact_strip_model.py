# SPDX-License-Identifier: GPL-3.0-or-later
import math

import pytest

from dashboard.contact_strip_model import ContactStrip
from rig.contact.results import ContactEvent, EventKind
from rig.layout import Foot


def event(t_s: float, kind: EventKind, foot: Foot = Foot.RIGHT, value: float = math.nan):
    return ContactEvent(t_s, foot, kind, value, decided_at_s=t_s + 0.05)


def test_an_event_decided_late_repaints_the_past():
    strip = ContactStrip()
    strip.push((event(1.0, EventKind.FOOT_ON),), 1.05)
    strip.push((), 3.0)
    assert strip.painted(Foot.RIGHT, "foot") == [pytest.approx((-2.0, 0.0))]
    strip.push((event(2.5, EventKind.FOOT_OFF),), 3.1)
    assert strip.painted(Foot.RIGHT, "foot") == [pytest.approx((-2.1, -0.6))]
    assert strip.painted(Foot.LEFT, "foot") == []


def test_a_contact_that_was_open_at_the_start_reaches_back_to_the_edge():
    strip = ContactStrip()
    strip.push((event(2.0, EventKind.HEEL_OFF),), 4.0)
    assert strip.painted(Foot.RIGHT, "heel") == [pytest.approx((-10.0, -2.0))]


def test_what_has_left_the_window_is_forgotten():
    strip = ContactStrip()
    events = (event(1.0, EventKind.BALL_ON), event(1.2, EventKind.BALL_OFF))
    strip.push((*events, event(1.1, EventKind.HEEL_TOUCH, value=1.0)), 1.3)
    assert len(strip.heel_marks) == 1
    strip.push((), 11.5)
    assert strip.painted(Foot.RIGHT, "ball") == []
    assert not strip.spans[Foot.RIGHT, "ball"]
    assert not strip.heel_marks


def test_a_heel_touch_is_marked_with_its_grade():
    strip = ContactStrip()
    touches = (
        event(1.0, EventKind.HEEL_TOUCH, value=1.0),
        event(2.0, EventKind.HEEL_TOUCH, Foot.LEFT, value=2.0),
    )
    strip.push(touches, 2.5)
    assert [(m.foot, m.load) for m in strip.heel_marks] == [(Foot.RIGHT, False), (Foot.LEFT, True)]


def test_painted_contacts_of_a_hopping_foot_are_those_of_the_truth(hopping):
    strip = ContactStrip()
    for block in hopping.blocks:
        if len(block.loads):
            strip.push(block.contact.events, float(block.loads.force.t_s[-1]))
    now_s = strip.newest_t_s
    true = [
        (contact.on_s - now_s, contact.off_s - now_s)
        for contact in hopping.session.truth.contacts
        if contact.foot is Foot.RIGHT and contact.on_s is not None and contact.off_s is not None
    ]
    painted = [
        span for span in strip.painted(Foot.RIGHT, "foot") if span[1] < -0.2 and span[0] > -now_s
    ]
    assert len(true) > 5
    matched = [min(abs(a - c) + abs(b - d) for c, d in true) for a, b in painted]
    assert len(painted) >= len(true) - 1
    assert sorted(matched)[len(true) - 2] < 0.02
