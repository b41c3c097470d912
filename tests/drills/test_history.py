# SPDX-License-Identifier: GPL-3.0-or-later
"""What a judgement sees of the last seconds, whatever blocks they came in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.contact.results import ContactResult
from rig.drills.history import HISTORY_S, History
from rig.layout import Foot, Region

N = 9000
BODY_WEIGHT_N = 700.0
NO_CONTACT = ContactResult(
    (), (), np.zeros(2, bool), np.zeros(2, bool), np.zeros(2, bool), ("none", "none")
)


@pytest.fixture(scope="module")
def frames(loads_of):
    """Nine seconds: the weight wanders, a frame was lost now and then."""
    rng = np.random.default_rng(5)
    left = 0.5 + 0.45 * np.sin(np.arange(N) / 180.0)
    foot_n = BODY_WEIGHT_N * np.column_stack((1.06 * left, 0.95 * (1.0 - left)))
    foot_n[2000:2300] = 0.0
    lost = (rng.random(N) < 0.002).astype(np.int64)
    return loads_of(np.arange(N) / 1000.0, foot_n, 0.2 * foot_n, lost=lost)


def _history(frames, cut, cuts, until):
    history = History(BODY_WEIGHT_N, 260.0, weighs=True)
    for block in cut(frames, sorted({0, *(c for c in cuts if c < until), until})):
        history = history.with_block(block, NO_CONTACT).trimmed()
    return history


def _columns(seen):
    rules = [
        column
        for foot in Foot
        for column in (seen.u(foot), seen.share(foot), seen.region(foot, Region.HEEL))
    ]
    moments = [seen.moment(0, min(20, len(seen)), foot) for foot in Foot]
    return [seen.t_s, seen.force_n, seen.region_n, seen.cop_ap_mm, *rules, moments]


@given(data=st.data())
def test_cuts_change_nothing_of_what_is_seen(frames, cut, data):
    cuts = data.draw(st.lists(st.integers(1, N - 1), max_size=40), label="cuts")
    at = data.draw(st.integers(1, N - 300), label="from where frame by frame")
    until = data.draw(st.integers(7000, N), label="frames so far")
    whole = _history(frames, cut, (), until).view(until / 1000.0 - 0.3, 4.0)
    parts = _history(frames, cut, [*cuts, *range(at, at + 200)], until).view(
        until / 1000.0 - 0.3, 4.0
    )
    from_s = data.draw(st.floats(1.0, 9.0), label="from")
    to_s = from_s + data.draw(st.floats(0.0, 3.0), label="for")
    for beyond in (0, 2):
        seen, seen_whole = parts.stretch(from_s, to_s, beyond), whole.stretch(from_s, to_s, beyond)
        for column, column_whole in zip(_columns(seen), _columns(seen_whole), strict=True):
            np.testing.assert_array_equal(column, column_whole)
    assert parts.scales() == whole.scales()
    assert parts.lost(from_s, to_s) == whole.lost(from_s, to_s)
    assert parts.last_s() == whole.last_s()


def test_a_view_ends_where_it_was_due_and_begins_where_it_looks_back_to(frames, cut):
    view = _history(frames, cut, (), N).view(8.0, 2.0)
    seen = view.stretch(6.0, 9.0)
    assert (seen.t_s[0], seen.t_s[-1]) == (6.0, 8.0)
    assert view.last_s() == 8.0
    assert len(view.stretch(5.999, 7.0)) == 0
    assert view.stretch(6.5, 6.6, beyond=1).t_s[-1] == pytest.approx(6.6)


def test_what_is_older_than_a_judgement_sees_is_let_go(frames, cut):
    history = _history(frames, cut, range(100, N, 100), N)
    assert N / 1000.0 - HISTORY_S - 1.0 < history.chunks[0].first_s <= N / 1000.0 - HISTORY_S
    assert len(history.chunks) < 20


def test_feet_that_read_too_much_and_too_little_are_scaled_back(frames, cut):
    view = _history(frames, cut, (), N).view(9.0)
    assert view.scales() == pytest.approx((1.0 / 1.06, 1.0 / 0.95))


def test_a_share_is_undefined_where_nobody_stands(frames, cut):
    view = _history(frames, cut, (), 2500).view(2.5)
    share = view.stretch(1.0, 2.5).share(Foot.LEFT)
    assert np.isnan(share[1000:1300]).all()
    assert share[0] == pytest.approx(1.06 * 0.5 / (1.06 * 0.5 + 0.95 * 0.5), abs=0.5)
