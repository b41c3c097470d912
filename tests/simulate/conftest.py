# SPDX-License-Identifier: GPL-3.0-or-later
"""A person of 70 kg whose true loads can be had for any drill."""

import pytest

from rig.layout import Foot
from rig.simulate.body import BLOCK_SAMPLES, Body, Subject, join_loads

BODY_WEIGHT_N = 70.0 * 9.80665


@pytest.fixture
def body_weight_n():
    return BODY_WEIGHT_N


@pytest.fixture
def loads_of():
    def loads(drill, seed=1, seconds=20, working=Foot.RIGHT):
        body = Body(Subject(seed, BODY_WEIGHT_N, 265.0, working), drill)
        blocks = range(0, seconds * 1000, BLOCK_SAMPLES)
        return join_loads([body.next_block() for _ in blocks])

    return loads


@pytest.fixture
def subject():
    return Subject(1, BODY_WEIGHT_N, 265.0, Foot.RIGHT)
