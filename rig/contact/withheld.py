# SPDX-License-Identifier: GPL-3.0-or-later
"""Times that a slow mat must not give."""

from __future__ import annotations

from dataclasses import replace

from rig.calibrate.mat_force import SLOW_RATE_HZ
from rig.calibrate.mat_force_block import AnyForceBlock
from rig.contact.results import Contact
from rig.wire.packets import RigKind


def times_withheld(force: AnyForceBlock) -> bool:
    """These frames come from a mat of less than 100 scans a second."""
    hello = force.segment.hello
    return hello.rig_kind == RigKind.MAT and hello.scan_rate_hz < SLOW_RATE_HZ


def without_times(contact: Contact) -> Contact:
    """A contact whose ON and OFF are not told; what was measured over it stays."""
    return replace(contact, on_s=None, off_s=None)
