# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts of loads made by hand."""

import numpy as np
import pytest

from rig.calibrate.calibration import Calibration
from rig.contact.contact_stage import contact_stage, contact_state, finish_contacts
from rig.contact.rules import contact_rules
from rig.settings import DrillSettings, Participant

BODY_WEIGHT_N = 700.0


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
def contacts_of():
    return run_contacts


@pytest.fixture(scope="session")
def right_foot(loads_of):
    """Loads where only the right foot bears anything; `residual_n` lies on top throughout."""

    def make(t_s, force_n, heel_n=None, **more):
        both = np.column_stack((np.zeros(len(t_s)), force_n))
        heel = None if heel_n is None else np.column_stack((np.zeros(len(t_s)), heel_n))
        return loads_of(t_s, both, heel, **more)

    return make
