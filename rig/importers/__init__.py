# SPDX-License-Identifier: GPL-3.0-or-later
"""Other makers' sensors through our contact and CoP code."""

from rig.importers.fscan import read_fscan
from rig.importers.gaitpdb import read_gaitpdb
from rig.importers.loads import FoundContacts, contacts_of, load_block
from rig.importers.pedar import read_pedar
from rig.importers.sensor_forces import SensorForces

__all__ = [
    "FoundContacts",
    "SensorForces",
    "contacts_of",
    "load_block",
    "read_fscan",
    "read_gaitpdb",
    "read_pedar",
]
