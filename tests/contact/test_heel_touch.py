# SPDX-License-Identifier: GPL-3.0-or-later
"""Heel touches by hand: 0.05 BW = 35 N and a tenth of the foot, for 30 ms; kiss below 0.25 and 10 %."""

import numpy as np
import pytest

from rig.contact.results import EventKind

T = np.arange(2000) / 1000.0


def _pulse(start_s, stop_s, force_n):
    return np.where((start_s <= T) & (stop_s > T), force_n, 0.0)


def _contact(right_foot, contacts_of, heel):
    """1,000 N under the foot for 0.4 s."""
    contacts, events, _ = contacts_of([right_foot(T, _pulse(1.0, 1.4, 1000.0), heel)])
    touches = [e for e in events if e.kind is EventKind.HEEL_TOUCH]
    return contacts[0], touches


@pytest.mark.parametrize(
    ("heel_n", "length_s", "grade"),
    [
        (0.0, 0.2, "none"),
        (95.0, 0.3, "none"),  # over 35 N, but below a tenth of the foot's 1,000 N
        (150.0, 0.028, "none"),  # too short
        (150.0, 0.030, "kiss"),
        (240.0, 0.100, "kiss"),  # 6 % of the impulse
        (260.0, 0.030, "load"),  # a quarter of the foot's load
        (200.0, 0.190, "kiss"),  # 9.5 % of the impulse
        (200.0, 0.210, "load"),  # 10.5 % of the impulse
    ],
)
def test_grades(right_foot, contacts_of, heel_n, length_s, grade):
    contact, touches = _contact(right_foot, contacts_of, _pulse(1.1, 1.1 + length_s, heel_n))
    assert contact.heel_touch == grade
    assert bool(touches) == (grade != "none")


def test_shares_are_reported(right_foot, contacts_of):
    contact, _ = _contact(right_foot, contacts_of, _pulse(1.1, 1.2, 240.0))
    assert contact.heel_share_max == pytest.approx(0.24)
    assert contact.heel_impulse_share == pytest.approx(24.0 / 400.0, rel=0.02)


def test_a_light_foot_s_heel_share_means_nothing(right_foot, contacts_of):
    contacts, _, _ = contacts_of([right_foot(T, _pulse(1.0, 1.4, 60.0), _pulse(1.0, 1.4, 50.0))])
    assert contacts[0].heel_touch == "none"
    assert np.isnan(contacts[0].heel_share_max)


def test_a_kiss_is_told_at_once_and_told_again_when_it_becomes_a_load(right_foot, contacts_of):
    heel = _pulse(1.1, 1.2, 150.0) + _pulse(1.2, 1.3, 400.0)
    _, touches = _contact(right_foot, contacts_of, heel)
    assert [e.value for e in touches] == [1.0, 2.0]
    assert [e.t_s for e in touches] == pytest.approx([1.1, 1.1])
    assert touches[0].decided_at_s == pytest.approx(1.129, abs=0.0015)
    assert touches[1].decided_at_s == pytest.approx(1.200, abs=0.0015)


def test_a_load_by_impulse_alone_is_told_at_off(right_foot, contacts_of):
    _, touches = _contact(right_foot, contacts_of, _pulse(1.1, 1.35, 200.0))
    assert [e.value for e in touches] == [1.0, 2.0]
    assert touches[1].decided_at_s > 1.4


def test_the_grade_so_far_is_there_while_the_contact_lasts(right_foot, contacts_of, cut):
    loads = right_foot(T, _pulse(1.0, 1.4, 1000.0), _pulse(1.1, 1.3, 150.0))
    blocks = cut(loads, [0, 1120, 1135, 1395, 1450, 2000])
    _, _, results = contacts_of(blocks)
    assert [r.heel_touch_now[1] for r in results[:5]] == ["none", "kiss", "kiss", "none", "none"]
