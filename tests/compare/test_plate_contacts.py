# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts of a plate, on forces whose crossings are worked out by hand."""

import math

import numpy as np
import pytest

from rig.compare.plate_contacts import (
    Span,
    anybody_down,
    compare_contacts,
    reference_spans,
    spans_of,
)
from rig.contact.results import Contact
from rig.layout import Foot


def _contact(foot: Foot, on_s: float | None, off_s: float | None, kind="foot") -> Contact:
    return Contact(
        foot, kind, on_s, off_s, 800.0, 1.0, "none", math.nan, math.nan, 0, saturated=False
    )


def test_crossings_lie_where_the_flanks_meet_the_threshold():
    """Up by 1,000 N/s from 1 s, down by 2,000 N/s from 2 s at 500 N."""
    t_s = np.arange(0.0, 3.0, 0.01)
    force = np.minimum(
        np.clip(1000.0 * (t_s - 1.0), 0.0, 500.0), np.clip(500.0 - 2000.0 * (t_s - 2.0), 0.0, 500.0)
    )
    (span,) = reference_spans(t_s, force, 40.0, 20.0)
    assert span.on_s == pytest.approx(1.04)
    assert span.off_s == pytest.approx(2.24)
    assert span.peak_n == pytest.approx(500.0)


def test_what_is_open_or_too_short_is_no_contact_and_short_gaps_close():
    t_s = np.arange(0.0, 5.0, 0.001)
    force = np.zeros(len(t_s))
    for start, stop in ((0.0, 0.5), (1.0, 1.03), (2.0, 2.3), (2.32, 2.6), (4.0, 5.0)):
        force[(t_s >= start) & (t_s < stop)] = 700.0
    (span,) = reference_spans(t_s, force, 20.0, 20.0)
    assert (span.on_s, span.off_s) == pytest.approx((2.0, 2.6), abs=0.001)


def test_a_force_between_off_and_on_changes_nothing():
    t_s = np.arange(0.0, 4.0, 0.001)
    force = np.select([t_s < 1.0, t_s < 2.0, t_s < 3.0], [0.0, 700.0, 30.0], 0.0)
    (span,) = reference_spans(t_s, force, 40.0, 20.0)
    assert span.off_s == pytest.approx(3.0, abs=0.001)


def test_missing_samples_are_passed_over():
    t_s = np.arange(0.0, 3.0, 0.01)
    force = np.where((t_s >= 1.0) & (t_s < 2.0), 700.0, 0.0)
    force[150:160] = np.nan
    assert len(reference_spans(t_s, force, 20.0, 20.0)) == 1


def test_events_and_contacts_are_counted_and_timed():
    reference = [
        Span(1.0, 1.3, 900.0),
        Span(2.0, 2.3, 950.0),
        Span(3.0, 3.3, 1000.0),
        Span(4.0, 4.3, 990.0),
    ]
    ours = [
        Span(1.01, 1.32, 880.0),
        Span(2.02, 2.31, 960.0),
        Span(3.03, 3.33, 1010.0),
        Span(5.0, 5.2, 400.0),
    ]
    found = compare_contacts("left", "20 N", ours, reference, (0.5, 6.0))
    assert (found.matched, found.missed, found.extra) == (3, 1, 1)
    assert (found.reference_contacts, found.our_contacts) == (4, 4)
    assert found.on.mean_s == pytest.approx(0.02)
    assert found.on.sd_s == pytest.approx(0.01)
    assert found.on.largest_s == pytest.approx(0.03)
    assert found.off.mean_s == pytest.approx(0.02)
    assert found.contact_time_s is not None
    assert found.contact_time_s.bias == pytest.approx((0.01 - 0.01 + 0.0) / 3)
    assert found.peak_force_n is not None
    assert found.peak_force_n.bias == pytest.approx(0.0)


def test_contacts_outside_what_both_saw_do_not_count():
    ours = [Span(0.1, 0.4, 800.0), Span(1.0, 1.3, 800.0), Span(9.0, 9.3, 800.0)]
    found = compare_contacts("left", "20 N", ours, [Span(1.0, 1.3, 800.0)], (0.5, 5.0))
    assert (found.matched, found.missed, found.extra) == (1, 0, 0)


def test_a_double_contact_is_one_match_and_one_extra():
    ours = [Span(1.0, 1.1, 800.0), Span(1.15, 1.5, 800.0)]
    found = compare_contacts("left", "20 N", ours, [Span(1.0, 1.5, 800.0)], (0.0, 5.0))
    assert (found.matched, found.missed, found.extra) == (1, 0, 1)
    assert found.on.mean_s == pytest.approx(0.15)


def test_both_feet_are_one_for_a_plate_under_both():
    t_s = np.arange(0.0, 6.0, 0.01)
    contacts = [
        _contact(Foot.LEFT, 1.0, 1.5),
        _contact(Foot.RIGHT, 1.4, 2.0),
        _contact(Foot.LEFT, 3.0, 3.2),
        _contact(Foot.RIGHT, 5.0, None),
    ]
    found = anybody_down(contacts, t_s, np.full(len(t_s), 700.0))
    assert [(s.on_s, s.off_s) for s in found] == [(1.0, 2.0), (3.0, 3.2)]
    assert [s.on_s for s in spans_of(contacts)] == [1.0, 1.4, 3.0]


def test_no_contacts_leave_nothing_to_say():
    found = compare_contacts("left", "20 N", [], [], (0.0, 5.0))
    assert (found.matched, found.missed, found.extra) == (0, 0, 0)
    assert math.isnan(found.on.mean_s)
    assert found.contact_time_s is None
