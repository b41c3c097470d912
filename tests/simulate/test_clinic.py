# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated clinic's calibration is worth, against the truth of people that nobody tuned on."""

import numpy as np
import pytest

from benchmarks.calibration import FIRST_SEED, StandingError, pooled, subject
from rig.calibrate.insole_calibration import InsoleCalibration
from rig.simulate.board import simulated_hello
from rig.simulate.clinic import CLINIC_RATE_HZ, Clinic, bench, calibrate_like_a_clinic
from rig.simulate.sensors import BASIC_FAULTS, NO_FAULTS, sensor_traits

SUBJECTS = range(FIRST_SEED, FIRST_SEED + 20)


@pytest.fixture(scope="module")
def errors() -> dict[str, StandingError]:
    return pooled(SUBJECTS)


def test_standing_force_is_within_five_per_cent_of_body_weight(errors):
    assert max(e.force_bw for e in errors.values()) <= 0.05


def test_standing_cop_is_within_five_millimetres_ap(errors):
    assert max(e.cop_ap_mm for e in errors.values()) <= 5.0


def test_the_bench_finds_each_sensor_s_gain():
    seed = SUBJECTS[0]
    hello = simulated_hello(CLINIC_RATE_HZ, seed)
    traits = sensor_traits(seed, BASIC_FAULTS)
    made = bench(
        Clinic(traits, BASIC_FAULTS, hello, seed), InsoleCalibration("x", "y", "2000-01-01", 32)
    )
    read_n = np.array([(c.k_us * 10.0**c.exponent) for c in made.curves]) / BASIC_FAULTS.fsr_k_us
    # at 10 N the sensels of all exponents read their gain times 10 N; creep and hysteresis add some
    assert np.corrcoef(read_n / 10.0, traits.gain)[0, 1] > 0.97
    assert read_n / 10.0 / traits.gain == pytest.approx(np.ones(32), abs=0.10)


def test_perfect_sensors_need_no_gain_of_their_own():
    person = subject(SUBJECTS[1])
    hello = simulated_hello(CLINIC_RATE_HZ, person.seed)
    found = calibrate_like_a_clinic(hello, person, NO_FAULTS)
    assert found.sensel_k_us == pytest.approx([100.0] * 32, rel=0.03)
    assert found.sensel_exponent == pytest.approx([1.0] * 32, abs=0.01)
    assert found.foot_gain[0] == pytest.approx(found.foot_gain[1], rel=0.02)


def test_the_same_arguments_give_the_same_calibration():
    person = subject(SUBJECTS[2])
    hello = simulated_hello(CLINIC_RATE_HZ, person.seed)
    once = calibrate_like_a_clinic(hello, person, BASIC_FAULTS, with_bench=False)
    calibrate_like_a_clinic.cache_clear()
    assert calibrate_like_a_clinic(hello, person, BASIC_FAULTS, with_bench=False) == once
