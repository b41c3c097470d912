# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills fed with feet drawn by hand, through the contact stage that feeds them in earnest."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import ForceBlock
from rig.contact.contact_stage import contact_stage, contact_state, finish_contacts
from rig.contact.results import LoadBlock
from rig.contact.rules import contact_rules
from rig.drills.engine import drill_stage, drill_state, finish_drill
from rig.settings import DrillSettings, Participant
from rig.wire.frames import Segment, SegmentCause
from rig.wire.packets import Hello

BODY_WEIGHT_N = 700.0
HELLO = Hello(1, 0, 0, 1, 0, 1, 7, 1, 1, 1, 1000, 32, 10, 1024, 1000, 1650, 10**6, 0, 0, 1, 0)


def make_loads(t_s, foot_n, heel_n):
    n = len(t_s)
    region_n = np.zeros((n, 2, 4))
    region_n[..., 0] = heel_n
    region_n[..., 2] = foot_n - heel_n
    total = foot_n.sum(axis=1)
    share = np.full(n, np.nan)
    np.divide(foot_n[:, 0], total, out=share, where=total > 0.2 * BODY_WEIGHT_N)
    number = np.arange(n)
    force = ForceBlock(
        segment=Segment(0, HELLO, SegmentCause.FIRST, clock_continues=False),
        t_s=t_s,
        frame_number=number,
        end_offset=54 * (number + 1),
        pad_force_n=np.zeros((n, 2, 16)),
        flags=np.zeros(n, np.uint32),
        lost_before=np.zeros(n, np.int64),
    )
    return LoadBlock(
        force, foot_n, region_n, np.full((n, 2, 2), np.nan), np.full((n, 2), np.nan), share
    )


def _part(loads, part):
    force = loads.force
    arrays = {
        f.name: getattr(force, f.name)[part]
        for f in dataclasses.fields(force)
        if f.name != "segment"
    }
    return LoadBlock(
        ForceBlock(segment=force.segment, **arrays),
        loads.foot_force_n[part],
        loads.region_force_n[part],
        loads.foot_cop_mm[part],
        loads.cop_mm[part],
        loads.share_left[part],
    )


@pytest.fixture(scope="session")
def perform():
    """(repetitions, results of each block) of a drill on foot forces in body weights.

    `left` and `right` are (n,) at 1,000 Hz; `heel_left` and `heel_right` lie within them.
    """

    def run(drill, left, right, side="right", heel_left=0.0, heel_right=0.0, cuts=()):
        n = len(left)
        heel_left, heel_right = np.full(n, heel_left), np.full(n, heel_right)
        foot_n = BODY_WEIGHT_N * np.column_stack((left, right))
        heel_n = BODY_WEIGHT_N * np.column_stack((heel_left, heel_right))
        loads = make_loads(np.arange(n) / 1000.0, foot_n, heel_n)
        person = Participant(body_weight_n=BODY_WEIGHT_N)
        settings = DrillSettings(drill, side)
        contacts = contact_state(contact_rules(person, Calibration(), settings))
        state, results = drill_state(settings, person), []
        for start, stop in pairwise(sorted({0, *cuts, n})):
            block = _part(loads, slice(start, stop))
            contacts, contact = contact_stage(contacts, block)
            state, result = drill_stage(state, block, contact)
            results.append(result)
        _, contact = finish_contacts(contacts)
        results.append(finish_drill(state, contact)[1])
        return [r for result in results for r in result.repetitions], results

    return run


@pytest.fixture(scope="session")
def steps():
    """A force that holds each value for its seconds, at 1,000 Hz: (seconds, body weights) pairs."""

    def make(*pieces):
        return np.concatenate([np.full(round(1000 * s), float(value)) for s, value in pieces])

    return make
