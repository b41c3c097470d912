# SPDX-License-Identifier: GPL-3.0-or-later
"""Support phases of pony: crossings of one half known on paper."""

import numpy as np
import pytest

from rig.contact.results import EventKind
from rig.layout import Foot

T = np.arange(4000) / 1000.0


@pytest.fixture(scope="session")
def supports(loads_of, contacts_of):
    """Support phases of the right foot's share of 700 N."""

    def find(share_right, heel_right=None):
        feet = 700.0 * np.column_stack((1.0 - share_right, share_right))
        heel = None if heel_right is None else np.column_stack((np.zeros_like(T), heel_right))
        return contacts_of([loads_of(T, feet, heel)], drill="pony")

    return find


def _ramps(*corners):
    times, shares = zip(*corners, strict=True)
    return np.interp(T, times, shares)


def test_support_lasts_from_half_to_half(supports):
    share = _ramps((0, 0.1), (1.0, 0.1), (1.2, 0.9), (2.0, 0.9), (2.4, 0.1), (4, 0.1))
    contacts, events, _ = supports(share)
    assert [c.foot for c in contacts] == [Foot.LEFT, Foot.RIGHT, Foot.LEFT]
    assert {c.kind for c in contacts} == {"support"}
    assert [c.on_s for c in contacts[1:]] == pytest.approx([1.1, 2.2], abs=1e-6)
    assert [c.off_s for c in contacts[:2]] == pytest.approx([1.1, 2.2], abs=1e-6)
    assert (contacts[0].on_s, contacts[2].off_s) == (None, None)
    assert contacts[1].contact_time_s == pytest.approx(1.1, abs=1e-6)
    starts = [e for e in events if e.kind is EventKind.SUPPORT_START]
    assert [(e.foot, round(e.t_s, 6)) for e in starts] == [(Foot.RIGHT, 1.1), (Foot.LEFT, 2.2)]


def test_sway_in_quiet_stance_is_no_change_of_support(supports):
    contacts, _, _ = supports(0.5 + 0.12 * np.sin(T * 7.0))
    assert len(contacts) == 1


def test_a_change_after_sway_about_one_half_is_timed_by_its_own_rise(supports):
    """From 0.45 to 0.9 in 0.2 s, 0.5 is passed after 0.05 / 0.45 of it; nothing before it counts."""
    sway = np.where(T < 2.0, 0.04 * np.sin(2.0 * np.pi * 45.0 * T), 0.0)
    share = _ramps((0, 0.48), (1.9, 0.48), (2.0, 0.45), (2.1, 0.45), (2.3, 0.9), (4, 0.9)) + sway
    contacts, _, _ = supports(share)
    assert [c.foot for c in contacts] == [Foot.LEFT, Foot.RIGHT]
    assert contacts[1].on_s == pytest.approx(2.1 + 0.2 * 0.05 / 0.45, abs=1e-6)


@pytest.mark.parametrize(("reached", "changes"), [(0.68, 0), (0.72, 1)])
def test_a_change_needs_a_swing_of_three_tenths(supports, reached, changes):
    share = _ramps((0, 0.4), (1.0, 0.4), (1.5, reached), (4, reached))
    assert len(supports(share)[0]) == 1 + changes


def test_a_start_and_return_within_the_swing_keeps_the_support(supports):
    share = _ramps((0, 0.35), (1, 0.35), (1.2, 0.6), (1.4, 0.35), (2, 0.35), (2.2, 0.9), (4, 0.9))
    contacts, _, _ = supports(share)
    assert len(contacts) == 2
    # 0.35 -> 0.9 passes 0.5 after 0.15 / 0.55 of 0.2 s
    assert contacts[1].on_s == pytest.approx(2.0 + 0.2 * 0.15 / 0.55, abs=1e-6)


def test_heel_is_graded_within_its_own_support(supports):
    share = _ramps((0, 0.1), (1.0, 0.1), (1.2, 0.9), (2.0, 0.9), (2.2, 0.1), (4, 0.1))
    heel = np.where((T > 1.5) & (T < 1.6), 100.0, 0.0)
    contacts, events, _ = supports(share, heel)
    assert [c.heel_touch for c in contacts] == ["none", "kiss", "none"]
    touches = [e for e in events if e.kind is EventKind.HEEL_TOUCH]
    assert len(touches) == 1
    assert touches[0].t_s == pytest.approx(1.5, abs=0.0015)


def test_feet_still_come_and_go_as_events(supports):
    share = _ramps((0, 0.1), (1.0, 0.1), (1.2, 1.0), (4, 1.0))
    _, events, _ = supports(share)
    offs = [e for e in events if e.kind is EventKind.FOOT_OFF and e.foot is Foot.LEFT]
    assert offs[0].t_s == pytest.approx(1.2, abs=0.01)
