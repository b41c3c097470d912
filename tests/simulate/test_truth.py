# SPDX-License-Identifier: GPL-3.0-or-later
"""Truth of hand-made forces against closed forms, and of sessions against each other."""

import numpy as np
import pytest

from rig.layout import Foot
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import load_field
from rig.simulate.person import simulate_session
from rig.simulate.truth import find_truth, truth_json
from rig.simulate.truth_spans import hysteresis_spans

BW = 700.0
T = np.arange(4000) / 1000.0


FIELD = load_field(265.0)


def _find(loads, drill, working=Foot.RIGHT, weight_n=BW, t=T):
    return find_truth(t, loads, drill, working, weight_n, FIELD)


def _loads(left_bw, right_bw, heel_share=0.0, weight_n=BW):
    """Heel load on the heel's kernel and region, the rest on the second metatarsal and the ball."""
    force = np.column_stack((left_bw, right_bw)) * weight_n
    heel = np.broadcast_to(np.asarray(heel_share, float), (len(force),))[:, None] * force
    region = np.stack((heel, 0 * force, force - heel, 0 * force), axis=2)
    kernels = np.zeros((len(force), 2, 9))
    kernels[:, :, 0], kernels[:, :, 3] = heel, force - heel
    nan = np.full((len(force), 2), np.nan)
    return TrueLoads(force, region, np.stack((nan, nan), axis=2), nan, kernels)


def _half_sine(start_s, length_s, peak_bw):
    phase = (T - start_s) / length_s
    return np.where((phase > 0) & (phase < 1), peak_bw * np.sin(np.pi * np.clip(phase, 0, 1)), 0.0)


def test_a_half_sine_hop_is_on_and_off_where_the_sine_says():
    """Peak 2.6 BW: ON where the sine is 0.06 / 2.6, OFF where it is 0.03 / 2.6."""
    hops = _half_sine(0.5, 0.25, 2.6) + _half_sine(1.0, 0.25, 2.6)
    truth = _find(_loads(0 * T, hops), "hopping")
    on_after = 0.25 / np.pi * np.arcsin(0.06 / 2.6)
    off_before = 0.25 / np.pi * np.arcsin(0.03 / 2.6)
    assert [c.on_s for c in truth.contacts] == pytest.approx(
        [0.5 + on_after, 1.0 + on_after], abs=2e-5
    )
    assert [c.off_s for c in truth.contacts] == pytest.approx(
        [0.75 - off_before, 1.25 - off_before], abs=2e-4
    )
    assert truth.contacts[0].peak_force_n == pytest.approx(2.6 * BW)
    assert truth.contacts[0].impulse_n_s == pytest.approx(2.6 * BW * 0.25 * 2 / np.pi, rel=0.001)
    assert [c.heel_touch for c in truth.contacts] == ["none", "none"]
    assert len(truth.repetitions) == 1
    assert truth.repetitions[0].end_s == truth.contacts[1].on_s


def test_a_hop_is_graded_by_the_landing_before_it_and_not_by_standing():
    """Stands flat, hops twice, steps over for a second, and hops again, always on half a heel."""
    standing = ((T < 1.0) | ((T >= 2.6) & (T < 3.0))).astype(float)
    hops = _half_sine(1.2, 0.3, 2.0) + _half_sine(1.7, 0.3, 2.0) + _half_sine(3.2, 0.3, 2.0)
    other = ((T >= 2.0) & (T < 2.6)).astype(float)
    truth = _find(_loads(other, standing + hops, 0.5), "hopping")
    assert [r.heel_touch for r in truth.repetitions] == ["none", "load", "none"]
    assert {c.heel_touch for c in truth.contacts} == {"load"}


def test_a_tap_has_thresholds_of_its_own():
    """0.05 BW is a tap (ON at 0.03) and no contact of a standing foot (ON at 0.06)."""
    tap = _half_sine(2.0, 0.1, 0.05)
    truth = _find(_loads(1.0 - tap, tap), "tapping")
    kinds = [(c.foot, c.kind) for c in truth.contacts]
    assert kinds == [(Foot.LEFT, "foot"), (Foot.RIGHT, "tap")]
    assert truth.contacts[0].on_s is None
    assert truth.contacts[0].off_s is None
    on_s = 2.0 + 0.1 / np.pi * np.arcsin(0.03 / 0.05)
    off_s = 2.1 - 0.1 / np.pi * np.arcsin(0.015 / 0.05)
    assert truth.contacts[1].on_s == pytest.approx(on_s, abs=1e-4)
    assert truth.contacts[1].off_s == pytest.approx(off_s, abs=1e-4)
    assert len(truth.repetitions) == 1


def test_light_people_keep_thresholds_in_newtons():
    """At 200 N the floor of 20 N holds, not 0.06 BW = 12 N."""
    force = _half_sine(1.0, 0.5, 1.0) * 16.0
    light = _loads(0 * T, force / 200.0, weight_n=200.0)
    assert _find(light, "hopping", weight_n=200.0).contacts == ()


def test_short_flights_join_and_short_contacts_vanish():
    force = np.zeros(4000)
    force[500:700] = force[720:900] = 100.0
    force[2000:2020] = 100.0
    force[3000:3200] = force[3240:3400] = 100.0
    spans = hysteresis_spans(T, force, 50.0, 25.0, 0.040, 0.030)
    assert [(s.first, s.end) for s in spans] == [(500, 900), (3000, 3200), (3240, 3400)]


def test_contacts_open_at_an_end_have_no_time_there():
    force = np.zeros(4000)
    force[:300] = force[3500:] = 100.0
    spans = hysteresis_spans(T, force, 50.0, 25.0, 0.040, 0.030)
    assert [(s.on_s is None, s.off_s is None) for s in spans] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("share", "for_ms", "grade"),
    [
        (0.09, 500, "none"),
        (0.15, 28, "none"),
        (0.15, 32, "kiss"),
        (0.24, 150, "kiss"),
        (0.26, 32, "load"),
        (0.15, 480, "load"),
    ],
)
def test_heel_touch_is_graded_by_share_and_impulse(share, for_ms, grade):
    """A contact of 500 ms at 1 BW; 0.15 held for 480 ms is more than a tenth of the impulse."""
    standing = ((T >= 1.0) & (T < 1.5)).astype(float)
    heel = np.zeros(len(T))
    heel[1010 : 1010 + for_ms] = share
    truth = _find(_loads(0 * T, standing, heel), "hopping")
    assert [c.heel_touch for c in truth.contacts] == [grade]


def test_pony_supports_run_from_even_load_to_even_load():
    """The share moves from 0.1 to 0.9 in 0.2 s and crosses 0.5 in the middle."""
    right = np.interp(T, [1.0, 1.2, 1.7, 1.9, 2.4, 2.6], [0.1, 0.9, 0.9, 0.1, 0.1, 0.9])
    truth = _find(_loads(1 - right, right), "pony")
    assert [(c.foot, c.on_s, c.off_s) for c in truth.contacts] == [
        (Foot.LEFT, None, pytest.approx(1.1)),
        (Foot.RIGHT, pytest.approx(1.1), pytest.approx(1.8)),
        (Foot.LEFT, pytest.approx(1.8), pytest.approx(2.5)),
        (Foot.RIGHT, pytest.approx(2.5), None),
    ]
    assert [r.side for r in truth.repetitions] == [Foot.RIGHT, Foot.LEFT, Foot.RIGHT]
    assert truth.repetitions[1].measures["support_time_s"] == pytest.approx(0.7)
    flat = _find(_loads(1 - right, right, 0.5), "pony")
    assert [r.heel_touch for r in flat.repetitions] == ["none", "load", "load"]


def test_a_wobble_across_even_load_is_no_change_of_support():
    right = 0.5 + 0.1 * np.sin(2 * np.pi * T)
    truth = _find(_loads(1 - right, right), "pony")
    assert truth.repetitions == ()
    assert len(truth.contacts) == 1


def test_a_hold_of_less_than_five_seconds_is_none():
    t = np.arange(20_000) / 1000.0
    left = np.where(((t > 2) & (t < 6.8)) | ((t > 10) & (t < 15.2)), 0.0, 0.5)
    truth = _find(_loads(left, 1.0 - left), "stance", t=t)
    assert [(r.side, round(r.start_s, 2), round(r.end_s, 2)) for r in truth.repetitions] == [
        (Foot.RIGHT, 10.0, 15.2)
    ]


@pytest.mark.parametrize("drill", ["stance", "pony", "tapping", "hopping"])
def test_truth_does_not_depend_on_the_rate(drill):
    slow, fast = (truth_json(simulate_session(drill, 9.0, 2, rate)) for rate in (100, 1000))
    assert {**slow, "rate_hz": None} == {**fast, "rate_hz": None}


def test_truth_is_told_in_the_board_s_seconds():
    """A board 50 ppm fast counts 50 us more each second."""
    session = simulate_session("hopping", 20.0, 2)
    assert session.truth.t_s[10_000] == pytest.approx(10.0005)


def test_truth_file_says_what_it_holds():
    session = simulate_session("tapping", 6.0, 3, side="left")
    told = truth_json(session)
    assert told["schema"] == "solerig.truth/2"
    assert (told["drill"], told["side"], told["seed"]) == ("tapping", "left", 3)
    taps = [c for c in told["contacts"] if c["kind"] == "tap"]
    assert {c["foot"] for c in taps} == {"left"}
    closed = [c for c in taps if c["on_s"] is not None and c["off_s"] is not None]
    assert told["repetition_count"] == len(told["repetitions"]) == len(closed)
    assert min(c["peak_force_n"] for c in closed) >= 0.12 * told["body_weight_n"]
