# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway through simulated, calibrated insoles against the true CoP, with every default sensor fault."""

import numpy as np
import pytest

from benchmarks.sway_error import by_visit, errors_percent
from rig.simulate.sensors import BASIC_FAULTS

PEOPLE = range(10_000, 10_020)


@pytest.fixture(scope="module")
def errors():
    """Of velocity, RMS AP and RMS ML, in percent, each person with their own feet and sensors."""
    return np.array([errors_percent(seed, BASIC_FAULTS, by_visit) for seed in PEOPLE])


def test_velocity_comes_within_ten_percent_for_everybody(errors):
    assert np.abs(errors[:, 0]).max() <= 10.0


@pytest.mark.parametrize("axis", [1, 2])
def test_rms_comes_within_five_percent(errors, axis):
    """As the root mean square over people: a person's own pads may lie a little beyond."""
    assert np.sqrt((errors[:, axis] ** 2).mean()) <= 5.0
    assert np.abs(errors[:, axis]).max() <= 10.0
