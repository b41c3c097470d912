# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills fed with feet drawn by hand, through the contact stage that feeds them in earnest."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.contact.contact_stage import contact_stage, contact_state, finish_contacts
from rig.contact.rules import contact_rules
from rig.drills.engine import drill_stage, drill_state, finish_drill
from rig.layout import Region
from rig.settings import DrillSettings, Participant
from rig.thresholds import DEFAULT_THRESHOLDS

BODY_WEIGHT_N = 700.0


@pytest.fixture(scope="session")
def perform(loads_of, cut):
    """(repetitions, results of each block) of a drill on foot forces in body weights.

    `left` and `right` are (n,) at 1,000 Hz; heels and toes lie within them. `keep`
    are the frames that came through, `lost` how many were lost before each of those.
    """

    def run(
        drill,
        left,
        right,
        side="right",
        heel_left=0.0,
        heel_right=0.0,
        cuts=(),
        toes_left=0.0,
        toes_right=0.0,
        lost=None,
        keep=None,
        thresholds=DEFAULT_THRESHOLDS,
    ):
        n = len(left)
        heel_left, heel_right = np.full(n, heel_left), np.full(n, heel_right)
        toes_n = BODY_WEIGHT_N * np.column_stack((np.full(n, toes_left), np.full(n, toes_right)))
        foot_n = BODY_WEIGHT_N * np.column_stack((left, right))
        heel_n = BODY_WEIGHT_N * np.column_stack((heel_left, heel_right))
        keep = np.arange(n) if keep is None else keep
        loads = loads_of(keep / 1000.0, foot_n[keep], heel_n[keep], lost=lost)
        loads.region_force_n[..., Region.BALL] -= toes_n[keep]
        loads.region_force_n[..., Region.TOES] += toes_n[keep]
        n = len(keep)
        person = Participant(body_weight_n=BODY_WEIGHT_N)
        settings = DrillSettings(drill, side, thresholds)
        contacts = contact_state(contact_rules(person, Calibration(), settings))
        state, results = drill_state(settings, person), []
        for block in cut(loads, sorted({0, *cuts, n})):
            contacts, contact = contact_stage(contacts, block)
            state, result = drill_stage(state, block, contact)
            results.append(result)
        _, contact = finish_contacts(contacts)
        results.append(finish_drill(state, contact)[1])
        return [r for result in results for r in result.repetitions], results

    return run


@pytest.fixture(scope="session")
def wander():
    """(left, right, heel) in no order at all: shifts, lifts, taps and hops; heel is a part of each."""

    def make(seed, n=9000):
        rng = np.random.default_rng(seed)
        left = np.zeros(n)
        total = np.zeros(n)
        at = 0
        while at < n:
            length = int(rng.choice([60, 150, 300, 900, 2500]))
            left[at : at + length] = rng.choice([0.0, 0.02, 0.08, 0.5, 0.9, 0.98, 1.0])
            total[at : at + length] = rng.choice([0.0, 1.0, 1.0, 1.0, 2.2])
            at += length
        kernel = np.ones(25) / 25.0
        left, total = np.convolve(left, kernel, "same"), np.convolve(total, kernel, "same")
        heel = np.clip(np.sin(np.arange(n) / 300.0), 0.0, 1.0) * 0.4
        return left * total, (1.0 - left) * total, heel

    return make


@pytest.fixture(scope="session")
def steps():
    """A force that holds each value for its seconds, at 1,000 Hz: (seconds, body weights) pairs."""

    def make(*pieces):
        return np.concatenate([np.full(round(1000 * s), float(value)) for s, value in pieces])

    return make
