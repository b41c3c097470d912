# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts of signals whose crossings are known on paper. Body weight 700 N: ON 42 N, OFF 21 N."""

from math import asin, pi

import numpy as np
import pytest

from rig.calibrate.force_block import FrameFlag
from rig.contact.results import EventKind
from rig.layout import Foot

ON_N, HALF_N = 42.0, 21.0


def _half_sine(t_s, start_s, length_s, peak_n):
    phase = (t_s - start_s) / length_s
    return np.where((phase > 0) & (phase < 1), peak_n * np.sin(pi * np.clip(phase, 0, 1)), 0.0)


def _pulse(t_s, start_s, stop_s, force_n):
    return np.where((t_s >= start_s) & (t_s < stop_s), force_n, 0.0)


T = np.arange(3000) / 1000.0


def test_half_sine_crosses_where_the_arc_sine_says(right_foot, contacts_of):
    contacts, _, _ = contacts_of([right_foot(T, _half_sine(T, 1.0, 0.25, 1800.0))])
    (contact,) = contacts
    on_s = 1.0 + 0.25 * asin(ON_N / 1800.0) / pi
    off_s = 1.25 - 0.25 * asin(HALF_N / 1800.0) / pi
    assert contact.foot is Foot.RIGHT
    assert contact.on_s == pytest.approx(on_s, abs=5e-5)
    assert contact.off_s == pytest.approx(off_s, abs=5e-5)
    assert contact.peak_force_n == pytest.approx(1800.0, rel=1e-4)
    # integral of the half-sine less its ends below the thresholds (under 0.01 N s together)
    assert contact.impulse_n_s == pytest.approx(1800.0 * 0.25 * 2.0 / pi, abs=0.1)


@pytest.mark.parametrize("residual_share", [0.0, 0.02, 0.04, 0.06])
def test_a_residual_after_each_hop_hides_no_contact(right_foot, contacts_of, residual_share):
    force = np.zeros_like(T)
    truth = []
    for start_s in (0.5, 1.0, 1.5, 2.0):
        hop = _half_sine(T, start_s, 0.25, 1800.0)
        after = start_s + 0.125 <= T
        kept = residual_share * 1800.0 * np.exp(-np.maximum(T - start_s - 0.125, 0.0) / 0.6)
        force = np.where(after, kept, force) + hop
        on_s = start_s + 0.25 * asin(ON_N / 1800.0) / pi
        off_s = start_s + 0.25 - 0.25 * asin(HALF_N / 1800.0) / pi
        truth.append((on_s, off_s))
    contacts, _, _ = contacts_of([right_foot(T, force)])
    assert len(contacts) == 4
    for contact, (on_s, off_s) in zip(contacts, truth, strict=True):
        assert contact.on_s == pytest.approx(on_s, abs=0.004)
        assert contact.off_s == pytest.approx(off_s, abs=0.004)


def test_a_residual_above_any_fixed_off_still_ends_the_contact(right_foot, contacts_of):
    """10 % of the peak decides: 0.14 BW of residual is far above half of ON."""
    force = _half_sine(T, 1.0, 0.25, 1800.0) + np.where(T > 1.125, 100.0, 0.0)
    contacts, _, _ = contacts_of([right_foot(T, force)])
    assert len(contacts) == 1
    assert contacts[0].off_s == pytest.approx(1.25, abs=0.004)


def test_on_counts_from_the_lowest_value_since_off(right_foot, contacts_of):
    """30 N of residual are not part of the way to 42 N."""
    force = _pulse(T, 0.2, 0.6, 700.0) + _pulse(T, 0.6, 3.0, 30.0) + _pulse(T, 1.5, 1.8, 38.0)
    assert len(contacts_of([right_foot(T, force)])[0]) == 1
    force += _pulse(T, 1.5, 1.8, 8.0)
    assert len(contacts_of([right_foot(T, force)])[0]) == 2


def test_a_gap_shorter_than_thirty_ms_is_no_flight(right_foot, contacts_of):
    for gap_s, expected in ((0.028, 1), (0.036, 2)):
        force = _pulse(T, 1.0, 1.2, 700.0) + _pulse(T, 1.2 + gap_s, 1.5, 700.0)
        contacts, events, _ = contacts_of([right_foot(T, force)])
        assert len(contacts) == expected
        assert [e.kind for e in events].count(EventKind.FOOT_ON) == expected
        assert contacts[-1].off_s == pytest.approx(1.5, abs=0.002)


def test_a_contact_shorter_than_forty_ms_is_none(right_foot, contacts_of):
    for length_s, expected in ((0.036, 0), (0.044, 1)):
        force = _pulse(T, 1.0, 1.0 + length_s, 700.0)
        contacts, events, _ = contacts_of([right_foot(T, force)])
        assert len(contacts) == expected
        assert [e.kind for e in events].count(EventKind.FOOT_ON) == expected


def test_on_needs_ten_ms(right_foot, contacts_of):
    """Nine frames above ON and a dip are no ON; the contact starts with the lasting rise."""
    force = _pulse(T, 1.000, 1.009, 60.0) + _pulse(T, 1.012, 1.3, 60.0)
    (contact,) = contacts_of([right_foot(T, force)])[0]
    assert contact.on_s == pytest.approx(1.0117, abs=0.0005)
    force = _pulse(T, 1.000, 1.010, 60.0) + _pulse(T, 1.012, 1.3, 60.0)
    (contact,) = contacts_of([right_foot(T, force)])[0]
    assert contact.on_s == pytest.approx(0.9997, abs=0.0005)


def test_off_needs_fifteen_ms(right_foot, contacts_of):
    force = _pulse(T, 1.0, 1.3, 700.0)
    force[1100:1114] = 0.0
    (contact,) = contacts_of([right_foot(T, force)])[0]
    assert contact.on_s == pytest.approx(1.0, abs=0.001)
    assert contact.off_s == pytest.approx(1.3, abs=0.001)


def test_events_are_back_dated_and_say_when_they_were_known(right_foot, contacts_of):
    _, events, _ = contacts_of([right_foot(T, _half_sine(T, 1.0, 0.25, 1800.0))])
    on = next(e for e in events if e.kind is EventKind.FOOT_ON)
    off = next(e for e in events if e.kind is EventKind.FOOT_OFF)
    assert on.t_s == pytest.approx(1.0019, abs=1e-4)
    assert on.decided_at_s - on.t_s == pytest.approx(0.040, abs=0.0015)
    assert 0.030 <= off.decided_at_s - off.t_s <= 0.045
    assert off.value == pytest.approx(off.t_s - on.t_s)
    assert [e.decided_at_s for e in events] == sorted(e.decided_at_s for e in events)


def test_thresholds_rise_with_the_noise_and_never_fall_below_newtons(right_foot, contacts_of):
    force = _pulse(T, 1.0, 1.3, 60.0)
    assert len(contacts_of([right_foot(T, force)], noise_n=(0.0, 10.0))[0]) == 1
    assert len(contacts_of([right_foot(T, force)], noise_n=(0.0, 13.0))[0]) == 0
    light = _pulse(T, 1.0, 1.3, 19.0)
    assert len(contacts_of([right_foot(T, light)], weight_n=200.0)[0]) == 0
    assert len(contacts_of([right_foot(T, 1.1 * light)], weight_n=200.0)[0]) == 1


def test_a_tap_has_thresholds_of_its_own(right_foot, contacts_of):
    """0.05 BW for 20 ms: a tap of the tapping foot, nothing for a foot that should bear the body."""
    force = _pulse(T, 1.0, 1.020, 35.0)
    (tap,) = contacts_of([right_foot(T, force)], drill="tapping", side="right")[0]
    assert tap.kind == "tap"
    assert tap.contact_time_s == pytest.approx(0.020, abs=0.001)
    assert contacts_of([right_foot(T, force)], drill="tapping", side="left")[0] == []


def _ramp_down(t_s, from_n, slope_n_per_s):
    """Up at 0.1 s, and a straight fall from 0.5 s on."""
    return np.clip(from_n - slope_n_per_s * (t_s - 0.5), 0.0, from_n) * (t_s > 0.1)


def test_an_off_behind_the_end_of_the_data_stays_open(right_foot, contacts_of):
    """A fall from 700 N at 400 N/s: a tenth of the peak at 2.075 s, half of ON at 2.1975 s.

    It counts as fallen after 100 ms; data that end before 21 N are met hold no OFF all the same.
    """
    t_s = np.arange(3000) / 1000.0
    force = _ramp_down(t_s, 700.0, 400.0)
    for frames in (2100, 2150, 2185, 2196):
        contacts, events, _ = contacts_of([right_foot(t_s[:frames], force[:frames])])
        (contact,) = contacts
        assert (contact.off_s, contact.contact_time_s) == (None, None)
        assert contact.last_s == t_s[frames - 1]
        assert np.isnan(next(e for e in events if e.kind is EventKind.FOOT_OFF).value)
    for frames in (2200, 3000):
        (contact,) = contacts_of([right_foot(t_s[:frames], force[:frames])])[0]
        assert contact.off_s == pytest.approx(2.1975, abs=0.001)


@pytest.mark.parametrize(
    ("from_n", "slope_n_per_s", "delay_s"),
    [
        (700.0, 40_000.0, 0.030),  # run out long before the shortest flight is over
        (700.0, 400.0, 0.030),  # 100 ms of falling end before that, too
        (120.0, 200.0, 0.100),  # OFF is where the fall begins, and the fall goes on for 105 ms
    ],
)
def test_foot_off_is_known_when_the_stage_says(
    right_foot, contacts_of, from_n, slope_n_per_s, delay_s
):
    t_s = np.arange(3000) / 1000.0
    _, events, _ = contacts_of([right_foot(t_s, _ramp_down(t_s, from_n, slope_n_per_s))])
    off = next(e for e in events if e.kind is EventKind.FOOT_OFF)
    assert off.t_s == pytest.approx(0.5 + (from_n - HALF_N) / slope_n_per_s, abs=0.001)
    assert off.decided_at_s - off.t_s == pytest.approx(delay_s, abs=0.002)


def test_who_stands_at_both_ends_has_open_contacts(right_foot, contacts_of):
    contacts, events, results = contacts_of([right_foot(T, np.full_like(T, 650.0))])
    (contact,) = contacts
    assert (contact.on_s, contact.off_s, contact.contact_time_s) == (None, None, None)
    assert (contact.first_s, contact.last_s) == (T[0], T[-1])
    assert contact.impulse_n_s == pytest.approx(650.0 * T[-1])
    off = [e for e in events if e.kind is EventKind.FOOT_OFF]
    assert np.isnan(off[0].value)
    assert results[0].foot_on.tolist() == [False, True]


def test_an_off_just_before_the_end_is_reported(right_foot, contacts_of):
    t_s = T[:1255]
    (contact,) = contacts_of([right_foot(t_s, _half_sine(t_s, 1.0, 0.25, 1800.0))])[0]
    assert contact.off_s == pytest.approx(1.2491, abs=0.001)


def test_lost_frames_within_a_contact_are_counted(right_foot, contacts_of):
    force = _pulse(T, 1.0, 1.5, 700.0)
    keep = np.ones(len(T), bool)
    keep[1200:1300] = False
    lost = np.zeros(len(T), int)
    lost[1300] = 100
    loads = right_foot(T[keep], force[keep], lost=lost[keep])
    (contact,) = contacts_of([loads])[0]
    assert contact.lost_frames == 100
    assert contact.contact_time_s == pytest.approx(0.5, abs=0.002)
    assert contact.impulse_n_s == pytest.approx(350.0, rel=0.01)


def test_a_long_hole_leaves_contacts_open_on_both_sides(right_foot, contacts_of):
    force = _pulse(T, 1.0, 2.0, 700.0)
    keep = (T < 1.2) | (T > 1.6)
    first, second = contacts_of([right_foot(T[keep], force[keep])])[0]
    assert first.on_s == pytest.approx(1.0, abs=0.001)
    assert first.off_s is None
    assert second.on_s is None
    assert second.off_s == pytest.approx(2.0, abs=0.001)


def test_a_clock_restart_leaves_contacts_open(right_foot, contacts_of):
    before = right_foot(T[:1000], np.full(1000, 700.0))
    after = right_foot(T[1000:1500], np.full(500, 700.0), index=1)
    contacts, _, _ = contacts_of([before, after])
    assert [(c.on_s, c.off_s) for c in contacts] == [(None, None), (None, None)]
    assert [c.first_s for c in contacts] == [T[0], T[1000]]


def test_saturation_marks_its_contact(right_foot, contacts_of):
    force = _pulse(T, 0.5, 0.8, 700.0) + _pulse(T, 1.5, 1.8, 700.0)
    flags = np.zeros(len(T), np.uint32)
    flags[1600] = FrameFlag.SATURATED
    contacts, _, _ = contacts_of([right_foot(T, force, flags=flags)])
    assert [c.saturated for c in contacts] == [False, True]


@pytest.mark.parametrize("rate_hz", [100, 200, 500, 2000])
def test_other_rates_find_the_same_contact(right_foot, contacts_of, rate_hz):
    t_s = np.arange(3 * rate_hz) / rate_hz
    force = _half_sine(t_s, 1.0, 0.25, 1800.0) + _half_sine(t_s, 1.5, 0.25, 1800.0)
    contacts, _, _ = contacts_of([right_foot(t_s, force, rate_hz=rate_hz)])
    assert len(contacts) == 2
    assert contacts[0].contact_time_s == pytest.approx(0.2472, abs=0.5 / rate_hz)


def test_heel_and_ball_have_their_own_order(right_foot, contacts_of):
    """Ball first, heel 30 ms later: 0.05 BW on, 20 ms debounce, back-dated."""
    heel = _pulse(T, 1.030, 1.200, 200.0)
    force = _pulse(T, 1.0, 1.25, 300.0) + heel
    _, events, results = contacts_of([right_foot(T, force, heel)])
    times = {e.kind: e.t_s for e in events}
    assert times[EventKind.BALL_ON] == pytest.approx(1.0, abs=0.001)
    assert times[EventKind.HEEL_ON] == pytest.approx(1.030, abs=0.001)
    assert times[EventKind.HEEL_OFF] == pytest.approx(1.200, abs=0.001)
    assert times[EventKind.BALL_OFF] == pytest.approx(1.250, abs=0.001)
    assert results[0].heel_on.tolist() == [False, False]
