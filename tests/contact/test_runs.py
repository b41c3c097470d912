# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of true values, against a look at each value."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rig.contact.runs import Runs


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_neighbours_of_every_place(values):
    runs, n = Runs(np.array(values)), len(values)
    for at in range(n):
        later = [k for k in range(at, n) if values[k]]
        assert runs.next(at) == (later[0] if later else n)
    for at in range(n + 1):
        earlier = [k for k in range(at) if values[k]]
        assert runs.before(at) == (earlier[-1] if earlier else -1)


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any))
def test_a_run_ends_where_its_values_do(values):
    runs = Runs(np.array(values))
    for at in np.flatnonzero(values):
        after = [k for k in range(at, len(values)) if not values[k]]
        assert runs.end(int(at)) == (after[0] if after else len(values))
