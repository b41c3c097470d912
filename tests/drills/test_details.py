# SPDX-License-Identifier: GPL-3.0-or-later
"""Details of contacts drawn by hand, and what they say of simulated people's contacts."""

import numpy as np
import pytest

from rig.contact.results import Contact
from rig.drills.contact_details import contact_details, heel_over
from rig.drills.frames import REGION_Y, Frames
from rig.drills.history import Chunk, History, View
from rig.layout import Foot, Region

N = 1000
BODY_WEIGHT_N = 700.0
ON, OFF = 0.3, 0.55


def _contact(kind="foot", on_s=ON, off_s=OFF, peak=1400.0):
    return Contact(Foot.RIGHT, kind, on_s, off_s, peak, 0.0, "none", 0.0, 0.0, 0, saturated=False)


def _view(load, heel=0.0, toes=0.0, residual=0.0):
    """The right foot's load from ON to OFF; heel and toes are shares (n,) of it, the rest is ball."""
    t_s = np.arange(N) / 1000.0
    inside = (t_s >= ON) & (t_s < OFF)
    u = np.where(inside, load, 0.0)
    region = np.zeros((N, 2, 4))
    region[:, 1, Region.HEEL] = heel * u
    region[:, 1, Region.TOES] = toes * u + residual
    region[:, 1, Region.BALL] = u - heel * u - toes * u
    return _seen(region)


def _drawn(heel, ball, weighed=None):
    """The right foot's heel and ball, (n,) in body weights."""
    region = np.zeros((N, 2, 4))
    region[:, 1, Region.HEEL], region[:, 1, Region.BALL] = heel, ball
    return _seen(region, weighed)


def _seen(region, weighed=None):
    t_s = np.arange(N) / 1000.0
    force_n = BODY_WEIGHT_N * np.column_stack((np.zeros(N), region[:, 1].sum(axis=1)))
    nowhere = np.full((N, 2), np.nan)
    lost = np.zeros(N, np.int64)
    frames = Frames(t_s, force_n, BODY_WEIGHT_N * region, nowhere, BODY_WEIGHT_N, 260.0)
    chunk = Chunk(frames, lost, 0.0, t_s[-1], 0, weighed)
    return View(History(BODY_WEIGHT_N, 260.0, chunks=(chunk,), newest_s=t_s[-1]), -5.0, t_s[-1])


PHASE = np.clip((np.arange(N) / 1000.0 - ON) / (OFF - ON), 0.0, 1.0)
HALF_SINE = 2.0 * np.sin(np.pi * PHASE)


def test_a_half_sine_on_the_ball():
    details = contact_details(_view(HALF_SINE), _contact())
    assert details.y_ic == pytest.approx(REGION_Y[Region.BALL])
    assert details.y_end == pytest.approx(REGION_Y[Region.BALL])
    assert details.toes_at_landing == details.toes_at_end == details.late_toe_share == 0.0
    assert details.peak_at == pytest.approx(0.5, abs=0.005)
    assert np.isnan(details.heel_lead_s)
    # 20 and 80 % of 2.0 are at asin(0.2) / pi and asin(0.8) / pi of 0.25 s
    seconds = 0.25 * (np.arcsin(0.8) - np.arcsin(0.2)) / np.pi
    assert details.loading_rate_bw_s == pytest.approx(1.2 / seconds, rel=0.01)


def test_the_heel_before_the_ball():
    details = contact_details(_view(HALF_SINE, heel=np.where(PHASE < 0.08, 1.0, 0.3)), _contact())
    # the heel's 0.05 of 2.0 come at asin(0.025) / pi of 0.25 s, the ball's when the heel gives over at
    # 8 % of it
    lead_s = 0.25 * (0.08 - np.arcsin(0.025) / np.pi)
    assert details.heel_lead_s == pytest.approx(lead_s, abs=0.0015)
    assert details.y_ic < 0.333


def test_a_heel_that_bears_before_the_foot_is_on():
    """All weight on the heel at first, 0.01 body weights more each ms: the heel bears 0.05 when the foot
    is 1 ms from ON at 0.06, or later from an ON that is read late; the ball comes 12 ms after ON."""
    rise = np.clip(np.arange(N) - 1000.0 * ON + 6.0, 0.0, 100.0) / 100.0
    after_ms = np.arange(N) - 1000.0 * ON
    for late_ms in (0, 4):
        view = _drawn(np.where(after_ms < 12, rise, 0.5 * rise), np.where(after_ms < 12, 0.0, 0.5))
        details = contact_details(view, _contact(on_s=ON + 0.001 * late_ms))
        assert details.heel_lead_s == pytest.approx(0.013, abs=0.0008)


def test_a_ball_that_reads_too_little_while_it_carries_the_body_is_not_late_for_that():
    """The ball reads 0.9 of what it bears, here and where the person stood on it; it bears 0.002 body
    weights more each ms from 5 ms after ON, so 0.05 at 30 ms."""
    after_ms = np.arange(N) - 1000.0 * ON
    heel = np.where((after_ms >= 0) & (after_ms < 200), 0.2, 0.0)
    ball = np.clip(0.002 * (after_ms - 5.0), 0.0, 0.3)
    stood = np.array([[100.0, 0.0], [81.0, 100.0], [90.0, 0.0]])
    weighed = np.stack((np.zeros((3, 2)), *[stood] * N), axis=1)
    for read in (1.0, 0.9):
        view = _drawn(heel, read * ball, None if read == 1.0 else weighed)
        lead_s = contact_details(view, _contact()).heel_lead_s
        assert lead_s == pytest.approx(0.030, abs=0.0011)


def test_toes_at_both_ends():
    toes = np.where(PHASE < 0.2, 0.6, np.where(PHASE > 0.6, 0.5, 0.0))
    details = contact_details(_view(HALF_SINE, toes=toes), _contact())
    assert details.toes_at_landing == pytest.approx(0.6)
    assert details.toes_at_end == pytest.approx(0.5)
    assert details.late_toe_share == pytest.approx(0.5)


def test_what_the_toes_still_read_from_before_is_no_landing_on_them():
    plain = contact_details(_view(HALF_SINE), _contact())
    kept = contact_details(_view(HALF_SINE, residual=0.05), _contact())
    assert kept.toes_at_landing == pytest.approx(0.0, abs=1e-9)
    assert kept.y_ic == pytest.approx(plain.y_ic)


def test_an_impact_gives_the_loading_rate():
    impact = 1.4 * np.exp(-0.5 * ((np.arange(N) / 1000.0 - ON - 0.03) / 0.008) ** 2)
    details = contact_details(_view(HALF_SINE + impact), _contact())
    assert details.loading_rate_bw_s > 60.0
    assert details.peak_at > 0.05


def test_what_nobody_saw_is_not_known():
    gone = contact_details(_view(HALF_SINE), _contact(on_s=-9.0, off_s=-8.5))
    assert np.isnan([gone.y_ic, gone.toes_at_landing, gone.y_end, gone.toes_at_end]).all()
    assert np.isnan([gone.peak_at, gone.late_toe_share, gone.heel_lead_s]).all()
    assert np.isnan(gone.loading_rate_bw_s)
    begun = contact_details(_view(HALF_SINE), _contact(on_s=None))
    assert np.isnan(begun.y_ic)
    assert begun.y_end == pytest.approx(REGION_Y[Region.BALL])
    light = contact_details(_view(0.01 * HALF_SINE), _contact("tap", peak=14.0))
    assert np.isnan(light.y_ic)


@pytest.mark.parametrize(
    ("share", "ms", "grade"),
    [(0.2, 20, "none"), (0.2, 60, "kiss"), (0.3, 60, "load"), (0.08, 90, "none")],
)
def test_a_stretch_of_support_is_graded_as_contacts_are(share, ms, grade):
    t_s = np.arange(N) / 1000.0
    heel = np.where((t_s >= 0.4) & (t_s < 0.4 + ms / 1000.0), share, 0.0)
    found = heel_over(_view(np.ones(N), heel=heel), Foot.RIGHT, ON, OFF)
    assert found is not None
    assert found[0] == grade
    assert found[1] == pytest.approx(share)
