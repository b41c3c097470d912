# SPDX-License-Identifier: GPL-3.0-or-later
"""Free movement: whatever is done, nothing is counted and nobody's heel is watched."""


def test_hops_and_shifts_count_nothing(perform, steps):
    left = steps((2.0, 0.5), (0.3, 0.0), (0.2, 0.0), (0.5, 0.0), (1.0, 1.0), (1.0, 0.1))
    right = steps((2.0, 0.5), (0.3, 1.0), (0.2, 0.0), (0.5, 1.0), (1.0, 0.0), (1.0, 0.9))
    repetitions, results = perform("free", left, right, heel_right=0.5 * right, cuts=[2100, 3600])
    assert repetitions == []
    assert {(r.drill, r.count, r.state, r.heel_alarm) for r in results} == {
        ("free", 0, "moving", None)
    }
