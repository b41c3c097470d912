# SPDX-License-Identifier: GPL-3.0-or-later
"""A person of 70 kg whose true loads can be had for any drill."""

import numpy as np
import pytest

from rig.layout import Foot
from rig.simulate.body import BLOCK_SAMPLES, Body, Subject, join_loads
from rig.simulate.truth import find_truth

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


@pytest.fixture
def truth_of():
    """The dense truth of a motion, its clock that of the body."""

    def truth(
        motion,
        seed=1,
        seconds=20,
        working=Foot.RIGHT,
        behaviour=(),
        body_weight_n=BODY_WEIGHT_N,
    ):
        subject = Subject(seed, body_weight_n, 265.0, working)
        body = Body(subject, motion, behaviour=behaviour)
        loads = join_loads([body.next_block() for _ in range(0, seconds * 1000, BLOCK_SAMPLES)])
        t_s = np.arange(len(loads)) / 1000.0
        return find_truth(t_s, loads, motion, working, body_weight_n, subject.field)

    return truth
