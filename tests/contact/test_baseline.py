# SPDX-License-Identifier: GPL-3.0-or-later
"""The unloaded baseline by hand: body weight 700 N, so 7 N is 0.01 and its ceiling 35 N."""

import numpy as np
import pytest

from rig.contact.baseline import baseline_state, follow_baseline

T = np.arange(6000) / 1000.0


def _baseline(left_n, right_n=None, *, freeze=False):
    feet = np.column_stack((left_n, np.zeros_like(left_n) if right_n is None else right_n))
    state = baseline_state(0.0, 1000.0, 700.0, freeze_one_sided=freeze)
    return follow_baseline(state, T, feet)[1]


def test_nothing_is_known_before_a_flat_stretch():
    base = _baseline(np.full_like(T, 14.0))[:, 0]
    assert np.all(base[:130] == 0.0)
    assert np.all(base[160:] == pytest.approx(14.0))


def test_the_lowest_flat_stretch_of_two_seconds_counts():
    force = np.where(T < 1.0, 7.0, np.where(T < 2.0, 21.0, 28.0))
    base = _baseline(force)[:, 0]
    assert base[1900] == pytest.approx(7.0)
    assert base[3200] == pytest.approx(21.0)
    assert base[-1] == pytest.approx(28.0)


def test_it_never_exceeds_five_hundredths_of_the_body_weight():
    assert _baseline(np.full_like(T, 60.0))[-1, 0] == pytest.approx(35.0)


def test_with_no_flat_stretch_it_keeps_its_value():
    force = np.where(T < 0.5, 14.0, 700.0)
    assert _baseline(force)[-1, 0] == pytest.approx(14.0)


def test_neither_a_loaded_nor_a_moving_foot_is_a_baseline():
    assert _baseline(np.full_like(T, 71.0))[-1, 0] == 0.0
    moving = 20.0 + 8.0 * np.sin(T * 40.0)
    assert _baseline(moving)[-1, 0] == 0.0


def test_a_hold_freezes_it():
    """A free foot that comes to rest lightly on the floor in a hold must stay visible."""
    left = np.where(T < 2.0, 3.5, 31.5)
    right = np.full_like(T, 680.0)
    assert _baseline(left, right, freeze=True)[-1, 0] == pytest.approx(3.5)
    assert _baseline(left, right, freeze=False)[-1, 0] == pytest.approx(31.5)
