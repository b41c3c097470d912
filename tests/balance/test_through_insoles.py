# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway through simulated, calibrated insoles against the true CoP, with every default sensor fault."""

from functools import cache

import numpy as np
import pytest

from benchmarks.sway_error import by_visit, errors_percent
from rig.simulate.sensors import BASIC_FAULTS

GROUPS = (
    range(10_000, 10_005),
    range(10_005, 10_010),
    range(10_010, 10_015),
    range(10_015, 10_020),
)


@cache
def errors(group):
    """Of velocity, RMS AP and RMS ML, in percent, each person with their own feet and sensors."""
    return np.array([errors_percent(seed, BASIC_FAULTS, by_visit) for seed in group])


@pytest.mark.parametrize("group", GROUPS)
def test_velocity_comes_within_ten_percent_for_everybody(group):
    assert np.abs(errors(group)[:, 0]).max() <= 10.0


@pytest.mark.parametrize("axis", [1, 2])
def test_rms_comes_within_five_percent(axis):
    """As the root mean square over people: a person's own pads may lie a little beyond."""
    found = np.concatenate([errors(group) for group in GROUPS])[:, axis]
    assert np.sqrt((found**2).mean()) <= 5.0
    assert np.abs(found).max() <= 7.5
