# SPDX-License-Identifier: GPL-3.0-or-later
"""Taps by hand: the right foot taps, the left stands."""

import numpy as np
import pytest

from rig.drills.profile import load_profile
from rig.layout import Foot

SETTLED = (1.5, 0.0)


def _taps(steps, *lengths_s, up_s=0.4, force=0.2):
    pieces = [piece for length in lengths_s for piece in ((length, force), (up_s, 0.0))]
    return steps(SETTLED, *pieces)


def test_each_pull_counts(perform, steps):
    tap = _taps(steps, 0.1, 0.08, 0.2)
    repetitions, results = perform("tapping", 1.0 - tap, tap)
    assert len(repetitions) == 3
    assert {r.side for r in repetitions} == {Foot.RIGHT}
    measured = [r.measures["contact_time_s"] for r in repetitions]
    assert measured == pytest.approx([0.1, 0.08, 0.2], abs=0.003)
    assert repetitions[0].start_s == pytest.approx(1.5, abs=0.002)
    assert results[-1].count == 3


def test_a_long_tap_still_counts(perform, steps):
    tap = _taps(steps, 0.6)
    assert len(perform("tapping", 1.0 - tap, tap)[0]) == 1


def test_a_foot_put_down_ends_the_set(perform, steps):
    tap = np.concatenate((_taps(steps, 0.1), _taps(steps, 1.6)[1500:], _taps(steps, 0.1)[1500:]))
    down = np.where(tap > 0, np.minimum(tap, 0.2), 0.0)
    repetitions, results = perform("tapping", 1.0 - down, down, cuts=[3500])
    # after it was put down the support still bears four fifths, so the next lift sets the set again
    assert len(repetitions) == 2
    assert results[0].state == "waiting"


def test_on_both_feet_nothing_counts(perform, steps):
    tap = _taps(steps, 0.1, 0.1)
    tap[:1500] = 0.5
    assert perform("tapping", np.where(tap == 0.5, 0.5, 1.0 - tap), tap)[0] == []


def test_too_light_a_touch_is_no_tap(perform, steps):
    tap = _taps(steps, 0.1, force=0.028)
    assert perform("tapping", 1.0 - tap, tap)[0] == []
    tap = _taps(steps, 0.1, force=0.032)
    assert len(perform("tapping", 1.0 - tap, tap)[0]) == 1


def test_six_ms_are_no_tap(perform, steps):
    tap = _taps(steps, 0.006)
    assert perform("tapping", 1.0 - tap, tap)[0] == []


def test_the_support_s_heel_is_only_hinted_at(perform, steps):
    tap = _taps(steps, 0.1, 0.1)
    _, results = perform("tapping", 1.0 - tap, tap, heel_left=0.5, cuts=[1800])
    assert results[0].heel_alarm == "kiss"


@pytest.mark.parametrize(
    ("profile", "kiss", "load"), [("default", "none", "kiss"), ("strict", "kiss", "load")]
)
def test_the_alarm_follows_the_profile_and_the_touch_that_lasts(
    perform, steps, profile, kiss, load
):
    """The standing leg's contact began flat on both feet, which is nobody's fault; of a touch the
    default profile calls a kiss clean and load a hint, strict a hint and a warning."""
    tap = steps((2.0, 0.45), (1.5, 0.0), (0.1, 0.2), (2.0, 0.0))
    at = np.arange(len(tap))
    limits = load_profile(profile)
    for share, shown in ((0.0, "none"), (0.15, kiss), (0.5, load)):
        heel = np.where(at < 1900, 0.3, np.where((at >= 4000) & (at < 4400), share, 0.0))
        _, results = perform(
            "tapping", 1.0 - tap, tap, heel_left=heel, cuts=[3550, 4200, 4800], thresholds=limits
        )
        assert [r.heel_alarm for r in results[:3]] == ["none", shown, "none"]


@pytest.mark.parametrize(("gap_s", "count"), [(0.02, 1), (0.06, 2)])
def test_a_double_tap_is_one_unless_the_foot_was_up_for_thirty_ms(perform, steps, gap_s, count):
    tap = steps(SETTLED, (0.08, 0.2), (gap_s, 0.0), (0.08, 0.2), (0.5, 0.0))
    repetitions, _ = perform("tapping", 1.0 - tap, tap)
    assert len(repetitions) == count


def test_the_support_s_heel_is_watched_before_the_first_tap(perform, steps):
    """Not while both feet stand: the support is set once it has borne its share for a second."""
    tap = steps((2.0, 0.0), (0.1, 0.2), (0.4, 0.0))
    at = np.arange(len(tap))
    for from_ms, codes in ((300, []), (1500, ["HEEL"])):
        heel = np.where((at >= from_ms) & (at < from_ms + 200), 0.4, 0.0)
        (first,), _ = perform("tapping", 1.0 - tap, tap, heel_left=heel)
        assert [(f.code, f.severity) for f in first.faults] == [(c, "hint") for c in codes]


@pytest.mark.parametrize(("up_s", "codes"), [(0.55, []), (0.65, ["OVER-PULLED"]), (2.5, [])])
def test_a_foot_that_is_up_for_long_before_a_tap(perform, steps, up_s, codes):
    """Before the first tap nobody pulled it up; over 2 s it rests."""
    tap = steps((2.0, 0.0), (0.1, 0.2), (up_s, 0.0), (0.1, 0.2), (0.4, 0.0))
    (first, second), _ = perform("tapping", 1.0 - tap, tap)
    assert first.faults == ()
    assert [(f.code, f.severity) for f in second.faults] == [(c, "hint") for c in codes]
    assert second.clean
    for fault in second.faults:
        assert fault.at_s == pytest.approx(2.1, abs=0.003)
        assert fault.size == pytest.approx(up_s / 0.6, abs=0.01)
