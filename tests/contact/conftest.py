# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads made by hand: foot forces in, LoadBlocks out, whole or cut."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import ForceBlock
from rig.contact.contact_stage import contact_stage, contact_state, finish_contacts
from rig.contact.results import LoadBlock
from rig.contact.rules import contact_rules
from rig.settings import DrillSettings, Participant
from rig.wire.frames import Segment, SegmentCause
from rig.wire.packets import Hello

BODY_WEIGHT_N = 700.0
HELLO = Hello(1, 0, 0, 1, 0, 1, 7, 1, 1, 1, 1000, 32, 10, 1024, 1000, 1650, 10**6, 0, 0, 1, 0)


def make_loads(t_s, foot_n, heel_n=None, lost=None, flags=None, index=0, rate_hz=1000):
    """Loads of both feet: what is not heel lies on the ball."""
    n = len(t_s)
    foot_n = np.asarray(foot_n, np.float64)
    heel_n = np.zeros((n, 2)) if heel_n is None else np.asarray(heel_n, np.float64)
    region_n = np.zeros((n, 2, 4))
    region_n[..., 0] = heel_n
    region_n[..., 2] = foot_n - heel_n
    total = foot_n.sum(axis=1)
    share = np.full(n, np.nan)
    np.divide(foot_n[:, 0], total, out=share, where=total > 0.2 * BODY_WEIGHT_N)
    segment = Segment(
        index,
        dataclasses.replace(HELLO, scan_rate_hz=rate_hz),
        SegmentCause.HELLO,
        clock_continues=False,
    )
    force = ForceBlock(
        segment=segment,
        t_s=np.asarray(t_s, np.float64),
        frame_number=np.arange(n),
        end_offset=54 * np.arange(1, n + 1),
        pad_force_n=np.zeros((n, 2, 16)),
        flags=np.zeros(n, np.uint32) if flags is None else flags,
        lost_before=np.zeros(n, np.int64) if lost is None else np.asarray(lost, np.int64),
    )
    nan = np.full((n, 2), np.nan)
    return LoadBlock(force, foot_n, region_n, np.full((n, 2, 2), np.nan), nan, share)


def cut_loads(loads, bounds):
    """The same frames in several blocks."""
    force = loads.force
    for start, stop in pairwise(bounds):
        part = slice(start, stop)
        arrays = {
            f.name: getattr(force, f.name)[part]
            for f in dataclasses.fields(force)
            if f.name != "segment"
        }
        yield LoadBlock(
            ForceBlock(segment=force.segment, **arrays),
            loads.foot_force_n[part],
            loads.region_force_n[part],
            loads.foot_cop_mm[part],
            loads.cop_mm[part],
            loads.share_left[part],
        )


def run_contacts(blocks, drill="hopping", side="right", weight_n=BODY_WEIGHT_N, noise_n=(0.0, 0.0)):
    """(contacts, events, results of each block, the final one last)."""
    rules = contact_rules(
        Participant(body_weight_n=weight_n),
        Calibration(unloaded_noise_n=noise_n),
        DrillSettings(drill, side),
    )
    state, results = contact_state(rules), []
    for block in blocks:
        state, result = contact_stage(state, block)
        results.append(result)
    results.append(finish_contacts(state)[1])
    contacts = [c for r in results for c in r.contacts]
    events = [e for r in results for e in r.events]
    return contacts, events, results


@pytest.fixture(scope="session")
def loads_of():
    return make_loads


@pytest.fixture(scope="session")
def cut():
    return cut_loads


@pytest.fixture(scope="session")
def contacts_of():
    return run_contacts


@pytest.fixture(scope="session")
def right_foot():
    """Loads where only the right foot bears anything; `residual_n` lies on top throughout."""

    def make(t_s, force_n, heel_n=None, **more):
        both = np.column_stack((np.zeros(len(t_s)), force_n))
        heel = None if heel_n is None else np.column_stack((np.zeros(len(t_s)), heel_n))
        return make_loads(t_s, both, heel, **more)

    return make
