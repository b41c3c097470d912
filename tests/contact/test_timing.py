# SPDX-License-Identifier: GPL-3.0-or-later
import math

import pytest

from rig.contact.results import Contact
from rig.contact.timing import cadence_per_min, flight_times_s
from rig.layout import Foot


def _contact(foot, on_s, off_s, kind="foot"):
    return Contact(foot, kind, on_s, off_s, 0.0, 0.0, "none", 0.0, 0.0, 0, False)  # noqa: FBT003 - saturated


def test_flight_is_from_the_last_off_to_the_next_on_of_either_foot():
    contacts = [
        _contact(Foot.LEFT, None, 1.0),
        _contact(Foot.RIGHT, 0.5, 1.2),
        _contact(Foot.LEFT, 1.5, 2.0),
        _contact(Foot.RIGHT, 1.9, 2.5),
        _contact(Foot.LEFT, 2.6, None),
    ]
    assert flight_times_s(contacts) == pytest.approx([0.3, 0.1])


def test_what_nobody_saw_is_no_flight():
    broken_off = [_contact(Foot.RIGHT, 0.5, None), _contact(Foot.RIGHT, 5.0, 5.5)]
    assert flight_times_s(broken_off) == []
    assert flight_times_s([_contact(Foot.LEFT, 0.0, 1.0, "support")] * 2) == []
    assert flight_times_s([]) == []


def test_cadence_is_sixty_over_the_mean_step():
    assert cadence_per_min([0.0, 0.4, 0.8, 1.2]) == pytest.approx(150.0)


def test_a_pause_is_no_slow_step():
    assert cadence_per_min([0.0, 0.5, 1.0, 9.0, 9.5]) == pytest.approx(120.0)


def test_one_step_has_no_cadence():
    assert math.isnan(cadence_per_min([1.0]))
    assert math.isnan(cadence_per_min([]))
