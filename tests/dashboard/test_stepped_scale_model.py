# SPDX-License-Identifier: GPL-3.0-or-later
import math

from dashboard.stepped_scale_model import SteppedScale


def test_it_rises_at_once_and_falls_after_ten_seconds_of_less():
    scale = SteppedScale((50.0, 100.0, 200.0, 400.0))
    assert scale.follow(30.0, 0.0) == 50.0
    assert scale.follow(210.0, 1.0) == 400.0
    assert scale.follow(90.0, 5.0) == 400.0
    assert scale.follow(20.0, 10.9) == 400.0
    # the greatest of the waiting time was 90: it falls to the step that holds it, no further
    assert scale.follow(20.0, 11.1) == 100.0
    assert scale.follow(20.0, 21.2) == 50.0


def test_a_new_peak_starts_the_wait_again():
    scale = SteppedScale((50.0, 100.0))
    scale.follow(80.0, 0.0)
    scale.follow(80.0, 8.0)
    assert scale.follow(10.0, 12.0) == 100.0
    assert scale.follow(10.0, 18.1) == 50.0


def test_what_is_undefined_or_beyond_the_last_step_breaks_nothing():
    scale = SteppedScale((50.0, 100.0))
    assert scale.follow(math.nan, 0.0) == 50.0
    assert scale.follow(1e6, 1.0) == 100.0
